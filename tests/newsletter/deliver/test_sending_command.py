"""manage.py sending: what a terminal is told and can do while an issue goes out."""

import csv
import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsletter.deliver import pausing
from newsletter.models import Delivery, Edition, Issue, Pause, PauseReason, Run
from newsletter.workflow import Act
from tests import factories as make

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    """Something that is looked at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def issue() -> Issue:
    cache.clear()
    now = timezone.now()
    made = make.issue(state="sending", number=128)
    fields = {"choices_hash": "x", "choices": {}, "content_hash": "x", "subject": "x", "mime": b"x", "size": 1}
    edition = Edition.objects.create(issue=made, frozen_at=now, **fields)
    words = {"refused": "554 relay access denied", "uncertain": "the line fell"}
    for state in ("accepted", "queued", "refused", "uncertain", "uncertain"):
        reader = make.reader(f"r{Delivery.objects.count()}@a.example")
        given = {"due_at": now, "finished_at": None if state == "queued" else now, "reply": words.get(state, "")}
        Delivery.objects.create(issue=made, reader=reader, edition=edition, state=state, **given)
    return made


def run(issue: Issue, *args: str, **more: Any) -> str:
    out = more.pop("stdout", StringIO())
    call_command("sending", "--date", issue.date.isoformat(), *args, stdout=out, **more)
    return str(out.getvalue())


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


def test_one_line_says_how_it_stands(issue: Issue) -> None:
    said = run(issue)
    assert said.count("\n") == 1
    assert "is sending; queued 1; accepted 1; refused 1; uncertain 2" in said


def test_a_terminal_gets_one_table_that_is_drawn_over(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    def over(seconds: float) -> None:
        Issue.objects.update(state="sent")

    monkeypatch.setattr("newsletter.management.commands.sending.time.sleep", over)
    out = Terminal()
    said = run(issue, "--follow", stdout=out)
    first, again = said.split("\x1b[J")
    assert "taken by the next mail server" in first
    assert first.endswith(f"\x1b[{first.count(chr(10))}F"), "as many lines up as were written"
    assert "is sent" in again


def test_followed_in_a_log_it_says_line_after_line(issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "newsletter.management.commands.sending.time.sleep", lambda seconds: Issue.objects.update(state="sent")
    )
    said = run(issue, "--follow")
    assert "\x1b" not in said
    assert [line.partition(";")[0] for line in said.splitlines()] == [f"{issue} is sending", f"{issue} is sent"]


def test_who_pauses_stands_in_the_history_where_they_are_named(issue: Issue) -> None:
    lin = make.editor("lin")
    assert "by lin: a look" in run(issue, "--pause", "a look", "--as", "lin")
    run(issue, "--resume")
    run(issue, "--pause", "another")
    by = issue.moves.filter(act=Act.PAUSE).order_by("pk").values_list("by", "because")
    assert list(by) == [(lin.pk, "a look"), (None, "another (at a terminal)")]
    make.editor("xin", role="writer")
    with pytest.raises(CommandError, match="takes an approver"):
        run(issue, "--resume", "--as", "xin")
    assert Pause.objects.exists()


def test_a_rate_is_told_while_mails_leave_and_no_time_left_where_none_does(issue: Issue) -> None:
    assert "1 a minute; 0:01:15 left for the 1 due now" in run(issue)
    Pause.objects.create(issue=issue, since=timezone.now(), because="a look")
    said = run(issue)
    assert "; 1 due now; paused since" in said
    assert "a minute" not in said
    Pause.objects.all().delete()
    Delivery.objects.filter(state="queued").update(state="accepted")
    Issue.objects.update(state="sent")
    assert "a minute" not in run(issue)


def test_letting_it_go_on_does_not_tell_of_the_pause_that_was(issue: Issue) -> None:
    now = timezone.now()
    paused = "StoppedError: paused. Check the sender. Then `manage.py sending --resume` lets it go on"
    given = {"act": f"deliver {issue.pk}", "date": issue.date, "worker": "mill:1", "error": paused}
    Run.objects.create(newsletter=issue.newsletter, started_at=now, finished_at=now, **given)
    pausing.pause(issue, "550 5.7.1 not authenticated", reason=PauseReason.NOT_TAKEN)
    assert "paused since" in run(issue)
    said = run(issue, "--resume")
    assert "paused" not in said
    assert "nothing leaves" not in said


def test_cancelling_says_how_many_had_it_and_takes_a_name(issue: Issue) -> None:
    with pytest.raises(CommandError, match="--as USER"):
        run(issue, "--cancel", "a slip")
    make.editor("lin")
    said = run(issue, "--cancel", "a slip", "--as", "lin", "--yes")
    assert "1 mails stay here; 1 readers had it already." in said
    assert "2 more may get it." in said
    assert states() == ["accepted", "refused", "uncertain", "uncertain", "withdrawn"]
    issue.refresh_from_db()
    assert issue.state == "sent"


def test_mails_in_doubt_are_listed_and_decided_one_by_one_or_all(issue: Issue) -> None:
    listed = run(issue, "--uncertain").splitlines()
    assert len(listed) == 2
    assert all("@a.example" in line and "the line fell" in line for line in listed)
    one = listed[0].split()[0]
    assert "1 counted as sent" in run(issue, "--count-as-sent", one)
    with pytest.raises(CommandError, match="no mail in doubt"):
        run(issue, "--send-again", one)
    assert "1 sent again" in run(issue, "--send-again", "all")
    assert states() == ["accepted", "accepted", "queued", "queued", "refused"]


def test_what_was_refused_is_told_by_domain_and_tried_again(issue: Issue) -> None:
    assert "1  a.example  554  554 relay access denied  --try-again a.example" in run(issue, "--refused")
    assert "1 tried again" in run(issue, "--try-again", "a.example")
    assert "refused" not in states()


def test_where_nothing_can_be_tried_again_it_says_why(issue: Issue) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.example has refused nothing"):
        run(issue, "--try-again", "nowhere.example")
    refused = Delivery.objects.filter(state="refused")
    refused.update(expires_at=timezone.now())
    with pytest.raises(CommandError, match="the day is over"):
        run(issue, "--try-again", "a.example")
    refused.update(reply="550 5.1.1 no such user", expires_at=timezone.now() + dt.timedelta(hours=1))
    with pytest.raises(CommandError, match=r"nobody is there.*a\.example said: 550 5\.1\.1 no such user"):
        run(issue, "--try-again", "a.example")
    refused.update(reply="554 relay access denied")
    assert "1 tried again" in run(issue, "--try-again", "A.example")


def test_who_received_it_is_written_into_a_file(issue: Issue, tmp_path: Path) -> None:
    run(issue, "--csv", str(tmp_path / "who.csv"))
    with (tmp_path / "who.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["outcome"] for row in rows] == ["accepted", "queued", "refused", "uncertain", "uncertain"]
    assert (tmp_path / "who.csv").read_text("utf-8").startswith("\ufeffaddress,"), "what spreadsheets want"
    assert run(issue, "--csv", "-").startswith("address,"), "a terminal wants no mark"


def test_a_day_without_a_correction_has_none(issue: Issue) -> None:
    with pytest.raises(CommandError, match="no mail about a correction"):
        run(issue, "--correction")
    Issue.objects.update(kind="correction", date=issue.date + dt.timedelta(days=1))
    issue.refresh_from_db()
    assert "is sending" in run(issue, "--correction")
