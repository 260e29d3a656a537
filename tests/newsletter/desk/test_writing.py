"""What the desk tells of a model's part in an issue: who wrote it, what it cost, and what it left."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from newsletter.models import ModelBatch, ModelCall, Run
from tests import factories
from tests.factories import DAY, newsletter

pytestmark = pytest.mark.django_db
URL = f"/desk/{DAY}/"


def call(**fields: Any) -> ModelCall:
    said = {"purpose": "items", "model": "claude-sonnet-5-5", "prompt_hash": f"{ModelCall.objects.count():064d}"}
    told = {"input_tokens": 6_000, "cache_read_tokens": 4_000, "output_tokens": 2_345, "cost_usd": Decimal("0.035")}
    rest = {"newsletter": newsletter(), "date": DAY, "seconds": 20.4}
    return ModelCall.objects.create(**{**said, **told, **rest, **fields})


def noted(*notes: str) -> None:
    now = timezone.now()
    Run.objects.create(
        newsletter=newsletter(), act="compose", date=DAY, worker="here:1", started_at=now, finished_at=now,
        counts={"notes": list(notes)},
    )  # fmt: skip


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(factories.editor())
    return client


def rail(desk: Client) -> str:
    page = desk.get(URL).content.decode()
    return " ".join(page.partition('<section class="wr">')[2].partition("</section>")[0].split())


def test_the_desk_shows_what_the_issue_cost(desk: Client) -> None:
    factories.block(factories.issue(composer="claude-sonnet-5-5"), composer="claude-sonnet-5-5")
    call()
    call(model="claude-haiku-5-5", purpose="triage 1", cost_usd=Decimal("0.005"))
    shown = rail(desk)
    assert "<p>claude-sonnet-5-5</p>" in shown
    assert "<b>$0.04</b> of $5 a day" in shown
    assert "2 calls, 41 s" in shown
    assert "24,690, 40% of what was sent from the cache" in shown
    assert "claude-sonnet-5-5, claude-haiku-5-5" in shown


def test_what_the_model_did_not_write_is_marked_and_the_reason_given(desk: Client) -> None:
    issue = factories.issue(composer="claude-sonnet-5-5+offline")
    factories.block(issue, "item-1", composer="claude-sonnet-5-5")
    factories.block(issue, "item-2", composer="offline")
    factories.block(issue, "tags", "tags", composer="")
    call(outcome="lost")
    noted("item-2 written offline: it cites a1, <which> was not shown for it")
    page = desk.get(URL).content.decode()
    assert page.count("put together without the model") == 1
    shown = rail(desk)
    assert "1 note on what the model did not write" in shown
    assert "it cites a1, &lt;which&gt; was not shown for it" in shown
    assert "1 without an answer" in shown


def test_an_issue_without_a_model_tells_of_no_cost(desk: Client) -> None:
    factories.block(factories.issue(), composer="offline")
    assert rail(desk).endswith("<p>the offline composer</p>")
    assert "put together without the model" not in desk.get(URL).content.decode()


def test_another_days_receipts_are_not_counted(desk: Client) -> None:
    factories.block(factories.issue(), composer="offline")
    call(date=DAY - dt.timedelta(days=1))
    assert "Cost" not in rail(desk)


def test_a_draft_that_waits_for_a_batch_says_until_when(desk: Client) -> None:
    until = newsletter().moment(DAY, dt.time(6, 30))
    ModelBatch.objects.create(
        newsletter=newsletter(), date=DAY, batch_id="b", requests={}, sent_at=until, wait_until=until
    )
    assert "the draft waits for it until 06:30 at the latest" in desk.get(URL).content.decode()
