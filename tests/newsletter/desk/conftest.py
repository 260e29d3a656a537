"""An issue in review, ready, or approved; an editor who is logged in, and others; a mail server that takes all."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from newsletter import runs, schedules, workflow
from newsletter.models import Block, Issue
from newsletter.review import proofread
from tests import factories as make
from tests.newsletter.deliver.sink import running_sink
from tests.newsletter.desk.helpers import TWO, at_a_desk, item


@pytest.fixture(autouse=True)
def quiet_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks have tests of their own: here reading only notes that it was done."""

    def check(issue: Issue) -> dict[str, int]:
        Issue.objects.filter(pk=issue.pk).update(checked_at=timezone.now())
        return {"sentences": 3, "findings": 0}

    monkeypatch.setattr(proofread, "check_issue", check)
    monkeypatch.setattr("newsletter.views.desk.pages.check_issue", check)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What pages keep for some minutes is named by rows' numbers, which tests use again."""
    cache.clear()


@pytest.fixture(autouse=True)
def the_tick_runs(db: None) -> None:
    """Else every page says that nothing happens by itself."""
    schedules.install()
    runs.ticked(timezone.now())


@pytest.fixture
def issue() -> Issue:
    made = make.issue(state="in_review", checked_at=timezone.now(), number=128)
    make.citation(made, 1, make.article("青禾融资", "青禾正在洽谈融资。公司没有置评。"))
    make.block(made, "main-line", "main_line", title_en=made.title_en, title_zh=made.title_zh)
    texts = {"text_en": "It is raising money [1].", "text_zh": "公司正在融资[1]。"}
    make.block(made, "item-1", title_en="Qinghe raises", title_zh="青禾融资", **texts)
    make.block(made, "item-2", title_en="Second", title_zh="第二条", **texts)
    return made


@pytest.fixture
def block(issue: Issue) -> Block:
    """The first item, with two sentences in either language."""
    issue.blocks.filter(key="item-1").update(**TWO)
    return item()


@pytest.fixture
def editor() -> User:
    return make.editor("mei")


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def ready(issue: Issue, editor: User) -> Issue:
    make.tried(issue, editor)
    return issue


@pytest.fixture
def approved(ready: Issue, editor: User) -> Issue:
    workflow.approve(ready, editor)
    return ready


@pytest.fixture
def second() -> Client:
    """Another editor's browser."""
    return at_a_desk("wei")


@pytest.fixture
def writer() -> Client:
    return at_a_desk("xin", role="writer")


@pytest.fixture
def mail_server(settings: Any) -> Iterator[None]:
    """One that takes everything."""
    with running_sink() as (_sink, host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMTP_CONNECTIONS = host, port, 1
        yield
