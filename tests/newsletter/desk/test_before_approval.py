"""Before approval: who may, points let pass, test mails, two people."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Block, Issue, Newsletter, TrialGroup
from newsletter.review import checklist
from tests import factories as make
from tests.newsletter.desk.helpers import DAY, doubt, item, page, post, state, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]

GRAVE = ["hold", "unhold", "skip", "unskip", "send-now", "pause", "resume", "take-back", "send-on"]


def keep_group(client: Client, name: str, addresses: str) -> Any:
    return client.post(reverse("desk:trial_groups"), {"name": name, "addresses": addresses})


# ---- roles ------------------------------------------------------------------------------------------------


def test_a_writer_edits_and_may_not_let_anything_go(writer: Client, ready: Issue) -> None:
    content = page(writer, "approve")
    assert "Your role is to write: an approver approves it." in content
    assert "/go/" not in content
    assert "/waive/" not in content
    assert "/go/" not in writer.get(reverse("desk:today")).content.decode()
    asked: list[tuple[str, list[Any]]] = [
        ("approve", [DAY]),
        ("waive", [DAY, "trial"]),
        *(("go", [DAY, act]) for act in GRAVE),
    ]
    for name, args in asked:
        refused = writer.post(reverse(f"desk:{name}", args=args), {"seen": workflow.content_hash(ready)})
        assert refused.status_code == 403
        assert "may not approve, hold, skip, send or correct an issue" in refused.content.decode()
    assert state() == "in_review"
    assert post(writer, "drop", DAY, "item-2").status_code == 302
    assert Block.objects.get(key="item-2").dropped


def test_staff_without_a_role_look_and_change_nothing(client: Client, issue: Issue) -> None:
    client.force_login(make.editor("guest", role=""))
    assert client.get(reverse("desk:issue", args=[DAY])).status_code == 200
    refused = post(client, "drop", DAY, "item-2")
    assert refused.status_code == 403
    assert "may not change an issue" in refused.content.decode()


# ---- the checklist ----------------------------------------------------------------------------------------


def test_a_point_is_let_pass_with_a_reason_that_everybody_reads(desk: Client, issue: Issue) -> None:
    post(desk, "waive", DAY, "trial", because="no")
    assert "Say why this may pass" in page(desk, "approve")
    post(desk, "waive", DAY, "trial", because="The mail server is away")
    assert "mei lets it pass: “The mail server is away”" in text_of(page(desk, "approve"))
    Block.objects.filter(key="item-1").update(text_en="Another line [1].")
    assert "The mail server is away" not in page(desk, "approve"), "it held for that text alone"


def test_what_can_only_be_mended_is_not_let_pass(desk: Client, issue: Issue) -> None:
    doubt(item())
    post(desk, "waive", DAY, "findings", because="They are all fine")
    assert "this can only be mended" in page(desk, "approve")
    assert not issue.waivers.exists()


def test_letting_pass_can_be_taken_back(desk: Client, issue: Issue) -> None:
    post(desk, "waive", DAY, "trial", because="The mail server is away")
    post(desk, "waive", DAY, "trial", undo="1")
    assert not issue.waivers.exists()


def test_links_are_asked_at_a_press_and_the_page_shows_how_far_it_is(
    desk: Client, issue: Issue, settings: Any
) -> None:
    settings.EXAMPLE_ADDRESS_PASSES = True
    assert "0 of 1 asked" in text_of(page(desk, "approve"))
    part = desk.post(reverse("desk:ask_links", args=[DAY]), headers={"HX-Request": "true"}).content.decode()
    assert "1 of 1 asked" in text_of(part)
    assert "<html" not in part
    assert post(desk, "ask_links", DAY).headers["Location"].endswith("/approve/#links")


# ---- test mails -------------------------------------------------------------------------------------------


def test_a_test_goes_to_a_group_in_the_languages_ticked(
    desk: Client, issue: Issue, mailoutbox: list[Any], editor: User
) -> None:
    keep_group(desk, "Big ones", "a@gmail.example\nb@qq.example, a@gmail.example")
    group = TrialGroup.objects.get()
    assert group.addresses.split() == ["a@gmail.example", "b@qq.example"]
    sent = {"group": group.pk, "language": ["en", "zh"], "from": "approve"}
    assert post(desk, "send_test", DAY, **sent).headers["Location"].endswith("/approve/#trial")
    assert [mail.to for mail in mailoutbox] == [["a@gmail.example"], ["b@qq.example"]] * 2
    assert all(mail.subject.startswith("[TEST] ") for mail in mailoutbox)
    assert [mail.subject for mail in mailoutbox][::2] == [f"[TEST] {issue.subject_en}", f"[TEST] {issue.subject_zh}"]
    rows = issue.trial_mails.all()
    assert {(row.group, row.by, row.content_hash) for row in rows} == {
        ("Big ones", editor, workflow.content_hash(issue))
    }
    assert "4 tests are on their way." in page(desk, "approve")


def test_a_test_that_is_not_taken_says_so_and_settles_nothing(
    desk: Client, issue: Issue, settings: Any, editor: User
) -> None:
    User.objects.update(email="mei@paper.example")
    settings.EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    post(desk, "send_test", DAY)
    content = page(desk, "approve")
    assert "could not be sent" in content
    assert "not taken" in content
    assert "No test mail of this text" in content


def test_a_test_of_an_earlier_text_is_no_test_of_this_one(desk: Client, ready: Issue) -> None:
    assert "Test mail sent" in page(desk, "approve")
    Block.objects.filter(key="item-1").update(text_en="Another line [1].")
    content = page(desk, "approve")
    assert "Changed since the last test mail" in content
    assert "of an earlier text" in content


@pytest.mark.parametrize("addresses", ["nobody", "a@b.example, @c", "x@y.example\n" * 3 + "z"])
def test_a_group_of_what_are_no_addresses_is_refused(desk: Client, issue: Issue, addresses: str) -> None:
    refused = keep_group(desk, "Wrong", addresses)
    assert refused.status_code == 409
    assert "is no address" in refused.content.decode()


# ---- two people -------------------------------------------------------------------------------------------


def test_where_two_people_approve_the_first_is_recorded_and_the_second_lets_it_go(
    desk: Client, second: Client, ready: Issue
) -> None:
    Newsletter.objects.update(second_approver=True)
    digest = workflow.content_hash(ready)
    post(desk, "approve", DAY, seen=digest)
    assert state() == "in_review"
    content = text_of(page(desk, "approve"))
    assert "You have approved it. Somebody else has to, as well." in content
    assert "by mei" in content
    post(desk, "approve", DAY, seen=digest)
    assert state() == "in_review", "one person counts once"
    post(second, "approve", DAY, seen=digest)
    assert state() == "approved"


def test_an_edit_between_the_two_voids_the_first(desk: Client, second: Client, ready: Issue) -> None:
    Newsletter.objects.update(second_approver=True)
    post(desk, "approve", DAY, seen=workflow.content_hash(ready))
    post(second, "drop", DAY, "item-2")
    ready.refresh_from_db()
    make.tried(ready, User.objects.get(username="mei"))
    post(second, "approve", DAY, seen=workflow.content_hash(ready))
    assert state() == "in_review"
    first, later = ready.approvals.all()
    assert first.voided_at is not None
    assert later.voided_at is None


def test_what_was_let_pass_is_marked_so_in_the_issues_own_bar(desk: Client, ready: Issue, editor: User) -> None:
    ready.link_checks.update(outcome="broken", status=404)
    (point,) = [each for each in checklist.before_approval(ready, mail_bytes=1, rendered=True) if each.slug == "links"]
    ready.waivers.create(point="links", state=point.waives, by=editor, because="It moved", at=timezone.now())
    assert "(let pass) It moved" in text_of(page(desk))
