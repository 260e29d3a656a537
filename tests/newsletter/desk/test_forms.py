"""What each form of the desk does, without JavaScript: edits, undoing, findings, approval, the test mail."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter import workflow
from newsletter.models import Issue
from newsletter.review import editing
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, doubt, item, page, post, sent, text_of

pytestmark = pytest.mark.django_db


def test_an_edit_is_saved_and_leads_back_to_its_block(desk: Client, issue: Issue) -> None:
    response = post(desk, "edit", DAY, "item-1", **sent(item(), text_zh="公司在筹资[1]。"))
    assert response.headers["Location"] == f"/desk/{DAY}/#b-item-1"
    assert item().text_zh == "公司在筹资[1]。"
    assert "Saved and read again: nothing is doubted in this block." in page(desk)


def test_what_is_refused_stands_beside_its_field_and_the_text_is_not_lost(desk: Client, issue: Issue) -> None:
    response = post(desk, "edit", DAY, "item-1", **sent(item(), text_en="New words [8]."))
    content = response.content.decode()
    assert response.status_code == 422
    assert "[8] is not an article of this issue" in content
    assert content.index("New words [8].") < content.index("[8] is not an article") < content.index("<legend lang")
    assert item().text_en == "It is raising money [1]."


def test_an_edit_after_approval_voids_it_and_the_strip_leads_back(desk: Client, issue: Issue, editor: User) -> None:
    digest = workflow.approve(issue, editor)
    post(desk, "edit", DAY, "item-1", **sent(item(), text_en="It is raising funds [1]."))
    content = page(desk)
    told = text_of(content)
    assert re.search(r"Approval voided by an edit at \d\d:\d\d by mei", told)
    assert f"{digest[:4]} {digest[4:8]}" in told
    now = workflow.content_hash(issue)
    assert f"{now[:4]} {now[4:8]}" in told
    assert "<del>money</del><ins>funds</ins>" in content
    post(desk, "undo", DAY, "item-1", revision=str(item().revisions.get().pk))
    assert "The text is again what was approved" in page(desk)
    assert workflow.content_hash(issue) == digest


def test_an_undo_of_what_was_approved_is_named_as_such(desk: Client, issue: Issue, editor: User) -> None:
    post(desk, "edit", DAY, "item-1", **sent(item(), text_en="It is raising funds [1]."))
    workflow.approve(issue, editor)
    post(desk, "undo", DAY, "item-1")
    assert re.search(r"Approval voided at \d\d:\d\d by mei, who undid an earlier edit", text_of(page(desk)))


def test_an_undo_button_takes_back_what_its_page_showed_and_nothing_newer(desk: Client, issue: Issue) -> None:
    editing.edit_block(item(), make.editor("lin"), {"text_en": "First [1]."})
    shown = item().revisions.get().pk
    editing.edit_block(item(), User.objects.get(username="lin"), {"text_en": "Second [1]."})
    post(desk, "undo", DAY, "item-1", revision=str(shown))
    assert "Someone changed the block again" in page(desk)
    assert item().text_en == "Second [1]."


def test_blocks_are_dropped_put_back_and_moved(desk: Client, issue: Issue) -> None:
    post(desk, "drop", DAY, "item-1")
    assert "Dropped: not in the mail" in page(desk)
    post(desk, "restore", DAY, "item-1")
    assert not item().dropped
    post(desk, "move", DAY, "item-1", direction="down")
    assert item("item-2").position < item().position


def test_a_finding_is_kept_with_a_reason_and_taken_back(desk: Client, issue: Issue) -> None:
    finding = doubt(item())
    refused = post(desk, "keep", DAY, finding.pk, because="")
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    kept = post(desk, "keep", DAY, finding.pk, because="forty is 40", vouched="on")
    assert kept.headers["Location"] == f"/desk/{DAY}/#s-item-1-1"
    assert "Accepted by mei: “forty is 40”" in page(desk)
    post(desk, "reopen", DAY, finding.pk)
    finding.refresh_from_db()
    assert finding.kept_by is None


def test_approval_shows_subjects_hash_and_readers_then_binds_them(desk: Client, issue: Issue, editor: User) -> None:
    make.reader("a@example.org")
    make.reader("b@example.org", state="left")
    told = text_of(page(desk, "approve"))
    assert issue.subject_en in told
    assert issue.subject_zh in told
    assert "1 reader, at the hour they chose" in told
    digest = workflow.content_hash(issue)
    assert f"{digest[:4]} {digest[4:8]}" in told
    make.tried(issue, editor)
    response = post(desk, "approve", DAY, seen=digest)
    assert response.headers["Location"] == f"/desk/{DAY}/"
    issue.refresh_from_db()
    assert (issue.state, issue.approved_by, issue.approved_hash) == ("approved", editor, digest)


def test_approval_lists_what_is_missing_and_cannot_be_forced(desk: Client, issue: Issue) -> None:
    doubt(item())
    assert "1 finding to settle" in page(desk, "approve")
    assert post(desk, "approve", DAY, seen=workflow.content_hash(issue)).status_code == 409
    issue.refresh_from_db()
    assert issue.state == "in_review"


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_approval_of_a_text_that_the_editor_has_not_seen_is_refused(desk: Client, issue: Issue, seen: str) -> None:
    response = post(desk, "approve", DAY, seen=seen)
    assert response.status_code == 409
    assert "has changed since you opened this page" in response.content.decode()


def test_a_test_goes_to_the_editor_alone(desk: Client, issue: Issue, editor: User, mailoutbox: list[Any]) -> None:
    make.reader("a@example.org")
    post(desk, "send_test", DAY)
    assert "no address to send a test to" in page(desk)
    User.objects.update(email="mei@example.org")
    post(desk, "send_test", DAY)
    assert [mail.to for mail in mailoutbox] == [["mei@example.org"]]
    assert mailoutbox[0].subject.startswith("[TEST] ")


def test_a_mail_that_cannot_be_rendered_leaves_the_desk_open(
    desk: Client, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.views.desk.preview_mail.sample", lambda *args: 1 / 0)
    assert "The mail can’t be rendered" in page(desk)
    assert desk.get(reverse("desk:preview_mail", args=[DAY])).status_code == 503


def test_a_change_is_offered_for_undo_once(desk: Client, issue: Issue, editor: User) -> None:
    workflow.approve(issue, editor)
    editing.edit_block(item(), editor, {"text_en": "First change [1]."})
    editing.edit_block(item("item-2"), editor, {"text_en": "Second change [1]."})

    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()
    offered = re.findall(r'/(item-\d)/undo/".*?name="revision" value="(\d+)"', content, re.DOTALL)

    newest = {key: str(item(key).revisions.first().pk) for key in ("item-1", "item-2")}  # type: ignore[union-attr]
    assert sorted(offered) == sorted(newest.items())
