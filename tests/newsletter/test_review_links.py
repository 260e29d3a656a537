"""Which links lead nowhere, which only let no machine in, and that asking can be stopped and gone on with."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from newsletter.models import Issue, LinkCheck
from newsletter.review import checklist, links
from tests import factories
from tests.newsletter.link_server import LinkServer, link_server

OK, BROKEN, UNKNOWN, WAITING = LinkCheck.Outcome.OK, "broken", "unknown", "waiting"


@pytest.fixture
def server(settings: Any) -> Iterator[LinkServer]:
    settings.FETCH_ALLOW_LOOPBACK = True
    with link_server() as running:
        yield running


@pytest.mark.parametrize(
    ("head", "get", "outcome", "asked"),
    [
        (200, 200, "ok", ["HEAD"]),
        (405, 200, "ok", ["HEAD", "GET"]),
        (403, 200, "ok", ["HEAD", "GET"]),
        (429, 200, "ok", ["HEAD", "GET"]),
        (404, 200, "ok", ["HEAD", "GET"]),
        (403, 403, UNKNOWN, ["HEAD", "GET"]),
        (405, 405, UNKNOWN, ["HEAD", "GET"]),
        (429, 429, UNKNOWN, ["HEAD", "GET"]),
        (503, 503, UNKNOWN, ["HEAD", "GET"]),
        (404, 404, BROKEN, ["HEAD", "GET"]),
        (410, 410, BROKEN, ["HEAD", "GET"]),
    ],
)
def test_head_first_then_get_then_unknown_which_is_not_broken(
    server: LinkServer, head: int, get: int, outcome: str, asked: list[str]
) -> None:
    server.answers["/page"] = (head, get)
    answer = links.ask(server.url("/page"))
    assert (answer.outcome, answer.status) == (outcome, get if "GET" in asked else head)
    assert [method for method, _ in server.asked] == asked


def test_a_site_that_is_too_slow_is_unknown_within_the_time(server: LinkServer) -> None:
    server.slow["/page"] = 60.0
    started = timezone.now()
    assert links.ask(server.url("/page"), seconds=0.5).outcome == UNKNOWN
    assert timezone.now() - started < dt.timedelta(seconds=30)


def test_the_guard_holds_here_too(settings: Any) -> None:
    settings.FETCH_ALLOW_LOOPBACK = False
    answer = links.ask("http://127.0.0.1:9/")
    assert answer.outcome == BROKEN, "no reader gets to the editor's own machine"
    assert "is this machine" in answer.reason


@pytest.mark.parametrize("url", ["ftp://old.site.net/a", "javascript:alert(1)", "https://", "not an address"])
def test_what_is_no_web_address_is_broken(url: str) -> None:
    assert links.ask(url).outcome == BROKEN


@pytest.fixture
def issue(db: None, server: LinkServer) -> Issue:
    made = factories.issue(state="in_review", checked_at=timezone.now())
    for number in (1, 2, 3):
        factories.citation(made, number, factories.article("青禾融资", url=server.url(f"/{number}")))
    factories.block(made, "item-1", title_en="A", title_zh="甲", text_en="A [1]. B [2].", text_zh="甲[1]。乙[2]。")
    return made


def test_only_what_is_cited_is_asked_and_each_address_once(issue: Issue, server: LinkServer) -> None:
    assert links.is_waiting(issue)
    assert links.check(issue, 10) == 2
    assert links.check(issue, 10) == 0
    assert sorted(path for _, path in server.asked) == ["/1", "/2"]
    assert not links.is_waiting(issue)
    now = links.standing(issue)
    assert (now.total, now.waiting, now.broken) == (2, 0, ())


def test_an_edit_that_cites_another_has_only_that_one_asked(issue: Issue, server: LinkServer) -> None:
    links.check(issue, 10)
    issue.blocks.update(text_en="A [1]. C [3].", text_zh="甲[1]。丙[3]。")
    assert links.is_waiting(issue)
    assert links.standing(issue).waiting == 1
    assert links.check(issue, 10) == 1
    assert set(issue.link_checks.values_list("url", flat=True)) == {server.url("/1"), server.url("/3")}


def test_a_broken_link_holds_up_the_approval_until_it_is_mended_or_let_pass(issue: Issue, server: LinkServer) -> None:
    server.answers["/2"] = (404, 404)
    links.check(issue, 10)
    (point,) = [each for each in checklist.missing(issue) if each.slug == "links"]
    assert point.label == "1 link is broken"
    checklist.waive(issue, "links", factories.editor(), "It opens in a browser")
    assert "links" not in {each.slug for each in checklist.missing(issue)}

    server.answers["/1"] = (404, 404)
    links.again(issue, [server.url("/1")])
    links.check(issue, 10)
    assert "links" in {each.slug for each in checklist.missing(issue)}, "two broken links are not the one let pass"


@pytest.mark.parametrize(("others", "outcome"), [(None, UNKNOWN), (200, BROKEN)])
def test_a_name_that_nobody_knows_is_broken_only_where_names_are_known(
    issue: Issue, others: int | None, outcome: str
) -> None:
    links.follow(issue)
    one, *rest = issue.link_checks.order_by("pk")
    LinkCheck.objects.filter(pk=one.pk).update(outcome=BROKEN, reason="[Errno -2] Name or service not known")
    for row in rest:
        LinkCheck.objects.filter(pk=row.pk).update(outcome=OK if others else UNKNOWN, status=others)
    assert rest
    links.check(issue, 1)
    one.refresh_from_db()
    assert one.outcome == outcome


def test_what_a_dead_worker_had_claimed_is_asked_by_another_later(issue: Issue) -> None:
    links.follow(issue)
    issue.link_checks.update(claimed_at=timezone.now())
    assert links.check(issue, 1) == 0
    issue.link_checks.update(claimed_at=timezone.now() - links.LEASE - dt.timedelta(seconds=1))
    assert links.check(issue, 10) == 2
