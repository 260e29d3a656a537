"""The short addresses of a mail's links: where they lead, what is counted of them, and of whom nothing is."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from newsletter import workflow
from newsletter.deliver import editions
from newsletter.models import Issue, IssueState, LinkClicks, Newsletter
from newsletter.page import Choices, lay_out, render_html
from newsletter.views import cited
from tests import factories as make
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.47"


@pytest.fixture
def issue(monkeypatch: pytest.MonkeyPatch) -> Issue:
    """No. 128, gone out; it is the noon of its day."""
    cache.clear()
    found = make_full_issue(number=128, state=IssueState.SENT)
    noon = dt.datetime.combine(found.date, dt.time(12), found.newsletter.tz)
    monkeypatch.setattr("newsletter.views.cited.timezone.now", lambda: noon)
    return found


@pytest.fixture
def counted(issue: Issue) -> Issue:
    Newsletter.objects.update(count_clicks=True)
    return issue


def follow(
    client: Client, mark: int = 3, agent: str = FIREFOX, *, ip: str = "192.0.2.7", also: dict[str, str] | None = None
) -> None:
    headers = {"User-Agent": agent, **(also or {})}
    answer = client.get(f"/c/128/{mark}", headers=headers, REMOTE_ADDR=ip)
    assert answer.status_code == 302


def clicks() -> dict[int, int]:
    return dict(LinkClicks.objects.values_list("number", "clicks"))


# ---- where they lead -----------------------------------------------------------------------------------------


def test_a_short_address_leads_on_to_the_article(client: Client, issue: Issue) -> None:
    response = client.get("/c/128/3?url=https://evil.example/")
    assert (response.status_code, response["Location"]) == (302, issue.citations.get(number=3).url)
    assert response["X-Robots-Tag"] == "noindex"


def test_it_leads_nowhere_else(client: Client, issue: Issue) -> None:
    issue.citations.filter(number=3).update(url="javascript:alert(1)")
    for path in ("/c/128/3", "/c/128/99", "/c/5/1"):
        assert client.get(path).status_code == 404


def test_of_an_issue_that_is_not_out_only_editors_and_readers_of_a_test_mail_may_follow_it(
    client: Client, counted: Issue
) -> None:
    Issue.objects.update(state=IssueState.IN_REVIEW)
    assert client.get("/c/128/4").status_code == 404
    make.tried(counted, make.editor())
    follow(client, 4)
    assert clicks() == {}


def test_a_correction_of_the_same_number_changes_nothing(client: Client, counted: Issue) -> None:
    mail = make.issue(counted.date, number=128, kind="correction", sequence=1, corrects=counted, state=IssueState.SENT)
    citation = counted.citations.get(number=3)
    citation.pk, citation.issue = None, mail
    citation.save()
    follow(client)
    assert LinkClicks.objects.get().issue == counted


# ---- what is counted -----------------------------------------------------------------------------------------


def test_nothing_is_counted_unless_the_newsletter_says_so(client: Client, issue: Issue) -> None:
    follow(client)
    assert clicks() == {}


def test_each_link_is_counted_by_day_and_nothing_says_by_whom(client: Client, counted: Issue) -> None:
    for n, mark in enumerate([3, 3, 5]):
        follow(client, mark, ip=f"192.0.2.{n}")
    follow(client, 3, WECHAT)
    assert clicks() == {3: 3, 5: 1}
    assert {field.name for field in LinkClicks._meta.get_fields()} == {"id", "issue", "number", "day", "clicks"}
    assert LinkClicks.objects.values_list("day", flat=True).distinct().get() == counted.date


def test_a_second_tap_is_none(client: Client, counted: Issue) -> None:
    for _ in range(3):
        follow(client)
    follow(client, ip="192.0.2.8")
    assert clicks() == {3: 2}


def test_who_follows_every_link_within_a_minute_is_no_reader(client: Client, counted: Issue) -> None:
    marks = list(counted.citations.values_list("number", flat=True))[:20]
    for mark in marks:
        follow(client, mark)
    assert sum(clicks().values()) == 12


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
        "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; BingPreview/1.0b)",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "facebookexternalhit/1.1",
    ],
)
def test_programs_are_not_counted(client: Client, counted: Issue, agent: str) -> None:
    follow(client, agent=agent)
    assert clicks() == {}


def test_neither_a_look_ahead_nor_the_head_alone_nor_an_editor_is_counted(client: Client, counted: Issue) -> None:
    follow(client, also={"Sec-Purpose": "prefetch;prerender"})
    assert client.head("/c/128/3", headers={"User-Agent": FIREFOX}).status_code == 302
    client.force_login(make.editor())
    follow(client)
    assert clicks() == {}


def test_an_issue_of_long_ago_is_not_counted(client: Client, counted: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    later = dt.datetime.combine(counted.date + cited.COUNTED_FOR, dt.time(12), counted.newsletter.tz)
    for days, expected in ((0, {3: 1}), (1, {3: 1})):
        monkeypatch.setattr("newsletter.views.cited.timezone.now", lambda days=days: later + dt.timedelta(days=days))
        follow(client, ip=f"192.0.2.{days}")
        assert clicks() == expected


def test_a_reader_gets_to_the_article_though_nothing_can_be_written(
    client: Client, counted: Issue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(LinkClicks.objects, "filter", broken)
    follow(client)
    assert "isn't counted" in caplog.text


# ---- in the mail ---------------------------------------------------------------------------------------------


def test_every_link_to_an_article_leads_over_this_site_and_is_the_same_for_all(counted: Issue) -> None:
    page = lay_out(Issue.objects.get(pk=counted.pk), Choices("en"))
    html = render_html(page)
    assert f"{page.site_url}/c/128/3" in html
    assert not [each.url for each in page.references if f'href="{each.url}"' in html]


def test_the_plain_text_keeps_the_articles_own_addresses(counted: Issue, settings: Settings) -> None:
    frozen = editions.render(Issue.objects.get(pk=counted.pk), {"language": "en", "plain_text": True})
    assert f"{settings.SITE_URL}/c/128/" not in frozen.mime.decode()


def test_switching_it_on_or_off_ends_an_approval_and_off_leaves_hashes_as_they_were(issue: Issue) -> None:
    def content_hash() -> str:
        return workflow.content_hash(Issue.objects.get(pk=issue.pk))

    before = content_hash()
    Newsletter.objects.update(count_clicks=True)
    assert content_hash() != before
    Newsletter.objects.update(count_clicks=False)
    assert content_hash() == before


@pytest.mark.parametrize("path", ["/en/privacy/", "/zh/privacy/"])
def test_the_privacy_page_says_which_it_is(client: Client, issue: Issue, path: str) -> None:
    off = client.get(path).content.decode()
    Newsletter.objects.update(count_clicks=True)
    on = client.get(path).content.decode()
    assert len(on) > len(off)
    if path == "/en/privacy/":
        assert "whether you open a mail or follow a link" in off
        assert "How often each link of a mail is followed" in on
        assert "or follow a link" not in on
