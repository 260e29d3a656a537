"""How long the operator's pages about readers take on the server, among a million of them: a part of readers.py."""

import argparse
import datetime as dt
import os
import time
from functools import partial
from typing import Any

from tests.benchmarks.readers_common import ROUNDS, say, timed

LIST = "/admin/subscribers/subscriber/"
ISSUES = 730  # two years of the reader whose page is opened
OTHERS = 400  # readers who got all of them as well
AIM = 300  # milliseconds

PAGES = {
    "the list": "",
    "its 100th page": "?p=100",
    "by address, in order": "?o=1",
    "state: active": "?state__exact=active",
    "state: complained (few)": "?state__exact=complained",
    "language": "?language__exact=zh",
    "source": "?source=form",
    "source: mail, none such": "?source=mail&language__exact=en",
    "frequency": "?frequency__exact=weekdays",
    "plain text": "?plain_text__exact=1",
    "age: within a week": "?age=7",
    "age: longer than a year": "?age=older",
    "age: never": "?age=never",
    "state, language, source, age": "?state__exact=active&language__exact=zh&source=form&age=365",
    "search: a whole address": "?q={email}",
    "search: three letters": "?q=abc",
    "search: one letter": "?q=a",
    "search: @domain": "?q=@mail5.example",
    "search: @domain, active": "?q=@mail5.example&state__exact=active",
    "search: #number": "?q=%23{pk}",
    "search: nothing found": "?q=zzzzzz",
    "search: *anywhere (reads every address)": "?q=*abcd",
    "one reader": "{pk}/change/",
}


def measure_admin(options: argparse.Namespace) -> None:
    """Best of three for each page, through the whole of Django but the web server."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    from subscribers.models import Subscriber
    from tests.benchmarks.readers_crowd import make_crowd

    if not Subscriber.objects.exists():
        make_crowd(options.readers)
    _spread(options.readers)
    reader = Subscriber.objects.filter(state="active").order_by("pk")[OTHERS:][:1].get()
    _send_issues(reader)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get_or_create(username="operator", is_staff=True, is_superuser=True)[0])
    say(
        f"\n{connection.vendor}: the operator's pages among {Subscriber.objects.count()} readers (aim {AIM} ms); "
        f"load {os.getloadavg()[0]:.1f}\n  best ms, processor ms of this process (with SQLite in it)"
    )
    for name, query in PAGES.items():
        url = LIST + query.format(email=reader.email, pk=reader.pk)
        began = time.process_time()
        best = min(timed(partial(_open, client, url)) for _ in range(ROUNDS)) * 1000
        busy = (time.process_time() - began) / ROUNDS * 1000
        say(f"  {best:6.0f} {busy:6.0f}  {name}{'' if best <= AIM else '   <- over'}")


def _open(client: Any, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)


def _spread(count: int) -> None:
    """Languages, sources and ages: three years' growth, the newest last."""
    from django.db import connection

    from subscribers.models import Subscriber

    lite = connection.vendor == "sqlite"
    newest = Subscriber.objects.order_by("-pk").values_list("pk", flat=True)[:1].get()
    days = f"(({newest} - id) * 1095 / {count})"
    ago = (
        f"strftime('%Y-%m-%d %H:%M:%S', 'now', '-' || {days} || ' days')"
        if lite
        else f"now() - make_interval(days => {days}::int)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE subscribers_subscriber SET
            language = CASE WHEN id % 10 < 6 THEN 'zh' WHEN id % 10 < 8 THEN 'en' ELSE 'both' END,
            source = CASE WHEN id % 10 < 7 THEN 'import' WHEN id % 10 = 9 THEN 'mail' ELSE 'form' END,
            plain_text = (id % 40 = 0),
            state = CASE WHEN id % 500 = 1 THEN 'bounced' WHEN id % 5000 = 2 THEN 'complained' ELSE state END,
            created_at = {ago}, confirmed_at = CASE WHEN state = 'pending' THEN NULL ELSE {ago} END"""
        )
        if not lite:
            # without what the update left behind, as rows that came one by one would lie
            cursor.execute("VACUUM FULL subscribers_subscriber")
            cursor.execute("VACUUM ANALYZE subscribers_subscriber")


def _send_issues(reader: Any) -> None:
    """Two years of issues, sent to `reader` and some others, and what came back of a few."""
    from django.db import connection
    from django.utils import timezone

    from newsletter.models import Delivery, DeliveryEvent, Edition
    from subscribers.models import Subscriber
    from tests import factories

    if Delivery.objects.exists():
        return
    others = list(Subscriber.objects.exclude(pk=reader.pk).order_by("pk").values_list("pk", flat=True)[:OTHERS])
    first = timezone.now().replace(hour=0) - dt.timedelta(days=ISSUES)
    for day in range(ISSUES):
        at = first + dt.timedelta(days=day)
        issue = factories.issue(at.date())
        fields = {"choices_hash": "0" * 16, "choices": {}, "content_hash": "", "subject": "x", "mime": b"", "size": 1}
        edition = Edition.objects.create(issue=issue, frozen_at=at, **fields)
        sent = {"issue": issue, "edition": edition, "state": "accepted", "due_at": at, "finished_at": at}
        delivery = Delivery.objects.create(reader=reader, reply="250 2.0.0 Ok: queued", **sent)
        Delivery.objects.bulk_create(Delivery(reader_id=pk, **sent) for pk in others)
        if day % 40 == 0:
            detail = {"status": "4.2.2", "diagnostic": "452 4.2.2 Mailbox full", "measure": "count"}
            DeliveryEvent.objects.create(
                delivery=delivery, reader=reader, kind="bounce", external_id=f"in:{day}", occurred_at=at, detail=detail
            )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE newsletter_delivery")
