"""Before approval and after: points let pass, test mails, two people, holding, skipping, sending now, taking back."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter import schedules, workflow
from newsletter.deliver import claims, withdrawal
from newsletter.models import Block, Delivery, Edition, Issue, Newsletter, TrialGroup
from newsletter.review import checklist
from newsletter.workflow import Act
from tests import factories as make
from tests.newsletter.deliver.helpers import deliver
from tests.newsletter.deliver.sink import running_sink
from tests.newsletter.desk.helpers import DAY, doubt, item, page, post, text_of

pytestmark = pytest.mark.django_db

GRAVE = ["hold", "unhold", "skip", "unskip", "send-now", "take-back", "send-on"]


@pytest.fixture
def ready(issue: Issue, editor: User) -> Issue:
    make.tried(issue, editor)
    return issue


@pytest.fixture
def approved(ready: Issue, editor: User) -> Issue:
    workflow.approve(ready, editor)
    return ready


@pytest.fixture
def second(client: Client) -> Client:
    """Another editor's browser."""
    other = Client()
    other.force_login(make.editor("wei"))
    return other


@pytest.fixture
def writer() -> Client:
    theirs = Client()
    theirs.force_login(make.editor("xin", role="writer"))
    return theirs


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> Iterator[None]:
    """One that takes everything."""
    with running_sink() as (_sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMTP_CONNECTIONS = host, port, 1
        yield


def go(client: Client, act: str, **data: Any) -> Any:
    return client.post(reverse("desk:go", args=[DAY, act]), data)


def keep_group(client: Client, name: str, addresses: str) -> Any:
    return client.post(reverse("desk:trial_groups"), {"name": name, "addresses": addresses})


def state() -> str:
    return str(Issue.objects.get().state)


# ---- roles ------------------------------------------------------------------------------------------------


def test_a_writer_edits_and_may_not_let_anything_go(writer: Client, ready: Issue) -> None:
    content = page(writer, "approve")
    assert "Your role is to write: an approver approves it." in content
    assert "/go/" not in content
    assert "/waive/" not in content
    assert "/go/" not in writer.get(reverse("desk:today")).content.decode()
    asked: list[tuple[str, list[Any]]] = [
        ("approve", [DAY]),
        ("waive", [DAY, "trial"]),
        *(("go", [DAY, act]) for act in GRAVE),
    ]
    for name, args in asked:
        refused = writer.post(reverse(f"desk:{name}", args=args), {"seen": workflow.content_hash(ready)})
        assert refused.status_code == 403
        assert "may not approve, hold, skip or send an issue" in refused.content.decode()
    assert state() == "in_review"
    assert post(writer, "drop", DAY, "item-2").status_code == 302
    assert Block.objects.get(key="item-2").dropped


def test_staff_without_a_role_look_and_change_nothing(client: Client, issue: Issue) -> None:
    client.force_login(make.editor("guest", role=""))
    assert client.get(reverse("desk:issue", args=[DAY])).status_code == 200
    refused = post(client, "drop", DAY, "item-2")
    assert refused.status_code == 403
    assert "may not change an issue" in refused.content.decode()


# ---- the checklist ----------------------------------------------------------------------------------------


def test_a_point_is_let_pass_with_a_reason_that_everybody_reads(desk: Client, issue: Issue) -> None:
    post(desk, "waive", DAY, "trial", because="no")
    assert "Say why this may pass" in page(desk, "approve")
    post(desk, "waive", DAY, "trial", because="The mail server is away")
    assert "mei lets it pass: “The mail server is away”" in text_of(page(desk, "approve"))
    Block.objects.filter(key="item-1").update(text_en="Another line [1].")
    assert "The mail server is away" not in page(desk, "approve"), "it held for that text alone"


def test_what_can_only_be_mended_is_not_let_pass(desk: Client, issue: Issue) -> None:
    doubt(item())
    post(desk, "waive", DAY, "findings", because="They are all fine")
    assert "this can only be mended" in page(desk, "approve")
    assert not issue.waivers.exists()


def test_letting_pass_can_be_taken_back(desk: Client, issue: Issue) -> None:
    post(desk, "waive", DAY, "trial", because="The mail server is away")
    post(desk, "waive", DAY, "trial", undo="1")
    assert not issue.waivers.exists()


def test_links_are_asked_at_a_press_and_the_page_shows_how_far_it_is(
    desk: Client, issue: Issue, settings: Any
) -> None:
    settings.EXAMPLE_ADDRESS_PASSES = True
    assert "0 of 1 asked" in text_of(page(desk, "approve"))
    part = desk.post(reverse("desk:ask_links", args=[DAY]), headers={"HX-Request": "true"}).content.decode()
    assert "1 of 1 asked" in text_of(part)
    assert "<html" not in part
    assert post(desk, "ask_links", DAY).headers["Location"].endswith("/approve/#links")


# ---- test mails -------------------------------------------------------------------------------------------


def test_a_test_goes_to_a_group_in_the_languages_ticked(
    desk: Client, issue: Issue, mailoutbox: list[Any], editor: User
) -> None:
    keep_group(desk, "Big ones", "a@gmail.example\nb@qq.example, a@gmail.example")
    group = TrialGroup.objects.get()
    assert group.addresses.split() == ["a@gmail.example", "b@qq.example"]
    sent = {"group": group.pk, "language": ["en", "zh"], "from": "approve"}
    assert post(desk, "send_test", DAY, **sent).headers["Location"].endswith("/approve/#trial")
    assert [mail.to for mail in mailoutbox] == [["a@gmail.example"], ["b@qq.example"]] * 2
    assert all(mail.subject.startswith("[TEST] ") for mail in mailoutbox)
    assert [mail.subject for mail in mailoutbox][::2] == [f"[TEST] {issue.subject_en}", f"[TEST] {issue.subject_zh}"]
    rows = issue.trial_mails.all()
    assert {(row.group, row.by, row.content_hash) for row in rows} == {
        ("Big ones", editor, workflow.content_hash(issue))
    }
    assert "4 tests are on their way." in page(desk, "approve")


def test_a_test_that_is_not_taken_says_so_and_settles_nothing(
    desk: Client, issue: Issue, settings: Any, editor: User
) -> None:
    User.objects.update(email="mei@paper.example")
    settings.EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    post(desk, "send_test", DAY)
    content = page(desk, "approve")
    assert "could not be sent" in content
    assert "not taken" in content
    assert "No test mail of this text" in content


def test_a_test_of_an_earlier_text_is_no_test_of_this_one(desk: Client, ready: Issue) -> None:
    assert "Test mail sent" in page(desk, "approve")
    Block.objects.filter(key="item-1").update(text_en="Another line [1].")
    content = page(desk, "approve")
    assert "Changed since the last test mail" in content
    assert "of an earlier text" in content


@pytest.mark.parametrize("addresses", ["nobody", "a@b.example, @c", "x@y.example\n" * 3 + "z"])
def test_a_group_of_what_are_no_addresses_is_refused(desk: Client, issue: Issue, addresses: str) -> None:
    refused = keep_group(desk, "Wrong", addresses)
    assert refused.status_code == 409
    assert "is no address" in refused.content.decode()


# ---- two people -------------------------------------------------------------------------------------------


def test_where_two_people_approve_the_first_is_recorded_and_the_second_lets_it_go(
    desk: Client, second: Client, ready: Issue
) -> None:
    Newsletter.objects.update(second_approver=True)
    digest = workflow.content_hash(ready)
    post(desk, "approve", DAY, seen=digest)
    assert state() == "in_review"
    content = text_of(page(desk, "approve"))
    assert "You have approved it. Somebody else has to, as well." in content
    assert "by mei" in content
    post(desk, "approve", DAY, seen=digest)
    assert state() == "in_review", "one person counts once"
    post(second, "approve", DAY, seen=digest)
    assert state() == "approved"


def test_an_edit_between_the_two_voids_the_first(desk: Client, second: Client, ready: Issue) -> None:
    Newsletter.objects.update(second_approver=True)
    post(desk, "approve", DAY, seen=workflow.content_hash(ready))
    post(second, "drop", DAY, "item-2")
    ready.refresh_from_db()
    make.tried(ready, User.objects.get(username="mei"))
    post(second, "approve", DAY, seen=workflow.content_hash(ready))
    assert state() == "in_review"
    first, later = ready.approvals.all()
    assert first.voided_at is not None
    assert later.voided_at is None


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


def test_what_was_let_pass_is_marked_so_in_the_issues_own_bar(desk: Client, ready: Issue, editor: User) -> None:
    ready.link_checks.update(outcome="broken", status=404)
    (point,) = [each for each in checklist.before_approval(ready, mail_bytes=1, rendered=True) if each.slug == "links"]
    ready.waivers.create(point="links", state=point.waives, by=editor, because="It moved", at=timezone.now())
    assert "(let pass) It moved" in text_of(page(desk))
