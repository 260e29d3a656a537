"""From a site's address to its feeds, tried before they are saved."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from newsletter.gather.discovery import discover, try_feed, typed_address
from newsletter.gather.feed_key import feed_key
from newsletter.gather.feed_links import feeds_by_shape, links_of
from newsletter.models import Article, Source
from tests.newsletter.feed_server import Answer, FeedServer, feed_server

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    settings.FETCH_ALLOW_LOOPBACK = True
    with feed_server() as running:
        yield running


def rss(title: str, *items: str) -> bytes:
    inner = "".join(items)
    return f'<rss version="2.0"><channel><title>{title}</title><link>https://x.example/</link>{inner}</channel></rss>'.encode()


def item(n: int, *, date: str = "Wed, 11 Mar 2026 08:00:00 GMT", text: str = "Something happened at the port.") -> str:
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    said = f"<description>{text}</description>" if text else ""
    return (
        f"<item><guid>{n}</guid><title>Story number {n}</title><link>https://x.example/{n}</link>{dated}{said}</item>"
    )


def page(*links: str) -> Answer:
    return Answer(
        f"<!doctype html><html><head>{''.join(links)}</head><body>Hello</body></html>".encode(), headers=HTML
    )


def alternate(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


@pytest.mark.django_db
def test_a_page_names_its_feeds_and_nothing_is_written(server: FeedServer) -> None:
    server.answers["/"] = page(alternate("/comments.xml"), alternate("news.xml"), alternate("/dead.xml"))
    server.answers["/news.xml"] = Answer(rss("Harbor Wire", item(1), item(2)))
    server.answers["/comments.xml"] = Answer(rss("Comments for Harbor Wire", item(9)))
    found = discover(server.base)
    assert [(each.title, each.reason) for each in found.candidates] == [
        ("Harbor Wire", ""),
        ("Comments for Harbor Wire", ""),
        ("", "not found (404)"),
    ]
    best = found.candidates[0]
    assert (best.url, best.entries, best.language) == (server.url("/news.xml"), 2, "en")
    assert best.newest is not None
    assert best.newest.isoformat() == "2026-03-11T08:00:00+00:00"
    assert [entry.title for entry in best.samples] == ["Story number 1", "Story number 2"]
    assert not Source.objects.exists()
    assert not Article.objects.exists()


def test_a_feeds_own_address_is_the_feed(server: FeedServer) -> None:
    server.answers["/rss"] = Answer(rss("晨星科技", item(1, text="晨星科技今天发布了新的模型，价格不变。")))
    (found,) = discover(server.url("/rss")).candidates
    assert found.title == "晨星科技"
    assert [path for path, _ in server.asked] == ["/rss"]


def test_without_a_link_the_usual_places_are_tried(server: FeedServer) -> None:
    server.answers["/blog"] = page()
    server.answers["/blog/feed"] = server.answers["/blog/rss.xml"] = Answer(rss("Blog", item(1)))
    server.answers["/atom.xml"] = Answer(rss("Whole site", item(2)))
    found = discover(server.url("/blog"))
    assert [each.title for each in found.candidates] == ["Blog", "Whole site"]  # one feed at two addresses is one


def test_a_link_in_the_text_will_do_where_the_head_names_none() -> None:
    html = '<a href="/about">About</a> <a href="/news/rss/">RSS</a> <a href="https://feeds.x.example/all.rss">All</a>'
    assert links_of(html, "https://x.example/news/") == [
        "https://x.example/news/rss/",
        "https://feeds.x.example/all.rss",
    ]


def test_base_and_kinds_of_links_are_minded() -> None:
    html = (
        '<base href="https://cdn.example/a/"><link rel="alternate" hreflang="zh" href="/zh/">'
        '<link rel="stylesheet alternate" type="application/atom+xml" href="atom">'
        '<link rel=alternate type="application/json" href="feed.json"><link rel="alternate" type="text/xml">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
    )
    assert links_of(html, "https://x.example/") == ["https://cdn.example/a/atom"]


def test_what_is_wrong_with_a_feed_is_said_before_it_is_saved(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(rss("Undated", item(1, date=""), item(2, date="", text=""), item(3)))
    found = try_feed(server.url("/feed"))
    assert (found.undated, found.mute, found.entries) == (2, 1, 3)
    server.answers["/empty"] = Answer(rss("Empty"))
    assert try_feed(server.url("/empty")).reason == "no entries"


def test_a_permanent_move_is_followed_and_named(server: FeedServer) -> None:
    server.answers["/old"] = Answer(status=301, headers={"Location": server.url("/new")})
    server.answers["/new"] = Answer(rss("Moved", item(1)))
    found = try_feed(server.url("/old"))
    assert (found.url, found.moved_from) == (server.url("/new"), server.url("/old"))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [({}, "not found (404)"), ({"/": page()}, ""), ({"/": Answer(b"{}", headers=HTML)}, "")],
    ids=["nothing there", "a page without feeds", "no page at all"],
)
def test_where_there_is_no_feed_nothing_is_offered(
    server: FeedServer, answers: dict[str, Answer], reason: str
) -> None:
    server.answers.update(answers)
    found = discover(server.base + "/")
    assert found.candidates == ()
    assert found.reason == reason


def test_neighbours_of_this_machine_are_not_asked(server: FeedServer, settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = False
    assert "is this machine" in discover(server.base).reason
    settings.FETCH_ALLOW_LOOPBACK = True
    server.answers["/"] = page(alternate("http://10.0.0.1/feed"), alternate("http://169.254.169.254/latest/feed"))
    assert all("is not a public address" in each.reason for each in discover(server.base).candidates)


def test_a_slow_site_is_waited_for_no_longer_than_said(server: FeedServer) -> None:
    over = threading.Event()

    def drip(send: Any) -> None:
        over.wait(60)

    server.answers["/"] = page(*(alternate(f"/slow{n}") for n in range(6)))
    server.answers |= {f"/slow{n}": Answer(drip=drip) for n in range(6)}
    found = discover(server.base, patience=1.0)
    over.set()  # none of them had answered when we gave up
    assert all("no whole answer" in each.reason for each in found.candidates)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("x.example", "https://x.example"),
        (" https://x.example/a b", ""),
        ("feed://x.example/rss", "http://x.example/rss"),
        ("feed:https://x.example/rss", "https://x.example/rss"),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_what_people_type(typed: str, address: str) -> None:
    assert typed_address(typed) == address


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
            ["https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"],
        ),
        ("https://github.com/owner/name.js/releases/tag/v1", ["https://github.com/owner/name.js/releases.atom"]),
        ("https://github.com/owner/name", ["https://github.com/owner/name/releases.atom"]),
        ("https://github.com/topics/news", []),
        ("https://github.com/owner", []),
        ("https://github.com/owner/name/commits.atom", []),
        ("https://www.youtube.com/@handle", []),
        ("https://x.example/owner/name", []),
    ],
)
def test_some_addresses_tell_their_feed(page: str, feeds: list[str]) -> None:
    assert feeds_by_shape(page) == feeds


def test_one_feed_under_two_spellings_has_one_key() -> None:
    same = [
        "http://www.x.example/feed/",
        "https://x.example/feed",
        "https://X.example:443/feed",
        "https://x.example/feed/",
    ]
    assert len({feed_key(url) for url in same}) == 1
    apart = [
        "https://x.example/feed?cat=a",
        "https://x.example/feed?cat=b",
        "https://x.example:8080/feed",
        "file:feed",
    ]
    assert len({feed_key(url) for url in [*same, *apart]}) == 5
