"""An address that somebody typed, judged the same wherever it is typed: in the sign-up and in a change of address."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from subscribers import addresses, slips
from subscribers.addresses import Address, AddressError
from subscribers.views import pages

NO_ADDRESS = _(
    "This is not an address that mail can reach. It has one @ and, after it, a domain with a dot, "
    "as in name@example.com."
)
DISPOSABLE = _("This mailbox is made to be thrown away. Please use one that lasts: each issue will come to it.")
KEEP = "keep"  # the field in which the slip's page sends back what is right as it is


class TypedError(ValueError):
    """An address that isn't taken; the message says why, to whoever typed it."""


def read(text: str) -> Address:
    """The address in `text`. Raises TypedError for what mail can't reach, and for mailboxes to throw away."""
    try:
        address = addresses.normalise(text)
    except AddressError:
        raise TypedError(NO_ADDRESS) from None
    if settings.REFUSE_DISPOSABLE and slips.is_disposable(address):
        raise TypedError(DISPOSABLE)
    return address


def doubt(
    request: HttpRequest, address: Address, language: str, *, action: str, other: str, fields: Mapping[str, str]
) -> HttpResponse | None:
    """The page that asks whether `address` is meant, where it has a probable slip or is shared; else None.

    Its buttons POST to `action`, with `fields` and the address; `other` is where another one is typed.
    """
    if request.POST.get(KEEP) == address.key:
        return None
    meant = slips.suggestion(address)
    if not meant and not slips.is_shared(address):
        return None
    sent = {**fields, KEEP: address.key}
    context = {"meant": meant, "address": address, "action": action, "other": other, "fields": sent}
    return pages.render(request, "subscribers/slip.html", language, context)
