"""Who gets mail, and on what consent."""

from subscribers.models.consent import ConsentEvent, Happening, Way
from subscribers.models.domain import Domain
from subscribers.models.imports import AT_WORK, OPEN, Import, ImportPurpose, ImportState
from subscribers.models.notice import Notice, Ticket
from subscribers.models.segment import Segment
from subscribers.models.subscriber import MAILABLE, Frequency, Language, State, Subscriber
from subscribers.models.suppression import Suppression
from subscribers.models.tally import Tally
from subscribers.models.wish import Wish

__all__ = [
    "AT_WORK",
    "MAILABLE",
    "OPEN",
    "ConsentEvent",
    "Domain",
    "Frequency",
    "Happening",
    "Import",
    "ImportPurpose",
    "ImportState",
    "Language",
    "Notice",
    "Segment",
    "State",
    "Subscriber",
    "Suppression",
    "Tally",
    "Ticket",
    "Way",
    "Wish",
]
