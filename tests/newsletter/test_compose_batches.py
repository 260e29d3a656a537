"""The Message Batches API: the draft waits for it, takes its answers up, and never waits beyond its hour."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from newsletter import schedules, tasks
from newsletter.compose import batches
from newsletter.models import Issue, ModelBatch, ModelCall, Run
from newsletter.runs import this_worker
from tests.factories import DAY, newsletter
from tests.newsletter import compose_day
from tests.newsletter.messages_api import Api, error, good, part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that is ranked, and an operator who lets the draft wait for half an hour."""
    settings.COMPOSER, settings.CLAUDE_BATCH_MINUTES = "claude", 30
    compose_day.make()
    monkeypatch.setattr(tasks, "rank_day", lambda *arguments: {})


def compose() -> None:
    tasks.compose(newsletter().pk, DAY)


def later(minutes: int) -> None:
    """Let the batch have been sent so long ago."""
    gone = dt.timedelta(minutes=minutes)
    row = ModelBatch.objects.get()
    ModelBatch.objects.update(sent_at=row.sent_at - gone, wait_until=row.wait_until - gone)


def issue() -> Issue:
    return Issue.objects.get(date=DAY)


def test_the_draft_waits_and_the_tick_looks_again(api: Api) -> None:
    api.batch_ended = False
    compose()
    assert [part(body) for body in api.asked] == ["triage"]  # the prose is written from it
    assert len(api.batches["msgbatch_1"]) == 5
    assert not Issue.objects.filter(composed_at__isnull=False).exists()
    run = Run.objects.get(act="compose")
    assert run.counts["waits_for"] == "msgbatch_1"
    due = list(schedules.due(newsletter(), newsletter().cutoff(DAY) + dt.timedelta(minutes=5)))
    assert ("compose", newsletter().pk, DAY) in due
    compose()
    assert len(api.batches) == 1
    assert Run.objects.filter(act="compose").count() == 1  # looking is no run


def test_its_answers_become_receipts_at_half_the_price_and_the_issue_is_the_models(api: Api) -> None:
    api.batch_ended = False
    compose()
    api.batch_ended = True
    compose()
    assert issue().composer == "claude-sonnet-5-5"
    assert len(api.asked) == 1  # nothing but triage was asked directly
    calls = ModelCall.objects.filter(batched=True)
    assert sorted(call.purpose for call in calls) == ["analysis", "day", "items", "report china", "report us"]
    one = calls.get(purpose="report us")
    tokens = one.input_tokens + one.cache_write_tokens * Decimal("1.25") + one.cache_read_tokens * Decimal("0.05")
    assert one.cost_usd == pytest.approx(
        (tokens * 2 + one.output_tokens * 10) / 2 / 1_000_000, abs=Decimal("0.000002")
    )
    assert ModelBatch.objects.get().state == "ended"


def test_a_batch_that_is_not_ready_in_time_is_cancelled_and_the_rest_asked_directly(api: Api) -> None:
    api.batch_ended = False
    compose()
    later(31)
    compose()
    assert api.cancelled == ["msgbatch_1"]
    assert issue().composer == "claude-sonnet-5-5"
    assert len(api.asked) == 6
    notes = Run.objects.filter(act="compose").latest("pk").counts["notes"]
    assert notes == ["the batch wasn't ready within 30 minutes: asked directly"]


def test_where_nothing_can_be_asked_directly_either_the_issue_is_offline_and_says_both(api: Api) -> None:
    api.batch_ended = False
    compose()
    later(31)
    api.answer = lambda body: error(529)
    compose()
    assert issue().composer == "offline"
    notes = Run.objects.filter(act="compose").latest("pk").counts["notes"]
    assert "wasn't ready within 30 minutes" in notes[0]
    assert "the API answered 529" in notes[-1]


def test_requests_that_went_wrong_in_the_batch_are_asked_directly(api: Api) -> None:
    api.batch_ended = False
    compose()
    api.batch_ended = True
    api.answer = lambda body: error(500) if part(body) == "analysis" else good(body)
    batches.waiting(newsletter(), DAY, timezone.now())
    assert ModelBatch.objects.get().note == "1 of the batch's 5 requests went wrong"
    api.answer = good
    compose()
    assert issue().composer == "claude-sonnet-5-5"
    assert [part(body) for body in api.asked] == ["triage", "analysis"]


def test_a_server_without_batches_is_asked_directly_at_once(api: Api) -> None:
    api.knows_batches = False
    compose()
    assert issue().composer == "claude-sonnet-5-5"
    notes = Run.objects.get(act="compose").counts["notes"]
    assert notes == ["no batch: the API answered 404 (no such route)"]


def test_a_server_that_is_gone_meanwhile_is_waited_for_until_the_hour_and_no_longer(api: Api, settings: Any) -> None:
    api.batch_ended = False
    compose()
    settings.ANTHROPIC_BASE_URL = "http://127.0.0.1:9"
    compose()
    assert not Issue.objects.exists()
    later(31)
    compose()
    assert issue().composer == "offline"
    assert "can't be asked" in ModelBatch.objects.get().note


def test_a_budget_that_does_not_hold_the_whole_batch_sends_none(api: Api, settings: Any) -> None:
    settings.CLAUDE_DAILY_BUDGET_TOKENS = 60_000
    compose()
    assert api.batches == {}
    assert "no batch: it might overrun the day's budget" in ModelBatch.objects.get().note
    assert issue().composed_at


def test_without_the_setting_no_batch_is_sent(api: Api, settings: Any) -> None:
    settings.CLAUDE_BATCH_MINUTES = 0
    compose()
    assert api.batches == {}
    assert issue().composer == "claude-sonnet-5-5"
    assert not ModelBatch.objects.exists()


def test_taking_the_answers_up_twice_keeps_each_once(api: Api) -> None:
    api.batch_ended = False
    compose()
    api.batch_ended = True
    batches.waiting(newsletter(), DAY, timezone.now())
    ModelBatch.objects.update(state="sent")  # as another worker saw it
    batches.waiting(newsletter(), DAY, timezone.now())
    assert ModelCall.objects.filter(batched=True).count() == 5


def test_while_a_model_writes_the_day_is_not_ranked_anew(
    api: Api, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAUDE_BATCH_MINUTES = 0
    ranked: list[str] = []

    def rank(*arguments: Any) -> dict[str, Any]:
        ranked.append("again")
        return {}

    monkeypatch.setattr(tasks, "rank_day", rank)
    Run.objects.create(
        newsletter=newsletter(), act="compose", date=DAY, worker=this_worker(), started_at=timezone.now()
    )
    compose()
    assert ranked == []
    assert api.asked == []


def test_the_offline_writer_never_waits(api: Api, settings: Any) -> None:
    settings.COMPOSER = "offline"
    compose()
    assert api.asked == []
    assert issue().composer == "offline"
