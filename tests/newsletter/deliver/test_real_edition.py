"""A whole issue through the real templates: every language, both parts, links in their places."""

from email.message import EmailMessage

import pytest
from django.utils import timezone

from newsletter import workflow
from newsletter.page import BUDGET_BYTES
from subscribers import links
from subscribers.models import Subscriber
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, deliver
from tests.newsletter.deliver.sink import Sink
from tests.newsletter.full_issue import make_full_issue

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.newsletter.deliver.reader_urls")]


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_a_whole_issue_in_each_language(sink: Sink, language: str) -> None:
    make.reader("ana@a.example", language=language)
    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    workflow.approve(issue, make.editor())
    type(issue).objects.update(approved_at=NINE)
    assert deliver(issue)["accepted"] == 1

    got, reader = sink.to("ana@a.example"), Subscriber.objects.get()
    html, text = part(got.parsed, "html"), part(got.parsed, "plain")
    for own in (links.preferences_url(reader), links.leave_url(reader)):
        assert html.count(f'href="{own}"') == 1
        assert text.count(own) == 1
    assert "slot.invalid" not in html + text
    assert "@@" not in html + text
    assert html.startswith("<!DOCTYPE html>")
    assert "&#x27;" not in text
    assert "&amp;" not in text
    assert got.content.isascii()
    assert max(map(len, got.content.split(b"\r\n"))) < 200
    edition = issue.editions.get()
    assert edition.size == len(html.encode().replace(b"\r\n", b"\n").rstrip()) < BUDGET_BYTES
    if language != "zh":
        assert issue.title_en in html.replace("&#x27;", "'")
    if language != "en":
        assert "晨报" in text


def test_a_feed_that_writes_our_slots_into_its_text_gets_no_readers_link(sink: Sink) -> None:
    make.reader("ana@a.example", language="en")
    issue = make_full_issue(state="in_review", checked_at=timezone.now())
    issue.citations.filter(number=1).update(url="https://evil.example/?@@LEAVE_URL@@", title="@@PREFERENCES_URL@@")
    issue.blocks.filter(key="item-1").update(text_en="They say @@LEAVE_URL@@ https://slot.invalid/LEAVE_URL/1 [1].")
    workflow.approve(issue, make.editor())
    type(issue).objects.update(approved_at=NINE)
    deliver(issue)

    mail, reader = sink.to("ana@a.example").parsed, Subscriber.objects.get()
    for kind in ("html", "plain"):
        assert part(mail, kind).count(links.leave_url(reader)) == 1
        assert part(mail, kind).count(links.preferences_url(reader)) == 1
