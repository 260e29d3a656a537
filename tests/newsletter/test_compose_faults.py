"""What goes wrong at a model's, over a real socket: what is tried again, what is left to the offline writer, and what
is said of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from newsletter.compose import asking, offline, online, receipts
from newsletter.compose.draft import Draft
from newsletter.models import Article, ModelCall
from tests.newsletter import compose_day
from tests.newsletter.messages_api import Api, Reply, error, good, keys, material, message, part, well_told

pytestmark = pytest.mark.django_db


def write() -> Draft:
    if not Article.objects.exists():
        compose_day.make()
    return online.write(compose_day.brief())


def only(name: str, *replies: Reply) -> Any:
    """Answers well, but for the part `name`: its first answers are `replies`, and the last of them goes on."""
    left = list(replies)

    def answer(body: dict[str, Any]) -> Reply:
        if part(body) != name:
            return good(body)
        reply = left.pop(0) if len(left) > 1 else left[0]
        return (
            message(reply.body["content"][0]["text"] if reply.body["content"] else "", reply.body["stop_reason"])
            if (isinstance(reply.body, dict) and reply.status == 200)
            else reply
        )

    return answer


def first(*replies: Reply) -> Any:
    """Sends `replies` first, whatever is asked, then answers well."""
    left = list(replies)
    return lambda body: left.pop(0) if left else good(body)


def offline_as_ever(draft: Draft, key: str) -> bool:
    """Whether the block is the offline writer's, and the issue says so."""
    plain, block = offline.write(compose_day.brief()).block(key), draft.block(key)
    said = draft.block("disclaimer")
    assert said is not None
    return (
        plain is not None
        and block is not None
        and (block.text, block.composer) == (plain.text, "offline")
        and draft.composer == "claude-sonnet-5-5+offline"
        and "without AI" in said.text.en
    )


# ---- the service is in trouble ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 529])
def test_an_overloaded_service_is_asked_again_after_the_time_it_names(api: Api, status: int) -> None:
    api.answer = first(error(status, retry_after="7"))
    draft = write()
    assert api.waits == [7.0]
    assert draft.composer == "claude-sonnet-5-5"
    assert draft.counts["model_calls"] == 7


def test_a_time_named_as_a_date_or_in_milliseconds_is_understood(api: Api) -> None:
    api.answer = first(error(429, retry_after="Thu, 01 Jan 2026 00:00:00 GMT"), error(429, retry_after_ms="1500"))
    write()
    assert api.waits == [0.0, 1.5]


def test_without_a_time_the_waits_grow(api: Api) -> None:
    api.answer = first(error(529), error(529))
    assert write().composer == "claude-sonnet-5-5"
    assert api.waits == list(asking.WAITS)


def test_a_wait_beyond_patience_is_not_waited(api: Api) -> None:
    api.answer = lambda body: error(429, retry_after="3600")
    draft = write()
    assert api.waits == []
    assert len(api.asked) == 1
    assert draft.composer == "offline"


@pytest.mark.parametrize(("status", "tries"), [(401, 1), (403, 1), (404, 1), (429, 3), (503, 3), (529, 3)])
def test_when_the_service_fails_for_good_the_whole_issue_is_offline(api: Api, status: int, tries: int) -> None:
    api.answer = lambda body: error(status, "no such thing")
    draft = write()
    assert len(api.asked) == tries
    assert draft.composer == "offline"
    assert draft.blocks == offline.write(compose_day.brief()).blocks
    assert f"the API answered {status}" in draft.notes[-1]
    assert not ModelCall.objects.exists()


def test_a_service_that_fails_half_way_leaves_the_rest_to_the_offline_writer(api: Api) -> None:
    api.answer = lambda body: good(body) if len(api.asked) < 4 else error(529)
    draft = write()
    assert offline_as_ever(draft, "analysis")
    item = draft.block("item-1")
    assert item is not None
    assert item.composer == "claude-sonnet-5-5"


def test_no_answer_in_time_is_tried_again_and_counted_as_if_it_had_been_billed(api: Api, settings: Any) -> None:
    def late_once(body: dict[str, Any]) -> Reply:
        if len(api.asked) > 1:
            return good(body)
        settings.CLAUDE_TIMEOUT = 60  # for all that is asked after this one
        return Reply(200, b"", delay=1.5)

    settings.CLAUDE_TIMEOUT = 0.5
    api.answer = late_once
    assert write().composer == "claude-sonnet-5-5"
    lost = ModelCall.objects.get(outcome="lost")
    assert lost.output_tokens == 12_000
    assert lost.cost_usd > 0
    assert receipts.spent(lost.newsletter_id, lost.date)[0] >= lost.cost_usd


def test_a_server_that_never_answers_gets_three_tries_and_no_more(api: Api, settings: Any) -> None:
    settings.CLAUDE_TIMEOUT = 0.8
    api.answer = lambda body: Reply(200, b"", delay=2.0)
    draft = write()
    assert draft.composer == "offline"
    assert len(api.asked) == 3
    assert "no answer came in time" in draft.notes[-1]


def test_when_patience_is_over_nothing_more_is_asked(api: Api, settings: Any) -> None:
    settings.CLAUDE_PATIENCE = 10
    draft = write()
    assert api.asked == []
    assert "the 10 seconds of CLAUDE_PATIENCE are over" in draft.notes[-1]


def test_a_service_that_is_not_there_leaves_the_issue_to_the_offline_writer(api: Api, settings: Any) -> None:
    settings.ANTHROPIC_BASE_URL = "http://127.0.0.1:9"
    draft = write()
    assert draft.composer == "offline"
    assert "can't be reached" in draft.notes[-1]


@pytest.mark.parametrize("raw", [b"<html>Bad gateway</html>", b"", b"[]", b'{"content": null}', b'"text"'])
def test_a_200_that_is_no_message_is_no_answer(api: Api, raw: bytes) -> None:
    api.answer = lambda body: Reply(200, raw)
    draft = write()
    assert draft.composer == "offline"
    assert "what came back is no message" in draft.notes[-1]


def test_without_a_key_it_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN", raising=False)
    monkeypatch.setenv("HOME", "/nonexistent")
    draft = write()
    assert draft.composer == "offline"
    assert "neither ANTHROPIC_API_KEY nor ANTHROPIC_AUTH_TOKEN is set" in draft.notes[-1]
    assert api.asked == []


def test_a_token_instead_of_a_key_is_sent_as_a_bearer(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "ollama")
    assert write().composer == "claude-sonnet-5-5"
    assert api.headers[0]["authorization"] == "Bearer ollama"


# ---- the answer is no use ---------------------------------------------------------------------------------


def test_a_cut_answer_is_asked_for_again_with_more_room(api: Api) -> None:
    whole: dict[str, Any] = {}

    def answer(body: dict[str, Any]) -> Reply:
        if part(body) == "items" and body["max_tokens"] < 20_000:
            return message('{"blocks": [{"key": "item-1", "ti', "max_tokens")
        whole.setdefault(part(body), body)
        return good(body)

    api.answer = answer
    assert write().composer == "claude-sonnet-5-5"
    assert whole["items"]["max_tokens"] == 32_000
    assert ModelCall.objects.filter(outcome="cut").count() == 1


def test_an_answer_that_is_cut_twice_is_left_to_the_offline_writer(api: Api) -> None:
    api.answer = only("items", message('{"blocks": [{"key"', "max_tokens"))
    draft = write()
    assert offline_as_ever(draft, "item-1")
    assert draft.notes == ("items written offline: the answer was cut at 32,000 tokens",)


def test_a_refusal_is_not_argued_with(api: Api) -> None:
    api.answer = only("analysis", message("I won't", "refusal"))
    draft = write()
    assert offline_as_ever(draft, "analysis")
    assert draft.notes == ("analysis written offline: the model refused",)
    assert [part(body) for body in api.asked].count("analysis") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the answer is empty"),
        ("I can't help with that.", "the answer is no JSON object"),
        ('{"blocks": [{"key": "item-1"}', "the answer is off its schema"),
        ('{"stories": []}', "the answer is off its schema"),
        ('{"blocks": []}', "it is missing"),
        ("[]", "the answer is no JSON object"),
    ],
)
def test_an_answer_that_is_no_use_is_asked_for_once_more_and_then_left(api: Api, text: str, reason: str) -> None:
    api.answer = only("items", message(text))
    draft = write()
    assert offline_as_ever(draft, "item-1")
    assert any(reason in note for note in draft.notes), draft.notes
    assert [part(body) for body in api.asked].count("items") == 2
    write()
    assert [part(body) for body in api.asked].count("items") == 2  # paid for, and not paid for again


@pytest.mark.parametrize(
    "around", ["```json\n{}\n```", "Here is the JSON you asked for:\n{}\nI hope it helps!", "```\n{}```"]
)
def test_words_and_fences_around_the_json_do_not_matter(api: Api, around: str) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        reply = good(body)
        assert isinstance(reply.body, dict)
        return message(around.replace("{}", reply.body["content"][0]["text"]))

    api.answer = answer
    assert write().notes == ()


def told(body: dict[str, Any], **fields: Any) -> Reply:
    """A good answer, with fields of the first block's text or title changed."""
    blocks = [well_told(body, key) for key in keys(body)]
    for name, value in fields.items():
        kind, _, language = name.partition("_")
        mark = well_told(body, keys(body)[0])["text"]["en"].rpartition(" ")[2].rstrip(".")
        other = material(body)[0]["articles"][1]["id"]
        blocks[0][kind][language] = value.replace("{mark}", mark).replace("a{other}", other)
    return message({"blocks": blocks})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text_en": "A fact from nowhere [a999999]."}, "it cites a999999, which was not shown for it"),
        ({"text_en": "A number of its own [1] and {mark}."}, "it cites by numbers of its own"),
        ({"text_en": "A fact without any source."}, "a paragraph cites no article"),
        ({"text_en": "这是一段写错了语言的中文文字{mark}。"}, "its English text is in the other language"),
        ({"text_zh": "English where Chinese should be {mark}."}, "its Chinese text is in the other language"),
        ({"text_zh": ""}, "its text stands in one language only"),
        ({"text_en": "", "text_zh": ""}, "it has no text"),
        ({"text_en": "One {mark}.\n\nTwo {mark}."}, "it has 2 paragraphs in English and 1 in Chinese"),
        ({"text_en": "Fact {mark}.", "text_zh": "事实[a{other}]。"}, "its two languages cite different articles"),
        ({"text_en": "Read more at https://evil.example/x {mark}."}, "it holds a web or mail address"),
        ({"text_en": "Visit evil-news.com for more {mark}."}, "it holds a web or mail address"),
        ({"text_zh": "详情请写信给 win@prize.example{mark}。"}, "it holds a web or mail address"),
        ({"text_en": "Click [here](http://x.example) {mark}."}, "it holds a web or mail address"),
        ({"text_en": "<b>Bold</b> claim {mark}."}, "it holds markup"),
        ({"text_en": "A <script>alert(1)</script> fact {mark}."}, "it holds markup"),
        ({"text_en": "A **bold** claim {mark}."}, "it holds markup"),
        ({"text_en": "- a bullet {mark}."}, "it holds markup"),
        ({"text_en": "A fact\u202ereversed {mark}."}, "characters that nobody sees"),
        ({"text_en": "A \U000e0041tagged fact {mark}."}, "characters that nobody sees"),
        ({"text_en": "A fact. " * 300 + "{mark}."}, "its text is far too long"),
        ({"title_en": "W" * 300}, "its title is too long"),
        ({"title_zh": ""}, "its title stands in one language only"),
        ({"title_en": "Visit https://evil.example today"}, "it holds a web or mail address"),
    ],
)
def test_what_may_not_stand_in_an_issue_is_refused(api: Api, fields: dict[str, str], reason: str) -> None:
    api.answer = lambda body: told(body, **fields) if part(body) == "items" else good(body)
    draft = write()
    assert any(reason in note for note in draft.notes), draft.notes
    assert offline_as_ever(draft, "item-1")
    second = draft.block("item-2")
    assert second is not None
    assert second.composer == "claude-sonnet-5-5"  # the others stand


def test_names_that_look_like_addresses_are_names(api: Api, settings: Any, tmp_path: Any) -> None:
    from newsletter import lexicon

    names = tmp_path / "names.tsv"
    names.write_text("en\tzh\tkind\thome\nHarbour.ai\tHarbour.ai\tcompany\tUS\n")
    settings.LEXICON_EXTRA = [names]
    lexicon.refresh()
    api.answer = lambda body: told(body, text_en="Harbour.ai opens {mark}.") if part(body) == "items" else good(body)
    assert write().notes == ()


# ---- the budget -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("usd", "tokens", "unit"), [("0", 500_000, "0 USD"), ("5", 0, "0 tokens")])
def test_at_the_limit_of_either_budget_nothing_is_asked(
    api: Api, settings: Any, usd: str, tokens: int, unit: str
) -> None:
    from decimal import Decimal

    settings.CLAUDE_DAILY_BUDGET_USD, settings.CLAUDE_DAILY_BUDGET_TOKENS = Decimal(usd), tokens
    draft = write()
    assert api.asked == []
    assert draft.composer == "offline"
    assert f"it might overrun the day's budget of {unit}" in draft.notes[-1]


@pytest.mark.parametrize(("usd", "tokens"), [("0.19", 500_000), ("5", 30_000)])
def test_what_was_spent_counts_and_the_worst_case_of_the_next_call_too(
    api: Api, settings: Any, usd: str, tokens: int
) -> None:
    from decimal import Decimal

    settings.CLAUDE_DAILY_BUDGET_USD, settings.CLAUDE_DAILY_BUDGET_TOKENS = Decimal(usd), tokens
    draft = write()
    assert 1 < len(api.asked) < 6
    money, used = receipts.spent(compose_day.brief().newsletter, compose_day.brief().date)
    assert money <= Decimal(usd)
    assert used <= tokens
    assert draft.composer == "claude-sonnet-5-5+offline"


def test_the_worst_case_is_never_below_what_a_call_takes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    record = receipts.record

    def watched(asked: receipts.Asked, *arguments: Any, usage: receipts.Usage, **rest: Any) -> ModelCall:
        seen.append((asked.worst_input(), usage.input + usage.cache_read + usage.cache_write))
        return record(asked, *arguments, usage=usage, **rest)

    monkeypatch.setattr(receipts, "record", watched)
    write()
    assert len(seen) == 6
    assert all(worst > taken for worst, taken in seen)


def test_no_issue_takes_more_than_25_calls(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_CALLS", 3)
    draft = write()
    assert len(api.asked) == 3
    assert any("3 calls have been made" in note for note in draft.notes)


def test_any_other_400_is_the_parts_own_fault(api: Api) -> None:
    api.answer = only("day", error(400, "prompt is too long: 250000 tokens"))
    draft = write()
    assert "day written offline: the API answered 400 (prompt is too long: 250000 tokens)" in draft.notes
    assert offline_as_ever(draft, "qa-1")


def test_an_answer_with_what_no_database_takes_is_paid_for_once_and_kept(api: Api) -> None:
    said = message("\0 no JSON \ud800")
    api.answer = first(replace(said, body=json.dumps(said.body).encode()))
    write()
    assert ModelCall.objects.filter(answer=" no JSON ?").count() == 1
