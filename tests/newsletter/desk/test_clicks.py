"""Clicks at the desk: in the numbers where they are counted, link by link for an issue, and as a file."""

import csv
import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.test import Client

from newsletter.models import Issue, IssueState, LinkClicks, Newsletter
from tests import factories as make
from tests.newsletter.desk.helpers import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    """Gone out, with two links."""
    cache.clear()
    found = make.issue(state=IssueState.SENT, number=128)
    for number, title in ((1, "=Aurora opens"), (2, "晨星发布")):
        make.citation(found, number, make.article(title))
    return found


def clicked(issue: Issue, number: int, clicks: int, *, later: int = 0) -> None:
    LinkClicks.objects.create(issue=issue, number=number, day=issue.date + dt.timedelta(days=later), clicks=clicks)


def test_where_nothing_is_counted_the_page_says_so_and_shows_none(desk: Client, issue: Issue) -> None:
    shown = text_of(desk.get("/desk/numbers/").content.decode())
    assert "clicking are not followed" in shown
    assert "Links followed" not in shown


def test_the_numbers_say_how_often_links_were_followed_and_lead_to_each(desk: Client, issue: Issue) -> None:
    Newsletter.objects.update(count_clicks=True)
    clicked(issue, 1, 1200)
    clicked(issue, 2, 34, later=1)
    content = desk.get("/desk/numbers/").content.decode()
    assert "Links followed 1,234" in text_of(content)
    assert f'href="/desk/numbers/{issue.pk}/clicks/"' in content
    assert "never by reader" in content


def test_what_was_counted_before_it_was_switched_off_is_still_shown(desk: Client, issue: Issue) -> None:
    clicked(issue, 1, 5)
    assert "Links followed 5" in text_of(desk.get("/desk/numbers/").content.decode())


def test_an_issues_links_stand_by_how_often_they_were_followed(desk: Client, issue: Issue) -> None:
    clicked(issue, 2, 3)
    clicked(issue, 2, 6, later=1)
    clicked(issue, 1, 1)
    shown = text_of(desk.get(f"/desk/numbers/{issue.pk}/clicks/").content.decode())
    assert "10 clicks" in shown
    assert shown.index("晨星发布") < shown.index("Aurora opens")
    assert "90.0%" in shown
    assert desk.get("/desk/numbers/999999/clicks/").status_code == 404


def test_the_file_has_a_line_for_each_link_and_day_and_runs_nothing(desk: Client, issue: Issue) -> None:
    clicked(issue, 1, 7)
    clicked(issue, 1, 2, later=1)
    answer = desk.get("/desk/numbers/clicks.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["number"], row["link"], row["clicks"]) for row in rows] == [("128", "1", "7"), ("128", "1", "2")]
    assert rows[0]["title"] == "'=Aurora opens"
    (total,) = csv.DictReader(io.StringIO(desk.get("/desk/numbers/numbers.csv").content.decode("utf-8-sig")))
    assert total["clicks"] == "9"


def test_who_is_no_editor_sees_nothing(client: Client, issue: Issue) -> None:
    for path in ("/desk/numbers/clicks.csv", f"/desk/numbers/{issue.pk}/clicks/"):
        assert client.get(path).status_code == 302
