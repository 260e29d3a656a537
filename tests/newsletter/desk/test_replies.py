"""The inbox of the desk: what readers answered, read as text, worked off, found again."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsletter.models import Issue, Reply
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 2, 0, tzinfo=dt.UTC)


def reply(n: int = 1, **fields: Any) -> Reply:
    defaults = {
        **{"received_at": NOW + dt.timedelta(minutes=n), "fingerprint": f"{n:064d}", "sender": f"ana{n}@a.example"},
        **{"sender_key": f"ana{n}@a.example", "sender_name": "Ana", "subject": "Re: Rules", "text": "Thank you."},
    }
    return Reply.objects.create(**{**defaults, **fields})


def test_the_inbox_lists_what_waits_newest_first_and_says_how_long_it_is_kept(desk: Client) -> None:
    reply(1, subject="First")
    reply(2, subject="Second")
    reply(3, subject="Third", done_at=NOW)
    text = desk.get("/desk/replies/").content.decode()
    assert text.index("Second") < text.index("First")
    assert "Third" not in text
    assert "180 days" in text


def test_an_answer_is_shown_as_text_and_nothing_in_it_acts(desk: Client, issue: Issue) -> None:
    hostile = '<script>alert(1)</script><img src="https://evil.example/x.png"> https://evil.example/'
    found = reply(
        text=hostile, subject="<b>x</b>", issue=issue, attachments=[{"name": "<i>a.exe", "type": "x/y", "size": 9}]
    )
    answer = desk.get(f"/desk/replies/{found.pk}/")
    text = answer.content.decode()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert 'href="https://evil' not in text
    assert "&lt;i&gt;a.exe" in text
    assert f'href="/desk/{issue.date}/"' in text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_done_and_back_again_by_whom(desk: Client) -> None:
    found = reply()
    desk.post(f"/desk/replies/{found.pk}/done/", {"done": "1"})
    found.refresh_from_db()
    assert found.done_by
    assert found.done_by.get_username() == "mei"
    assert "Thank you." in desk.get("/desk/replies/?show=done").content.decode()
    desk.post(f"/desk/replies/{found.pk}/done/", {"done": "0"})
    found.refresh_from_db()
    assert found.done_at is None
    assert found.done_by_id is None


def test_a_get_changes_nothing(desk: Client) -> None:
    found = reply()
    assert desk.get(f"/desk/replies/{found.pk}/done/").status_code == 405
    desk.get(f"/desk/replies/{found.pk}/")
    found.refresh_from_db()
    assert found.done_at is None


def test_words_senders_and_subjects_are_found(desk: Client) -> None:
    reply(1, text="about chips")
    reply(2, text="about robots", sender="bo@b.example")
    for sought, there, gone in (("CHIPS", "ana1", "bo@"), ("bo@b", "robots", "chips")):
        text = desk.get("/desk/replies/", {"q": sought}).content.decode()
        assert there in text or sought.lower() in text
        assert gone not in text.partition("<ol")[2]
    assert "Nothing with" in desk.get("/desk/replies/", {"q": "zzz"}).content.decode()


def test_an_empty_inbox_says_what_it_is_for(desk: Client) -> None:
    assert "Nothing waits" in desk.get("/desk/replies/").content.decode()


def test_hundreds_of_answers_come_in_pages_with_few_queries(desk: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(120):
        reply(n)
    with django_assert_max_num_queries(14):
        text = desk.get("/desk/replies/?page=2").content.decode()
    assert "Page 2 of 3" in text


def test_it_can_be_deleted(desk: Client) -> None:
    found = reply()
    desk.post(f"/desk/replies/{found.pk}/delete/")
    assert not Reply.objects.exists()


def test_strangers_see_nothing(client: Client) -> None:
    found = reply(reader=make.reader("ana@a.example"))
    assert client.get("/desk/replies/").status_code == 302
    assert client.get(f"/desk/replies/{found.pk}/").status_code == 302


def test_who_has_no_role_at_the_desk_sees_no_letters(client: Client) -> None:
    """An account that is staff for the admin's sake alone: letters are personal data."""
    found = reply(reader=make.reader("ana@a.example"))
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get("/desk/replies/").status_code == 403
    assert client.get(f"/desk/replies/{found.pk}/").status_code == 403
    assert "/desk/replies/" not in client.get("/desk/").content.decode()
