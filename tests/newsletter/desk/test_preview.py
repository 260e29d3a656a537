"""The preview shows the mail that would be sent, and gives nobody's links away."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from newsletter.deliver.editions import render
from newsletter.deliver.envelope import ReadyEdition
from newsletter.models import Edition, Issue
from newsletter.page import values
from newsletter.review import editing
from newsletter.views.desk import preview_mail
from subscribers import links
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, item, page, post, text_of
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db

EVERYTHING = {**preview_mail.EVERYTHING, "language": "both"}


@pytest.fixture
def finder(desk: Client, editor: User) -> Client:
    editor.user_permissions.add(Permission.objects.get(codename="view_subscriber"))
    return desk


def mail(desk: Client, query: str = "") -> str:
    response = desk.get(f"{reverse('desk:preview_mail', args=[DAY])}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def headings(html: str) -> str:
    return text_of(" ".join(re.findall(r"<h2.*?</h2>", html, re.DOTALL)))


def test_the_size_is_that_of_a_readers_mail_to_the_byte() -> None:
    issue = make_full_issue()
    reader = make.reader("a@example.org")
    frozen = render(issue, EVERYTHING)
    edition = Edition(issue=issue, mime=frozen.mime)
    sent = ReadyEdition.of(edition).address_to(reader, at=issue.cutoff).message
    shown = preview_mail.shown(issue, EVERYTHING)
    assert shown is not None
    assert len(shown.html.encode()) == shown.size == frozen.size
    assert links.leave_url(reader) not in shown.html + shown.text
    assert len(sent) > len(frozen.mime) - 1000  # the same mail, not a part of it


@pytest.mark.parametrize("query", ["", "text=1", "language=zh&dark=1", "reader=%d", "reader=%d&text=1"])
def test_no_preview_holds_a_link_that_works(finder: Client, issue: Issue, query: str) -> None:
    reader = make.reader("a@example.org")
    shown = mail(finder, query.replace("%d", str(reader.pk)))
    assert reader.token not in shown
    assert "/r/" not in shown
    assert f"/desk/{DAY}/preview/link/leave/" in shown


def test_a_readers_link_leads_to_a_page_that_says_so(desk: Client, issue: Issue) -> None:
    assert "ends their own subscription" in page(desk, "preview_link", DAY, "leave")
    assert "opens their own choices" in page(desk, "preview_link", DAY, "preferences")
    assert desk.get(reverse("desk:preview_link", args=[DAY, "confirm"])).status_code == 404


def test_dark_and_light_hold_whatever_the_machine_prefers(desk: Client, issue: Issue) -> None:
    as_sent, dark, light = mail(desk), mail(desk, "dark=1"), mail(desk, "dark=0")
    assert "@media (prefers-color-scheme:dark)" in as_sent
    assert "@media all{" in dark
    assert 'content="dark"' in dark
    assert "@media not all{" in light
    assert 'content="only light"' in light
    assert "prefers-color-scheme" not in dark + light


def test_the_mail_may_run_nothing_and_load_nothing(desk: Client, issue: Issue) -> None:
    response = desk.get(reverse("desk:preview_mail", args=[DAY]))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page(desk, "preview")


def test_languages_and_choices_decide_what_is_shown(desk: Client) -> None:
    make_full_issue(state="in_review")
    assert "两相对照" in mail(desk, "language=zh")
    assert "Side by side" in mail(desk, "language=en")
    narrowed = mail(desk, "language=en&some=sections&some=lists&lists=us")
    assert "Side by side" not in narrowed
    assert "US media" not in headings(narrowed)  # the reports are a section, and none was chosen
    one_list = mail(desk, "language=en&some=lists&lists=us")
    assert "US media" in headings(one_list)
    assert "China media" not in headings(one_list)


def test_boxes_that_are_all_ticked_are_everything(desk: Client) -> None:
    make_full_issue(state="in_review")
    everything = mail(desk, "language=en")
    assert mail(desk, "language=en&some=lists&lists=us&lists=china") == everything
    assert mail(desk, "language=fr&width=9&reader=x&some=nonsense") == mail(desk)


def test_plain_text_is_the_part_that_is_sent(desk: Client, issue: Issue) -> None:
    response = desk.get(f"{reverse('desk:preview_mail', args=[DAY])}?text=1&language=en")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "It is raising money [1]." in response.content.decode()
    shown = desk.get(f"{reverse('desk:preview', args=[DAY])}?text=1&language=en").content.decode()
    assert "It is raising money [1]." in shown
    assert "<iframe" not in shown


def test_the_line_in_the_inbox_is_the_mails_own(desk: Client) -> None:
    issue = make_full_issue(state="in_review")
    shown = text_of(page(desk, "preview"))
    assert issue.subject_en in shown
    assert issue.newsletter.sender_address in shown
    assert "of 90 KB" in shown


def test_a_reader_is_found_by_address_and_their_mail_shown(finder: Client) -> None:
    issue = make_full_issue(state="in_review")
    reader = make.reader("mei.lin@example.org", language="en", lists=["us"])
    make.reader("other@example.org")
    found = post(finder, "preview_reader", DAY, reader="mei.").content.decode()
    assert f"reader={reader.pk}" in found
    assert "other@example.org" not in found
    address = f"{reverse('desk:preview', args=[issue.date])}?reader={reader.pk}"
    shown = text_of(finder.get(address).content.decode())
    assert "mei.lin@example.org English · US media Once approved, it goes to them on" in shown
    assert "US media" in headings(mail(finder, f"reader={reader.pk}"))
    assert "China media" not in headings(mail(finder, f"reader={reader.pk}"))


def test_a_reader_who_gets_nothing_is_told_so(finder: Client, issue: Issue) -> None:
    reader = make.reader("gone@example.org", state="left")
    shown = finder.get(f"{reverse('desk:preview', args=[DAY])}?reader={reader.pk}").content.decode()
    assert "This issue does not go to them: left" in text_of(shown)


def test_only_who_may_see_readers_finds_them(desk: Client, issue: Issue) -> None:
    reader = make.reader("mei.lin@example.org")
    assert "Find a reader" not in page(desk, "preview")
    assert post(desk, "preview_reader", DAY, reader="mei").status_code == 403
    for name in ("preview", "preview_mail"):
        assert desk.get(f"{reverse(f'desk:{name}', args=[DAY])}?reader={reader.pk}").status_code == 404


def test_every_edition_is_measured_and_leads_to_its_preview(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_mail, "PATIENCE", 600)  # the machine that tests may be busy
    make_full_issue(state="in_review")
    make.reader("a@example.org", language="en", lists=["us"])
    make.reader("b@example.org", language="zh", plain_text=True)
    shown = page(desk, "preview_sizes")
    assert text_of(shown).count(" KB") >= 5
    assert re.search(
        r"language=en&amp;some=lists&amp;lists=us[^>]*>English · US media</a></th><td class=\"n\">1</td>", shown
    )
    assert "Chinese · plain text 1 text" in text_of(shown)


def test_what_there_is_no_time_for_is_measured_at_the_next_look(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_full_issue(state="in_review")
    monkeypatch.setattr(preview_mail, "PATIENCE", 0)
    assert text_of(page(desk, "preview_sizes")).count("not measured yet") == 3
    monkeypatch.setattr(preview_mail, "PATIENCE", 600)
    assert "not measured yet" not in page(desk, "preview_sizes")


def test_what_was_shortened_is_said(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_full_issue(state="in_review")
    monkeypatch.setattr("newsletter.page.mail.BUDGET_BYTES", 1000)
    monkeypatch.setattr(preview_mail, "BUDGET_BYTES", 1000)
    shown = text_of(desk.get(reverse("desk:preview", args=[DAY]), {"language": "en"}).content.decode())
    assert "the list of references holds those of the main line" in shown
    assert "Too large: Gmail cuts a mail off" in shown
    assert values.BUDGET_BYTES == 90_000


def test_an_edit_is_in_the_next_preview(desk: Client, issue: Issue, editor: User) -> None:
    assert "It is raising money" in mail(desk)
    editing.edit_block(item(), editor, {"text_en": "It has raised money [1]."})
    assert "It has raised money" in mail(desk)
    make.newsletter().__class__.objects.update(sender_name="Another Name")
    assert "Another Name" in page(desk, "preview")


def test_the_same_content_is_rendered_once(desk: Client, issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    mail(desk)
    monkeypatch.setattr(preview_mail, "sample", lambda *args: pytest.fail("rendered again"))
    mail(desk)
    page(desk, "preview")
