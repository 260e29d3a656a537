"""Nobody learns from our answers whether an address is known: not by words, not by what is asked of the database."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from subscribers import joining, limits, signup
from subscribers.joining import Proof
from subscribers.models import Notice, State, Wish
from tests import factories
from tests.subscribers.pages import send_form, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def test_known_and_unknown_addresses_get_the_same_bytes(client: Client) -> None:
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
    client: Client, state: str
) -> None:
    if state in State.values:
        factories.reader("someone@mail.example", state=state)
    with CaptureQueriesContext(connection) as asked:
        send_form(client, "someone@mail.example")
    tables = [re.findall(r"subscribers_\w+", query["sql"])[:1] for query in asked]
    assert [table for (table,) in filter(None, tables)] == ["subscribers_tally", "subscribers_wish"]
    signup.take_up()
    assert not Wish.objects.exists()


def test_the_answer_stays_the_same_once_an_address_has_had_its_mails(client: Client) -> None:
    answers = {(a.status_code, a["Location"]) for a in (sign_up(client, "a@mail.example") for _ in range(6))}
    assert len(answers) == 1
    assert Notice.objects.count() == limits.PER_ADDRESS.count
