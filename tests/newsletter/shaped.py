"""A composed issue for the tests of swaps, own items and writing again: six items of eight ranked stories."""

from newsletter.compose.assemble import compose_issue
from newsletter.compose.one_block import write_proposal
from newsletter.models import Block, Issue, Proposal, Story
from tests import factories as make
from tests.newsletter import compose_day


def composed() -> tuple[Issue, list[Story]]:
    """The issue, in review, and the day's stories in ranked order."""
    stories = compose_day.make()
    compose_issue(make.newsletter(), make.DAY, compose_day.CUTOFF, writer_name="offline", progress=lambda *_: None)
    Issue.objects.update(state="in_review")
    return Issue.objects.get(), stories


def block(issue: Issue, key: str) -> Block:
    """The block as it stands now, of this very issue."""
    found = issue.blocks.select_related("source_list").get(key=key)
    found.issue = issue
    return found


def written(proposal: Proposal) -> Proposal:
    """The proposal after its writer."""
    write_proposal(proposal.pk)
    return Proposal.objects.select_related("issue", "block").get(pk=proposal.pk)
