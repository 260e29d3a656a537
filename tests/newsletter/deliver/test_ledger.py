"""A whole run, twice, half, beside itself and after a crash: nobody gets two, nobody is lost, nothing is left open."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone
from pytest_django import Settings

from newsletter.deliver import claims, editions, pausing
from newsletter.deliver.addressing import Reader, Readers
from newsletter.deliver.ledger import StoppedError
from newsletter.deliver.session import UnreachableError
from newsletter.models import Delivery, Edition, Issue, IssueState
from newsletter.workflow import WorkflowError
from subscribers.models import State, Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, deliver, frozen, row, states
from tests.newsletter.deliver.sink import DROP, Sink

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("small_templates"),
    pytest.mark.urls("tests.newsletter.deliver.reader_urls"),
]
MINUTE = dt.timedelta(minutes=1)


# ---- a whole run ---------------------------------------------------------------------------------------------


def test_every_reader_gets_one_mail_and_the_issue_is_sent(sink: Sink) -> None:
    for name, language in (("ana", "en"), ("bo", "zh"), ("cy", "both"), ("di", "en")):
        make.reader(f"{name}@a.example", language=language)
    issue = approved_issue()

    assert deliver(issue) == {"recipients": 4, "due": 4, "accepted": 4}
    assert sink.recipients == ["ana@a.example", "bo@a.example", "cy@a.example", "di@a.example"]
    assert sink.sessions == 1, "one connection for all"
    assert Edition.objects.count() == 3, "rendered once for each set of choices"
    assert issue.state == IssueState.SENT
    assert row().reply == "250 2.0.0 OK"


def test_a_second_run_sends_nothing(sink: Sink) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    deliver(issue)

    assert deliver(issue) == {"recipients": 1}
    assert len(sink.mails) == 1


def test_readers_are_frozen_with_the_issue_and_a_later_one_waits_for_the_next(sink: Sink) -> None:
    make.reader("ana@a.example")
    issue = frozen(approved_issue())
    make.reader("late@a.example")

    assert deliver(issue) == {"recipients": 1, "due": 1, "accepted": 1}


def test_readers_whose_hour_has_not_come_wait_for_a_later_run(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example", zone="Europe/Berlin", send_at=dt.time(7, 0))  # 13:00 in Shanghai
    issue = approved_issue()

    assert deliver(issue) == {"recipients": 2, "due": 1, "accepted": 1, "waiting": 1}
    assert issue.state == IssueState.SENDING
    assert deliver(issue, NINE + 4 * 60 * MINUTE) == {"recipients": 2, "due": 1, "accepted": 1}
    assert issue.state == IssueState.SENT


# ---- only what was approved ----------------------------------------------------------------------------------


def test_an_issue_in_review_is_not_sent(sink: Sink) -> None:
    make.reader("ana@a.example")
    issue = make.issue(state="in_review")

    with pytest.raises(WorkflowError, match="in_review"):
        deliver(issue)
    assert not Delivery.objects.exists()
    assert not sink.mails


def test_content_edited_after_approval_is_not_sent(sink: Sink) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    issue.blocks.update(text_en="They don’t.")

    with pytest.raises(WorkflowError, match="not what was approved"):
        deliver(issue)
    assert not Edition.objects.exists()
    assert not sink.mails


def test_an_edit_taken_back_while_editions_are_made_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    make.reader("ana@a.example")
    issue = approved_issue()
    real = editions.render

    def edited_meanwhile(*args: object) -> object:
        # edited, undone and approved again: the same hash, but what was rendered in between may be something else
        Issue.objects.filter(pk=issue.pk).update(approved_at=timezone.now())
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(editions, "render", edited_meanwhile)
    with pytest.raises(WorkflowError, match="approved anew"):
        deliver(issue)
    issue.refresh_from_db()
    assert issue.state == IssueState.APPROVED
    assert not Edition.objects.exists()


def test_a_reader_who_chooses_anew_while_editions_are_made_gets_the_new_choice(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = make.reader("ana@a.example", language="en")
    issue = approved_issue()
    real = editions.render
    calls: list[object] = []

    def chosen_meanwhile(*args: object) -> object:
        if not calls:
            other = make.reader("other@a.example", language="zh", state="left")
            Subscriber.objects.filter(pk=ana.pk).update(language="zh", choices_hash=other.choices_hash)
        calls.append(args)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(editions, "render", chosen_meanwhile)
    assert deliver(issue)["accepted"] == 1
    assert sink.to("ana@a.example").parsed["Subject"] == issue.subject_zh


# ---- what servers answer -------------------------------------------------------------------------------------


def test_a_temporary_refusal_is_tried_again_later(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    sink.at_recipient["ana@a.example"] = ["451 4.7.1 greylisted, come back"]
    issue = approved_issue()

    assert deliver(issue) == {"recipients": 2, "due": 2, "accepted": 1, "deferred": 1, "waiting": 1}
    assert row().reply == "451 4.7.1 greylisted, come back"
    assert deliver(issue, NINE + 4 * MINUTE) == {"recipients": 2, "waiting": 1}
    assert deliver(issue, NINE + 6 * MINUTE) == {"recipients": 2, "due": 1, "accepted": 1}
    assert issue.state == IssueState.SENT
    assert sink.recipients == ["ana@a.example", "bo@a.example"]


def test_a_mail_put_off_too_often_is_given_up(sink: Sink) -> None:
    make.reader("ana@a.example")
    sink.at_data["ana@a.example"] = ["452 4.2.2 mailbox full"] * 20
    issue = approved_issue()

    now = NINE
    for minutes in claims.WAITS[:-1]:
        assert deliver(issue, now)["deferred"] == 1
        now += (minutes + 1) * MINUTE
    assert deliver(issue, now)["refused"] == 1, "the next try would come after its day"
    assert row().reply == "given up after 8 attempts, its day being over: 452 4.2.2 mailbox full"
    assert issue.state == IssueState.SENT


def test_a_refusal_is_final(sink: Sink) -> None:
    make.reader("ana@a.example")
    sink.at_recipient["ana@a.example"] = ["550 5.1.1 no such user"]
    issue = approved_issue()

    assert deliver(issue) == {"recipients": 1, "due": 1, "refused": 1}
    assert row().reply == "550 5.1.1 no such user"
    assert deliver(issue, NINE + 600 * MINUTE) == {"recipients": 1}


@pytest.mark.parametrize("words", ["550 5.1.1 no \0such user", "250 2.0.0 \0"])
def test_an_answer_with_bytes_that_no_database_takes_is_an_answer(sink: Sink, words: str) -> None:
    """PostgreSQL takes no NUL: the outcomes of the whole batch could never be written down."""
    make.reader("ana@a.example")
    sink.at_data["ana@a.example"] = [words]
    issue = approved_issue()

    deliver(issue)
    assert row().reply == words.replace("\0", "").strip()
    assert issue.state == IssueState.SENT


def test_the_mail_after_a_refusal_goes_over_the_same_line(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    sink.at_data["ana@a.example"] = ["554 5.6.0 not like this"]

    assert deliver(approved_issue()) == {"recipients": 2, "due": 2, "accepted": 1, "refused": 1}
    assert sink.sessions == 1


def test_a_policy_refusal_is_our_own_fault_and_stops_the_run(sink: Sink) -> None:
    for name in ("ana", "bo", "cy"):
        make.reader(f"{name}@a.example")
    sink.at_data["ana@a.example"] = ["550 5.7.26 unauthenticated mail is not accepted"]
    issue = approved_issue()

    with pytest.raises(StoppedError, match=r"5\.7\.26 unauthenticated.*sending --resume"):
        deliver(issue)
    assert states() == {"ana@a.example": "deferred", "bo@a.example": "queued", "cy@a.example": "queued"}
    assert deliver(issue, NINE + 6 * MINUTE) == {"recipients": 3, "waiting": 3}, "nor does the next tick try it"
    pausing.resume(issue)
    Delivery.objects.update(expires_at=timezone.now() + 60 * MINUTE)  # it is still its day
    assert deliver(issue, timezone.now())["accepted"] == 3, "once mended, all get it"


def test_three_refusals_in_a_row_that_blame_us_in_words_stop_the_run(sink: Sink) -> None:
    """Else all readers are refused, and the issue is over before anybody knows."""
    said = "554 Message rejected: Email address is not verified"
    for name in "abcdefgh":
        make.reader(f"{name}@{name}.example")
    for name in "abdef":
        sink.at_data[f"{name}@{name}.example"] = [said]

    with pytest.raises(StoppedError, match=r"not verified.*sending --resume"):
        deliver(approved_issue())
    assert states()["c@c.example"] == "accepted", "it was no row yet"
    assert Counter(states().values()) == {"refused": 5, "accepted": 1, "queued": 2}


def test_a_domain_that_alone_wants_nothing_of_us_stops_nobody_elses_mails(sink: Sink) -> None:
    """Where its readers were brought in one after the other, or are all tried again."""
    for name in ("a@a", "b@b", "c@b", "d@b", "e@b", "f@a"):
        make.reader(f"{name}.example")
    for name in "bcde":
        sink.at_data[f"{name}@b.example"] = ["554 5.0.0 blocked by policy"]

    assert deliver(approved_issue()) == {"recipients": 6, "due": 6, "accepted": 2, "refused": 4}


def test_a_list_of_one_domain_that_wants_nothing_of_us_is_not_refused_reader_by_reader(sink: Sink) -> None:
    for name in "abcde":
        make.reader(f"{name}@a.example")
        sink.at_data[f"{name}@a.example"] = ["554 5.0.0 blocked by policy"]

    with pytest.raises(StoppedError):
        deliver(approved_issue())
    assert Counter(states().values()) == {"refused": 3, "queued": 2}


def test_a_refused_sender_stops_the_run(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    sink.at_mail = ["553 not your domain"]

    with pytest.raises(StoppedError, match="not your domain"):
        deliver(approved_issue())
    assert "refused" not in states().values()


def test_a_line_that_falls_before_the_message_loses_nothing(sink: Sink) -> None:
    make.reader("ana@a.example")
    sink.at_recipient["ana@a.example"] = [DROP]
    issue = approved_issue()

    assert deliver(issue) == {"recipients": 1, "due": 1, "deferred": 1, "waiting": 1}
    assert deliver(issue, NINE + 6 * MINUTE)["accepted"] == 1


def test_an_idle_line_that_the_server_closed_is_opened_again(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    sink.at_recipient["bo@a.example"] = [DROP]

    assert deliver(approved_issue()) == {"recipients": 2, "due": 2, "accepted": 2}
    assert sink.sessions == 2


def test_a_line_that_falls_after_the_message_leaves_it_uncertain_and_it_is_not_sent_again(sink: Sink) -> None:
    make.reader("ana@a.example")
    make.reader("bo@a.example")
    sink.at_data["ana@a.example"] = [DROP]
    issue = approved_issue()

    assert deliver(issue) == {"recipients": 2, "due": 2, "accepted": 1, "uncertain": 1}
    assert deliver(issue, NINE + 600 * MINUTE) == {"recipients": 2}
    assert sink.recipients == ["bo@a.example"]


def test_lines_that_fall_one_after_the_other_stop_the_run(sink: Sink) -> None:
    for name in "abcdef":
        make.reader(f"{name}@a.example")
        sink.at_data[f"{name}@a.example"] = [DROP]

    issue = approved_issue()
    with pytest.raises(StoppedError, match=r"again and again.*sending --resume"):
        deliver(issue)
    assert sorted(states().values()) == ["queued"] * 3 + ["uncertain"] * 3
    assert deliver(issue, NINE + 60 * MINUTE)["waiting"] == 3, "no tick puts more in doubt"


def test_without_a_server_nothing_is_lost_and_the_message_names_it(settings: Settings, sink: Sink) -> None:
    make.reader("ana@a.example")
    issue, port = approved_issue(), settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:1 .*SMTP_HOST"):
        deliver(issue)
    assert states() == {"ana@a.example": "queued"}
    assert row().attempts == 0

    settings.EMAIL_PORT = port
    assert deliver(issue)["accepted"] == 1


# ---- readers who change meanwhile ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"state": State.LEFT}, {"state": State.PAUSED}, {"email": None, "state": State.ERASED}, {"frequency": "weekly"}],
)
def test_a_reader_who_leaves_in_between_gets_nothing(sink: Sink, change: dict[str, object]) -> None:
    ana = make.reader("ana@a.example")
    make.reader("bo@a.example")
    issue = frozen(approved_issue())
    Subscriber.objects.filter(pk=ana.pk).update(**change)

    assert deliver(issue) == {"recipients": 2, "due": 2, "accepted": 1, "withdrawn": 1}
    assert sink.recipients == ["bo@a.example"]
    assert issue.state == IssueState.SENT


def test_a_reader_who_moves_in_between_gets_it_at_the_new_address(sink: Sink) -> None:
    ana = make.reader("ana@a.example")
    issue = frozen(approved_issue())
    Subscriber.objects.filter(pk=ana.pk).update(email="ana@b.example", email_key="ana@b.example")

    deliver(issue)
    assert sink.recipients == ["ana@b.example"]


def test_who_chooses_twice_just_then_does_not_choose_for_others(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana has made a choice that nothing is printed for, and a second one while hers is being printed; Bo shares the
    first."""
    ana, bo = make.reader("ana@a.example"), make.reader("bo@a.example")
    issue = frozen(approved_issue())
    english = make.reader("en@a.example", language="en", state="left")
    chinese = make.reader("zh@a.example", language="zh", state="left")
    Subscriber.objects.filter(pk__in=[ana.pk, bo.pk]).update(language="en", choices_hash=english.choices_hash)
    real = Readers.among

    def chosen_again(self: Readers, ids: list[int]) -> dict[int, Reader]:
        found = real(self, ids)
        Subscriber.objects.filter(pk=ana.pk).update(language="zh", choices_hash=chinese.choices_hash)
        return found

    monkeypatch.setattr(Readers, "among", chosen_again)
    deliver(issue)
    assert sink.to("ana@a.example").parsed["Subject"] == issue.subject_zh
    assert sink.to("bo@a.example").parsed["Subject"] == issue.subject_en
