"""What our rows say about one reader: told in a copy of their data, forgotten when they are erased."""

from typing import Any

from newsletter.models import Delivery, DeliveryEvent, Reply


def forget(reader_id: int) -> None:
    """Servers repeat the address in their answers and reports: those texts go. That a mail was sent stays counted."""
    Delivery.objects.filter(reader_id=reader_id).update(reply="")
    Reply.objects.filter(reader_id=reader_id).delete()
    DeliveryEvent.objects.filter(reader_id=reader_id).update(detail={})
    DeliveryEvent.objects.filter(delivery__reader_id=reader_id).update(detail={})


def tell(reader_id: int) -> dict[str, Any]:
    """Every issue that was sent or tried, its outcome and what was reported of it; times are in UTC."""
    deliveries = Delivery.objects.filter(reader_id=reader_id).select_related("issue").prefetch_related("events")
    return {
        "deliveries": [
            {
                "issue": each.issue.date.isoformat(),
                "state": each.state,
                "due_at": each.due_at.isoformat(),
                "finished_at": each.finished_at.isoformat() if each.finished_at else None,
                "reply": each.reply,
                "events": [
                    {"kind": event.kind, "occurred_at": event.occurred_at.isoformat(), "detail": event.detail}
                    for event in each.events.all()
                ],
            }
            for each in deliveries.order_by("due_at", "pk")
        ],
        "replies": [
            {"received_at": each.received_at.isoformat(), "subject": each.subject, "text": each.text}
            for each in Reply.objects.filter(reader_id=reader_id).order_by("received_at", "pk")
        ],
        "reports": [
            {"kind": event.kind, "occurred_at": event.occurred_at.isoformat(), "detail": event.detail}
            for event in DeliveryEvent.objects.filter(reader_id=reader_id, delivery=None).order_by("occurred_at", "pk")
        ],
    }
