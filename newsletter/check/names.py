"""Every name of a sentence stands in the articles it cites, in either language."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from newsletter.check.figures import named
from newsletter.check.finding import HIGH, MEDIUM, FindingValue, about
from newsletter.check.latin import LatinName, latin_names
from newsletter.check.peoples import speaks_for
from newsletter.check.persons import unknown_persons
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.check.values import ArticleValue
from newsletter.lexicon import Name, fold

# Named to say where a speaker stands ("Beijing time", "US media"), not as a fact from a source.
_STANDPOINTS = frozenset({"China", "Beijing", "United States", "Washington"})
_GENERAL = frozenset(
    str.split("labs group technology technologies research intelligence systems robotics cloud bank capital security")
    + str.split(
        "international university institute national electronics motors holdings semiconductor machines studio"
    )
    + str.split("code search chat pro mini plus ultra flash turbo max super lite nano preview model models agent")
)
_TELLING = 5  # letters of a name that may be looked for in other articles
_SAYS_NOTHING = re.compile(
    r"\b(?:not|never|nor)\b.{0,20}\b(?:nam(?:e|es|ed)|mention\w*|list(?:s|ed)?|appear|identif\w+)\b|\bdid it name\b"
    r"|\b(?:no mention of|without naming)\b|(?:没有|未|并未)(?:提到|提及|点名|列出|出现)|只字未提",
    re.I,
)


def check_names(reading: Reading) -> Iterator[FindingValue]:
    """`name` for each name that no cited article has: the lexicon's first, then Latin and Chinese ones by shape."""
    for sentence in (*reading.claims, *reading.headlines):
        sources = reading.sources(sentence)
        if sources:
            yield from _of_sentence(reading, sentence, sources)


def _of_sentence(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> Iterator[FindingValue]:
    if (sentence.is_title and sentence.block.kind == "qa") or _SAYS_NOTHING.search(sentence.plain):
        return  # the same four questions every day; what a report doesn't mention is not in it
    missing = unsupported_names(reading, sentence, sources)
    words = [_spelled(reading, sentence, name) for name in missing if name.kind != "place"]
    words += [each.text for each in unknown_latin(reading, sentence, sources)]
    words += list(unknown_persons(reading, sentence, sources))
    if words:
        yield _finding(sentence, sources, words, HIGH)
    elif places := [_spelled(reading, sentence, name) for name in missing if name.en[0] not in _STANDPOINTS]:
        yield _finding(sentence, sources, places, MEDIUM)


def unsupported_names(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> list[Name]:
    """The lexicon's names in the sentence that none of `sources` has under any of its spellings."""
    outlets = reading.outlet_spans(sentence.plain)
    said = dict.fromkeys(
        mention.name
        for mention in reading.mentions(sentence.plain)
        if not any(
            start <= mention.start and mention.end <= end
            for start, end in outlets
            if (start, end) != (mention.start, mention.end)
        )
    )
    if not said:
        return []
    texts = [whole(article) for article in sources]
    known = frozenset().union(*(reading.names(text) for text in texts))
    return [name for name in said if name not in known and not _spoken_for(reading, name, known, texts)]


def _spoken_for(reading: Reading, name: Name, known: frozenset[Name], texts: list[str]) -> bool:
    """Under another spelling, as an adjective ("Chinese"), or as a part or the whole of a name that is there."""
    folded = [reading.folded(text) for text in texts]
    if name.kind == "place" and any(speaks_for(name.en[0], text) for text in folded):
        return True
    if any(in_short(name, text) for text in texts):
        return True
    spellings = [fold(each) for each in (*name.en, *name.zh) if len(each) > 3 or not each.isascii()]
    if any(_stands_in(each, text) for each in spellings for text in folded):
        return True
    if any(short in text for short in short_forms(name) for text in folded):
        return True
    others = [fold(each) for other in known for each in (*other.en, *other.zh) if len(each) > 1]
    return any(is_part(a, b) or is_part(b, a) for a in spellings for b in others)


_OF_AN_OFFICE = re.compile(
    r" (?:Research|Cent(?:er|re)|Institute|of|Bank|Group|Technolog\w+|Holdings|Corporation|University|Department"
    r"|Foundation)\b"
)


def in_short(name: Name, text: str) -> bool:
    """A person by the family name; an office by the word before what says that it is one: the House, Pew, Penn."""
    english = name.en[0]
    if " " not in english:
        return False
    short = english.split()[-1] if name.kind == "person" else english.split()[0]
    if name.kind != "person" and (name.kind not in ("agency", "company") or not _OF_AN_OFFICE.search(english)):
        return False
    return len(short) > 2 and bool(re.search(rf"\b{re.escape(short)}\b", text))


_OF_A_FIRM = re.compile(
    "(?:网络|科技|集团|公司|股份|智能|机器人|汽车|电子|技术|信息|软件|控股|资本|创投|半导体|国际|中国|创新)+$"
)


def short_forms(name: Name) -> list[str]:
    """A Chinese firm without what says that it is one: 菜鸟 for 菜鸟网络, 晶晨 for 晶晨股份."""
    cut = (_OF_A_FIRM.sub("", each) for each in name.zh) if name.kind == "company" else ()
    return [fold(each) for each in cut if len(each) > 1 and not each.isascii()]


def _stands_in(spelling: str, text: str) -> bool:
    """As a word of its own where it is Latin, anywhere where it is Chinese."""
    if spelling not in text:
        return False
    return not spelling.isascii() or bool(re.search(rf"(?<![a-z0-9]){re.escape(spelling)}s?(?![a-z0-9])", text))


def is_part(short: str, long: str) -> bool:
    """ "alibaba" of "alibaba cloud", 阿里 of 阿里云; not "meta" of "metax"."""
    if short.isascii():
        return long.startswith(f"{short} ") or long.endswith(f" {short}")
    return len(short) > 1 and (long.startswith(short) or long.endswith(short))


@lru_cache(8_192)
def _telling_words(name: Name) -> frozenset[str]:
    return frozenset({word for word in fold(" ".join(name.en)).split() if len(word) > 3} - _GENERAL)


@lru_cache(8_192)
def _spellings(name: Name) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(each) for each in (*name.en, *name.zh)))


def same_family(one: Name, other: Name) -> bool:
    """Khosla Ventures and Vinod Khosla: a telling word of the one is in the other."""
    return bool(_telling_words(one) & _telling_words(other))


def is_spelled(name: Name, others: Iterable[Name], text: str) -> bool:
    """Whether a translation has the name after all: in another spelling, in short, as part of another name there."""
    folded = fold(text)
    own = (*_spellings(name), *(fold(each) for each in name.never))
    if in_short(name, text) or any(each in folded for each in own if len(each) > 2 or not each.isascii()):
        return True
    others = tuple(others)
    if any(same_family(name, other) for other in others) or any(short in folded for short in short_forms(name)):
        return True
    spelled = {each for other in others for each in _spellings(other)}
    return any(is_part(a, b) or is_part(b, a) for a in own for b in spelled)


def _spelled(reading: Reading, sentence: Sentence, name: Name) -> str:
    """As it stands in the sentence."""
    mention = next(m for m in reading.mentions(sentence.plain) if m.name == name)
    return sentence.plain[mention.start : mention.end]


def unknown_latin(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> Iterator[LatinName]:
    """Latin names outside the lexicon.

    A Chinese source may have the name in Chinese: then only such count as keep their letters, or stand in an article
    that the sentence doesn't cite.
    """
    translated = sentence.tongue == "en" and any(article.lang == "zh" for article in sources)
    texts = [reading.folded(whole(article)) for article in sources]
    outlets = [fold(outlet) for outlet in reading.outlets]
    for name in latin_names(reading.without_names(sentence.plain), sentence.tongue):
        if any(_holds(name, text) for text in texts) or any(fold(name.text) in each for each in outlets):
            continue
        if not translated or name.is_code or _stands_elsewhere(reading, name, sources):
            yield name


def _stands_elsewhere(reading: Reading, name: LatinName, sources: list[ArticleValue]) -> bool:
    """In an article of the day that is not cited beside the sources."""
    beside = reading.companions(sources)
    others = [article for article in reading.document.articles if article.n is None or article.n not in beside]
    words = fold(" ".join(name.parts))
    if len(words) < _TELLING or (len(name.parts) == 1 and " " in name.text):
        return False  # one word of "Qinghe Blue Valley" says nothing
    phrase = re.compile(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])")
    return any(phrase.search(reading.folded(whole(article))) for article in others)


def _holds(name: LatinName, text: str) -> bool:
    """Whether the text has every part of the name, in any order, as words or inside of them."""
    return all(_has_part(fold(part), text) for part in name.parts)


def _has_part(part: str, text: str) -> bool:
    plain = part.replace("’", "'").rstrip("s'")
    if part in text or (len(plain) > 2 and plain in text.replace("’", "'")):
        return True
    bare = re.sub(r"[^a-z0-9]", "", part)
    return len(bare) > 3 and bare in re.sub(r"[^a-z0-9]", "", text)


def _finding(sentence: Sentence, sources: list[ArticleValue], words: list[str], severity: str) -> FindingValue:
    words = list(dict.fromkeys(words))
    english, chinese = ", ".join(f"“{w}”" for w in words), "、".join(f"“{w}”" for w in words)
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "name", severity),
        f"Name not in source: {english} {'is' if len(words) == 1 else 'are'} not in {named(sentence, sources, 'en')}.",
        f"信源中没有这个名称：{named(sentence, sources, 'zh')}里找不到{chinese}。",
        " / ".join(f"{about(article)} {article.title}" for article in sources[:3]),
    )
