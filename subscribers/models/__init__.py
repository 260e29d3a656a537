"""Who gets mail, and on what consent."""

from subscribers.models.consent import ConsentEvent
from subscribers.models.subscriber import MAILABLE, State, Subscriber
from subscribers.models.suppression import Suppression

__all__ = ["MAILABLE", "ConsentEvent", "State", "Subscriber", "Suppression"]
