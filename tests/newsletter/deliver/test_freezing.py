"""What stands in rows before the first mail leaves."""

from collections.abc import Callable

import pytest

from newsletter import workflow
from newsletter.deliver import editions
from newsletter.deliver.editions import NobodyError
from newsletter.models import Delivery, Edition, Issue, IssueState
from tests import factories as make
from tests.newsletter.deliver.helpers import approved_issue, deliver
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]


def test_without_a_reader_the_issue_waits_and_says_what_to_do(sink: Sink) -> None:
    issue = approved_issue()
    with pytest.raises(NobodyError, match="import_readers"):
        deliver(issue)
    issue.refresh_from_db()
    assert issue.state == IssueState.APPROVED
    assert not Edition.objects.exists()
    assert not Delivery.objects.exists()

    make.reader("ana@a.example")
    assert deliver(issue)["accepted"] == 1


class Beside:
    """Another run over the same issue, which freezes it whole at the moment it is called."""

    def __init__(self, issue: Issue) -> None:
        self.issue, self.is_done = Issue.objects.get(pk=issue.pk), False

    def __call__(self, *_: object) -> None:
        if not self.is_done:
            self.is_done = True
            editions.freeze(self.issue, lambda *_: None)


Moment = Callable[[Beside, pytest.MonkeyPatch], Callable[..., None]]


def before_it_begins(beside: Beside, _: pytest.MonkeyPatch) -> Callable[..., None]:
    beside()
    return beside


def once_it_knows_of_the_approval(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    asked = workflow.require_approval

    def and_then(issue: Issue) -> None:
        asked(issue)
        beside()

    monkeypatch.setattr(workflow, "require_approval", and_then)
    return beside


def while_it_prints(beside: Beside, _: pytest.MonkeyPatch) -> Callable[..., None]:
    return beside


@pytest.mark.parametrize("moment", [before_it_begins, once_it_knows_of_the_approval, while_it_prints])
def test_a_run_beside_it_may_freeze_the_issue_at_any_moment(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    beside = Beside(issue)
    progress = moment(beside, monkeypatch)

    editions.freeze(issue, progress)

    assert beside.is_done
    assert issue.state == IssueState.SENDING
    assert Edition.objects.count() == Delivery.objects.count() == 1
