"""Find readers by what an operator is told: the beginning of an address, a domain, or a number. Pure."""

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
    reads every one. All is compared as keys are, by addresses' own function: `@例子` is read as its A-label.
    """
    text = addresses.fold(text.strip().replace("＠", "@"))
    if not text:
        return Q()
    if text.startswith("#") and text[1:].isdecimal() and len(text) <= _MOST_DIGITS:
        return Q(pk=int(text[1:]))
    if "*" in text:
        return _anywhere(text.replace("*", ""))
    local, at, domain = text.partition("@")
    if at and not local:
        return _begins(Domain("email_key"), addresses.fold_domain(domain))
    if at:
        return _begins(F("email_key"), f"{local}@{addresses.fold_domain(domain)}")
    return _begins(F("email_key"), text) | _begins(Domain("email_key"), addresses.fold_domain(text))


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


def _anywhere(text: str) -> Q:
    """In the key, whose domain may be an A-label, and in the address as it was written, where `例` begins 例子."""
    local, at, domain = text.rpartition("@")
    as_domain = f"{local}{at}{addresses.fold_domain(domain)}"
    found = Q(email_key__contains=text)
    if text.isascii():
        return found
    return found | Q(email_key__contains=as_domain) | Q(email__contains=text)
