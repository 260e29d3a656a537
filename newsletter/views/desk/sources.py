"""What a sentence rests on: the cited articles as they were when the issue was composed, supporting words marked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsletter import lexicon
from newsletter.bilingual import Both
from newsletter.models import Citation
from newsletter.review.pairing import Pair
from newsletter.views.desk.access import desk_view
from newsletter.views.desk.evidence import Claim, Evidence
from newsletter.views.desk.find import block_or_404
from newsletter.views.desk.proof import Proofreader, Row, Section


@dataclass(frozen=True, slots=True)
class Quote:
    """A cited article and what it says of the sentence. `meant`: the number that was clicked."""

    citation: Citation
    evidence: Evidence
    meant: bool = False


@require_safe
@desk_view
def sources(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """The articles that one row of a block cites; `?row=2&n=3` names the row and the citation that was clicked.

    For htmx a part of the issue's page, else a page of its own.
    """
    block = block_or_404(date, key)
    reader = Proofreader(block.issue)
    section = next(each for each in reader.proof().sections if each.block.pk == block.pk)
    row = _row(section, request.GET.get("row", ""))
    meant = request.GET.get("n", "")
    context: dict[str, Any] = {
        **{"issue": block.issue, "newsletter": block.issue.newsletter, "date": date, "section": section, "row": row},
        "quotes": quotes(reader, row.pair, row.cited, meant=int(meant) if meant.isdecimal() else 0),
        "back": f"#{row.anchor}",
    }
    return render(request, "desk/_sources.html" if request.headers.get("HX-Request") else "desk/sources.html", context)


def quotes(reader: Proofreader, pair: Pair, numbers: list[int], *, meant: int = 0) -> list[Quote]:
    """The articles with these citation numbers, held against the sentences of `pair`; the one `meant` first."""
    claim = Claim(Both(" ".join(pair.en), "".join(pair.zh)), lexicon.load())
    found = []
    for number in sorted(numbers, key=lambda n: (n != meant, numbers.index(n))):
        each = reader.citations[number]
        found.append(Quote(each, claim.evidence(each.title, each.text, each.language), number == meant))
    return found


def _row(section: Section, wanted: str) -> Row:
    found = next((row for row in section.rows if str(row.n) == wanted), None)
    if found is None:
        raise Http404(_("That sentence is no longer there."))
    return found
