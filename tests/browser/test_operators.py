"""The operator's pages about readers by keyboard alone, on a desk and on a phone."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from newsletter.views.security import PUBLIC_POLICY
from subscribers.models import Segment, State
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LIST = "/admin/subscribers/subscriber/"
MOST_TABS = 90


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    """Logged in as somebody who may do everything."""
    User.objects.create_superuser("operator", password="a good password")
    page = browser.new_context(base_url=live_server.url, locale="en-GB").new_page()
    page.goto("/admin/login/")
    page.fill("input[name=username]", "operator")
    page.fill("input[name=password]", "a good password")
    press(page)
    return page


def press(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by the Tab key")


def test_every_list_of_the_admin_keeps_to_the_policy(page: Page) -> None:
    """Nothing inline, nothing from elsewhere: whatever a feed smuggles into a title stays text in the admin, too."""
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if "Security Policy" in message.text else None)
    reader, source = factories.reader("one@mail.example"), factories.article("<script>alert(1)</script>").source
    models = [f"{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
    own = [f"newsletter/source/{source.pk}/change/", "newsletter/source/add/", "newsletter/source/opml/"]
    own += [f"subscribers/subscriber/{reader.pk}/change/", "subscribers/import/add/", "auth/user/add/"]
    for path in ["", *models, *own]:
        answer = page.goto(f"/admin/{path}")
        assert answer
        assert (path, answer.status) == (path, 200)
        assert answer.headers["content-security-policy"] == PUBLIC_POLICY
    assert broken == []


def test_a_segment_is_saved_and_opened_by_keyboard(page: Page) -> None:
    factories.reader("one@mail.example", language="zh")
    factories.reader("two@mail.example", language="en")
    page.goto(f"{LIST}?language__exact=zh")
    tab_to(page, ".object-tools a[href*='segment/add']")
    press(page)
    page.keyboard.type("Chinese")  # the field has the focus
    press(page)
    assert Segment.objects.get().filters == {"language__exact": "zh"}
    page.goto(LIST)
    tab_to(page, "#changelist-filter a[href*='language__exact=zh']")
    press(page)
    assert page.locator("#result_list tbody tr").count() == 1
    assert page.locator("#changelist-filter li.selected", has_text="Chinese (1)").count() == 1


@pytest.mark.parametrize("width", [375, 1280])
def test_a_reader_who_asks_to_be_removed_is_removed_by_keyboard(page: Page, width: int) -> None:
    reader = factories.reader("a.reader.with.a.long.address@a-rather-long-domain.mail.example")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{LIST}{reader.pk}/change/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tab_to(page, "form[action$='end_subscriptions/'] button")
    press(page)
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE  # it is asked first
    tab_to(page, "#content-main form button")
    press(page)
    reader.refresh_from_db()
    assert reader.state == State.LEFT
    assert "Left" in page.locator("ol.history li").first.inner_text()
    assert page.locator("form[action$='take_back/'] button").is_visible()
