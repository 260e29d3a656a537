"""The reader's pages as a test uses them: the form sent, a link taken out of a mail, all rows before and after."""

import re
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from subscribers import forms, joining, links, signup, tickets
from subscribers.joining import Proof
from subscribers.models import Ticket
from tests import factories


def send_form(
    client: Client, email: str, language: str = "en", *, meta: dict[str, Any] | None = None, **fields: str
) -> Any:
    """`meta` is the request's: REMOTE_ADDR, HTTP_X_FORWARDED_FOR."""
    age = forms.join_context(language)["form_age"]
    return client.post("/en/join/", {"email": email, "language": language, "age": age, **fields}, **(meta or {}))


def sign_up(client: Client, email: str, language: str = "en", **fields: Any) -> Any:
    """Send the form, and see to it as the queue does a moment later."""
    answer = send_form(client, email, language, **fields)
    signup.take_up()
    return answer


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table but the sessions'."""
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def local(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def link_in(body: str, letter: str) -> str:
    """The path of the link for `letter` (c, p, l, …) in a mail's text."""
    found = re.search(rf"https?://[^/\s]+(/r/{letter}/\S+)", body)
    assert found, body
    return found[1]


def every_link() -> list[str]:
    """One of each kind of link that we ever mail, all of them alive."""
    pending = joining.join("pending@mail.example", "both", Proof("form"))
    active = factories.reader("active@mail.example")
    paths = [links.confirm_url(pending, "both"), links.preferences_url(active)]
    paths += [links.leave_url(active), links.one_click_url(active)]
    for purpose in Ticket.Purpose:
        new = "new@mail.example" if purpose == Ticket.Purpose.NEW_ADDRESS else ""
        ticket = tickets.send(active, purpose, timezone.now(), new_email=new)
        assert ticket
        paths.append(links.ticket_url(ticket))
    return [local(path) for path in paths]
