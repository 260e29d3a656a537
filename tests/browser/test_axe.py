"""Every page in every state: axe-core finds nothing, nothing scrolls sideways, and no word is of the other language.

In English, Chinese and both, light and dark, narrow and wide.
"""

import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from subscribers import mails, offers
from subscribers.models import Notice
from tests import factories
from tests.browser import axe, scenes
from tests.newsletter.full_issue import make_full_issue

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("quick_hands"),
]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (375, 1280)
ROOMS = (320, 375, 768, 1280, 1400)  # px, at which nothing may scroll sideways
# What the reader reads or hears: without what is typed, quoted or the same in both languages.
SAID = """() => { const copy = document.body.cloneNode(true);
  copy.querySelectorAll('script, textarea, .specimen, .push, .small-name, .foot, select').forEach(e => e.remove());
  copy.querySelectorAll('article, .mast, .when, .lead, .pair.row').forEach(e => e.remove());
  const heard = [...copy.querySelectorAll('[aria-label]')].map(e => e.getAttribute('aria-label'));
  return [document.title, copy.textContent, ...heard].join('\\n') }"""
EVERYWHERE = re.compile(
    r"Chenbao|晨报|中文|English|[\w*.+-]+@[\w*.-]+|\b(HTML|JSON|Cookie|UTC|IP|language|email|both|zh|en|AI)\b"
)
# Both speak at once where nothing is known of the reader, so these are left out.
IN_BOTH = {"404", "500"}


def judge(page: Page) -> dict[str, Any]:
    """What is wrong with the page as it stands, by where it is."""
    found: dict[str, Any] = {}
    for width in ROOMS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{width}: scrolls sideways"] = page.evaluate("document.documentElement.scrollWidth")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if wrong := axe.violations(page, only=() if scheme == "light" else axe.COLOURS):
                found[f"{width} {scheme}: axe"] = wrong
    return found


def foreign_words(page: Page, language: str) -> list[str]:
    """Words of the other language; none can be foreign where both are spoken."""
    said = EVERYWHERE.sub(" ", page.evaluate(SAID))
    pattern = {"en": r"[\u3400-\u9fff，。：；？！、《》]+", "zh": r"[A-Za-z][A-Za-z’]+"}.get(language)
    return re.findall(pattern, said) if pattern else []


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_nothing_is_wrong_with_any_page_in_any_state(
    browser: Browser, live_server: LiveServer, settings: Any, language: str
) -> None:
    settings.SITE_URL = live_server.url
    issue = make_full_issue(number=128, state="sent")
    page = browser.new_page()
    found: dict[str, Any] = {}
    seen = set()
    for name, go in scenes.every(live_server.url, language, issue.date):
        go(page)
        seen.add(f"{page.title()} {page.locator('main').inner_text()}")
        found |= {f"{name} {where}": wrong for where, wrong in judge(page).items()}
        if name not in IN_BOTH and (foreign := foreign_words(page, language)):
            found[f"{name}: of the other language"] = foreign
    assert found == {}
    assert len(seen) > 35, "each is another page"
    page.close()


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_nothing_is_wrong_with_the_mails_to_one_reader(browser: Browser, language: str) -> None:
    make_full_issue(number=128, state="sent")
    reader = factories.reader("a@mail.example", language=language)
    page = browser.new_page()
    found: dict[str, Any] = {}
    for kind in Notice.Kind:
        if kind == Notice.Kind.TICKET:
            continue
        notice = Notice.objects.create(reader=reader, kind=kind, language=language, made_at=reader.created_at)
        page.set_content(str(mails.message(notice, offers.current()).alternatives[0][0]))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if wrong := axe.violations(page, off=axe.MAIL_RULES_OFF):
                found[f"{kind} {scheme}"] = wrong
    assert found == {}
    page.close()


def test_axe_itself_sees_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><input><p style="color:#ccc">pale</p></main>')
    found = " ".join(axe.violations(page))
    assert "label" in found
    assert "color-contrast" in found
    page.close()
