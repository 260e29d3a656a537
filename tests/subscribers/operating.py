"""An operator at the readers' pages of the admin: the steps that several tests take."""

import html
from typing import Any

from django.test import Client

from subscribers.models import Subscriber

LIST = "/admin/subscribers/subscriber/"


def act(client: Client, action: str, *readers: Subscriber, **more: str) -> Any:
    return client.post(LIST, {"action": action, "_selected_action": [r.pk for r in readers], **more}, follow=True)


def page_of(client: Client, reader: Subscriber) -> str:
    page = client.get(f"{LIST}{reader.pk}/change/")
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def do(client: Client, name: str, reader: Subscriber, **more: str) -> str:
    page = client.post(f"{LIST}{reader.pk}/do/{name}/", more, follow=True)
    return html.unescape(page.content.decode())
