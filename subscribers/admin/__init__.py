"""The operator's pages about readers: Django finds them by this module's name."""

from subscribers.admin.imports import ImportAdmin
from subscribers.admin.readers import SubscriberAdmin
from subscribers.admin.segments import SegmentAdmin

__all__ = ["ImportAdmin", "SegmentAdmin", "SubscriberAdmin"]
