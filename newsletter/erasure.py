"""Forget what the newsletter's own rows say about a reader who is being erased."""

from newsletter.models import Delivery, DeliveryEvent


def forget(reader_id: int) -> None:
    """Servers repeat the address in their answers and reports: those texts go. That a mail was sent stays counted."""
    Delivery.objects.filter(reader_id=reader_id).update(reply="")
    DeliveryEvent.objects.filter(delivery__reader_id=reader_id).update(detail={})
