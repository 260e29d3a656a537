"""The page of an issue on its way out: what it says, who may do what there, mails in doubt, who received it."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter.deliver import pausing, recovery
from newsletter.models import Delivery, Edition, Issue, Pause, PauseReason, Run
from newsletter.templatetags.sending import DOUBTS, why_in_doubt
from newsletter.views.desk import standing
from newsletter.workflow import Act
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.desk.helpers import HTMX, at_a_desk, go, page, text_of

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(minutes=1)


@pytest.fixture
def sending(issue: Issue) -> Issue:
    """Of six readers, two had it in the last minute; one each is due, put off, refused, in doubt."""
    now = timezone.now()
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    edition = Edition.objects.create(
        issue=issue, choices_hash="x", choices={}, content_hash="x", subject="x", mime=b"x", size=1, frozen_at=now
    )
    rows: list[tuple[str, dict[str, Any]]] = [
        ("accepted", {"finished_at": now}),
        ("accepted", {"finished_at": now}),
        ("queued", {"due_at": now - SOON}),
        ("deferred", {"due_at": now + SOON, "claimed_at": now, "reply": "451 4.7.1 come back later"}),
        ("refused", {"finished_at": now, "reply": "554 relay access denied"}),
        ("uncertain", {"finished_at": now, "claimed_by": "mill:7:abc", "reply": "the line fell"}),
    ]
    for place, (state, fields) in enumerate(rows):
        reader = make.reader(f"wang{place}@d{place}.example")
        given = {"due_at": now, "expires_at": now + dt.timedelta(hours=9), **fields}
        Delivery.objects.create(issue=issue, reader=reader, edition=edition, state=state, **given)
    issue.refresh_from_db()
    return issue


@pytest.fixture
def administrator() -> Client:
    return at_a_desk("root", role="administrator")


def shown(client: Client, issue: Issue, **more: Any) -> str:
    cache.clear()
    return text_of(page(client, "sending", issue.pk, **more))


def doubtful() -> Delivery:
    return Delivery.objects.get(reader__email="wang5@d5.example")


# ---- what it says -----------------------------------------------------------------------------------------------


def test_it_says_how_far_how_fast_and_what_holds_it_up(desk: Client, sending: Issue) -> None:
    said = shown(desk, sending)
    assert "2 of 6 taken by the next mail server" in said
    assert "Due, in the queue 1" in said
    assert "1 is due now" in said or "left for the 1 that is due now" in said
    assert "Put off by the reader’s server d3.example 1" in said
    assert "“451 4.7.1 come back later”" in said
    assert "Refused, by reason and domain d4.example 1 554" in said
    assert "May or may not have arrived 1" in said
    assert "delivered" not in said.lower()


def test_it_is_found_from_today_the_issue_and_where_it_was_approved(desk: Client, sending: Issue) -> None:
    address = reverse("desk:sending", args=[sending.pk])
    for name in ("issue", "approve"):
        assert address in page(desk, name)
    now = timezone.now().astimezone(sending.newsletter.tz).date()
    Issue.objects.filter(pk=sending.pk).update(date=now)
    assert address in desk.get(reverse("desk:today")).content.decode()


def test_the_live_part_alone_comes_to_htmx_and_the_whole_page_where_something_was_done(
    desk: Client, sending: Issue
) -> None:
    address = reverse("desk:sending", args=[sending.pk])
    part = desk.get(f"{address}?stands=sending-0", headers=HTMX)
    assert "<html" not in part.content.decode()
    assert "taken by the next mail server" in part.content.decode()
    pausing.pause(sending, "a look at the logs")
    assert desk.get(f"{address}?stands=sending-0", headers=HTMX).headers["HX-Refresh"] == "true"


def test_it_looks_again_while_it_is_sent_and_no_more_once_all_is_done(desk: Client, sending: Issue) -> None:
    assert "every 3s" in page(desk, "sending", sending.pk)
    Issue.objects.update(state="sent", outcomes={"accepted": 6})
    assert "every" not in page(desk, "sending", sending.pk)


def test_a_stop_by_itself_says_what_happened_and_what_to_do_in_either_language(desk: Client, sending: Issue) -> None:
    pausing.pause(sending, "550 5.7.1 not authenticated", reason=PauseReason.NOT_TAKEN)
    said = shown(desk, sending)
    assert "It stopped by itself" in said
    assert "won’t take our mail for what we are: “550 5.7.1 not authenticated”" in said
    assert "SPF, DKIM and DMARC" in said
    assert "A mail server won’t take our mail for what we are" in text_of(page(desk, "history"))


def test_a_server_that_is_away_is_no_pause_but_is_said(desk: Client, sending: Issue) -> None:
    now = timezone.now()
    run = {"newsletter": sending.newsletter, "act": "deliver", "date": sending.date, "worker": "mill:1"}
    Run.objects.create(**run, started_at=now, finished_at=now, error="UnreachableError: no mail server answers")
    assert "it is tried every minute no mail server answers" in shown(desk, sending)
    said = standing.next_step(sending, now)
    assert said.urgent
    assert "Nothing leaves since" in said.text
    assert not Pause.objects.exists()
    Run.objects.create(**run, started_at=now, finished_at=now + SOON)
    assert "tried every minute" not in shown(desk, sending)


def test_whom_a_server_has_put_off_does_not_wait_for_their_hour(desk: Client, sending: Issue) -> None:
    said = shown(desk, sending)
    assert "Put off by the reader’s server d3.example 1 again at" in said
    assert "later hour" not in said
    assert "Who waits for their hour" not in said
    Delivery.objects.filter(state="queued").update(due_at=timezone.now() + SOON)
    said = shown(desk, sending)
    assert "1 waits for a later hour" in said
    assert "Who waits for their hour" in said


def test_no_rate_is_shown_where_nothing_is_due(desk: Client, sending: Issue) -> None:
    assert "a minute" in shown(desk, sending)
    Delivery.objects.filter(state="queued").update(due_at=timezone.now() + SOON)
    said = shown(desk, sending)
    assert "nothing is due at the moment" in said
    assert "a minute" not in said


def test_when_a_server_is_tried_again_is_one_span_in_either_language(desk: Client, sending: Issue) -> None:
    first = dt.datetime(2026, 5, 7, 1, 21, tzinfo=dt.UTC)
    Delivery.objects.filter(state="deferred").update(due_at=first)
    assert "d3.example 1 again at 09:21 “451" in shown(desk, sending)
    Subscriber.objects.filter(email="wang2@d2.example").update(email_key="wang2@d3.example")
    Delivery.objects.filter(state="queued").update(state="deferred", due_at=first + 6 * SOON)
    assert "d3.example 2 again at 09:21–09:27" in shown(desk, sending)
    assert "d3.example 2 09:21–09:27 重试" in shown(desk, sending, accept="zh-hans")


# ---- pause and resume -------------------------------------------------------------------------------------------


def test_it_is_paused_with_a_reason_and_goes_on_and_both_stand_in_the_history(
    desk: Client, sending: Issue, editor: User
) -> None:
    assert "Pause it?" in page(desk, "go", sending.date, "pause")
    assert go(desk, "pause", because="The subject has a slip").headers["Location"] == f"/desk/sending/{sending.pk}/"
    said = shown(desk, sending)
    assert "Paused" in said
    assert "by mei: no further mail leaves The subject has a slip" in said
    assert go(desk, "pause").status_code == 409, "it is paused already"
    go(desk, "resume")
    assert not Pause.objects.exists()
    moves = sending.moves.filter(act__in=(Act.PAUSE, Act.RESUME)).values_list("act", "by", "because")
    assert list(moves) == [(Act.RESUME, editor.pk, ""), (Act.PAUSE, editor.pk, "The subject has a slip")]
    past = text_of(page(desk, "history"))
    assert "Paused while it went out" in past
    assert "Let go on" in past


def test_a_writer_looks_and_may_do_nothing(writer: Client, sending: Issue) -> None:
    content = page(writer, "sending", sending.pk)
    assert "An approver may pause it or take it back." in content
    assert "<form" not in content.partition('id="live"')[2], "no refused mail is tried again"
    assert go(writer, "pause").status_code == 403
    for act in ("send-again", "count-as-sent"):
        assert writer.post(reverse("desk:decide", args=[sending.pk, act]), {"delivery": 1}).status_code == 403
    assert writer.post(reverse("desk:try_again", args=[sending.pk])).status_code == 403
    assert writer.get(reverse("desk:outcomes_file", args=[sending.pk])).status_code == 403
    assert doubtful().state == "uncertain"


def test_the_mail_about_a_correction_is_paused_and_goes_on_as_well(desk: Client, sending: Issue) -> None:
    Issue.objects.filter(pk=sending.pk).update(kind="correction")
    address = reverse("desk:go_correction", args=[sending.pk, "pause"])
    assert address in page(desk, "sending", sending.pk)
    desk.post(address)
    assert Pause.objects.filter(issue=sending).exists()
    desk.post(reverse("desk:go_correction", args=[sending.pk, "resume"]))
    assert not Pause.objects.exists()


# ---- in doubt ---------------------------------------------------------------------------------------------------


def test_whose_address_it_is_only_those_see_who_may_see_readers(
    desk: Client, administrator: Client, sending: Issue
) -> None:
    masked, whole = (text_of(page(client, "uncertain", sending.pk)) for client in (desk, administrator))
    assert "w…@d5.example" in masked
    assert "wang5@" not in masked
    assert "wang5@d5.example" in whole
    assert "worker on mill" in masked
    assert "the line fell" in masked


@pytest.mark.parametrize(("act", "state"), [("send-again", "queued"), ("count-as-sent", "accepted")])
def test_one_in_doubt_is_decided_at_a_press(desk: Client, sending: Issue, act: str, state: str) -> None:
    sent = desk.post(reverse("desk:decide", args=[sending.pk, act]), {"delivery": doubtful().pk})
    assert sent.headers["Location"] == reverse("desk:sending", args=[sending.pk]), "none is left"
    assert doubtful().state == state
    assert "in doubt" not in text_of(page(desk, "sending", sending.pk)), "not what was counted a moment ago"
    again = desk.post(reverse("desk:decide", args=[sending.pk, act]), {"delivery": doubtful().pk}, follow=True)
    assert "Nothing was changed" in again.content.decode()
    assert "1 mail" in text_of(page(desk, "history"))


@pytest.mark.parametrize("act", ["send-again", "count-as-sent"])
def test_all_in_doubt_are_decided_after_a_page_that_asks(desk: Client, sending: Issue, act: str) -> None:
    address = reverse("desk:decide", args=[sending.pk, act])
    asked = desk.get(address)
    assert doubtful().state == "uncertain"
    until = asked.context["until"].isoformat()
    Delivery.objects.filter(state="refused").update(state="uncertain", finished_at=timezone.now())
    desk.post(address, {"until": until})
    assert doubtful().state != "uncertain"
    assert Delivery.objects.filter(state="uncertain").count() == 1, "it came after the page was shown"


@pytest.mark.parametrize("sent", [{}, {"until": "yesterday"}, {"delivery": "x"}, {"until": "2026-13-45T00:00:00Z"}])
def test_a_form_that_names_nothing_decides_nothing(desk: Client, sending: Issue, sent: dict[str, str]) -> None:
    desk.post(reverse("desk:decide", args=[sending.pk, "send-again"]), sent)
    assert doubtful().state == "uncertain"


def test_whose_day_is_over_can_only_be_counted(desk: Client, sending: Issue) -> None:
    Delivery.objects.update(expires_at=timezone.now() - SOON)
    said = page(desk, "uncertain", sending.pk)
    assert "Their day is over" in said
    assert "send-again" not in said


def test_what_the_program_says_of_a_doubt_is_known_to_the_page() -> None:
    assert {recovery._KILLED, recovery._WENT_DOWN, recovery._LOST} <= DOUBTS
    fell = "the line fell after the message was handed over"
    assert why_in_doubt(f"{fell}: 421 <bye>") == f'{fell}: “<span lang="en">421 &lt;bye&gt;</span>”'
    assert why_in_doubt(fell) == fell
    assert why_in_doubt("something else: entirely") == '<span lang="en">something else: entirely</span>'


# ---- refused, and who received it ---------------------------------------------------------------------------------


def test_what_was_refused_for_our_fault_is_tried_again_once_it_is_mended(desk: Client, sending: Issue) -> None:
    assert "Mended: try the 1 again" in shown(desk, sending)
    desk.post(reverse("desk:try_again", args=[sending.pk]), {"domain": "d4.example", "code": "554"})
    assert Delivery.objects.get(reader__email="wang4@d4.example").state == "queued"
    assert "Tried refused mails again" in text_of(page(desk, "history"))


def test_an_administrator_gets_who_received_it_as_a_file(administrator: Client, sending: Issue) -> None:
    address = reverse("desk:outcomes_file", args=[sending.pk])

    def rows(query: str) -> list[dict[str, str]]:
        response = administrator.get(address + query)
        text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return list(csv.DictReader(io.StringIO(text)))

    assert [row["outcome"] for row in rows("")].count("accepted") == 2
    assert len(rows("")) == 6
    assert {row["address"] for row in rows("?only=open")} == {f"wang{n}@d{n}.example" for n in range(2, 6)}
