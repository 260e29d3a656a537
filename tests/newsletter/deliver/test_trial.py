"""A test mail is what a reader would get, to the byte, but for what must be somebody else's."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.mail import get_connection

from newsletter.deliver import trial
from newsletter.deliver.editions import Frozen, render
from newsletter.models import Issue
from subscribers import links
from subscribers.models import State, Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import approved_issue, deliver
from tests.newsletter.deliver.signatures import assert_verified
from tests.newsletter.deliver.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_templates")]
DESK = {"PREFERENCES_URL": "http://127.0.0.1:8000/desk/p/", "LEAVE_URL": "http://127.0.0.1:8000/desk/l/"}
BACKEND = "newsletter.deliver.backend.EmailBackend"


def trial_of(issue: Issue, sink: Sink, language: str = "en", to: str = "ed@paper.example") -> bytes:
    """The test mail as it arrives."""
    mail = trial.maker(issue, "[TEST]", DESK)(language, to)
    mail.connection = get_connection(BACKEND)
    assert mail.send() == 1
    return sink.to(to).content


def parts(content: bytes) -> dict[str, str]:
    mail = message_from_bytes(content, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_it_is_a_readers_mail_but_for_the_mark_and_the_links(sink: Sink, language: str) -> None:
    reader, issue = make.reader("ana@a.example", language=language), approved_issue()
    deliver(issue)
    issue.refresh_from_db()
    theirs, ours = sink.to("ana@a.example").content, trial_of(issue, sink, language)

    assert len(parts(theirs)["text/html"]) == len(parts(ours)["text/html"]), "as wide, so as large"
    for kind, text in parts(ours).items():
        assert links.leave_url(reader) not in text
        for name, own in (("LEAVE_URL", links.leave_url(reader)), ("PREFERENCES_URL", links.preferences_url(reader))):
            text = text.replace(DESK[name] + "?" + "-" * (len(own) - len(DESK[name]) - 1), own)
        assert text == parts(theirs)[kind]
    fields, others = (dict(message_from_bytes(content).items()) for content in (theirs, ours))
    assert list(fields) == list(others), "the same fields in the same order"
    assert {name for name in fields if fields[name] != others[name]} == {
        *("Subject", "Date", "To", "Message-ID", "List-Unsubscribe")
    }
    subjects = [str(message_from_bytes(content, policy=SMTP)["Subject"]) for content in (theirs, ours)]
    assert subjects[1] == f"[TEST] {subjects[0]}"


def test_its_links_open_nobodys_page_and_its_bounce_is_nobodys(sink: Sink) -> None:
    make.reader("ana@a.example")
    mail = message_from_bytes(trial_of(approved_issue(), sink), policy=SMTP)
    token = links.unsign(mail["List-Unsubscribe"].split(">")[0].rpartition("/")[2], links.Purpose.ONE_CLICK)
    assert not Subscriber.objects.filter(token=token).exists()
    assert sink.to("ed@paper.example").sender == links.bounce_address(Subscriber(pk=0), Issue.objects.get().pk)
    assert Subscriber.objects.get().state == State.ACTIVE


def test_it_is_signed_as_an_issue_is(sink: Sink, signed_mail: None, key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    content = trial_of(approved_issue(), sink)
    assert_verified(content, key, tmp_path)
    signed = re.sub(r"\s", "", str(message_from_bytes(content)["DKIM-Signature"]))
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(
        re.findall(r"[a-z-]+", signed.split("h=")[1].split(";")[0])
    )


def test_a_second_test_is_a_second_mail(sink: Sink) -> None:
    make_mail = trial.maker(approved_issue(), "[TEST]", DESK)
    first, second = (message_from_bytes(make_mail("en", "ed@paper.example").content) for _ in range(2))
    assert first["Message-ID"] != second["Message-ID"]
    assert len(first["Message-ID"]) == len(second["Message-ID"])


def test_a_language_is_rendered_once_however_many_get_it(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered = []

    def counted(issue: Issue, choices: dict[str, Any]) -> Frozen:
        rendered.append(choices["language"])
        return render(issue, choices)

    monkeypatch.setattr(trial, "render", counted)
    make_mail = trial.maker(approved_issue(), "[TEST]", DESK)
    for language in ("en", "zh"):
        for n in range(3):
            make_mail(language, f"ed{n}@paper.example")
    assert rendered == ["en", "zh"]
