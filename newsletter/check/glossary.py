"""Names as the glossary writes them: no word-for-word renderings, one spelling through the issue."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import LOW, MEDIUM, FindingValue
from newsletter.check.reading import FORMAL, Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.lexicon import Lexicon, Name, fold, renderings
from newsletter.typography import count_han, has_han

_COINED = 3  # Han characters of a rendering that is no word of its own


def check_glossary(reading: Reading) -> Iterator[FindingValue]:
    """`glossary`: "bean buns" for Doubao; Nvidia here and 辉达 or another spelling there."""
    for sentence in (*reading.sentences, *reading.titles):
        yield from _literal(reading, sentence)
    for lang in LANGUAGES:
        yield from _two_spellings(reading, lang)


def _literal(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """What the lexicon says a name is never called, where the name is what the sentence is about.

    A source may say "lobster" itself, and a sentence may explain a nickname: neither is a rendering of ours.
    """
    found = _found(reading.lexicon, sentence.plain)
    if not found or sentence in reading.foreign:
        return
    sources = [whole(article) for article in reading.sources(sentence)]
    other = "en" if sentence.lang == "zh" else "zh"
    meant = reading.names(f"{sentence.block.title[other]}\n{sentence.block.text[other]}").union(
        *(reading.names(text) for text in sources)
    )
    own = reading.names(sentence.plain)
    halves = sentence.block.title[other] + sentence.block.text[other]
    for written, name in found:
        explained = name in own and count_han(written) < _COINED  # "OpenClaw, the lobster"
        # 龙虾 beside OpenClaw: what is a nickname in Chinese may be one in English
        explained = explained or (sentence.lang == "en" and any(nick in halves for nick in _nicknames(name)))
        if name in meant and not explained and not any(fold(written) in reading.folded(text) for text in sources):
            yield _wrong(sentence, written, name)


def _nicknames(name: Name) -> list[str]:
    """Chinese words for a name that Chinese itself writes in Latin letters."""
    return [] if has_han(name.zh[0]) else [each for each in name.zh if has_han(each)]


@lru_cache(8_192)
def _found(lexicon: Lexicon, text: str) -> tuple[tuple[str, Name], ...]:
    return tuple(renderings(lexicon).find(text))


def _wrong(sentence: Sentence, written: str, name: Name) -> FindingValue:
    right, theirs = (name.en[0], name.zh[0]) if sentence.lang == "en" else (name.zh[0], name.en[0])
    return _finding(
        *(sentence, MEDIUM),
        f"Glossary: “{written}” is a word-for-word rendering; {theirs} is {right}.",
        f"译名有误：{theirs}应写作 {right}，不是“{written}”。",
        f"{theirs} = {right}",
    )


def _two_spellings(reading: Reading, lang: str) -> Iterator[FindingValue]:
    """Where one name is written in two ways in one language, the ones that are not the usual one."""
    uses: dict[Name, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for sentence in (*reading.titles, *reading.sentences):
        if sentence.lang != lang or sentence in reading.foreign or sentence.block.kind in FORMAL:
            continue
        for mention in reading.mentions(sentence.plain):
            if mention.name.kind not in ("place", "agency"):  # 央行 and 中国人民银行 are both right
                uses[mention.name][sentence.plain[mention.start : mention.end]].append(sentence)
    for name, spellings in uses.items():
        usual = _usual(name, spellings, lang)
        for spelling, sentences in spellings.items():
            if not _same_name(spelling, usual):
                told = (s for s in dict.fromkeys(sentences) if usual not in s.plain)  # else it says so: "once Moltbot"
                yield from (_second(sentence, spelling, usual) for sentence in told)


def _usual(name: Name, spellings: dict[str, list[Sentence]], lang: str) -> str:
    """The lexicon's first choice where it is used, else the commonest."""
    preferred = name.zh[0] if lang == "zh" else name.en[0]
    return preferred if preferred in spellings else max(spellings, key=lambda each: len(spellings[each]))


def _same_name(a: str, b: str) -> bool:
    """Only cased, spaced or shortened otherwise: NVIDIA and Nvidia, Alibaba Group and Alibaba, 阿里 and 阿里巴巴."""
    one, two = (re.sub(r"[\s.\-]", "", fold(text)) for text in (a, b))
    if one in two or two in one or set(one) <= set(two) or set(two) <= set(one):
        return True
    initials = ["".join(word[0] for word in fold(text).split()) for text in (a, b)]
    return one == initials[1] or two == initials[0] or bool(a.isascii() != b.isascii())


def _second(sentence: Sentence, spelling: str, usual: str) -> FindingValue:
    return _finding(
        *(sentence, LOW),
        f"Glossary: “{spelling}” here, “{usual}” elsewhere in this issue.",
        f"译名不统一：此处写作“{spelling}”，别处写作“{usual}”。",
        f"{spelling} = {usual}",
    )


def _finding(sentence: Sentence, severity: str, en: str, zh: str, evidence: str) -> FindingValue:
    return FindingValue(sentence.block.id, sentence.lang, sentence.text, "glossary", severity, en, zh, evidence)
