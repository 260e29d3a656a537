"""Entries into articles: each once, whatever its feed does."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from newsletter.gather.parse import Entry, ParsedFeed
from newsletter.gather.store import Stored, store
from newsletter.models import Article, Source
from tests import factories

pytestmark = pytest.mark.django_db
SEEN = dt.datetime(2026, 5, 7, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ENTRY = Entry("g1", "https://a.example/1", "长风发布模型", "价格下降三成。", "zh", SEEN - HOUR)


@pytest.fixture
def source() -> Source:
    return factories.source()


def put(source: Source, *entries: Entry, seen_at: dt.datetime = SEEN) -> Stored:
    return store(source, ParsedFeed("晨星", "zh", entries, ""), seen_at=seen_at)


def test_a_new_entry_becomes_an_article(source: Source) -> None:
    assert put(source, ENTRY) == Stored(new=1)
    article = Article.objects.get()
    assert (article.guid, article.url, article.title, article.text) == ("g1", ENTRY.url, ENTRY.title, ENTRY.text)
    assert (article.language, article.published_at, article.first_seen_at) == ("zh", SEEN - HOUR, SEEN)
    assert (article.dated_at, article.updated_at, article.relevant) == (SEEN - HOUR, None, None)


def test_twice_is_once(source: Source) -> None:
    put(source, ENTRY)
    assert put(source, ENTRY, seen_at=SEEN + HOUR) == Stored(unchanged=1)
    assert Article.objects.get().first_seen_at == SEEN


def test_two_sources_each_keep_their_own(source: Source) -> None:
    put(source, ENTRY)
    assert put(factories.source("云杉"), ENTRY) == Stored(new=1)


def test_changed_words_are_taken_over_and_judged_again(source: Source) -> None:
    put(source, ENTRY)
    Article.objects.update(relevant=True, relevance=0.9)
    assert put(source, replace(ENTRY, text="价格下降四成。"), seen_at=SEEN + HOUR) == Stored(changed=1)
    article = Article.objects.get()
    assert (article.text, article.updated_at, article.dated_at) == ("价格下降四成。", SEEN + HOUR, SEEN - HOUR)
    assert (article.relevant, article.relevance) == (None, None)


def test_an_undated_entry_is_dated_when_first_seen_and_stays_there(source: Source) -> None:
    undated = replace(ENTRY, published_at=None)
    put(source, undated)
    put(source, undated, seen_at=SEEN + 5 * HOUR)
    assert (Article.objects.get().dated_at, Article.objects.get().published_at) == (SEEN, None)


def test_a_feed_that_stamps_every_visit_does_not_make_old_news_new(source: Source) -> None:
    put(source, ENTRY)
    put(source, replace(ENTRY, published_at=SEEN + 24 * HOUR), seen_at=SEEN + 24 * HOUR)
    assert Article.objects.get().dated_at == SEEN - HOUR


def test_a_date_that_comes_late_is_welcome(source: Source) -> None:
    put(source, replace(ENTRY, published_at=None))
    assert put(source, ENTRY) == Stored(changed=1)
    assert Article.objects.get().dated_at == SEEN - HOUR


def test_a_date_in_the_future_counts_for_nothing(source: Source) -> None:
    now = timezone.now()
    put(source, replace(ENTRY, published_at=now + 8 * HOUR), seen_at=now)
    article = Article.objects.get()
    assert (article.dated_at, article.published_at) == (now, now + 8 * HOUR)


def test_a_clock_a_little_fast_is_forgiven(source: Source) -> None:
    now = timezone.now()
    put(source, replace(ENTRY, published_at=now + HOUR / 2), seen_at=now)
    assert Article.objects.get().dated_at == now + HOUR / 2


def test_a_new_id_with_the_old_address_is_the_old_article(source: Source) -> None:
    put(source, ENTRY)
    moved = replace(ENTRY, guid="g2", url=ENTRY.url + "?utm_source=rss")
    assert put(source, moved, seen_at=SEEN + HOUR) == Stored(changed=1)
    assert Article.objects.get().guid == "g2"
    assert put(source, moved, seen_at=SEEN + HOUR) == Stored(unchanged=1)


def test_one_address_for_several_entries_tells_nothing(source: Source) -> None:
    put(source, ENTRY)
    changes = [replace(ENTRY, guid=f"c{n}", title=f"第{n}版") for n in (2, 3)]
    assert put(source, *changes) == Stored(new=2)


def test_an_entry_beside_the_old_one_is_another(source: Source) -> None:
    put(source, ENTRY)
    assert put(source, ENTRY, replace(ENTRY, guid="g2", title="另一件事")) == Stored(new=1, unchanged=1)


def test_a_page_with_a_new_story_every_week_gives_a_new_article(source: Source) -> None:
    put(source, ENTRY)
    later = SEEN + dt.timedelta(days=7)
    weekly = replace(ENTRY, guid="g2", title="云杉开设工厂", published_at=later)
    assert put(source, weekly, seen_at=later) == Stored(new=1)


def test_the_front_page_is_no_articles_address(source: Source) -> None:
    put(source, replace(ENTRY, url="https://a.example/"))
    assert put(source, replace(ENTRY, guid="g2", url="https://a.example")) == Stored(new=1)


def test_many_entries_take_few_queries(source: Source, django_assert_max_num_queries: Any) -> None:
    many = [replace(ENTRY, guid=f"g{n}", url=f"https://a.example/{n}") for n in range(1200)]
    with django_assert_max_num_queries(30):  # SQLite takes 71 rows an INSERT
        put(source, *many)
    assert put(source, *many) == Stored(unchanged=1200)
