"""An issue on its way to the readers: how far, how fast, what holds it up. The page looks again by itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from newsletter.deliver import deciding, pausing, progress, servers
from newsletter.deliver.progress import Progress
from newsletter.models import DeliveryState, Issue, IssueState, Pause
from newsletter.models.issue import PUBLIC
from newsletter.models.newsletter import Newsletter
from newsletter.review import words
from newsletter.roles import EXPORT
from newsletter.runs import ActError
from newsletter.views.desk import rail, readers_due, standing
from newsletter.views.desk.access import desk_view, editor
from newsletter.views.desk.answers import by_htmx
from newsletter.views.desk.readers_due import Hour
from subscribers.audience import Crowd

EVERY, PAUSED_EVERY = 3, 15  # seconds between two looks
REFUSALS_SHOWN = 12


@require_safe
@desk_view
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for htmx its live part alone, or a word to load all of it again where something was done meanwhile."""
    issue = get_object_or_404(Issue.objects.select_related("newsletter", "correction"), pk=pk)
    pause = Pause.objects.filter(issue=issue).select_related("by").first()
    stands = f"{issue.state}-{pause.pk if pause else 0}"
    if by_htmx(request):
        if request.GET.get("stands") != stands:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "desk/_sending.html", {**_live(issue), "pause": pause})
    context = {
        **_live(issue, anew=True),
        **{"stands": stands, "pause": pause, "told": pausing.told(pause.reason, pause.because) if pause else None},
        **{
            "state": pgettext("an issue", "Paused") if pause else words.STATES[issue.state],
            "every": _every(issue, pause),
        },
        **{"ways": _ways(issue, request), "why": standing.why_it_stands(issue)},
        **{"may_export": editor(request).has_perm(EXPORT), "back": _back(issue)},
        "servers": server_names(),
    }
    return render(request, "desk/sending.html", context)


def _every(issue: Issue, pause: Pause | None) -> int:
    """Seconds until the next look; 0: nothing changes any more."""
    if issue.state == IssueState.SENDING:
        return PAUSED_EVERY if pause else EVERY
    return EVERY if issue.state in PUBLIC and not standing.is_counted(issue) else 0


def _ways(issue: Issue, request: HttpRequest) -> list[tuple[standing.Way, str]]:
    """What may be done, and where it is asked for."""
    if issue.kind == "correction":
        return [
            (way, reverse("desk:go_correction", args=[issue.pk, way.act]))
            for way in standing.ways(issue, editor(request), timezone.now())
            if issue.state in PUBLIC
        ]
    ways = standing.ways(issue, editor(request), timezone.now())
    return [(way, reverse("desk:go", args=[issue.date, way.act])) for way in ways]


def _back(issue: Issue) -> str:
    if issue.kind == "correction" and hasattr(issue, "correction"):
        return reverse("desk:correction", args=[issue.correction.pk])
    return reverse("desk:issue", args=[issue.date])


def _live(issue: Issue, *, anew: bool = False) -> dict[str, Any]:
    now = timezone.now()
    stand = progress.look(issue, now, anew=anew)
    is_open = issue.state == IssueState.SENDING and bool(stand.open)
    refused = bool(stand.counts.get(DeliveryState.REFUSED))
    groups = progress.kept(f"refused-{issue.pk}", lambda: deciding.refusals(issue, now), anew=anew) if refused else []
    return {
        **{"issue": issue, "newsletter": issue.newsletter, "now": now, "stand": stand, "rows": _rows(stand)},
        **{"segments": _segments(stand), "said": _said(stand), "place": rail.place(issue.newsletter.zone)},
        "trouble": progress.trouble(issue, now),
        "put_off": progress.put_off(issue, now) if stand.counts.get(DeliveryState.DEFERRED) else [],
        "slow": progress.slow_lanes(issue, now) if is_open else [],
        "hours": _hours(issue, stand) if is_open and stand.later else [],
        "refusals": groups[:REFUSALS_SHOWN],
        "more_refusals": sum(group.mails for group in groups[REFUSALS_SHOWN:]),
        "uncertain": stand.counts.get(DeliveryState.UNCERTAIN, 0),
    }


def _hours(issue: Issue, stand: Progress) -> list[Hour]:
    crowds = [Crowd(*row) for row in progress.by_hour(issue, stand.at)]
    newsletter: Newsletter = issue.newsletter
    return readers_due.by_hour(crowds, newsletter, issue.date)


def _rows(stand: Progress) -> list[tuple[str, str, int]]:
    """Slug, exact words, how many: those that are always told, and others where there are any."""
    counts = stand.counts
    waiting = counts.get(DeliveryState.QUEUED, 0)
    rows = [
        ("accepted", _("Taken by the next mail server"), stand.accepted),
        ("claimed", _("Being handed over now"), counts.get(DeliveryState.CLAIMED, 0)),
        ("due", _("Due, in the queue"), stand.queued_due),
        ("later", _("Waiting for the reader’s hour, or for the provider’s next minute"), waiting - stand.queued_due),
        ("deferred", _("Put off by the reader’s server, to be tried again"), counts.get(DeliveryState.DEFERRED, 0)),
        ("refused", _("Refused by the reader’s server, or given up"), counts.get(DeliveryState.REFUSED, 0)),
        ("uncertain", _("May or may not have arrived"), counts.get(DeliveryState.UNCERTAIN, 0)),
        ("withdrawn", _("Withdrawn before it left"), counts.get(DeliveryState.WITHDRAWN, 0)),
    ]
    return [row for row in rows if row[2] or row[0] == "accepted"]


def _segments(stand: Progress) -> list[tuple[str, float, float]]:
    """Slug, where it begins and how wide it is, of a bar that is 1000 wide."""
    found, begins = [], 0.0
    for slug, _words, number in _rows(stand):
        width = 1000 * number / (stand.all or 1)
        if number:
            found.append((slug, round(begins, 1), round(max(width, 2), 1)))
        begins += width
    return found


def _said(stand: Progress) -> str:
    """For the ears, in tenths: said anew only where it changes."""
    tenth = 10 * (10 * stand.done // (stand.all or 1))
    said = _("%(share)d%% have their outcome.") % {"share": tenth}
    if refused := stand.counts.get(DeliveryState.REFUSED, 0):
        said += " " + ngettext("%(n)d was refused.", "%(n)d were refused.", refused) % {"n": refused}
    return said


def server_names() -> list[str]:
    """The mail servers that the settings name, as people know them."""
    if settings.MAIL_API:
        return [settings.MAIL_API.split(".")[-2]]
    try:
        return [server.name for server in servers.configured()]
    except ActError as error:
        return [str(error)]
