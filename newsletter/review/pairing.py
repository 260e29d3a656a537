"""Which English sentence stands beside which Chinese one: pure functions over a block's texts."""

from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from newsletter.sentences import paragraphs, split_sentences

# How many sentences of each language may stand in one row, with what it costs beside a difference in length (shares).
_GROUPS = {(1, 1): 0.0, (1, 2): 0.03, (2, 1): 0.03, (2, 2): 0.08, (1, 3): 0.08, (3, 1): 0.08, (1, 0): 0.5, (0, 1): 0.5}
_LONGEST = 40  # sentences in one paragraph; beyond it, whole paragraphs stand side by side


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the proof: the sentences of either language that say the same."""

    en: tuple[str, ...]
    zh: tuple[str, ...]
    heading: bool = False

    def __getitem__(self, language: str) -> tuple[str, ...]:
        return self.zh if language == "zh" else self.en


def pair_block(title: tuple[str, str], text: tuple[str, str], parity: str) -> list[Pair]:
    """The rows of a block whose `title` and `text` are (English, Chinese).

    Where both are held to say the same, sentences are paired inside their paragraphs. Where each language takes its
    own reports (`independent`), only paragraphs stand side by side.
    """
    rows = [Pair((title[0],) if title[0] else (), (title[1],) if title[1] else (), heading=True)] if any(title) else []
    en = [split_sentences(each, "en") for each in paragraphs(text[0])]
    zh = [split_sentences(each, "zh") for each in paragraphs(text[1])]
    if parity == "independent":
        none: list[str] = []
        return rows + [Pair(tuple(a), tuple(b)) for a, b in zip_longest(en, zh, fillvalue=none)]
    if len(en) != len(zh):
        en, zh = [[s for part in en for s in part]], [[s for part in zh for s in part]]
    return rows + [pair for a, b in zip(en, zh, strict=True) for pair in align(a, b)]


def align(en: list[str], zh: list[str]) -> list[Pair]:
    """Pair the sentences of one paragraph in order: one to one where the counts agree, else by length.

    After Gale and Church (1993): sentences that translate each other take like shares of the paragraph.
    """
    if len(en) == len(zh):
        return [Pair((a,), (b,)) for a, b in zip(en, zh, strict=True)]
    if not en or not zh or max(len(en), len(zh)) > _LONGEST:
        return [Pair(tuple(en), tuple(zh))]
    share_en = [len(s) / sum(map(len, en)) for s in en]
    share_zh = [len(s) / sum(map(len, zh)) for s in zh]

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        """The cheapest grouping of what follows the first i English and j Chinese sentences."""
        if i == len(en) and j == len(zh):
            return 0.0, ()
        options = []
        for (a, b), price in _GROUPS.items():
            if i + a <= len(en) and j + b <= len(zh):
                cost, rest = best(i + a, j + b)
                gap = abs(sum(share_en[i : i + a]) - sum(share_zh[j : j + b]))
                options.append((cost + gap + price, ((a, b), *rest)))
        return min(options)

    rows, i, j = [], 0, 0
    for a, b in best(0, 0)[1]:
        rows.append(Pair(tuple(en[i : i + a]), tuple(zh[j : j + b])))
        i, j = i + a, j + b
    return rows
