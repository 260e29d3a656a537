"""Who may do what, and how the operator gives a role."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

from newsletter.roles import APPROVE, EDIT, MASTHEAD, READERS, SOURCES
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("create_editor", *words, "--no-input", stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("writer", {EDIT}),
        ("approver", {EDIT, APPROVE}),
        ("administrator", {EDIT, APPROVE, MASTHEAD, SOURCES, READERS}),
    ],
)
def test_each_role_may_what_the_one_below_may_and_more(role: str, may: set[str]) -> None:
    user = factories.editor(role=role)
    assert {each for each in (EDIT, APPROVE, MASTHEAD, SOURCES, READERS) if user.has_perm(each)} == may


@pytest.mark.parametrize("weak", ["", "short", "password123", "lin-the-editor", "4711471147114711"])
def test_a_password_that_is_easily_guessed_makes_no_account(monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: weak)
    with pytest.raises(CommandError, match="password"):
        call_command("create_editor", "lin-the-editor", "--role", "approver")
    assert not User.objects.exists()


def test_the_operator_makes_an_account_whose_password_is_printed_once() -> None:
    told = run("lin", "--role", "writer", "--email", "lin@paper.example")
    user = User.objects.get(username="lin")
    assert user.check_password(told.split("password: ")[1].strip())
    assert (user.is_staff, user.is_superuser, user.email) == (True, False, "lin@paper.example")
    assert user.has_perm(EDIT)
    assert not user.has_perm(APPROVE)


def test_another_role_replaces_the_first_and_leaves_the_password() -> None:
    factories.editor("lin", role="administrator")
    assert "password" not in run("lin", "--role", "writer")
    user = User.objects.get(username="lin")
    assert not user.has_perm(APPROVE)
    assert user.check_password("a good password")


def test_what_is_no_address_is_refused_before_anything_is_made() -> None:
    with pytest.raises(CommandError, match="is no address"):
        run("lin", "--role", "writer", "--email", "lin")
    assert not User.objects.exists()


def test_without_a_terminal_no_password_is_asked_for() -> None:
    with pytest.raises(CommandError, match="--no-input"):
        call_command("create_editor", "lin", "--role", "writer")
