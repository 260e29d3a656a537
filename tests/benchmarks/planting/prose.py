"""Issues as a model or a person writes them: paraphrased, in both languages, over the articles of a real day.

The texts in prose/ are our own; their articles stay where they are and are read from there. A block is a line with its
kind and list, its English and its Chinese title ("-" for none), and then its paragraphs, English and Chinese in turn,
with `[#0279]` for a citation of the article with that id.
"""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from newsletter.bilingual import Both
from newsletter.check.document import IssueDocument
from newsletter.check.values import ArticleValue, BlockValue, ListValue
from tests.shared import SHARED

UNSEEN = ("2026-06-20-b", "2026-03-10-c")  # never looked at while the rules were made
FOLDER = Path(__file__).parent / "prose"
_MARK = re.compile(r"\[#(\d+)\]")
_BESIDE = 40  # articles that are not cited, of other outlets
_DISCLAIMER = Both(
    "Written by AI from the articles cited; no person has reviewed it.", "本期由 AI 根据所引文章写成，未经人工审阅。"
)
_SUBJECT = re.compile(r"\bAI\b|人工智能|大模型|OpenAI|Anthropic|Nvidia|英伟达|芯片|智能体|机器人|DeepSeek|OpenClaw")


def prose_days() -> tuple[str, ...]:
    """The days that there are texts for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))


def written(day: str) -> IssueDocument:
    """The issue of a day. Its articles: those cited, and the others about the subject, uncited."""
    text = (FOLDER / f"{day}.txt").read_text(encoding="utf-8")
    numbers = {mark: n for n, mark in enumerate(dict.fromkeys(_MARK.findall(text)), 1)}
    articles = _articles(day, numbers)
    counts = {slug: sum(article.list == slug for article in articles) for slug in ("china", "us")}
    lists = (
        ListValue("china", Both("China media", "中国媒体"), counts["china"]),
        ListValue("us", Both("US media", "美国媒体"), counts["us"]),
    )
    chunks = [chunk.splitlines() for chunk in text.strip().split("\n\n")]
    blocks = [_block(number, lines, numbers) for number, lines in enumerate(chunks, 1)]
    last = BlockValue("disclaimer", "disclaimer", None, 10_000, None, Both(), _DISCLAIMER)
    return IssueDocument(dt.date.fromisoformat(day[:10]), Both(), lists, articles, (*blocks, last))


def _block(number: int, lines: list[str], numbers: dict[str, int]) -> BlockValue:
    kind = lines[0].split()[0]
    title = Both(*(line.strip("-") for line in lines[1:3]))
    texts = ["\n\n".join(_MARK.sub(lambda m: f"[{numbers[m[1]]}]", line) for line in lines[i::2]) for i in (3, 4)]
    story = f"s{number}" if kind == "item" else None
    return BlockValue(f"{kind}-{number}", kind, None, number, story, title, Both(*texts))


def _articles(day: str, numbers: dict[str, int]) -> tuple[ArticleValue, ...]:
    with (SHARED / f"data/a_days/{day[:10]}/articles.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    cited = {row["outlet"] for row in rows if _number(row) in numbers}
    beside = [row for row in rows if _SUBJECT.search(row["title"]) and _is_read(row, cited)]
    chosen = {row["id"] for row in beside[:_BESIDE]}
    found = (_article(row, numbers.get(_number(row))) for row in rows)
    return tuple(article for article in found if article.n or article.id in chosen)


def _is_read(row: dict[str, Any], cited: set[str]) -> bool:
    return row["outlet"] not in cited and "Article URL:" not in (row["summary"] or "")


def _number(row: dict[str, Any]) -> str:
    return str(row["id"].partition("#")[2])


def _article(row: dict[str, Any], n: int | None) -> ArticleValue:
    return ArticleValue(
        id=row["id"],
        n=n,
        list="china" if row["lang"] == "zh" else "us",
        outlet=_outlet(row),
        lang=row["lang"],
        title=row["title"],
        text=row["summary"] or "",
        url=row["url"],
        published=_in_the_window(row["published_utc"], row["id"][:10]),
    )


def _outlet(row: dict[str, Any]) -> str:
    """Whose report it is: news flashes name the agency that they take over in their last words, （新浪财经）."""
    agency = re.search(r"（([^（）]{2,8})）\s*$", row["summary"] or "")
    return str(agency[1] if agency else row.get("outlet_name") or row["outlet"])


def _in_the_window(published: str | None, day: str) -> dt.datetime:
    """The time of publication; the day's own morning for what has none or is days old in these feeds."""
    morning = dt.datetime.fromisoformat(f"{day}T01:00:00+00:00")
    moment = dt.datetime.fromisoformat(published) if published else morning
    return moment if morning - moment < dt.timedelta(days=2) else morning
