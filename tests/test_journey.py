"""One event's way from two feed files, through all five acts and a real SMTP server, to parsed mails.

Told with the commands that an operator types; what each act leaves behind is looked at in between.
"""

import datetime as dt
import mailbox
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from newsletter.demo.inbox import running_inbox
from newsletter.models import Article, Citation, Delivery, Issue, IssueState, Ranking
from tests import factories

FEEDS = Path(__file__).parent / "fixtures" / "journey"
DAY = "2026-05-07"
SOURCES = {"https://chenxing.example/2026/tide-3", "https://harborledger.example/2026/tide-3"}


@pytest.fixture
def inbox(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.DEVELOPMENT_INBOX = tmp_path / "inbox"
    with running_inbox(0) as (host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        yield settings.DEVELOPMENT_INBOX


def mails(inbox: Path) -> dict[str, EmailMessage]:
    """The inbox's mails by recipient."""
    parser = BytesParser(policy=default)
    box = mailbox.Maildir(inbox)
    found = [parser.parsebytes(box.get_bytes(key)) for key in box.iterkeys()]
    assert len({m["To"] for m in found}) == len(found), "somebody got two"
    return {str(mail["To"].addresses[0].addr_spec): mail for mail in found}


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def assert_each_in_their_language(received: dict[str, EmailMessage]) -> None:
    assert set(received) == {"ana@reader.example", "bo@reader.example", "cy@reader.example"}
    english, chinese, both = (received[f"{name}@reader.example"] for name in ("ana", "bo", "cy"))
    for kind in ("html", "plain"):
        assert "Yunfan AI released Tide 3" in part(english, kind)
        assert "云帆智能今天发布开源大模型" not in part(english, kind)
        assert "云帆智能今天发布开源大模型" in part(chinese, kind)
        assert "Yunfan AI released" not in part(chinese, kind)
        assert "Yunfan AI released Tide 3" in part(both, kind)
        assert "云帆智能今天发布开源大模型" in part(both, kind)
    assert all(url in part(both, "plain") for url in SOURCES), "each fact is one click from its source"
    assert '/both/issues/2026-05-07/#ref-1"' in part(both, "html"), "or from the page that leads there"
    for mail in received.values():
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Subject"]
    assert len({mail["Message-ID"] for mail in received.values()}) == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_event_from_two_feeds_to_three_mails(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.editor("lin")
    for address, language in (
        ("ana@reader.example", "en"),
        ("bo@reader.example", "zh"),
        ("cy@reader.example", "both"),
    ):
        factories.reader(address, language=language)

    call_command("gather", "--from", str(FEEDS), "--date", DAY)
    assert set(Article.objects.values_list("language", flat=True)) == {"zh", "en"}
    assert Article.objects.get(language="zh").published_at == dt.datetime(2026, 5, 6, 10, 30, tzinfo=dt.UTC)

    call_command("rank", "--date", DAY)
    story = Ranking.objects.get(date=DAY).story
    assert story.articles.count() == 2, "the two reports are one story"

    call_command("compose", "--date", DAY)
    issue = Issue.objects.get(date=DAY)
    item = issue.blocks.get(key="item-1")
    assert "[1]" in item.text_en + item.text_zh
    assert "60%" in item.text_en
    assert "60%" in item.text_zh
    assert set(Citation.objects.values_list("url", flat=True)) == SOURCES

    call_command("check_issue", "--date", DAY)
    issue.refresh_from_db()
    assert issue.state == IssueState.IN_REVIEW

    with pytest.raises(CommandError, match="in_review"):
        call_command("deliver", "--date", DAY)
    call_command("approve", "--date", DAY, "--as", "lin")
    call_command("deliver", "--date", DAY)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    issue.refresh_from_db()
    assert issue.state == IssueState.SENT

    assert_each_in_their_language(mails(inbox))

    for act in ("gather", "rank", "deliver"):
        call_command(act, "--date", DAY, *(["--from", str(FEEDS)] if act == "gather" else []))
    assert len(mails(inbox)) == 3, "the whole morning again sends nothing twice"
