"""Who gets the mail about a correction: the readers whose accepted edition had the wrong text in it, and no others."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from newsletter.models import Correction, Delivery, DeliveryState, Edition, Issue
from newsletter.page import Choices
from subscribers import audience
from subscribers.models import Subscriber


@dataclass(frozen=True)
class Reach:
    """`had_it` accepted a mail with the wrong text in it; of them `mailed` may be written to, `gone` not any more.

    `perhaps`: mails of which nobody knows whether they arrived. `spared`: readers whose edition didn't have the text.
    """

    had_it: int
    mailed: int
    gone: int
    perhaps: int
    spared: int


def readers(issue: Issue) -> QuerySet[Subscriber]:
    """Whom `issue`, of kind correction, goes to: as of now, so whoever left since gets nothing."""
    return audience.mailable(issue.date).filter(Exists(_had_it(issue.correction).filter(reader=OuterRef("pk"))))


def reach(correction: Correction) -> Reach:
    """How many a mail about `correction` would go to today, and why no more."""
    had_it = _had_it(correction)
    today = correction.issue.newsletter.today()
    mailed = audience.mailable(today).filter(Exists(had_it.filter(reader=OuterRef("pk")))).count()
    count = had_it.count()
    everybody = Delivery.objects.filter(issue=correction.issue_id)
    return Reach(
        had_it=count,
        mailed=mailed,
        gone=count - mailed,
        perhaps=everybody.filter(state=DeliveryState.UNCERTAIN, edition__in=editions(correction)).count(),
        spared=everybody.filter(state=DeliveryState.ACCEPTED).count() - count,
    )


def editions(correction: Correction) -> list[int]:
    """The keys of the issue's editions in which the wrong text stood, by the same rules that laid them out."""
    block = correction.block
    report = block.source_list.slug if block.source_list else None
    wrong = {name[-2:] for name, text in correction.after.items() if text != correction.before[name]}
    found = []
    for pk, chosen in Edition.objects.filter(issue=correction.issue_id).values_list("pk", "choices"):
        choices = Choices.from_dict(chosen)
        if wrong & set(choices.languages) and choices.shows_block(block.kind, report, block.extra.get("topics", [])):
            found.append(pk)
    return found


def _had_it(correction: Correction) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        issue=correction.issue_id, state=DeliveryState.ACCEPTED, edition__in=editions(correction)
    )
