"""The exchange format: out, in again, and what is said of a bad file."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from newsletter.check.document import IssueDocument
from newsletter.check.exchange import DocumentError
from newsletter.models import Issue
from tests import factories as make
from tests.newsletter.checking import DATE, article, block, document
from tests.newsletter.full_issue import make_full_issue

KINDS = {
    *(
        "uncited",
        "citation_range",
        "citation_irrelevant",
        "figure",
        "name",
        "roles",
        "origin",
        "quotation",
        "certainty",
    ),
    *("language", "glossary", "parity", "duplicate", "repeated", "headline", "truncated", "length", "stale"),
    *("concentration", "disclaimer"),
}


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    wrong = block("Qinghe is worth $5 billion [3].", "青禾价值 50 亿美元[9]。")
    path = tmp_path / "issue.json"
    path.write_text(json.dumps(document(wrong, articles=(article(3, "Qinghe seeks $50 billion"),)).to_json()))
    return path


@pytest.mark.django_db
def test_an_issue_comes_back_from_json_as_it_went(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    issue = make_full_issue()

    with django_assert_num_queries(5):
        read = IssueDocument.from_issue(issue)

    assert IssueDocument.from_json(json.loads(json.dumps(read.to_json()))) == read
    assert [each.n for each in read.articles[:3]] == [1, 2, 3]
    assert read.blocks[0].kind == "main_line"


@pytest.mark.django_db
def test_cited_articles_stand_as_they_were_when_cited_and_the_days_others_without_a_number() -> None:
    issue = make.issue()
    cited = make.article("青禾融资 500 亿美元", "腾讯领投。")
    make.citation(issue, 1, cited)
    cited.title = "Changed later"
    other = make.article("Another report of the day")
    far = make.article("A report of last week", at=make.NOON - dt.timedelta(days=7))
    make.story(cited, other, far)

    read = IssueDocument.from_issue(issue)

    assert [(a.id, a.n, a.title) for a in read.articles] == [
        (f"a{cited.pk}", 1, "青禾融资 500 亿美元"),
        (f"a{other.pk}", None, "Another report of the day"),
    ]
    assert {each.slug: each.articles for each in read.lists} == {"china": 2, "us": 0}


@pytest.mark.django_db
def test_a_page_in_two_feeds_of_its_outlet_counts_once() -> None:
    issue = make.issue()
    short = make.article("A page", "In short.", url="https://www.news.example/page?utm_source=feed")
    long = make.article("A page", "In short, and more of it.", url="https://news.example/page")
    make.story(short, long)

    read = IssueDocument.from_issue(issue)

    assert [a.id for a in read.articles] == [f"a{long.pk}"]
    assert {each.slug: each.articles for each in read.lists} == {"china": 1, "us": 0}


@pytest.mark.django_db
def test_dropped_blocks_are_left_out_and_told_stories_are_in_previous() -> None:
    issue = make.issue()
    make.block(issue, "item-1", title_en="Stays")
    make.block(issue, "item-2", title_en="Goes", dropped=True)
    about = make.story()
    for days, state in ((1, "sent"), (2, "draft"), (9, "sent")):
        before = make.issue(make.DAY - dt.timedelta(days=days), state=state)
        make.block(before, "item-1", story=about, title_en=f"Told {days} days ago")

    read = IssueDocument.from_issue(issue)

    assert [each.title.en for each in read.blocks] == ["Stays"]
    assert [(each.story, each.title.en) for each in read.previous] == [(f"s{about.pk}", "Told 1 days ago")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date": "yesterday"}, "date: 'yesterday' is no date"),
        ({"format": 2}, "format: this reads format 1"),
        ({"blocks": {}}, "blocks: expected a list, got an object"),
        ({"blocks": [{"id": "x", "kind": "poem", "text": {}}]}, "blocks[0].kind: 'poem' is none of"),
        (
            {"blocks": [{"id": "x", "kind": "item", "text": {"en": 5}}]},
            "blocks[0].text.en: expected text, got a number",
        ),
        ({"articles": [{"id": "a", "n": True, "lang": "en", "title": ""}]}, "articles[0].n: expected a whole number"),
        ({"articles": [{"id": "a", "n": 1, "lang": "en", "title": "", "published": "noon"}]}, "articles[0].published"),
        ({"articles": 2 * [{"id": "a", "n": 1, "lang": "en", "title": ""}]}, "articles: n 1 stands there twice"),
        ({"title": None}, "title: expected an object with en and zh, got null"),
    ],
)
def test_a_bad_document_is_told_by_its_field_in_one_line(change: dict[str, Any], said: str) -> None:
    good = document(block("One [3].", "一[3]。"), articles=(article(3, "One"),)).to_json()

    with pytest.raises(DocumentError) as error:
        IssueDocument.from_json({**good, **change})

    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_fields_that_are_not_known_or_not_needed_are_no_error() -> None:
    text = {"en": "One.", "zh": "一。"}
    data = {"format": 1, "date": "2026-05-07", "title": text, "articles": [], "blocks": [], "extra": 1}
    data["blocks"] = [{"id": "item-1", "kind": "item", "text": text, "colour": "red"}]

    read = IssueDocument.from_json(data)

    assert read.date == DATE
    assert (read.blocks[0].parity, read.blocks[0].foreign, read.blocks[0].data) == ("translated", frozenset(), False)


def test_a_file_is_checked_without_the_database(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_issue", file=exported, json=True)

    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(printed) == {"findings", "sentences"}
    assert printed["sentences"] == 4
    assert {finding["kind"] for finding in printed["findings"]} >= {"figure", "citation_range", "parity"}
    for finding in printed["findings"]:
        assert set(finding) == {"block", "lang", "sentence", "kind", "severity", "message", "evidence"}
        assert finding["kind"] in KINDS
        assert finding["severity"] in {"high", "medium", "low"}
        assert finding["lang"] in {"en", "zh", "both"}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", b'{"format": 1}', b"[" * 100_000])
def test_a_bad_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)

    with pytest.raises(CommandError) as error:
        call_command("check_issue", file=path, json=True)

    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("check_issue", file=tmp_path / "none.json", json=True)


@pytest.mark.django_db
def test_export_prints_the_issue_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    issue: Issue = make_full_issue()

    call_command("export_issue", date=issue.date)

    out = capsys.readouterr().out
    assert json.loads(out) == IssueDocument.from_issue(issue).to_json()
    assert "青禾" in out


@pytest.mark.django_db
def test_no_issue_that_day_says_what_to_run() -> None:
    with pytest.raises(CommandError, match="compose --date 2026-05-07"):
        call_command("export_issue", date=make.DAY)
