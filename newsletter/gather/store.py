"""A feed's entries into articles: each once, whatever its feed does to ids and addresses."""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from newsletter.gather.addresses import address_key, is_front_page
from newsletter.gather.junk import same_words
from newsletter.gather.parse import Entry, ParsedFeed
from newsletter.models import Article, Source

FUTURE = dt.timedelta(hours=1)  # how wrong a publisher's clock may be before its date counts for nothing
MEMORY = dt.timedelta(days=30)  # how far back an address is looked for
SAME_STORY = dt.timedelta(days=2)  # one address with another headline later than this is another story
_CHUNK = 500  # ids a query; SQLite allows 999 parameters

_CHANGING = ("guid", "url", "title", "text", "language", "content_hash", "updated_at", "relevance", "relevant")
_FIELDS = (*_CHANGING, "published_at", "dated_at")


@dataclass(frozen=True)
class Stored:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def store(source: Source, feed: ParsedFeed, *, seen_at: dt.datetime) -> Stored:
    """Add `feed`'s new articles to `source`, update those whose words changed; the rest stays untouched.

    One transaction, and one gatherer at a time per source. `seen_at` is when new articles count as first seen.
    A changed article loses rank's judgement, so that it is judged again; its date never moves once it has one:
    feeds that stamp every entry with the hour of the visit would make old news new for ever.
    """
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        known = _known(source, feed, seen_at)
        new, changed = [], []
        for entry in feed.entries:
            article = known.get(entry.guid)
            if article is None:
                new.append(_made(source, entry, seen_at))
            elif _update(article, entry, seen_at):
                changed.append(article)
        Article.objects.bulk_create(new, batch_size=_CHUNK)
        Article.objects.bulk_update(changed, _FIELDS, batch_size=50)
    return Stored(len(new), len(changed), len(feed.entries) - len(new) - len(changed))


def dated_at(published: dt.datetime | None, first_seen: dt.datetime) -> dt.datetime:
    """Where in time the day's window sees an article: as published, unless that is missing or in the future."""
    latest = max(timezone.now(), first_seen) + FUTURE
    return published if published and published <= latest else first_seen


def content_hash(title: str, text: str) -> str:
    """SHA-256 of what a reader would see, as 64 hex digits."""
    return hashlib.sha256(f"{title}\n\n{text}".encode()).hexdigest()


def _known(source: Source, feed: ParsedFeed, seen_at: dt.datetime) -> dict[str, Article]:
    """The articles that `feed`'s entries are already, by the entries' ids."""
    guids = [entry.guid for entry in feed.entries]
    found: dict[str, Article] = {}
    for start in range(0, len(guids), _CHUNK):
        rows = Article.objects.filter(source=source, guid__in=guids[start : start + _CHUNK])
        found |= {row.guid: row for row in rows}
    strangers = [entry for entry in feed.entries if entry.guid not in found]
    return found | (_by_address(source, strangers, feed, seen_at) if strangers else {})


def _by_address(source: Source, strangers: list[Entry], feed: ParsedFeed, seen_at: dt.datetime) -> dict[str, Article]:
    """Entries with an unknown id whose address is known: the feed changed the id, or put tracking into it."""
    times = Counter(address_key(entry.url) for entry in feed.entries)
    wanted = {
        key: entry for entry in strangers if times[key := address_key(entry.url)] == 1 and not is_front_page(key)
    }
    present = {entry.guid for entry in feed.entries}
    recent = Article.objects.filter(source=source, first_seen_at__gte=seen_at - MEMORY).exclude(url="")
    found: dict[str, Article] = {}
    for article in recent.order_by("first_seen_at", "pk"):
        entry = wanted.get(address_key(article.url))
        if entry and article.guid not in present and _same_story(article, entry, seen_at):
            found[entry.guid] = article
    return found


def _same_story(article: Article, entry: Entry, seen_at: dt.datetime) -> bool:
    """Some pages keep their address and change their story (a weekly, a ticker): then headline and date differ."""
    apart = abs((entry.published_at or seen_at) - article.dated_at)
    return same_words(article.title, entry.title) or apart <= SAME_STORY


def _made(source: Source, entry: Entry, seen_at: dt.datetime) -> Article:
    return Article(
        source=source,
        guid=entry.guid,
        url=entry.url,
        title=entry.title,
        text=entry.text,
        language=entry.language,
        published_at=entry.published_at,
        first_seen_at=seen_at,
        dated_at=dated_at(entry.published_at, seen_at),
        content_hash=content_hash(entry.title, entry.text),
    )


def _update(article: Article, entry: Entry, seen_at: dt.datetime) -> bool:
    """Bring `article` up to `entry`; whether anything that counts changed."""
    digest = content_hash(entry.title, entry.text)
    reworded, now_dated = article.content_hash != digest, bool(not article.published_at and entry.published_at)
    if now_dated:
        article.published_at = entry.published_at
        article.dated_at = dated_at(entry.published_at, article.first_seen_at)
    if reworded:
        article.url, article.title, article.text = entry.url, entry.title, entry.text
        article.language, article.content_hash, article.updated_at = entry.language, digest, seen_at
        article.relevance = article.relevant = None
    renamed = article.guid != entry.guid
    article.guid = entry.guid
    return reworded or now_dated or renamed
