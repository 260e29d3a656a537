"""The house in a real browser: the history, a correction on its way, the masthead tried on, the replies."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from newsletter import workflow
from newsletter.models import Issue, Newsletter, Reply
from tests import factories as make
from tests.browser.axe import COLOURS, violations
from tests.browser.desk_pages import lark_issue, log_in
from tests.newsletter.deliver.helpers import deliver
from tests.newsletter.deliver.sink import running_sink
from tests.newsletter.pictures import png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def issue() -> Issue:
    return lark_issue(40)


def judged(page: Page) -> None:
    """What axe finds, in light and in dark; and nothing is wider than a phone."""
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, only=COLOURS) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_changed_text_is_found_in_the_history_and_put_back(
    context: BrowserContext, live_server: Any, issue: Issue
) -> None:
    page, errors = log_in(context, live_server, f"/desk/{issue.date}/blocks/item-1/", role="administrator")
    page.locator("#id_title_en").fill("Skylark Writer now costs money")
    page.get_by_role("button", name=re.compile("Save")).first.click()
    expect(page.locator("#b-item-1")).to_contain_text("now costs money")
    page.goto(f"{live_server.url}/desk/{issue.date}/")
    page.locator("#b-item-1").get_by_role("link", name=re.compile("^changed")).click()
    line = page.locator(".past li.edited").first
    expect(line.locator("ins").first).to_contain_text("now")
    expect(line).to_contain_text("mei")
    judged(page)
    line.get_by_role("button", name="Put back what stood before").click()
    expect(page.locator(".told")).to_contain_text("Put back")
    expect(page.locator(".past li.edited")).to_have_count(2)
    block = issue.blocks.get(key="item-1")
    assert (block.title_en, block.revisions.count()) == ("Skylark Writer begins to charge", 2)
    assert errors == []


def test_a_mistake_is_corrected_in_the_archive_and_told_to_those_who_had_it(
    context: BrowserContext, live_server: Any, issue: Issue, settings: Any
) -> None:
    Newsletter.objects.update(postal_address="1 Real Road, Harbor City")
    for name in ("ana", "bo"):
        make.reader(f"{name}@a.example", language="en" if name == "ana" else "zh")
    with running_sink() as (sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        workflow.approve(issue, make.editor("mei"))
        deliver(issue, timezone.now())
        page, errors = log_in(context, live_server, f"/desk/{issue.date}/", role="administrator")
        page.locator("#b-item-1").get_by_role("link", name="Correct").click()
        judged(page)
        page.locator("#id_note_en").fill("The price is for the paid edition only.")
        page.locator("#id_note_zh").fill("只有付费版收费。")
        english = page.locator("#id_text_en")
        english.fill(english.input_value().replace("Skylark Writer", "The paid edition of Skylark Writer"))
        page.get_by_role("button", name="Correct the archive").click()
        expect(page.get_by_text("1 reader", exact=True)).to_be_visible()  # the Chinese text was right
        expect(page.get_by_text("1 reader whose edition didn’t have it")).to_be_visible()
        page.get_by_role("button", name="Write the mail").click()
        for _ in range(page.get_by_role("button", name="Keep it").count()):
            page.get_by_label("Why may it stand?").first.fill("It is our own word")
            page.get_by_label("I have read the cited articles, and they say this.").first.check()
            page.get_by_role("button", name="Keep it").first.click()
        expect(
            page.frame_locator("iframe").first.get_by_text("The price is for the paid edition only.")
        ).to_be_visible()
        judged(page)
        page.get_by_role("button", name="Approve the correction").click()
        expect(page.locator(".state")).to_have_text("Approved")
        mail = Issue.objects.get(kind="correction")
        deliver(mail, timezone.now() + dt.timedelta(days=1))
        assert [each.recipient for each in sink.mails].count("ana@a.example") == 2
        assert [each.recipient for each in sink.mails].count("bo@a.example") == 1
        page.reload()
        expect(page.locator(".state")).to_have_text("Sent")
        page.get_by_role("link", name="See it in the archive").click()
        expect(page.locator("#item-1 .fix").first).to_contain_text("The price is for the paid edition only.")
        page.locator("details.was summary").first.click()
        expect(page.locator("details.was").first).to_contain_text("Skylark Writer now charges 40 yuan a month")
        assert violations(page) == []
    assert errors == []


def test_the_masthead_is_tried_on_before_it_is_saved(
    context: BrowserContext, live_server: Any, issue: Issue, tmp_path: Path
) -> None:
    workflow.approve(issue, make.editor("lin"))
    page, errors = log_in(context, live_server, "/desk/masthead/", role="administrator")
    expect(page.get_by_text("No. 128 of")).to_be_visible()
    shown = page.frame_locator("iframe[name=pv]")
    expect(shown.get_by_text("Chenbao").first).to_be_visible()
    page.get_by_label("Name in English").fill("The Lark")
    page.get_by_label("The one colour").fill("#ffcc00")
    expect(page.locator("#contrast")).to_contain_text("Too pale to read on white")
    page.get_by_label("The one colour").fill("#0044aa")
    expect(page.locator("#contrast")).to_contain_text("Reads well on white")
    expect(shown.get_by_text("The Lark").first).to_be_visible()
    (tmp_path / "logo.png").write_bytes(png())
    page.get_by_label("Logo").set_input_files(tmp_path / "logo.png")
    expect(shown.locator("img")).to_have_attribute("width", "80")
    assert Newsletter.objects.get().name_en == "Chenbao"
    page.locator("button[formtarget][value=zh]").press("Enter")
    expect(shown.locator("html")).to_have_attribute("lang", "zh-Hans")
    judged(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".told")).to_contain_text("approval of 1 issue is void")
    newsletter = Newsletter.objects.get()
    assert (newsletter.name_en, newsletter.accent, newsletter.logo_id is not None) == ("The Lark", "#0044aa", True)
    assert errors == []


def test_a_svg_is_refused_beside_its_field(
    context: BrowserContext, live_server: Any, issue: Issue, tmp_path: Path
) -> None:
    page, errors = log_in(context, live_server, "/desk/masthead/", role="administrator")
    (tmp_path / "logo.png").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    page.get_by_label("Logo").set_input_files(tmp_path / "logo.png")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".err")).to_contain_text("This is no PNG")
    assert errors == []


def test_an_answer_is_read_and_worked_off_by_keyboard(context: BrowserContext, live_server: Any, issue: Issue) -> None:
    for n in range(2):
        Reply.objects.create(
            received_at=timezone.now() - dt.timedelta(hours=n),
            fingerprint=f"{n:064d}",
            sender=f"ana{n}@a.example",
            sender_key=f"ana{n}@a.example",
            subject=f"Question {n}",
            text="<b>Is it 40 yuan?</b>\n\nAna",
            issue=issue,
        )
    page, errors = log_in(context, live_server, "/desk/replies/", role="administrator")
    expect(page.locator(".waiting-n").first).to_contain_text("2")
    judged(page)
    page.locator(".letters a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".letter")).to_contain_text("<b>Is it 40 yuan?</b>")
    judged(page)
    page.get_by_role("button", name="Dealt with").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".letters li")).to_have_count(1)
    expect(page.locator(".waiting-n").first).to_contain_text("1")
    page.get_by_label("Search").fill("Question 0")
    page.get_by_label("Search").press("Enter")
    expect(page.get_by_text("Nothing with “Question 0” here.")).to_be_visible()
    assert errors == []


@pytest.mark.parametrize("path", ["/desk/{date}/history/", "/desk/replies/", "/desk/masthead/"])
def test_the_pages_stand_in_chinese_too(browser: Browser, live_server: Any, issue: Issue, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page, errors = context.new_page(), list[str]()
    user = make.editor("chief")
    user.is_superuser = True
    user.save()
    page.goto(f"{live_server.url}{path.format(date=issue.date)}")
    page.locator("#id_username").fill("chief")
    page.locator("#id_password").fill("a good password")
    page.locator("#id_password").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert errors == []
    context.close()
