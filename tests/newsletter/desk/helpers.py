"""The desk as a browser without JavaScript uses it."""

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from newsletter.models import Block, Finding, Issue
from newsletter.review import editing
from tests import factories as make

DAY = make.DAY


HTMX = {"HX-Request": "true"}
TWO = {"text_en": "It is raising money [1]. Talks go on.", "text_zh": "公司正在融资[1]。谈判继续。"}  # sentences


def at_a_desk(name: str, role: str = "approver") -> Client:
    """A browser of its own, in which an editor of that name is logged in."""
    theirs = Client()
    theirs.force_login(make.editor(name, role=role))
    return theirs


def item(key: str = "item-1") -> Block:
    return Block.objects.get(key=key)


def doubt(block: Block, **fields: Any) -> Finding:
    given = {
        "kind": "figure",
        "severity": "high",
        "language": "en",
        "message": "No 40 in [1].",
        "sentence": block.text_en,
    }
    given |= {"fingerprint": str(Finding.objects.count()), **fields}
    return Finding.objects.create(issue=block.issue, block=block, **given)


def page(client: Client, name: str = "issue", *args: Any, status: int = 200, accept: str = "en") -> str:
    response = client.get(reverse(f"desk:{name}", args=args or [DAY]), headers={"Accept-Language": accept})
    assert response.status_code == status
    return response.content.decode()


def text_of(content: str) -> str:
    """What is read, without marks and doubled spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=args), data)


def sent(block: Block, **changes: str) -> dict[str, str]:
    """The edit form as the page has filled it in, with `changes`."""
    now = {name: str(value) for name, value in editing.values(block).items() if not isinstance(value, bool)}
    return {**now, "version": editing.version(block), **changes}


def go(client: Client, act: str, **data: Any) -> Any:
    """By POST, one of standing.WAYS."""
    return client.post(reverse("desk:go", args=[DAY, act]), data)


def state() -> str:
    """Of the one issue there is."""
    return str(Issue.objects.get().state)
