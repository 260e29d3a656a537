"""Bringing readers in, in a real browser and without JavaScript: from the button to the readers, at two widths."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from subscribers.models import Subscriber
from subscribers.transfer import running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

EXPORT = (
    "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,TIMEZONE,UNSUB_TIME\n"
    "ana@mail.example,Ana,2,2020-01-01 10:00:00,Europe/Madrid,\n"
    "left@mail.example,Leo,2,2020-01-01 10:00:00,,2021-01-01 10:00:00\n"
)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    User.objects.create_superuser("operator", password="a good password")
    page = browser.new_context(java_script_enabled=False, locale="en-US").new_page()
    page.goto(f"{live_server.url}/admin/")
    page.fill("input[name=username]", "operator")
    page.fill("input[name=password]", "a good password")
    press(page, "input[type=submit]")
    return page


def press(page: Page, selector: str) -> None:
    """Press what leads to another page, and be there."""
    with page.expect_navigation():
        page.click(selector)


@pytest.mark.parametrize("width", [1280, 375])
def test_an_operator_brings_readers_in(
    page: Page, live_server: LiveServer, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("newsletter.schedules.wake_imports", lambda: None)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/admin/subscribers/subscriber/")
    press(page, "text=Import readers")

    wrong = tmp_path / "list.json"
    wrong.write_text("{}")
    page.set_input_files("input[type=file]", wrong)
    press(page, "text=Upload, and look at the columns")
    assert "it is JSON" in page.inner_text(".errorlist")

    (tmp_path / "subscribed_export.csv").write_text(EXPORT)
    page.set_input_files("input[type=file]", tmp_path / "subscribed_export.csv")
    press(page, "text=Upload, and look at the columns")
    assert page.locator("table.columns select").evaluate_all("all => all.map(each => each.value)") == [
        *("email", "", "", "consent", "zone", "ended")
    ]
    page.fill("textarea[name=basis]", "Signed up at old.example")
    page.select_option("select[name=language]", "zh")
    press(page, "text=Dry run: see what would happen")
    assert "Waiting for the worker" in page.inner_text(".import")

    running.run_due()
    page.wait_for_selector("text=Import 1 reader")  # the page comes again by itself
    with page.expect_download() as download:
        page.click("text=Download the refused rows")
    assert "left@mail.example,UNSUB_TIME is set" in download.value.path().read_text()
    press(page, "input[value='Import 1 reader']")
    running.run_due()
    page.wait_for_selector("text=The import is done")
    reader = Subscriber.objects.get()
    assert (reader.email, reader.language, reader.zone) == ("ana@mail.example", "zh", "Europe/Madrid")
