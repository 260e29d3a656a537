"""What every test in a browser begins with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser import scenes
from tests.needs import CHROMIUM_ARGS, chromium

expect.set_options(timeout=60_000)  # milliseconds: two cores may be busy, and a page that is ready is seen at once


@pytest.fixture
def browser() -> Iterator[Browser]:
    """One for each test: while Playwright's loop runs, Django hands out another connection (asgiref.Local), and pytest
    could not put the database back between the tests."""
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield running
        running.close()


@pytest.fixture
def quick_hands() -> Iterator[None]:
    """Forms are taken however fast they come."""
    with scenes.quick_hands():
        yield


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window as wide as a desk's, in English."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    made.set_default_timeout(60_000)
    yield made
    made.close()
