"""The suppression list: addresses that must not be imported or mailed, kept as keyed hashes and nothing else."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from subscribers.models import Suppression


def address_hash(key: str) -> str:
    """HMAC-SHA256 of a normalised address under SUPPRESSION_KEY, as 64 hex digits."""
    return hmac.new(settings.SUPPRESSION_KEY.encode(), key.encode(), hashlib.sha256).hexdigest()


def suppress(key: str, reason: str, now: dt.datetime) -> None:
    """Remember that `key` must not be mailed; a newer reason takes the place of an older one."""
    Suppression.objects.update_or_create(address_hash=address_hash(key), defaults={"reason": reason, "at": now})


def release(key: str) -> None:
    """The owner of `key` has said yes again."""
    Suppression.objects.filter(address_hash=address_hash(key)).delete()


def suppressed_among(keys: Iterable[str]) -> list[str]:
    """Those of `keys` that may not be imported. One query."""
    by_hash = {address_hash(key): key for key in keys}
    listed = Suppression.objects.filter(address_hash__in=by_hash).values_list("address_hash", flat=True)
    return [by_hash[digest] for digest in listed]


def is_suppressed(key: str) -> bool:
    """Whether `key` may not be imported. It never stands in the way of a reader's own double opt-in."""
    return Suppression.objects.filter(address_hash=address_hash(key)).exists()
