"""An administrator's work on the sources in a real browser: added by address, taken in from a file, off and on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from newsletter.gather import visits
from newsletter.models import Source
from tests import factories as make
from tests.browser.axe import violations
from tests.newsletter.feed_server import FeedServer, site_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

FEED = """<rss version="2.0"><channel><title>晨星科技</title><link>https://star.example/</link>
<item><guid>1</guid><title>云雀写作开始收费</title><link>https://star.example/1</link>
<description>云雀写作今天开始收费，付费版每月 28 元。</description></item></channel></rss>""".encode()
OPML = """<opml version="2.0"><body><outline text="US media">
<outline text="Harbor Wire" xmlUrl="https://harbor.example/feed"/><outline text="Broken" xmlUrl="nowhere"/></outline>
<outline text="Quays"><outline text="Quay Post" xmlUrl="https://quay.example/feed"/></outline></body></opml>"""


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    settings.FETCH_ALLOW_LOOPBACK = True
    with site_with(FEED) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def page(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An administrator who has just logged in."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", java_script_enabled=request.param
    )
    User.objects.create_superuser("operator", password="a good password")
    opened = context.new_page()
    opened.goto(f"{live_server.url}/admin/newsletter/source/")
    opened.get_by_label("Username").fill("operator")
    opened.get_by_label("Password").fill("a good password")
    opened.get_by_role("button", name="Log in").click()
    expect(opened.locator("h1").last).to_have_text("Sources")
    yield opened
    context.close()


def test_from_an_address_to_a_source_that_is_visited(page: Page, server: FeedServer) -> None:
    page.get_by_role("link", name="Add by address").click()
    page.get_by_label("Address of a site or a feed").fill(server.base)
    page.get_by_role("button", name="Look for feeds").click()
    expect(page.get_by_role("status")).to_contain_text("1 feed found")
    expect(page.locator(".samples")).to_contain_text("云雀写作开始收费")
    expect(page.get_by_label("Language")).to_have_value("zh")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("“晨星科技” is a source of China media now")

    page.get_by_role("button", name="Visit now").click()
    expect(page.locator(".messagelist")).to_contain_text("1 new article")
    expect(page.locator(".pair")).to_contain_text("云雀写作开始收费")
    expect(page.get_by_role("link", name="Delete")).to_have_count(0)


def test_off_with_a_reason_and_on_with_one_click(page: Page) -> None:
    make.source("Harbor Wire", last_visit_at=timezone.now(), failures=2, last_error="not found (404)")
    page.reload()
    expect(page.locator("td.field-standing")).to_contain_text("failing, 2 visits in a row: nothing stands")
    page.get_by_role("link", name="Switch off").click()
    page.get_by_label("Why?").fill("gone since March")
    page.get_by_role("button", name="Switch off").click()
    expect(page.locator(".state")).to_contain_text("by operator: gone since March")
    page.get_by_role("link", name="Sources").first.click()
    page.get_by_role("button", name="Switch on: Harbor Wire").click()
    expect(page.locator(".messagelist")).to_contain_text("1 source is switched on")
    expect(page.locator("td.field-standing")).not_to_contain_text("gone since March")


def test_a_file_is_looked_at_before_it_is_taken_in(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(OPML, encoding="utf-8")
    page.get_by_role("link", name="From OPML").click()
    page.get_by_label("OPML file").set_input_files(file)
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.locator("#content")).to_contain_text("Nothing is written yet. New: 2 · No usable address: 1")
    page.get_by_label("Quays").select_option(label="China media")
    page.get_by_role("button", name="Add 2 sources").click()
    expect(page.locator(".messagelist")).to_contain_text("2 sources were added")
    expect(page.locator("#result_list")).to_contain_text("Quay Post")
    with page.expect_download() as saved:
        page.get_by_role("link", name="As OPML").click()
    assert "https://quay.example/feed" in Path(saved.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [True], indirect=True, ids=["with JavaScript"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_of_ours_and_nothing_is_wider_than_a_phone(
    page: Page, live_server: Any, server: FeedServer, language: str, tmp_path: Path
) -> None:
    source = make.source("Harbor Wire", last_visit_at=timezone.now(), failures=2, last_error="not found (404)")
    off = make.source("Off", active=False, off_reason="copies", off_at=timezone.now())
    visits.record(source, timezone.now(), {"failed": 1})
    make.article("A story", by=source)
    file = tmp_path / "feeds.opml"
    file.write_text(OPML, encoding="utf-8")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for path in ("", "add/", "opml/", f"off/?id={source.pk}", f"{source.pk}/change/", f"{off.pk}/change/"):
            page.goto(f"{live_server.url}/admin/newsletter/source/{path}")
            _judge(page, f"{scheme} {path}")
        page.goto(f"{live_server.url}/admin/newsletter/source/add/")
        page.fill("#id_address", server.base)
        with page.expect_navigation():
            page.click("button[value=find]")
        _judge(page, f"{scheme} found")
        page.goto(f"{live_server.url}/admin/newsletter/source/opml/")
        page.set_input_files("#id_file", file)
        with page.expect_navigation():
            page.click(".sources button")
        _judge(page, f"{scheme} plan")
    assert Source.objects.count() == 2


# Django's own pages: its filter's headings, its breadcrumbs outside any landmark, its toggles of the side bar.
_DJANGOS = (
    "region",
    "landmark-unique",
    "heading-order",
    "link-in-text-block",
    "landmark-complementary-is-top-level",
)


def _judge(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    found = violations(page, off=_DJANGOS)
    assert found == [], name + "\n".join(found)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
