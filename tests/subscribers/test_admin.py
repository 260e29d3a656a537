"""The operator's view of readers: everything to be seen, nothing to be done behind the state machine's back."""

import datetime as dt
import html

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from newsletter.models import Delivery, DeliveryEvent, Edition
from subscribers import addresses, admitting, joining, suppressing
from subscribers.admin import acts, finding, history, reasons, words
from subscribers.admitting import Newcomer
from subscribers.joining import Proof
from subscribers.models import Happening, Notice, State, Subscriber
from tests import factories
from tests.subscribers.operating import LIST, act, do, page_of

pytestmark = pytest.mark.django_db


def test_readers_are_found_by_address_and_filtered(operator: Client) -> None:
    factories.reader("one@mail.example", language="zh", source="form")
    factories.reader("two@mail.example", language="en", state=State.LEFT)
    page = operator.get(LIST, {"q": "one@"}).content.decode()
    assert "one@mail.example" in page
    assert "two@mail.example" not in page
    page = operator.get(LIST, {"state__exact": "left", "age": "never"}).content.decode()
    assert "two@mail.example" in page
    assert "one@mail.example" not in page


def test_one_readers_page_has_the_whole_history_and_changes_nothing(operator: Client) -> None:
    reader = joining.join("a@mail.example", "en", Proof("form", ip="192.0.2.1", wording="These very words"))
    joining.confirm(reader, Proof("page"))
    path = f"{LIST}{reader.pk}/change/"
    page = operator.get(path).content.decode()
    for told in ("These very words", "192.0.2.1", "Confirmed", "Mail of welcome"):
        assert told in page
    operator.post(path, {"state": "left", "email": "b@mail.example"})
    reader.refresh_from_db()
    assert (reader.state, reader.email) == (State.ACTIVE, "a@mail.example")


def test_there_is_no_way_to_add_or_delete(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    assert operator.get(f"{LIST}add/").status_code == 403
    assert operator.post(f"{LIST}{reader.pk}/delete/", {"post": "yes"}).status_code == 403


def test_moves_keep_to_the_state_machine_and_are_audited(operator: Client) -> None:
    active, complained = factories.reader("a@mail.example"), factories.reader("b@mail.example", state="complained")
    act(operator, "end_subscriptions", active, complained, sure="1")
    active.refresh_from_db()
    complained.refresh_from_db()
    assert (active.state, complained.state) == (State.LEFT, State.COMPLAINED)
    event = active.consents.get()
    assert (event.how, event.note) == ("admin", "operator")
    assert LogEntry.objects.filter(object_id=str(active.pk)).count() == 1
    assert not LogEntry.objects.filter(object_id=str(complained.pk)).exists()


def test_a_confirmation_is_sent_again_only_to_who_asked(operator: Client) -> None:
    pending = joining.join("a@mail.example", "en", Proof("form"))
    left = factories.reader("b@mail.example", state="left")
    Notice.objects.all().delete()
    act(operator, "ask_again", pending, left)
    assert [notice.reader for notice in Notice.objects.all()] == [pending]


def test_erasing_asks_first_and_leaves_no_address_even_in_the_admins_log(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    assert "a@mail.example" in act(operator, "erase_readers", reader).content.decode()
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    act(operator, "erase_readers", reader, sure="1")
    reader.refresh_from_db()
    assert (reader.state, reader.email) == (State.ERASED, None)
    assert suppressing.is_suppressed("a@mail.example")
    assert "a@mail.example" not in str(list(LogEntry.objects.values()))


# ---- one reader's page -----------------------------------------------------------------------------------------


def delivered(reader: Subscriber, day: int, state: str = "accepted", reply: str = "") -> Delivery:
    at = dt.datetime(2026, 5, day, 0, 1, tzinfo=dt.UTC)
    issue = factories.issue(at.date())
    edition = Edition.objects.create(
        issue=issue, choices_hash=reader.choices_hash, choices={}, subject="x", mime=b"", size=1, frozen_at=at
    )
    return Delivery.objects.create(
        issue=issue, reader=reader, edition=edition, state=state, due_at=at, finished_at=at, reply=reply
    )


def test_the_history_is_one_story_in_the_order_of_time(operator: Client) -> None:
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    reader = joining.join("a@mail.example", "en", Proof("form", at=at))
    joining.confirm(reader, Proof("page", at=at + dt.timedelta(hours=1)))
    refused = delivered(reader, 7, "refused", "550 5.1.1 no such user here")
    DeliveryEvent.objects.create(
        delivery=refused,
        reader=reader,
        kind="bounce",
        external_id="in:1",
        occurred_at=dt.datetime(2026, 5, 8, tzinfo=dt.UTC),
        detail={"status": "5.1.1", "diagnostic": "the mailbox is closed", "measure": "suppress"},
    )
    joining.bounce(reader, Proof("bounce", at=dt.datetime(2026, 5, 8, 0, 1, tzinfo=dt.UTC), note="failed 5.1.1"))
    page = page_of(operator, reader).partition('<ol class="history">')[2]
    told = (
        *("The address was found dead", "the mailbox is closed", "550 5.1.1 no such user here"),
        *("Mail of welcome", "<strong>Confirmed", "Mail that asks to confirm", "Asked to join"),
    )
    places = [page.find(text) for text in told]
    assert -1 not in places
    assert places == sorted(places)


def test_issues_that_went_well_in_a_row_are_one_line_that_opens(operator: Client) -> None:
    reader = factories.reader("a@mail.example", zone="America/New_York")
    for day in (1, 2, 3, 4, 6, 7):
        delivered(reader, day)
    delivered(reader, 5, "refused", "554 not today")
    moments = history.of(reader)
    assert [len(moment.folded) for moment in moments] == [0, 0, 0, 4]
    assert "4 issues, of May 1, 2026 to May 4, 2026" in moments[-1].what
    page = page_of(operator, reader)
    assert page.count("<details>") == 1
    assert "clock of America/New_York" in page
    assert "May 6, 2026, 8:01 p.m." in page  # 00:01 in UTC on the 7th


def test_a_dead_address_is_told_with_the_servers_words_and_the_way_back(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    delivered(reader, 7, "refused", "550 5.1.1 no such user here")
    joining.bounce(reader, Proof("bounce"))
    page = page_of(operator, reader).partition('id="choices"')[0]
    assert "address is dead" in page
    assert "550 5.1.1 no such user here" in page
    assert "/en/join/" in page
    assert "nobody can do it for them" in page
    assert "confirm" not in "".join(act.name for act in acts.possible(reader, timezone.now()))


@pytest.mark.parametrize("state", State.values)
def test_every_state_is_told_in_words_and_offers_only_what_it_allows(operator: Client, state: str) -> None:
    reader = factories.reader("a@mail.example", state=state, paused_until=dt.date(2030, 1, 1))
    page = page_of(operator, reader)
    assert str(words.STATES[state]) in page
    for name, kind in (("end_subscriptions", "left"), ("mark_bounced", "bounced"), ("erase_readers", "erased")):
        assert (f"/do/{name}/" in page) == (state in joining.MOVES[Happening(kind)].sources)


def test_nothing_personal_is_left_on_an_erased_readers_page(operator: Client) -> None:
    proof = Proof("form", ip="192.0.2.77", wording="These very words")
    reader = joining.join("secret@mail.example", "en", proof, zone="Europe/London")
    joining.confirm(reader, Proof("page"))
    delivered(reader, 7, "refused", "550 <secret@mail.example> unknown")
    do(operator, "erase_readers", reader, sure="1")
    page = page_of(operator, reader)
    for personal in ("secret", "192.0.2.77", "These very words", "Europe/London", 'id="choices"', "/r/p/"):
        assert personal not in page
    assert "All data was erased" in page
    log = html.unescape(operator.get(f"{LIST}{reader.pk}/history/").content.decode())
    assert "secret" not in log
    assert "operator" in log


def test_a_page_of_nobody_is_not_there(operator: Client) -> None:
    assert operator.get(f"{LIST}4711/change/").status_code == 404
    assert operator.post(f"{LIST}4711/do/erase_readers/").status_code == 404
    reader = factories.reader("a@mail.example")
    assert operator.post(f"{LIST}{reader.pk}/do/change_address/").status_code == 404


# ---- why readers left ------------------------------------------------------------------------------------------


def _left(name: str, reason: str, at: dt.datetime) -> Subscriber:
    reader = factories.reader(name)
    joining.leave(reader, Proof("page", at=at))
    if reason:
        joining.give_reason(reader, Proof("page", at=at, note=reason))
    return reader


def test_reasons_for_leaving_stand_in_words_are_filtered_and_counted_by_month(operator: Client) -> None:
    now = timezone.now().replace(day=2)
    last_month = now.replace(day=1) - dt.timedelta(days=3)
    many = _left("a@mail.example", "too_many", now)
    _left("b@mail.example", "too_many", last_month)
    _left("c@mail.example", "", last_month)
    assert "too_many" not in page_of(operator, many)
    assert "Too many mails" in page_of(operator, many)
    listed = operator.get(LIST, {"reason": "too_many"}).content.decode()
    assert "2 readers" in listed
    assert "c@mail.example" not in listed
    assert f'href="{LIST}reasons/"' in listed
    months = reasons.by_month(now)
    assert [(each.left, each.said[0], each.silent) for each in months] == [(1, 1, 0), (2, 1, 1)]
    page = operator.get(f"{LIST}reasons/").content.decode()
    assert "Too many mails" in page
    assert "Together" in page
    assert "?reason=too_many" in page


def test_the_reasons_are_for_who_may_see_readers(client: Client) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(f"{LIST}reasons/").status_code == 403


# ---- found however it is written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("straße", "straße@mail.example"),
        ("STRAẞE", "straße@mail.example"),
        ("strasse", "strasse@mail.example"),
        ("@例子", "陈@例子.中国"),
        ("@例子.中国", "陈@例子.中国"),
        ("*例子", "陈@例子.中国"),
        ("*@例子.中国", "陈@例子.中国"),
        ("*xn--fsqu00a", "陈@例子.中国"),
        ("陈＠例子", "陈@例子.中国"),
        ("例子", "陈@例子.中国"),
        ("*子.中", "陈@例子.中国"),
    ],
)
def test_a_reader_is_found_by_the_address_however_it_is_written(query: str, found: str) -> None:
    for address in ("straße@mail.example", "strasse@mail.example", "陈@例子.中国", "ana@other.example"):
        joining.join(address, "en", Proof("form"))
    readers = finding.narrow(Subscriber.objects.all(), query)
    assert [reader.email for reader in readers] == [found]


def test_the_consent_that_an_imported_file_told_of_is_said_to_be_the_files_word() -> None:
    newcomer = Newcomer(
        addresses.normalise("a@mail.example"), "en", proof="OPTIN_TIME: 2020-01-01\nOPTIN_IP: 192.0.2.9"
    )
    admitting.admit([newcomer], Proof("import", wording="agreed elsewhere", note="import 7"))
    moment = history.of(Subscriber.objects.get())[0]
    assert any("the file says: OPTIN_TIME: 2020-01-01, OPTIN_IP: 192.0.2.9" in detail for detail in moment.details)
