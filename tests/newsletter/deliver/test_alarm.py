"""Operators are told once that an issue stopped by itself; again only where nobody was reached."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from newsletter import schedules, tasks, workflow
from newsletter.deliver import alarm, pausing
from newsletter.models import Issue, Pause, PauseReason
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def stopped(settings: Settings) -> Issue:
    settings.ADMINS = [("", "ops@paper.example"), ("", "lin@paper.example")]
    make.editor("lin", email="lin@paper.example")
    make.editor("writer", role="writer", email="writer@paper.example")
    issue = make.issue(state="sending", number=128)
    pausing.pause(issue, "550 5.7.1 not authenticated", reason=PauseReason.NOT_TAKEN)
    return issue


def test_approvers_and_admins_are_told_once(stopped: Issue, mailoutbox: list[Any]) -> None:
    assert ("tell_of_stops", stopped.newsletter.pk) in list(schedules.due(stopped.newsletter, NOW))
    tasks.tell_of_stops(stopped.newsletter.pk)
    tasks.tell_of_stops(stopped.newsletter.pk)
    assert [mail.to for mail in mailoutbox] == [["lin@paper.example"], ["ops@paper.example"]]
    assert ("tell_of_stops", stopped.newsletter.pk) not in list(schedules.due(stopped.newsletter, NOW))


def test_the_mail_says_what_happened_and_what_to_do_and_where(stopped: Issue, mailoutbox: list[Any]) -> None:
    alarm.send_due(stopped.newsletter, timezone.now())
    mail = mailoutbox[0]
    assert "No. 128 stopped going out" in mail.subject
    assert "550 5.7.1 not authenticated" in mail.body
    assert "SPF, DKIM and DMARC" in mail.body
    assert f"/desk/sending/{stopped.pk}/" in mail.body
    assert mail.body.count("/desk/sending/") == 2, "in either language"
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


def test_where_no_server_takes_the_mail_it_is_tried_again_later(
    stopped: Issue, settings: Settings, mailoutbox: list[Any]
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert alarm.send_due(stopped.newsletter, NOW) == 0
    settings.EMAIL_BACKEND = working
    assert alarm.send_due(stopped.newsletter, NOW) == 0, "another may be telling just now"
    assert alarm.send_due(stopped.newsletter, NOW + alarm.AGAIN) == 2
    assert Pause.objects.get().told_at is not None


def test_nobody_is_told_of_a_persons_own_pause(settings: Settings, mailoutbox: list[Any]) -> None:
    settings.ADMINS = [("", "ops@paper.example")]
    issue = make.issue(state="sending")
    pausing.pause(issue, "a look at the logs")
    assert alarm.send_due(issue.newsletter, NOW) == 0
    assert not mailoutbox


def test_a_second_stop_is_told_of_anew(stopped: Issue, mailoutbox: list[Any]) -> None:
    alarm.send_due(stopped.newsletter, NOW)
    pausing.resume(stopped)
    pausing.pause(stopped, "3/800", reason=PauseReason.COMPLAINTS)
    alarm.send_due(stopped.newsletter, NOW)
    assert len(mailoutbox) == 4
    assert "3 of 800 readers called it spam" in mailoutbox[-1].body


def test_what_is_taken_back_or_over_is_not_paused_any_more(stopped: Issue) -> None:
    workflow.finish_sending(stopped)
    assert not Pause.objects.exists()
