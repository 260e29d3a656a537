"""Who did it to whom: `roles`."""

import re
from collections.abc import Iterator

from newsletter.check.finding import HIGH, FindingValue, about
from newsletter.check.latin import latin_names
from newsletter.check.reading import Reading
from newsletter.check.sentence import Sentence
from newsletter.check.values import ArticleValue
from newsletter.lexicon import fold
from newsletter.sentences import split_sentences

# One deed a line, in both languages; what stands before is the doer, what stands after it is done to.
_DEEDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I | re.A))
    for name, pattern in (
        ("acquire", r"\b(?:acquir(?:e|es|ed|ing)|buys?|bought|buying|purchas(?:e|es|ed|ing))\b|收购|买下|并购"),
        ("sue", r"\b(?:sues?|sued|suing)\b|起诉|状告|控告"),
        (
            "invest",
            r"\b(?:invest(?:s|ed|ing)? (?:\S+ ){0,4}in|back(?:s|ed|ing)"
            r"|(?:put|pour|inject)(?:s|ed|ing|ting)? (?:\S+ ){1,5}into)\b|投资|入股|领投|注资",
        ),
        (
            "accuse",
            r"\b(?:accus(?:e|es|ed|ing)|criticiz(?:es|ed)|criticis(?:es|ed)|slams?|slammed)\b|指控|指责|批评|抨击",
        ),
        (
            "surpass",
            r"\b(?:surpass(?:es|ed)?|overtakes?|overtook|outperforms?|outperformed|beats?)\b|超越|超过|击败|反超|赶超",
        ),
        ("ban", r"\b(?:bans?|banned|blocks?|blocked|fines?|fined|blacklist(?:s|ed))\b|封禁|禁用|罚款|处罚|拉黑"),
        ("hire", r"\b(?:hires?|hired|poach(?:es|ed)?)\b|聘请|聘用|挖走|挖角"),
        ("replace", r"\b(?:replac(?:es|ed|ing)|ousts?|ousted)\b|取代|替代"),
        ("supply", r"\b(?:suppl(?:ies|ied)|sells? (?:\S+ ){0,3}to|sold (?:\S+ ){0,3}to)\b|供应|供货"),
        ("license", r"\b(?:licens(?:es|ed))\b|授权给"),
    )
)
_CLAUSE = re.compile(r"[;；。!?！？]")
_PASSIVE_EN = re.compile(r"\b(?:is|was|were|are|be|been|being|get|gets|got)\b(?:\s\w+){0,2}\s*$", re.I)
_TOWARDS = re.compile(r"[向对](?:[^，。；]{0,8}\s)?$")  # A 向 B 投资: whom it is done to stands before the deed
_AT_SOMEBODY = frozenset({"invest", "sue", "accuse", "ban", "supply", "license"})
_REACH = 45  # characters between a name and the deed
Triple = tuple[str, str, str]


def check_roles(reading: Reading) -> Iterator[FindingValue]:
    """`roles`: the sentence has A do to B what its source has B do to A."""
    known: dict[ArticleValue, dict[Triple, str]] = {}
    for sentence in (*reading.claims, *reading.headlines):
        said = dict(deeds(reading, sentence.plain))
        if not said:
            continue
        told: dict[Triple, str] = {}
        for article in reading.sources(sentence):
            if article not in known:
                known[article] = _told_by(reading, f"{article.title}\n\n{article.text}", article.lang)
            told |= {triple: f"{about(article)} {text}" for triple, text in known[article].items()}
        yield from _reversed(sentence, said, told)


def _told_by(reading: Reading, text: str, lang: str) -> dict[Triple, str]:
    return {triple: s for s in split_sentences(text, lang) for triple, _ in deeds(reading, s, far=True)}


def _reversed(sentence: Sentence, said: dict[Triple, str], told: dict[Triple, str]) -> Iterator[FindingValue]:
    for (doer, deed, other), words in said.items():
        if (other, deed, doer) in told and (doer, deed, other) not in told:
            yield FindingValue(
                *(sentence.block.id, sentence.lang, sentence.text, "roles", HIGH),
                f"Reversed: “{words}”; in the source it is the other way round.",
                f"主客颠倒：“{words}”，信源里正好相反。",
                told[other, deed, doer],
            )


def deeds(reading: Reading, text: str, *, far: bool = False) -> Iterator[tuple[Triple, str]]:
    """Who does what to whom in one sentence, with the words that say it.

    `far`: whoever is named behind the deed may be meant, as in "buys, from Affleck, InterPositive".
    """
    names = _named(reading, text)
    for deed, pattern in _DEEDS:
        for match in pattern.finditer(text):
            before = [n for n in names if n[1] <= match.start() and _near(text, n[1], match.start())]
            after = [n for n in names if n[0] >= match.end() and _near(text, match.end(), n[0])]
            if not before:
                continue
            passive = _PASSIVE_EN.search(text[max(0, match.start() - 30) : match.start()])
            if len(before) > 1 and "被" in text[before[-2][1] : before[-1][0]]:
                yield (before[-1][2], deed, before[-2][2]), text[before[-2][0] : match.end()]
            elif len(before) > 1 and deed in _AT_SOMEBODY and _TOWARDS.search(text[before[-2][1] : before[-1][0]]):
                yield (before[-2][2], deed, before[-1][2]), text[before[-2][0] : match.end()]
            elif after and after[0][2] != before[-1][2]:
                doer, other = before[-1][2], after[0][2]
                if passive and re.match(r"\s*by\b", text[match.end() :]):
                    doer, other = other, doer
                elif passive:
                    continue
                yield (doer, deed, other), text[before[-1][0] : after[0][1]]
                if far and not passive:
                    yield from (
                        ((doer, deed, n[2]), text[before[-1][0] : n[1]])
                        for n in after[1:]
                        if n[2] not in (doer, other)
                    )


def _near(text: str, start: int, end: int) -> bool:
    return end - start <= _REACH and not _CLAUSE.search(text[start:end])


def _named(reading: Reading, text: str) -> list[tuple[int, int, str]]:
    """Start, end and key of each name in the text: the lexicon's, then other Latin ones."""
    found = [
        (m.start, m.end, m.name.en[0])
        for m in reading.mentions(text)
        if m.name.kind not in ("place", "product", "model")
    ]
    for name in latin_names(reading.without_names(text), "zh"):
        if name.start or name.codes:
            found.append((name.start, name.start + len(name.text), fold(name.parts[0])))
    return sorted(found)
