"""The masthead: who may change it, what is refused in words, what an approval covers, and what the mail shows."""

import email
import email.policy
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from newsletter import workflow
from newsletter.deliver import editions
from newsletter.models import Issue, Logo, Newsletter
from newsletter.review import masthead
from tests import factories as make
from tests.newsletter.pictures import png

pytestmark = pytest.mark.django_db
URL = "/desk/masthead/"


@pytest.fixture
def head(client: Client) -> Client:
    """An administrator's browser."""
    user = make.editor("chief")
    user.groups.add(Group.objects.get(name="administrator"))
    client.force_login(user)
    return client


def form(**changes: Any) -> dict[str, Any]:
    newsletter = make.newsletter()
    shown = {name: value for name, value in masthead.values(newsletter).items() if value is not False}
    hours = {name: f"{shown[name]:%H:%M}" for name in masthead.HOURS}
    given = {**shown, **hours, "version": masthead.version(newsletter), **changes}
    return {name: value for name, value in given.items() if value is not None}


def refused(head: Client, **changes: Any) -> str:
    answer = head.post(URL, form(**changes))
    assert answer.status_code == 422
    errors = re.findall(r'class="err"[^>]*>([^<]+)<', answer.content.decode())
    assert len(errors) == 1
    return str(errors[0])


def test_only_an_administrator_may(desk: Client) -> None:
    assert desk.get(URL).status_code == 403
    assert desk.post(URL, form(name_en="Mine")).status_code == 403
    assert desk.post(f"{URL}preview/", form()).status_code == 403
    assert "Masthead" not in desk.get("/desk/replies/").content.decode()


def test_what_is_saved_is_shown_logged_and_told(head: Client) -> None:
    answer = head.post(URL, form(name_en="The Morning", second_approver="on"), follow=True)
    text = answer.content.decode()
    assert (make.newsletter().name_en, make.newsletter().second_approver) == ("The Morning", True)
    assert "Saved." in text
    assert "“Chenbao” → “The Morning”" in text
    assert "chief" in text


def test_nothing_changed_leaves_no_trace(head: Client) -> None:
    text = head.post(URL, form(), follow=True).content.decode()
    assert "Nothing was changed." in text
    assert not masthead.past(make.newsletter())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name_zh": ""}, "can’t be empty"),
        ({"name_en": "x" * 101}, "at most 100"),
        ({"accent": "red"}, "Write it as #rrggbb"),
        ({"accent": "#ffcc00"}, r"Too pale to read on white: 1\.\d to 1.*#\w{6} would do"),
        ({"sender_address": "nobody"}, "no mail address"),
        ({"reply_address": "subscribe@chenbao.example"}, "takes commands"),
        ({"postal_address": " "}, "can’t be empty"),
        ({"draft_at": "09:00"}, "after the draft and before the sending"),
        ({"send_at": ""}, "HH:MM"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(head: Client, changes: dict[str, str], said: str) -> None:
    before = masthead.values(make.newsletter())
    assert re.search(said, refused(head, **changes))
    assert masthead.values(make.newsletter()) == before


def test_two_at_once_never_overwrite_each_other(head: Client) -> None:
    mine = form(tagline_en="Mine")
    Newsletter.objects.update(tagline_en="Theirs")
    answer = head.post(URL, mine)
    assert answer.status_code == 409
    assert "someone else changed the masthead" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    assert make.newsletter().tagline_en == "Theirs"
    again = {**mine, "version": masthead.version(make.newsletter())}
    head.post(URL, again)
    assert make.newsletter().tagline_en == "Mine"


@pytest.mark.parametrize(
    ("changes", "state"),
    [({"name_en": "Other"}, "in_review"), ({"accent": "#0044aa"}, "in_review"), ({"tagline_en": "x"}, "approved")],
)
def test_an_approval_ends_where_the_mail_would_look_otherwise(
    head: Client, issue: Issue, editor: User, changes: dict[str, str], state: str
) -> None:
    workflow.approve(issue, editor)
    assert "is approved" in head.get(URL).content.decode()
    head.post(URL, form(**changes))
    issue.refresh_from_db()
    assert issue.state == state
    assert (workflow.content_hash(Issue.objects.get(pk=issue.pk)) == issue.approved_hash) == (state == "approved")


def test_a_new_sender_is_asked_of_the_name_servers_anew(head: Client) -> None:
    Newsletter.objects.update(sender_dns={"spf": "ok"})
    head.post(URL, form(sender_address="morning@paper.example"))
    assert make.newsletter().sender_dns == {}


# ---- the logo --------------------------------------------------------------------------------------------------


def upload(raw: bytes, name: str = "logo.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw, kind)


def test_a_logo_travels_inside_the_mail_and_nothing_is_fetched(head: Client, issue: Issue, editor: User) -> None:
    head.post(URL, form(logo=upload(png())))
    issue = Issue.objects.get(pk=issue.pk)
    frozen = editions.render(issue, {"language": "both"})
    message = email.message_from_bytes(frozen.mime, policy=email.policy.default)
    related = next(part for part in message.walk() if part.get_content_type() == "multipart/related")
    html, picture = related.iter_parts()
    assert picture.get_content() == bytes(Logo.objects.get().png)
    shown = re.findall(r"<img[^>]*>", html.get_content())
    assert [re.search(r'src="([^"]+)"', each)[1] for each in shown] == [f"cid:{picture['Content-ID'].strip('<>')}"]  # type: ignore[index]
    assert 'alt="Chenbao 晨报"' in shown[0]
    assert 'width="80"' in shown[0]


def test_without_a_logo_the_mail_has_no_picture(issue: Issue) -> None:
    assert b"multipart/related" not in editions.render(issue, {"language": "both"}).mime


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"<svg/>", "SVG, JPEG and others aren’t taken"), (png()[:-9], "broken"), (png(10, 10), "28 to 1200 pixels")],
)
def test_what_is_no_logo_is_refused_whatever_it_is_called(head: Client, raw: bytes, said: str) -> None:
    assert said in refused(head, logo=upload(raw))
    assert not Logo.objects.exists()


def test_a_logo_is_served_for_the_archive_and_can_be_taken_out(head: Client, issue: Issue) -> None:
    head.post(URL, form(logo=upload(png())))
    found = Logo.objects.get()
    answer = head.get(f"/logo/{found.pk}.png")
    assert (answer.content, answer.headers["Content-Type"]) == (bytes(found.png), "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f'src="/logo/{found.pk}.png"' in head.get("/en/").content.decode()
    head.post(URL, form(without_logo="on"))
    assert make.newsletter().logo is None


# ---- the preview ---------------------------------------------------------------------------------------------------


def test_the_preview_shows_what_the_form_has_and_saves_nothing(head: Client) -> None:
    answer = head.post(f"{URL}preview/", form(name_en="Tried on", accent="#0044AA", logo=upload(png()), language="en"))
    text = answer.content.decode()
    assert "Tried on" in text
    assert "#0044aa" in text.lower()
    assert 'src="data:image/png;base64,' in text
    assert "Example Street" in text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert make.newsletter().name_en == "Chenbao"
    assert not Logo.objects.exists()


def test_the_preview_bears_a_form_that_is_wrong(head: Client) -> None:
    text = head.post(f"{URL}preview/", form(accent="#12", name_en="", logo=upload(b"<svg/>"))).content.decode()
    assert "Chenbao" in text
    assert "#b02e19" in text


def test_the_public_pages_take_the_colour(head: Client, issue: Issue) -> None:
    assert "accent-" not in head.get("/en/").content.decode()
    head.post(URL, form(accent="#0044aa"))
    assert 'href="/accent-0044aa.css"' in head.get("/en/").content.decode()
    css = head.get("/accent-0044aa.css").content.decode()
    assert "--zhu:#0044aa" in css
    assert head.get("/accent-zz.css").status_code == 404
