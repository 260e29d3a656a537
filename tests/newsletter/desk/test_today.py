"""Today: what the editor's bookmark shows, in every state of the morning, and how few questions it asks."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule
from pytest_django import DjangoAssertNumQueries

from newsletter import runs, workflow
from newsletter.models import Heartbeat, Issue, ModelCall, Newsletter, Source
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, doubt, go, item, page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the time on DAY in the newsletter's zone."""

    def at(clock: str) -> None:
        now = make.newsletter().moment(DAY, dt.time.fromisoformat(clock))
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    at("06:30")
    return at


def today(client: Client, **headers: str) -> str:
    return client.get(reverse("desk:today"), headers=headers or None).content.decode()


def test_before_the_draft_it_says_when_it_comes(clock: Any, desk: Client) -> None:
    make.source()
    clock("05:30")
    told = text_of(today(desk))
    assert "There is no issue for today yet" in told
    assert "The draft comes by itself at 06:00 Beijing." in told
    assert "Write it now" not in told


def test_where_there_is_something_to_write_from_it_can_be_written_now(
    clock: Any, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.article("A report", at=make.newsletter().cutoff(DAY) - dt.timedelta(hours=1))
    assert "The draft was due at 06:00 Beijing and is not there." in text_of(today(desk))
    queued: list[Any] = []
    monkeypatch.setattr("newsletter.schedules.async_task", lambda *job: queued.append(job))
    assert desk.post(reverse("desk:compose_now")).headers["Location"] == reverse("desk:today")
    assert queued == [("newsletter.tasks.compose", make.newsletter().pk, make.newsletter().today())]


def test_it_shows_the_minutes_the_findings_the_cost_the_sources_and_the_readers(
    clock: Any, desk: Client, issue: Issue
) -> None:
    doubt(item())
    doubt(item(), severity="low")
    call = {"purpose": "items", "model": "m", "input_tokens": 1, "output_tokens": 1}
    ModelCall.objects.create(newsletter=issue.newsletter, date=DAY, prompt_hash="a", cost_usd=Decimal("0.42"), **call)
    Source.objects.update(failures=3, last_error="answered 503")
    make.reader("a@reader.example", language="zh")
    make.reader("b@reader.example", language="en", zone="Europe/Berlin")
    told = text_of(today(desk))
    assert "90 minutes until 08:00 Beijing" in told
    assert "Unapproved by then, it is held, not sent." in told
    assert "Settle 1 finding, then approve." in told
    assert "To settle 1 To look at 0 Style and order 1" in told
    assert "$0.42" in told
    assert "3 failed visits something is broken at the site (503)" in told
    assert "2 get this day’s issue" in told
    assert "08:00 – 1 – 1" in told
    assert "14:00 1 – – 1" in told


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("draft", "It is being checked"),
        ("held", "Before approving: No test mail of this text."),
        ("skipped", "This day is skipped"),
        ("sending", "It is going out."),
        ("sent", "It is out."),
    ],
)
def test_in_every_state_it_says_what_to_do_next(clock: Any, desk: Client, issue: Issue, state: str, says: str) -> None:
    Issue.objects.update(state=state, sent_at=timezone.now())
    assert says in text_of(today(desk))


def test_an_approved_issue_leaves_nothing_to_do(clock: Any, desk: Client, issue: Issue, editor: User) -> None:
    workflow.approve(issue, editor)
    assert "Approved: it leaves at 08:00. Nothing is left to do." in text_of(today(desk))


def test_readers_of_hours_before_the_send_hour_are_counted_at_it(clock: Any, desk: Client) -> None:
    make.reader("early@reader.example", send_at=dt.time(0))
    make.reader("before@reader.example", zone="Pacific/Auckland", send_at=dt.time(1))
    make.reader("usual@reader.example")
    make.reader("late@reader.example", send_at=dt.time(21))
    told = [text_of(today(desk))]  # no issue yet
    made = make.issue(DAY, state="in_review")
    told.append(text_of(today(desk)))
    Issue.objects.filter(pk=made.pk).update(state="approved", approved_at=timezone.now())
    told.append(text_of(today(desk)))
    for each in told:
        assert "Both All 08:00 – – 3 3 21:00 – – 1 1" in each
        assert "day before" not in each


def test_after_the_hour_those_whose_hour_is_over_are_counted_at_the_present_one(
    clock: Any, desk: Client, issue: Issue
) -> None:
    make.reader("usual@reader.example")
    make.reader("late@reader.example", send_at=dt.time(21))
    clock("10:30")
    assert "Both All 10:00 – – 1 1 21:00 – – 1 1" in text_of(today(desk))


def test_what_goes_to_all_at_once_is_said_to_and_no_hour_is_counted_down_to(
    clock: Any, desk: Client, issue: Issue, editor: User
) -> None:
    make.reader("early@reader.example", send_at=dt.time(0), language="en")
    make.reader("late@reader.example", send_at=dt.time(21))
    workflow.approve(issue, editor)
    runs.ticked(timezone.now())
    workflow.send_now(issue, editor, everyone=True)
    told = text_of(today(desk))
    assert "now, to all at once: an editor sends it" in told
    assert "Approved: it leaves within a minute." in told
    assert "until 08:00" not in told
    assert "Both All all at once 1 – 1 2" in told
    assert "21:00" not in told
    assert "06:30 To 2 readers" in told
    told = text_of(page(desk, "approve"))
    assert "2 readers, all at once, whatever hour they chose" in told
    assert "each at the hour they chose" not in told


def test_what_is_sent_now_by_hours_is_not_counted_down_to_the_hour(
    clock: Any, desk: Client, issue: Issue, editor: User
) -> None:
    make.reader("late@reader.example", send_at=dt.time(21))
    workflow.approve(issue, editor)
    workflow.send_now(issue, editor, everyone=False)
    told = text_of(today(desk))
    assert "now: an editor sends it" in told
    assert "until 08:00" not in told
    assert "21:00 – – 1 1" in told
    proof = text_of(page(desk))
    assert "Approved: it goes out now." in proof
    assert "until 08:00" not in proof
    assert "1 reader, at the hour they chose" in text_of(page(desk, "approve"))


# ---- where nothing happens by itself ------------------------------------------------------------------------

NO_TICK = "the tick is not installed. The operator runs manage.py install_schedule, and keeps manage.py work running."


@pytest.mark.parametrize("state", ["draft", "in_review", "approved", "sending"])
def test_without_a_tick_nothing_is_said_to_leave_by_itself(
    clock: Any, desk: Client, issue: Issue, editor: User, state: str
) -> None:
    make.tried(issue, editor)
    workflow.approve(issue, editor)
    Issue.objects.update(state=state)
    Schedule.objects.all().delete()
    for told in (text_of(today(desk)), text_of(page(desk, "approve"))):
        assert told.count(NO_TICK) == 1
        assert "it leaves at 08:00" not in told
        assert "It is going out." not in told
        assert "yours in a minute" not in told


@pytest.mark.parametrize("state", ["sent", "skipped", "held"])
def test_where_nothing_is_to_happen_no_tick_is_missed(clock: Any, desk: Client, issue: Issue, state: str) -> None:
    Issue.objects.update(state=state, sent_at=timezone.now())
    Schedule.objects.all().delete()
    assert NO_TICK not in text_of(today(desk)) + text_of(page(desk, "approve"))


def test_a_tick_that_has_stopped_is_said_since_when(clock: Any, desk: Client, issue: Issue, editor: User) -> None:
    workflow.approve(issue, editor)
    runs.ticked(timezone.now())
    clock("06:34")
    assert "Approved: it leaves at 08:00." in text_of(today(desk))
    clock("06:36")
    told = text_of(today(desk))
    assert "by itself since 7 May 06:30: the operator sees to it that manage.py work is running." in told
    assert "Approved: it leaves at 08:00." not in told
    Heartbeat.objects.all().delete()
    assert "the queue has never run. The operator starts it: manage.py work." in text_of(today(desk))
    runs.ticked(timezone.now())
    assert "Approved: it leaves at 08:00." in text_of(today(desk))


def test_without_a_tick_no_draft_is_promised(clock: Any, desk: Client) -> None:
    make.source()
    Schedule.objects.all().delete()
    clock("05:30")
    told = text_of(today(desk))
    assert NO_TICK in told
    assert "comes by itself" not in told
    clock("06:30")
    assert "The draft was due at 06:00 Beijing and is not there. Nothing happens by itself:" in text_of(today(desk))


def test_send_now_promises_nothing_without_a_tick(clock: Any, desk: Client, issue: Issue, editor: User) -> None:
    workflow.approve(issue, editor)
    Schedule.objects.all().delete()
    go(desk, "send-now", whom="everyone")
    told = text_of(page(desk, "approve"))
    assert NO_TICK in told
    assert "leaves within a minute" not in told


def test_what_happens_at_the_hour_follows_the_policy(clock: Any, desk: Client, issue: Issue) -> None:
    Newsletter.objects.update(deadline_policy="send_if_no_high")
    assert "and says that nobody read it" in text_of(today(desk))
    Newsletter.objects.update(deadline_policy="skip")
    assert "this day is skipped" in text_of(today(desk))


def test_the_last_issues_stand_with_what_was_accepted_and_what_is_left(clock: Any, desk: Client, issue: Issue) -> None:
    outcomes = {"accepted": 1200, "refused": 3, "withdrawn": 4}
    make.issue(DAY - dt.timedelta(days=1), number=127, state="sent", outcomes=outcomes)
    for days in range(2, 20):
        make.issue(DAY - dt.timedelta(days=days), number=127 - days, state="sent")
    told = text_of(today(desk))
    assert "127 Wed 6 May 2026 Rules tighten and prices rise Sent 1,200 0 7" in told
    assert "113" not in told, "fourteen are enough"


def test_the_live_part_alone_is_sent_to_the_open_page(clock: Any, desk: Client, issue: Issue) -> None:
    part = today(desk, **{"HX-Request": "true"})
    assert "<html" not in part
    assert "No. 128" in part


def test_it_asks_the_database_a_fixed_number_of_questions(
    clock: Any, desk: Client, issue: Issue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(1, 15):
        make.issue(DAY - dt.timedelta(days=days), number=127 - days, state="sent", outcomes={"accepted": 1})
    for n in range(30):
        make.reader(f"r{n}@reader.example", send_at=dt.time(n % 24))
    today(desk)  # the mail's size is known from now on
    with django_assert_max_num_queries(36):
        today(desk)


def test_sources_are_a_click_away_and_none_is_said_to_answer_that_was_never_asked(clock: Any, desk: Client) -> None:
    User.objects.filter(username="mei").update(is_superuser=True)
    Source.objects.update(active=False)
    known, fresh = make.source(last_success_at=timezone.now()), make.source()
    told = today(desk)
    assert "1 has not been visited yet." in text_of(told)
    assert "All answer." not in told
    assert reverse("admin:newsletter_source_changelist") in told
    Source.objects.filter(pk=fresh.pk).update(last_success_at=timezone.now())
    assert "All answer." in today(desk)
    assert known.active


def test_why_a_source_fails_is_said_in_the_editors_language(clock: Any, desk: Client) -> None:
    make.source("晨星", last_visit_at=timezone.now(), failures=2, last_error="not found (404)")
    shown = [text_of(today(desk, **{"Accept-Language": language})) for language in ("en", "zh-hans")]
    assert "nothing stands at this address any more (404)" in shown[0]
    assert "not found" not in shown[1]


def test_from_the_admin_the_desk_is_a_click_away(desk: Client) -> None:
    User.objects.filter(username="mei").update(is_superuser=True)
    told = desk.get(reverse("admin:newsletter_source_changelist")).content.decode()
    assert f'href="{reverse("desk:today")}"' in told
    assert "Chenbao" in told
