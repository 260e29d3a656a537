"""The operator's pages about readers: Django finds them by this module's name."""

from subscribers.admin.readers import SubscriberAdmin

__all__ = ["SubscriberAdmin"]
