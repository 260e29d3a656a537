"""Servers that know less of the Messages API than Anthropic's: what they lack is done without, and that is said."""

import json
from typing import Any

import pytest

from newsletter.compose import online
from newsletter.compose.draft import Draft
from newsletter.models import ModelCall
from tests.newsletter import compose_day
from tests.newsletter.messages_api import Api, Reply, error, good

pytestmark = pytest.mark.django_db


def write() -> Draft:
    compose_day.make()
    return online.write(compose_day.brief())


def knows_less(*words: str) -> Any:
    """Refuses requests that have any of these fields, as a strict server does."""

    def answer(body: dict[str, Any]) -> Reply:
        said = json.dumps(body)
        for word in words:
            if f'"{word}"' in said:
                return error(400, f"{word}: Extra inputs are not permitted")
        return good(body)

    return answer


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        (("effort",), ("takes no effort setting",)),
        (("cache_control",), ("takes no cache marks",)),
        (("output_config",), ("takes no answer schema",)),
        (("cache_control", "output_config"), ("takes no cache marks", "takes no answer schema")),
    ],
)
def test_a_server_that_knows_less_is_asked_in_words_and_that_is_said(
    api: Api, words: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    api.answer = knows_less(*words)
    draft = write()
    assert draft.composer == "claude-sonnet-5-5"
    assert len(draft.notes) == len(notes)
    assert all(any(words in note for note in draft.notes) for words in notes)
    assert len(api.asked) == 6 + len(words)  # it is told once what the server doesn't know
    if "cache_control" in words:
        assert isinstance(api.asked[-1]["system"], str)
        assert isinstance(api.asked[-1]["messages"][0]["content"], str)


def test_a_server_that_counts_no_tokens_is_taken_to_have_used_the_worst(api: Api) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        reply = good(body)
        assert isinstance(reply.body, dict)
        del reply.body["usage"]
        return reply

    api.answer = answer
    assert write().composer == "claude-sonnet-5-5"
    assert all(call.input_tokens > 500 for call in ModelCall.objects.all())
