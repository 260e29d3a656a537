"""What came of a source's last visits: one row for all in a row that ended alike, so that a quiet week is one line."""

import datetime as dt
from collections.abc import Mapping

from newsletter.gather.plain import shorten
from newsletter.models import Source, SourceVisit

KEPT = 60  # rows a source

_Outcome = SourceVisit.Outcome


def record(source: Source, at: dt.datetime, counts: Mapping[str, int]) -> SourceVisit:
    """Note a visit of `source` at `at`, which has left its error or warning on the row already.

    `counts` are gather's: `failed`, or `new` and `changed`. A visit that ended as the one before it is counted there;
    one that brought something has a row of its own. Only the newest KEPT rows stay.
    """
    new, changed = counts.get("new", 0), counts.get("changed", 0)
    outcome = _Outcome.FAILED if counts.get("failed") else _Outcome.NEW if new or changed else _Outcome.NOTHING
    note = shorten(source.last_error, 500)
    before = source.visits.first()
    if before and outcome != _Outcome.NEW and (before.outcome, before.note) == (outcome, note):
        before.times, before.last_at = before.times + 1, max(at, before.last_at)
        before.save(update_fields=["times", "last_at"])
        return before
    made = source.visits.create(outcome=outcome, note=note, began_at=at, last_at=at, new=new, changed=changed)
    if old := list(source.visits.values_list("pk", flat=True)[KEPT : KEPT + 100]):
        source.visits.filter(pk__in=old).delete()
    return made
