"""A whole issue for tests, every block in both languages. Its news (fixtures/full_issue.json) is invented."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.models import Issue, SourceList
from tests import factories as make

SPECIMEN: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "fixtures" / "full_issue.json").read_text(encoding="utf-8")
)


def make_full_issue(date: dt.date = make.DAY, *, items: int = 10, length: int = 1, **fields: Any) -> Issue:
    """An issue with every block, `items` items (at most ten) and 24 citations.

    `length` repeats the text of the reports and the analysis; 3 gives about what the reference editions have.
    """
    line = SPECIMEN["main_line"]
    titles = {
        f"{name}_{lang}": line["title"][i] for name in ("title", "subject") for i, lang in enumerate(("en", "zh"))
    }
    issue = make.issue(date, **{**titles, "composed_at": make.newsletter().cutoff(date), **fields})
    _cite(issue)
    blocks = _Blocks(issue, length)
    blocks.add("main_line", "main-line", line)
    for n, item in enumerate(SPECIMEN["items"][:items], 1):
        blocks.add("item", f"item-{n}", item, extra=_item_extra(item))
    for slug, report in SPECIMEN["reports"].items():
        _report(blocks, make.source_list(slug), report)
    for block in SPECIMEN["tail"]:
        blocks.add(block["kind"], block["key"], block)
    return issue


@dataclass
class _Blocks:
    issue: Issue
    length: int
    position: int = 0

    def add(self, kind: str, key: str, said: dict[str, Any], **fields: Any) -> None:
        """The next block, from a pair of titles and a pair of texts, English first."""
        self.position += 1
        title = said.get("title", ["", ""])
        long = self.length if fields.get("source_list") or kind == "analysis" else 1
        text = said["text"] if kind in ("overview", "tags") else [_repeat(part, long) for part in said["text"]]
        texts = {"title_en": title[0], "title_zh": title[1], "text_en": text[0], "text_zh": text[1]}
        make.block(self.issue, key, kind, position=self.position, **texts, **fields)


def _item_extra(item: dict[str, Any]) -> dict[str, Any]:
    return {
        **dict(zip(("hot", "quality", "impact"), item["scores"], strict=True)),
        "topics": item["topics"],
        "articles": sum(item["articles"]),
        "lists": dict(zip(("china", "us"), item["articles"], strict=True)),
    }


def _report(blocks: _Blocks, source_list: SourceList, report: dict[str, Any]) -> None:
    slug, tags = source_list.slug, report["tags"]
    overview = {"text": report["overview"]}
    blocks.add("overview", f"overview-{slug}", overview, extra=report["counts"], data=True, source_list=source_list)
    names = {"text": [" · ".join(tag[i] for tag in tags) for i in (0, 1)]}
    blocks.add("tags", f"tags-{slug}", names, extra={"tags": tags}, source_list=source_list)
    for block in report["blocks"]:
        blocks.add(block["kind"], block["key"], block, source_list=source_list)


def _cite(issue: Issue) -> None:
    sources: dict[str, Any] = {}
    for number, cited in enumerate(SPECIMEN["citations"], 1):
        outlet, chinese = cited["outlet"], not cited["outlet"].isascii()
        if outlet not in sources:
            sources[outlet] = make.source(outlet, "zh" if chinese else "en", "china" if chinese else "us")
        at = issue.cutoff - dt.timedelta(minutes=cited["minutes_before_cutoff"])
        url = f"https://news.example/{at:%Y/%m/%d}/technology/{number:04d}-a-slug-as-long-as-real-ones-are.html"
        make.citation(issue, number, make.article(cited["title"], by=sources[outlet], at=at, url=url))


def _repeat(text: str, times: int) -> str:
    """Every paragraph `times` as long."""
    gap = " " if " the " in text or "’" in text else ""
    return "\n\n".join(gap.join([paragraph] * times) for paragraph in text.split("\n\n"))
