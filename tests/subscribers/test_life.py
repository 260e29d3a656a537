"""A reader's life, as the reader lives it: through pages and mails, in each language."""

import pytest
from django.core import mail
from django.test import Client

from subscribers import mails
from subscribers.models import State, Subscriber
from tests.subscribers.pages import link_in, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]

ADDRESS = "reader@mail.example"


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_joins_confirms_chooses_leaves_and_comes_back(client: Client, language: str) -> None:
    assert sign_up(client, ADDRESS, language).status_code == 303
    reader = Subscriber.objects.get(email_key=ADDRESS)
    assert reader.state == State.PENDING
    mails.send_due()

    confirm = link_in(str(mail.outbox[0].body), "c")
    assert client.get(confirm).status_code == 200
    assert client.post(confirm).status_code == 303
    reader.refresh_from_db()
    assert (reader.state, reader.language) == (State.ACTIVE, language)
    mails.send_due()

    welcome = mail.outbox[1]
    preferences = link_in(str(welcome.body), "p")
    page = client.get(preferences)
    assert page.status_code == 200
    assert ADDRESS not in page.content.decode()

    leave = link_in(str(welcome.body), "l")
    assert client.get(leave).status_code == 200
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
    client.post(leave)
    reader.refresh_from_db()
    assert reader.state == State.LEFT
    client.post(leave, {"act": "undo"})
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE
