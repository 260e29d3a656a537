"""The mail as its readers will get it: in each language, narrow and wide, light and dark, as text, as one reader."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsletter import offers
from newsletter.models import Issue
from newsletter.page import BUDGET_BYTES
from newsletter.roles import READERS
from newsletter.views.desk import preview_mail, preview_reader
from newsletter.views.desk.access import desk_view, needs
from newsletter.views.desk.answers import by_htmx
from newsletter.views.desk.find import issue_or_404
from newsletter.views.desk.preview_look import GROUPS, WIDTHS, Look, name_of, options
from subscribers.models import Subscriber

# The mail brings its own styles and no script; its links open beside the desk, not in the frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True)
class Switch:
    """A link to another look. `key` presses it."""

    slug: str
    label: str
    query: str
    current: bool
    key: str = ""
    lang: str = ""  # of the label, where it is not the page's


@require_safe
@desk_view
def preview(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The mail in a frame, with what there is to choose beside it."""
    return _page(request, issue_or_404(date), [])


@require_POST
@desk_view
@needs(READERS)
def find_reader(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The preview with the readers that were looked for. By POST: an address in an address bar ends up in logs."""
    return _page(request, issue_or_404(date), preview_reader.find(request.POST.get("reader", "")[:320]), searched=True)


@require_safe
@desk_view
def mail(request: HttpRequest, date: dt.date) -> HttpResponse:
    """The mail alone: what the frame shows, and "open as page". Its links are nobody's."""
    issue = issue_or_404(date)
    look, choices, _reader = _looked_at(request, issue)
    edition = preview_mail.shown(issue, choices)
    if edition is None:
        missing = _("The mail can’t be rendered; the server’s log says why.")
        return HttpResponse(missing, status=503, content_type="text/plain; charset=utf-8")
    if look.text or not edition.html:
        return HttpResponse(edition.text, content_type="text/plain; charset=utf-8")
    fixed = "dark" in request.GET  # without it, as the machine prefers: the pane beside the issue
    response = HttpResponse(preview_mail.in_scheme(edition.html, dark=look.dark) if fixed else edition.html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


@require_safe
@desk_view
def sizes(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Every edition against the budget: the whole one in each language, and those that most readers chose."""
    issue = issue_or_404(date)
    context = {"issue": issue, "date": date, "newsletter": issue.newsletter, **preview_mail.measured(issue)}
    return render(request, "desk/_preview_sizes.html" if by_htmx(request) else "desk/preview_sizes.html", context)


@require_safe
@desk_view
def link(request: HttpRequest, date: dt.date, name: str) -> HttpResponse:
    """Where a reader's own link would lead; from a preview or a test mail it leads here."""
    if name not in ("preferences", "leave"):
        raise Http404
    issue = issue_or_404(date)
    return render(request, "desk/preview_link.html", {"issue": issue, "date": date, "name": name})


def _page(request: HttpRequest, issue: Issue, found: list[Subscriber], *, searched: bool = False) -> HttpResponse:
    look, choices, reader = _looked_at(request, issue)
    edition = preview_mail.shown(issue, choices)
    on_offer = offers.current()
    context: dict[str, Any] = {
        **{"issue": issue, "date": issue.date, "newsletter": issue.newsletter, "look": look, "edition": edition},
        **{"reader": reader, "searched": searched, "may_find": preview_reader.may_find(request)},
        "found": [{"reader": each, "query": look.query(reader=each.pk)} for each in found],
        "shown_language": choices["language"],
        "switches": _switches(look, reader is not None, choices),
        "as_text": look.text or bool(edition and not edition.html),
        "frame": f"{reverse('desk:preview_mail', args=[issue.date])}?{look.query(text=False)}{_scheme(look)}",
        "alone": f"{reverse('desk:preview_mail', args=[issue.date])}?{look.query()}{_scheme(look)}",
        "query": look.query(),
        "groups": [_group(on_offer, name, choices[name]) for name in GROUPS],
        "narrowed": sum(choices[name] is not None for name in GROUPS),
        "weight": preview_mail.weight(edition) if edition and edition.html else None,
        "budget": BUDGET_BYTES,
        "everybody": look.query(reader=None, lists=None, sections=None, topics=None),
    }
    return render(request, "desk/preview.html", context, status=200 if edition else 503)


def _looked_at(request: HttpRequest, issue: Issue) -> tuple[Look, dict[str, Any], preview_reader.Recipient | None]:
    """The look that the address asks for, and whose choices it shows: a reader's, or those in the address."""
    on_offer = offers.current()
    look = Look.from_query(request.GET, on_offer)
    if look.reader is None:
        return look, look.choices, None
    reader = preview_reader.recipient(issue, look.reader, on_offer) if preview_reader.may_find(request) else None
    if reader is None:
        raise Http404(_("There is no such reader."))
    return look, reader.choices, reader


def _switches(look: Look, of_reader: bool, choices: dict[str, Any]) -> dict[str, list[Switch]]:
    """The links that change one thing about the look. A reader's edition has the reader's language."""
    here = look.of(choices) if of_reader else look
    names = {"both": (_("Both"), "b", ""), "en": ("English", "e", "en"), "zh": ("中文", "z", "zh-Hans")}
    return {
        "language": [
            Switch(slug, label, here.query(language=slug, text=look.text), here.language == slug, key, lang)
            for slug, (label, key, lang) in names.items()
        ],
        "form": [
            Switch("mail", _("Mail"), look.query(text=False), not look.text, "m"),
            Switch("text", _("Plain text"), look.query(text=True), look.text, "t"),
        ],
        "width": [
            Switch(f"{px}", f"{px} px", look.query(width=px), look.width == px, key)
            for px, key in zip(WIDTHS, ("3", "7"), strict=True)
        ],
        "scheme": [
            Switch("light", _("Light"), look.query(dark=False), not look.dark, "l"),
            Switch("dark", _("Dark"), look.query(dark=True), look.dark, "d"),
        ],
    }


def _scheme(look: Look) -> str:
    """Light is said too: what isn't said is as the machine prefers."""
    return "" if look.dark else "&dark=0"


def _group(on_offer: Any, name: str, chosen: list[str] | None) -> dict[str, Any]:
    """The boxes of one group of choices."""
    labels = {"lists": _("Source lists"), "sections": _("Sections"), "topics": _("Topics")}
    boxes = [
        {"slug": each.slug, "name": name_of(each), "on": chosen is None or each.slug in chosen}
        for each in options(on_offer, name)
    ]
    return {"name": name, "label": labels[name], "boxes": boxes}
