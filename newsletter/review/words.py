"""What the desk calls things, in the editor's language: states of an issue, kinds and shapes of doubt."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.models import DeliveryState, IssueState
from newsletter.models.issue import BlockKind

STATES: dict[str, Promise] = {
    IssueState.DRAFT: _("Draft"),
    IssueState.IN_REVIEW: _("In review"),
    IssueState.APPROVED: _("Approved"),
    IssueState.SENDING: _("Sending"),
    IssueState.SENT: _("Sent"),
    IssueState.HELD: _("Held"),
    IssueState.SKIPPED: _("Skipped"),
}


DELIVERIES: dict[str, Promise] = {
    DeliveryState.ACCEPTED: _("Accepted by the next mail server"),
    DeliveryState.QUEUED: _("Waiting for the reader’s hour"),
    DeliveryState.CLAIMED: _("Being handed over"),
    DeliveryState.DEFERRED: _("Put off by the server, to be tried again"),
    DeliveryState.REFUSED: _("Refused"),
    DeliveryState.UNCERTAIN: _("May or may not have arrived"),
    DeliveryState.WITHDRAWN: _("Withdrawn before it left"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the four marks of the proof: told apart by its form and its words, never by hue."""

    slug: str
    glyph: str
    label: Promise
    kinds: tuple[str, ...]


SHAPES = (
    Shape("disagree", "〓", _("Languages disagree"), ("parity",)),
    Shape(
        *("source", "〜", _("Not in its source")),
        ("figure", "name", "roles", "origin", "quotation", "certainty", "citation_irrelevant"),
    ),
    Shape("caret", "∧", _("Citation missing"), ("uncited", "citation_range")),
    Shape(
        *("style", "·", _("Style and order")),
        (
            *("language", "glossary", "duplicate", "repeated", "headline", "truncated"),
            *("length", "stale", "concentration", "disclaimer"),
        ),
    ),
)
_OF_KIND = {kind: shape for shape in SHAPES for kind in shape.kinds}


def shape_of(kind: str) -> Shape:
    """The mark for a kind of finding; one that this page doesn't know yet is a matter of style."""
    return _OF_KIND.get(kind, SHAPES[-1])


KINDS: dict[str, Promise] = {
    "uncited": _("Citation missing."),
    "citation_range": _("Citation leads nowhere."),
    "citation_irrelevant": _("Citation is about something else."),
    "figure": _("Figure not in source."),
    "name": _("Name not in source."),
    "roles": _("Who did what to whom differs."),
    "origin": _("Told as the wrong country’s news."),
    "quotation": _("Quotation not in source."),
    "certainty": _("Surer than the source."),
    "language": _("Wrong language."),
    "glossary": _("Not the name we use."),
    "parity": _("English and Chinese disagree."),
    "duplicate": _("Said twice."),
    "repeated": _("Told before."),
    "headline": _("Headline."),
    "truncated": _("Cut off."),
    "length": _("Length."),
    "stale": _("Old news."),
    "concentration": _("One source carries too much."),
    "disclaimer": _("Disclaimer."),
}
PARTS: dict[str, Promise] = {
    BlockKind.MAIN_LINE: _("Main line"),
    BlockKind.ITEM: _("Item"),
    BlockKind.OVERVIEW: _("Overview"),
    BlockKind.HIGHLIGHTS: _("Highlights"),
    BlockKind.INSIGHT: _("Insight"),
    BlockKind.BUSINESS: _("Business"),
    BlockKind.TECHNOLOGY: _("Technology"),
    BlockKind.COMPARISON: _("Side by side"),
    BlockKind.ANALYSIS: _("Analysis"),
    BlockKind.QA: _("Question"),
    BlockKind.TAGS: _("Tags"),
    BlockKind.DISCLAIMER: _("Disclaimer"),
    BlockKind.NOTE: _("Editor’s note"),
}
