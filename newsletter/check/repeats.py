"""Nothing is said twice in an issue, and nothing told in the last days is told again as new."""

from collections.abc import Iterator

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import HIGH, MEDIUM, FindingValue
from newsletter.check.reading import Reading
from newsletter.check.sentence import Sentence
from newsletter.check.values import BlockValue

_ALIKE = 0.8  # of the words of two sentences together
_ALIKE_TITLES = 0.6
_WORTH = 6  # content words that a sentence has at least
_SUMMING_UP = frozenset({"main_line", "overview", "comparison", "qa"})  # say in short what other blocks tell


def check_repeats(reading: Reading) -> Iterator[FindingValue]:
    """`duplicate` within the issue, `repeated` from an earlier one."""
    yield from _sentences_twice(reading)
    yield from _items_twice(reading)
    yield from _told_before(reading)


def _sentences_twice(reading: Reading) -> Iterator[FindingValue]:
    """The later of two sentences that say the same in the same words."""
    for lang in LANGUAGES:
        seen: list[tuple[Sentence, frozenset[str]]] = []
        for sentence in reading.prose:
            if sentence.lang != lang:
                continue
            words = reading.words(reading.without_outlets(sentence.plain))
            if len(words) < _WORTH:
                continue
            first = next(
                (old for old, known in seen if _compared(sentence, old) and _likeness(words, known) >= _ALIKE), None
            )
            if first and _says_it_of_another(reading, sentence, first):
                continue
            if first:
                yield FindingValue(
                    *(sentence.block.id, lang, sentence.text, "duplicate", MEDIUM),
                    f"Said already in {first.block.id}.",
                    f"与 {first.block.id} 里的句子重复。",
                    first.text,
                )
            else:
                seen.append((sentence, words))


def _compared(sentence: Sentence, old: Sentence) -> bool:
    """What sums up may say again what another kind of block tells."""
    kinds = {sentence.block.kind, old.block.kind}
    return len(kinds) == 1 or not kinds & _SUMMING_UP


def _says_it_of_another(reading: Reading, sentence: Sentence, first: Sentence) -> bool:
    """A set phrase about different articles: "Both lists report it [3][4]"."""
    if not sentence.cited or set(sentence.cited) & set(first.cited):
        return False
    named = any(name.kind != "place" for name in reading.names(sentence.plain))
    return not named and not any(not q.soft for q in reading.quantities(sentence.plain))


def _items_twice(reading: Reading) -> Iterator[FindingValue]:
    """The later of two items about one story."""
    items = [block for block in reading.document.blocks if block.kind == "item"]
    for i, item in enumerate(items):
        for earlier in items[:i]:
            if _same_story(reading, item, earlier):
                yield FindingValue(
                    *(item.id, "both", item.title.en or item.title.zh, "duplicate", HIGH),
                    f"The same story as {earlier.id}.",
                    f"与 {earlier.id} 是同一条新闻。",
                    f"{earlier.title.en} / {earlier.title.zh}",
                )
                break


def _same_story(reading: Reading, a: BlockValue, b: BlockValue) -> bool:
    if a.story is not None and a.story == b.story:
        return True
    return any(_alike(reading, a.title[lang], b.title[lang], _ALIKE_TITLES) for lang in LANGUAGES)


def _told_before(reading: Reading) -> Iterator[FindingValue]:
    """An item whose story, or nearly whose headline, was in an issue of the last days."""
    for item in reading.document.blocks:
        if item.kind != "item":
            continue
        for old in reading.document.previous:
            same = item.story is not None and item.story == old.story
            if same or any(_alike(reading, item.title[x], old.title[x], _ALIKE_TITLES) for x in LANGUAGES):
                yield FindingValue(
                    *(item.id, "both", item.title.en or item.title.zh, "repeated", MEDIUM),
                    f"Told already on {old.date}: {old.title.en or old.title.zh}",
                    f"{old.date} 已经报道过：{old.title.zh or old.title.en}",
                    f"{old.date} {old.story or ''}".strip(),
                )
                break


def _alike(reading: Reading, a: str, b: str, least: float) -> bool:
    one, two = reading.words(a), reading.words(b)
    return min(len(one), len(two)) >= 3 and _likeness(one, two) >= least


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's: what is common of what there is together."""
    return len(a & b) / len(a | b) if a or b else 0.0
