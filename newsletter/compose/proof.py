"""A model's blocks as the checks read them, before they stand: what the sources don't bear out goes back to be mended.

Only what blocks an approval counts, and only what a writer can mend within the block. A doubt never throws a block
out: after one more try it is the editor's, marked at the desk like any other.
"""

from collections.abc import Mapping

from newsletter import lexicon
from newsletter.bilingual import LANGUAGES, Both
from newsletter.check.document import IssueDocument
from newsletter.check.finding import HIGH
from newsletter.check.run import check_document
from newsletter.check.values import ArticleValue, BlockValue, ListValue
from newsletter.compose.brief import Brief, BriefArticle
from newsletter.compose.draft import MARK, cited

MENDABLE = frozenset(
    {"figure", "name", "quotation", "roles", "origin", "parity", "glossary", "citation_irrelevant", "uncited"}
)
_KINDS = {"main": "main_line", "only": "comparison"}  # by the first word of a key; else that word is the kind
_ROOM = 400  # characters of what is said of one block


def doubts(brief: Brief, told: Mapping[str, tuple[Both, Both]]) -> dict[str, str]:
    """Key of a block -> what the checks say against it, in a line; blocks without a doubt aren't there."""
    numbers = {a: n for n, a in enumerate(sorted({a for _, text in told.values() for a in _cited(text)}), 1)}
    articles = {article.id: article for story in brief.stories for article in story.articles}
    document = IssueDocument(
        date=brief.date,
        title=Both(),
        lists=tuple(
            ListValue(desk.slug, Both(desk.names["en"], desk.names["zh"]), desk.articles) for desk in brief.lists
        ),
        articles=tuple(_article(articles[a], n) for a, n in numbers.items() if a in articles),
        blocks=tuple(_block(place, key, *pair, numbers) for place, (key, pair) in enumerate(told.items(), 1)),
    )
    found: dict[str, list[str]] = {}
    names = {n: f"a{a}" for a, n in numbers.items()}
    for finding in check_document(document, lexicon.load()).findings:
        key = finding.block or ""
        if key in told and finding.severity == HIGH and finding.kind in MENDABLE:
            found.setdefault(key, []).append(_said(finding.message, names))
    return {key: " ".join(dict.fromkeys(said))[:_ROOM] for key, said in found.items()}


def _cited(text: Both) -> list[int]:
    return [article for language in LANGUAGES for article in cited(text[language])]


def _article(article: BriefArticle, n: int) -> ArticleValue:
    return ArticleValue(
        id=f"a{article.id}",
        n=n,
        list=article.list,
        outlet=article.outlet,
        lang=article.language,
        title=article.title,
        text=article.text,
        url=article.url,
        published=article.published,
    )


def _block(place: int, key: str, title: Both, text: Both, numbers: Mapping[int, int]) -> BlockValue:
    first, *rest = key.split("-")
    numbered = Both(*(MARK.sub(lambda m: f"[{numbers[int(m[1])]}]", text[language]) for language in LANGUAGES))
    slug = "-".join(rest[:-1] if first == "insight" else rest)
    in_list = slug if first in ("highlights", "insight", "business", "technology") else None
    return BlockValue(key, _KINDS.get(first, first), in_list, place, None, title, numbered)


def _said(message: str, names: Mapping[int, str]) -> str:
    """The finding's words with the ids that the writer knows for the check's numbers."""
    for n in sorted(names, reverse=True):
        message = message.replace(f"[{n}]", f"[{names[n]}]")
    return " ".join(message.split()).replace("<", "‹").replace(">", "›")
