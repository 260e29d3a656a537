"""Issues of other text than the project's own: a day's sentences as they stand, and halves in two languages."""

import csv
import datetime as dt
import json
import random
from pathlib import Path

from newsletter.bilingual import Both
from newsletter.check.document import IssueDocument
from newsletter.check.values import ArticleValue, BlockValue, ListValue
from newsletter.sentences import cite, split_sentences

_DISCLAIMER = BlockValue(
    *("disclaimer", "disclaimer", None, 10_000, None, Both()),
    Both("Written by AI from the articles cited.", "本期由 AI 根据所引文章写成。"),
)
_LISTS = (
    ListValue("china", Both("China media", "中国媒体"), 0),
    ListValue("us", Both("US media", "美国媒体"), 0),
)


def extracted(path: Path, gold: Path, size: int) -> IssueDocument:
    """An issue of one language a block: the first two sentences of each relevant article of a real day, cited.

    Wire copy that several outlets print is taken once.
    """
    wanted = {row["id"] for row in map(json.loads, gold.open(encoding="utf-8")) if row["relevant"] == "yes"}
    articles: list[ArticleValue] = []
    blocks: list[BlockValue] = []
    known: set[str] = set()
    for row in map(json.loads, path.open(encoding="utf-8")):
        sentences = split_sentences(row["summary"] or "", row["lang"])[:2]
        if row["id"] not in wanted or len(sentences) < 2 or any(not 30 <= len(s) <= 300 for s in sentences):
            continue
        if any(not s.endswith((".", "。")) or s.endswith("...") for s in sentences) or len(blocks) == size:
            continue
        if any(s[-40:-2] in known for s in sentences):
            continue
        known |= {s[-40:-2] for s in sentences}
        n, lang, date = len(blocks) + 1, row["lang"], dt.date.fromisoformat(row["id"][:10])
        published = dt.datetime.combine(date, dt.time(8), dt.UTC)
        fields = (f"a{n}", n, None, row["outlet_name"], lang, row["title"], row["summary"], row["url"], published)
        articles.append(ArticleValue(*fields))
        text = ("" if lang == "zh" else " ").join(cite(s, [n], lang) for s in sentences)
        foreign = frozenset({"en"} if lang == "zh" else {"zh"})
        title = Both(row["title"], row["title"])
        blocks.append(
            BlockValue(f"item-{n}", "highlights", None, n, None, title, Both(text, text), "independent", foreign)
        )
    date = dt.date.fromisoformat(path.parent.name)
    return IssueDocument(date, Both(), _LISTS, tuple(articles), (*blocks, _DISCLAIMER))


def translated(path: Path, size: int, seed: int) -> IssueDocument:
    """An issue of aligned halves: real English headlines and their machine translation, each citing its headline.

    Headlines of several sentences are left out, and those told twice: what is cited and what is repeated is then sure.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 2][1:]
    rows = [row for row in rows if 40 <= len(row[0]) <= 220 and "<" not in row[0]]
    rows = [
        row
        for row in rows
        if all(len(split_sentences(text, lang)) == 1 for text, lang in zip(row, ("en", "zh"), strict=True))
    ]
    rows = list({row[0][:40].lower(): row for row in rows}.values())
    articles: list[ArticleValue] = []
    blocks: list[BlockValue] = []
    date = dt.date(2026, 3, 12)
    for n, (en, zh) in enumerate(random.Random(seed).sample(rows, size), 1):
        published = dt.datetime.combine(date, dt.time(8), dt.UTC)
        articles.append(ArticleValue(f"a{n}", n, None, f"Outlet {n % 9}", "en", en, "", "", published))
        texts = Both(cite(en.rstrip(".") + ".", [n], "en"), cite(zh.rstrip("。.") + "。", [n], "zh"))
        blocks.append(BlockValue(f"item-{n}", "highlights", None, n, None, Both(), texts))
    return IssueDocument(date, Both(), _LISTS, tuple(articles), (*blocks, _DISCLAIMER))
