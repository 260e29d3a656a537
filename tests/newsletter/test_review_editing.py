"""What an editor does to a block: kept for undo, tested before it is saved, and the end of an approval."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.utils import timezone

from newsletter import workflow
from newsletter.models import Block, Finding, Issue, IssueState
from newsletter.review import approval, editing, history, keeping, proofread, undoing
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Stands in for the checks, which have tests of their own: notes that the issue was read, and finds nothing."""
    read: list[int] = []

    def check(issue: Issue) -> dict[str, int]:
        read.append(issue.pk)
        return {}

    monkeypatch.setattr(proofread, "check_issue", check)
    return read


@pytest.fixture
def editor() -> User:
    return make.editor("mei")


@pytest.fixture
def block(reads: list[int]) -> Block:
    issue = make.issue(state="in_review", checked_at=make.NOON)
    about = make.article("青禾融资", "青禾正在融资。")
    make.citation(issue, 1, about)
    texts = {"text_en": "It is raising money [1].", "text_zh": "公司正在融资[1]。"}
    return make.block(issue, "item-1", title_en="Qinghe raises", title_zh="青禾融资", **texts)


def approved(block: Block, editor: User) -> str:
    return workflow.approve(block.issue, editor)


def test_an_edit_is_saved_with_its_editor_and_keeps_what_stood_there(block: Block, editor: User) -> None:
    assert editing.edit_block(block, editor, {"text_en": "It is raising $50 million [1]."})
    block.refresh_from_db()
    revision = block.revisions.get()
    assert block.text_en == "It is raising $50 million [1]."
    assert (block.edited_by, revision.by, revision.at) == (editor, editor, block.edited_at)
    assert revision.before == {"text_en": "It is raising money [1]."}


def test_an_edit_is_read_by_the_checks_at_once_and_logged(block: Block, editor: User, reads: list[int]) -> None:
    editing.edit_block(block, editor, {"title_en": "Qinghe raises money"})
    assert reads == [block.issue_id]
    assert LogEntry.objects.get().change_message == "edited title_en"


def test_an_edit_that_changes_nothing_leaves_no_trace(block: Block, editor: User, reads: list[int]) -> None:
    approved(block, editor)
    assert not editing.edit_block(
        block, editor, {"text_en": "It is raising money [1].\r\n", "title_en": " Qinghe raises "}
    )
    block.issue.refresh_from_db()
    assert (block.revisions.count(), reads, block.issue.state) == (0, [], "approved")


def test_an_edit_voids_the_approval_and_keeps_its_hash_to_compare(block: Block, editor: User) -> None:
    digest = approved(block, editor)
    editing.edit_block(block, editor, {"text_zh": "公司在融资[1]。"})
    issue = Issue.objects.get()
    assert (issue.state, issue.approved_hash) == ("in_review", digest)
    assert workflow.content_hash(issue) != digest


def test_nothing_is_saved_where_the_approval_can_no_longer_be_voided(block: Block, editor: User) -> None:
    Issue.objects.update(state=IssueState.SENDING)
    with pytest.raises(workflow.WorkflowError, match="Sending"):
        editing.edit_block(block, editor, {"text_en": "Too late [1]."})
    block.refresh_from_db()
    assert block.text_en == "It is raising money [1]."


@pytest.mark.parametrize("state", ["sending", "sent", "skipped"])
def test_what_has_left_or_was_skipped_is_not_touched_by_any_act(block: Block, editor: User, state: str) -> None:
    Issue.objects.update(state=state)
    for act in (editing.drop, editing.restore, undoing.undo, lambda b, u: editing.move(b, u, "up")):
        with pytest.raises(workflow.WorkflowError):
            act(block, editor)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"text_en": "It is raising money [7]."}, "text_en", r"\[7\] is not an article of this issue: use \[1\]"),
        ({"text_zh": "公司正在融资[9][1][8]。"}, "text_zh", r"\[8\]\[9\]"),
        ({"title_en": "Qinghe\x07 raises"}, "title_en", r"U\+0007.*Qinghe"),
        ({"text_en": "Safe \u202e[1]."}, "text_en", r"U\+202E"),
        ({"title_zh": "长" * 301}, "title_zh", "301 characters: at most 300"),
        ({"text_en": "  \n"}, "text_en", "drop the block"),
    ],
)
def test_what_cannot_stand_is_refused_with_the_field_and_the_reason(
    block: Block, editor: User, changes: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(editing.EditRefusedError, match=said) as refused:
        editing.edit_block(block, editor, changes)
    assert list(refused.value.problems) == [field]
    assert block.revisions.count() == 0


def test_pasted_line_ends_tabs_and_unseen_marks_are_made_plain(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "One\u200b\tline [1]. \r\n\r\n\r\n\r\nTwo\ufeff [1].\n"})
    block.refresh_from_db()
    assert block.text_en == "One line [1].\n\nTwo [1]."


def test_a_save_onto_a_text_that_another_editor_changed_is_refused_with_both(block: Block, editor: User) -> None:
    opened = editing.version(block)
    editing.edit_block(block, make.editor("lin"), {"text_en": "Lin was first [1]."}, seen=opened)
    with pytest.raises(editing.EditConflictError) as conflict:
        editing.edit_block(block, editor, {"text_en": "Mei was second [1]."}, seen=opened)
    assert conflict.value.theirs["text_en"] == "Lin was first [1]."
    block.refresh_from_db()
    assert block.text_en == "Lin was first [1]."


def test_two_editors_who_write_the_same_do_not_clash(block: Block, editor: User) -> None:
    opened = editing.version(block)
    editing.edit_block(block, make.editor("lin"), {"text_en": "The same [1]."}, seen=opened)
    assert not editing.edit_block(block, editor, {"text_en": "The same [1]."}, seen=opened)


def test_undo_goes_back_step_by_step_until_the_block_is_as_composed(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "First [1]."})
    editing.edit_block(block, editor, {"text_en": "Second [1]."})
    assert undoing.undo(block, editor)
    assert (block.text_en, block.edited_by) == ("First [1].", editor)
    assert undoing.undo(block, editor)
    block.refresh_from_db()
    assert (block.text_en, block.edited_at, block.edited_by) == ("It is raising money [1].", None, None)
    assert not undoing.undo(block, editor)


def test_undo_brings_back_the_approved_content_but_not_the_approval(block: Block, editor: User) -> None:
    digest = approved(block, editor)
    editing.edit_block(block, editor, {"text_en": "Changed [1]."})
    undoing.undo(block, editor)
    issue = Issue.objects.get()
    assert (workflow.content_hash(issue), issue.state) == (digest, "in_review")


def test_undo_of_a_change_that_another_came_on_top_of_is_refused(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "First [1]."})
    meant = block.revisions.get().pk
    editing.edit_block(block, make.editor("lin"), {"text_en": "Second [1]."})
    with pytest.raises(editing.EditConflictError):
        undoing.undo(block, editor, revision_id=meant)


def test_a_dropped_block_leaves_the_issue_and_comes_back(block: Block, editor: User) -> None:
    digest = approved(block, editor)
    assert editing.drop(block, editor)
    assert not editing.drop(block, editor)
    assert Issue.objects.get().state == "in_review"
    assert workflow.content_hash(Issue.objects.get()) != digest
    assert editing.restore(block, editor)
    assert workflow.content_hash(Issue.objects.get()) == digest


def test_undo_brings_back_a_dropped_block(block: Block, editor: User) -> None:
    editing.drop(block, editor)
    undoing.undo(block, editor)
    block.refresh_from_db()
    assert (block.dropped, block.edited_at) == (False, None)


def order(issue: Issue) -> list[str]:
    return list(issue.blocks.order_by("position").values_list("key", flat=True))


def test_items_change_places_among_themselves_only(block: Block, editor: User) -> None:
    issue = block.issue
    main = make.block(issue, "main-line", "main_line", position=0, title_en="a", title_zh="b")
    second, third = (make.block(issue, f"item-{n}", title_en="x", title_zh="y") for n in (2, 3))
    make.block(issue, "analysis", "analysis", text_en="z", text_zh="z")
    assert editing.move(third, editor, "up")
    assert order(issue) == ["main-line", "item-1", "item-3", "item-2", "analysis"]
    assert not editing.move(second, editor, "down")
    assert not editing.move(block, editor, "up")
    with pytest.raises(editing.EditRefusedError):
        editing.move(main, editor, "down")


def test_a_move_steps_over_dropped_items_and_can_be_undone(block: Block, editor: User) -> None:
    issue = block.issue
    make.block(issue, "item-2", title_en="x", title_zh="y", dropped=True)
    third = make.block(issue, "item-3", title_en="x", title_zh="y")
    editing.move(third, editor, "up")
    assert order(issue)[0] == "item-3"
    assert undoing.undo(third, editor)
    assert order(issue)[-1] == "item-3"


def test_the_main_line_carries_title_and_subjects_of_the_issue(reads: list[int], editor: User) -> None:
    issue = make.issue(state="in_review", title_en="Old", title_zh="旧", subject_en="Old", subject_zh="另一个主题")
    main = make.block(issue, "main-line", "main_line", title_en="Old", title_zh="旧")
    editing.edit_block(main, editor, {"title_en": "New", "title_zh": "新"})
    issue.refresh_from_db()
    # the English subject repeated the line and follows it; the Chinese one was another already
    assert (issue.title_en, issue.subject_en, issue.title_zh, issue.subject_zh) == ("New", "New", "新", "另一个主题")
    undoing.undo(main, editor)
    issue.refresh_from_db()
    assert (issue.title_en, issue.subject_en, issue.title_zh) == ("Old", "Old", "旧")


def test_tags_that_an_editor_writes_are_the_tags(reads: list[int], editor: User) -> None:
    issue = make.issue(state="in_review")
    extra = {"tags": [["Chips", "芯片"]]}
    tags = make.block(issue, "tags", "tags", text_en="Chips", text_zh="芯片", extra=extra)
    editing.edit_block(tags, editor, {"text_en": "Power", "text_zh": "电力"})
    tags.refresh_from_db()
    assert tags.extra == {}
    undoing.undo(tags, editor)
    tags.refresh_from_db()
    assert tags.extra == extra


def finding(block: Block, kind: str = "figure", severity: str = "high") -> Finding:
    return block.findings.create(
        issue=block.issue,
        fingerprint=kind,
        language="en",
        kind=kind,
        severity=severity,
        message="?",
        sentence=block.text_en,
    )


def test_a_finding_is_kept_with_a_reason_under_the_editors_name(block: Block, editor: User) -> None:
    doubt = finding(block, "glossary", "low")
    with pytest.raises(editing.EditRefusedError, match="Say why"):
        keeping.keep_finding(doubt, editor, "  ")
    keeping.keep_finding(doubt, editor, "the company’s own name for it")
    doubt.refresh_from_db()
    assert (doubt.kept_by, doubt.kept_because) == (editor, "the company’s own name for it")
    keeping.reopen_finding(doubt, editor)
    doubt.refresh_from_db()
    assert (doubt.kept_by, doubt.kept_because) == (None, "")


def test_what_blocks_approval_is_kept_only_by_an_editor_who_vouches_for_it(block: Block, editor: User) -> None:
    doubt = finding(block)
    with pytest.raises(editing.EditRefusedError) as refused:
        keeping.keep_finding(doubt, editor, "forty is 40")
    assert list(refused.value.problems) == ["vouched"]
    assert workflow.open_findings(block.issue) == 1
    keeping.keep_finding(doubt, editor, "forty is 40", vouched=True)
    assert workflow.open_findings(block.issue) == 0


def test_a_citation_that_leads_nowhere_is_never_kept(block: Block, editor: User) -> None:
    with pytest.raises(editing.EditRefusedError, match="can’t be kept"):
        keeping.keep_finding(finding(block, "citation_range"), editor, "because I say so", vouched=True)


def test_keeping_a_finding_changes_no_word_and_so_leaves_the_approval(block: Block, editor: User) -> None:
    doubt = finding(block, "glossary", "low")
    approved(block, editor)
    keeping.keep_finding(doubt, editor, "our house style")
    assert Issue.objects.get().state == "approved"


def test_an_edit_stands_though_the_checks_fail_and_approval_waits(
    block: Block, editor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(issue: Issue) -> None:
        raise RuntimeError("the lexicon is gone")

    monkeypatch.setattr(proofread, "check_issue", fail)
    assert editing.edit_block(block, editor, {"text_en": "Saved [1]."})
    assert "could not be checked" in caplog.text
    with pytest.raises(workflow.WorkflowError, match="Read again"):
        approval.approve(block.issue, editor)


def test_an_undo_that_the_checks_have_not_read_holds_up_the_approval_too(
    block: Block, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It leaves the block as if never touched; the findings are of the text that stood there in between."""
    editing.edit_block(block, editor, {"text_en": "Saved [1]."})
    Issue.objects.update(checked_at=timezone.now())
    monkeypatch.setattr("newsletter.review.undoing.read_again", lambda issue: None)
    assert undoing.undo(block, editor)
    block.refresh_from_db()
    assert block.edited_at is None
    with pytest.raises(workflow.WorkflowError, match="Read again"):
        approval.approve(Issue.objects.get(), editor)


def test_history_tells_each_change_since_the_approval_word_by_word(block: Block, editor: User) -> None:
    approved(block, editor)
    editing.edit_block(block, editor, {"text_en": "It is raising funds [1]."})
    editing.edit_block(block, editor, {"text_zh": "公司正在筹资[1]。"})
    editing.drop(block, editor)
    approved_at = Issue.objects.get().approved_at
    assert approved_at is not None
    changes = history.since(block.issue, approved_at)
    assert [change.field for change in changes] == ["dropped", "text_zh", "text_en"]
    drawn = [(piece.op, piece.text) for piece in changes[1].pieces if piece.op != "same"]
    assert drawn == [("del", "融"), ("ins", "筹")]
    assert [(p.op, p.text) for p in changes[2].pieces][1:3] == [("del", "money"), ("ins", "funds")]


def test_an_undo_deletes_nothing_and_can_be_done_again_and_undone_once_more(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "First [1]."})
    editing.edit_block(block, editor, {"text_en": "Second [1]."})
    for _turn in range(2):
        assert undoing.undo(block, editor)
        assert undoing.undo(block, editor)
        assert (block.text_en, block.edited_at) == ("It is raising money [1].", None)
        assert undoing.redo(block, editor)
        assert block.text_en == "First [1]."
        assert undoing.redo(block, editor)
        assert (block.text_en, block.edited_by) == ("Second [1].", editor)
        assert not undoing.redo(block, editor)
    told = {text for row in block.revisions.all() for text in (row.before["text_en"], row.after["text_en"])}
    assert told == {"It is raising money [1].", "First [1].", "Second [1]."}


def test_a_fresh_change_ends_what_could_be_done_again(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "First [1]."})
    undoing.undo(block, editor)
    editing.edit_block(block, editor, {"text_zh": "公司在筹资[1]。"})
    assert not undoing.redo(block, editor)
    undoing.undo(block, editor)
    assert (block.text_en, block.text_zh) == ("It is raising money [1].", "公司正在融资[1]。")


def test_what_a_form_saves_by_itself_is_one_change_and_undone_as_one(block: Block, editor: User) -> None:
    for text in ("It is ra [1].", "It is raising funds [1].", "It is raising new funds [1]."):
        assert editing.edit_block(block, editor, {"text_en": text}, sitting="form-1")
    editing.edit_block(block, editor, {"text_en": "Another form [1]."}, sitting="form-2")
    assert [row.before["text_en"] for row in block.revisions.all()] == [
        "It is raising new funds [1].",
        "It is raising money [1].",
    ]
    undoing.undo(block, editor)
    undoing.undo(block, editor)
    assert block.text_en == "It is raising money [1]."


def test_what_is_typed_and_taken_out_again_leaves_no_change(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "It is raising money. Really [1]."}, sitting="form-1")
    editing.edit_block(block, editor, {"text_en": "It is raising money [1]."}, sitting="form-1")
    block.refresh_from_db()
    assert (block.revisions.count(), block.edited_at) == (0, None)


def test_a_save_after_the_approval_is_a_change_of_its_own(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "First [1]."}, sitting="form-1")
    Issue.objects.update(state="approved", approved_at=timezone.now())
    editing.edit_block(block, editor, {"text_en": "Second [1]."}, sitting="form-1")
    assert block.revisions.count() == 2


def test_another_editor_does_not_write_into_ones_sitting(block: Block, editor: User) -> None:
    editing.edit_block(block, editor, {"text_en": "First [1]."}, sitting="form-1")
    editing.edit_block(block, make.editor("lin"), {"text_en": "Second [1]."}, sitting="form-1")
    assert block.revisions.count() == 2


@pytest.mark.parametrize(
    ("which", "to", "order"),
    [(0, 3, "bcad"), (0, 4, "bcda"), (3, 1, "dabc"), (2, 2, "acbd"), (1, 9, "acdb"), (2, 3, "abcd")],
)
def test_an_item_is_moved_to_any_place_and_back(block: Block, editor: User, which: int, to: int, order: str) -> None:
    block.delete()
    issue = block.issue
    items = [make.block(issue, key, position=i, title_en=key, title_zh=key) for i, key in enumerate("abxcd")]
    items.pop(2)
    issue.blocks.filter(key="x").update(dropped=True)

    def standing() -> str:
        return "".join(issue.blocks.filter(dropped=False).order_by("position").values_list("key", flat=True))

    assert editing.move_to(items[which], editor, to) == (order != "abcd")
    assert standing() == order
    undoing.undo(items[which], editor)
    assert standing() == "abcd"
