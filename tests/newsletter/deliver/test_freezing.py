"""What stands in rows before the first mail leaves."""

import pytest

from newsletter.deliver.editions import NobodyError
from newsletter.models import Delivery, Edition, IssueState
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
