"""axe-core finds nothing: on every page, in every state, in each language, light and dark, narrow and wide."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser import axe, scenes
from tests.needs import CHROMIUM_ARGS, chromium
from tests.newsletter.full_issue import make_full_issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (375, 1280)


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright, scenes.quick_hands():
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, live_server: LiveServer, settings: Any, language: str
) -> None:
    settings.SITE_URL = live_server.url
    issue = make_full_issue(number=128, state="sent")
    page = browser.new_page()
    found: dict[str, list[str]] = {}
    seen = 0
    for name, go in scenes.every(live_server.url, language, issue.date):
        go(page)
        seen += 1
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                if wrong := axe.violations(page):
                    found[f"{name} {width} {scheme}"] = wrong
    assert found == {}
    assert seen > 35
    page.close()
