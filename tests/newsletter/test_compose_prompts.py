"""The prompts' files: readable, editable, and never a reason for a blank morning."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from newsletter.compose import online, prompts
from newsletter.models import ModelCall
from tests.newsletter import compose_day
from tests.newsletter.messages_api import Api, blocks, prompt

NAMES = ["again", "analysis", "day", "items", "one", "report", "system", "today", "triage"]


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of prompts to edit."""
    for path in prompts.folder().glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(prompts, "folder", lambda: tmp_path)
    return tmp_path


def test_every_prompt_lies_in_the_templates_and_says_its_version() -> None:
    assert prompts.folder() == django_settings.BASE_DIR / "templates" / "prompts"
    assert sorted(path.stem for path in prompts.folder().glob("*.txt")) == NAMES
    for name in NAMES:
        assert prompts.read(name).version[0].isdigit()


def test_an_edit_shows_in_the_version_even_where_nobody_counted_up(own: Path) -> None:
    before = prompts.read("items").version
    (own / "items.txt").write_text((own / "items.txt").read_text() + "\n- Mention the outlet.\n")
    after = prompts.read("items").version
    assert before.split()[0] == after.split()[0]
    assert before != after


def test_values_are_never_read_for_placeholders() -> None:
    filled = prompts.Prompt("x", "1", "{a} and {b}").filled(a="{b}", b="{a}")
    assert filled == "{b} and {a}"


@pytest.mark.django_db
def test_an_edited_prompt_is_what_is_asked_and_its_version_is_on_the_receipt(api: Api, own: Path) -> None:
    text = (own / "items.txt").read_text().replace("version: 2", "version: 2-local")
    (own / "items.txt").write_text(text + "\n- Mention the outlet.\n")
    compose_day.make()
    online.write(compose_day.brief())
    assert "Mention the outlet." in prompt(api.asked[1])
    assert ModelCall.objects.get(purpose="items").prompt_version.startswith("2-local (")
    assert "You write for Chenbao" in blocks(api.asked[1]["system"])[0]["text"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("items", lambda text: text.replace("{keys}", ""), "items.txt lacks {keys}"),
        ("report", lambda text: text + "{colour}", "report.txt has an unknown {colour}"),
        ("today", lambda text: text.replace("version", "Version"), "today.txt must begin with “version: N”"),
        ("system", None, "system.txt can't be read (FileNotFoundError)"),
    ],
)
def test_a_broken_prompt_is_named_and_the_issue_is_written_offline(
    api: Api, own: Path, name: str, change: Any, fault: str
) -> None:
    path = own / f"{name}.txt"
    if change:
        path.write_text(change(path.read_text()))
    else:
        path.unlink()
    compose_day.make()
    draft = online.write(compose_day.brief())
    assert draft.composer == "offline"
    assert fault in draft.notes[-1]
