"""What a real installation still lacks: `manage.py check --deploy` says it, and `make install` ends with it."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from newsletter import schedules
from newsletter.models import Newsletter, Source

QUIET = dt.timedelta(minutes=15)  # longer than any task that may keep every worker from the tick
EXAMPLE_ENDING = ".example"  # of the sender's address that the first newsletter's row is made with


@register(Tags.security, deploy=True)
def ready(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors for what must not go out to readers, warnings for what would never go out at all."""
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == settings.SUPPRESSION_KEY:
        found.append(
            Error("SUPPRESSION_KEY is the same as SECRET_KEY", hint="Make a key of its own.", id="chenbao.E1")
        )
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        found.append(
            Error(
                "The pages' style sheets are not in their place: every page would fail",
                hint="manage.py collectstatic --noinput",
                id="chenbao.E2",
            )
        )
    try:
        return found + _of_database() + _of_rows()
    except DatabaseError as error:
        words = str(error).strip().splitlines()[0]
        return [*found, Error(f"The database: {words}", hint="manage.py migrate", id="chenbao.E3")]


def _of_database() -> list[CheckMessage]:
    """A commit that a power cut can undo would send mails twice: what was claimed would be free again."""
    if connection.vendor != "postgresql":
        return []  # SQLite's is set in the settings
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone() == ("off",):
                found.append(
                    Warning(
                        f"PostgreSQL runs with {name} = off: after a power cut mails could go out twice",
                        hint=f"Set {name} = on in postgresql.conf, or for this database and its user.",
                        id="chenbao.W6",
                    )
                )
    return found


def _of_rows() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for newsletter in Newsletter.objects.all():
        where = settings.SITE_URL + reverse("desk:masthead")
        if newsletter.lacks_postal_address:
            found.append(
                Error(
                    f"{newsletter}: the postal address in every mail is an example",
                    hint=f"The law wants a real one (CAN-SPAM §7704(a)(5)): {where}",
                    id="chenbao.E4",
                )
            )
        if newsletter.sender_address.endswith(EXAMPLE_ENDING):
            found.append(
                Error(
                    f"{newsletter}: issues are sent from {newsletter.sender_address}, an example",
                    hint=f"Give it an address at {settings.MAIL_DOMAIN}: {where}",
                    id="chenbao.E5",
                )
            )
    still = schedules.standstill(timezone.now(), quiet=QUIET)
    if still and not still.is_installed:
        found.append(Warning("Nothing happens by itself: no tick", hint="manage.py install_schedule", id="chenbao.W1"))
    elif still and still.since:
        found.append(
            Warning(
                f"The queue stands still: the tick last ran at {still.since:%Y-%m-%d %H:%M} UTC",
                hint="Start the queue: manage.py work (chenbao-worker.service).",
                id="chenbao.W5",
            )
        )
    if not Source.objects.exists():
        found.append(
            Warning(
                "There is no source to read",
                hint="manage.py load_sources newsletter/data/sources.csv, or a file of your own",
                id="chenbao.W2",
            )
        )
    return found
