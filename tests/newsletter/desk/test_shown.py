"""What each page of the desk says, without JavaScript."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter.models import Block, Issue
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, doubt, item, page, post, text_of

pytestmark = pytest.mark.django_db


def test_the_issue_shows_both_languages_and_each_finding_under_its_sentence(desk: Client, issue: Issue) -> None:
    doubt(item(), message="No 40 in [1].", sentence="It is raising money [1].")
    content = page(desk)
    row = content[content.index('id="s-item-1-1"') : content.index('id="b-item-2"')]
    assert "It is raising money" in row
    assert "公司正在融资" in row
    assert "Figure not in source. No 40 in [1]." in text_of(row)
    assert f'href="{reverse("desk:sources", args=[DAY, "item-1"])}?row=1&amp;n=1"' in row
    assert "Approve: " in text_of(content)


def test_every_score_carries_its_reason_in_the_desks_language(desk: Client, issue: Issue) -> None:
    said = {"en": "2 reports by 2 independent outlets", "zh": "2 家独立媒体 2 篇报道"}
    news = {"en": "goes on; new names: Qinghe", "zh": "延续；新出现：青禾"}
    scores = {"hot": 61, "quality": 50, "impact": 70, "score": 62, "update": True}
    Block.objects.filter(key="item-1").update(extra={**scores, "reasons": {"hot": said, "news": news}})
    assert "Update goes on; new names: Qinghe" in text_of(page(desk))
    assert "Hot 61 2 reports by 2 independent outlets" in text_of(page(desk))
    assert '<span class="reasoned" tabindex="0">' in page(desk)  # the keyboard comes there, too
    desk.cookies["django_language"] = "zh-hans"
    assert "2 家独立媒体 2 篇报道" in page(desk)


def test_a_finding_whose_sentence_is_gone_stands_at_its_block(desk: Client, issue: Issue) -> None:
    doubt(item(), sentence="Not there any more.", message="Lost one.")
    content = page(desk)
    assert content.index("Lost one.") < content.index('id="s-item-1-0"')
    assert content.index("Lost one.") > content.index('id="b-item-1"')


def test_a_finding_calls_other_blocks_as_the_desk_does(desk: Client, issue: Issue) -> None:
    doubt(item(), message="Said already in item-2, see state-of-the-art.", message_zh="与 item-2 里的句子重复。")
    doubt(item(), message="Told twice: item-2 and item-1.", sentence="")
    content = text_of(page(desk))
    assert re.search(r"Said already in 2 \w[\w &]*, see state-of-the-art\.", content)
    assert re.search(r"Told twice\. 2 \w[\w &]* and 1 \w", content)
    assert "item-2" not in content.lower()


def test_hostile_text_is_shown_as_text_everywhere(desk: Client, issue: Issue) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    Block.objects.filter(key="item-1").update(title_en=bad, text_en=f"{bad} [1].", extra={"topics": [bad]})
    issue.citations.update(outlet=bad, title=bad, text=bad, url="javascript:alert(1)")
    Issue.objects.update(subject_en=bad)
    finding = doubt(item(), sentence=bad, message=bad, message_zh=bad, evidence=bad)
    pages: list[tuple[str, list[Any]]] = [("issue", [DAY]), ("edit", [DAY, "item-1"]), ("issues", [])]
    pages += [("keep", [DAY, finding.pk]), ("sources", [DAY, "item-1"])]
    for name, args in pages:
        htmx = {"HX-Request": "true"} if name in ("edit", "sources") else {}
        for headers in (htmx, {}):
            content = desk.get(reverse(f"desk:{name}", args=args), {"row": "1"}, headers=headers).content.decode()
            assert "<script>alert" not in content, name
            assert "<img" not in content, name
            assert "javascript:" not in content, name


def test_no_issue_says_which_step_is_missing_and_when_the_draft_comes(desk: Client) -> None:
    day = make.newsletter().today()
    content = page(desk, "issue", day)
    assert "The draft comes by itself at 06:00 Beijing" in text_of(content)
    assert "manage.py gather" in content
    make.article("A report", at=make.newsletter().cutoff(day) - dt.timedelta(hours=1))
    assert f"manage.py rank --date {day}" in page(desk, "issue", day)


def test_another_day_without_an_issue_is_not_found_but_leads_on(desk: Client, issue: Issue) -> None:
    content = page(desk, "issue", dt.date(2020, 1, 1), status=404)
    assert "The latest: No. 128" in text_of(content)
    assert desk.get("/desk/2026-02-31/").status_code == 404


def test_a_draft_that_nobody_has_checked_says_so_and_can_be_read(desk: Client, issue: Issue) -> None:
    Issue.objects.update(checked_at=None, state="draft")
    assert "Not read by the checks yet" in page(desk)
    post(desk, "read_again", DAY)
    assert "Read again: 3 sentences, 0 findings." in page(desk)


def test_an_issue_in_which_nothing_was_found_says_so(desk: Client, issue: Issue) -> None:
    assert "Nothing was found. Read it all the same." in page(desk)


def test_what_has_gone_out_is_shown_without_any_way_to_change_it(desk: Client, issue: Issue) -> None:
    Issue.objects.update(state="sent", sent_at=timezone.now())
    content = page(desk)
    assert "It has gone out." in content
    assert not re.search(r"/(edit|drop|undo|move|read-again)/", content)
    assert page(desk, "edit", DAY, "item-1", status=409)


def test_past_issues_are_listed_with_their_states(desk: Client, issue: Issue) -> None:
    make.issue(DAY - dt.timedelta(days=1), number=127, state="sent")
    assert re.search(r"128 .*In review.* 127 .*Sent", text_of(desk.get(reverse("desk:issues")).content.decode()))


def test_the_desk_speaks_the_language_of_browser_or_switch(desk: Client, issue: Issue) -> None:
    assert '<html lang="zh-Hans">' in page(desk, accept="zh-CN,zh;q=0.9")
    response = post(desk, "language", language="zh-hans", next="/desk/issues/")
    assert response.headers["Location"] == "/desk/issues/"
    assert '<html lang="zh-Hans">' in page(desk, accept="en")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(desk: Client, back: str) -> None:
    response = post(desk, "language", language="xx", next=back)
    assert response.headers["Location"] == reverse("desk:today")
    assert not response.cookies


def test_the_day_is_told_by_the_clock_with_each_acts_last_run(desk: Client, issue: Issue) -> None:
    letter, start = issue.newsletter, timezone.now() - dt.timedelta(hours=5)
    for act, minutes in (("gather", 0), ("rank", 10), ("gather", 90)):
        at = start + dt.timedelta(minutes=minutes)
        letter.runs.create(act=act, date=DAY, worker="test:1", started_at=at, finished_at=at)
    Issue.objects.update(composed_at=start + dt.timedelta(minutes=20))

    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()
    told = re.findall(r"<dd[^>]*>([^<]+)</dd>", content.partition("The day")[2])

    assert [text.split()[-1] for text in told[:4]] == ["ranked", "zh", "in", "read"]


def test_what_follows_a_full_stop_in_a_finding_begins_with_a_capital(desk: Client, issue: Issue) -> None:
    about = {"block": item(), "severity": "medium", "language": "en", "sentence": "It is raising money [1]."}
    message = "Citation missing: nothing says where this comes from."
    issue.findings.create(kind="uncited", message=message, fingerprint="1", **about)

    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()

    assert "<b>Citation missing.</b> Nothing says where" in content


def test_the_checklist_says_what_the_mails_size_means(desk: Client, issue: Issue) -> None:
    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()

    assert re.search(r'title="Gmail clips mails near 102 KB[^"]*">Mail \d+ KB of 90', content)


@pytest.mark.parametrize("date", ["0001-01-01", "2026-02-30", "9999-12-31"])
def test_a_day_that_no_issue_can_be_of_is_no_page_and_no_fault(desk: Client, date: str) -> None:
    assert desk.get(f"/desk/{date}/").status_code == 404


def test_the_list_of_issues_says_where_the_rule_approved(desk: Client, approved: Issue) -> None:
    Issue.objects.update(approved_by=None)
    assert "the rule" in text_of(desk.get(reverse("desk:issues")).content.decode())
