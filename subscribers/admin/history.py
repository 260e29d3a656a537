"""One reader's history as an operator reads it aloud: whatever happened, in one order of time, in words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscribers.admin import standing, words
from subscribers.models import ConsentEvent, Happening, Notice, Subscriber, Way
from subscribers.views.leave import REASONS

_FOLDED_FROM = 4  # issues in a row that all went well are one line from this many on


@dataclass(frozen=True)
class Moment:
    """Something that happened, and what is known of it. `quote` is in somebody else's words."""

    at: dt.datetime
    what: str
    details: tuple[str, ...] = ()
    quote: str = ""
    bad: bool = False
    folded: tuple["Moment", ...] = ()  # the single moments that this one sums up
    issue: dt.date | None = None  # of an issue that was taken, with nothing more to tell


def of(reader: Subscriber) -> list[Moment]:
    """Newest first: consents, mails to this reader alone, and what the rest of the service tells (READER_TELLERS).

    Times are aware, in UTC. Issues that went well day after day are folded into one moment.
    """
    # Of one moment, what followed stands above what led to it.
    moments = [_mail(notice) for notice in reader.notices.select_related("ticket")]
    moments += [_consent(event) for event in reader.consents.order_by("-at", "-pk")]
    for tell in settings.READER_TELLERS:
        moments += _told(import_string(tell)(reader.pk))
    return list(_fold(sorted(moments, key=lambda moment: moment.at, reverse=True)))


def why_dead(moments: list[Moment]) -> str:
    """The mail server's words that told of a dead address last; empty where none are kept."""
    return next((moment.quote for moment in moments if moment.bad and moment.quote), "")


def _consent(event: ConsentEvent) -> Moment:
    details = [words.say(words.WAYS, event.how)]
    if event.from_state != event.to_state and event.to_state:
        before, after = (words.say(words.STATES, state) for state in (event.from_state, event.to_state))
        details.append(f"{before} → {after}" if event.from_state else after)
    if event.ip:
        details.append(_("from the network address %(ip)s") % {"ip": event.ip})
    if event.note:
        details.append(_note(event))
    return Moment(event.at, words.say(words.EVENTS, event.kind), tuple(details), event.wording, _is_bad(event.kind))


def _is_bad(kind: str) -> bool:
    return kind in (Happening.BOUNCED, Happening.COMPLAINED)


def _note(event: ConsentEvent) -> str:
    if event.how == Way.ADMIN:
        return _("operator: %(name)s") % {"name": event.note}
    if event.kind == Happening.CHOSE:
        return ", ".join(words.say(words.CHOICES, name) for name in event.note.split(", "))
    if event.kind == Happening.GAVE_REASON:
        return str(REASONS.get(event.note, event.note))
    if event.kind == Happening.ADMITTED:
        return " · ".join([event.note.partition("\n")[0], *_told_by_the_file(event)])
    return event.note


def _told_by_the_file(event: ConsentEvent) -> list[str]:
    """What the imported file said of their consent: never our own knowledge, and said so."""
    told = event.note.partition("\n")[2].splitlines()
    return [_("the file says: %(told)s") % {"told": ", ".join(told)}] if told else []


def _mail(notice: Notice) -> Moment:
    kind = notice.ticket.purpose if notice.ticket else notice.kind
    details = [_("to %(address)s") % {"address": notice.address}] if notice.address else []
    if notice.sent_at:
        details.append(_("taken by the mail server at %(time)s") % {"time": standing.clock(notice.sent_at)})
    elif notice.due_at:
        details.append(_("not sent yet"))
    else:
        details.append(_("given up after %(count)d attempts") % {"count": notice.attempts})
    given_up = not notice.sent_at and not notice.due_at
    return Moment(notice.made_at, words.say(words.MAILS, kind), tuple(details), notice.reply, given_up)


def _told(told: dict[str, list[dict[str, Any]]]) -> Iterator[Moment]:
    """What newsletter.records.tell says: deliveries, each with what was reported of it, and reports of other mails."""
    for row in told.get("deliveries", ()):
        yield _delivery(row)
        for event in row["events"]:
            yield _report(event, row["issue"])
    for event in told.get("reports", ()):
        yield _report(event, "")


def _delivery(row: dict[str, Any]) -> Moment:
    date, state, reply = parse_date(row["issue"]), row["state"], row["reply"]
    what = _("Issue of %(date)s: %(outcome)s") % {
        "date": _day(date),
        "outcome": words.say(words.DELIVERIES, state),
    }
    went_well = state == "accepted"
    return Moment(
        _time(row["finished_at"] or row["due_at"]),
        what,
        quote=reply,
        bad=state in ("refused", "uncertain"),
        issue=date if went_well else None,
    )


def _report(row: dict[str, Any], issue: str) -> Moment:
    detail = row["detail"]
    details = [_("about the issue of %(date)s") % {"date": _day(parse_date(issue))}] if issue else []
    if detail.get("status"):
        details.append(_("status %(code)s") % {"code": detail["status"]})
    if detail.get("measure"):
        details.append(words.say(words.MEASURES, detail["measure"]))
    kind = row["kind"]
    return Moment(
        _time(row["occurred_at"]),
        words.say(words.REPORTS, kind),
        tuple(details),
        detail.get("diagnostic") or "",
        kind in ("bounce", "complaint"),
    )


def _fold(moments: list[Moment]) -> Iterator[Moment]:
    for went_well, run in groupby(moments, key=lambda moment: moment.issue is not None):
        same = list(run)
        if went_well and len(same) >= _FOLDED_FROM:
            yield _together(same)
        else:
            yield from same


def _together(issues: list[Moment]) -> Moment:
    dates = sorted(moment.issue for moment in issues if moment.issue)
    text = ngettext(
        "%(count)d issue, of %(first)s to %(last)s: taken by the reader’s mail server",
        "%(count)d issues, of %(first)s to %(last)s: all taken by the reader’s mail server",
        len(issues),
    ) % {"count": len(issues), "first": _day(dates[0]), "last": _day(dates[-1])}
    return Moment(issues[0].at, text, folded=tuple(issues))


def _day(date: dt.date | None) -> str:
    return date_format(date, "DATE_FORMAT") if date else ""


def _time(text: str) -> dt.datetime:
    moment = parse_datetime(text)
    assert moment is not None, text
    return moment
