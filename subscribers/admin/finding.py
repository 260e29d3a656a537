"""Find readers by what an operator is told: the beginning of an address, a domain, or a number. Pure."""

import unicodedata

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from subscribers import addresses
from subscribers.models import Domain, Subscriber

_MOST_DIGITS = 18  # of a number that fits the database's own
_LAST = chr(0x10FFFF)  # compared by bytes, it follows whatever may stand in its place


def matching(text: str) -> Q:
    """What a search for `text` means; everybody for an empty one.

    `@qq.com` is a domain or its beginning, `#17` a reader's number as logs and the admin name them, and anything else
    the beginning of an address or of a domain: all read from an index. `*wang` stands anywhere in the address, which
    reads every one. Addresses are compared as their keys are: case folded, domains as A-labels.
    """
    text = unicodedata.normalize("NFC", text.strip()).casefold()
    if not text:
        return Q()
    if text.startswith("#") and text[1:].isdecimal() and len(text) <= _MOST_DIGITS:
        return Q(pk=int(text[1:]))
    if "*" in text:
        return Q(email_key__contains=text.replace("*", ""))
    local, at, domain = text.partition("@")
    if at and not local:
        return _begins(Domain("email_key"), _as_stored(domain))
    if at:
        return _begins(F("email_key"), f"{local}@{_as_stored(domain)}")
    return _begins(F("email_key"), text) | _begins(Domain("email_key"), _as_stored(text))


def narrow(readers: QuerySet[Subscriber], text: str) -> QuerySet[Subscriber]:
    """Those of `readers` whom a search for `text` finds.

    Where they are filtered already, it is first found who matches, and then who of them is among `readers`: SQLite
    would rather look at each active reader's address.
    """
    found = matching(text)
    if found and readers.query.where:
        return readers.filter(pk__in=Subscriber.objects.filter(found).values("pk"))
    return readers.filter(found)


def is_domain(text: str) -> bool:
    """Whether a search finds a domain, and so names nobody."""
    return text.strip().startswith("@") and "*" not in text


def _begins(what: Combinable, start: str) -> Q:
    """A range, because LIKE reads no index in SQLite; by bytes in both databases (see the migration 0007)."""
    return Q(GreaterThanOrEqual(what, start)) & Q(LessThan(what, start + _LAST))


def _as_stored(domain: str) -> str:
    """A whole international domain as an A-label; what is only the beginning of one, as it was typed."""
    try:
        return addresses.normalise(f"x@{domain}").key.partition("@")[2]
    except addresses.AddressError:
        return domain
