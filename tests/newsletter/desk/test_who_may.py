"""Who may see the desk, who may do anything there, and who may try passwords."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter import workflow
from newsletter.models import Issue
from newsletter.views.desk import entrance
from tests.newsletter.desk.helpers import DAY, doubt, item, post

pytestmark = pytest.mark.django_db

PAGES: list[tuple[str, list[Any]]] = [
    ("today", []),
    ("issues", []),
    ("issue", [DAY]),
    ("approve", [DAY]),
    *(("preview", [DAY]), ("preview_mail", [DAY]), ("preview_sizes", [DAY]), ("preview_link", [DAY, "leave"])),
]
ACTS = ["read_again", "approve", "send_test"]
BLOCK_ACTS = ["edit", "undo", "drop", "restore", "move"]


@pytest.mark.parametrize(("name", "args"), [*PAGES, ("edit", [DAY, "item-1"])])
def test_who_is_not_logged_in_is_sent_to_log_in_and_back(
    client: Client, issue: Issue, name: str, args: list[Any]
) -> None:
    address = reverse(f"desk:{name}", args=args)
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('desk:login')}?next={address}"


@pytest.mark.parametrize(("name", "args"), [*PAGES, ("edit", [DAY, "item-1"])])
def test_who_is_no_editor_is_told_so_plainly(client: Client, issue: Issue, name: str, args: list[Any]) -> None:
    client.force_login(User.objects.create_user("reader"))
    response = client.get(reverse(f"desk:{name}", args=args))
    assert response.status_code == 403
    assert "For editors only" in response.content.decode()


def test_who_is_no_editor_can_post_nothing(client: Client, issue: Issue) -> None:
    client.force_login(User.objects.create_user("reader"))
    finding = doubt(item())
    posts = [(name, [DAY]) for name in ACTS] + [(name, [DAY, "item-1"]) for name in BLOCK_ACTS]
    for name, args in [*posts, ("keep", [DAY, finding.pk]), ("reopen", [DAY, finding.pk])]:
        assert client.post(reverse(f"desk:{name}", args=args)).status_code == 403
    assert item().edited_at is None


def test_every_form_needs_its_token(issue: Issue, editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    posts = [(name, [DAY]) for name in ACTS] + [(name, [DAY, "item-1"]) for name in BLOCK_ACTS]
    for name, args in [*posts, ("language", []), ("logout", []), ("keep", [DAY, 1]), ("reopen", [DAY, 1])]:
        assert strict.post(reverse(f"desk:{name}", args=args)).status_code == 403, name


def test_looking_changes_nothing(desk: Client, issue: Issue) -> None:
    finding = doubt(item())
    before = (workflow.content_hash(issue), Issue.objects.values().get())
    pages: list[tuple[str, list[Any]]] = [*PAGES, ("edit", [DAY, "item-1"]), ("keep", [DAY, finding.pk])]
    for name, args in pages:
        assert desk.get(reverse(f"desk:{name}", args=args)).status_code == 200, name
    for name in ("undo", "drop", "restore", "move"):
        assert desk.get(reverse(f"desk:{name}", args=[DAY, "item-1"])).status_code == 405
    for name in ("read_again", "send_test"):
        assert desk.get(reverse(f"desk:{name}", args=[DAY])).status_code == 405
    assert desk.get(reverse("desk:language")).status_code == 405
    assert (workflow.content_hash(issue), Issue.objects.values().get()) == before


def test_an_editor_logs_in_and_out(client: Client, editor: User) -> None:
    wrong = post(client, "login", username="mei", password="no")
    assert "don’t fit together" in wrong.content.decode()
    right = post(client, "login", username="mei", password="a good password")
    assert right.headers["Location"] == reverse("desk:today")
    assert post(client, "logout").headers["Location"] == reverse("desk:login")
    assert client.get(reverse("desk:today")).status_code == 302


def test_pages_run_no_inline_script_and_are_not_kept_by_the_browser(desk: Client, issue: Issue) -> None:
    response = desk.get(reverse("desk:issue", args=[DAY]))
    content = response.content.decode()
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", content)


@pytest.mark.parametrize("door", ["desk:login", "admin:login"])
def test_passwords_cant_be_tried_without_end(client: Client, editor: User, door: str) -> None:
    tried = {"username": "mei", "password": "a guess"}
    for _n in range(entrance.PER_IP.count):
        assert client.post(reverse(door), tried).status_code == 200

    right = {**tried, "password": "a good password"}
    beyond = client.post(reverse("desk:login"), right)
    assert (beyond.status_code, beyond.headers["Retry-After"]) == (429, "900")
    assert "Too many tries from your network." in beyond.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("admin:login"), right).status_code == 200  # the form again, not the way in

    elsewhere = client.post(reverse("desk:login"), right, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302
