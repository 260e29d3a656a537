"""An edition as its readers get it, for somebody who is none: the same bytes, with links that open nobody's page."""

import base64
import email
import email.policy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.deliver.editions import render
from newsletter.deliver.envelope import slot_widths
from newsletter.deliver.slots import SlotError, compile_slots, splice
from newsletter.models import Issue


@dataclass(frozen=True)
class Sample:
    """What a mail program would show of one edition."""

    subject: str
    sender: str  # "Name <address>"
    preheader: str
    html: str  # empty in a plain-text edition
    text: str
    size: int  # bytes of the HTML, decoded, with links as long as a reader's own
    short_links: bool  # the marks in the text lead over short addresses of ours, to save room
    front_references: bool  # the list of references is cut to the main line's and the items'
    on_web: bool  # analysis and references stand on the web page alone


def sample(issue: Issue, choices: dict[str, Any], links: Mapping[str, str]) -> Sample:
    """The edition of `issue` for `choices` (as `Subscriber.choices()`), made by the same code that freezes it.

    `links` are the addresses that stand for each reader's own, PREFERENCES_URL and LEAVE_URL; they are made as wide as
    those, so that the size is a reader's to the byte. No token is made. Raises SlotError where one is too long.
    """
    frozen = render(issue, choices)
    spliced = splice(compile_slots(frozen.mime), widened(links))
    message = email.message_from_bytes(spliced, policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    html = parts.get("text/html", "")
    if frozen.page.logo and "image/png" in parts:  # a browser doesn't look for it inside the mail
        picture = base64.b64encode(parts["image/png"]).decode("ascii")
        html = html.replace(f"cid:{frozen.page.logo.cid}", f"data:image/png;base64,{picture}")
    return Sample(
        subject=frozen.subject,
        sender=str(message["From"]),
        preheader=frozen.page.preheader,
        html=html,
        text=parts["text/plain"],
        size=frozen.size,
        short_links=frozen.page.short_links,
        front_references=frozen.page.front_references,
        on_web=frozen.page.on_web,
    )


def widened(links: Mapping[str, str]) -> dict[str, bytes]:
    """`links` by slot, each as wide as a reader's own. Raises SlotError where one is too long."""
    return {name: _widened(links[name], width) for name, width in slot_widths().items()}


def _widened(url: str, width: int) -> bytes:
    """`url` with an empty query of hyphens after it, `width` bytes in all."""
    short = width - len(url.encode("ascii"))
    if short < 0:
        raise SlotError(f"{url} is longer than the {width} bytes that a reader's own address takes")
    return (url + ("?" + "-" * (short - 1) if short else "")).encode("ascii")
