"""An issue at the desk in a real browser: made, opened, and walked as an editor would."""

from typing import Any

from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from newsletter.models import Issue
from newsletter.review.proofread import check_issue
from tests import factories as make

PASSWORD = "a good password"
DISCLAIMER = {
    "text_en": "Written with AI from the articles listed above, and read by an editor. It may still be wrong.",
    "text_zh": "本期由 AI 根据上列文章写成，并经编辑审读。内容仍可能有误。",
}


def lark_issue(price: int) -> Issue:
    """One item, of a price of 40 yuan in its sources and of `price` in either language."""
    issue = make.issue(number=128)
    _cite(issue)
    make.block(issue, "main-line", "main_line", title_en=issue.title_en, title_zh=issue.title_zh)
    make.block(issue, "item-1", **_lark(price))
    make.block(issue, "disclaimer", "disclaimer", **DISCLAIMER)
    check_issue(issue, lambda what, done, total: None)
    return issue


def doubtful_issue() -> Issue:
    """Three items. The first has two sentences in either language, the second a figure that is not in its source."""
    issue = make.issue(number=128)
    _cite(issue)
    make.block(issue, "main-line", "main_line", title_en=issue.title_en, title_zh=issue.title_zh, position=1)
    talks = {
        "text_en": "Qinghe is raising money [1]. Talks go on [1].",
        "text_zh": "青禾正在融资[1]。谈判还在继续[1]。",
    }
    make.block(issue, "item-1", position=2, title_en="Qinghe raises money", title_zh="青禾正在融资", **talks)
    make.block(issue, "item-2", position=3, **_lark(28))
    rain = {"text_en": "It rains in the harbour [2].", "text_zh": "港口下雨[2]。"}
    make.block(issue, "item-3", position=4, title_en="Rain in the harbour", title_zh="港口有雨", **rain)
    make.block(issue, "disclaimer", "disclaimer", position=5, **DISCLAIMER)
    check_issue(issue, lambda what, done, total: None)
    return issue


def _cite(issue: Issue) -> None:
    """[1] and [2]: a price of 40 yuan, told in Chinese and in English."""
    chinese, english = make.source("晨星科技"), make.source("The Harbor Wire", "en", "us")
    text_zh, text_en = "云雀写作开始收费，付费版每月 40 元。", "Skylark Writer now charges 40 yuan a month."
    make.citation(issue, 1, make.article("云雀写作开始收费", text_zh, by=chinese))
    make.citation(issue, 2, make.article("Skylark Writer begins to charge", text_en, by=english))


def _lark(price: int) -> dict[str, str]:
    return {
        "title_en": "Skylark Writer begins to charge",
        "title_zh": "云雀写作开始收费",
        "text_en": f"Skylark Writer now charges {price} yuan a month [1][2].",
        "text_zh": f"云雀写作开始收费，付费版每月 {price} 元[1][2]。",
    }


def log_in(
    context: BrowserContext, live_server: Any, path: str, name: str = "mei", role: str = "approver"
) -> tuple[Page, list[str]]:
    """Log `name` in, an editor with `role`, on the way to `path`.

    What the page's scripts and policies complain of collects in the list.
    """
    if not User.objects.filter(username=name).exists():
        make.editor(name, role=role, email=f"{name}@paper.example")
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{live_server.url}{path}")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form.asking button").click()
    expect(page).to_have_url(f"{live_server.url}{path}")
    page.wait_for_load_state()  # the keys are heard once the scripts have run
    return page, errors


def sit_down(context: BrowserContext, live_server: Any, issue: Issue, name: str = "mei") -> tuple[Page, list[str]]:
    """Log `name` in on the way to the issue's proof."""
    page, errors = log_in(context, live_server, f"/desk/{issue.date}/", name)
    expect(page.locator("#proof")).to_be_visible()
    return page, errors


def go_to(page: Page, row: str) -> None:
    """By keys alone to the row with this id."""
    for _step in range(40):
        if page.locator(f"#{row}.on").count():
            return
        page.keyboard.press("j")
    raise AssertionError(f"J does not lead to {row}")


def write(page: Page, label: str, text: str) -> None:
    """Into the field with this label, as typed: selected whole and written over."""
    area = page.get_by_label(label, exact=True)
    area.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
