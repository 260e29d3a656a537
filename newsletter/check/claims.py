"""What a sentence makes of its source: words in quotation marks, certainty, and yes for no."""

import re
from collections.abc import Iterator

from newsletter.check.alignment import Origin
from newsletter.check.certainty_words import STRONG
from newsletter.check.finding import HIGH, LOW, MEDIUM, FindingValue, about
from newsletter.check.hedges import lost_hedge
from newsletter.check.negation import ANY_NOT, NOT
from newsletter.check.polarity import contradicted
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence, counterpart
from newsletter.check.values import ArticleValue
from newsletter.lexicon import fold
from newsletter.sentences import split_sentences

_QUOTES = {"en": re.compile(r"“([^”]+)”|\"([^\"]+)\""), "zh": re.compile(r"“([^”]+)”|「([^」]+)」|\"([^\"]+)\"")}
_IN_COMMON = 3  # content words that a sentence of a source shares with what it may bear out
_CLAUSES = re.compile(r"[^，；,;]+[，；,;]?")
_ANY_QUOTE = re.compile(r"[“”\"‘「」『』]|(?<!\w)'")
_SPOKEN = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|told|tells|call|called|calls|calling|wrote|writes|describ\w+|according|added|adds|warn\w*|argu\w+)\b"
    r"|表示|称|说|指出|认为|强调|坦言|直言|透露|写道|回应|警告|评论|形容",
    re.A,
)
_ENOUGH = {"en": (3, 5), "zh": (5, 8)}  # words or characters of a quotation: where someone speaks, and elsewhere


def check_claims(reading: Reading) -> Iterator[FindingValue]:
    """`quotation` and `certainty`."""
    for sentence in (*reading.claims, *reading.headlines):
        sources = reading.sources(sentence)
        if not sources or (sentence.is_title and sentence.block.kind in ("qa", "main_line", "comparison")):
            continue
        yield from _quotations(reading, sentence)
        yield from _strong_words(reading, sentence)
        origin = reading.origin(sentence)
        if origin:
            yield from _against_origin(reading, sentence, origin)
        if other := contradicted(sentence.plain, sentence.tongue, sources):
            yield _opposite(sentence, f"{about(other[0])} {other[1]}")


def _finding(sentence: Sentence, kind: str, severity: str, en: str, zh: str, evidence: str) -> FindingValue:
    return FindingValue(sentence.block.id, sentence.lang, sentence.text, kind, severity, en, zh, evidence)


def _quotations(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """Quoted words that no cited article in the sentence's language has."""
    sources = reading.sources(sentence)
    if not any(article.lang == sentence.tongue for article in sources) and _other_half_quotes(sentence):
        return  # a translated quotation: only a reader of both can judge
    texts = [_letters(whole(article)) for article in sources]
    spoken = bool(_SPOKEN.search(sentence.plain))
    for match in _QUOTES[sentence.tongue].finditer(sentence.plain):
        quote = next(group for group in match.groups() if group)
        size = len(quote.split()) if sentence.tongue == "en" else len(_letters(quote))
        if size < _ENOUGH[sentence.tongue][0 if spoken else 1]:
            continue
        parts = [_letters(part) for part in re.split(r"…+|\.{3}|\[[^\]]*\]", quote)]
        if not any(all(part in text for part in parts) for text in texts):
            yield _finding(
                *(sentence, "quotation", HIGH if spoken else MEDIUM),
                f"Quotation not in source: nobody there says “{quote}”.",
                f"引语无出处：信源里没有“{quote}”这句话。",
                f"{about(sources[0])} {sources[0].title}",
            )


def _other_half_quotes(sentence: Sentence) -> bool:
    """Whether the other language quotes anything there: a translated block does where this one does."""
    if sentence.block.parity != "translated":
        return True
    return bool(_ANY_QUOTE.search(counterpart(sentence)))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _strong_words(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """Rank or certainty that no cited article claims."""
    sources = reading.sources(sentence)
    for said, known in STRONG:
        match = said.search(sentence.plain)
        if match and not any(_bears_out(reading, sentence, match.group(), known, article) for article in sources):
            yield _finding(
                *(sentence, "certainty", MEDIUM if any(a.text for a in sources) else LOW),
                f"Stronger than its source: “{match.group()}” is not in {_marks(sentence) or 'its sources'}.",
                f"说得比信源绝对：{_marks(sentence) or '来源'}里没有“{match.group()}”。",
                f"{about(sources[0])} {sources[0].title}",
            )


def _bears_out(
    reading: Reading, sentence: Sentence, words: str, known: re.Pattern[str], article: ArticleValue
) -> bool:
    """The article claims as much of the matter, or has the very words somewhere."""
    if known.search(_about_it(reading, sentence, article)):
        return True
    return fold(words) in reading.folded(whole(article))


def _about_it(reading: Reading, sentence: Sentence, article: ArticleValue) -> str:
    """What an article says of the sentence's matter: its headline, and the sentences with words in common.

    All of it where it is in the other language.
    """
    if article.lang != sentence.tongue:
        return whole(article)
    said = reading.words(sentence.plain)
    texts = split_sentences(article.text, article.lang)
    return "\n".join([article.title, *(text for text in texts if len(said & reading.words(text)) >= _IN_COMMON)])


def _marks(sentence: Sentence) -> str:
    return "".join(f"[{n}]" for n in sentence.cited)


def _against_origin(reading: Reading, sentence: Sentence, origin: Origin) -> Iterator[FindingValue]:
    """The source hedges what the sentence asserts, or says no where it says yes."""
    evidence = f"{about(origin.article)} {origin.text}"
    no, any_no = NOT[sentence.tongue], ANY_NOT[sentence.tongue]
    same_words = origin.covered >= 0.9 and origin.covers >= 0.9
    turned = same_words and len(no.findall(sentence.plain)) != len(no.findall(origin.text))
    added = no.search(sentence.plain) and not any_no.search(origin.text)
    lost = no.search(origin.text) and not any_no.search(sentence.plain) and origin.covers >= 0.75
    if turned or (origin.covered >= 0.75 and (added or lost)):
        yield _opposite(sentence, evidence)
    hedge = lost_hedge(sentence.plain, origin.text)
    if hedge is None or _is_elsewhere(reading, sentence, origin.text, hedge):
        return
    if origin.covered >= 0.6 and (origin.covers >= 0.5 or _tells_clause(reading, sentence, origin.text, hedge)):
        yield _finding(
            *(sentence, "certainty", MEDIUM, f"More certain than its source, which says “{hedge.group()}”."),
            *(f"说得比信源肯定：信源用的是“{hedge.group()}”。", evidence),
        )


def _opposite(sentence: Sentence, evidence: str) -> FindingValue:
    en, zh = "Says the opposite of its source.", "与信源的意思相反。"
    return _finding(sentence, "certainty", HIGH, en, zh, evidence)


def _tells_clause(reading: Reading, sentence: Sentence, text: str, hedge: re.Match[str]) -> bool:
    """Whether the sentence tells most of the clause that the source hedges, and leaves out the others."""
    words = _hedged_clause(reading, text, hedge)
    common = words & reading.words(sentence.plain)
    return len(common) > _IN_COMMON and 2 * len(common) >= len(words)


def _hedged_clause(reading: Reading, text: str, hedge: re.Match[str]) -> frozenset[str]:
    clause = next(c for c in _CLAUSES.finditer(text) if c.start() <= hedge.start() < c.end()).group()
    return reading.words(clause.replace(hedge.group(), " "))


def _is_elsewhere(reading: Reading, sentence: Sentence, text: str, hedge: re.Match[str]) -> bool:
    """Whether the source hedges a clause that the sentence leaves out: IPO 过会 of "IPO 过会，拟募资 42 亿元"."""
    words = _hedged_clause(reading, text, hedge)
    return len(words) >= _IN_COMMON - 1 and words.isdisjoint(reading.words(sentence.plain))
