"""A reader's life, as the reader lives it: through pages and mails, in each language."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from subscribers import forms, mails, signup
from subscribers.models import State, Subscriber

pytestmark = pytest.mark.django_db

ADDRESS = "reader@mail.example"


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form is filled in at a human pace, without the test waiting for it."""
    monkeypatch.setattr(forms, "FASTEST", dt.timedelta(seconds=-1))


def sign_up(client: Client, email: str = ADDRESS, language: str = "both", **fields: str) -> Any:
    age = forms.join_context(language)["form_age"]
    return client.post("/en/join/", {"email": email, "language": language, "age": age, **fields})


def path_in(body: str, letter: str) -> str:
    """The path of the link for `letter` (c, p, l, …) in a mail's text."""
    found = re.search(rf"https?://[^/\s]+(/r/{letter}/\S+)", body)
    assert found, body
    return found[1]


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_joins_confirms_chooses_leaves_and_comes_back(client: Client, hand: None, language: str) -> None:
    assert sign_up(client, language=language).status_code == 303
    signup.take_up()
    reader = Subscriber.objects.get(email_key=ADDRESS)
    assert reader.state == State.PENDING
    mails.send_due()

    confirm = path_in(str(mail.outbox[0].body), "c")
    assert client.get(confirm).status_code == 200
    assert client.post(confirm).status_code == 303
    reader.refresh_from_db()
    assert (reader.state, reader.language) == (State.ACTIVE, language)
    mails.send_due()

    welcome = mail.outbox[1]
    preferences = path_in(str(welcome.body), "p")
    page = client.get(preferences)
    assert page.status_code == 200
    assert ADDRESS not in page.content.decode()

    leave = path_in(str(welcome.body), "l")
    assert client.get(leave).status_code == 200
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    client.post(leave)
    reader.refresh_from_db()
    assert reader.state == State.LEFT
    client.post(leave, {"act": "undo"})
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
