"""The rank act on rows: stories keep their ids, a run repeated changes nothing, merges leave a redirect."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from newsletter.models import Article, Ranking, Story
from newsletter.rank.day import rank_day
from newsletter.rank.reading import read
from newsletter.rank.results import judge, results
from newsletter.rank.values import ArticleValue
from newsletter.subject import load_vocabulary
from tests import factories
from tests.factories import DAY, NOON

pytestmark = pytest.mark.django_db


def rank(date: dt.date = DAY) -> dict[str, Any]:
    letter = factories.newsletter()
    return rank_day(letter, date, letter.cutoff(date), lambda *_: None)


def in_english(title: str, text: str = "", **fields: Any) -> Article:
    by = factories.source(f"Outlet {title[:20]}", language="en", list_slug="us")
    return factories.article(title, text, by=by, **fields)


def nebius() -> tuple[Article, Article]:
    english = in_english("Nvidia invests $2 billion in Nebius to fund AI data center buildout")
    url = "https://chenxing.example/1"  # another publisher than the factory's
    return english, factories.article("英伟达将向Nebius投资20亿美元", "面向人工智能市场的云平台。", url=url)


def test_articles_get_relevance_topics_and_a_story() -> None:
    english, chinese = nebius()
    crayfish = factories.article("小龙虾大量上市，批发价比上月跌了三成")
    counts = rank()
    for row in (english, chinese, crayfish):
        row.refresh_from_db()
    assert english.relevant
    assert english.relevance is not None
    assert "chips-compute" in english.topics
    assert english.story is not None
    assert english.story == chinese.story
    assert english.story.title_zh == chinese.title
    assert english.story.region in ("US", "EU")
    assert (crayfish.relevant, crayfish.story) == (False, None)
    assert (counts["articles"], counts["relevant"], counts["stories"], counts["both_languages"]) == (3, 2, 1, 1)


def test_an_article_in_no_story_has_no_topics_even_where_its_words_would_give_some() -> None:
    stray = factories.article("手机芯片价格小幅回落", "商家说，买手机的人少了。", topics=["chips-compute"])
    value = ArticleValue(str(stray.pk), stray.title, stray.text, "zh", "晨星科技", NOON)
    assert read(value, load_vocabulary()).topics, "else this shows nothing"
    (result,) = results(judge([value], factories.newsletter().cutoff(DAY)))
    assert (result.relevant, result.topics) == (False, ())

    rank()
    stray.refresh_from_db()
    assert (stray.relevant, stray.story, stray.topics) == (False, None, [])


def test_only_the_window_of_the_day_counts() -> None:
    cutoff = factories.newsletter().cutoff(DAY)
    titles = {
        "at the end": cutoff,
        "after it": cutoff + dt.timedelta(seconds=1),
        "at the start": cutoff - dt.timedelta(days=1),
    }
    for title, at in titles.items():
        in_english(f"OpenAI ships a new AI model {title}", at=at)
    rank()
    assert [a.title for a in Article.objects.filter(relevant=True)] == ["OpenAI ships a new AI model at the end"]


def test_other_languages_are_left_alone() -> None:
    french = factories.article("OpenAI lance un modèle d’IA", by=factories.source("Le Jour", language="fr"))
    rank()
    french.refresh_from_db()
    assert french.relevant is None


def test_running_twice_changes_nothing() -> None:
    nebius()
    factories.article("智谱启动“龙虾全国部署计划”")
    rank()
    before = list(Story.objects.order_by("pk").values()), list(Ranking.objects.order_by("pk").values())
    counts = rank()
    assert (list(Story.objects.order_by("pk").values()), list(Ranking.objects.order_by("pk").values())) == before
    assert (counts["new_stories"], counts["merged"]) == (0, 0)


def test_a_new_article_joins_the_story_that_is_there() -> None:
    english, _ = nebius()
    rank()
    english.refresh_from_db()
    late = in_english("Nvidia puts $2 billion into Nebius, an AI data center company")
    rank()
    late.refresh_from_db()
    assert late.story_id == english.story_id
    assert Story.objects.count() == 1


def test_a_story_goes_on_the_next_day_under_its_id() -> None:
    english, _ = nebius()
    rank()
    english.refresh_from_db()
    late = in_english(
        "Nebius shares jump after Nvidia invests $2 billion in AI data center firm", at=NOON + dt.timedelta(days=1)
    )
    rank(DAY + dt.timedelta(days=1))
    late.refresh_from_db()
    assert late.story_id == english.story_id
    assert Ranking.objects.filter(story=english.story).count() == 2


def test_what_a_story_adds_the_next_day_is_kept_with_its_place() -> None:
    english, _ = nebius()
    rank()
    at = NOON + dt.timedelta(days=1)
    in_english("Nvidia raises its $2 billion investment in AI data center firm Nebius to $3 billion", at=at)
    counts = rank(DAY + dt.timedelta(days=1))
    ranking = Ranking.objects.get(date=DAY + dt.timedelta(days=1))
    english.refresh_from_db()
    assert (ranking.story, ranking.news, ranking.chosen) == (english.story, "update", True)
    assert "new figures" in ranking.reasons["news"]["en"]
    assert (counts["updates"], counts["unchanged"]) == (1, 0)


def test_the_same_news_again_is_no_item_the_next_day() -> None:
    nebius()
    rank()
    in_english("Nvidia invests $2 billion in Nebius, the AI data center firm", at=NOON + dt.timedelta(days=1))
    rank(DAY + dt.timedelta(days=1))
    ranking = Ranking.objects.get(date=DAY + dt.timedelta(days=1))
    assert (ranking.news, ranking.chosen) == ("unchanged", False)


def test_a_page_that_was_there_days_ago_is_old_whatever_its_feed_says() -> None:
    title = "OpenAI ships an AI model for hospitals"
    in_english(title, at=NOON - dt.timedelta(days=9), url="https://www.ledger.example/a/1")
    in_english(title, "once more", url="https://m.ledger.example/a/1?utm_source=rss")
    assert rank()["old"] == 1
    ranking = Ranking.objects.get()
    assert (ranking.chosen, ranking.hot) == (False, 0)
    assert ranking.reasons["hot"]["en"] == "no news: the same page was seen on 27 Apr 2026"


def test_after_three_days_it_is_a_new_story() -> None:
    english, _ = nebius()
    rank()
    english.refresh_from_db()
    late = in_english("Nvidia invests $2 billion in Nebius for AI data centers", at=NOON + dt.timedelta(days=5))
    rank(DAY + dt.timedelta(days=5))
    late.refresh_from_db()
    assert late.story_id not in (None, english.story_id)


def test_stories_that_turn_out_to_be_one_leave_a_redirect() -> None:
    english, chinese = nebius()
    first, second = factories.story(english), factories.story(chinese)
    old = factories.story(merged_into=second)
    assert rank()["merged"] == 1
    for row in (english, chinese, second, old):
        row.refresh_from_db()
    assert english.story == chinese.story == first
    assert second.merged_into == old.merged_into == first
    assert rank()["merged"] == 0


def test_a_story_that_was_two_is_split_and_keeps_its_id_once() -> None:
    english, chinese = nebius()
    other = factories.article("智谱启动“龙虾全国部署计划”")
    wrong = factories.story(english, chinese, other)
    rank()
    for row in (english, chinese, other):
        row.refresh_from_db()
    assert english.story == chinese.story == wrong
    assert other.story not in (None, wrong)


def test_a_headline_stays_while_some_report_in_its_language_does() -> None:
    english, chinese = nebius()
    rank()
    at = NOON + dt.timedelta(days=1)
    in_english("Nebius shares jump after Nvidia invests $2 billion in AI data center firm", at=at)
    rank(DAY + dt.timedelta(days=1))
    story = Story.objects.get()
    assert (story.title_en[:13], story.title_zh) == ("Nebius shares", chinese.title)
    chinese.delete()
    rank()
    story.refresh_from_db()
    assert (story.title_en, story.title_zh) == (english.title, "")


def test_the_days_rankings_are_replaced() -> None:
    gone = factories.story(in_english("Old AI model news that fell out of the feed", at=NOON - dt.timedelta(days=30)))
    factories.ranking(gone)
    nebius()
    rank()
    assert not Ranking.objects.filter(story=gone).exists()
    ranking = Ranking.objects.get()
    assert (ranking.position, ranking.chosen) == (1, True)
    assert ranking.reasons["hot"]["zh"].startswith("2 家独立媒体 2 篇报道")


def test_queries_do_not_grow_with_the_articles(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for n in range(60):
        factories.article(f"第{n}家医院部署大模型智能体，{n * 7}项业务提速")
    with django_assert_max_num_queries(25):
        rank()


def test_the_command_reports_and_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english, _ = nebius()
    call_command("rank", "--date", str(DAY), "--json", "--export", str(tmp_path / "out.jsonl"))
    counts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (counts["act"], counts["stories"]) == ("rank", 1)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["id"] for line in lines} >= {str(english.pk)}
    assert all(line["relevant"] for line in lines)


def test_the_order_in_which_articles_were_stored_decides_nothing() -> None:
    for n, title in enumerate(["Nvidia funds a data center in Ohio", "OpenAI opens an office in Seoul"] * 3):
        in_english(f"{title}, report {n}", f"The AI model business grows, says wire {n}.", at=NOON)
    nebius()
    rows = list(Article.objects.order_by("pk"))
    rank()
    first = list(Ranking.objects.order_by("position").values_list("score", "story__title_en", "story__title_zh"))
    Article.objects.all().delete()
    Story.objects.all().delete()
    for row in reversed(rows):
        row.pk, row.story = None, None
        row.save(force_insert=True)
    rank()
    assert first == list(
        Ranking.objects.order_by("position").values_list("score", "story__title_en", "story__title_zh")
    )
