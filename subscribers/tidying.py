"""What time does to readers' rows: pauses end, strangers and what was only needed for a while are forgotten."""

import datetime as dt

from django.db.models import Q

from subscribers import joining, limits
from subscribers.models import Notice, Ticket, Wish
from subscribers.transfer import jobs

KEPT_FOR = dt.timedelta(days=30)  # single mails and their links, so that "I got no mail" can be answered
WISHES_KEPT_FOR = dt.timedelta(days=1)  # those that could not be taken up: whoever wished has gone to bed


def tidy(now: dt.datetime) -> dict[str, int]:
    """Safe to run at any time, and as often as one likes; how many of each."""
    return {
        "pauses_ended": joining.end_pauses(now),
        "strangers_forgotten": joining.purge_pending(now),
        "notices_forgotten": Notice.objects.filter(due_at=None, made_at__lt=now - KEPT_FOR).delete()[0],
        "tickets_forgotten": Ticket.objects.filter(
            Q(used_at__lt=now - KEPT_FOR) | Q(used_at=None, made_at__lt=now - KEPT_FOR)
        ).delete()[0],
        "wishes_forgotten": Wish.objects.filter(made_at__lt=now - WISHES_KEPT_FOR).delete()[0],
        "tallies_forgotten": limits.tidy(now),
        "imports_forgotten": jobs.forget(now),
    }
