"""The suppression list: addresses that must not be imported or mailed, kept as keyed hashes and nothing else."""

import datetime as dt
import hmac
from collections.abc import Iterable

from django.conf import settings

from subscribers import bulk
from subscribers.models import Suppression


def address_hash(key: str) -> str:
    """HMAC-SHA256 of a normalised address under SUPPRESSION_KEY, as 64 hex digits."""
    return _hash(settings.SUPPRESSION_KEY.encode(), key)


def _hash(secret: bytes, key: str) -> str:
    return hmac.digest(secret, key.encode(), "sha256").hex()


def suppress(key: str, reason: str, now: dt.datetime) -> None:
    """Remember that `key` must not be mailed; a newer reason takes the place of an older one."""
    Suppression.objects.update_or_create(address_hash=address_hash(key), defaults={"reason": reason, "at": now})


def suppress_all(keys: Iterable[str], reason: str, now: dt.datetime) -> None:
    """As `suppress`, for many; who is on the list already stays there for the reason of then."""
    secret = settings.SUPPRESSION_KEY.encode()
    bulk.insert(Suppression(reason=reason, at=now), ("address_hash",), [(_hash(secret, key),) for key in keys])


def release(key: str) -> None:
    """The owner of `key` has said yes again."""
    Suppression.objects.filter(address_hash=address_hash(key)).delete()


def suppressed_among(keys: Iterable[str]) -> list[str]:
    """Those of `keys` that may not be imported. Two queries, or one where nobody is on the list yet."""
    if not Suppression.objects.exists():
        return []
    secret = settings.SUPPRESSION_KEY.encode()
    by_hash = {_hash(secret, key): key for key in keys}
    return [by_hash[digest] for digest in bulk.among(Suppression, "address_hash", list(by_hash))]


def is_suppressed(key: str) -> bool:
    """Whether `key` may not be imported. It never stands in the way of a reader's own double opt-in."""
    return Suppression.objects.filter(address_hash=address_hash(key)).exists()
