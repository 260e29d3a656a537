"""The public pages: who sees what, in which language, and what a browser is told."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client

from newsletter.models import Issue, IssueState
from newsletter.views.languages import preferred
from tests import factories as make
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db
ADDRESS = "/both/issues/2026-05-07/"


@pytest.fixture
def issue() -> Issue:
    return make_full_issue(number=128, state=IssueState.SENT)


def body(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh-TW;q=0.3,en;q=0.2", "zh"),
        ("de", "en"),
        ("not a header;;;", "en"),
    ],
)
def test_the_front_door_opens_in_the_browsers_language(client: Client, header: str, lang: str) -> None:
    assert preferred(header) == lang
    response = client.get("/", headers={"Accept-Language": header})
    assert (response.status_code, response["Location"]) == (302, f"/{lang}/")
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize(("lang", "html_lang"), [("en", "en"), ("zh", "zh-Hans"), ("both", "en")])
def test_every_page_says_its_language_and_where_the_others_are(
    client: Client, issue: Issue, lang: str, html_lang: str
) -> None:
    for path in ("", "issues/", "issues/2026-05-07/"):
        html = body(client, f"/{lang}/{path}")
        assert f'<html lang="{html_lang}">' in html
        assert f'<link rel="canonical" href="{settings.SITE_URL}/{lang}/{path}">' in html
        for hreflang, other in (("en", "en"), ("zh-Hans", "zh"), ("x-default", "both")):
            assert f'hreflang="{hreflang}" href="{settings.SITE_URL}/{other}/{path}"' in html
        assert re.search(r'<meta name="description" content="[^"]+', html)


def test_home_has_the_form_and_how_the_newest_issue_begins(client: Client, issue: Issue) -> None:
    html = body(client, "/both/")
    assert 'action="/en/join/"' in html
    assert 'name="email"' in html
    assert html.count('<article class="pair row') == 3
    assert 'href="/both/issues/2026-05-07/#item-1"' in html
    assert 'href="/both/issues/2026-05-07/#ref-1"' in html, "a citation leads to the issue's references"


def test_before_the_first_issue_the_pages_say_so(client: Client) -> None:
    make.issue(state=IssueState.IN_REVIEW)
    for path in ("/en/", "/en/issues/"):
        html = body(client, path)
        assert "The first issue is not out yet." in html
        assert "Rules tighten" not in html


def test_an_issue_has_every_part_and_each_mark_leads_to_its_reference(client: Client, issue: Issue) -> None:
    html = body(client, ADDRESS)
    assert html.count('<article class="pair row') == 10
    anchors = set(re.findall(r'href="#(ref-\d+)"', html))
    assert len(anchors) == 23
    assert anchors == set(re.findall(r'id="(ref-\d+)"', html))
    for part in ("items", "china", "us", "comparison", "analysis", "questions", "references"):
        assert html.count(f'id="{part}"') == 1
    for words in ("Thursday, 7 May 2026", "2026年5月7日　星期四", "No. 128", "Ten stories", "算力日报"):
        assert words in html
    assert '<svg width="65%" height="8" aria-hidden="true">' in html


def test_a_page_in_one_language_has_one_half(client: Client, issue: Issue) -> None:
    english, chinese = body(client, "/en/issues/2026-05-07/"), body(client, "/zh/issues/2026-05-07/")
    assert "Washington and Beijing resume talks" in english
    assert "中美重启会谈" not in english
    assert "中美重启会谈" in chinese
    assert "Washington and Beijing resume talks" not in chinese
    assert '<b class="z" lang="zh-Hans">一</b>' in chinese
    assert '<b class="a">1</b>' in english


@pytest.mark.parametrize("state", [s for s in IssueState if s not in (IssueState.SENDING, IssueState.SENT)])
def test_an_issue_that_is_not_public_is_for_editors_only(client: Client, issue: Issue, state: str) -> None:
    Issue.objects.update(state=state)
    assert client.get(ADDRESS).status_code == 404
    client.force_login(make.editor())
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "Preview: this issue is not public yet." in response.content.decode()
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_a_user_who_is_no_editor_sees_no_preview(client: Client, issue: Issue) -> None:
    Issue.objects.update(state=IssueState.IN_REVIEW)
    user = make.editor()
    user.is_staff = False
    user.save()
    client.force_login(user)
    assert client.get(ADDRESS).status_code == 404


def test_a_public_page_may_be_kept_by_anybody_for_a_minute(client: Client, issue: Issue) -> None:
    for address in (ADDRESS, "/en/", "/zh/issues/"):
        response = client.get(address)
        assert response["Cache-Control"] == "public, max-age=60"
        assert "Cookie" not in response["Vary"]
        assert not response.cookies


def test_issues_lead_to_the_one_before_and_the_one_after(client: Client, issue: Issue) -> None:
    for day in (5, 6, 8):
        make.issue(dt.date(2026, 5, day), state=IssueState.SENT if day != 6 else IssueState.DRAFT)
    html = body(client, "/en/issues/2026-05-07/")
    assert '<a rel="prev" href="/en/issues/2026-05-05/">← 5 May</a>' in html
    assert '<a rel="next" href="/en/issues/2026-05-08/">8 May →</a>' in html
    assert re.findall(r"/en/issues/(2026-05-0\d)/", body(client, "/en/issues/")) == [
        "2026-05-08",
        "2026-05-07",
        "2026-05-05",
    ]


def test_the_list_goes_on_page_by_page(client: Client) -> None:
    for day in range(61):
        make.issue(dt.date(2026, 5, 7) - dt.timedelta(days=day), state=IssueState.SENT)
    assert "?page=2" in body(client, "/zh/issues/")
    second = body(client, "/zh/issues/?page=2")
    assert second.count("<time ") == 1
    assert "noindex" in second
    assert body(client, "/zh/issues/?page=nonsense").count("<time ") == 60


@pytest.mark.parametrize("path", ["/fr/", "/en/issues/2026-13-01/", "/en/issues/2026-05-08/", "/en/issues/x/"])
def test_what_is_not_there_says_so_in_both_languages(client: Client, path: str, settings: object) -> None:
    settings.DEBUG = False  # type: ignore[attr-defined]
    response = client.get(path)
    assert response.status_code == 404
    html = response.content.decode()
    assert "No such page" in html
    assert "没有这一页" in html


def test_a_page_cannot_be_posted_to(client: Client, issue: Issue) -> None:
    for address in ("/", "/en/", "/en/issues/", ADDRESS):
        assert client.post(address).status_code == 405


def test_pages_carry_nothing_that_the_policy_would_stop(client: Client, issue: Issue) -> None:
    for address in ("/both/", "/both/issues/", ADDRESS):
        response = client.get(address)
        html = response.content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert re.findall(r"<script(?! src=)", html) == []
        assert not re.search(r'(?:src|<link rel="stylesheet" href)="(?!/static/)', html)
        assert "default-src 'self'" in response["Content-Security-Policy"]


def test_hostile_text_stays_text_on_the_page_too(client: Client, issue: Issue) -> None:
    bad = '"><script>alert(1)</script></p><b onmouseover=x>'
    issue.blocks.update(title_en=bad, title_zh=bad, text_en=f"{bad} [1]", text_zh=f"{bad}[1]")
    issue.citations.update(outlet=bad, title=bad, url="javascript:alert(1)")
    Issue.objects.update(title_en=bad, title_zh=bad)
    for address in ("/both/", "/both/issues/", ADDRESS, "/en/issues/2026-05-07/"):
        html = body(client, address)
        assert "<script>" not in html
        assert "<b on" not in html
        assert "javascript:" not in html


def test_a_page_takes_few_queries(client: Client, issue: Issue, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        client.get(ADDRESS)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/both/")
