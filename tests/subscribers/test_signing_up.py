"""The sign-up form: what it refuses, what it asks about, and what it never lets into a mail."""

import datetime as dt
import html
import re
import time
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from subscribers import forms, joining, limits, links, mailbox, mails
from subscribers.joining import Proof
from subscribers.models import ConsentEvent, Notice, Subscriber, Wish
from tests.newsletter.full_issue import make_full_issue
from tests.subscribers.pages import local, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def test_a_machine_that_fills_in_the_hidden_field_gets_the_usual_answer_and_no_mail(client: Client) -> None:
    answer = sign_up(client, "a@mail.example", website="https://spam.example")
    assert answer.status_code == 303
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("age", ["", "join", "join:abc:def"])
def test_a_form_that_we_did_not_serve_is_answered_with_ours(client: Client, age: str) -> None:
    page = client.post("/zh/join/", {"email": "a@mail.example", "language": "zh", "age": age})
    assert page.status_code == 200
    assert 'value="a@mail.example"' in page.content.decode()
    assert not Subscriber.objects.exists()


def test_a_form_sent_faster_than_a_hand_can_is_answered_with_the_form(
    client: Client, monkeypatch: pytest.MonkeyPatch
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
def test_what_is_no_address_makes_no_mail(client: Client, email: str) -> None:
    assert sign_up(client, email).status_code == 422
    assert not Notice.objects.exists()


def test_international_addresses_join_in_either_form_as_one_reader(client: Client) -> None:
    sign_up(client, "用户@例子.example")
    sign_up(client, "用户@xn--fsqu00a.example")
    assert Subscriber.objects.get().email_key == "用户@xn--fsqu00a.example"


def test_no_text_of_the_form_stands_in_the_mail(client: Client) -> None:
    sign_up(client, "buy-cheap-pills.at.example@mail.example", "both")
    mails.send_due()
    sent = mail.outbox[0]
    assert isinstance(sent, EmailMultiAlternatives)
    assert "pills" not in f"{sent.subject} {sent.body} {sent.alternatives[0][0]!s}"


def test_one_network_can_sign_up_only_so_many(client: Client) -> None:
    statuses = [sign_up(client, f"a{n}@mail.example").status_code for n in range(limits.PER_IP.count + 2)]
    assert statuses == [303] * limits.PER_IP.count + [429] * 2
    assert Notice.objects.count() == limits.PER_IP.count


def test_a_slip_in_the_domain_is_asked_about_and_can_be_kept(client: Client) -> None:
    page = sign_up(client, "reader@gmial.com")
    assert "reader@gmail.com" in page.content.decode()
    assert not Subscriber.objects.exists()
    assert sign_up(client, "reader@gmial.com", keep="reader@gmial.com").status_code == 303
    assert Subscriber.objects.get().email == "reader@gmial.com"


def test_a_shared_mailbox_is_asked_about_and_can_be_kept(client: Client) -> None:
    assert "info@mail.example" in sign_up(client, "info@mail.example").content.decode()
    assert sign_up(client, "info@mail.example", keep="info@mail.example").status_code == 303


def test_throw_away_mailboxes_are_refused_only_where_the_operator_says_so(client: Client, settings: Any) -> None:
    assert sign_up(client, "a@mailinator.com").status_code == 303
    settings.REFUSE_DISPOSABLE = True
    assert sign_up(client, "b@sub.mailinator.com").status_code == 422


def test_the_consent_is_kept_with_its_words_and_where_it_came_from(client: Client) -> None:
    sign_up(client, "a@mail.example", "en")
    event = ConsentEvent.objects.get()
    assert (event.kind, event.how, event.ip) == ("asked", "form", "127.0.0.1")
    assert "one click ends it" in event.wording


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_the_form_for_other_sites_leads_to_ours_with_address_and_language_kept(client: Client, language: str) -> None:
    path = "/zh/" if language == "zh" else "/en/"
    page = client.get(f"{path}embed/", {"language": language}).content.decode()
    snippet = html.unescape(page.partition("data-copied>")[2].partition("</textarea>")[0])
    assert snippet in page.partition("</textarea>")[2], "what is shown is what is copied"
    assert "<script" not in snippet
    assert " style=" not in snippet
    action = re.search(r'action="([^"]+)"', snippet)
    sent = dict(re.findall(r'name="(\w+)" value="(\w+)"', snippet))
    assert action
    answer = Client(enforce_csrf_checks=True).post(
        local(action[1]), {**sent, "email": "a@mail.example"}, headers={"origin": "https://elsewhere.example"}
    )
    again = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="a@mail.example"' in again
    assert re.search(rf'value="{language}" checked', again)
    assert 'role="status"' in again
    assert not Wish.objects.exists()


@pytest.mark.parametrize("email", ["a@b", "a@localhost", "用户@例子", "a@[192.0.2.1]"])
def test_an_address_that_no_mail_from_elsewhere_reaches_is_refused_in_words_beside_the_field(
    client: Client, email: str
) -> None:
    answer = sign_up(client, email)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a domain with a dot" in page
    assert f'value="{email}" aria-invalid="true" autofocus aria-describedby="join-problem join-note"' in page
    assert 'id="join-problem"' in page
    assert not Subscriber.objects.exists()


def test_the_field_that_is_hidden_from_people_speaks_the_language_of_its_page(client: Client) -> None:
    chinese = client.get("/zh/join/").content.decode()
    assert "Leave this empty" not in chinese
    assert "Leave this empty" in client.get("/en/join/").content.decode()


def test_a_form_that_comes_back_too_quickly_says_so_and_takes_the_next_press(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ours or of somebody else's page: two presses, never a third, and no page that comes back unexplained."""
    monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=30))
    quick = sign_up(client, "a@mail.example").content.decode()
    assert "so quickly that it might have been a machine" in quick
    foreign = client.post("/en/join/", {"email": "a@mail.example", "language": "en"}).content.decode()
    assert "keeps machines from signing people up" in foreign
    for page in (quick, foreign):
        (age,) = re.findall(r'name="age" value="([^"]+)"', page)
        fields = {"email": "a@mail.example", "language": "en", "age": html.unescape(age)}
        assert client.post("/en/join/", fields).status_code == 303


def test_the_second_press_must_still_be_a_hands(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FASTEST_AGAIN", dt.timedelta(milliseconds=400))
    page = client.post("/en/join/", {"email": "a@mail.example", "language": "en"}).content.decode()
    (age,) = re.findall(r'name="age" value="([^"]+)"', page)
    assert forms.judge_age(html.unescape(age)) == forms.Age.QUICK
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1)
    assert forms.judge_age(html.unescape(age)) == forms.Age.HAND
    monkeypatch.setattr(time, "time", lambda: now + forms.OLDEST.total_seconds() + 1)
    assert forms.judge_age(html.unescape(age)) == forms.Age.FOREIGN


@pytest.mark.parametrize("email", ["李雷@例子.example", "straße@mail.example", "lilei＠mail.example"])
def test_every_field_for_an_address_leaves_the_judgement_to_us(client: Client, email: str) -> None:
    """`type="email"` makes browsers refuse what RFC 6531 allows, and full-width signs."""
    for path in ("/zh/join/", "/zh/", "/zh/embed/"):
        page = html.unescape(client.get(path).content.decode())
        assert 'type="email"' not in page
        assert re.search(r'<input [^>]*name="email"[^>]*inputmode="email" autocomplete="email"', page)
    assert sign_up(client, email, "zh").status_code == 303
    assert Subscriber.objects.count() == 1


def test_what_is_agreed_to_is_kept_in_the_words_that_stood_there(client: Client) -> None:
    for language, words in (("en", "You agree to get this daily newsletter by mail"), ("both", "You agree to get")):
        sign_up(client, f"{language}@mail.example", language)
        reader = Subscriber.objects.get(email=f"{language}@mail.example")
        assert words in reader.consents.get(kind="asked").wording
        path = local(links.confirm_url(reader, language))
        page = client.get(path).content.decode()
        client.post(path)
        wording = reader.consents.get(kind="confirmed").wording
        assert "You agree to receive Chenbao, a daily newsletter, by mail at this address." in wording
        assert "[Yes, send it to me]" in wording
        assert wording.partition(" [")[0] in page, "it stood there"


def test_who_confirms_by_mail_agreed_to_what_stood_in_that_mail() -> None:
    reader = joining.join("a@mail.example", "en", Proof("form"))
    mails.send_due()
    aim = mailbox.destination(links.confirm_address(reader), "chenbao.example")
    assert aim
    mailbox.obey(aim, "a@mail.example", Proof("mail", wording="a mail to confirm@"))
    said = "You agree to receive Chenbao, a daily newsletter, by mail at this address."
    assert said in reader.consents.get(kind="confirmed").wording
    assert said in " ".join(str(mail.outbox[0].body).split())


@pytest.mark.parametrize("path", ["issues/", "issues/2026-05-07/"])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_the_form_stands_at_the_foot_of_the_archives_pages_and_works_from_a_cache(
    client: Client, language: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_full_issue(number=128, state="sent")
    answer = client.get(f"/{language}/{path}")
    page = answer.content.decode()
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert page.count('<form class="join"') == 1
    assert page.index("</main>") < page.index('<section id="join"') < page.index('<footer class="foot')
    assert 'href="#join"' in page
    form = page.partition('<form class="join"')[2].partition("</form>")[0]
    found = re.findall(r'name="(?:language" value="([^"]+)" checked|age" value="([^"]+)")', form)
    sent = {"language": found[0][0], "age": found[1][1]}
    assert sent["language"] == language
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600)  # it lay in a cache, or open, for an hour
    assert client.post("/en/join/", {**sent, "email": "a@mail.example"}).status_code == 303
