"""Every reader moves only as the table says, each move is recorded, and nobody becomes a reader unasked."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from subscribers import addresses, admitting, joining, moving, suppressing
from subscribers.admitting import Newcomer
from subscribers.joining import MOVES, Proof
from subscribers.models import ConsentEvent, Happening, Notice, State, Subscriber, Way
from subscribers.models.subscriber import hash_choices
from tests import factories

START = dt.datetime(2026, 5, 7, 0, 0, tzinfo=dt.UTC)


class ReaderLife(RuleBasedStateMachine):
    """Random sequences of everything that can happen to one address, with time passing in between."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.atom = transaction.atomic()
        self.atom.__enter__()
        self.said_yes = False  # has the mailbox answered since it last was a stranger's

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    def proof(self, how: str = "page") -> Proof:
        self.now += dt.timedelta(seconds=1)
        return Proof(how=how, at=self.now)

    @initialize()
    def someone_asks(self) -> None:
        self.reader = joining.join("Reader@Mail.example", "both", self.proof("form"))
        Subscriber.objects.filter(pk=self.reader.pk).update(created_at=self.now)

    def call(self, move: Any, kind: Happening, *arguments: Any) -> None:
        """Do it twice: the first may move, the second never does; the history has exactly what moved."""
        before = Subscriber.objects.get(pk=self.reader.pk).state
        events = self.reader.consents.filter(kind=kind).count()
        moved = move(self.reader, *arguments, self.proof())
        assert self.reader.consents.filter(kind=kind).count() == events + moved
        if moved:
            assert before in MOVES[kind].sources
            assert self.reader.state in MOVES[kind].targets
            last = self.reader.consents.get(kind=kind, at=self.now)
            assert (last.from_state, last.to_state) == (before, self.reader.state)
        else:
            assert self.reader.state == before
        assert not move(self.reader, *arguments, self.proof())

    @rule(language=st.sampled_from(["en", "zh", "both"]))
    def asks_again(self, language: str) -> None:
        before = Subscriber.objects.get(pk=self.reader.pk).state
        address = self.reader.email_key or "reader@mail.example"
        there = Subscriber.objects.filter(email_key=address).exists()
        again = joining.join(address.replace("mail", "MAIL"), language, self.proof("form"))
        if before == State.ERASED:
            assert again.pk != self.reader.pk
            if there:  # an import had brought the address in meanwhile: that is a life of its own
                return
            Subscriber.objects.filter(pk=again.pk).update(created_at=self.now)
            self.reader, self.said_yes = again, False
        else:
            assert (again.pk, again.state) == (self.reader.pk, before)  # a stranger's request changes nothing

    @rule()
    def confirms(self) -> None:
        might = joining.may_confirm(Subscriber.objects.get(pk=self.reader.pk), self.now + dt.timedelta(seconds=1))
        self.call(joining.confirm, Happening.CONFIRMED)
        self.said_yes = self.said_yes or might

    @rule()
    def leaves(self) -> None:
        self.call(joining.leave, Happening.LEFT)

    @rule()
    def takes_it_back(self) -> None:
        self.call(joining.undo_leave, Happening.CAME_BACK)

    @rule(days=st.integers(1, 366))
    def pauses(self, days: int) -> None:
        self.call(joining.pause, Happening.PAUSED, (self.now + dt.timedelta(days=days)).date())

    @rule()
    def resumes(self) -> None:
        self.call(joining.resume, Happening.RESUMED)

    @rule()
    def bounces(self) -> None:
        self.call(joining.bounce, Happening.BOUNCED)

    @rule()
    def complains(self) -> None:
        self.call(joining.complain, Happening.COMPLAINED)

    @rule()
    def is_erased(self) -> None:
        self.call(joining.erase, Happening.ERASED)

    @rule(name=st.sampled_from(["reader@mail.example", "other@mail.example", "third@mail.example"]))
    def proves_another_address(self, name: str) -> None:
        """Whoever had it is folded into this reader, and the state stays what it was."""
        before = Subscriber.objects.get(pk=self.reader.pk)
        moved = moving.move_address(self.reader, name, self.proof())
        assert moved == (before.state != State.ERASED and before.email_key != name)
        assert self.reader.state == before.state
        if moved:
            assert (self.reader.email_key, self.reader.token != before.token) == (name, True)
            assert Subscriber.objects.filter(email_key=name).count() == 1
        assert not moving.move_address(self.reader, name, self.proof())

    @rule(name=st.sampled_from(["reader@mail.example", "other@mail.example"]))
    def is_imported(self, name: str) -> None:
        """A stranger comes in as a reader of its own; who is known or suppressed stays as they are."""
        states = dict(Subscriber.objects.exclude(email_key=None).values_list("email_key", "state"))
        may = name not in states and not suppressing.is_suppressed(name)
        newcomer = Newcomer(addresses.normalise(name), "zh")
        proof = Proof(how=Way.IMPORT, wording="agreed elsewhere", at=self.proof().at)
        assert (admitting.foresee([newcomer])[name] == "added") == may
        assert (admitting.admit([newcomer], proof)[name] == "added") == may
        now = dict(Subscriber.objects.exclude(email_key=None).values_list("email_key", "state"))
        assert now == states | ({name: State.ACTIVE} if may else {})
        assert admitting.admit([newcomer], proof)[name] != "added"

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        joining.end_pauses(self.now)
        confirmed = Subscriber.objects.get(pk=self.reader.pk).confirmed_at
        joining.purge_pending(self.now)
        if not Subscriber.objects.filter(pk=self.reader.pk).exists():
            assert confirmed is None
            self.someone_asks()

    @invariant()
    def nobody_reads_unasked(self) -> None:
        state = Subscriber.objects.get(pk=self.reader.pk).state
        assert self.said_yes or state not in (State.ACTIVE, State.PAUSED)

    @invariant()
    def the_history_adds_up(self) -> None:
        reader = Subscriber.objects.get(pk=self.reader.pk)
        if last := reader.consents.order_by("-at", "-pk").first():
            assert last.to_state == reader.state

    @invariant()
    def the_erased_are_gone(self) -> None:
        reader = Subscriber.objects.get(pk=self.reader.pk)
        if reader.state == State.ERASED:
            assert (reader.email, reader.email_key, reader.confirmed_at) == (None, None, None)
            assert not reader.notices.exists()
            assert not reader.consents.exclude(ip=None, wording="", note="").exists()

    @invariant()
    def who_is_mailed_is_not_suppressed(self) -> None:
        reader = Subscriber.objects.get(pk=self.reader.pk)
        if reader.email_key:
            suppressed = suppressing.is_suppressed(reader.email_key)
            assert not (suppressed and reader.state in (State.ACTIVE, State.PAUSED))
            assert suppressed or reader.state not in joining.SUPPRESSING

    @invariant()
    def the_hash_stands_for_the_choices(self) -> None:
        reader = Subscriber.objects.get(pk=self.reader.pk)
        assert reader.choices_hash == hash_choices(reader.choices())


@pytest.mark.django_db
def test_random_lives_keep_to_the_table() -> None:
    profile = settings(max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(ReaderLife, settings=profile)


@pytest.mark.django_db
class TestJoining:
    def test_only_the_newest_question_can_be_answered_within_a_week(self) -> None:
        reader = joining.join("a@mail.example", "en", Proof("form", at=START))
        late = START + joining.ANSWER_WITHIN
        assert not joining.confirm(reader, Proof("page", at=late))
        joining.join("a@mail.example", "en", Proof("form", at=late))
        assert joining.confirm(reader, Proof("page", at=late))

    def test_an_old_confirmation_link_does_not_bring_back_who_left(self) -> None:
        reader = joining.join("a@mail.example", "en", Proof("form", at=START))
        joining.confirm(reader, Proof("page", at=START))
        joining.leave(reader, Proof("page", at=START))
        assert not joining.confirm(reader, Proof("page", at=START))
        assert reader.state == State.LEFT

    def test_a_known_reader_is_told_by_mail_and_nothing_else_happens(self) -> None:
        reader = factories.reader("a@mail.example", language="zh")
        joining.join("a@mail.example", "en", Proof("form"))
        reader.refresh_from_db()
        assert (reader.state, reader.language) == (State.ACTIVE, "zh")
        assert Notice.objects.get().kind == Notice.Kind.ALREADY

    def test_undoing_is_possible_for_a_day(self) -> None:
        reader = factories.reader("a@mail.example")
        joining.leave(reader, Proof("page", at=START))
        assert not joining.undo_leave(reader, Proof("page", at=START + joining.UNDO_WITHIN))
        assert joining.undo_leave(reader, Proof("page", at=START + dt.timedelta(hours=23)))
        assert reader.state == State.ACTIVE

    def test_a_pause_ends_on_its_date_in_the_first_zone_that_reaches_it(self) -> None:
        reader = factories.reader("a@mail.example")
        joining.pause(reader, dt.date(2026, 5, 18), Proof("page", at=START))
        assert joining.end_pauses(dt.datetime(2026, 5, 17, 9, 59, tzinfo=dt.UTC)) == 0
        assert joining.end_pauses(dt.datetime(2026, 5, 17, 10, 0, tzinfo=dt.UTC)) == 1
        reader.refresh_from_db()
        # the date stays, so that an issue of the 17th that is still being sent elsewhere passes this reader by
        assert (reader.state, reader.paused_until) == (State.ACTIVE, dt.date(2026, 5, 18))

    @pytest.mark.parametrize("days", [-1, 0, 367])
    def test_a_pause_out_of_reach_is_refused(self, days: int) -> None:
        reader = factories.reader("a@mail.example")
        with pytest.raises(joining.JoiningError):
            joining.pause(reader, START.date() + dt.timedelta(days=days), Proof("page", at=START))

    def test_pending_strangers_are_forgotten_after_a_week_and_readers_are_not(self) -> None:
        stranger = joining.join("stranger@mail.example", "en", Proof("form", at=START))
        reader = joining.join("reader@mail.example", "en", Proof("form", at=START))
        joining.confirm(reader, Proof("page", at=START))
        joining.leave(reader, Proof("page", at=START))
        Subscriber.objects.update(created_at=START)
        assert joining.purge_pending(START + joining.ANSWER_WITHIN) == 1
        assert not Subscriber.objects.filter(pk=stranger.pk).exists()
        assert Subscriber.objects.filter(pk=reader.pk).exists()


@pytest.mark.django_db
class TestChangingTheAddress:
    def test_mail_goes_to_the_new_address_and_older_links_die(self) -> None:
        reader = factories.reader("old@mail.example")
        token = reader.token
        assert moving.move_address(reader, "New@mail.example", Proof("page"))
        assert (reader.email, reader.email_key) == ("New@mail.example", "new@mail.example")
        assert reader.token != token
        told = Notice.objects.get()
        assert (told.kind, told.address) == (Notice.Kind.MOVED, "old@mail.example")

    def test_a_reader_who_had_the_new_address_is_folded_into_this_one(self) -> None:
        reader, other = factories.reader("old@mail.example"), factories.reader("new@mail.example")
        moving.move_address(reader, "new@mail.example", Proof("page"))
        other.refresh_from_db()
        assert other.state == State.ERASED
        assert reader.email_key == "new@mail.example"
        assert not suppressing.is_suppressed("new@mail.example")


@pytest.mark.django_db
def test_erasing_scrubs_the_history_and_the_admin_log() -> None:
    reader = joining.join("a@mail.example", "en", Proof("form", ip="192.0.2.7", wording="I agree"))
    joining.confirm(reader, Proof("page", ip="192.0.2.7"))
    editor = factories.editor()
    kind = ContentType.objects.get_for_model(Subscriber)
    LogEntry.objects.create(
        user=editor,
        content_type=kind,
        object_id=str(reader.pk),
        object_repr="a@mail.example",
        action_flag=CHANGE,
        change_message="a@mail.example",
    )
    assert joining.erase(reader, Proof("page", ip="192.0.2.7"))
    assert suppressing.is_suppressed("a@mail.example")
    assert list(ConsentEvent.objects.values_list("kind", "ip", "wording")) == [("erased", None, "")]
    entry = LogEntry.objects.get()
    assert "a@mail.example" not in entry.object_repr + entry.change_message


def test_the_table_in_the_words_is_the_table_in_the_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "words.md").read_text("utf8").partition("## States of a reader")[2]
    rows = re.findall(r"^\| (\w+) \| ([\w, ]+) \| ([\w, ]+) \| [^|]+ \|$", text, re.MULTILINE)
    written = {
        move: (set(before.split(", ")), set(after.split(", "))) for move, before, after in rows if move != "move"
    }
    assert written == {name: (set(move.sources), set(move.targets)) for name, move in MOVES.items()}
