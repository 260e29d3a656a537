"""The whole life of a reader in a real browser: in both languages, with and without JavaScript."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from subscribers import forms, mails
from subscribers.models import State, Subscriber

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

ADDRESS = "reader@mail.example"
WIDTHS = (320, 375, 1280)
# What the pages call things, by the language they speak.
WORDS = {
    "en": {"join": "Sign up", "yes": "Yes, send it to me", "save": "Save", "leave": "Leave now", "undo": "Undo"},
    "zh": {"join": "订阅", "yes": "是的，请寄给我", "save": "保存", "leave": "立即退订", "undo": "撤销"},
}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def hand(monkeypatch: pytest.MonkeyPatch, live_server: LiveServer, settings: Any) -> None:
    """A form may be sent as fast as a browser can be driven, and mails link to the server of this test."""
    monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=-1))
    settings.SITE_URL = live_server.url


def link_in_last_mail(letter: str) -> str:
    mails.send_due()
    found = re.search(rf"http\S+/r/{letter}/\S+", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[0]


def fits(page: Page) -> None:
    """No width scrolls sideways, every field has a name, and the page says its language."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
    nameless = """[...document.querySelectorAll('input:not([type=hidden]), select, button')]
        .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())).length"""
    assert page.evaluate(nameless) == 0, page.url
    assert page.evaluate("document.documentElement.lang") in ("en", "zh-Hans")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_the_form_to_leaving_and_back(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    words = WORDS[language]
    context = browser.new_context(java_script_enabled=javascript, timezone_id="Europe/London")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    look = fits if javascript else lambda _page: None

    page.goto(f"{live_server.url}/{language}/join/")
    look(page)
    page.fill("input[name=email]", ADDRESS)
    page.check(f"input[name=language][value={language}]")
    page.click(f"form.join button:has-text('{words['join']}')")
    look(page)

    page.goto(link_in_last_mail("c"))
    assert Subscriber.objects.get().state == State.PENDING
    look(page)
    page.click(f"button:has-text('{words['yes']}')")
    look(page)
    reader = Subscriber.objects.get()
    assert (reader.state, reader.language) == (State.ACTIVE, language)
    assert reader.zone == ("Europe/London" if javascript else "Asia/Shanghai")

    page.goto(link_in_last_mail("p"))
    look(page)
    page.uncheck("input[name=lists] >> nth=0")
    page.select_option("select[name=send_at]", "06:30")
    page.click(f"button:has-text('{words['save']}')")
    assert page.locator(".saved[role=status]").is_visible()
    assert page.input_value("select[name=send_at]") == "06:30"
    reader.refresh_from_db()
    assert (reader.send_at, reader.lists) == (dt.time(6, 30), ["us"])

    page.click(".after a.btn.red")
    look(page)
    page.click(f"button:has-text('{words['leave']}')")
    look(page)
    reader.refresh_from_db()
    assert reader.state == State.LEFT
    page.click(f"button:has-text('{words['undo']}')")
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    assert problems == []
    context.close()


def test_the_keyboard_alone_reaches_and_saves_every_choice(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/en/join/")
    page.fill("input[name=email]", ADDRESS)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(link_in_last_mail("c"))
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(link_in_last_mail("p"))
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    wanted = {"language", "lists", "sections", "topics", "frequency", "send_at", "zone", "plain_text", "paused_until"}
    assert wanted <= reached
    page.close()
