"""The subjects of the mail: how long, said before, empty, loud."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from newsletter.models import Issue
from newsletter.review import editing, headlines
from tests import factories as make

pytestmark = pytest.mark.django_db


def slugs(issue: Issue, subject: str, language: str = "en") -> list[str]:
    return [each.slug for each in headlines.cautions(issue, subject, language)]


def test_a_latin_letter_is_half_as_wide_as_a_han_character() -> None:
    assert headlines.length("规矩更严 AI", "zh") == 6  # four, a gap and two letters: 5.5
    assert headlines.length("Rules tighten", "en") == 13


@pytest.mark.parametrize(
    ("subject", "language", "expected"),
    [
        ("Chips, rules and money", "en", []),
        ("算力、监管和资本", "zh", []),
        ("x" * 41 + "y", "en", ["phone"]),
        ("Chips, rules and money: Quillstone, Larkfield AI and Corvane lead the day", "en", ["screen"]),
        ("算力、监管和资本：奎尔斯通和科尔文领衔今日要闻", "zh", ["phone"]),
        ("", "zh", ["empty"]),
        ("Chips 🚀 and rules", "en", ["emoji"]),
        ("CHIPS AND RULES TIGHTEN", "en", ["capitals"]),
        ("OpenAI, IBM and AI rules", "en", []),
        ("Chips and rules!!", "en", ["loud"]),
        ("芯片涨价！规矩更严！", "zh", ["loud"]),
        ("Free chips, guaranteed", "en", ["selling"]),
        ("规矩更严", "en", ["language"]),
        ("Rules tighten", "zh", ["language"]),
    ],
)
def test_what_speaks_against_a_subject(issue: Issue, subject: str, language: str, expected: list[str]) -> None:
    assert slugs(issue, subject, language) == expected


def test_the_subject_of_an_earlier_issue_is_known_however_it_is_set(issue: Issue) -> None:
    before = make.issue(issue.date - dt.timedelta(days=3), state="sent", subject_en="Chips, rules and money")
    assert slugs(issue, "Chips: rules and money") == ["again"]
    Issue.objects.filter(pk=before.pk).update(state="skipped")  # nobody has read it
    assert slugs(issue, "Chips: rules and money") == []


def test_a_subject_of_more_than_thirty_issues_ago_is_forgotten(issue: Issue) -> None:
    make.issue(issue.date - dt.timedelta(days=40), state="sent", subject_en="Chips, rules and money")
    for day in range(1, 31):
        make.issue(issue.date - dt.timedelta(days=day), state="sent", subject_en=f"Day {day}")
    assert slugs(issue, "Chips, rules and money") == []


def test_all_four_lines_are_saved_as_one_change(issue: Issue, desk: Client) -> None:
    block = issue.blocks.get(key="main-line")
    block.issue = issue
    said = {"title_en": "Chips rise", "subject_en": "Chips", "title_zh": "芯片涨价", "subject_zh": "芯片"}
    url = reverse("desk:subjects", args=[issue.date])
    assert desk.post(url, {**said, "version": editing.version(block)}).status_code == 302
    issue.refresh_from_db()
    assert (issue.title_en, issue.subject_en, issue.title_zh, issue.subject_zh) == tuple(said.values())
    assert block.revisions.count() == 1


def test_another_editors_words_are_not_overwritten(issue: Issue, desk: Client) -> None:
    block = issue.blocks.get(key="main-line")
    block.issue = issue
    version = editing.version(block)
    editing.edit_block(block, make.editor("li"), {"subject_en": "Li’s subject"})
    said = {"title_en": "Chips rise", "subject_en": "Chips", "title_zh": "芯片涨价", "subject_zh": "芯片"}
    answer = desk.post(reverse("desk:subjects", args=[issue.date]), {**said, "version": version})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Li’s subject" in page
    assert ">Chips</textarea>" in page  # what was typed stays


def test_an_emptied_subject_is_refused_and_the_page_says_so(issue: Issue, desk: Client) -> None:
    said = {"title_en": "Chips rise", "subject_en": "", "title_zh": "芯片涨价", "subject_zh": "芯片"}
    answer = desk.post(reverse("desk:subjects", args=[issue.date]), said)
    assert answer.status_code == 422
    assert "one language alone can’t be empty" in answer.content.decode()
