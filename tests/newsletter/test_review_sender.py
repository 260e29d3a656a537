"""SPF, DKIM and DMARC as a name server on loopback tells them; and what is not known is no fault."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.utils import timezone

from newsletter import schedules
from newsletter.models import Newsletter
from newsletter.review import points, sender
from tests import factories

pytestmark = pytest.mark.django_db

SPF, DMARC = "v=spf1 mx -all", "v=DMARC1; p=reject"
KEY = "v=DKIM1; k=rsa; p=MIIBIjANBgkq"


@contextmanager
def name_server(texts: dict[str, list[str]]) -> Iterator[int]:
    """Answers TXT questions over UDP from `texts`; a name that is not there has no records at all. Yields its port."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            wire, who = line.recvfrom(4096)
            if not wire:
                return
            asked = dns.message.from_wire(wire)
            answer = dns.message.make_response(asked)
            answer.flags |= dns.flags.RA
            name = asked.question[0].name.to_text().rstrip(".")
            if found := texts.get(name):
                quoted = [
                    '"' + '" "'.join(text[i : i + 200] for i in range(0, len(text), 200)) + '"' for text in found
                ]
                answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *quoted))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            line.sendto(answer.to_wire(), who)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    port = line.getsockname()[1]
    try:
        yield port
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", port))
        thread.join()
        line.close()


@pytest.fixture
def letter(settings: Any) -> Newsletter:
    settings.EXAMPLE_ADDRESS_PASSES, settings.DKIM_SELECTOR = False, ""
    Newsletter.objects.update(sender_address="news@paper.cn", dkim_selector="s1")
    return factories.newsletter()


def looked_up(monkeypatch: pytest.MonkeyPatch, letter: Newsletter, texts: dict[str, list[str]]) -> dict[str, str]:
    with name_server(texts) as port:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], port
        monkeypatch.setattr(dns.resolver, "Resolver", lambda: resolver)
        return {record.name: record.state for record in sender.look_up(letter)}


GOOD = {"paper.cn": ["another thing", SPF], "_dmarc.paper.cn": [DMARC], "s1._domainkey.paper.cn": [KEY]}


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, {}),
        ({"paper.cn": []}, {"SPF": "missing"}),
        ({"paper.cn": ["only another thing"]}, {"SPF": "missing"}),
        ({"paper.cn": [SPF, "v=spf1 a ~all"]}, {"SPF": "wrong"}),
        ({"_dmarc.paper.cn": []}, {"DMARC": "missing"}),
        ({"s1._domainkey.paper.cn": []}, {"DKIM": "missing"}),
        ({"s1._domainkey.paper.cn": ["v=DKIM1; k=rsa; p="]}, {"DKIM": "wrong"}),
        ({"s1._domainkey.paper.cn": [f"v=DKIM1; k=rsa; p={'A' * 392}"]}, {}),
    ],
)
def test_each_record_is_found_missing_or_wrong(
    monkeypatch: pytest.MonkeyPatch, letter: Newsletter, change: dict[str, list[str]], faults: dict[str, str]
) -> None:
    states = looked_up(monkeypatch, letter, {**GOOD, **change})
    assert states == {**dict.fromkeys(("SPF", "DKIM", "DMARC"), "found"), **faults}


def test_a_subdomain_is_covered_by_its_organisations_dmarc(
    monkeypatch: pytest.MonkeyPatch, letter: Newsletter
) -> None:
    letter.sender_address = "news@mail.paper.cn"
    texts = {"mail.paper.cn": [SPF], "_dmarc.paper.cn": [DMARC], "s1._domainkey.mail.paper.cn": [KEY]}
    assert set(looked_up(monkeypatch, letter, texts).values()) == {"found"}


def test_without_an_answer_nothing_is_known_within_the_time_and_that_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, letter: Newsletter
) -> None:
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], silent.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: resolver)
    monkeypatch.setattr(sender, "SECONDS", 0.2)
    started = timezone.now()
    assert {record.state for record in sender.look_up(letter)} == {"unknown"}
    assert timezone.now() - started < dt.timedelta(seconds=3)
    silent.close()
    issue = factories.issue(newsletter=letter)
    (point,) = (each for each in points.about_sending(issue, "x") if each.slug == "sender")
    assert point.ok


def test_what_was_found_is_kept_until_it_is_old_or_the_sender_another(
    monkeypatch: pytest.MonkeyPatch, letter: Newsletter
) -> None:
    now = timezone.now()
    assert ("look_up_sender", letter.pk) in list(schedules.due(letter, now))
    looked_up(monkeypatch, letter, {**GOOD, "_dmarc.paper.cn": []})
    letter = factories.newsletter()
    assert not sender.is_due(letter, now)
    assert sender.is_due(letter, now + sender.FRESH + dt.timedelta(minutes=1))
    (point,) = (
        each for each in points.about_sending(factories.issue(newsletter=letter), "x") if each.slug == "sender"
    )
    assert (point.ok, point.label) == (False, "Sender: no good DMARC")
    letter.sender_address = "news@other.cn"
    assert sender.known(letter) == []
    assert sender.is_due(letter, now)


def test_a_key_of_our_own_is_looked_for_where_we_sign(
    monkeypatch: pytest.MonkeyPatch, letter: Newsletter, settings: Any
) -> None:
    settings.DKIM_SELECTOR, settings.DKIM_DOMAIN = "own", "mail.cn"
    states = looked_up(monkeypatch, letter, {**GOOD, "own._domainkey.mail.cn": [KEY]})
    assert states["DKIM"] == "found"


def test_an_examples_domain_is_not_asked_for_in_a_demo(settings: Any) -> None:
    settings.EXAMPLE_ADDRESS_PASSES = True
    assert not sender.is_due(factories.newsletter(), timezone.now())
