"""The web process dies while an editor approves, sends now, takes back or sends on."""

import http.client
import os
import signal
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from newsletter import workflow
from newsletter.deliver import withdrawal
from newsletter.models import Issue, IssueState
from tests import factories as make
from tests.faults import processes
from tests.faults.scene import Scene
from tests.faults.servers import free_port
from tests.faults.workers import Workers

CSRF = "c" * 32
# What an editor would press next, by the issue's state: address and form.
STEPS: dict[str, Callable[[Issue], tuple[str, dict[str, str]]]] = {
    IssueState.IN_REVIEW: lambda issue: ("approve", {"seen": workflow.content_hash(issue)}),
    IssueState.HELD: lambda issue: ("go/unhold", {}),
    IssueState.APPROVED: lambda issue: ("go/send-now", {"whom": "everyone"}),
    IssueState.SENDING: lambda issue: ("go/take-back", {"because": "a look at it first"}),
    IssueState.SENT: lambda issue: ("go/send-on", {}),
}


def web(scene: Scene) -> None:
    """Each press is cut short at another moment by kill -9 of gunicorn's workers, now and then of all of it; what
    came of it is looked up, and the editor goes on from there. Two workers send meanwhile."""
    scene.prepare()
    editor = _back_to_review(scene)
    port, workers = free_port(), Workers(scene, 2)
    server = _start(scene, port)
    session = _session(editor)
    pressed: Counter[str] = Counter()
    try:
        while scene.hurts < scene.kills:
            issue = scene.refresh()
            if issue.state == IssueState.SENDING:
                workers.keep()
                scene.wait_for_mails(scene.fate.randrange(40), seconds=60)
            address, form = STEPS[scene.refresh().state](issue)
            connection.close()
            press = threading.Thread(target=_press, args=(port, session, f"/desk/{issue.date}/{address}/", form))
            press.start()
            time.sleep(scene.fate.choice([0.1, 0.5, 2.0, 6.0]) * scene.fate.random())
            server = _kill(scene, server, port)
            press.join()
            pressed[address.rpartition("/")[2]] += 1
        _finish(scene, workers, editor)
    finally:
        workers.kill_all()
        processes.kill_group(server)
    scene.notes.append(", ".join(f"{count} x {name}" for name, count in sorted(pressed.items())))


def _back_to_review(scene: Scene) -> User:
    """The issue as it was before anybody approved it, with all that is asked for before."""
    editor = make.editor("web-editor")
    Issue.objects.filter(pk=scene.issue.pk).update(
        state=IssueState.IN_REVIEW, approved_hash="", approved_at=None, approved_by=None
    )
    scene.issue.approvals.all().delete()
    make.tried(scene.refresh(), editor)
    return editor


def _session(editor: User) -> str:
    client = Client()
    client.force_login(editor)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _start(scene: Scene, port: int) -> "processes.Started":
    address = f"127.0.0.1:{port}"
    options = ["--bind", address, "--workers", "2", "--preload", "--no-control-socket", "--log-level", "error"]
    server = scene.start("-m", "gunicorn", "config.wsgi", *options)
    scene.wait(lambda: _answers(port), seconds=60)
    return server


def _kill(scene: Scene, server: "processes.Started", port: int) -> "processes.Started":
    """gunicorn's workers; each fifth time all of it, and systemd begins it anew."""
    scene.hurts += 1
    if scene.hurts % 5 == 0:
        processes.kill_group(server)
        return _start(scene, port)
    for pid in processes.children(server.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    scene.wait(lambda: _answers(port), seconds=60)
    return server


def _answers(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        line.request("GET", "/desk/login/")
        return line.getresponse().status == 200
    return False


def _press(port: int, session: str, address: str, form: dict[str, str]) -> None:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "X-CSRFToken": CSRF,
    }
    with suppress(OSError, http.client.HTTPException):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("POST", address, urllib.parse.urlencode(form), headers)
        line.getresponse().read()


def _finish(scene: Scene, workers: Workers, editor: User) -> None:
    """Without further harm: what isn't out goes out, what was taken back is sent on."""

    def over() -> bool:
        with suppress(workflow.WorkflowError):  # a worker was quicker
            _a_step_on(scene.refresh(), editor)
        if scene.refresh().state != IssueState.SENT:
            workers.keep()
        return scene.is_done() and not withdrawal.taken_back(scene.issue).exists()

    scene.wait(over, every=0.05)


def _a_step_on(issue: Issue, editor: User) -> None:
    match issue.state:
        case IssueState.IN_REVIEW:
            workflow.approve(issue, editor)
        case IssueState.HELD:
            workflow.unhold(issue, editor)
        case IssueState.APPROVED:
            workflow.send_now(issue, editor, everyone=True)
        case IssueState.SENT if withdrawal.taken_back(issue).exists():
            withdrawal.send_on(issue, editor)
