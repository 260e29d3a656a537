"""A provider that wants fewer mails in the same time is left in peace for a while."""

import datetime as dt
import logging

from newsletter.models import Delivery
from newsletter.models.delivery import RETRYABLE

log = logging.getLogger(__name__)

REST = dt.timedelta(minutes=30)  # QQ counts by the minute, the hour and the day, and says no figures


def rest(domain: str, now: dt.datetime) -> int:
    """Put off what is due to readers at `domain` until the rest is over; how many mails that were."""
    waiting = Delivery.objects.filter(
        state__in=RETRYABLE, due_at__lt=now + REST, reader__email_key__endswith=f"@{domain}"
    )
    put_off = waiting.update(due_at=now + REST)
    log.warning("%s wants fewer mails: %d put off for %d minutes", domain, put_off, REST.seconds // 60)
    return put_off
