"""What a person decides about doubtful and refused mails: once, never both ways, and never against a worker."""

import datetime as dt
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import SMTPUTF8
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from newsletter.deliver import deciding, editions, ledger, recovery
from newsletter.deliver.claims import Verdict
from newsletter.models import Delivery, DeliveryState, Issue, IssueState
from newsletter.workflow import Act, WorkflowError
from tests import factories as make
from tests.newsletter.deliver.helpers import approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import DROP, Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
SOON = dt.timedelta(minutes=1)


@pytest.fixture
def issue() -> Issue:
    """Today's, so that nothing of it has expired; two readers, due by now whatever the hour."""
    make.reader("ana@a.example")
    make.reader("bo@b.example")
    made = approved_issue(make.newsletter().today())
    editions.freeze(made, quiet)
    made.deliveries.update(due_at=timezone.now() - SOON, expires_at=timezone.now() + dt.timedelta(hours=23))
    made.refresh_from_db()
    return made


def row(email: str = "ana@a.example") -> Delivery:
    return Delivery.objects.get(reader__email=email)


def doubtful(issue: Issue) -> Issue:
    """Of a worker that died."""
    issue.deliveries.filter(reader__email="ana@a.example").update(
        state="uncertain", finished_at=timezone.now(), claimed_by="host:1:abc", reply="the worker died"
    )
    return issue


def test_what_is_sent_again_has_the_same_message_id(sink: Sink, issue: Issue) -> None:
    sink.at_data["ana@a.example"] = [DROP]
    came: list[bytes] = []
    sink.before_data = lambda envelope: came.append(envelope.original_content or b"")
    deliver(issue, timezone.now())
    assert row().state == "uncertain"
    assert issue.state == IssueState.SENT
    editor = make.editor("lin")

    assert deciding.send_again(issue, deciding.uncertain(issue), editor) == 1
    assert issue.state == IssueState.SENDING, "it was out, and is being sent again"
    assert deliver(issue, timezone.now() + SOON)["accepted"] == 1
    assert issue.state == IssueState.SENT
    ids = [BytesParser(policy=SMTPUTF8).parsebytes(content)["Message-ID"] for content in came]
    (again,) = [mail.parsed["Message-ID"] for mail in sink.mails if mail.recipient == "ana@a.example"]
    assert ids.count(again) == 2
    move = issue.moves.get(act=Act.SEND_AGAIN)
    assert (move.by, move.because, move.was, move.became) == (editor, "1", "sent", "sending")


def test_counted_as_sent_it_is_accepted_and_says_why_it_was_doubted(issue: Issue) -> None:
    doubtful(issue)
    assert deciding.count_as_sent(issue, deciding.uncertain(issue), None) == 1
    assert (row().state, row().reply) == ("accepted", "counted as sent; the worker died")
    assert issue.moves.get(act=Act.COUNT_AS_SENT).because == "1 (at a terminal)"


def test_of_two_decisions_the_first_counts(issue: Issue) -> None:
    rows = deciding.uncertain(doubtful(issue))
    assert deciding.count_as_sent(issue, rows, None) == 1
    assert deciding.send_again(issue, rows, None) == 0
    assert row().state == "accepted"

    doubtful(issue)
    assert deciding.send_again(issue, rows, None) == 1
    assert deciding.count_as_sent(issue, rows, None) == 0
    assert row().state == "queued"
    assert issue.moves.filter(act__in=(Act.COUNT_AS_SENT, Act.SEND_AGAIN)).count() == 2


@pytest.mark.parametrize("decide", [deciding.send_again, deciding.count_as_sent])
def test_a_worker_that_comes_back_with_its_record_changes_nothing_that_a_person_decided(
    issue: Issue, decide: object
) -> None:
    doubtful(issue)
    assert callable(decide)
    decide(issue, deciding.uncertain(issue), None)
    decided = row().state
    late = {row().pk: Verdict(DeliveryState.REFUSED, "550 no", timezone.now())}
    assert recovery.settle("host:1:abc", late) == 0
    assert row().state == decided


def test_what_came_after_the_page_was_shown_is_not_decided_with_it(issue: Issue) -> None:
    shown = timezone.now() - SOON
    assert deciding.send_again(issue, deciding.uncertain(doubtful(issue), until=shown), None) == 0
    assert row().state == "uncertain"


def test_yesterdays_paper_is_not_sent_again(issue: Issue) -> None:
    doubtful(issue).deliveries.update(expires_at=timezone.now() - SOON)
    assert deciding.send_again(issue, deciding.uncertain(issue), None) == 0
    assert not issue.moves.filter(act=Act.SEND_AGAIN).exists(), "nothing was done"
    assert deciding.count_as_sent(issue, deciding.uncertain(issue), None) == 1


def test_mails_of_another_issue_are_not_touched(issue: Issue) -> None:
    doubtful(issue)
    other = make.issue(dt.date(2026, 5, 9), state="sending")
    assert deciding.send_again(other, Delivery.objects.all(), None) == 0
    held = make.issue(dt.date(2026, 5, 10), state="held")
    with pytest.raises(WorkflowError, match="nothing of it has left"):
        deciding.count_as_sent(held, Delivery.objects.all(), None)
    assert row().state == "uncertain"


def test_refusals_are_grouped_and_what_was_our_fault_is_tried_again(sink: Sink, issue: Issue) -> None:
    sink.at_data["ana@a.example"] = ["554 relay access denied"]
    sink.at_recipient["bo@b.example"] = ["550 5.1.1 no such user"]
    deliver(issue, timezone.now())
    ours, dead = deciding.refusals(issue, timezone.now())
    assert (ours.domain, ours.code, ours.mails, ours.may_try) == ("a.example", "554", 1, True)
    assert (dead.domain, dead.code, dead.is_dead, dead.may_try) == ("b.example", "550 5.1.1", True, False)

    assert deciding.try_again(issue, "a.example", "554", None) == 1
    assert deciding.try_again(issue, "a.example", "554", None) == 0
    assert deliver(issue, timezone.now() + SOON) == {"recipients": 2, "due": 1, "accepted": 1}
    assert row("bo@b.example").state == "refused"


def test_a_dead_address_gets_no_second_mail_even_where_it_is_asked_for(sink: Sink, issue: Issue) -> None:
    sink.at_recipient["bo@b.example"] = ["550 5.1.1 no such user"]
    deliver(issue, timezone.now())
    deciding.try_again(issue, "b.example", "550 5.1.1", None)
    deliver(issue, timezone.now() + SOON)
    assert row("bo@b.example").state == "withdrawn"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("550 5.1.1 no such user", "550 5.1.1"),
        ("554 relay access denied", "554"),
        ("given up after 9 attempts: 451 4.7.1 later", "451 4.7.1"),
        ("given up after 3 attempts, its day being over: 451 4.7.1 later", "451 4.7.1"),
        ("the address is no address", ""),
        ("", ""),
    ],
)
def test_the_code_of_an_answer(reply: str, code: str) -> None:
    assert deciding.code_of(reply) == code


def test_what_is_queued_while_the_last_run_ends_is_sent_by_the_next(sink: Sink, issue: Issue) -> None:
    """In between the run's look, that nothing is open, and its word that the issue is sent."""
    issue.deliveries.filter(reader__email="bo@b.example").update(state="accepted")
    doubtful(issue)
    asked: list[str] = []

    def sent_again_meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if not asked and "newsletter_delivery" in sql:
            asked.append(sql)
            assert deciding.send_again(issue, deciding.uncertain(issue), None) == 1
        return found

    with connection.execute_wrapper(sent_again_meanwhile):
        ledger._finish(Issue.objects.get(pk=issue.pk))
    assert asked
    assert (Issue.objects.get().state, row().state) == (IssueState.SENDING, "queued")
    assert deliver(issue, timezone.now())["accepted"] == 1
    assert issue.state == IssueState.SENT
