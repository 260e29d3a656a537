"""Nobody learns from our answers whether an address is known: not by words, not by what is asked of the database."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from subscribers import joining, limits, mailbox, signup, suppressing
from subscribers.joining import Proof
from subscribers.models import Notice, State, Wish
from tests import factories
from tests.subscribers.pages import send_form, sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def test_every_state_and_nobody_get_the_same_status_headers_and_bytes(client: Client) -> None:
    for state in State.values:
        if state != State.ERASED:
            factories.reader(f"{state}@mail.example", state=state)
    joining.erase(factories.reader("erased@mail.example"), Proof("page"))
    suppressing.suppress("suppressed@mail.example", State.COMPLAINED, timezone.now())
    answers = set()
    for number, name in enumerate([*State.values, "suppressed", "stranger"]):
        answer = sign_up(client, f"{name}@mail.example", meta={"REMOTE_ADDR": f"192.0.{number}.1"})
        page = client.get(answer["Location"])
        answers.add((answer.status_code, tuple(sorted(answer.headers.items())), answer.content, page.content))
    assert len(answers) == 1


def test_a_mail_to_subscribe_is_answered_to_the_address_alone() -> None:
    """The mail server's answer is the same for everybody: only the address's owner learns more."""
    factories.reader("known@mail.example")
    for name in ("known", "stranger"):
        aim = mailbox.destination("subscribe@chenbao.example", "chenbao.example")
        assert aim
        assert mailbox.obey(aim, f"{name}@mail.example", Proof("mail")) == "the sender is asked to confirm"


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
