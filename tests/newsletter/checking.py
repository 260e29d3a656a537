"""Small documents for the tests of the checks: say only what the test is about. All news in them is invented."""

import datetime as dt
from typing import Any

from newsletter import lexicon
from newsletter.bilingual import Both
from newsletter.check.document import IssueDocument
from newsletter.check.finding import FindingValue
from newsletter.check.run import check_document
from newsletter.check.values import ArticleValue, BlockValue, ListValue, PreviousStory

DATE = dt.date(2026, 5, 7)
MORNING = dt.datetime(2026, 5, 6, 20, 0, tzinfo=dt.UTC)
DISCLAIMER = BlockValue(
    *("disclaimer", "disclaimer", None, 99, None, Both()),
    Both("Written by AI from the articles cited.", "本期由 AI 根据所引文章写成。"),
)


def article(n: int | None, title: str, text: str = "", **fields: Any) -> ArticleValue:
    """An article of the day; Chinese where its title is."""
    lang = "zh" if any("\u4e00" <= char <= "\u9fff" for char in title) else "en"
    defaults = {
        **{"id": f"a{n}", "n": n, "list": "china" if lang == "zh" else "us", "outlet": f"Outlet{n}", "lang": lang},
        **{"url": f"https://news.example/{n}", "published": MORNING},
    }
    return ArticleValue(title=title, text=text, **{**defaults, **fields})


def block(en: str = "", zh: str = "", *, title: tuple[str, str] = ("", ""), **fields: Any) -> BlockValue:
    """A block of one or both languages; with one, the other half is marked as standing in the original."""
    foreign = frozenset({"en"} if not en else {"zh"} if not zh else ())
    defaults = {
        **{"id": "highlights-us", "kind": "highlights", "list": None, "position": 1, "story": None},
        **{"title": Both(*title), "text": Both(en or zh, zh or en), "foreign": foreign},
    }
    return BlockValue(**{**defaults, **fields})


def document(*blocks: BlockValue, articles: tuple[ArticleValue, ...] = (), **fields: Any) -> IssueDocument:
    """An issue of these blocks, with a disclaimer."""
    lists = (
        ListValue("china", Both("China media", "中国媒体"), 12),
        ListValue("us", Both("US media", "美国媒体"), 9),
    )
    defaults = {"date": DATE, "title": Both(), "lists": lists, "blocks": (*blocks, DISCLAIMER)}
    return IssueDocument(articles=articles, **{**defaults, **fields})


def check(*blocks: BlockValue, articles: tuple[ArticleValue, ...] = (), **fields: Any) -> list[FindingValue]:
    """What is found in an issue of these blocks."""
    return list(check_document(document(*blocks, articles=articles, **fields), lexicon.load()).findings)


def found(
    kind: str, *blocks: BlockValue, articles: tuple[ArticleValue, ...] = (), **fields: Any
) -> list[FindingValue]:
    """The findings of one kind."""
    return [finding for finding in check(*blocks, articles=articles, **fields) if finding.kind == kind]


def told(date: dt.date, story: str | None, en: str = "", zh: str = "") -> PreviousStory:
    """A story of an earlier issue."""
    return PreviousStory(date, story, Both(en, zh))
