"""Signed links: good for one purpose, for as long as they should be, and never written to a log."""

import logging
from typing import Any

import pytest
from django.test import Client

from subscribers import joining, links
from subscribers.joining import Proof
from subscribers.links import Purpose
from subscribers.models import State
from subscribers.redaction import redact
from tests import factories
from tests.subscribers.pages import local, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def test_links_made_for_many_are_the_same_as_those_made_for_one() -> None:
    readers = [factories.reader(f"{name}@mail.example") for name in ("a", "b")]
    for purpose in (Purpose.PREFERENCES, Purpose.LEAVE, Purpose.ONE_CLICK):
        make = links.maker(purpose)
        assert [make(reader) for reader in readers] == [links.url(reader, purpose) for reader in readers]


def test_a_link_of_one_purpose_is_useless_for_another(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    letters = {Purpose.CONFIRM: "c", Purpose.PREFERENCES: "p", Purpose.LEAVE: "l", Purpose.ONE_CLICK: "u"}
    letters |= {Purpose.COPY: "d", Purpose.ERASE: "e", Purpose.CHANGE: "a", Purpose.NEW_ADDRESS: "n"}
    before = snapshot()
    for made_for in Purpose:
        for used_for in Purpose:
            if made_for != used_for:
                path = f"/r/{letters[used_for]}/{links.sign(reader.token, made_for)}"
                assert client.post(path).status_code == 404
    assert snapshot() == before


@pytest.mark.parametrize("broken", ["nonsense", "a.b", "", "../p"])
def test_a_broken_link_gets_a_page_that_helps(client: Client, broken: str) -> None:
    assert client.get(f"/r/p/{broken}").status_code == 404


def test_links_go_on_working_after_the_key_has_been_rotated(client: Client, settings: Any) -> None:
    path = local(links.preferences_url(factories.reader("a@mail.example")))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert client.get(path).status_code == 200


def test_every_readers_links_are_equally_long() -> None:
    one, two = joining.join("a@b.example", "en", Proof("form")), joining.join("c@d.example", "zh", Proof("form"))
    for make in (links.preferences_url, links.leave_url, links.one_click_url, links.leave_address):
        assert len(make(one)) == len(make(two))


def test_no_log_has_a_token(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    path = local(links.preferences_url(factories.reader("a@mail.example")))
    token = path.rpartition("/")[2]
    with caplog.at_level(logging.DEBUG):
        client.delete(path)
    assert "/r/p/…" in caplog.text  # Django names the address of a refused request
    assert token not in caplog.text
    assert redact(f"to leave+{'a1' * 16}@chenbao.example") == "to leave+…@chenbao.example"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_post_without_cookie_leaves_at_once_and_as_often_as_it_comes(body: str, content_type: str) -> None:
    reader = factories.reader("a@mail.example")
    path = local(links.one_click_url(reader))
    strict = Client(enforce_csrf_checks=True)
    for _ in range(3):
        answer = strict.post(path, body, content_type=content_type)
        assert answer.status_code == 200
        assert not answer.cookies
    reader.refresh_from_db()
    assert reader.state == State.LEFT
    assert list(reader.consents.values_list("kind", "how")) == [("left", "one_click")]


def test_no_answer_behind_a_token_lets_its_address_travel_with_a_link_or_stay_in_a_cache(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    preferences, leave = local(links.preferences_url(reader)), local(links.leave_url(reader))
    answers = [
        client.get(f"{preferences}x"),  # dead: 404
        client.delete(preferences),  # refused: 405
        client.post(preferences, {"language": "fr"}),  # wrong: 422
        client.post(preferences, {"act": "resume"}),  # done: 303
        client.post(f"{preferences}/ask", {"wish": "copy"}),
        client.post(local(links.one_click_url(reader))),
        client.post(leave, {"act": "undo"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 405, 422, 303, 303, 200, 303]
    for answer in answers:
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
