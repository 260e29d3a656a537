"""Whole sentences that can stand on their own, out of what feeds hold: pure functions over strings.

Feeds cut summaries in the middle of a sentence, repeat the headline, sign with a by-line and end in "read more":
whatever is doubtful is left out, since an offline writer can't mend a sentence, only choose another one.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from newsletter import lexicon, quantities, typography
from newsletter.compose import patterns
from newsletter.compose.brief import BriefArticle
from newsletter.compose.mainland import mainland
from newsletter.headlines import is_digest
from newsletter.sentences import split_sentences

EN_WORDS = (8, 45)
ZH_CHARACTERS = (18.0, 110.0)
REPEAT = 0.72  # of a sentence's words in its headline: more, and it says nothing beyond it
NEW = {"en": 4, "zh": 6}  # words, pairs of characters: what a clause of its own has
MANY = 14  # sentences of one article that are looked at: the news stands at the top


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one article, as it would be printed."""

    text: str
    article: int
    language: str
    index: int  # which of its article's sentences, from 0
    leaning: bool  # needs the sentence before it
    reason: int  # 0 to 2: how far it says why, or what follows
    ahead: bool  # speaks of what is to come
    figures: frozenset[str]
    shingles: frozenset[str]  # what a near-repeat shares
    near: float  # 0 to 1: how much of its article's title is in it
    named: bool  # a name stands in it
    background: bool  # tells of an earlier month or year


def sentences_of(
    article: BriefArticle, spellings: Iterable[str] = (), common: Collection[str] = frozenset()
) -> list[Sentence]:
    """The usable sentences of `article` in reading order; none where it is a round-up or holds a title only.

    `common` are English words of the day, by which words that lost the space between them are known.
    """
    if article.language not in ("en", "zh") or not is_report(article):
        return []
    language = article.language
    text = patterns.JUNK.sub(" ", mainland(article.text) if language == "zh" else article.text)
    if language == "zh":
        text = patterns.HALF_STOP.sub("。", text)
    found = []
    for index, raw in enumerate(_raw_sentences(text, language)[:MANY]):
        printed = printable(raw, language, spellings)
        whole = printed and _usable(printed, language) and not (language == "en" and is_torn(printed, common))
        if whole and not repeats(printed, article.title, language):
            found.append(_sentence(printed, article, index))
    return found


def is_report(article: BriefArticle) -> bool:
    """News about one thing. Advertisements, invitations and round-ups read like news, sentence by sentence."""
    return not (is_digest(article.title) or _is_promotion(article))


def _is_promotion(article: BriefArticle) -> bool:
    return bool(
        patterns.PAID.search(article.title)
        or patterns.EVENT.search(article.title)
        or patterns.EVENT.search(article.text[:1500])
    )


def printable(raw: str, language: str, spellings: Iterable[str] = ()) -> str:
    """`raw` without by-line and credit, set in type; "" where nothing whole is left."""
    raw = raw.strip()
    for _ in range(4):
        shorter = patterns.LEADS[language].sub("", raw, count=1)
        if shorter == raw:
            break
        raw = shorter
    raw = patterns.TAILS[language].sub("", raw).strip()
    if language == "zh":
        if re.search(f"[{typography.HAN}]\\s+[{typography.HAN}]", raw):
            return ""  # a heading ran into the sentence, or words were marked: no telling where it begins
        # InfoQ's links leave a straight quote behind: such a pair would quote what nobody said.
        if raw.count('"') % 2 or patterns.STRAY_QUOTES.search(raw):
            return ""
        raw = re.sub(r"(?<=[。！？])\s*[（(][^（）()]{2,24}[）)]$", "", raw)
    return typography.set_text(raw, language, spellings)


def repeats(sentence: str, title: str, language: str) -> bool:
    """Whether `sentence` says nothing beyond `title`."""
    mine, theirs = shingles(sentence, language), shingles(title, language)
    if not mine or len(mine & theirs) / len(mine) <= REPEAT:
        return False
    return not any(_is_new(clause, theirs, language) for clause in re.split("[，；：]|[,;:] ", sentence)[1:])


def _is_new(clause: str, title: frozenset[str], language: str) -> bool:
    """Whether a further clause tells what no word of the headline does: "，车内没有安全员"."""
    mine = shingles(clause, language)
    return len(mine) >= NEW[language] and mine.isdisjoint(title)


def shingles(text: str, language: str) -> frozenset[str]:
    """Pairs of characters (Chinese) or words longer than two letters (English), folded."""
    if language == "zh":
        folded = typography.fold(text)
        return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
    return frozenset(word for word in re.findall(r"[a-z0-9$%.]+", text.casefold()) if len(word) > 2)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences tell the same: a wire copy, a cut of it, or the same words in another order."""
    smaller = min(len(one), len(other))
    return smaller > 0 and len(one & other) / smaller > 0.6


def retells(sentence: Sentence, other: Sentence) -> bool:
    """Whether `sentence` tells what `other` told: in the same words, or the same figures and many of the words."""
    if alike(sentence.shingles, other.shingles):
        return True
    shared = len(sentence.shingles & other.shingles) / max(1, min(len(sentence.shingles), len(other.shingles)))
    return bool(sentence.figures) and sentence.figures <= other.figures and shared > 0.3


def opening(text: str, language: str) -> str:
    """Where a sentence names its subject: the first clause, and the second after one of time, cause or source."""
    if language != "zh":
        return " ".join(text.split()[:12])
    first, *rest = re.split("[，；：]", text, maxsplit=2)
    if rest and patterns.AIMED.match(first):
        return rest[0]  # whom it is for is not who does it
    return first + (rest[0] if rest and patterns.ADVERBIAL.match(first) else "")


def proper(text: str) -> frozenset[str]:
    """The Latin words that look like names: with a capital, and none that any sentence may begin with."""
    words = re.findall(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9.+’-]*[A-Za-z0-9]", text)
    return frozenset(word for word in words if word.casefold() not in patterns.PLAIN)


def length(text: str, language: str) -> float:
    """In words (English) or Han characters (Chinese)."""
    return typography.han_length(text) if language == "zh" else float(len(text.split()))


def _raw_sentences(text: str, language: str) -> list[str]:
    raw = split_sentences(text, language)
    if not raw:
        return []
    if not _ends(raw[-1], language):
        # Cut off, unless the whole summary is one short line that its feed prints without a stop.
        raw = [_with_stop(raw[0], language)] if len(raw) == 1 and _looks_whole(raw[0], language) else raw[:-1]
    return raw


def _ends(sentence: str, language: str) -> bool:
    bare = patterns.CREDIT.sub("", sentence)
    stop = r"[。！？][”’》）]*$" if language == "zh" else r"(?<!\.\.)[.!?][\"'”’)]*$"
    return bool(re.search(stop, bare)) and not re.search(r"(?:\.\.\.|…)[\"”]?$", bare)


def _looks_whole(line: str, language: str) -> bool:
    if re.search(r"(?:\.\.\.|…|[,;:，、；：-])$", line):
        return False
    if language == "zh":
        return typography.han_length(line) <= 60
    words = line.split()
    return 8 <= len(words) <= 35 and words[-1].lower() not in patterns.STOP_WORDS and len(line) < 240


def _with_stop(line: str, language: str) -> str:
    return patterns.CREDIT.sub("", line) + "。" if language == "zh" else line.rstrip() + "."


def _usable(text: str, language: str) -> bool:
    low, high = ZH_CHARACTERS if language == "zh" else EN_WORDS
    if not low <= length(text, language) <= high or not _ends(text, language):
        return False
    if any(pattern.search(text) for pattern in (patterns.MARKS, patterns.SELLING, patterns.PERSONAL[language])):
        return False
    if patterns.SPEAKERLESS.match(text) or patterns.NO_NEWS[language].search(text):
        return False
    if typography.is_chinese(text) != (language == "zh") or not _balanced(text):
        return False
    if language == "zh":
        return not re.match(r"[，、；：”’）\d]*[，、；：”’）]", text)
    return bool(re.match(r"[“‘(]?[A-Z0-9$€£¥]|[a-z]+[A-Z]", text))


def is_torn(text: str, common: Collection[str]) -> bool:
    """Whether an English sentence lost spaces: "ending,the US", "as last weekwas"."""
    if re.search(r"[a-z],[A-Za-z]|[a-z][.;:][A-Z][a-z]|[.!?]-\s", text):
        return True
    words = re.findall(r"(?<![\w’'-])[a-z]{7,}(?![\w’'-])", text)
    return any(word not in common and _splits(word, common) for word in words)


def _splits(word: str, common: Collection[str]) -> bool:
    return any(word[:at] in common and word[at:] in common for at in range(3, len(word) - 2))


def _leans(text: str, language: str, index: int) -> bool:
    """An article may open with a source that has no name."""
    return bool(patterns.LEANING[language].match(text)) and not (index == 0 and patterns.UNNAMED.match(text))


def _balanced(text: str) -> bool:
    """No quotation or bracket is left open, none is closed that was not opened. An apostrophe closes nothing."""
    waiting: list[str] = []
    for char in re.sub(r"(?<=\w)’|’(?=\w)", "", text):
        if char in patterns.OPEN:
            waiting.append(patterns.OPEN[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
        elif char in "”）)》]":
            return False
    return not waiting


def _sentence(text: str, article: BriefArticle, index: int) -> Sentence:
    language = article.language
    strong, weak = patterns.REASON[language]
    own, title = shingles(text, language), shingles(article.title, language)
    points_back = index > 0 and patterns.POINTING[language].search(text)
    return Sentence(
        text=text,
        article=article.id,
        language=language,
        index=index,
        leaning=bool(_leans(text, language, index) or points_back),
        reason=2 if strong.search(text) else 1 if weak.search(text) else 0,
        ahead=bool(patterns.AHEAD[language].search(text)),
        figures=frozenset(quantities.keys(text)),
        shingles=own,
        near=len(own & title) / max(1, len(title)),
        named=any(name.kind != "place" for name in lexicon.load().find(text)) or bool(proper(text[1:])),
        background=index > 0 and bool(patterns.BACKGROUND[language].match(text)),
    )
