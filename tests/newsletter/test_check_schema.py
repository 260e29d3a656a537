"""docs/issue.schema.json says of an exported issue, and of findings, what the programs really do."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from newsletter import lexicon
from newsletter.check.document import IssueDocument
from newsletter.check.exchange import DocumentError
from newsletter.check.run import check_document
from newsletter.check.values import KINDS
from newsletter.models import Issue
from tests.newsletter.checking import article, block, document, told
from tests.newsletter.full_issue import make_full_issue

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "issue.schema.json").read_text(encoding="utf-8"))
ISSUE = Draft202012Validator(SCHEMA)
FINDINGS = Draft202012Validator({"$ref": "#/$defs/findings", "$defs": SCHEMA["$defs"]})
GOOD: dict[str, Any] = document(
    block("One [3].", "一[3]。", id="item-1", kind="item", story="s1"),
    articles=(article(3, "One"), article(None, "二")),
    previous=(told(document().date, "s9", "Old", "旧"),),
).to_json()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.django_db
def test_what_is_exported_fits() -> None:
    issue: Issue = make_full_issue()

    ISSUE.validate(IssueDocument.from_issue(issue).to_json())


def test_every_value_that_can_be_written_fits_and_no_field_is_unknown_to_the_schema() -> None:
    ISSUE.validate(GOOD)
    for name, rows in (("list", "lists"), ("article", "articles"), ("block", "blocks"), ("previous", "previous")):
        assert set(GOOD[rows][0]) == set(SCHEMA["$defs"][name]["properties"])
    assert set(GOOD) == set(SCHEMA["properties"])
    assert set(SCHEMA["$defs"]["block"]["properties"]["kind"]["enum"]) == KINDS


def test_findings_fit() -> None:
    wrong = document(
        block("Nvidia raised $9 billion [3]. Microsoft wept [77]. And so on", "一[1,2]。", id="item-1", kind="item"),
        articles=(article(3, "Nvidia raised $2 billion"),),
    )
    result = check_document(wrong, lexicon.load())

    assert len(result.findings) > 4
    FINDINGS.validate({"findings": [f.to_json() for f in result.findings], "sentences": result.sentences})


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"date": "12 March"},
        {"title": None},
        {"articles": {}},
        {"articles": [{"id": "a", "lang": "en", "title": "", "n": 0}]},
        {"articles": [{"id": "a", "lang": "en", "title": "", "n": 99999}]},
        {"articles": [{"id": "a", "lang": "en", "title": "", "n": "3"}]},
        {"articles": [{"id": "a", "lang": "en", "title": "x" * 200_001}]},
        {"articles": [{"lang": "en", "title": ""}]},
        {"blocks": [{"id": "b", "kind": "poem", "text": {}}]},
        {"blocks": [{"id": "b", "kind": "item"}]},
        {"blocks": [{"id": "b", "kind": "item", "text": {"en": "x" * 20_001}}]},
        {"blocks": [{"id": "b", "kind": "item", "text": {}, "data": "yes"}]},
        {"blocks": [{"id": "b", "kind": "item", "text": {}, "foreign": {"en": 1}}]},
        {"blocks": [{"id": "b", "kind": "item", "text": {}, "parity": "loose"}]},
        {"previous": [{"story": "s1"}]},
        {"lists": [{"name": {}}]},
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(change: dict[str, Any]) -> None:
    data = {**GOOD, **change}

    assert not ISSUE.is_valid(data)
    with pytest.raises(DocumentError):
        IssueDocument.from_json(data)


def test_less_is_enough() -> None:
    data = {"format": 1, "date": "2026-03-12", "title": {}, "articles": [], "blocks": []}
    data["blocks"] = [{"id": "b", "kind": "item", "text": {"en": "One."}, "foreign": None, "title": None}]

    ISSUE.validate(data)

    assert dataclasses.asdict(IssueDocument.from_json(data))["blocks"][0]["id"] == "b"
