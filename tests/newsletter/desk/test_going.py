"""Holding, skipping, sending now, taking back."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter import schedules, workflow
from newsletter.deliver import claims, withdrawal
from newsletter.models import Delivery, Edition, Issue
from newsletter.workflow import Act
from tests import factories as make
from tests.newsletter.deliver.helpers import deliver
from tests.newsletter.desk.helpers import DAY, go, page, post, state, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]


# ---- hold, skip, send now ---------------------------------------------------------------------------------


@pytest.fixture
def before_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = make.newsletter()
    now = letter.moment(DAY, dt.time(7, 10))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def test_an_approved_issue_is_held_and_goes_on_as_it_was(
    before_the_hour: None, desk: Client, approved: Issue, editor: User
) -> None:
    assert "Hold this issue?" in page(desk, "go", DAY, "hold")
    assert state() == "approved"
    go(desk, "hold", because="A call from the lawyers")
    assert state() == "held"
    assert "A call from the lawyers" in page(desk, "approve")
    go(desk, "unhold")
    assert state() == "approved"
    assert [(move.act, move.by) for move in approved.moves.all()[:2]] == [(Act.UNHOLD, editor), (Act.HOLD, editor)]


def test_an_edit_while_it_is_held_sends_it_back_into_review(
    before_the_hour: None, desk: Client, approved: Issue
) -> None:
    go(desk, "hold")
    post(desk, "drop", DAY, "item-2")
    go(desk, "unhold")
    assert state() == "in_review"
    assert not approved.approvals.filter(voided_at=None).exists()


def test_after_the_hour_an_unapproved_issue_goes_on_only_by_approving(desk: Client, issue: Issue) -> None:
    Issue.objects.update(state="held")
    assert "/go/unhold/" not in page(desk, "approve")
    assert go(desk, "unhold").status_code == 409
    assert state() == "held"


def test_a_day_is_skipped_and_brought_back(before_the_hour: None, desk: Client, approved: Issue) -> None:
    make.reader("a@reader.example")
    assert "1 reader gets nothing this day" in page(desk, "go", DAY, "skip")
    go(desk, "skip")
    assert state() == "skipped"
    go(desk, "unskip")
    assert state() == "approved"


def test_sending_now_says_to_how_many_and_when_and_is_by_hours_or_to_all(
    before_the_hour: None, desk: Client, approved: Issue
) -> None:
    make.reader("early@reader.example", send_at=dt.time(7))
    make.reader("usual@reader.example")
    told = text_of(page(desk, "go", DAY, "send-now"))
    assert "It goes to 2 readers." in told
    assert "Each at their own hour: 1 at once, 1 when theirs comes" in told
    go(desk, "send-now", whom="everyone")
    approved.refresh_from_db()
    assert approved.send_from is not None
    deliver(approved, approved.send_from + dt.timedelta(minutes=1))
    assert Delivery.objects.filter(state="accepted").count() == 2


def test_sending_now_by_hours_leaves_the_others_their_hour(
    before_the_hour: None, desk: Client, approved: Issue
) -> None:
    make.reader("early@reader.example", send_at=dt.time(7))
    make.reader("usual@reader.example")
    go(desk, "send-now", whom="hours")
    approved.refresh_from_db()
    deliver(approved, timezone.now())
    assert dict(Delivery.objects.values_list("reader__email", "state")) == {
        "early@reader.example": "accepted",
        "usual@reader.example": "queued",
    }


def test_an_edit_after_send_now_takes_that_back_too(before_the_hour: None, desk: Client, approved: Issue) -> None:
    go(desk, "send-now")
    post(desk, "drop", DAY, "item-2")
    approved.refresh_from_db()
    assert (approved.state, approved.send_from) == ("in_review", None)


# ---- taking back ------------------------------------------------------------------------------------------


@pytest.fixture
def sending(approved: Issue) -> Issue:
    """Three readers: one had it, one is in a worker's hands, one waits for tomorrow morning by their clock."""
    hour = make.newsletter().moment(DAY, dt.time(9))
    make.reader("had@reader.example", send_at=dt.time(7))
    Issue.objects.update(approved_at=hour - dt.timedelta(hours=3))
    approved.refresh_from_db()
    make.reader("claimed@reader.example", send_at=dt.time(10))
    make.reader("waits@reader.example", send_at=dt.time(11))
    deliver(approved, hour)
    approved.refresh_from_db()
    assert approved.state == "sending"
    return approved


def test_taking_back_withdraws_what_has_not_left_and_says_how_many_had_it(desk: Client, sending: Issue) -> None:
    assert "1 reader has it already" in page(desk, "go", DAY, "take-back")
    go(desk, "take-back", because="Wrong figure in item 1")
    assert "Taken back: 2 mails stay here; 1 reader had it already." in text_of(page(desk, "approve"))
    half_past_ten = make.newsletter().moment(DAY, dt.time(10, 30))
    assert claims.claim(sending, "worker:1", due_by=half_past_ten, size=5) == []
    assert dict(Delivery.objects.values_list("reader__email", "state")) == {
        "had@reader.example": "accepted",
        "claimed@reader.example": "withdrawn",
        "waits@reader.example": "withdrawn",
    }
    sending.refresh_from_db()
    assert (sending.state, sending.outcomes) == ("sent", {"accepted": 1, "withdrawn": 2})


def test_what_a_worker_holds_just_then_may_arrive_and_is_settled_by_the_tick(sending: Issue, editor: User) -> None:
    half_past_ten = make.newsletter().moment(DAY, dt.time(10, 30))
    assert len(claims.claim(sending, "worker:1", due_by=half_past_ten, size=5)) == 1
    done = withdrawal.take_back(sending, editor)
    assert (done.withdrawn, done.had_it, done.perhaps) == (1, 1, 1)
    assert ("settle_rest", sending.pk) in list(schedules.due(sending.newsletter, half_past_ten))
    days_later = half_past_ten + dt.timedelta(days=9)
    assert ("settle_rest", sending.pk) in list(schedules.due(sending.newsletter, days_later)), "sent by hand, later"

    Delivery.objects.filter(state="claimed").update(state="deferred")  # the server put it off
    assert withdrawal.sweep(sending) == 1
    sending.refresh_from_db()
    assert sending.outcomes == {"accepted": 1, "withdrawn": 2}
    assert ("settle_rest", sending.pk) not in list(schedules.due(sending.newsletter, half_past_ten))


def test_what_was_taken_back_can_be_sent_on(desk: Client, sending: Issue) -> None:
    Delivery.objects.filter(reader__email="waits@reader.example").update(
        state="withdrawn", reply="the reader left, paused or chose another frequency before it was sent"
    )
    go(desk, "take-back")
    assert "1 mail that was taken back leaves after all" in page(desk, "go", DAY, "send-on")
    go(desk, "send-on")
    assert state() == "sending"
    assert Delivery.objects.filter(state="queued").count() == 1, "who had left stays away"


def test_taken_back_before_anybody_had_it_the_text_can_be_edited_and_sent_anew(
    desk: Client, approved: Issue, editor: User
) -> None:
    hour = make.newsletter().moment(DAY, dt.time(9))
    reader = make.reader("waits@reader.example", send_at=dt.time(23))
    Issue.objects.update(approved_at=hour)
    approved.refresh_from_db()
    deliver(approved, hour)
    go(desk, "take-back")
    assert state() == "held"
    assert not Delivery.objects.exists()
    assert not Edition.objects.exists()

    post(desk, "drop", DAY, "item-2")
    approved.refresh_from_db()
    make.tried(approved, editor)
    post(desk, "approve", DAY, seen=workflow.content_hash(approved))
    approved.refresh_from_db()
    deliver(approved, make.newsletter().moment(DAY, dt.time(23, 30)))
    assert Delivery.objects.get(reader=reader).edition.content_hash == approved.approved_hash


def test_what_is_not_being_sent_cant_be_taken_back(desk: Client, approved: Issue) -> None:
    assert "That can’t be done with the issue as it stands." in page(desk, "go", DAY, "take-back")
    assert go(desk, "take-back").status_code == 409
    assert state() == "approved"


def test_an_unknown_act_is_no_page(desk: Client, issue: Issue) -> None:
    assert desk.get(reverse("desk:go", args=[DAY, "explode"])).status_code == 404


def test_an_issue_whose_day_is_over_is_not_said_to_leave_by_itself(desk: Client, approved: Issue) -> None:
    assert ("deliver", approved.pk) not in list(schedules.due(approved.newsletter, timezone.now()))
    assert "it leaves only with “Send now”" in text_of(page(desk))
    assert "it goes out now" not in text_of(page(desk))
    Issue.objects.filter(pk=approved.pk).update(state="in_review")
    approve = text_of(desk.get(reverse("desk:approve", args=[DAY])).content.decode())
    assert "only with “Send now”: its day is over" in approve
    assert "at once: the hour has passed" not in approve
