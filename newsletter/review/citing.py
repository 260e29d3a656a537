"""Numbers for what a new text cites. Those that stand in the issue stay; what is new gets the next ones.

Nothing is numbered anew: texts that were dropped, and those that undo puts back, cite by the old numbers.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.bilingual import LANGUAGES, Both
from newsletter.citing import snapshot
from newsletter.models import Article, Citation, Issue
from newsletter.models.proposal import TYPED
from newsletter.outlets import names_of
from newsletter.sentences import CITATION, citations

_MARK = re.compile(r"\[a(\d+)\]")
_RUN = re.compile(r"(?:\[\d{1,4}\]){2,}")


@dataclass(frozen=True, slots=True)
class Cited:
    """A text with the issue's numbers in it, and the citations that the issue gets with it; those aren't saved."""

    text: Both
    fresh: tuple[Citation, ...]


def cite(issue: Issue, text: Both, sources: Sequence[Mapping[str, Any]], *, every: bool = False) -> Cited:
    """`text` with `[n]` for `[a17]`. `sources` as `Proposal.sources` holds them: what is no article stands there.

    With `every` all of the sources have numbers, used or not: what an editor may cite while they write. A mark whose
    article has gone meanwhile is taken out: the checks then say that a citation is missing.
    """
    wanted = [int(mark) for language in LANGUAGES for mark in _MARK.findall(text[language])]
    wanted = [*(_mark(place, source) for place, source in enumerate(sources) if every), *wanted]
    numbers, fresh = _numbers(issue, dict.fromkeys(wanted), sources)
    return Cited(Both(*(_numbered(text[language], numbers) for language in LANGUAGES)), tuple(fresh))


def number_sources(
    issue: Issue, sources: Sequence[Mapping[str, Any]], places: Iterable[int] | None = None
) -> tuple[dict[int, int], list[Citation]]:
    """Place of a source -> its number, and the citations that are new; those aren't saved.

    `places` are those to be numbered, in that order; None: all. What has gone meanwhile has none.
    """
    places = list(range(len(sources)) if places is None else places)
    marks = {place: _mark(place, sources[place]) for place in places}
    numbers, fresh = _numbers(issue, marks.values(), sources)
    return {place: numbers[mark] for place, mark in marks.items() if mark in numbers}, fresh


def _mark(place: int, source: Mapping[str, Any]) -> int:
    return int(source.get("article", TYPED + place))


def renumbered(text: str, became: Mapping[int, int]) -> str:
    """`text` with each number as what it `became`: somebody may have cited meanwhile."""
    return CITATION.sub(lambda mark: f"[{became.get(int(mark[1]), int(mark[1]))}]", text)


def _numbers(
    issue: Issue, marks: Iterable[int], sources: Sequence[Mapping[str, Any]]
) -> tuple[dict[int, int], list[Citation]]:
    present = list(issue.citations.all())
    by_article = {row.article_id: row.number for row in present if row.article_id}
    by_address = {(row.url, row.title): row.number for row in present}
    rows = Article.objects.select_related("source").in_bulk([mark for mark in marks if mark < TYPED])
    free = max((row.number for row in present), default=0)
    numbers: dict[int, int] = {}
    fresh: list[Citation] = []
    for mark in marks:
        made = _known(mark, sources, by_article, by_address)
        if made is None and (row := _row(issue, free + 1, mark, rows, sources)):
            made, free = free + 1, free + 1
            fresh.append(row)
        if made is not None:
            numbers[mark] = made
    return numbers, fresh


def _known(
    mark: int,
    sources: Sequence[Mapping[str, Any]],
    by_article: Mapping[int, int],
    by_address: Mapping[tuple[str, str], int],
) -> int | None:
    """The number that the source has in the issue already."""
    if mark < TYPED:
        return by_article.get(mark)
    source = sources[mark - TYPED]
    if "citation" in source:
        return int(source["citation"])
    return by_address.get((source["url"], source["title"]))


def _row(
    issue: Issue, number: int, mark: int, rows: Mapping[int, Article], sources: Sequence[Mapping[str, Any]]
) -> Citation | None:
    if mark < TYPED:
        return snapshot(issue, number, rows[mark]) if mark in rows else None
    return _typed(issue, number, sources[mark - TYPED])


def _typed(issue: Issue, number: int, source: Mapping[str, Any]) -> Citation:
    """What an editor typed in: it has no article, and its list is none."""
    names = names_of(source["outlet"])
    return Citation(
        issue=issue,
        number=number,
        outlet=source["outlet"],
        outlet_en=names.en,
        outlet_zh=names.zh,
        language=source["language"],
        title=source["title"],
        text=source["text"],
        url=source["url"],
        published_at=dt.datetime.fromisoformat(source["published"]),
    )


def _numbered(text: str, numbers: Mapping[int, int]) -> str:
    told = _MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]" if int(mark[1]) in numbers else "", text)
    return _RUN.sub(lambda run: "".join(f"[{n}]" for n in sorted(set(citations(run.group())))), told)
