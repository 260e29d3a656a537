"""A mail, and several handed over at once."""

from newsletter.deliver.envelope import Envelope
from newsletter.deliver.outcome import Outcome
from newsletter.deliver.transport import Transport

BODY = b"Subject: x\r\n\r\n.one\r\n..two\r\n" + b"text\r\n" * 9000 + b"end\r\n"


def mail(recipient: str = "ana@a.example") -> Envelope:
    return Envelope("news@b.example", recipient, BODY)


def handed_over(*mails: Envelope, transport: Transport | None = None) -> list[Outcome]:
    """Each mail's outcome, in the order of the mails."""
    waiting, found = list(enumerate(mails)), dict[int, Outcome]()
    with transport or Transport() as lines:
        while waiting or lines.busy:
            while waiting and lines.has_room():
                lines.offer(*waiting.pop(0))
            found.update(lines.turn())
    return [found[number] for number in range(len(mails))]
