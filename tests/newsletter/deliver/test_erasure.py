"""After an erasure, the address is looked for in every row of every table and every file, as an auditor would."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from newsletter.deliver import inbound
from newsletter.models import Delivery, DeliveryState, Edition
from subscribers import joining, links, mailbox, mails, signup, tickets
from subscribers.addresses import normalise
from subscribers.joining import Proof
from subscribers.models import Subscriber, Ticket
from tests import factories
from tests.newsletter.deliver.incoming import DOMAIN, bounce, complaint

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 7, 2, 0, tzinfo=dt.UTC)
ANA = "Ana@a.example"
SIGNS = ("ana@a.example", "192.0.2.77", "%40a.example")


def every_value() -> Iterator[tuple[str, str]]:
    """The name of each column of each table, of Django's and django-q2's own ones too, and what stands in it."""
    for model in apps.get_models():
        for row in model._base_manager.values():
            for name, value in row.items():
                yield f"{model._meta.db_table}.{name}", str(bytes(value) if isinstance(value, memoryview) else value)


def found() -> list[str]:
    """Where anything of Ana still stands, in rows or in files."""
    places = [name for name, value in every_value() if any(sign in value.lower() for sign in SIGNS)]
    files = (path for path in Path(settings.VAR_DIR).rglob("*") if path.is_file() and "sqlite3" not in path.name)
    return places + [path.name for path in files if any(sign.encode() in path.read_bytes().lower() for sign in SIGNS)]


@pytest.fixture
def ana() -> Subscriber:
    """A reader who has done everything that leaves a trace."""
    proof = Proof("form", ip="192.0.2.77", wording="yes, to ana@a.example", at=NOW)
    signup.note(normalise(ANA), "en", proof)
    signup.take_up()
    reader = Subscriber.objects.get(email_key="ana@a.example")
    joining.confirm(reader, Proof("page", ip="192.0.2.77", at=NOW))
    joining.set_choices(reader, Proof("page", ip="192.0.2.77", at=NOW), language="zh")
    aim = mailbox.destination(f"subscribe@{DOMAIN}", DOMAIN)
    assert aim
    mailbox.obey(aim, ANA, Proof("mail", at=NOW))
    mails.send_due(NOW)
    for purpose in (Ticket.Purpose.COPY, Ticket.Purpose.CHANGE):
        tickets.send(reader, purpose, NOW)
    return reader


def report_on(reader: Subscriber) -> None:
    """A refusal in the session, a bounce, a complaint, each with the address in its words."""
    issue = factories.issue(NOW.date(), state="sending")
    edition = Edition.objects.create(issue=issue, choices={}, mime=b"", size=0, frozen_at=NOW, subject="x")
    delivery = Delivery.objects.create(
        issue=issue,
        reader=reader,
        edition=edition,
        state=DeliveryState.DEFERRED,
        due_at=NOW,
        handed_over_at=NOW,
        reply="452 4.2.2 <ana@a.example> is full",
    )
    inbound.refused(delivery, "552 5.2.2 <ana@a.example> is full", NOW)
    for message, to in (
        (bounce("5.2.2", "552 <ana@a.example> full"), links.bounce_address(reader, issue.pk)),
        (complaint(f"X: <mailto:{links.leave_address(reader)}>"), f"complaints@{DOMAIN}"),
    ):
        inbound.receive(message, envelope_sender="", envelope_recipient=to, now=NOW)


def test_nothing_of_an_erased_reader_is_left_in_any_row_or_file(ana: Subscriber, client: Client) -> None:
    report_on(ana)
    editor = factories.editor()
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Subscriber),
        object_id=str(ana.pk),
        object_repr="ana@a.example",
        action_flag=CHANGE,
        change_message="ana@a.example was paused",
    )
    other = factories.reader("bo@b.example")
    tickets.send(other, Ticket.Purpose.NEW_ADDRESS, NOW, new_email=ANA)
    signup.note(normalise(ANA), "en", Proof("form", at=NOW))
    assert len(found()) > 10  # it is looked for where it is

    joining.erase(ana, Proof("page", ip="192.0.2.77", at=NOW))

    assert found() == []
    signup.take_up()
    mails.send_due(NOW)
    assert found() == []


def test_the_rows_that_stay_say_that_a_reader_was_erased_and_no_more(ana: Subscriber) -> None:
    joining.erase(ana, Proof("page", ip="192.0.2.77", at=NOW))
    kept = ana.consents.get()
    assert (kept.kind, kept.ip, kept.wording, kept.note) == ("erased", None, "", "")
