"""Files that were never meant well: one line that names the place, no traceback, and no long wait."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.newsletter.checking import article, block, check, document, found

GOOD: dict[str, Any] = document(block("One [3].", "一[3]。"), articles=(article(3, "One"),)).to_json()


def refused(path: Path, content: bytes) -> str:
    """The line that check_issue answers with."""
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        call_command("check_issue", file=path, json=True)
    return str(error.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"articles": [{"id": "a", "n": 0, "lang": "en", "title": ""}]}, "articles[0].n: 0 is no citation number"),
        ({"articles": [{"id": "a", "n": 10**30, "lang": "en", "title": ""}]}, "articles[0].n: 1000"),
        ({"articles": [{"id": "a", "n": 1.0, "lang": "en", "title": ""}]}, "articles[0].n: expected a whole number"),
        ({"articles": [{"id": "a", "lang": "en", "title": "x" * 10_000_000}]}, "articles[0].title: 10,000,000"),
        ({"articles": [{"id": "a", "lang": "en", "title": "\ud800"}]}, "articles[0].title: half a character"),
        ({"articles": [{"id": "a", "lang": "en", "title": "", "published": "9999-12-31"}]}, "the year 9999"),
        ({"articles": 5_001 * [{"id": "a", "lang": "en", "title": ""}]}, "articles: 5,001 are more than 5,000"),
        ({"blocks": 2 * GOOD["blocks"][:1]}, "blocks: id 'highlights-us' stands there twice"),
        ({"blocks": [{"id": "a", "kind": "item", "text": {"zh": "一" * 20_001}}]}, "blocks[0].text.zh: 20,001"),
        ({"blocks": [{"id": "a", "kind": "x" * 10_000, "text": {}}]}, "blocks[0].kind: 'xxx"),
        ({"date": "0001-01-01"}, "date: the year 1"),
        ({"date": "2026-W11-4"}, "date: '2026-W11-4' is no date"),
        ({"previous": [None]}, "previous[0]: expected an object, got null"),
    ],
)
def test_a_bad_field_is_named_in_one_short_line(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    line = refused(tmp_path / "bad.json", json.dumps({**GOOD, **change}).encode())

    assert said in line
    assert "\n" not in line
    assert len(line) < 400


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 90_000 + b"1" + b"}" * 90_000, "not JSON"),
        (b'{"format": 1, "format": 2}', "the key 'format' stands twice in one object"),
        (b"\x00", "not JSON"),
        (b" " * (21 << 20), "larger than 20 MB"),
    ],
)
def test_a_file_that_is_no_issue_is_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    line = refused(tmp_path / "bad.json", content)

    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "marks",
    ["[0]", "[9999]", "[99999999999]", "[1,2]", "[1、2]", "[1-3]", "［1］", "【1】", "[ 1 ]", "[1】", "[-1]", "[１]"],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_marks_that_lead_nowhere_are_found(marks: str, lang: str) -> None:
    en, zh = f"Nvidia raised $2 billion {marks}.", f"英伟达融资 20 亿美元{marks}。"
    source = article(1, "Nvidia raised $2 billion, 英伟达融资20亿美元")

    findings = check(block(en) if lang == "en" else block(zh=zh), articles=(source,))

    assert [f.severity for f in findings if f.kind == "citation_range"] == ["high"]
    assert not [f for f in findings if f.kind == "uncited"]


def test_years_in_brackets_and_good_marks_are_no_odd_ones() -> None:
    text = "工信部〔2026〕15 号文要求英伟达说明[1][2]。"
    sources = (article(1, "工信部〔2026〕15号文要求英伟达说明"), article(2, "英伟达须说明，工信部发文"))

    assert not found("citation_range", block(zh=text), articles=sources)


MONSTERS: tuple[str, ...] = (
    "A" * 19_000,
    "1," * 9_000,
    "（" * 9_000,
    "“" * 9_000,
    "一二三四五六七八九十百千万亿" * 1_000,
    "的" * 19_000,
)
MONSTERS += ("[1]" * 6_000, "Nvidia " * 2_800, "$2 billion " * 1_700, "a. " * 6_000, "\x00\x1b[31m" * 2_000)


@pytest.mark.parametrize("text", MONSTERS)
def test_a_monster_of_a_text_takes_seconds_at_most(text: str) -> None:
    started = time.process_time()

    check(block(text, text, foreign=frozenset()), articles=(article(1, "Nvidia", text),))

    assert time.process_time() - started < 20  # seconds of work, however busy the machine
