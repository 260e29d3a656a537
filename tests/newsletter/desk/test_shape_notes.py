"""Notes of the editor's own: signed, in both languages, anywhere; in mail, page and plain text."""

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from newsletter import workflow
from newsletter.check.document import IssueDocument
from newsletter.check.run import check_document
from newsletter.lexicon import load
from newsletter.models import Block, Issue
from newsletter.page import Choices, lay_out, render_html
from newsletter.review import editing, notes, placing, undoing
from newsletter.review.editing import EditRefusedError
from newsletter.workflow import WorkflowError
from tests import factories as make
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db
SAID = {
    "title_en": "A word from us",
    "title_zh": "编者的话",
    "text_en": "We move to a new press on Monday.",
    "text_zh": "我们周一搬到新的印刷厂。",
}


def block(issue: Issue, key: str) -> Block:
    found = issue.blocks.get(key=key)
    found.issue = issue
    return found


def order(issue: Issue) -> list[str]:
    return list(issue.blocks.filter(dropped=False).order_by("position", "pk").values_list("key", flat=True))


def put(issue: Issue, editor: User, after: str) -> Block:
    return notes.add_note(issue, editor, SAID, block(issue, after))


def plain(issue: Issue, language: str = "both", **choices: object) -> str:
    page = lay_out(issue, Choices(language, **choices))  # type: ignore[arg-type]
    return render_to_string("email/issue.txt", {"page": page})


def test_a_note_stands_where_it_was_put_and_is_taken_back(issue: Issue, editor: User) -> None:
    before = workflow.content_hash(issue)
    note = put(issue, editor, "item-1")
    assert order(issue) == ["main-line", "item-1", "note-1", "item-2"]
    assert undoing.undo(block(issue, note.key), editor)
    assert workflow.content_hash(issue) == before


@pytest.mark.parametrize("missing", list(SAID))
def test_a_note_has_a_title_and_a_text_in_both_languages(issue: Issue, editor: User, missing: str) -> None:
    with pytest.raises(EditRefusedError) as refused:
        notes.add_note(issue, editor, {**SAID, missing: " "}, None)
    assert list(refused.value.problems) == [missing]
    assert "note-1" not in order(issue)


def test_a_note_moves_anywhere_and_back(issue: Issue, editor: User) -> None:
    put(issue, editor, "main-line")
    before = workflow.content_hash(issue)
    assert placing.move_after(block(issue, "note-1"), editor, block(issue, "item-2"))
    assert order(issue) == ["main-line", "item-1", "item-2", "note-1"]
    assert not placing.move_after(block(issue, "note-1"), editor, block(issue, "item-2"))
    assert undoing.undo(block(issue, "note-1"), editor)
    assert order(issue) == ["main-line", "note-1", "item-1", "item-2"]
    assert workflow.content_hash(issue) == before


def test_items_do_not_move_like_notes(issue: Issue, editor: User) -> None:
    with pytest.raises(EditRefusedError):
        placing.move_after(block(issue, "item-1"), editor, block(issue, "item-2"))


def test_a_note_is_dropped_and_edited_like_any_block(issue: Issue, editor: User) -> None:
    put(issue, editor, "item-1")
    editing.edit_block(block(issue, "note-1"), editor, {"text_en": "We moved."})
    editing.drop(block(issue, "note-1"), editor)
    assert "We moved." not in plain(issue)
    editing.restore(block(issue, "note-1"), editor)
    assert "We moved." in plain(issue)


def test_a_note_voids_the_approval_and_is_refused_once_mails_leave(issue: Issue, editor: User) -> None:
    Issue.objects.filter(pk=issue.pk).update(state="approved", approved_hash=workflow.content_hash(issue))
    put(issue, editor, "item-1")
    issue.refresh_from_db()
    assert issue.state == "in_review"
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    with pytest.raises(WorkflowError):
        put(issue, editor, "item-1")


def test_mail_page_and_plain_text_show_it_signed_after_its_item(editor: User, client: Client) -> None:
    issue = make_full_issue(state="in_review")
    put(issue, editor, "item-2")
    text = plain(issue)
    second, third = (str(block(issue, key).title_en)[:24] for key in ("item-2", "item-3"))
    assert text.index(second) < text.index("A word from us") < text.index(third)
    assert "We move to a new press on Monday.\n— The editor" in text
    assert "编者的话\n" in text
    assert "We move to a new press" not in plain(issue, "zh")
    html = render_html(lay_out(issue, Choices("both")), {})
    assert html.index(second[:14]) < html.index("A word from us") < html.index(third[:14])
    assert "— The editor" in html
    client.force_login(editor)
    page = client.get(f"/both/issues/{issue.date}/").content.decode()
    assert page.index("A word from us") > page.index('id="item-2"')
    assert page.index("A word from us") < page.index('id="item-3"')


@pytest.mark.parametrize("after", ["main-line", "item-10", "technology-us", "comparison", "analysis", "qa-4"])
def test_wherever_it_stands_it_is_shown_once(editor: User, after: str) -> None:
    issue = make_full_issue(state="in_review")
    after = after if issue.blocks.filter(key=after).exists() else "analysis"
    put(issue, editor, after)
    assert plain(issue).count("We move to a new press") == 1
    assert render_html(lay_out(issue, Choices("both")), {}).count("We move to a new press") == 1


@pytest.mark.parametrize("after", ["item-3", "technology-us", "analysis"])
def test_it_is_shown_also_where_the_reader_left_out_what_it_follows(editor: User, after: str) -> None:
    issue = make_full_issue(state="in_review")
    put(issue, editor, after)
    assert plain(issue, topics=("nothing-has-this",), sections=()).count("We move to a new press") == 1


def test_a_note_needs_no_citation_but_is_read_for_its_language(editor: User) -> None:
    issue = make_full_issue(state="in_review")
    note = put(issue, editor, "item-2")

    def doubts() -> set[str]:
        found = check_document(IssueDocument.from_issue(issue), load()).findings
        return {finding.kind for finding in found if finding.block == note.key}

    assert doubts() == set()
    editing.edit_block(block(issue, note.key), editor, {"text_zh": "We move on Monday to another press altogether."})
    assert "language" in doubts()
    editing.edit_block(block(issue, note.key), editor, {"text_zh": "我们花了 900 万元搬家。"})
    assert "parity" in doubts()


def test_a_note_that_cites_is_held_to_what_it_cites(editor: User) -> None:
    issue = make_full_issue(state="in_review")
    said = {"text_en": "Sales rose by 777 percent [1].", "text_zh": "销量增长 777%[1]。"}
    note = notes.add_note(issue, editor, {**SAID, **said}, block(issue, "item-2"))
    found = check_document(IssueDocument.from_issue(issue), load()).findings
    assert "figure" in {finding.kind for finding in found if finding.block == note.key}


def test_the_places_are_named_as_an_editor_knows_them(editor: User) -> None:
    issue = make_full_issue(state="in_review")
    places = placing.places(issue, kinds=placing.FOR_NOTES)
    assert [place.key for place in places][:3] == ["main-line", "item-1", "item-2"]
    assert places[1].number == 1
    assert {place.en for place in places} >= {"China media", "US media", "Analysis"}
    assert [place.key for place in placing.places(issue) if place.last_item] == ["item-10"]


def test_the_form_puts_it_in_and_the_other_moves_it_without_a_script(issue: Issue, desk: Client) -> None:
    url = reverse("desk:note", args=[issue.date])
    assert '<option value="item-2"' in desk.get(url).content.decode()
    answer = desk.post(url, {**SAID, "after": "item-2"})
    assert answer["Location"].endswith("#b-note-1")
    desk.post(reverse("desk:place", args=[issue.date, "note-1"]), {"after": "main-line"})
    assert order(issue)[:2] == ["main-line", "note-1"]
    wrong = desk.post(url, {**SAID, "title_zh": "", "after": "item-2"})
    assert wrong.status_code == 422
    assert "A note has a title." in wrong.content.decode()
    assert "We move to a new press on Monday." in wrong.content.decode()  # what was typed stays


def test_a_writer_without_the_right_to_edit_adds_none(issue: Issue, client: Client) -> None:
    reader = make.editor("onlooker")
    reader.user_permissions.clear()
    reader.groups.clear()
    client.force_login(reader)
    assert client.post(reverse("desk:note", args=[issue.date]), SAID).status_code == 403
    assert "note-1" not in order(issue)
