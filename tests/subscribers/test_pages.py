"""What strangers, mail scanners and forwarded mails can't do on the reader's pages; and what the pages say."""

import datetime as dt
import json
import logging
import re
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from subscribers import forms, joining, limits, links, mails, offers, signup, tickets
from subscribers.joining import Proof
from subscribers.links import Purpose
from subscribers.models import ConsentEvent, Notice, State, Subscriber, Suppression, Tally, Ticket, Wish
from subscribers.redaction import redact
from tests import factories

pytestmark = pytest.mark.django_db

WRITTEN = (Subscriber, ConsentEvent, Notice, Ticket, Suppression, Tally, Wish)


@pytest.fixture(autouse=True)
def hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form is filled in at a human pace, without the test waiting for it."""
    monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=-1))


def send_form(client: Client, email: str, language: str = "en", **fields: str) -> Any:
    age = forms.join_context(language)["form_age"]
    return client.post("/en/join/", {"email": email, "language": language, "age": age, **fields})


def sign_up(client: Client, email: str, language: str = "en", **fields: str) -> Any:
    """Send the form, and see to it as the queue does a moment later."""
    answer = send_form(client, email, language, **fields)
    signup.take_up()
    return answer


def snapshot() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in WRITTEN]


def local(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def every_link() -> list[str]:
    """One of each kind of link that we ever mail, all of them alive."""
    pending = joining.join("pending@mail.example", "both", Proof("form"))
    active = factories.reader("active@mail.example")
    paths = [links.confirm_url(pending, "both"), links.preferences_url(active)]
    paths += [links.leave_url(active), links.one_click_url(active)]
    for purpose in Ticket.Purpose:
        new = "new@mail.example" if purpose == Ticket.Purpose.NEW_ADDRESS else ""
        ticket = tickets.send(active, purpose, timezone.now(), new_email=new)
        assert ticket
        paths.append(links.ticket_url(ticket))
    return [local(path) for path in paths]


class TestScanners:
    def test_opening_every_link_twice_changes_nothing(self, client: Client) -> None:
        paths = every_link()
        before = snapshot()
        for path in paths * 2:
            for page in (client.get(path), client.head(path)):
                assert page.status_code == 200
        assert snapshot() == before

    @pytest.mark.parametrize("language", ["en", "zh", "both"])
    def test_every_page_says_its_language_and_keeps_its_address_to_itself(self, client: Client, language: str) -> None:
        for path in every_link():
            page = client.get(path.partition("?")[0], {"language": language})
            html = page.content.decode()
            assert ('<html lang="en">' if language != "zh" else '<html lang="zh-Hans">') in html
            assert page["Referrer-Policy"] == "no-referrer"
            assert "no-store" in page["Cache-Control"]
            assert "noindex" in page["X-Robots-Tag"]
            assert not page.cookies
            assert "active@mail.example" not in html
            assert "new@mail.example" not in html


class TestEnumeration:
    def test_known_and_unknown_addresses_get_the_same_bytes(self, client: Client) -> None:
        factories.reader("known@mail.example")
        factories.reader("gone@mail.example", state=State.LEFT)
        joining.join("pending@mail.example", "en", Proof("form"))
        answers = set()
        for name in ("known", "gone", "pending", "stranger"):
            answer = sign_up(client, f"{name}@mail.example")
            page = client.get(answer["Location"])
            answers.add((answer.status_code, answer["Location"], answer.content, page.content))
        assert len(answers) == 1

    @pytest.mark.parametrize("state", ["nobody", *State.values])
    def test_whoever_it_is_the_form_asks_the_database_the_same_and_nothing_about_the_address(
        self, client: Client, state: str
    ) -> None:
        if state in State.values:
            factories.reader("someone@mail.example", state=state)
        with CaptureQueriesContext(connection) as asked:
            send_form(client, "someone@mail.example")
        tables = [re.findall(r"subscribers_\w+", query["sql"])[:1] for query in asked]
        assert [table for (table,) in filter(None, tables)] == ["subscribers_tally", "subscribers_wish"]
        signup.take_up()
        assert not Wish.objects.exists()

    def test_the_answer_stays_the_same_once_an_address_has_had_its_mails(self, client: Client) -> None:
        answers = {(a.status_code, a["Location"]) for a in (sign_up(client, "a@mail.example") for _ in range(6))}
        assert len(answers) == 1
        assert Notice.objects.count() == limits.PER_ADDRESS.count


class TestSigningUp:
    def test_a_machine_that_fills_in_the_hidden_field_gets_the_usual_answer_and_no_mail(self, client: Client) -> None:
        answer = sign_up(client, "a@mail.example", website="https://spam.example")
        assert answer.status_code == 303
        assert not Subscriber.objects.exists()

    @pytest.mark.parametrize("age", ["", "join", "join:abc:def"])
    def test_a_form_that_we_did_not_serve_is_answered_with_ours(self, client: Client, age: str) -> None:
        page = client.post("/zh/join/", {"email": "a@mail.example", "language": "zh", "age": age})
        assert page.status_code == 200
        assert 'value="a@mail.example"' in page.content.decode()
        assert not Subscriber.objects.exists()

    def test_a_form_sent_faster_than_a_hand_can_is_answered_with_the_form(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=30))
        assert sign_up(client, "a@mail.example").status_code == 200
        assert not Subscriber.objects.exists()

    @pytest.mark.parametrize(
        "email",
        [
            "a@mail.example\nBcc: victim@mail.example",
            "a@mail.example\r\nSubject: hello",
            "a@mail.example%0aBcc:b@c.example",
            '"a\n"@mail.example',
            "Name <a@mail.example>",
            "a@mail.example, b@mail.example",
            "no address",
            "",
            "a" * 5000 + "@mail.example",
        ],
    )
    def test_what_is_no_address_makes_no_mail(self, client: Client, email: str) -> None:
        assert sign_up(client, email).status_code == 422
        assert not Notice.objects.exists()

    def test_international_addresses_join_in_either_form_as_one_reader(self, client: Client) -> None:
        sign_up(client, "用户@例子.example")
        sign_up(client, "用户@xn--fsqu00a.example")
        assert Subscriber.objects.get().email_key == "用户@xn--fsqu00a.example"

    def test_no_text_of_the_form_stands_in_the_mail(self, client: Client) -> None:
        sign_up(client, "buy-cheap-pills.at.example@mail.example", "both")
        mails.send_due()
        sent = mail.outbox[0]
        assert isinstance(sent, EmailMultiAlternatives)
        assert "pills" not in f"{sent.subject} {sent.body} {sent.alternatives[0][0]!s}"

    def test_one_network_can_sign_up_only_so_many(self, client: Client) -> None:
        statuses = [sign_up(client, f"a{n}@mail.example").status_code for n in range(limits.PER_IP.count + 2)]
        assert statuses == [303] * limits.PER_IP.count + [429] * 2
        assert Notice.objects.count() == limits.PER_IP.count

    def test_a_slip_in_the_domain_is_asked_about_and_can_be_kept(self, client: Client) -> None:
        page = sign_up(client, "reader@gmial.com")
        assert "reader@gmail.com" in page.content.decode()
        assert not Subscriber.objects.exists()
        assert sign_up(client, "reader@gmial.com", keep="reader@gmial.com").status_code == 303
        assert Subscriber.objects.get().email == "reader@gmial.com"

    def test_a_shared_mailbox_is_asked_about_and_can_be_kept(self, client: Client) -> None:
        assert "info@mail.example" in sign_up(client, "info@mail.example").content.decode()
        assert sign_up(client, "info@mail.example", keep="info@mail.example").status_code == 303

    def test_throw_away_mailboxes_are_refused_only_where_the_operator_says_so(
        self, client: Client, settings: Any
    ) -> None:
        assert sign_up(client, "a@mailinator.com").status_code == 303
        settings.REFUSE_DISPOSABLE = True
        assert sign_up(client, "b@sub.mailinator.com").status_code == 422

    def test_the_consent_is_kept_with_its_words_and_where_it_came_from(self, client: Client) -> None:
        sign_up(client, "a@mail.example", "en")
        event = ConsentEvent.objects.get()
        assert (event.kind, event.how, event.ip) == ("asked", "form", "127.0.0.1")
        assert "one click ends it" in event.wording


class TestLinks:
    def test_a_link_of_one_purpose_is_useless_for_another(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        letters = {Purpose.CONFIRM: "c", Purpose.PREFERENCES: "p", Purpose.LEAVE: "l", Purpose.ONE_CLICK: "u"}
        letters |= {Purpose.COPY: "d", Purpose.ERASE: "e", Purpose.CHANGE: "a", Purpose.NEW_ADDRESS: "n"}
        before = snapshot()
        for made_for in Purpose:
            for used_for in Purpose:
                if made_for != used_for:
                    path = f"/r/{letters[used_for]}/{links.sign(reader.token, made_for)}"
                    assert client.post(path).status_code == 404
        assert snapshot() == before

    @pytest.mark.parametrize("broken", ["nonsense", "a.b", "", "../p"])
    def test_a_broken_link_gets_a_page_that_helps(self, client: Client, broken: str) -> None:
        assert client.get(f"/r/p/{broken}").status_code == 404

    def test_links_go_on_working_after_the_key_has_been_rotated(self, client: Client, settings: Any) -> None:
        path = local(links.preferences_url(factories.reader("a@mail.example")))
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another"
        assert client.get(path).status_code == 200

    def test_every_readers_links_are_equally_long(self) -> None:
        one, two = joining.join("a@b.example", "en", Proof("form")), joining.join("c@d.example", "zh", Proof("form"))
        for make in (links.preferences_url, links.leave_url, links.one_click_url, links.leave_address):
            assert len(make(one)) == len(make(two))

    def test_no_log_has_a_token(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        path = local(links.preferences_url(factories.reader("a@mail.example")))
        token = path.rpartition("/")[2]
        with caplog.at_level(logging.DEBUG):
            client.delete(path)
        assert "/r/p/…" in caplog.text  # Django names the address of a refused request
        assert token not in caplog.text
        assert redact(f"to leave+{'a1' * 16}@chenbao.example") == "to leave+…@chenbao.example"


class TestOneClick:
    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
            (
                '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
                "multipart/form-data; boundary=x",
            ),
        ],
    )
    def test_a_post_without_cookie_leaves_at_once_and_as_often_as_it_comes(self, body: str, content_type: str) -> None:
        reader = factories.reader("a@mail.example")
        path = local(links.one_click_url(reader))
        strict = Client(enforce_csrf_checks=True)
        for _ in range(3):
            answer = strict.post(path, body, content_type=content_type)
            assert answer.status_code == 200
            assert not answer.cookies
        reader.refresh_from_db()
        assert reader.state == State.LEFT
        assert list(reader.consents.values_list("kind", "how")) == [("left", "one_click")]


class TestPreferences:
    def url(self, reader: Subscriber) -> str:
        return local(links.preferences_url(reader))

    def data(self, reader: Subscriber, **changes: Any) -> dict[str, Any]:
        return {**forms.present_choices(reader, offers.current()), **changes}

    def test_choices_are_stored_with_their_hash_and_shown_as_stored(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        before = reader.choices_hash
        data = self.data(reader, language="zh", lists=["china"], send_at="06:30", zone="Europe/London", plain_text="1")
        answer = client.post(self.url(reader), data)
        assert answer.status_code == 303
        assert 'role="status"' in client.get(answer["Location"]).content.decode()
        reader.refresh_from_db()
        assert (reader.language, reader.lists, reader.send_at) == ("zh", ["china"], dt.time(6, 30))
        assert (reader.zone, reader.plain_text, reader.topics) == ("Europe/London", True, None)
        assert reader.choices_hash not in ("", before)

    def test_everything_ticked_is_stored_as_all_so_that_new_ones_are_included(self, client: Client) -> None:
        reader = factories.reader("a@mail.example", lists=["china"])
        every = [option.slug for option in offers.current().lists]
        client.post(self.url(reader), self.data(reader, lists=every))
        reader.refresh_from_db()
        assert reader.lists is None

    def test_nothing_ticked_is_a_choice_too(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        client.post(self.url(reader), self.data(reader, topics=[]))
        reader.refresh_from_db()
        assert reader.topics == []

    def test_a_date_pauses_and_an_empty_one_resumes(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        until = timezone.now().date() + dt.timedelta(days=9)
        client.post(self.url(reader), self.data(reader, paused_until=until.isoformat()))
        reader.refresh_from_db()
        assert (reader.state, reader.paused_until) == (State.PAUSED, until)
        client.post(self.url(reader), self.data(reader, paused_until=""))
        reader.refresh_from_db()
        assert (reader.state, reader.paused_until) == (State.ACTIVE, None)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"zone": "Mars/Olympus"},
            {"paused_until": "2020-01-01"},
            {"frequency": "weekly"},
            {"lists": ["moon"]},
            {"language": "fr"},
            {"send_at": "25:00"},
        ],
    )
    def test_what_is_not_on_offer_is_refused_and_nothing_is_saved(self, client: Client, wrong: dict[str, Any]) -> None:
        reader = factories.reader("a@mail.example")
        before = snapshot()
        assert client.post(self.url(reader), self.data(reader, **wrong)).status_code == 422
        assert snapshot() == before

    def test_the_link_in_a_forwarded_mail_shows_no_address(self, client: Client) -> None:
        page = client.get(self.url(factories.reader("someone@company.example"))).content.decode()
        assert "someone@company.example" not in page
        assert "s***@c***.example" in page


class TestLeaving:
    def test_leave_say_why_and_undo(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        path = local(links.leave_url(reader))
        client.post(path)
        client.post(path, {"act": "reason", "reason": "too_many"})
        client.post(path, {"act": "reason", "reason": "<script>"})
        client.post(path, {"act": "undo"})
        reader.refresh_from_db()
        assert reader.state == State.ACTIVE
        notes = reader.consents.values_list("kind", "note")
        assert list(notes) == [("left", ""), ("gave_reason", "too_many"), ("came_back", "")]


class TestGraveActs:
    def ask(self, client: Client, reader: Subscriber, wish: str) -> str:
        """Ask on the preferences page; the path of the link that is mailed."""
        answer = client.post(local(links.preferences_url(reader)) + "/ask", {"wish": wish})
        assert answer.status_code == 303
        mails.send_due()
        assert mail.outbox[-1].to == [reader.email]
        found = re.search(r"https?://[^/\s]+(/r/[dea]/\S+)", str(mail.outbox[-1].body))
        assert found
        return found[1]

    def test_a_copy_of_all_data_comes_once(self, client: Client) -> None:
        reader = joining.join("a@mail.example", "en", Proof("form", ip="192.0.2.1", wording="yes"))
        joining.confirm(reader, Proof("page"))
        path = self.ask(client, reader, "copy")
        copy = json.loads(client.post(path).content)
        assert copy["reader"]["email"] == "a@mail.example"
        assert [event["kind"] for event in copy["history"]] == ["asked", "confirmed"]
        assert client.post(path).status_code == 404

    def test_erasing_needs_the_mailbox_and_leaves_no_address_anywhere(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        path = self.ask(client, reader, "erase")
        assert client.post(path).status_code == 200
        reader.refresh_from_db()
        assert (reader.state, reader.email) == (State.ERASED, None)
        assert "a@mail.example" not in str(snapshot())
        assert client.post(path).status_code == 404

    def test_the_address_changes_only_after_both_mailboxes_agreed(self, client: Client) -> None:
        reader = factories.reader("old@mail.example")
        old_preferences = local(links.preferences_url(reader))
        path = self.ask(client, reader, "change")
        assert client.post(path, {"email": "nonsense"}).status_code == 422
        assert client.post(path, {"email": "old@mail.example"}).status_code == 422
        assert client.post(path, {"email": "new@mail.example"}).status_code == 200
        reader.refresh_from_db()
        assert reader.email == "old@mail.example"
        mails.send_due()
        assert mail.outbox[-1].to == ["new@mail.example"]
        found = re.search(r"https?://[^/\s]+(/r/n/\S+)", str(mail.outbox[-1].body))
        assert found
        assert client.post(found[1]).status_code == 200
        reader.refresh_from_db()
        assert reader.email == "new@mail.example"
        assert client.get(old_preferences).status_code == 404
        mails.send_due()
        assert mail.outbox[-1].to == ["old@mail.example"]

    def test_a_link_dies_after_half_an_hour(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        path = self.ask(client, reader, "erase")
        Ticket.objects.update(made_at=timezone.now() - tickets.VALID_FOR)
        assert client.post(path).status_code == 404

    def test_a_forwarded_link_cannot_fill_the_mailbox(self, client: Client) -> None:
        reader = factories.reader("a@mail.example")
        for _ in range(10):
            client.post(local(links.preferences_url(reader)) + "/ask", {"wish": "erase"})
        assert Notice.objects.count() == tickets.AT_ONCE
