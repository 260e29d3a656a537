"""Keywords tell what a list speaks of today more than usual: by contrast, not by count."""

import datetime as dt

import pytest

from newsletter.bilingual import Both
from newsletter.models import Keyword
from newsletter.rank.day import rank_day
from newsletter.rank.keywords import Keyword as KeywordValue
from newsletter.rank.keywords import keywords
from tests import factories
from tests.factories import DAY, NOON

AI, MODEL, OPENAI, ZHIPU = Both("AI", "AI"), Both("model", "模型"), Both("OpenAI", "OpenAI"), Both("Zhipu", "智谱")
USUAL = [{AI, MODEL, OPENAI}] * 300 + [{AI}] * 300


def names(found: list[KeywordValue]) -> list[str]:
    return [keyword.name.en for keyword in found]


def test_a_word_of_every_day_is_none_however_frequent() -> None:
    today = [{AI, MODEL, OPENAI}] * 15 + [{AI}] * 15
    assert keywords(today, USUAL) == []


def test_a_name_that_rises_today_is() -> None:
    today = [{AI, MODEL, OPENAI}] * 15 + [{AI, ZHIPU}] * 6 + [{AI}] * 9
    (found,) = keywords(today, USUAL)
    assert (found.name, found.articles, found.usual) == (ZHIPU, 6, 0.0)


def test_a_usual_name_that_rises_is_too() -> None:
    today = [{AI, MODEL, OPENAI}] * 29 + [{AI}]
    assert {keyword.name for keyword in keywords(today, USUAL)} == {MODEL, OPENAI}


def test_at_most_five_the_most_telling_first() -> None:
    others = [Both(f"N{n}", f"N{n}") for n in range(9)]
    today = [{AI, other} for n, other in enumerate(others, 1) for _ in range(n)]
    assert names(keywords(today, USUAL)) == ["N8", "N7", "N6", "N5", "N4"]


def test_without_a_past_what_the_other_lists_say_too_comes_after_what_is_the_lists_own() -> None:
    today, elsewhere = [{AI, ZHIPU}] * 3 + [{AI}] * 3, [{AI}] * 12
    assert names(keywords(today, [], elsewhere))[0] == "Zhipu"


@pytest.mark.django_db
def test_a_days_keywords_are_kept_and_replaced() -> None:
    chinese = factories.source("晨星科技", "zh", "china")
    for day in range(1, 15):
        past = factories.article("OpenAI 发布新模型", by=chinese, at=NOON - dt.timedelta(days=day))
        factories.story(past)
    for n in range(3):
        factories.article(f"智谱开源第{n}个大模型", by=chinese)
    letter = factories.newsletter()
    for _ in range(2):
        rank_day(letter, DAY, letter.cutoff(DAY), lambda *_: None)
    found = list(Keyword.objects.filter(date=DAY).values_list("source_list__slug", "position", "zh"))
    assert ("china", 1, "智谱") in found
    assert "OpenAI" not in [zh for _, _, zh in found]
