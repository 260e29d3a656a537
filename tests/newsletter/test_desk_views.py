"""The desk through a browser's eyes, without JavaScript: who may, what each page says, what each form does."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Block, Finding, Issue
from newsletter.review import editing, proofread
from newsletter.views.desk import entrance
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture(autouse=True)
def quiet_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks have tests of their own: here reading only notes that it was done."""

    def check(issue: Issue, progress: object) -> dict[str, int]:
        Issue.objects.filter(pk=issue.pk).update(checked_at=timezone.now())
        return {"sentences": 3, "findings": 0}

    monkeypatch.setattr(proofread, "check_issue", check)
    monkeypatch.setattr("newsletter.views.desk.pages.check_issue", check)


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
def editor() -> User:
    return make.editor("mei")


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


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


# ---- who may ---------------------------------------------------------------------------------------------

PAGES: list[tuple[str, list[Any]]] = [
    ("today", []),
    ("issues", []),
    ("issue", [DAY]),
    ("approve", [DAY]),
    ("preview", [DAY, "both"]),
]
ACTS = ["read_again", "approve", "send_test"]
BLOCK_ACTS = ["edit", "undo", "drop", "restore", "move"]


@pytest.mark.parametrize(("name", "args"), [*PAGES, ("edit", [DAY, "item-1"])])
def test_who_is_not_logged_in_is_sent_to_log_in_and_back(
    client: Client, issue: Issue, name: str, args: list[Any]
) -> None:
    address = reverse(f"desk:{name}", args=args)
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('desk:login')}?next={address}"


@pytest.mark.parametrize(("name", "args"), [*PAGES, ("edit", [DAY, "item-1"])])
def test_who_is_no_editor_is_told_so_plainly(client: Client, issue: Issue, name: str, args: list[Any]) -> None:
    client.force_login(User.objects.create_user("reader"))
    response = client.get(reverse(f"desk:{name}", args=args))
    assert response.status_code == 403
    assert "For editors only" in response.content.decode()


def test_who_is_no_editor_can_post_nothing(client: Client, issue: Issue) -> None:
    client.force_login(User.objects.create_user("reader"))
    finding = doubt(item())
    posts = [(name, [DAY]) for name in ACTS] + [(name, [DAY, "item-1"]) for name in BLOCK_ACTS]
    for name, args in [*posts, ("keep", [DAY, finding.pk]), ("reopen", [DAY, finding.pk])]:
        assert client.post(reverse(f"desk:{name}", args=args)).status_code == 403
    assert item().edited_at is None


def test_every_form_needs_its_token(issue: Issue, editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    posts = [(name, [DAY]) for name in ACTS] + [(name, [DAY, "item-1"]) for name in BLOCK_ACTS]
    for name, args in [*posts, ("language", []), ("logout", []), ("keep", [DAY, 1]), ("reopen", [DAY, 1])]:
        assert strict.post(reverse(f"desk:{name}", args=args)).status_code == 403, name


def test_looking_changes_nothing(desk: Client, issue: Issue) -> None:
    finding = doubt(item())
    before = (workflow.content_hash(issue), Issue.objects.values().get())
    pages: list[tuple[str, list[Any]]] = [*PAGES, ("edit", [DAY, "item-1"]), ("keep", [DAY, finding.pk])]
    for name, args in pages:
        assert desk.get(reverse(f"desk:{name}", args=args)).status_code == 200, name
    for name in ("undo", "drop", "restore", "move"):
        assert desk.get(reverse(f"desk:{name}", args=[DAY, "item-1"])).status_code == 405
    for name in ("read_again", "send_test"):
        assert desk.get(reverse(f"desk:{name}", args=[DAY])).status_code == 405
    assert desk.get(reverse("desk:language")).status_code == 405
    assert (workflow.content_hash(issue), Issue.objects.values().get()) == before


def test_an_editor_logs_in_and_out(client: Client, editor: User) -> None:
    wrong = post(client, "login", username="mei", password="no")
    assert "don’t fit together" in wrong.content.decode()
    right = post(client, "login", username="mei", password="a good password")
    assert right.headers["Location"] == reverse("desk:today")
    assert post(client, "logout").headers["Location"] == reverse("desk:login")
    assert client.get(reverse("desk:today")).status_code == 302


def test_pages_run_no_inline_script_and_are_not_kept_by_the_browser(desk: Client, issue: Issue) -> None:
    response = desk.get(reverse("desk:issue", args=[DAY]))
    content = response.content.decode()
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", content)


# ---- what is shown ---------------------------------------------------------------------------------------


def test_the_issue_shows_both_languages_and_each_finding_under_its_sentence(desk: Client, issue: Issue) -> None:
    doubt(item(), message="No 40 in [1].", sentence="It is raising money [1].")
    content = page(desk)
    row = content[content.index('id="s-item-1-1"') : content.index('id="b-item-2"')]
    assert "It is raising money" in row
    assert "公司正在融资" in row
    assert "Figure not in source. No 40 in [1]." in text_of(row)
    assert "青禾正在洽谈融资。" in row  # the place in the source
    assert "Approve: settle 1 first" in text_of(content)


def test_a_finding_whose_sentence_is_gone_stands_at_its_block(desk: Client, issue: Issue) -> None:
    doubt(item(), sentence="Not there any more.", message="Lost one.")
    content = page(desk)
    assert content.index("Lost one.") < content.index('id="s-item-1-0"')
    assert content.index("Lost one.") > content.index('id="b-item-1"')


def test_hostile_text_is_shown_as_text_everywhere(desk: Client, issue: Issue) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    Block.objects.filter(key="item-1").update(title_en=bad, text_en=f"{bad} [1].", extra={"topics": [bad]})
    issue.citations.update(outlet=bad, title=bad, text=bad, url="javascript:alert(1)")
    Issue.objects.update(subject_en=bad)
    finding = doubt(item(), sentence=bad, message=bad, message_zh=bad, evidence=bad)
    pages: list[tuple[str, list[Any]]] = [("issue", [DAY]), ("edit", [DAY, "item-1"]), ("issues", [])]
    for name, args in [*pages, ("keep", [DAY, finding.pk])]:
        content = desk.get(reverse(f"desk:{name}", args=args)).content.decode()
        assert "<script>alert" not in content, name
        assert "<img" not in content, name
        assert "javascript:" not in content, name


def test_no_issue_says_which_step_is_missing_and_when_the_draft_comes(desk: Client) -> None:
    content = desk.get(reverse("desk:today")).content.decode()
    assert "The draft comes by itself at 06:00 Beijing" in text_of(content)
    assert "manage.py gather" in content
    day = make.newsletter().today()
    make.article("A report", at=make.newsletter().cutoff(day) - dt.timedelta(hours=1))
    assert f"manage.py rank --date {day}" in desk.get(reverse("desk:today")).content.decode()


def test_another_day_without_an_issue_is_not_found_but_leads_on(desk: Client, issue: Issue) -> None:
    content = page(desk, "issue", dt.date(2020, 1, 1), status=404)
    assert "The latest: No. 128" in text_of(content)
    assert desk.get("/desk/2026-02-31/").status_code == 404


def test_a_draft_that_nobody_has_checked_says_so_and_can_be_read(desk: Client, issue: Issue) -> None:
    Issue.objects.update(checked_at=None, state="draft")
    assert "Not read by the checks yet" in page(desk)
    post(desk, "read_again", DAY)
    assert "Read again: 3 sentences, 0 findings." in page(desk)


def test_an_issue_in_which_nothing_was_found_says_so(desk: Client, issue: Issue) -> None:
    assert "Nothing was found. Read it all the same." in page(desk)


def test_what_has_gone_out_is_shown_without_any_way_to_change_it(desk: Client, issue: Issue) -> None:
    Issue.objects.update(state="sent", sent_at=timezone.now())
    content = page(desk)
    assert "It has gone out." in content
    assert not re.search(r"/(edit|drop|undo|move|approve|read-again)/", content)
    assert page(desk, "edit", DAY, "item-1", status=409)


def test_past_issues_are_listed_with_their_states(desk: Client, issue: Issue) -> None:
    make.issue(DAY - dt.timedelta(days=1), number=127, state="sent")
    assert re.search(r"128 .*In review.* 127 .*Sent", text_of(desk.get(reverse("desk:issues")).content.decode()))


def test_the_desk_speaks_the_language_of_browser_or_switch(desk: Client, issue: Issue) -> None:
    assert '<html lang="zh-Hans">' in page(desk, accept="zh-CN,zh;q=0.9")
    response = post(desk, "language", language="zh-hans", next="/desk/issues/")
    assert response.headers["Location"] == "/desk/issues/"
    assert '<html lang="zh-Hans">' in page(desk, accept="en")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(desk: Client, back: str) -> None:
    response = post(desk, "language", language="xx", next=back)
    assert response.headers["Location"] == reverse("desk:today")
    assert not response.cookies


# ---- what forms do -----------------------------------------------------------------------------------------


def sent(block: Block, **changes: str) -> dict[str, str]:
    """The edit form as the page has filled it in, with `changes`."""
    now = {name: str(value) for name, value in editing.values(block).items() if not isinstance(value, bool)}
    return {**now, "version": editing.version(block), **changes}


def test_an_edit_is_saved_and_leads_back_to_its_block(desk: Client, issue: Issue) -> None:
    response = post(desk, "edit", DAY, "item-1", **sent(item(), text_zh="公司在筹资[1]。"))
    assert response.headers["Location"] == f"/desk/{DAY}/#b-item-1"
    assert item().text_zh == "公司在筹资[1]。"
    assert "Saved and read again: nothing is doubted in this block." in page(desk)


def test_what_is_refused_stands_beside_its_field_and_the_text_is_not_lost(desk: Client, issue: Issue) -> None:
    response = post(desk, "edit", DAY, "item-1", **sent(item(), text_en="New words [8]."))
    content = response.content.decode()
    assert response.status_code == 422
    assert "[8] is not an article of this issue" in content
    assert content.index("New words [8].") < content.index("[8] is not an article") < content.index("<legend lang")
    assert item().text_en == "It is raising money [1]."


def test_a_stale_form_shows_both_texts_and_saving_again_knows_both(desk: Client, issue: Issue) -> None:
    form = sent(item(), text_en="Mine [1].")
    editing.edit_block(item(), make.editor("lin"), {"text_en": "Theirs [1]."})
    response = post(desk, "edit", DAY, "item-1", **form)
    content = response.content.decode()
    assert response.status_code == 409
    assert "Theirs [1]." in content
    assert "Mine [1]." in content
    version = re.search(r'name="version" value="(\w+)"', content)
    assert version
    again = post(desk, "edit", DAY, "item-1", **{**form, "version": version[1]})
    assert again.status_code == 302
    assert item().text_en == "Mine [1]."


def test_an_edit_after_approval_voids_it_and_the_strip_leads_back(desk: Client, issue: Issue) -> None:
    digest = workflow.content_hash(issue)
    post(desk, "approve", DAY, seen=digest)
    post(desk, "edit", DAY, "item-1", **sent(item(), text_en="It is raising funds [1]."))
    content = page(desk)
    told = text_of(content)
    assert re.search(r"Approval voided by an edit at \d\d:\d\d by mei", told)
    assert f"{digest[:4]} {digest[4:8]}" in told
    now = workflow.content_hash(issue)
    assert f"{now[:4]} {now[4:8]}" in told
    assert "<del>money</del><ins>funds</ins>" in content
    post(desk, "undo", DAY, "item-1", revision=str(item().revisions.get().pk))
    assert "The text is again what was approved" in page(desk)
    assert workflow.content_hash(issue) == digest


def test_an_undo_of_what_was_approved_is_named_as_such(desk: Client, issue: Issue) -> None:
    post(desk, "edit", DAY, "item-1", **sent(item(), text_en="It is raising funds [1]."))
    post(desk, "approve", DAY, seen=workflow.content_hash(issue))
    post(desk, "undo", DAY, "item-1")
    assert re.search(r"Approval voided at \d\d:\d\d by mei, who undid an earlier edit", text_of(page(desk)))


def test_an_undo_button_takes_back_what_its_page_showed_and_nothing_newer(desk: Client, issue: Issue) -> None:
    editing.edit_block(item(), make.editor("lin"), {"text_en": "First [1]."})
    shown = item().revisions.get().pk
    editing.edit_block(item(), User.objects.get(username="lin"), {"text_en": "Second [1]."})
    post(desk, "undo", DAY, "item-1", revision=str(shown))
    assert "Someone changed the block again" in page(desk)
    assert item().text_en == "Second [1]."


def test_blocks_are_dropped_put_back_and_moved(desk: Client, issue: Issue) -> None:
    post(desk, "drop", DAY, "item-1")
    assert "Dropped: not in the mail" in page(desk)
    post(desk, "restore", DAY, "item-1")
    assert not item().dropped
    post(desk, "move", DAY, "item-1", direction="down")
    assert item("item-2").position < item().position


def test_a_finding_is_kept_with_a_reason_and_taken_back(desk: Client, issue: Issue) -> None:
    finding = doubt(item())
    refused = post(desk, "keep", DAY, finding.pk, because="")
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    kept = post(desk, "keep", DAY, finding.pk, because="forty is 40", vouched="on")
    assert kept.headers["Location"] == f"/desk/{DAY}/#s-item-1-1"
    assert "Kept by mei: “forty is 40”" in page(desk)
    post(desk, "reopen", DAY, finding.pk)
    finding.refresh_from_db()
    assert finding.kept_by is None


def test_approval_shows_subjects_hash_and_readers_then_binds_them(desk: Client, issue: Issue, editor: User) -> None:
    make.reader("a@example.org")
    make.reader("b@example.org", state="left")
    told = text_of(page(desk, "approve"))
    assert issue.subject_en in told
    assert issue.subject_zh in told
    assert "1 active reader" in told
    digest = workflow.content_hash(issue)
    assert f"{digest[:4]} {digest[4:8]}" in told
    response = post(desk, "approve", DAY, seen=digest)
    assert response.headers["Location"] == f"/desk/{DAY}/"
    issue.refresh_from_db()
    assert (issue.state, issue.approved_by, issue.approved_hash) == ("approved", editor, digest)


def test_approval_lists_what_is_missing_and_cannot_be_forced(desk: Client, issue: Issue) -> None:
    doubt(item())
    assert "1 finding to settle" in page(desk, "approve")
    assert post(desk, "approve", DAY, seen=workflow.content_hash(issue)).status_code == 409
    issue.refresh_from_db()
    assert issue.state == "in_review"


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_approval_of_a_text_that_the_editor_has_not_seen_is_refused(desk: Client, issue: Issue, seen: str) -> None:
    response = post(desk, "approve", DAY, seen=seen)
    assert response.status_code == 409
    assert "has changed since you opened this page" in response.content.decode()


def test_a_test_goes_to_the_editor_alone(desk: Client, issue: Issue, editor: User, mailoutbox: list[Any]) -> None:
    make.reader("a@example.org")
    post(desk, "send_test", DAY)
    assert "no address to send a test to" in page(desk)
    User.objects.update(email="mei@example.org")
    post(desk, "send_test", DAY)
    assert [mail.to for mail in mailoutbox] == [["mei@example.org"]]
    assert mailoutbox[0].subject.startswith("[Test] ")


def test_a_mail_that_cannot_be_rendered_leaves_the_desk_open(
    desk: Client, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.views.desk.mail._html", lambda *args: 1 / 0)
    assert "The mail can’t be rendered" in page(desk)
    assert desk.get(reverse("desk:preview", args=[DAY, "both"])).status_code == 503


def test_a_change_is_offered_for_undo_once(desk: Client, issue: Issue, editor: User) -> None:
    workflow.approve(issue, editor)
    editing.edit_block(item(), editor, {"text_en": "First change [1]."})
    editing.edit_block(item("item-2"), editor, {"text_en": "Second change [1]."})

    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()
    offered = re.findall(r'/(item-\d)/undo/".*?name="revision" value="(\d+)"', content, re.DOTALL)

    newest = {key: str(item(key).revisions.first().pk) for key in ("item-1", "item-2")}  # type: ignore[union-attr]
    assert sorted(offered) == sorted(newest.items())


def test_the_day_is_told_by_the_clock_with_each_acts_last_run(desk: Client, issue: Issue) -> None:
    letter, start = issue.newsletter, timezone.now() - dt.timedelta(hours=5)
    for act, minutes in (("gather", 0), ("rank", 10), ("gather", 90)):
        at = start + dt.timedelta(minutes=minutes)
        letter.runs.create(act=act, date=DAY, worker="test:1", started_at=at, finished_at=at)
    Issue.objects.update(composed_at=start + dt.timedelta(minutes=20))

    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()
    told = re.findall(r"<dd[^>]*>([^<]+)</dd>", content.partition("The day")[2])

    assert [text.split()[-1] for text in told[:4]] == ["ranked", "zh", "in", "read"]


def test_what_follows_a_full_stop_in_a_finding_begins_with_a_capital(desk: Client, issue: Issue) -> None:
    about = {"block": item(), "severity": "medium", "language": "en", "sentence": "It is raising money [1]."}
    message = "Citation missing: nothing says where this comes from."
    issue.findings.create(kind="uncited", message=message, fingerprint="1", **about)

    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()

    assert "<b>Citation missing.</b> Nothing says where" in content


def test_the_checklist_says_what_the_mails_size_means(desk: Client, issue: Issue) -> None:
    content = desk.get(reverse("desk:issue", args=[DAY])).content.decode()

    assert re.search(r'title="Gmail clips mails near 102 KB[^"]*">Mail \d+ KB of 90', content)


@pytest.mark.parametrize("door", ["desk:login", "admin:login"])
def test_passwords_cant_be_tried_without_end(client: Client, editor: User, door: str) -> None:
    tried = {"username": "mei", "password": "a guess"}
    for _n in range(entrance.PER_IP.count):
        assert client.post(reverse(door), tried).status_code == 200

    right = {**tried, "password": "a good password"}
    beyond = client.post(reverse("desk:login"), right)
    assert (beyond.status_code, beyond.headers["Retry-After"]) == (429, "900")
    assert "Too many tries from your network." in beyond.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("admin:login"), right).status_code == 200  # the form again, not the way in

    elsewhere = client.post(reverse("desk:login"), right, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302
