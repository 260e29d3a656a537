"""What went wrong is said in both languages, and the address at which it did goes nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def said(answer: object, status: int) -> str:
    """The page of an answer with `status`."""
    assert getattr(answer, "status_code", None) == status
    page: str = getattr(answer, "content", b"").decode()
    assert '<meta name="referrer" content="no-referrer">' in page
    return page


def test_a_readers_link_that_got_something_behind_it_is_no_page_of_ours(client: Client) -> None:
    page = said(client.get("/r/p/token.signature/"), 404)
    assert "No such page" in page
    assert "没有这一页" in page


def test_what_cannot_be_read_is_said_so(client: Client) -> None:
    page = said(client.post("/en/join/", {f"field{n}": "x" for n in range(1100)}), 400)
    assert "This can’t be read" in page
    assert "无法读取" in page


def test_a_form_from_a_page_of_before_the_login_is_told_what_to_do() -> None:
    page = said(Client(enforce_csrf_checks=True).post(reverse("desk:login"), {"username": "lin"}), 403)
    assert "load the page anew" in page
    assert "请返回上一页" in page


def test_an_account_that_may_not_is_told_who_can_change_that(client: Client) -> None:
    client.force_login(factories.editor(role=""))
    page = said(client.get(reverse("admin:subscribers_subscriber_export")), 403)
    assert "may not do this" in page
    assert "没有这项权限" in page


def test_a_fault_of_ours_is_owned_up_to(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("subscribers.views.pages.chosen_language", lambda *_: 1 / 0)
    page = said(client.get("/en/join/"), 500)
    assert "Something broke on our side" in page
    assert "我们这边出了错" in page
