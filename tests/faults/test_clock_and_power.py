"""The clock jumps while a worker holds claims; and a commit that has been answered outlives a power cut."""

import datetime as dt
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from newsletter.deliver import claims, editions, recovery
from newsletter.deliver.claims import Verdict
from newsletter.deliver.ledger import deliver_issue
from newsletter.deliver.record import Record
from newsletter.deliver.recovery import Recovered
from newsletter.models import Delivery, DeliveryState, Issue
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, quiet
from tests.newsletter.deliver.raw_server import RawServer, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_templates")]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def issue() -> Issue:
    for n in range(3):
        make.reader(f"r{n}@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    return issue


def recover_an_hour_ahead(monkeypatch: pytest.MonkeyPatch) -> Recovered:
    """What somebody finds whose clock is that fast."""
    later = timezone.now() + HOUR
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        return recovery.recover()


def states() -> Counter[str]:
    return Counter(Delivery.objects.values_list("state", flat=True))


def test_a_clock_an_hour_ahead_takes_nothing_from_a_living_worker(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Record() as record:
        record.claiming()
        claims.claim(issue, record.worker, due_by=NINE, size=3)
        assert not recover_an_hour_ahead(monkeypatch)
        assert states() == Counter(claimed=3)


def test_another_hosts_worker_that_a_fast_clock_took_for_dead_knows_better(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = claims.claim(issue, "elsewhere:1:ab", due_by=NINE, size=3)
    assert recover_an_hour_ahead(monkeypatch).uncertain == 3
    verdict = Verdict(DeliveryState.ACCEPTED, "250 2.0.0 OK", NINE)
    recovery.settle("elsewhere:1:ab", {each.pk: verdict for each in held})
    assert states() == Counter(accepted=3)


def test_an_hour_back_nothing_is_due_and_once_it_is_again_each_gets_one(settings: Settings, issue: Issue) -> None:
    server = RawServer()
    with running(server) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        deliver_issue(issue, now=NINE - 2 * HOUR, progress=quiet)
        assert not server.mails
        for now in (NINE, NINE - 2 * HOUR, NINE + HOUR):
            deliver_issue(issue, now=now, progress=quiet)
    assert server.recipients == [f"r{n}@a.example" for n in range(3)]


def test_a_claim_that_was_committed_is_on_the_disk() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == ("on",)
        else:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,), "FULL"
            assert "synchronous=FULL" in settings.DATABASES["default"]["OPTIONS"]["init_command"]
