"""Numbers at the desk: what became of the last issues, drawn, in a table and as a file."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsletter.deliver import inbound
from newsletter.models import Delivery, DeliveryEvent, Edition, Issue
from newsletter.views.desk import chart
from subscribers import joining
from subscribers.joining import Proof
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.desk.helpers import text_of

pytestmark = pytest.mark.django_db
NOON = dt.time(12, tzinfo=dt.UTC)


def gone_out(date: dt.date, states: dict[str, int], *, counted: bool = True, title: str = "Morning") -> list[Delivery]:
    """An issue that went out, with so many deliveries in each state."""
    issue = make.issue(date, state="sent" if counted else "sending", number=date.day)
    Issue.objects.filter(pk=issue.pk).update(outcomes=states if counted else {}, title_en=title)
    at = dt.datetime.combine(date, NOON)
    edition = Edition.objects.create(issue=issue, choices={}, mime=b"", size=0, frozen_at=at, subject="x")
    return [
        Delivery.objects.create(
            issue=issue,
            reader=make.reader(f"{date.day}-{state}-{n}@a.example"),
            edition=edition,
            state=state,
            due_at=at,
        )
        for state, count in states.items()
        for n in range(count)
    ]


def told(delivery: Delivery | None, kind: str, *, applied: bool = True) -> None:
    now = dt.datetime.combine(make.DAY, NOON)
    name = f"{kind}{DeliveryEvent.objects.count()}"
    DeliveryEvent.objects.create(
        delivery=delivery, kind=kind, external_id=name, occurred_at=now, applied_at=now if applied else None
    )


def file(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/desk/numbers/numbers.csv{query}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_issue_says_what_became_of_its_mails(desk: Client) -> None:
    mails = gone_out(make.DAY, {"accepted": 4, "refused": 1, "withdrawn": 2})
    gone_out(make.DAY + dt.timedelta(days=1), {"accepted": 1, "queued": 2}, counted=False)
    for _ in range(2):
        told(mails[0], "bounce")  # one mail that came back, told of twice
    told(mails[4], "bounce")  # refused in the session: it never left
    told(mails[1], "complaint")
    told(mails[2], "opt_out")
    told(mails[3], "delay")
    joining.leave(Subscriber.objects.all()[0], Proof("page", at=dt.datetime.combine(make.DAY, NOON)))

    newer, older = file(desk)
    assert {name: older[name] for name in ("readers", "accepted", "refused", "withdrawn", "waiting")} == {
        **{"readers": "7", "accepted": "4", "refused": "1", "withdrawn": "2", "waiting": "0"}
    }
    assert (older["came_back"], older["complained"], older["left"]) == ("1", "1", "1")
    assert (newer["readers"], newer["accepted"], newer["waiting"], newer["left"]) == ("3", "1", "2", "0")
    shown = text_of(page_of(desk))
    assert "All of these 10 5 1 0 2 2 1 1 1" in shown
    assert "20.00% of the mails accepted" in shown


@pytest.mark.parametrize("became", ["queued", "accepted"])
def test_a_refusal_that_is_tried_again_has_not_come_back(desk: Client, became: str) -> None:
    mail, other = gone_out(make.DAY, {"refused": 2})
    for each in (mail, other):
        inbound.refused(each, "554 5.7.1 relay access denied", dt.datetime.combine(make.DAY, NOON))
    Delivery.objects.filter(pk=mail.pk).update(state=became)
    assert file(desk)[0]["came_back"] == "0"
    told(mail, "bounce")
    cache.clear()
    assert file(desk)[0]["came_back"] == "1", "told later, of the mail that was taken"


def page_of(desk: Client, language: str = "en") -> str:
    answer = desk.get("/desk/numbers/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_chart_says_in_words_what_it_draws_and_needs_no_script(desk: Client) -> None:
    gone_out(make.DAY, {"accepted": 3})
    content = page_of(desk)
    assert content.count('role="img"') == 4
    assert f"No. {make.DAY.day} · Thu 7 May 2026: 3</title>" in content
    assert "style=" not in content
    assert "<script" not in content[content.index("charts") :]


def test_a_share_that_is_small_is_not_said_to_be_nothing(desk: Client) -> None:
    told(gone_out(make.DAY, {"accepted": 1})[0], "bounce")
    Issue.objects.update(outcomes={"accepted": 1_000_000})
    assert "< 0.01% of the mails accepted" in text_of(page_of(desk))


def test_a_spreadsheet_runs_nothing_of_the_file(desk: Client) -> None:
    gone_out(make.DAY, {"accepted": 1}, title="=HYPERLINK(1)")
    assert file(desk)[0]["title_en"] == "'=HYPERLINK(1)"


def test_more_issues_ask_no_more_questions(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(12):
        told(gone_out(make.DAY - dt.timedelta(days=day), {"accepted": 2}, counted=day > 1)[0], "bounce")
    with django_assert_max_num_queries(12):
        page_of(desk)
    cache.clear()
    assert len(file(desk, "?issues=14")) == 12


def test_above_the_rate_that_pauses_an_issue_it_is_marked(desk: Client) -> None:
    mails = gone_out(make.DAY, {"accepted": 5})
    for mail in mails[:2]:
        told(mail, "complaint")
    assert "above 0.3%" not in page_of(desk)
    told(mails[2], "complaint")
    cache.clear()
    assert "above 0.3%" in page_of(desk)


def test_it_is_found_from_today_and_from_the_issues(desk: Client) -> None:
    gone_out(make.DAY, {"accepted": 1})
    for path in ("/desk/", "/desk/issues/"):
        assert 'href="/desk/numbers/"' in desk.get(path).content.decode()


def test_what_is_kept_for_a_person_is_said_and_led_to(desk: Client) -> None:
    told(None, "bounce", applied=False)
    content = page_of(desk)
    assert "No issue has gone out yet." in content
    assert "1 report from outside could not be believed" in content
    assert 'href="/desk/reports/"' not in content, "only who keeps the readers may look"
    desk.force_login(make.editor("chief", role="administrator"))
    assert 'href="/desk/reports/"' in page_of(desk)


def test_who_is_no_editor_sees_nothing(client: Client) -> None:
    for path in ("/desk/numbers/", "/desk/numbers/numbers.csv"):
        assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/desk/numbers/").status_code == 403


@pytest.mark.parametrize(
    ("number", "top"), [(0, 1), (1, 1), (3, 5), (10, 10), (11, 20), (99, 100), (1_000_001, 2_000_000)]
)
def test_the_upper_line_is_a_round_number(number: int, top: int) -> None:
    assert chart.nice(number) == top


def test_bars_are_as_high_as_their_numbers_and_one_in_a_million_is_seen() -> None:
    drawn = chart.bars([("a", 1_000_000), ("b", 500_000), ("c", 1), ("d", 0)]).bars
    assert [bar.height for bar in drawn] == ["96.0", "48.0", "1.5", "0.0"]
    assert drawn[0].shown == "1,000,000"
