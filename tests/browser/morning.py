"""A whole morning in the rows: ranked stories, a clock that is moved, workers that are called, readers' mailboxes."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache

from newsletter import runs, schedules, tasks
from newsletter.models import Article, Issue, Newsletter, Source
from tests import factories as make
from tests.newsletter import compose_day
from tests.newsletter.deliver.sink import Sink, running_sink
from tests.newsletter.link_server import link_server

GONE = "/gone"
FAR = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
# What a writer got wrong: the text as it was composed, and as it stood in the draft. The sources say the first.
SLIPS = {
    "item-2": ("has taken $5 billion", "has taken $7 billion"),
    "item-1": ("on 8 cards", "on 16 cards"),
}


@dataclass
class Morning:
    """The day at the desk. `now` is what every clock of the server says."""

    now: dt.datetime
    sink: Sink

    @property
    def issue(self) -> Issue:
        return Issue.objects.get(kind="daily")

    def at(self, clock: str) -> None:
        """The clock is moved to this hour of the newsletter's zone, and the workers do what the rows say is due."""
        letter = make.newsletter()
        self.now = letter.moment(make.DAY, dt.time.fromisoformat(clock)).astimezone(dt.UTC)
        cache.clear()
        runs.ticked(self.now)
        for job, *arguments in list(schedules.due(letter, self.now)):
            if job != "check_links":  # the editor asks for that by hand, so that the page shows it
                getattr(tasks, job)(*arguments)

    def subjects_to(self, address: str) -> list[str]:
        """Of the mails that this mailbox has taken, in their order."""
        return [str(mail.parsed["Subject"]) for mail in self.sink.mails if mail.recipient == address]

    def text_to(self, address: str) -> str:
        """The plain text of the last mail that this mailbox has taken."""
        part = [mail for mail in self.sink.mails if mail.recipient == address][-1].parsed.get_body(("plain",))
        assert part
        return str(part.get_content())


@contextmanager
def a_morning(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Morning]:
    """At 05:50, before the draft: eight ranked stories, one of whose pages has gone; three readers, one late riser."""
    with link_server() as pages, running_sink() as (sink, host, port):
        settings.EMAIL_BACKEND = "newsletter.deliver.backend.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMTP_CONNECTIONS = host, port, 1
        settings.EXAMPLE_ADDRESS_PASSES, settings.FETCH_ALLOW_LOOPBACK = True, True
        letter = make.newsletter()
        morning = Morning(letter.moment(make.DAY, dt.time(5, 50)).astimezone(dt.UTC), sink)
        monkeypatch.setattr("django.utils.timezone.now", lambda: morning.now)
        monkeypatch.setattr(tasks, "rank_day", lambda *_: {})  # the rows are those of a day that was ranked
        Newsletter.objects.update(sender_dns_at=morning.now)
        schedules.install()
        runs.ticked(morning.now)
        _the_day(pages.base)
        pages.answers[GONE] = (404, 404)
        for name, language, hour in (("ana", "en", None), ("bo", "zh", None), ("cy", "both", dt.time(9))):
            make.reader(f"{name}@reader.example", language=language, send_at=hour)
        yield morning


def slip(issue: Issue) -> None:
    """The draft says what its sources don't, in two sentences."""
    for key, (right, wrong) in SLIPS.items():
        block = issue.blocks.get(key=key)
        assert right in block.text_en, block.text_en
        issue.blocks.filter(key=key).update(text_en=block.text_en.replace(right, wrong))


def _the_day(pages: str) -> None:
    compose_day.make()
    Source.objects.update(next_visit_at=FAR)
    for place, article in enumerate(Article.objects.order_by("pk")):
        gone = article.title.startswith("Federal office")
        Article.objects.filter(pk=article.pk).update(url=pages + (GONE if gone else f"/news/{place}"))
