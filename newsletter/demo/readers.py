"""A dozen readers of the demo, with different languages, lists, topics and hours."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from subscribers import joining, preferences
from subscribers.joining import Proof
from subscribers.models import Subscriber

DEMO = "demo"


@dataclass(frozen=True)
class DemoReader:
    """Who the reader is and what they chose; what isn't said is as a new reader has it."""

    name: str
    language: str
    zone: str = "Asia/Shanghai"
    choices: dict[str, Any] = field(default_factory=dict)


# No hour falls later than the end of yesterday's issue date in Shanghai, so that the demo always sends all of it.
READERS = (
    DemoReader("ana", "en", "Europe/Berlin"),
    DemoReader("bo", "zh"),
    DemoReader("chen", "both", choices={"send_at": dt.time(7, 30)}),
    DemoReader("dara", "en", "America/New_York", {"send_at": dt.time(6, 45), "lists": ["us"]}),
    DemoReader("en-lai", "zh", choices={"lists": ["china"]}),
    DemoReader("fatima", "both", "Africa/Casablanca", {"sections": ["items", "references"]}),
    DemoReader("guo", "zh", choices={"plain_text": True, "send_at": dt.time(12, 0)}),
    DemoReader("hana", "en", "Asia/Tokyo", {"topics": ["robotics", "chips-compute"]}),
    DemoReader("ivo", "en", "Europe/London", {"plain_text": True}),
    DemoReader("jun", "both", "America/Los_Angeles", {"send_at": dt.time(7, 0)}),
    DemoReader("ke", "zh", choices={"topics": ["policy-safety"]}),
    DemoReader("lin", "both", "Asia/Singapore"),
)


def make_readers() -> None:
    """Join and confirm each of them as by the form, without the mails, and set their choices. Safe to run again."""
    proof = Proof(how=DEMO, wording="A reader of the demo; nobody behind it.")
    for person in READERS:
        email = f"{person.name}@reader.example"
        if Subscriber.objects.filter(email_key=email).exists():
            continue
        reader = joining.join(email, person.language, proof, zone=person.zone)
        joining.confirm(reader, proof)
        preferences.save(reader, person.choices, None, proof)
