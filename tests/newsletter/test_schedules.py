"""What the rows say is due, hour by hour."""

import datetime as dt

import pytest
from django.utils import timezone
from django_q.models import Schedule
from pytest_django import Settings

from newsletter import schedules
from newsletter.models import Delivery, Edition, Issue, Source
from tests import factories

pytestmark = pytest.mark.django_db

DAY = factories.DAY


def at(clock: str, date: dt.date = DAY) -> dt.datetime:
    return factories.newsletter().moment(date, dt.time.fromisoformat(clock))


def jobs(now: dt.datetime) -> list[str]:
    return [job[0] for job in schedules.due(factories.newsletter(), now)]


def test_a_source_is_visited_when_its_turn_comes() -> None:
    source = factories.source(next_visit_at=at("05:00"))
    assert jobs(at("04:59")) == []
    assert jobs(at("05:00")) == ["gather"]
    Source.objects.filter(pk=source.pk).update(active=False)
    assert jobs(at("05:00")) == []


def test_new_articles_are_ranked_for_the_coming_issue() -> None:
    source = factories.source(next_visit_at=at("23:59"))
    factories.article("新模型发布", by=source, at=at("07:00"))
    tomorrow = DAY + dt.timedelta(days=1)
    assert ("rank", factories.newsletter().pk, tomorrow) in schedules.due(factories.newsletter(), at("07:30"))


def test_the_draft_is_composed_once_after_the_draft_hour() -> None:
    assert "compose" not in jobs(at("05:59"))
    assert "compose" in jobs(at("06:00"))
    issue = factories.issue(composed_at=at("06:01"))
    assert jobs(at("06:02")) == ["check"]
    Issue.objects.filter(pk=issue.pk).update(checked_at=at("06:03"), state="in_review")
    assert jobs(at("06:04")) == []


def test_an_unapproved_issue_is_held_at_the_send_hour() -> None:
    factories.issue(composed_at=at("06:01"), checked_at=at("06:02"), state="in_review")
    assert jobs(at("07:59")) == []
    assert jobs(at("08:00")) == ["deadline"]


def test_an_approved_issue_leaves_at_the_send_hour_and_goes_on_until_sent() -> None:
    issue = factories.issue(composed_at=at("06:01"), checked_at=at("06:02"), state="approved")
    assert jobs(at("08:00")) == [], "nobody is to get it"
    factories.reader("ana@reader.example")
    assert jobs(at("07:59")) == []
    assert jobs(at("08:00")) == ["deliver"]
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    assert jobs(at("20:00")) == ["deliver"]
    Issue.objects.filter(pk=issue.pk).update(state="sent")
    assert jobs(at("20:01")) == []


def test_where_much_is_due_several_tasks_send_it(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.SENDERS = 3
    monkeypatch.setattr(schedules, "MANY", 1)
    issue = factories.issue(composed_at=at("06:01"), checked_at=at("06:02"), state="sending")
    edition = Edition.objects.create(issue=issue, choices={}, mime=b"", size=0, frozen_at=at("08:00"))

    def due(number: int) -> list[tuple[object, ...]]:
        reader = factories.reader(f"r{number}@reader.example")
        Delivery.objects.create(issue=issue, reader=reader, edition=edition, due_at=at("08:00"))
        return [job for job in schedules.due(factories.newsletter(), at("08:01")) if job[0] == "deliver"]

    assert due(1) == [("deliver", issue.pk)]
    assert due(2) == [("deliver", issue.pk), ("deliver", issue.pk, 2), ("deliver", issue.pk, 3)]


def test_a_stale_approved_issue_does_not_leave_by_itself_after_downtime() -> None:
    factories.issue(composed_at=at("06:01"), checked_at=at("06:02"), state="approved")
    assert "deliver" not in jobs(at("09:00", DAY + dt.timedelta(days=2)))


def test_there_is_one_tick_however_often_it_is_installed() -> None:
    Schedule.objects.create(name="tick", func="an.older.one", schedule_type=Schedule.HOURLY)
    schedules.install()
    schedules.install()
    tick = Schedule.objects.get(name="tick")
    assert (tick.func, tick.minutes, tick.repeats) == (schedules.TICK, 1, -1)


def test_a_tick_puts_every_due_job_on_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[tuple[object, ...]] = []
    monkeypatch.setattr(schedules, "async_task", lambda *job: queued.append(job))
    factories.source(next_visit_at=timezone.now())
    schedules.tick()
    assert ("newsletter.tasks.gather", factories.newsletter().pk) in queued
