"""What a hostile reader tries, and doesn't get: other people's subscriptions, our mail server, our rows."""

import datetime as dt
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from subscribers import addresses, joining, limits, links, mailbox, mails, moving, signup, suppressing, tickets
from subscribers.joining import Proof
from subscribers.models import ConsentEvent, Notice, State, Subscriber, Suppression, Ticket, Wish
from subscribers.redaction import WithoutTokens
from subscribers.views import pages
from tests import factories
from tests.subscribers.pages import local, send_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]

NOW = dt.datetime(2026, 5, 7, 9, 30, tzinfo=dt.UTC)


class TestForgedLinks:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda mine, theirs: theirs.partition(".")[0] + "." + mine.partition(".")[2],  # my signature, their token
            lambda mine, theirs: theirs[:-1],
            lambda mine, theirs: theirs + "A",
            lambda mine, theirs: theirs.partition(".")[0],
            lambda mine, theirs: theirs.upper(),
            lambda mine, theirs: theirs + "%00",
        ],
    )
    def test_a_signature_fits_one_token_and_no_other(self, client: Client, spoil: Callable[[str, str], str]) -> None:
        mine, theirs = factories.reader("me@mail.example"), factories.reader("they@mail.example")
        pair = [links.sign(each.token, links.Purpose.LEAVE) for each in (mine, theirs)]
        assert client.post(f"/r/l/{spoil(*pair)}").status_code == 404
        theirs.refresh_from_db()
        assert theirs.state == State.ACTIVE

    def test_a_readers_token_is_no_tickets_token(self, client: Client) -> None:
        """Preferences links get forwarded; a single-use link names a ticket, never the reader."""
        reader = factories.reader("a@mail.example")
        for purpose, letter in (("copy", "d"), ("erase", "e"), ("change", "a"), ("new_address", "n")):
            signed = links.sign(reader.token, links.Purpose(purpose))
            assert client.post(f"/r/{letter}/{signed}").status_code == 404

    def test_nothing_of_an_erased_reader_opens_again(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        ticket = tickets.send(reader, Ticket.Purpose.COPY, timezone.now())
        assert ticket
        old = [links.preferences_url(reader), links.leave_url(reader), links.one_click_url(reader)]
        old += [links.confirm_url(reader, "en"), links.ticket_url(ticket)]
        by_mail = [links.leave_address(reader), links.confirm_address(reader)]
        joining.erase(reader, Proof("page"))
        assert {client.post(local(url)).status_code for url in old} == {404}
        for address in by_mail:
            aim = mailbox.destination(address, "chenbao.example")
            assert aim
            assert mailbox.reader_of(aim) is None


class TestLimits:
    def test_without_a_proxy_nobody_chooses_their_own_address(self, client: Client) -> None:
        answers = [
            send_form(client, f"a{n}@mail.example", meta={"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"}).status_code
            for n in range(limits.PER_IP.count + 1)
        ]
        assert answers == [303] * limits.PER_IP.count + [429]

    def test_behind_a_proxy_only_the_hop_it_saw_itself_counts(self, client: Client, settings: Any) -> None:
        settings.BEHIND_PROXY = True
        answers = [
            send_form(
                client, f"a{n}@mail.example", meta={"HTTP_X_FORWARDED_FOR": f"203.0.{n}.1, 198.51.100.7"}
            ).status_code
            for n in range(limits.PER_IP.count + 1)
        ]
        assert answers == [303] * limits.PER_IP.count + [429]

    @pytest.mark.parametrize("forwarded", ["", "unknown", "198.51.100.7:4711", "'; DROP TABLE", "198.51.100.7, ,"])
    def test_an_odd_forwarded_address_breaks_nothing(self, settings: Any, forwarded: str) -> None:
        settings.BEHIND_PROXY = True
        request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)
        assert pages.client_ip(request) in (None, "127.0.0.1", "198.51.100.7")

    def test_the_zone_of_a_neighbours_address_is_left_out(self, client: Client, settings: Any) -> None:
        settings.BEHIND_PROXY = True
        answer = send_form(client, "a@mail.example", meta={"HTTP_X_FORWARDED_FOR": "fe80::1%eth0"})
        assert answer.status_code == 303
        assert Wish.objects.values_list("ip", flat=True).get() == "fe80::1"

    def test_a_machine_that_changes_its_ipv6_address_inside_its_64_is_one_machine(self) -> None:
        allowed = [limits.allow_from(f"2001:db8:1:1::{n:x}", NOW) for n in range(limits.PER_IP.count + 1)]
        assert allowed == [True] * limits.PER_IP.count + [False]

    def test_a_customers_48_is_one_network(self) -> None:
        allowed = [limits.allow_from(f"2001:db8:1:{n:x}::1", NOW) for n in range(limits.PER_NETWORK.count + 1)]
        assert allowed == [True] * limits.PER_NETWORK.count + [False]

    def test_a_forwarded_link_asks_for_so_many_mails_a_day_and_no_more(self) -> None:
        reader = factories.reader("a@mail.example")
        hours = (NOW.replace(hour=0) + dt.timedelta(hours=n) for n in range(24))
        sent = [
            tickets.send(reader, purpose, at)
            for at in hours
            for purpose in (Ticket.Purpose.COPY, Ticket.Purpose.ERASE)
        ]
        assert len(list(filter(None, sent))) == 2 * 2 * tickets.PER_PURPOSE.count, "two purposes, two halves of a day"

    def test_a_mailbox_is_not_filled_by_what_stands_behind_a_plus(self, client: Client) -> None:
        for tag in ("", "+1", "+2", "+3", "+4"):
            send_form(client, f"a{tag}@mail.example")
        send_form(client, "b+1@mail.example")
        signup.take_up()
        told = list(Notice.objects.values_list("reader__email_key", flat=True))
        assert len(told) == limits.PER_ADDRESS.count + 1
        assert "b+1@mail.example" in told

    def test_who_uses_up_one_kind_of_link_keeps_nobody_from_the_others_or_from_leaving(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        copies = [tickets.send(reader, Ticket.Purpose.COPY, NOW) for _ in range(tickets.PER_PURPOSE.count + 1)]
        assert copies[-1] is None
        assert tickets.send(reader, Ticket.Purpose.ERASE, NOW)
        assert tickets.send(reader, Ticket.Purpose.CHANGE, NOW)
        assert tickets.send(reader, Ticket.Purpose.COPY, tickets.again_at(NOW)), "and at the hour that is said"
        assert client.post(local(links.one_click_url(reader))).status_code == 200
        reader.refresh_from_db()
        assert reader.state == State.LEFT

    def test_what_was_counted_stands_in_rows_without_an_address(self) -> None:
        """So that a restart forgives nothing, and the table tells nothing."""
        limits.allow([(limits.PER_ADDRESS, "a@mail.example")], NOW)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM subscribers_tally")
            rows = cursor.fetchall()
        assert len(rows) == 1
        assert "mail.example" not in str(rows)


class TestAddresses:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("straße@mail.example", "strasse@mail.example"),
            ("ﬁn@mail.example", "fin@mail.example"),
            ("ınfo@mail.example", "info@mail.example"),
            ("аna@mail.example", "ana@mail.example"),  # a Cyrillic а
            ("ana@straße.example", "ana@strasse.example"),
        ],
    )
    def test_who_owns_a_look_alike_can_not_act_for_the_other(self, one: str, other: str) -> None:
        """Proving a new address folds its reader into the one who proves it: the two must not be one identity."""
        victim = joining.join(other, "en", Proof("form"))
        joining.confirm(victim, Proof("page"))
        attacker = factories.reader("attacker@mail.example")
        moving.move_address(attacker, one, Proof("page"))
        victim.refresh_from_db()
        assert victim.state == State.ACTIVE

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Ünal@Mail.Example", "ünal@mail.example"),
            ("u\u0308nal@mail.example", "ünal@mail.example"),
            ("STRAẞE@mail.example", "straße@mail.example"),
            ("ana＠mail.example", "ana@mail.example"),
            ("ana@例子。example", "ana@xn--fsqu00a.example"),
            ("ana@ｍａｉｌ.example", "ana@mail.example"),
        ],
    )
    def test_two_spellings_of_one_mailbox_are_one_reader(self, one: str, other: str) -> None:
        assert addresses.normalise(one).key == addresses.normalise(other).key

    @pytest.mark.parametrize(
        "tail", ["\r\nBcc: x@y.example", "\nx", "\r", "%0aBcc:x", "\u2028x", ",b@c.example", "\0"]
    )
    def test_no_address_brings_a_second_line_or_a_second_recipient(self, client: Client, tail: str) -> None:
        send_form(client, "a@mail.example" + tail)
        signup.take_up()
        mails.send_due()
        assert {tuple(each.to) for each in mail.outbox} <= {("a@mail.example",)}
        assert "bcc" not in str([each.message() for each in mail.outbox]).lower()

    def test_an_international_address_lives_a_whole_life(self, client: Client) -> None:
        send_form(client, "用户@bücher.example")
        signup.take_up()
        mails.send_due()
        assert mail.outbox[-1].to == ["用户@bücher.example"]
        found = re.search(r"/r/c/\S+", str(mail.outbox[-1].body))
        assert found
        client.post(found[0])
        reader = Subscriber.objects.get(email_key="用户@xn--bcher-kva.example")
        assert reader.state == State.ACTIVE
        page = client.get(local(links.preferences_url(reader))).content.decode()
        assert "用户@" not in page
        assert client.post(local(links.one_click_url(reader))).status_code == 200
        joining.erase(reader, Proof("page"))
        assert suppressing.is_suppressed("用户@xn--bcher-kva.example")


class TestKeys:
    def test_a_new_secret_key_forgets_no_one_who_left(self, settings: Any) -> None:
        joining.leave(factories.reader("a@mail.example"), Proof("page"))
        settings.SECRET_KEY = "another"
        assert suppressing.is_suppressed("a@mail.example")

    def test_the_suppression_list_can_not_be_tried_without_its_key(self, settings: Any) -> None:
        joining.leave(factories.reader("a@mail.example"), Proof("page"))
        settings.SUPPRESSION_KEY = "a thief's guess"
        assert not suppressing.is_suppressed("a@mail.example")
        assert "mail.example" not in str(list(Suppression.objects.values()))


class TestForgery:
    def test_the_desk_and_the_admin_take_no_post_from_elsewhere(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(factories.editor())
        for path in ("/desk/login/", "/admin/login/", "/admin/subscribers/subscriber/"):
            assert client.post(path, {"username": "x"}).status_code == 403

    def test_a_readers_pages_need_no_cookie_and_set_none(self) -> None:
        client = Client(enforce_csrf_checks=True)
        reader = factories.reader("a@mail.example")
        assert client.post(local(links.leave_url(reader))).status_code == 303
        assert not client.cookies

    def test_saving_the_same_choices_over_and_over_writes_one_row(self, client: Client) -> None:
        path = local(links.preferences_url(factories.reader("a@mail.example", language="zh")))
        form = {"language": "en", "frequency": "daily", "zone": "Asia/Shanghai", "plain_text": "0"}
        for _ in range(20):
            assert client.post(path, form).status_code == 303
        assert ConsentEvent.objects.filter(kind="chose").count() == 1

    @pytest.mark.parametrize("acts", [("choose", "choose back"), ("leave", "undo"), ("pause", "resume")])
    def test_changes_without_end_by_one_link_write_an_hours_share_and_no_more(
        self, client: Client, one_hour: pytest.MonkeyPatch, acts: tuple[str, str]
    ) -> None:
        reader = factories.reader("a@mail.example")
        answers = [act(client, reader, acts[i % 2]) for i in range(130)]
        assert answers[59].status_code == 303
        assert {answer.status_code for answer in answers} == {303, 429}
        written = ConsentEvent.objects.count()
        assert 60 <= written <= limits.PER_READER.count * (2 if "leave" in acts else 1) + 1
        for i in range(10):
            act(client, reader, acts[i % 2])
        assert ConsentEvent.objects.count() == written

        one_hour.setattr(limits.Limit, "began", lambda limit, now: NOW + dt.timedelta(hours=1))
        assert act(client, reader, acts[1]).status_code == 303

    def test_who_may_change_nothing_more_this_hour_leaves_at_once_and_for_good(
        self, client: Client, one_hour: pytest.MonkeyPatch
    ) -> None:
        reader = factories.reader("a@mail.example")
        use_up(reader)
        assert act(client, reader, "choose").status_code == 429
        for _ in range(3):
            assert act(client, reader, "leave").status_code == 303
        assert act(client, reader, "undo").status_code == 429
        assert client.post(local(links.one_click_url(reader))).status_code == 200
        reader.refresh_from_db()
        assert reader.state == State.LEFT
        assert list(reader.consents.values_list("kind", flat=True)) == ["left"]

    def test_one_readers_share_is_not_anothers(self, client: Client, one_hour: pytest.MonkeyPatch) -> None:
        use_up(factories.reader("a@mail.example"))
        assert act(client, factories.reader("b@mail.example"), "choose").status_code == 303

    @pytest.mark.parametrize(("language", "tags"), [("en", {"en"}), ("zh", {"zh-Hans"}), ("both", {"en", "zh-Hans"})])
    def test_the_answer_says_when_to_come_back_and_how_to_leave(
        self, client: Client, one_hour: pytest.MonkeyPatch, language: str, tags: set[str]
    ) -> None:
        reader = factories.reader("a@mail.example", language=language)
        use_up(reader)
        answer = act(client, reader, "resume")
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) >= 1
        assert set(answer["Content-Language"].split(", ")) == tags
        assert local(links.leave_url(reader)) in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]

    def test_a_period_ends_on_the_clocks_hour(self) -> None:
        assert limits.PER_READER.seconds_left(NOW) == 1800
        assert limits.PER_READER.seconds_left(NOW.replace(minute=59, second=59, microsecond=999_999)) == 1


@pytest.fixture
def one_hour(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """All that happens in the test happens in one hour."""
    monkeypatch.setattr(limits.Limit, "began", lambda limit, now: NOW)
    monkeypatch.setattr(limits.Limit, "seconds_left", lambda limit, now: 1800)
    return monkeypatch


def act(client: Client, reader: Subscriber, what: str) -> Any:
    """One POST by the reader's page."""
    if what in ("leave", "undo"):
        return client.post(local(links.leave_url(reader)), {"act": what})
    form = {"language": "zh" if what == "choose" else "en", "frequency": "daily", "zone": "Asia/Shanghai"}
    form |= (
        {"plain_text": "0", "paused_until": str((timezone.now() + dt.timedelta(days=9)).date())}
        if what == "pause"
        else {"plain_text": "0"}
    )
    form |= {"act": "resume"} if what == "resume" else {}
    return client.post(local(links.preferences_url(reader)), form)


def use_up(reader: Subscriber) -> None:
    """The reader's share of this hour."""
    while limits.allow([(limits.PER_READER, str(reader.pk))], timezone.now()):
        continue


def test_a_traceback_in_the_log_has_no_address() -> None:
    try:
        raise ValueError('DETAIL: Key (email_key)=(ana@mail.example) already exists; <"bo"@x.example>, /r/p/abc.def')
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (ValueError, error, error.__traceback__))
    WithoutTokens().filter(record)
    assert record.exc_text
    assert "ana@" not in record.exc_text
    assert "abc.def" not in record.exc_text
    assert "raise ValueError" in record.exc_text


def test_a_wish_is_gone_once_it_is_taken_up(client: Client) -> None:
    send_form(client, "a@mail.example")
    signup.take_up()
    assert not Wish.objects.exists()
