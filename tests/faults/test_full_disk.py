"""The record's disk is full: nothing more leaves, what has left is known, and with room again the rest is sent."""

import errno
import os
from collections import Counter

import pytest
from pytest_django import Settings

from newsletter.deliver import editions
from newsletter.deliver.ledger import deliver_issue
from newsletter.deliver.record import RecordError
from newsletter.models import Delivery
from tests import factories as make
from tests.newsletter.deliver.helpers import NINE, approved_issue, quiet
from tests.newsletter.deliver.raw_server import RawServer, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_templates")]
READERS = 40


@pytest.mark.parametrize("room", range(0, 1000, 90))
def test_a_full_disk_stops_the_mails_and_leaves_none_in_doubt(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    for n in range(READERS):
        make.reader(f"r{n}@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)
    server = RawServer()
    with running(server) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMTP_CONNECTIONS = "127.0.0.1", port, 4
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", _Disk(room).pwrite)
            with pytest.raises(RecordError, match=r"No space left on device.*nothing is lost, run it again"):
                deliver_issue(issue, now=NINE, progress=quiet)
        states = Counter(Delivery.objects.values_list("state", flat=True))
        assert states == Counter(accepted=len(server.mails), queued=READERS - len(server.mails))

        deliver_issue(issue, now=NINE, progress=quiet)
    assert Counter(Delivery.objects.values_list("state", flat=True)) == Counter(accepted=READERS)
    assert len(set(server.recipients)) == len(server.mails) == READERS


def test_where_the_answers_would_find_no_room_no_mail_begins_to_leave(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.reader("lin@a.example")
    issue = approved_issue()
    editions.freeze(issue, quiet)

    def full(file: int, offset: int, length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    server = RawServer()
    with running(server) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        monkeypatch.setattr(os, "posix_fallocate", full)
        with pytest.raises(RecordError, match=r"No space left on device"):
            deliver_issue(issue, now=NINE, progress=quiet)
    assert not server.mails
    assert Delivery.objects.get().state == "queued"


class _Disk:
    """Takes so many bytes, the last of a write that doesn't fit whole, and then no more."""

    def __init__(self, room: int) -> None:
        self._room, self._pwrite = room, os.pwrite

    def pwrite(self, file: int, content: bytes, offset: int) -> int:
        if not self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        content = content[: self._room]
        self._room -= len(content)
        return self._pwrite(file, content, offset)
