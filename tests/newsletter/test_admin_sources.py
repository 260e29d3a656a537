"""Sources in the admin: trouble on top, added by address, OPML in and out, switched off with a reason."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsletter.admin.source_reasons import in_words
from newsletter.gather import visits
from newsletter.models import Article, Source
from newsletter.roles import Role
from tests import factories as make
from tests.newsletter.desk.helpers import text_of
from tests.newsletter.feed_server import FeedServer, site_with

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LIST = "admin:newsletter_source_changelist"
FEED = b"""<rss version="2.0"><channel><title>Harbor Wire</title><link>https://harbor.example/</link>
<item><guid>1</guid><title>Port opens its new quay</title><link>https://harbor.example/1</link>
<description>The quay took three years.</description></item></channel></rss>"""


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator"))
    return client


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    settings.FETCH_ALLOW_LOOPBACK = True
    with site_with(FEED) as running:
        yield running


def visited(name: str, **fields: Any) -> Source:
    return make.source(name, **{"last_visit_at": NOW, "last_success_at": NOW, **fields})


def shown(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def five() -> dict[str, Source]:
    """One of each standing."""
    made = {
        "well": visited("Well"),
        "stale": visited("Quiet"),
        "failing": visited("Failing", failures=3, last_error="not found (404)"),
        "never": make.source("Never seen"),
        "off": visited("Off", active=False, off_reason="only advertisements", off_at=NOW),
    }
    make.article("new", by=made["well"], at=NOW - dt.timedelta(days=1))
    make.article("old", by=made["stale"], at=NOW - dt.timedelta(days=20))
    make.article("tomorrow’s", by=made["stale"], at=NOW - dt.timedelta(days=19))
    return made


def test_trouble_stands_on_top(operator: Client) -> None:
    made = five()
    said = text_of(shown(operator, LIST))
    places = [said.index(made[name].name + " China media") for name in ("failing", "never", "stale", "well", "off")]
    assert places == sorted(places)
    assert "failing, 3 visits in a row: nothing stands at this address any more (404)" in said
    assert "quiet: no entry for 2 weeks" in said
    assert ": only advertisements" in said


@pytest.mark.parametrize("health", ["well", "failing", "stale", "never", "off"])
def test_sources_are_filtered_by_health(operator: Client, health: str) -> None:
    made = five()
    page = shown(operator, LIST, health=health)
    assert [name for name, source in made.items() if f"{source.name}<br>" in page] == [health]


def test_entries_a_day_and_the_share_of_the_last_issues(operator: Client) -> None:
    source, other = visited("Harbor Wire"), visited("Other")
    for n in range(28):
        make.article(f"story {n}", by=source, at=NOW - dt.timedelta(hours=5 * n))
    for day in range(2):
        issue = make.issue(make.DAY + dt.timedelta(days=day))
        make.citation(issue, 1, source.articles.all()[0])
        make.citation(issue, 2, make.article("x", by=other) if day else source.articles.all()[1])
    page = text_of(shown(operator, LIST, q="Harbor"))
    assert "2.0 75.0 %, in 2 of 2" in page
    assert "25.0 %, in 1 of 2" in text_of(shown(operator, "admin:newsletter_source_change", other.pk))


def test_the_list_asks_as_many_queries_for_forty_sources_as_for_four(operator: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown(operator, LIST)
            shown(operator, "admin:newsletter_sourcelist_changelist")
        return len(asked)

    five()
    queries()
    few = queries()
    for n in range(36):
        make.article("x", by=visited(f"Source {n}"), at=NOW)
    assert queries() == few


def test_lists_sum_up_their_sources(operator: Client) -> None:
    five()
    assert "4 (and 1 off) 1 / 1" in text_of(shown(operator, "admin:newsletter_sourcelist_changelist"))


def test_lists_are_called_by_their_names_in_the_language_of_the_page(operator: Client) -> None:
    five()
    page = operator.get(reverse(LIST), headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "中国媒体" in page
    assert "China media" not in page


def test_a_sources_page_tells_its_history(operator: Client) -> None:
    source = visited("Harbor Wire")
    visits.record(source, NOW - dt.timedelta(hours=2), {"new": 3})
    for minutes in (60, 45, 30):
        visits.record(source, NOW - dt.timedelta(minutes=minutes), {})
    source.last_error = "no whole answer within 20 seconds"
    visits.record(source, NOW, {"failed": 1})
    make.article("Port opens its new quay", by=source, at=NOW)
    page = text_of(shown(operator, "admin:newsletter_source_change", source.pk))
    for words in ("No whole answer within 20 seconds", "Nothing new 3 visits since", "3 new articles", "new quay"):
        assert words in page
    assert "can’t be deleted" in page


def test_an_address_is_looked_through_and_nothing_is_saved_before_one_says_so(
    operator: Client, server: FeedServer
) -> None:
    address = reverse("admin:newsletter_source_add")
    found = operator.post(address, {"step": "find", "address": server.base}).content.decode()
    said = text_of(found)
    assert "1 feed found" in said
    assert "Port opens its new quay" in said
    assert "1 of 1 entries has no date" in said
    assert not Source.objects.exists()
    assert not Article.objects.exists()

    us = make.source_list("us")
    fields = {"name": "Harbor Wire", "url": server.url("/feed"), "source_list": us.pk, "language": "en"}
    answer = operator.post(address, {"step": "save", "scope": "general", **fields}, follow=True)
    source = Source.objects.get()
    assert (source.name, source.source_list, source.active) == ("Harbor Wire", us, True)
    assert "is a source of US media now" in answer.content.decode()
    assert LogEntry.objects.get().get_change_message() == "Added by address."
    other = operator.post(address, {"another": "1", "scope": "ai", **fields, "url": "https://other.example/feed"})
    assert other.headers["Location"] == address
    assert Source.objects.count() == 2


def test_a_feed_that_is_there_already_is_not_added_twice(operator: Client, server: FeedServer) -> None:
    known = make.source("Known", url=server.url("/feed/"))
    address = reverse("admin:newsletter_source_add")
    found = operator.post(address, {"step": "find", "address": server.base}).content.decode()
    assert "This feed is a source already: “Known”" in found
    assert 'value="save"' not in found
    again = {"name": "Again", "url": server.url("/feed"), "source_list": known.source_list_id, "language": "en"}
    refused = operator.post(address, {"step": "save", "scope": "general", **again}).content.decode()
    assert "This feed is a source already: “Known”." in refused
    assert Source.objects.count() == 1


def test_where_nothing_is_found_the_page_says_why_and_offers_to_save_unseen(
    operator: Client, server: FeedServer
) -> None:
    del server.answers["/"], server.answers["/feed"]
    page = operator.post(reverse("admin:newsletter_source_add"), {"step": "find", "address": server.base})
    said = text_of(page.content.decode())
    assert "No feed was found" in said
    assert "Nothing stands at this address any more (404)" in said
    assert "saved unseen" in said
    odd = operator.post(reverse("admin:newsletter_source_add"), {"step": "find", "address": "file:///etc/passwd"})
    assert "Not an http or https address" in odd.content.decode()
    assert "saved unseen" not in odd.content.decode()


def test_asking_for_the_page_asks_nobody_else(operator: Client, server: FeedServer) -> None:
    shown(operator, "admin:newsletter_source_add", address=server.base)
    assert server.asked == []


def test_a_source_is_switched_off_with_a_reason_and_on_in_one_click(operator: Client) -> None:
    source = visited("Harbor Wire", failures=4, next_visit_at=NOW)
    off = reverse("admin:newsletter_source_off")
    assert operator.post(off, {"id": source.pk, "reason": " "}).status_code == 200
    source.refresh_from_db()
    assert source.active

    operator.post(off, {"id": source.pk, "reason": "only advertisements since March"})
    source.refresh_from_db()
    assert (source.active, source.off_reason) == (False, "only advertisements since March")
    assert source.off_by is not None
    assert "by operator: only advertisements since March" in text_of(shown(operator, LIST))

    operator.post(reverse("admin:newsletter_source_on", args=[source.pk]))
    on = Source.objects.get()
    assert (on.active, on.off_reason, on.off_by, on.next_visit_at) == (True, "", None, None)
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
        "Switched off: only advertisements since March",
        "Switched on.",
    ]


def test_several_are_switched_off_for_one_reason(operator: Client) -> None:
    made = [visited(f"Source {n}") for n in range(3)]
    chosen = {"action": "switch_off", "_selected_action": [made[0].pk, made[2].pk]}
    asked = operator.post(reverse(LIST), chosen, follow=True)
    assert "Source 0" in asked.content.decode()
    assert "Source 1" not in asked.content.decode()
    operator.post(reverse("admin:newsletter_source_off"), {"id": [made[0].pk, made[2].pk], "reason": "copies"})
    assert list(Source.objects.order_by("name").values_list("active", flat=True)) == [False, True, False]
    operator.post(reverse(LIST), {"action": "switch_on", "_selected_action": [each.pk for each in made]})
    assert Source.objects.filter(active=True).count() == 3


def test_visit_now_says_what_came_of_it(operator: Client, server: FeedServer) -> None:
    source = make.source("Harbor Wire", "en", "us", url=server.url("/feed"))
    visit = reverse("admin:newsletter_source_visit", args=[source.pk])
    assert "was visited: 1 new article." in operator.post(visit, follow=True).content.decode()
    del server.answers["/feed"]
    assert "nothing stands at this address" in operator.post(visit, follow=True).content.decode()
    assert Article.objects.count() == 1
    from_files = make.source(url="file:a.xml")
    told = operator.post(reverse("admin:newsletter_source_visit", args=[from_files.pk]), follow=True)
    assert "read from a folder" in told.content.decode()


def test_opml_is_shown_before_it_is_taken_in(operator: Client) -> None:
    known = make.source("Known", url="https://known.example/feed")
    body = (
        '<opml version="2.0"><body><outline text="US media">'
        '<outline text="Harbor Wire" xmlUrl="https://harbor.example/feed"/>'
        '<outline text="Known here" xmlUrl="http://www.known.example/feed/"/></outline>'
        '<outline text="Quays"><outline text="Quay Post" xmlUrl="https://quay.example/feed"/></outline></body></opml>'
    )
    address = reverse("admin:newsletter_source_opml")
    page = operator.post(address, {"file": SimpleUploadedFile("feeds.opml", body.encode())}).content.decode()
    said = text_of(page)
    assert "Nothing is written yet. New: 2 · A source already: 1" in said
    assert "Add 2 sources" in said
    assert Source.objects.get() == known

    operator.post(address, {"text": body, "step": "save", "home0": make.source_list("us").pk, "home1": "none"})
    assert set(Source.objects.values_list("name", "source_list__slug")) == {("Known", "china"), ("Harbor Wire", "us")}
    assert LogEntry.objects.get().get_change_message() == "Added from an OPML file."


def test_a_hostile_file_is_refused_in_words(operator: Client) -> None:
    bomb = (
        b'<!DOCTYPE o [<!ENTITY a "aaaa">]><opml><body><outline text="&a;" xmlUrl="https://x.example/"/></body></opml>'
    )
    address = reverse("admin:newsletter_source_opml")
    page = operator.post(address, {"file": SimpleUploadedFile("bomb.opml", bomb)})
    assert "declares entities" in page.content.decode()
    assert operator.post(address, {"text": bomb.decode(), "step": "save"}).status_code == 302
    assert not Source.objects.exists()


def test_the_export_is_a_file(operator: Client) -> None:
    make.source("Harbor Wire", url="https://harbor.example/feed")
    response = operator.get(reverse("admin:newsletter_source_export"))
    assert response.headers["Content-Type"].startswith("text/x-opml")
    assert 'xmlUrl="https://harbor.example/feed"' in response.content.decode()


def test_only_a_source_without_articles_is_deleted_and_after_asking(operator: Client) -> None:
    source, held = make.source("Mistyped"), make.article("x").source
    address = reverse("admin:newsletter_source_delete", args=[source.pk])
    assert "Are you sure" in operator.get(address).content.decode()
    operator.post(address, {"post": "yes"})
    assert operator.post(reverse("admin:newsletter_source_delete", args=[held.pk]), {"post": "yes"}).status_code == 403
    assert list(Source.objects.all()) == [held]
    assert "delete_selected" not in shown(operator, LIST)


def test_the_form_minds_addresses_and_languages(operator: Client) -> None:
    source, other = (
        make.source("One", url="https://one.example/feed"),
        make.source("Two", url="https://two.example/feed"),
    )
    address = reverse("admin:newsletter_source_change", args=[source.pk])
    fields = {"name": "One", "source_list": source.source_list_id, "language": "zh", "scope": "ai", "url": source.url}
    for wrong in ({"url": "ftp://x.example/"}, {"url": "http://www.two.example/feed/"}, {"language": "Chinese"}):
        assert "errornote" in operator.post(address, {**fields, **wrong}).content.decode()
    assert operator.post(address, fields).status_code == 302
    source.refresh_from_db()
    assert source.scope == "ai"
    assert source.active
    assert other.name == "Two"


def test_another_address_is_visited_at_once_and_in_full(operator: Client) -> None:
    """The old one failed and rests for a day; the new one may be older than what the old one said of its age."""
    tomorrow = NOW + dt.timedelta(days=1)
    told = {"etag": '"9"', "last_modified": "Thu, 07 May 2026 00:00:00 GMT", "last_error": "not found (404)"}
    source = visited("Harbor Wire", failures=9, next_visit_at=tomorrow, **told)
    fields = ("name", "url", "language", "region", "scope", "name_en", "name_zh", "note")
    sent = {name: getattr(source, name) for name in fields} | {"source_list": source.source_list_id}
    address = reverse("admin:newsletter_source_change", args=[source.pk])

    operator.post(address, {**sent, "name": "Harbour Wire"})
    source.refresh_from_db()
    assert (source.name, source.failures, source.next_visit_at) == ("Harbour Wire", 9, tomorrow)

    operator.post(address, {**sent, "url": "https://harbor.example/feed.xml"})
    source.refresh_from_db()
    assert (source.url, source.failures, source.next_visit_at) == ("https://harbor.example/feed.xml", 0, None)
    assert (source.etag, source.last_modified, source.last_error) == ("", "", "")


def test_only_administrators_move_sources(client: Client, server: FeedServer) -> None:
    writer = make.editor("writer")
    writer.groups.add(Group.objects.get(name=Role.WRITER))
    client.force_login(writer)
    source = visited("Harbor Wire", url=server.url("/feed"))
    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse("admin:newsletter_source_export")).status_code == 200
    for name in ("add", "opml"):
        assert client.get(reverse(f"admin:newsletter_source_{name}")).status_code == 403
    for name in ("on", "visit"):
        assert client.post(reverse(f"admin:newsletter_source_{name}", args=[source.pk])).status_code == 403
    assert client.post(reverse("admin:newsletter_source_off"), {"id": source.pk, "reason": "x"}).status_code == 403
    assert server.asked == []
    writer.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    assert client.post(reverse("admin:newsletter_source_visit", args=[source.pk])).status_code == 302
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("not found (404)", "nothing stands at this address any more (404)"),
        ("http://x.example/a: answered 503 Service Unavailable", "something is broken at the site (503)"),
        ("can't find x.example: Name or service not known", "there is no site of the name x.example"),
        (
            "refused: x.example (10.0.0.1) is not a public address",
            "x.example is not in the public internet, and is not asked",
        ),
        ("a web page, not a feed: “Welcome”", "a web page, not a feed"),
        ("line 3: not well-formed (invalid token)", "not quite XML, at line 3; read all the same"),
        ("2 of 10 entries with neither headline nor text", "2 of 10 entries have neither headline nor text"),
        ("something nobody thought of: 100 %", "something nobody thought of: 100 %"),
        ("", ""),
    ],
)
def test_reasons_are_said_in_words(reason: str, words: str) -> None:
    assert in_words(reason) == words
