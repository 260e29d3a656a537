"""Correcting an issue that readers have, at the desk and in the archive."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsletter.models import Correction, Issue
from newsletter.review import corrections
from tests import factories as make

pytestmark = pytest.mark.django_db

RIGHT = {
    **{"title_en": "Qinghe raises", "title_zh": "青禾融资"},
    **{"text_en": "It raised nothing [1].", "text_zh": "公司没有融资[1]。"},
    **{"note_en": "It has not raised money yet.", "note_zh": "公司尚未融资。"},
}


@pytest.fixture
def sent(issue: Issue) -> Issue:
    Issue.objects.filter(pk=issue.pk).update(state="sent")
    issue.refresh_from_db()
    return issue


def test_the_archive_shows_the_right_text_the_note_and_how_it_was(sent: Issue, editor: User, client: Client) -> None:
    analysis = make.block(
        sent, "analysis", "analysis", text_en="It is raising money [1].", text_zh="公司正在融资[1]。"
    )
    for block in (sent.blocks.get(key="item-1"), analysis):
        corrections.correct(block, editor, {name: text for name, text in RIGHT.items() if name[:5] != "title"})
    text = client.get(f"/both/issues/{sent.date}/").content.decode()
    news, _, told = text.partition('id="corrections"')
    assert news.count("It has not raised money yet.") == told.count("It has not raised money yet.") == 2
    assert re.search(r"Correction, \d+ \w+ 20\d\d: It has not", news)
    assert re.search(r"更正（20\d\d年\d+月\d+日）|Correction, 20\d\d年\d+月\d+日: 公司尚未融资", news)
    assert "raised nothing" in news
    assert news.count("It is raising money") == 1  # the other item has the same words, and was not corrected
    assert told.count("It is raising money") == 2
    assert "公司正在" in told
    assert "corrected since it was sent" in news


def test_the_home_page_shows_the_right_text_too(sent: Issue, editor: User, client: Client) -> None:
    corrections.correct(sent.blocks.get(key="item-1"), editor, RIGHT)
    assert "raised nothing" in client.get("/en/").content.decode()


def test_what_readers_see_is_corrected_by_approvers_alone(sent: Issue, desk: Client, writer: Client) -> None:
    """It stands in the archive at once, with nobody's approval after it."""
    address = f"/desk/{sent.date}/blocks/item-1/correct/"
    for answer in (writer.get(address), writer.post(address, RIGHT)):
        assert answer.status_code == 403
        assert "may not approve, hold, skip, send or correct" in answer.content.decode()
    assert not Correction.objects.exists()
    offered = [address in each.get(f"/desk/{sent.date}/").content.decode() for each in (desk, writer)]
    assert offered == [True, False]


def test_an_editor_corrects_a_block_and_sees_who_would_be_told(sent: Issue, desk: Client) -> None:
    page = desk.get(f"/desk/{sent.date}/blocks/item-1/correct/")
    version = re.search(r'name="version" value="(\w+)"', page.content.decode())
    assert version
    answer = desk.post(f"/desk/{sent.date}/blocks/item-1/correct/", {**RIGHT, "version": version[1]})
    found = Correction.objects.get()
    assert answer.headers["Location"] == f"/desk/corrections/{found.pk}/"
    shown = desk.get(answer.headers["Location"]).content.decode()
    assert "<del>is raising money</del>" in shown or "<del>" in shown
    assert "No reader" in shown or "0 readers" in shown


def test_what_is_missing_is_said_beside_its_field(sent: Issue, desk: Client) -> None:
    answer = desk.post(f"/desk/{sent.date}/blocks/item-1/correct/", {**RIGHT, "note_zh": ""})
    assert answer.status_code == 422
    assert "Say what was wrong" in answer.content.decode()
    assert not Correction.objects.exists()


def test_two_who_correct_at_once_are_told(sent: Issue, desk: Client, editor: User) -> None:
    corrections.correct(sent.blocks.get(key="item-1"), editor, RIGHT)
    answer = desk.post(
        f"/desk/{sent.date}/blocks/item-1/correct/", {**RIGHT, "text_en": "Other [1].", "version": "stale"}
    )
    assert answer.status_code == 409
    assert "It raised nothing [1]." in answer.content.decode()


def test_before_it_is_sent_there_is_nothing_to_correct(issue: Issue, desk: Client) -> None:
    assert desk.get(f"/desk/{issue.date}/blocks/item-1/correct/").status_code == 409


def test_a_correction_is_listed_as_one_and_never_taken_for_the_day_s_issue(
    sent: Issue, desk: Client, editor: User
) -> None:
    found = corrections.correct(sent.blocks.get(key="item-1"), editor, RIGHT)
    mail = corrections.write_mail(found, editor)
    Issue.objects.filter(pk=mail.pk).update(state="sent")
    listed = desk.get("/desk/issues/").content.decode()
    assert f'href="/desk/corrections/{found.pk}/"' in listed
    assert f'href="/desk/{sent.date}/"' in listed
    assert desk.get(f"/en/issues/{mail.date}/").status_code == 404
