"""What stands in rows before the first mail leaves."""

import datetime as dt
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from newsletter import workflow
from newsletter.deliver import editions, recipients
from newsletter.deliver.editions import NobodyError
from newsletter.models import Delivery, Edition, Issue, IssueState
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import approved_issue, deliver, quiet
from tests.newsletter.deliver.sink import Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]


def test_without_a_reader_the_issue_waits_and_says_what_to_do(sink: Sink) -> None:
    issue = approved_issue()
    with pytest.raises(NobodyError, match="import_readers"):
        deliver(issue)
    issue.refresh_from_db()
    assert issue.state == IssueState.APPROVED
    assert not Edition.objects.exists()
    assert not Delivery.objects.exists()

    make.reader("ana@a.example")
    assert deliver(issue)["accepted"] == 1


class Crash(BaseException):
    """As if the process were killed."""


def in_three_languages() -> None:
    for language in ("en", "zh", "both"):
        make.reader(f"{language}@a.example", language=language)


def crashing_after(editions_printed: int) -> Callable[[str, int, int], None]:
    def progress(what: str, done: int, total: int) -> None:
        if what == "editions" and done == editions_printed:
            raise Crash

    return progress


def test_a_crash_while_editions_are_printed_leaves_the_issue_approved_and_the_next_run_goes_on(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "AT_ONCE", 1)
    in_three_languages()
    issue = approved_issue()
    with pytest.raises(Crash):
        editions.freeze(issue, crashing_after(3))
    issue.refresh_from_db()
    assert issue.state == IssueState.APPROVED
    assert not Delivery.objects.exists()
    first = dict(Edition.objects.values_list("pk", "choices__language"))
    assert len(first) == 2

    printed: list[str] = []
    real = editions.render

    def noted(of: Issue, choices: dict[str, str]) -> editions.Frozen:
        printed.append(choices["language"])
        return real(of, choices)

    monkeypatch.setattr(editions, "render", noted)
    assert deliver(issue)["accepted"] == 3
    assert sorted([*printed, *first.values()]) == ["both", "en", "zh"], "none twice"
    assert set(Edition.objects.values_list("pk", flat=True)) > set(first)
    subjects = {mail.recipient: mail.parsed["Subject"] for mail in sink.mails}
    assert subjects["zh@a.example"] == issue.subject_zh
    assert subjects["en@a.example"] == issue.subject_en


def test_what_was_printed_for_an_earlier_approval_is_printed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail says who approved it and when."""
    monkeypatch.setattr(editions, "AT_ONCE", 1)
    in_three_languages()
    issue = approved_issue()
    with pytest.raises(Crash):
        editions.freeze(issue, crashing_after(3))
    before = set(Edition.objects.values_list("pk", flat=True))
    Issue.objects.update(approved_at=timezone.now())
    issue.refresh_from_db()

    editions.freeze(issue, quiet)
    assert not before & set(Edition.objects.values_list("pk", flat=True))
    assert Edition.objects.count() == Delivery.objects.count() == 3


def test_only_some_editions_are_in_memory_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "AT_ONCE", 2)
    for number in range(7):
        make.reader(f"r{number}@a.example", topics=[f"t{number}"])
    alive: list[weakref.ref[editions.Frozen]] = []
    most = 0
    real = editions.render

    def watched(of: Issue, choices: dict[str, object]) -> editions.Frozen:
        nonlocal most
        made = real(of, choices)
        alive.append(weakref.ref(made))
        most = max(most, sum(each() is not None for each in alive))
        return made

    monkeypatch.setattr(editions, "render", watched)
    editions.freeze(approved_issue(), quiet)
    assert Edition.objects.count() == 7
    assert most <= 2


def test_where_all_leave_while_it_is_printed_the_issue_stays_approved() -> None:
    make.reader("ana@a.example")
    issue = approved_issue()

    def leave(*_: object) -> None:
        Subscriber.objects.update(state="left")

    with pytest.raises(NobodyError):
        editions.freeze(issue, leave)
    issue.refresh_from_db()
    assert issue.state == IssueState.APPROVED


def test_who_chooses_another_hour_while_rows_are_written_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    bo = make.reader("bo@a.example")
    issue = approved_issue()
    real, calls = recipients.insert, list[object]()

    def chosen_meanwhile(*args: Any, **options: Any) -> int:
        if not calls:
            Subscriber.objects.filter(pk=bo.pk).update(zone="Europe/Berlin", send_at="20:30")
        calls.append(args)
        return real(*args, **options)

    monkeypatch.setattr(recipients, "insert", chosen_meanwhile)
    editions.freeze(issue, quiet)
    due = dict(Delivery.objects.values_list("reader__email", "due_at"))
    assert due["bo@a.example"] == dt.datetime(2026, 5, 7, 18, 30, tzinfo=dt.UTC)
    assert len(due) == 2


class Beside:
    """Another run over the same issue, which freezes it whole at the moment it is called."""

    def __init__(self, issue: Issue) -> None:
        self.issue, self.is_done = Issue.objects.get(pk=issue.pk), False

    def __call__(self, *_: object) -> None:
        if not self.is_done:
            self.is_done = True
            editions.freeze(self.issue, lambda *_: None)


Moment = Callable[[Beside, pytest.MonkeyPatch], Callable[..., None]]


def before_it_begins(beside: Beside, _: pytest.MonkeyPatch) -> Callable[..., None]:
    beside()
    return beside


def once_it_knows_of_the_approval(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    asked = workflow.require_approval

    def and_then(issue: Issue) -> None:
        asked(issue)
        beside()

    monkeypatch.setattr(workflow, "require_approval", and_then)
    return beside


def while_it_prints(beside: Beside, _: pytest.MonkeyPatch) -> Callable[..., None]:
    return beside


@pytest.mark.parametrize("moment", [before_it_begins, once_it_knows_of_the_approval, while_it_prints])
def test_a_run_beside_it_may_freeze_the_issue_at_any_moment(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    beside = Beside(issue)
    progress = moment(beside, monkeypatch)

    editions.freeze(issue, progress)

    assert beside.is_done
    assert issue.state == IssueState.SENDING
    assert Edition.objects.count() == Delivery.objects.count() == 1
