"""What a visit leaves on a source: when to come again, how it went, what it said about conditional GET."""

import datetime as dt
from collections.abc import Callable, Mapping

from newsletter.gather.fetch import EVERY, Visit, pause
from newsletter.gather.plain import shorten
from newsletter.models import Source

Complain = Callable[[str], None]  # takes one line, "name: reason"

_FIELDS = ("last_visit_at", "last_success_at", "next_visit_at", "failures", "last_error", "etag", "last_modified")


def succeed(source: Source, at: dt.datetime, warning: str, headers: Mapping[str, str] | None = None) -> None:
    """The feed was read, or is unchanged. `headers` are the answer's; None leaves the validators as they are."""
    if headers is not None:
        source.etag = _fitting(headers.get("etag", ""), 500)
        source.last_modified = _fitting(headers.get("last-modified", ""), 100)
    source.last_visit_at = source.last_success_at = at
    source.next_visit_at = at + EVERY
    source.failures, source.last_error = 0, shorten(warning, 500)
    _keep(source)


def fail(source: Source, visit: Visit, reason: str, complain: Complain) -> dict[str, int]:
    """The visit brought nothing: say why, and leave the source alone for longer each time. Returns counts to add."""
    source.failures += 1
    source.last_visit_at = visit.at
    source.next_visit_at = visit.at + pause(source.failures, visit)
    source.last_error = shorten(reason, 500)
    _keep(source)
    complain(f"{source.name}: {reason}")
    return {"failed": 1}


def note_move(source: Source, moved_to: str, complain: Complain) -> None:
    """A permanent redirect is noted, not followed for good: gates and parked domains redirect permanently too."""
    note = f"moved for good to {shorten(moved_to, 200)}: change the address"
    if moved_to and note not in source.note:
        source.note = f"{source.note}; {note}".removeprefix("; ")[-300:]
        source.save(update_fields=["note"])
        complain(f"{source.name}: {note}")


def _keep(source: Source) -> None:
    """Not by `save`: one that was deleted while it was being visited is no trouble."""
    Source.objects.filter(pk=source.pk).update(**{name: getattr(source, name) for name in _FIELDS})


def _fitting(header: str, limit: int) -> str:
    """A validator that doesn't fit its column is none: cut, it would match nothing."""
    return header if len(header) <= limit else ""
