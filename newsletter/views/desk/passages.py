"""The place in a cited article that a sentence rests on: pure functions over strings."""

import re
from dataclasses import dataclass

from newsletter.sentences import split_sentences
from newsletter.typography import han_pairs

_WORD = re.compile(r"\d[\d,.]*\d|\d|[A-Za-z][A-Za-z0-9’'-]{2,}")
_ROOM = {"zh": 150, "en": 380}  # characters of a quotation: what an editor takes in at a glance


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation: `hit` is the sentence that has most in common with ours, between its neighbours."""

    before: str
    hit: str
    after: str


def features(text: str) -> frozenset[str]:
    """What two texts can have in common whatever their wording: figures, words, pairs of Han characters."""
    return frozenset([*han_pairs(text), *(word.lower().rstrip(".,") for word in _WORD.findall(text))])


class Reader:
    """An article split and indexed once, to be asked for many sentences."""

    def __init__(self, text: str, language: str) -> None:
        self.language = "zh" if language == "zh" else "en"
        self.sentences = split_sentences(text, self.language)
        self.features = [features(sentence) for sentence in self.sentences]

    def passage(self, sentence: str) -> Passage | None:
        """The nearest place to `sentence`; None where the article has no text. The first one wins among equals."""
        if not self.sentences:
            return None
        wanted = features(sentence)
        scores = [sum(3 if f[0].isdigit() else 1 for f in wanted & has) for has in self.features]
        at = max(range(len(scores)), key=lambda i: (scores[i], -i))
        return self._quote(at, marked=scores[at] > 0)

    def _quote(self, at: int, *, marked: bool) -> Passage:
        room = _ROOM[self.language]
        hit = _shorten(self.sentences[at], room)
        room -= len(hit)
        before = self.sentences[at - 1] if at and len(self.sentences[at - 1]) <= room else ""
        room -= len(before)
        after = self.sentences[at + 1] if at + 1 < len(self.sentences) else ""
        after = after if len(after) <= room else ""
        gap = "" if self.language == "zh" else " "
        start, end = at - bool(before), at + bool(after)
        before = f"{'…… ' if start else ''}{before}{gap if before else ''}"
        after = f"{gap if after else ''}{after}{' ……' if end + 1 < len(self.sentences) else ''}"
        return Passage(before, hit, after) if marked else Passage(before + hit + after, "", "")


def _shorten(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
