"""The writer that asks a model, over a real socket: what it asks, caches, writes, and keeps."""

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from newsletter import sentences
from newsletter.bilingual import Both
from newsletter.compose import claude, offline, online, receipts
from newsletter.compose.draft import Draft
from newsletter.models import Article, Issue, ModelCall
from tests import factories
from tests.newsletter import compose_day
from tests.newsletter.messages_api import Api, blocks, good, keys, material, message, part, prompt, well_told

pytestmark = pytest.mark.django_db
PARTS = ["triage", "items", "day", "analysis", "report", "report"]


def write() -> Draft:
    if not Article.objects.exists():
        compose_day.make()
    return online.write(compose_day.brief())


def test_all_parts_are_asked_for_and_written(api: Api) -> None:
    draft = write()
    assert [part(body) for body in api.asked] == PARTS
    assert draft.composer == "claude-sonnet-5-5"
    assert draft.notes == ()
    assert (draft.counts["model_calls"], draft.counts["answers_on_file"]) == (6, 0)
    item = draft.block("item-1")
    assert item is not None
    assert (item.parity, item.composer) == ("translated", "claude-sonnet-5-5")
    assert item.title.en == draft.title.en == "A headline of the model’s own"
    assert item.text.en.startswith("A fact stands here [a")
    assert item.text.en.endswith("].")
    assert item.text.zh.count("[a") == 2
    assert "。[a" not in item.text.zh
    by_key = {block.key: block for block in draft.blocks}
    assert next(iter(by_key)) == "main-line"
    assert list(by_key)[-1] == "disclaimer"
    assert {"insight-us-4", "comparison", "analysis", "qa-4"} <= set(by_key)
    assert by_key["main-line"].text.en.startswith("In the 24 hours to 06:00 Beijing time")  # counts are the data's
    assert by_key["overview-china"].data
    assert by_key["overview-china"].composer == ""
    assert by_key["disclaimer"].text.en.startswith("Written with AI (claude-sonnet-5-5)")
    assert "without AI" not in by_key["disclaimer"].text.en


def test_the_smaller_model_sorts_and_the_larger_one_writes(api: Api) -> None:
    write()
    assert [body["model"] for body in api.asked] == ["claude-haiku-5-5", *["claude-sonnet-5-5"] * 5]
    efforts = [body["output_config"]["effort"] for body in api.asked]
    assert efforts == ["low", *["medium"] * 5]


def test_what_the_comparison_says_of_one_list_alone_stands_under_its_name(api: Api) -> None:
    comparison = write().block("comparison")
    assert comparison is not None
    assert comparison.text.en.splitlines()[-1].startswith("Only in US media: A fact")
    assert comparison.text.zh.splitlines()[-1].startswith("只见于美国媒体：这里")


def test_the_brief_names_the_day_its_lists_and_the_main_line_of_the_issue_before(api: Api) -> None:
    factories.issue(factories.DAY.replace(day=5), title_en="Chips run short", title_zh="芯片告急", state="sent")
    factories.issue(factories.DAY.replace(day=6), title_en="Never sent", title_zh="未发出", state="skipped")
    write()
    today = blocks(api.asked[1]["system"])[1]["text"]
    assert "The issue of 2026-05-07" in today
    assert '"china": "China media / 中国媒体"' in today
    assert "Chips run short" in today
    assert "芯片告急" in today
    assert "Never sent" not in today


def test_the_stable_prefix_is_read_from_the_cache(api: Api) -> None:
    write()
    calls = list(ModelCall.objects.order_by("pk"))
    assert [call.purpose for call in calls[1:4]] == ["items", "day", "analysis"]
    items, day, analysis, *reports = calls[1:]
    assert items.cache_write_tokens > 1_024
    assert items.cache_read_tokens == 0
    shared = items.cache_write_tokens
    assert day.cache_read_tokens == analysis.cache_read_tokens == shared  # rules, names and the day's stories
    assert [call.cache_read_tokens for call in reports] == [reports[0].cache_read_tokens] * 2
    assert 1_024 < reports[0].cache_read_tokens < shared  # rules and names
    assert all(call.cache_write_tokens == 0 for call in (day, analysis, *reports))


def test_a_cached_token_costs_a_fraction(api: Api) -> None:
    price = receipts.price_of("claude-sonnet-5-5")
    assert price.of(receipts.Usage(1_000_000, 0)) == Decimal(2)
    assert price.of(receipts.Usage(0, 1_000_000)) == Decimal(10)
    assert price.of(receipts.Usage(0, 0, 1_000_000)) == Decimal("2.5")
    assert price.of(receipts.Usage(0, 0, 0, 1_000_000)) == Decimal("0.1")
    assert price.of(receipts.Usage(1_000_000, 0), batched=True) == Decimal(1)


def test_a_receipt_says_what_was_asked_answered_and_paid_and_a_second_run_pays_nothing(api: Api) -> None:
    first = write()
    assert ModelCall.objects.count() == 6
    call = ModelCall.objects.get(purpose="items")
    assert len(call.prompt_hash) == 64
    assert call.prompt_version.startswith("2 (")
    assert (call.model, call.outcome) == ("claude-sonnet-5-5", "answered")
    assert json.loads(call.answer)["blocks"][0]["key"] == "item-1"
    assert call.output_tokens > 100
    assert call.cost_usd > 0
    assert call.seconds > 0
    second = write()
    assert len(api.asked) == 6
    assert second.blocks == first.blocks
    assert second.composer == first.composer
    assert second.counts == {"model_calls": 0, "answers_on_file": 6, "tokens": 0, "cost_usd": 0.0}


def test_stories_that_triage_calls_no_news_are_not_shown_for_a_report(api: Api) -> None:
    stories = compose_day.make()
    rubbish = stories[6].pk  # not chosen, told by a Chinese outlet

    def answer(body: dict[str, Any]) -> Any:
        if part(body) != "triage":
            return good(body)
        told = [
            {"story": s["story"], "grade": 0 if s["story"] == rubbish else 2, "en": "One", "zh": "一"}
            for s in material(body)
        ]
        return message({"stories": told})

    api.answer = answer
    write()
    report = next(prompt(body) for body in api.asked if "highlights-china" in prompt(body))
    assert "丹江云" not in report


def test_without_triage_the_ranking_holds_and_all_else_is_written(api: Api) -> None:
    api.answer = lambda body: message("no JSON") if part(body) == "triage" else good(body)
    draft = write()
    assert draft.composer == "claude-sonnet-5-5"
    assert draft.notes == ("triage 1 left to the ranking: the answer is no JSON object",)


def test_an_item_written_offline_gets_the_headline_of_triage_in_the_language_that_nobody_wrote(api: Api) -> None:
    def answer(body: dict[str, Any]) -> Any:
        if part(body) != "items":
            return good(body)
        return message({"blocks": [well_told(body, key) for key in keys(body) if key != "item-4"]})

    api.answer = answer
    draft = write()
    item = draft.block("item-4")  # told in Chinese only
    assert item is not None
    assert item.composer == "offline"
    assert item.foreign == ("en",)
    assert item.title == Both("A headline of the smaller model", "北山机器人签下 2000 台人形机器人订单")
    assert draft.composer == "claude-sonnet-5-5+offline"
    assert draft.notes == ("item-4 written offline: it is missing",)
    said = draft.block("disclaimer")
    assert said is not None
    assert "without AI" in said.text.en
    assert "由程序摘取文章原句编成" in said.text.zh


def test_what_was_no_use_is_asked_for_once_more_with_the_reason(api: Api) -> None:
    spoiled: list[str] = []

    def answer(body: dict[str, Any]) -> Any:
        told = [well_told(body, key) for key in keys(body)] if part(body) != "triage" else []
        if part(body) == "items" and not spoiled:
            spoiled.append("item-2")
            told[1]["text"]["zh"] = ""
        return message({"blocks": told}) if told else good(body)

    api.answer = answer
    draft = write()
    assert draft.composer == "claude-sonnet-5-5"
    again = next(body for body in api.asked if "You have been asked this before" in prompt(body))
    assert "- item-2: its text stands in one language only" in prompt(again)
    assert keys(again) == ["item-2"]
    assert blocks(again["messages"][0]["content"])[0] == blocks(api.asked[1]["messages"][0]["content"])[0]  # cached
    receipt = ModelCall.objects.filter(purpose="items").last()
    assert receipt is not None
    assert " +1 (" in receipt.prompt_version


def test_only_the_articles_of_a_list_are_shown_for_its_report(api: Api) -> None:
    write()
    shown = {article["list"] for story in material(api.asked[4]) for article in story["articles"]}
    assert shown == {"china"}


def test_the_same_request_has_the_same_receipt_and_any_change_another() -> None:
    asked = receipts.Asked("items", "1", "m", ("system",), "", "prompt", {"type": "object"}, 10)
    same = receipts.Asked("other", "2", "m", ("system",), "", "prompt", {"type": "object"}, 10)
    assert asked.digest() == same.digest()
    assert (
        asked.digest()
        != receipts.Asked("items", "1", "m", ("system",), "", "prompt.", {"type": "object"}, 10).digest()
    )


def test_an_unknown_model_counts_as_the_dearest_unless_its_price_is_set(settings: Any) -> None:
    assert receipts.price_of("unheard-of").output == receipts.price_of("claude-fable-5-1").output == 50
    assert receipts.price_of("claude-haiku-4-5-20251001") == receipts.price_of("claude-haiku-4-5")
    free, dear = (Decimal(0), Decimal(0)), (Decimal(3), Decimal(15))
    settings.CLAUDE_PRICES = {"qwen3:30b": free, "claude-sonnet-5-5": dear}
    assert receipts.price_of("qwen3:30b").output == 0
    assert receipts.price_of("claude-sonnet-5-5").output == 15


def test_the_command_writes_the_models_issue_and_warns_of_what_it_did_not_write(api: Api) -> None:
    compose_day.make()
    api.answer = lambda body: message("", "refusal") if part(body) == "analysis" else good(body)
    out, err = io.StringIO(), io.StringIO()
    call_command("compose", "--date", "2026-05-07", "--claude", "--json", stdout=out, stderr=err)
    counts = json.loads(out.getvalue())
    assert (counts["composer"], counts["model_calls"]) == ("claude-sonnet-5-5+offline", 6)
    assert "warning: analysis written offline: the model refused" in err.getvalue()
    issue = Issue.objects.get()
    assert issue.composer == "claude-sonnet-5-5+offline"
    assert issue.blocks.get(key="analysis").composer == "offline"
    item = issue.blocks.get(key="item-1")
    assert (item.parity, item.composer) == ("translated", "claude-sonnet-5-5")
    assert set(sentences.citations(item.text_en)) <= set(issue.citations.values_list("number", flat=True))


def test_without_the_word_claude_a_key_is_never_used(api: Api) -> None:
    compose_day.make()
    call_command("compose", "--date", "2026-05-07", stdout=io.StringIO(), stderr=io.StringIO())
    assert api.asked == []
    assert Issue.objects.get().composer == offline.NAME


def test_no_transaction_is_open_while_a_call_is(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    compose_day.make()
    open_ones, send = [], claude.send

    def watched(*arguments: Any) -> claude.Answered:
        open_ones.append(list(connection.savepoint_ids))  # the test's own transaction has none
        return send(*arguments)

    monkeypatch.setattr(claude, "send", watched)
    call_command("compose", "--date", "2026-05-07", "--claude", stdout=io.StringIO(), stderr=io.StringIO())
    assert open_ones == [[]] * 6
