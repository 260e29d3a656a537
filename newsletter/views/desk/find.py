"""The rows that an address of the desk names."""

import datetime as dt

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django.utils.translation import gettext as _

from newsletter.models import Block, Finding, Issue, Newsletter

FIRST = dt.date(1, 1, 3)  # whose window, in any zone, begins after time does


class DeskDate:
    """`2026-05-07` in an address; anything that is no date is no page."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        date = dt.date.fromisoformat(value)  # a ValueError here is a 404
        if date < FIRST:
            raise ValueError
        return date

    def to_url(self, value: dt.date | str) -> str:
        return str(value)


register_converter(DeskDate, "desk_date")


def the_newsletter() -> Newsletter:
    """The first newsletter there is."""
    newsletter = Newsletter.objects.order_by("pk").first()
    if newsletter is None:
        raise Http404(_("There is no newsletter yet: run `manage.py migrate`."))
    return newsletter


def issue_of(date: dt.date) -> Issue | None:
    """The daily issue of `date`; the last one where a day has several."""
    return (
        Issue.objects.filter(newsletter=the_newsletter(), date=date, kind="daily")
        .select_related("newsletter", "approved_by")
        .order_by("-sequence")
        .first()
    )


def issue_or_404(date: dt.date) -> Issue:
    issue = issue_of(date)
    if issue is None:
        raise Http404(_("There is no issue of %(date)s.") % {"date": date})
    return issue


def block_or_404(date: dt.date, key: str) -> Block:
    """The block, with its issue."""
    issue = issue_or_404(date)
    block = get_object_or_404(Block.objects.select_related("source_list"), issue=issue, key=key)
    block.issue = issue
    return block


def finding_or_404(date: dt.date, pk: int) -> Finding:
    """The finding, with its block and issue."""
    issue = issue_or_404(date)
    finding = get_object_or_404(Finding.objects.select_related("block"), issue=issue, pk=pk)
    finding.issue = issue
    return finding
