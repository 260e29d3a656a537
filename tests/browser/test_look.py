"""What a browser can measure of the mail and the public pages: room, contrast, the spine, and where marks lead."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from newsletter.models import Issue
from newsletter.page import Choices, lay_out
from tests.newsletter.full_issue import make_full_issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PAPER = {"light": "rgb(251, 251, 248)", "dark": "rgb(21, 24, 26)"}
# Every text on the page against the nearest ground under it: WCAG 2.2, §1.4.3. Returns what is below 4.5.
CONTRAST = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.map(v => linear(v / 255));
                       return .2126 * r + .7152 * g + .0722 * b };
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
                        if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] };
  const low = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement;
    if (!n.data.trim() || !e.getClientRects().length || getComputedStyle(e).fontSize === '0px') continue;
    const style = getComputedStyle(e);
    if (style.visibility === 'hidden' || style.opacity === '0' || style.display === 'none') continue;
    const [a, b] = [light(rgb(style.color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) low.push([n.data.trim().slice(0, 30), style.color, ratio.toFixed(1)]);
  }
  return low }"""
# What reaches beyond the screen.
WIDE = """() => [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => [e.outerHTML.slice(0, 80), Math.round(e.getBoundingClientRect().right)])"""
# Marks that a line break has parted from the character before them, or from the stop after them.
PARTED = """selector => [...document.querySelectorAll(selector)].filter(mark => {
  const line = (node, at) => { const r = document.createRange(); r.setStart(node, at); r.setEnd(node, at + 1);
                               return r.getClientRects()[0] };
  const here = mark.getClientRects()[0], walk = document.createTreeWalker(mark.closest('p'), NodeFilter.SHOW_TEXT);
  const texts = []; for (let n; n = walk.nextNode();) if (n.data.trim()) texts.push(n);
  const i = texts.findIndex(n => mark.contains(n));
  const before = texts[i - 1] && line(texts[i - 1], texts[i - 1].data.trimEnd().length - 1);
  const after = texts[i + 1] && /^[.,;。，；]/.test(texts[i + 1].data) && line(texts[i + 1], 0);
  const apart = r => r && (r.bottom <= here.top || r.top >= here.bottom);
  return mark.getClientRects().length !== 1 || apart(before) || apart(after);
}).map(mark => mark.closest('p').textContent.slice(0, 60))"""


@pytest.fixture
def issue() -> Issue:
    return make_full_issue(number=128, state="sent")


@pytest.fixture
def site(live_server: LiveServer, settings: Any, issue: Issue) -> str:
    settings.SITE_URL = live_server.url
    return str(live_server.url)


def widths(page: Page, address: str, *each: int) -> None:
    """Nothing scrolls sideways."""
    page.goto(address)
    for width in each:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate(WIDE) if page.evaluate("document.documentElement.scrollWidth") > width else []
        assert wide == [], (address, width)


def style(page: Page, selector: str, name: str) -> str:
    script = f"e => getComputedStyle(e).getPropertyValue({json.dumps(name)})"
    return str(page.locator(selector).first.evaluate(script))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_the_mail(browser: Browser, issue: Issue, tmp_path: Path, language: str, scheme: Any) -> None:
    html = get_template("email/issue.mjml", using="mjml").render({"page": lay_out(issue, Choices(language))})
    file = tmp_path / "mail.html"
    file.write_text(html, encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    widths(page, file.as_uri(), 320, 375, 700)
    assert style(page, ".in", "background-color") == PAPER[scheme]
    assert page.evaluate(CONTRAST) == []
    for width in (320, 375, 700):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(PARTED, "p:not(.rs p) a[href*=slug]") == []
    assert page.locator(".in").evaluate("e => e.getBoundingClientRect().width") == 640
    assert page.locator("h1").count() == (2 if language == "both" else 1)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh", "both"])
def test_the_public_pages(browser: Browser, site: str, lang: str, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme)
    for path in ("", "issues/", "issues/2026-05-07/", "issues/2026-05-01/"):
        widths(page, f"{site}/{lang}/{path}", 320, 375, 860, 1280, 1400)
        assert style(page, "body", "background-color") == PAPER[scheme]
        assert page.evaluate(CONTRAST) == []
    page.close()


def test_the_spine_stands_on_a_wide_page_and_lies_down_on_a_phone(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/both/issues/2026-05-07/")
    row = page.locator("#item-3")
    box = {name: row.locator(name).bounding_box() for name in (".leaf.en", ".sp", ".leaf.zh")}
    english, spine, chinese = box[".leaf.en"], box[".sp"], box[".leaf.zh"]
    assert english
    assert spine
    assert chinese
    assert english["x"] + english["width"] <= spine["x"] < spine["x"] + spine["width"] <= chinese["x"]
    assert english["y"] == chinese["y"]
    assert spine["width"] == 84
    assert style(page, "#item-3 .sp", "border-left-width") == "1px"
    page.set_viewport_size({"width": 375, "height": 900})
    english, chinese = row.locator(".leaf.en").bounding_box(), row.locator(".leaf.zh").bounding_box()
    assert english
    assert chinese
    assert english["x"] == chinese["x"]
    assert chinese["y"] >= english["y"] + english["height"]
    for numeral, leaf in ((".sp .a", english), (".sp .z", chinese)):
        at = row.locator(numeral).bounding_box()
        assert at
        assert at["x"] < leaf["x"]
        assert abs(at["y"] - leaf["y"]) < 15
    page.close()


def test_every_mark_leads_to_its_reference_and_is_never_parted(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/both/issues/2026-05-07/")
    astray = "[...document.querySelectorAll('a.cite')].filter(a => !document.getElementById(a.hash.slice(1))).length"
    assert page.locator("a.cite").count() > 100
    assert page.evaluate(astray) == 0
    for width in (320, 375, 860, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(PARTED, "a.cite") == []
    page.locator("#item-5 a.cite").first.click()
    expect(page).to_have_url(re.compile("#ref-8$"))
    assert page.locator("#ref-8").evaluate("e => e.getBoundingClientRect().top >= 0 && e.matches(':target')")
    page.close()


def test_the_first_tab_offers_the_way_past_the_bar(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#content"
    box = skip.bounding_box()
    assert box
    assert box["x"] >= 0
    page.close()


def test_nothing_on_a_public_page_is_stopped_by_its_policy(browser: Browser, site: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/both/", "/zh/issues/", "/both/issues/2026-05-07/"):
        page.goto(f"{site}{path}")
    assert said == []
    page.close()


def test_the_sign_up_form_is_on_the_home_page(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/both/")
    page.get_by_label("Your address").fill("reader@mail.example")
    field, button = page.locator(".field input").bounding_box(), page.locator(".field button").bounding_box()
    assert field
    assert button
    assert field["height"] >= 44
    assert button["height"] >= 44
    page.close()


def test_what_never_breaks_is_broken_on_a_narrow_screen(
    browser: Browser, site: str, issue: Issue, tmp_path: Path
) -> None:
    """A word of 300 letters and a pasted address, wherever an editor or a feed may put them."""
    word, url = "x" * 300, "https://a.example/" + "path-" * 60
    issue.blocks.update(
        title_en=word, title_zh=f"甲{word}，乙", text_en=f"{url} {word} [1].", text_zh=f"甲{url}{word}[1]。"
    )
    issue.citations.update(title=word, outlet=word[:200])
    page = browser.new_page()
    for lang in ("en", "zh", "both"):
        widths(page, f"{site}/{lang}/issues/{issue.date}/", 320, 1280)
        html = get_template("email/issue.mjml", using="mjml").render({"page": lay_out(issue, Choices(lang))})
        file = tmp_path / f"{lang}.html"
        file.write_text(html, encoding="utf-8")
        widths(page, file.as_uri(), 320, 700)
    page.close()
