"""The words of an article that carry a sentence of ours: figures, names, and content words. Pure over strings.

Figures and names are found across the languages (40 billion yuan, 400亿元); words only where both have one language.
Two Han characters with a weak one among them (中一, 上了) are chance: there three in a row are needed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.bilingual import Both
from newsletter.lexicon import Lexicon, fold
from newsletter.quantities import agrees, quantities
from newsletter.sentences import split_sentences, without_citations
from newsletter.typography import HAN
from newsletter.words import content_stems, words

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.+&'’-][A-Za-z0-9]+)*")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_JOINS = re.compile(r"[ \u00a0]?")  # what may lie between two marked words that are drawn as one
_WEAK = frozenset("一二三四五六七八九十百千万亿中上下前后里外大小多少新老等年月日时个次人者们这那其之和与及或在为以")
ROOM = {"zh": 260, "en": 620}  # characters shown of an article before one asks for the rest


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of an article; `marked` where it carries the sentence."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article's text around the place that has most in common with the sentence."""

    title: tuple[Run, ...]
    passage: tuple[Run, ...]  # empty: the article has no text
    whole: tuple[Run, ...]  # all of the text; empty where `passage` is all
    length: int  # characters of the whole text


class Claim:
    """A sentence of ours in both languages, read once for what an article may share with it."""

    def __init__(self, sentence: Both, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        plain = {language: without_citations(sentence[language]) for language in ("en", "zh")}
        self.figures = [figure for text in plain.values() for figure in quantities(text) if not figure.soft]
        self.names = {mention.name for text in plain.values() for mention in lexicon.mentions(text)}
        self.words = {language: frozenset(words(text)) for language, text in plain.items()}

    def spans(self, text: str, language: str) -> list[tuple[int, int]]:
        """Where `text`, of an article in `language`, says what the sentence says; in order, none touching another."""
        shared = self.words["zh" if language == "zh" else "en"]
        found = [(q.start, q.start + len(q.text)) for q in quantities(text) if any(agrees(f, q) for f in self.figures)]
        found += [(m.start, m.end) for m in self.lexicon.mentions(text) if m.name in self.names]
        found += [m.span() for m in _LATIN.finditer(text) if shared.intersection(content_stems(m.group()))]
        for run in _HAN_RUN.finditer(text):
            starts = range(run.start(), run.end() - 1)
            pairs = _joined([(at, at + 2) for at in starts if fold(text[at : at + 2]) in shared], text)
            found += [(a, b) for a, b in pairs if b - a > 2 or not _WEAK.intersection(text[a:b])]
        return _joined(sorted(found), text)

    def weigh(self, text: str, language: str) -> int:
        """How much `text` has of the sentence, in characters; figures count threefold."""
        return sum((3 if any(map(str.isdigit, text[a:b])) else 1) * (b - a) for a, b in self.spans(text, language))

    def evidence(self, title: str, text: str, language: str) -> Evidence:
        """What an article says of the sentence."""
        shown = "zh" if language == "zh" else "en"
        whole = " ".join(text.split())
        start, end = self._window(whole, shown)
        cut = f"{'…… ' if start else ''}{whole[start:end]}{' ……' if end < len(whole) else ''}"
        all_of_it = () if (start, end) == (0, len(whole)) else self._runs(whole, language)
        return Evidence(self._runs(title, language), self._runs(cut, language), all_of_it, len(whole))

    def _window(self, text: str, language: str) -> tuple[int, int]:
        """The sentences around the one that says most of it, as many as there is room for."""
        spans, at = [], 0
        for sentence in split_sentences(text, language):
            start = text.find(sentence, at)
            at = start + len(sentence)
            spans.append((start, at))
        if not spans or len(text) <= ROOM[language]:
            return 0, len(text)
        best = max(range(len(spans)), key=lambda i: (self.weigh(text[slice(*spans[i])], language), -i))
        first = last = best
        while True:
            before, after = (first - 1 if first else None), (last + 1 if last + 1 < len(spans) else None)
            wider = [(f, t) for f, t in ((first, after), (before, last)) if f is not None and t is not None]
            fitting = [(f, t) for f, t in wider if spans[t][1] - spans[f][0] <= ROOM[language]]
            if not fitting:
                break
            first, last = fitting[0]
        start = spans[first][0]
        return start, max(min(spans[last][1], start + ROOM[language]), start + 1)

    def _runs(self, text: str, language: str) -> tuple[Run, ...]:
        runs, at = [], 0
        for start, end in self.spans(text, language):
            runs += [Run(text[at:start]), Run(text[start:end], marked=True)]
            at = end
        return tuple(run for run in (*runs, Run(text[at:])) if run.text)


def _joined(spans: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Overlapping and neighbouring spans as one; a single space between two is drawn with them."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and (start <= joined[-1][1] or _JOINS.fullmatch(text[joined[-1][1] : start])):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
