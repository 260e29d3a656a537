"""The page that says what is kept: linked from everywhere, in the operator's name, with the program's numbers."""

import re

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from newsletter.models import Newsletter
from subscribers import joining, mails, tidying
from subscribers.joining import Proof
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_public_cacheable_and_says_how_long(client: Client, language: str) -> None:
    answer = client.get(f"/{language}/privacy/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert not client.cookies
    for days in (joining.ANSWER_WITHIN.days, tidying.KEPT_FOR.days):
        assert re.search(rf"(?<!\d){days}(?!\d)", page)
    assert 'content="index"' in page


def test_the_operator_says_who_is_responsible_and_where_to_write(client: Client) -> None:
    Newsletter.objects.update(
        privacy_en="Example Press <b>Ltd</b>,\nElm Road", privacy_zh="某某报社", reply_address="desk@press.example"
    )
    english, chinese = (client.get(f"/{language}/privacy/").content.decode() for language in ("en", "zh"))
    assert "Example Press &lt;b&gt;Ltd&lt;/b&gt;,<br>Elm Road" in english
    assert "某某报社" in chinese
    assert "Elm Road" not in chinese
    assert 'href="mailto:desk@press.example"' in english


def test_without_an_address_for_answers_it_promises_none(client: Client) -> None:
    page = client.get("/en/privacy/").content.decode()
    assert "mailto:" not in page
    assert "postal address below" in page


@pytest.mark.parametrize("path", ["", "issues/", "issues/2026-05-07/", "join/", "embed/", "privacy/", "join/sent/"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_public_pages_foot_leads_to_it_and_to_the_form_for_other_sites(
    client: Client, language: str, path: str
) -> None:
    make_full_issue(number=128, state="sent")
    foot = client.get(f"/{language}/{path}").content.decode().partition('<footer class="foot')[2]
    assert f'href="/{language}/privacy/"' in foot
    assert f'href="/{language}/embed/"' in foot


def test_the_form_and_the_mails_lead_to_it(client: Client) -> None:
    form = client.get("/en/join/").content.decode().partition("<form")[2].partition("</form>")[0]
    assert 'href="/en/privacy/"' in form
    joining.join("a@mail.example", "zh", Proof("form"))
    mails.send_due()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert "/zh/privacy/" in str(sent.body)
    assert "/zh/privacy/" in str(sent.alternatives[0][0])
