"""Errors of the issue as a whole, and halves that disagree."""

import dataclasses
import datetime as dt
import random
import re
from collections.abc import Callable

from newsletter.bilingual import LANGUAGES, Both
from newsletter.check.document import IssueDocument
from newsletter.check.values import BlockValue, PreviousStory
from newsletter.lexicon import Lexicon
from newsletter.sentences import paragraphs, split_sentences
from tests.benchmarks.planting.base import CITED, Half, InIssue, Plant, with_block, with_text, with_title

Found = tuple[IssueDocument, str | None] | None


def _items(document: IssueDocument) -> list[BlockValue]:
    return [block for block in document.blocks if block.kind == "item"]


def _telling(document: IssueDocument) -> list[BlockValue]:
    return [block for block in document.blocks if block.kind not in ("tags", "disclaimer") and block.text]


def _twice(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    """An item once more under another number, in the place of the last; sometimes its story id goes."""
    items = _items(document)
    if len(items) < 4:
        return None
    one, last = rng.sample(items[:-1], 1)[0], rng.choice(items[-2:])
    if one is last:
        return None
    copy = dataclasses.replace(one, id=last.id, position=last.position, story=rng.choice([one.story, None]))
    return with_block(document, copy), last.id


def _told_yesterday(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    """An item was in yesterday's issue: by its story, or by its headline alone."""
    items = _items(document)
    if not items:
        return None
    item = rng.choice(items)
    by_title = rng.random() < 0.5
    old = PreviousStory(
        document.date - dt.timedelta(days=1), None if by_title else item.story, item.title if by_title else Both()
    )
    if not by_title and item.story is None:
        return None
    return dataclasses.replace(document, previous=(*document.previous, old)), item.id


def _other_headline(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    """An item under another's headline."""
    items = _items(document)
    if len(items) < 2:
        return None
    one, other = rng.sample(items, 2)
    shared = {n for b in (one, other) for n in CITED.findall(b.text.en + b.text.zh)}
    own = set(CITED.findall(one.text.en + one.text.zh))
    if len(shared) < len(own) + len(set(CITED.findall(other.text.en + other.text.zh))):
        return None  # two items on one story may well share a headline
    return with_block(document, with_title(one, other.title)), one.id


def _no_disclaimer(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    block = next(b for b in document.blocks if b.kind == "disclaimer")
    if rng.random() < 0.4:
        return dataclasses.replace(document, blocks=tuple(b for b in document.blocks if b is not block)), None
    return with_block(document, with_text(block, rng.choice(LANGUAGES), "")), None


def _stale(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    """A cited article turns out to be days or years old."""
    cited = [a for a in document.articles if a.n is not None and a.published]
    old = rng.choice(cited)
    assert old.published is not None
    new = dataclasses.replace(old, published=old.published - dt.timedelta(days=rng.choice([5, 9, 40, 400])))
    articles = tuple(new if a is old else a for a in document.articles)
    return dataclasses.replace(document, articles=articles), None


def _one_outlet(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    """Most of what a report cites is one outlet's."""
    slug = rng.choice([each.slug for each in document.lists])
    outlet = rng.choice([a.outlet for a in document.articles if a.list == slug] or ["Outlet"])
    articles = tuple(
        dataclasses.replace(a, outlet=outlet) if a.list == slug and rng.random() < 0.8 else a
        for a in document.articles
    )
    cited = [a for a in articles if a.list == slug and a.n is not None]
    if len(cited) < 8 or articles == document.articles:
        return None
    return dataclasses.replace(document, articles=articles), None


def _third_sentence(half: Half) -> str | None:
    """One more than an item has; where it has one, the second is none too many."""
    gap = " " if half.tongue == "en" else ""
    return f"{half.text}{gap}{half.sentences[0]}" if len(half.sentences) == 2 else None


_LONG = (24, 45)  # English words, Chinese characters: what a headline may have


def _long_headline(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    items = [b for b in _items(document) if len(b.title.en) > 40]
    if not items:
        return None
    item = rng.choice(items)
    times = (2 + _LONG[0] // len(item.title.en.split()), 2 + _LONG[1] // max(1, len(item.title.zh)))
    title = Both(", ".join([item.title.en] * times[0]), "，".join([item.title.zh] * times[1]))
    return with_block(document, with_title(item, title)), item.id


def _one_half_less(half: Half) -> str | None:
    """A half without one of its paragraphs, or without its last sentence."""
    parts = paragraphs(half.text)
    if len(parts) > 1:
        parts.remove(half.rng.choice(parts))
        return "\n\n".join(parts)
    kept = split_sentences(half.text, half.tongue)[:-1]
    return ("" if half.tongue == "zh" else " ").join(kept) or None


def _no_half(half: Half) -> str | None:
    return ""


def _one_tag_less(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
    found = [b for b in document.blocks if b.kind == "tags"]
    if not found:
        return None
    block = rng.choice(found)
    lang = rng.choice(LANGUAGES)
    return with_block(document, with_text(block, lang, block.text[lang].rpartition(" · ")[0])), block.id


def _citation_in_one_half(half: Half) -> str | None:
    """A citation goes, or changes, in one half only."""
    marks = list(CITED.finditer(half.text))
    if not marks:
        return None
    mark = half.rng.choice(marks)
    others = [a.n for a in half.document.articles if a.n is not None and f"[{a.n}]" not in half.text]
    new = f"[{half.rng.choice(others)}]" if others and half.rng.random() < 0.5 else ""
    return half.put(mark.start(), mark.end(), new)


def _in_both(pattern: str, change: Callable[[str], str]) -> InIssue:
    """The same figure, wrong in the same way in both languages of a translated block."""

    def planted(document: IssueDocument, rng: random.Random, lexicon: Lexicon) -> Found:
        blocks = [b for b in _telling(document) if b.parity == "translated" and not b.foreign]
        for block in rng.sample(blocks, len(blocks)):
            texts = {lang: CITED.sub("", block.text[lang]) for lang in LANGUAGES}
            common = set(re.findall(pattern, texts["en"])) & set(re.findall(pattern, texts["zh"]))
            common = {n for n in common if all(block.text[lang].count(n) == 1 for lang in LANGUAGES)}
            if common:
                old = rng.choice(sorted(common))
                both = Both(*(block.text[lang].replace(old, change(old)) for lang in LANGUAGES))
                return with_block(document, dataclasses.replace(block, text=both)), block.id
        return None

    return planted


def _next_digit(number: str) -> str:
    return f"{int(number[0]) % 9 + 1}{number[1:]}"


_PARITY = frozenset({"parity"})
PLANTS = (
    Plant(
        *("a figure changed in both languages", "figure", frozenset({"figure"})),
        in_issue=_in_both(r"(?<![\d.,A-Za-z-])\d{2,}(?:\.\d+)?(?![\d.,])", _next_digit),
    ),
    Plant("a story twice", "other", frozenset({"duplicate"}), in_issue=_twice),
    Plant("told yesterday", "other", frozenset({"repeated"}), in_issue=_told_yesterday),
    Plant(
        "another item’s headline",
        "other",
        frozenset({"headline", "parity", "name", "figure", "duplicate"}),
        in_issue=_other_headline,
    ),
    Plant("no disclaimer", "other", frozenset({"disclaimer"}), in_issue=_no_disclaimer),
    Plant("stale article", "other", frozenset({"stale"}), in_issue=_stale),
    Plant("one outlet has most", "other", frozenset({"concentration"}), in_issue=_one_outlet),
    Plant("a third sentence", "other", frozenset({"length"}), _third_sentence, on=frozenset({"item"})),
    Plant("a long headline", "other", frozenset({"length"}), in_issue=_long_headline),
    Plant("parity: a half is missing", "parity", _PARITY, _no_half),
    Plant("parity: a tag less", "parity", _PARITY, in_issue=_one_tag_less),
    Plant("parity: a sentence or paragraph less", "parity", _PARITY, _one_half_less, parity="translated"),
    Plant("parity: citations differ", "parity", _PARITY, _citation_in_one_half, parity="translated"),
)


def in_translated(plants: tuple[Plant, ...]) -> tuple[Plant, ...]:
    """The plants of figures and names once more in one half of translated blocks, where `parity` must find them."""
    chosen = [p for p in plants if p.group in ("figure", "name") and p.in_half]
    return tuple(
        dataclasses.replace(p, name=f"parity: {p.name}", group="parity", kinds=_PARITY, parity="translated")
        for p in chosen
    )
