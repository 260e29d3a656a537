"""Mail scanners open every link, often twice: nothing changes by it, and the pages behind keep to themselves."""

import html
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from newsletter.deliver import editions
from newsletter.deliver.envelope import ReadyEdition
from newsletter.models import Edition
from subscribers import mails
from subscribers.models import State, Subscriber
from tests import factories
from tests.newsletter.full_issue import make_full_issue
from tests.subscribers.pages import every_link, link_in, local, sign_up, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]

SITE = "http://127.0.0.1:8000"  # the tests' SITE_URL


def links_of(sent: EmailMessage) -> list[str]:
    """Every address in a mail that leads to us, in text, HTML and header, as paths."""
    texts = [part.get_content() for part in sent.walk() if part.get_content_maintype() == "text"]
    texts += [str(value) for value in sent.values()]
    urls = {html.unescape(url) for text in texts for url in re.findall(r"https?://[^\s\"'<>]+", text)}
    return sorted(local(url) or "/" for url in urls if url.startswith(SITE))


def scan(client: Client, sent: EmailMessage) -> int:
    """Open every link of a mail as a scanner does, twice, and look at every row; how many links there were."""
    before = snapshot()
    paths = links_of(sent)
    for path in paths * 2:
        for answer in (client.get(path), client.head(path)):
            assert answer.status_code in (200, 302), path
    assert snapshot() == before
    return len(paths)


class Mailbox:
    """A mailbox behind a scanner: what comes is scanned on arrival and once more at the end."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.subjects: list[str] = []

    def newest(self) -> str:
        """The text of the one mail that is due, after the scanner has been through it."""
        mail.outbox.clear()
        mails.send_due()
        (sent,) = mail.outbox
        parsed = message_from_bytes(sent.message().as_bytes(), policy=default)
        self.subjects.append(str(parsed["Subject"]))
        assert scan(self.client, parsed) or "changed" in self.subjects[-1] or "更换" in self.subjects[-1]
        return str(sent.body)


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_a_scanner_in_front_of_the_mailbox_changes_nothing_in_a_whole_life(client: Client, language: str) -> None:
    make_full_issue(number=128, state="sent")
    box = Mailbox(client)
    sign_up(client, "a@mail.example", language)
    client.post(link_in(box.newest(), "c"))
    preferences = link_in(box.newest(), "p")
    sign_up(client, "a@mail.example", language)
    box.newest()  # "you already receive it"
    for wish in ("copy", "erase", "change"):
        client.post(f"{preferences}/ask", {"wish": wish})
        asked = box.newest()
    client.post(link_in(asked, "a"), {"email": "b@mail.example"})
    client.post(link_in(box.newest(), "n"))
    box.newest()  # the old address is told
    reader = Subscriber.objects.get()
    assert (reader.state, reader.email) == (State.ACTIVE, "b@mail.example")
    assert len(set(box.subjects)) == 8


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_a_scanner_of_the_issues_mail_changes_nothing(client: Client, language: str) -> None:
    issue = make_full_issue(number=128, state="sent")
    reader = factories.reader("a@mail.example", language=language)
    frozen = editions.render(issue, reader.choices())
    edition = Edition.objects.create(
        issue=issue,
        choices_hash=reader.choices_hash,
        choices=reader.choices(),
        subject="s",
        mime=frozen.mime,
        content_hash="",
        size=frozen.size,
        frozen_at=timezone.now(),
    )
    envelope = ReadyEdition.of(edition).address_to(reader, at=timezone.now())
    assert scan(client, message_from_bytes(envelope.message, policy=default)) >= 4
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE


def test_opening_every_link_twice_changes_nothing(client: Client) -> None:
    paths = every_link()
    before = snapshot()
    for path in paths * 2:
        for page in (client.get(path), client.head(path)):
            assert page.status_code == 200
    assert snapshot() == before


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_every_page_says_its_language_and_keeps_its_address_to_itself(client: Client, language: str) -> None:
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
