"""The reader's pages by keyboard alone: everything is reached, in the order it is read, and is seen when it is."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from subscribers import links
from subscribers.models import Subscriber
from tests import factories
from tests.browser import scenes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("quick_hands"),
]

# What has the focus: its name, where it stands on the page, whether it is marked, and whether something hides it.
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return { name: e.name || e.getAttribute('href') || e.textContent.trim(), tag: e.tagName, type: e.type || '',
           top: box.top + scrollY, bar: !!e.closest('.save'),
           ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
           seen: !!at && (at === e || e.contains(at) || at.contains(e)) } }"""
DESCRIBED = """e => (e.getAttribute('aria-describedby') || '').split(' ').filter(Boolean)
  .map(id => document.getElementById(id).textContent.trim()).join(' ')"""


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def reader(site: str) -> Subscriber:
    return factories.reader("reader@mail.example", language="en")


def walk(page: Page) -> list[dict[str, Any]]:
    """Tab from the top of the page until the focus leaves it: each stop, as it is then."""
    stops: list[dict[str, Any]] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return stops
        stops.append(page.evaluate(FOCUSED))
    raise AssertionError("the focus never leaves the page")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_stop_on_the_preferences_is_in_reading_order_marked_and_in_sight(
    browser: Browser, reader: Subscriber, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(links.preferences_url(reader))
    stops = walk(page)
    names = [stop["name"] for stop in stops]
    wanted = ["language", "lists", "sections", "topics", "frequency", "send_at", "zone", "plain_text", "paused_until"]
    first = [names.index(name) for name in wanted]
    assert first == sorted(first)
    assert names[0] == "#content"
    assert names.index("wish") > first[-1]
    assert [stop for stop in stops if not stop["ring"]] == [], "each has a ring of its own"
    assert [stop for stop in stops if not stop["seen"]] == [], "none hides under the bar"
    flow = [stop["top"] for stop in stops[1:] if not stop["bar"]]
    assert all(after >= before - 40 for before, after in pairwise(flow)), "down the page"
    page.close()


def test_the_sign_up_is_walked_through_and_sent_without_a_mouse(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/en/join/")
    stops = walk(page)
    form = [(stop["name"], stop["tag"]) for stop in stops if stop["tag"] in ("INPUT", "BUTTON")]
    assert form == [("email", "INPUT"), ("Sign up", "BUTTON"), ("language", "INPUT")], "the trap is no stop"
    assert all(stop["ring"] and stop["seen"] for stop in stops)
    page.focus("input[name=email]")
    page.keyboard.type("reader@mail.example")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/join/sent/")
    page.close()


def test_the_skip_link_leads_past_the_bar(browser: Browser, reader: Subscriber) -> None:
    page = browser.new_page()
    page.goto(links.preferences_url(reader))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()


def test_a_refused_address_has_the_focus_and_the_reason_as_its_description(browser: Browser, site: str) -> None:
    page = browser.new_page()
    scenes.joining_in(site, "en")["join-no-address"](page)
    field = page.locator("input[name=email]")
    assert field.evaluate("e => e === document.activeElement")
    assert field.get_attribute("aria-invalid") == "true"
    assert "a domain with a dot" in field.evaluate(DESCRIBED)
    assert page.title().startswith("Not signed up yet"), "the first that a screen reader says"
    page.close()


def test_wrong_choices_are_led_to_and_described(browser: Browser, site: str) -> None:
    page = browser.new_page()
    scenes.choosing(site, "en")["preferences-wrong"](page)
    assert page.title().startswith("Not saved yet")
    alert = page.locator("[role=alert]")
    assert alert.locator("a").all_inner_texts() == ["Time zone", "Pause until"]
    assert "within a year" in page.locator("input[name=paused_until]").evaluate(DESCRIBED)
    alert.locator("a").first.click()
    assert page.locator("#wrong-zone").evaluate("e => e.getBoundingClientRect().top >= 0 && e.matches(':target')")
    page.close()


def test_saving_is_announced_and_so_is_what_is_not_saved_yet(browser: Browser, reader: Subscriber) -> None:
    page = browser.new_page(timezone_id="Asia/Shanghai")
    page.goto(links.preferences_url(reader))
    unsaved = page.locator("[data-unsaved]")
    assert not unsaved.is_visible()
    page.focus("input[name=frequency][value=daily]")
    page.keyboard.press("ArrowDown")
    assert unsaved.is_visible()
    assert unsaved.get_attribute("role") == "status"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said = page.locator(".saved[role=status]")
    assert said.inner_text().startswith("Saved")
    assert page.title().startswith("Saved")
    reader.refresh_from_db()
    assert reader.frequency == "weekdays"
    page.close()


def test_a_browser_in_another_zone_offers_its_own(browser: Browser, reader: Subscriber) -> None:
    page = browser.new_page(timezone_id="Europe/London")
    page.goto(links.preferences_url(reader))
    page.locator("[data-zone-use]").press("Enter")
    assert page.input_value("select[name=zone]") == "Europe/London"
    assert page.locator("[data-unsaved]").is_visible()
    assert page.evaluate("document.activeElement.name") == "zone"
    page.close()
    at_home = browser.new_page(timezone_id="Asia/Shanghai")
    at_home.goto(links.preferences_url(reader))
    assert not at_home.locator("[data-zone-hint]").is_visible()
    at_home.close()
