"""An import by the admin, step by step: what several tests do on the way."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from subscribers.models import Import, ImportState
from subscribers.transfer import running

IMPORTS = "/admin/subscribers/import/"
READERS = "/admin/subscribers/subscriber/"
BASIS = "Signed up by double opt-in at our old service"
FILE = "Email Address,Status,Sprache\nana@mail.example,subscribed,en\nold@mail.example,unsubscribed,\nnonsense,,\n"


def upload(client: Client, content: str | bytes = FILE, name: str = "list.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"{IMPORTS}add/", {"file": SimpleUploadedFile(name, data)}, follow=True)


def say(client: Client, job: Import, roles: Sequence[str] | None = None, **said: str) -> Any:
    """The second step, with the columns as guessed unless `roles` says otherwise."""
    columns = {f"column-{place}": role for place, role in enumerate(roles if roles is not None else job.roles)}
    return client.post(
        f"{IMPORTS}{job.pk}/columns/", {"basis": BASIS, "language": "zh", **columns, **said}, follow=True
    )


def do(client: Client, job: Import, act: str) -> Any:
    return client.post(f"{IMPORTS}{job.pk}/do/{act}/", follow=True)


def state_of(job: Import) -> str:
    job.refresh_from_db()
    return job.state


def ready(client: Client, content: str = FILE) -> Import:
    """An import whose dry run is done."""
    upload(client, content)
    job = Import.objects.latest("pk")
    say(client, job)
    running.run_due()
    assert state_of(job) == ImportState.CHECKED
    return job


def many(count: int) -> str:
    return "email\n" + "".join(f"r{n}@mail.example\n" for n in range(count))
