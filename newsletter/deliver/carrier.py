"""Which way mail leaves, as the settings choose: over SMTP, or by a provider's HTTP interface."""

from collections.abc import Callable

from django.conf import settings

from newsletter.deliver.esp import ProviderTransport
from newsletter.deliver.transport import Permit, Ref, Transport

Carrier = Transport | ProviderTransport


def carrier(before_message: Callable[[Ref], None] = lambda ref: None, permit: Permit | None = None) -> Carrier:
    """A new one; use it as a context manager. Raises ServerError or UnreachableError for settings of no use."""
    if settings.MAIL_API:
        return ProviderTransport(before_message)
    return Transport(before_message, permit)
