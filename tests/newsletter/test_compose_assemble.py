"""From a draft to the day's issue: numbers, snapshots, and an editor's own blocks left alone."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter import sentences, workflow
from newsletter.bilingual import Both
from newsletter.compose.assemble import NothingToComposeError, compose_issue
from newsletter.compose.draft import DraftBlock
from newsletter.compose.numbering import number
from newsletter.models import Article, Block, Issue, Ranking
from newsletter.review import editing
from newsletter.workflow import WorkflowError
from tests import factories
from tests.factories import DAY, newsletter
from tests.newsletter import compose_day

pytestmark = pytest.mark.django_db


def compose() -> dict[str, Any]:
    return compose_issue(
        newsletter(), DAY, compose_day.CUTOFF, writer_name="offline", progress=lambda what, done, total: None
    )


def rows(issue: Issue) -> list[dict[str, Any]]:
    blocks, citations = issue.blocks.order_by("position").values(), issue.citations.values()
    return [dict(row) for row in (*blocks, *citations)]


def test_composing_makes_the_days_issue_with_the_next_number() -> None:
    factories.issue(DAY.replace(day=1), number=41)
    compose_day.make()
    counts = compose()
    issue = Issue.objects.get(date=DAY)
    assert (issue.number, issue.state, issue.composer, counts["items"]) == (42, "draft", "offline", 6)
    assert issue.cutoff == compose_day.CUTOFF
    assert issue.composed_at
    assert issue.checked_at is None
    main_line = issue.blocks.get(key="main-line")
    assert (main_line.position, main_line.title_en) == (1, issue.title_en)
    assert list(issue.blocks.values_list("key", flat=True))[:3] == ["main-line", "item-1", "item-2"]
    assert list(issue.blocks.values_list("key", flat=True))[-1] == "disclaimer"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one lock, which every transaction takes")
def test_an_editor_who_saves_or_approves_while_it_is_composed_anew_is_waited_for() -> None:
    """Else their block, read before they saved, was written over; and an approved issue was written anew."""
    compose_day.make()
    compose()
    with CaptureQueriesContext(connection) as asked:
        compose()
    locked = [query["sql"] for query in asked if query["sql"].endswith("FOR UPDATE")]
    assert ['FROM "newsletter_issue"' in sql for sql in locked] == [True, False], "first, as editors lock it"


def test_citations_are_numbered_in_order_of_first_use_and_kept_as_they_were() -> None:
    compose_day.make()
    compose()
    issue = Issue.objects.get()
    used = [
        n for block in issue.blocks.order_by("position") for n in sentences.citations(block.text_en + block.text_zh)
    ]
    assert list(dict.fromkeys(used)) == list(range(1, issue.citations.count() + 1))
    first = issue.citations.get(number=1)
    Article.objects.filter(citation=first).update(text="Changed since.")
    assert issue.citations.get(number=1).text == first.text != "Changed since."


def test_the_same_day_composed_twice_is_the_same_to_the_letter_and_writes_nothing() -> None:
    compose_day.make()
    compose()
    issue = Issue.objects.get()
    Issue.objects.update(checked_at=timezone.now())
    before, stamp = rows(issue), Issue.objects.get().checked_at
    assert compose()["changed"] == 0
    assert rows(issue) == before
    assert Issue.objects.get().checked_at == stamp


def test_a_changed_article_changes_its_blocks_and_calls_for_a_new_check() -> None:
    compose_day.make()
    compose()
    Issue.objects.update(checked_at=timezone.now())
    ids = dict(Block.objects.values_list("key", "pk"))
    article = Article.objects.get(title__startswith="Granite")
    article.text = article.text.replace("$5 billion", "$6 billion")
    article.save()
    assert compose()["changed"] > 0
    assert Issue.objects.get().checked_at is None
    assert dict(Block.objects.values_list("key", "pk")) == ids
    assert "$6 billion" in Block.objects.get(key="item-2").text_en


def test_an_edited_block_and_its_citations_are_never_touched() -> None:
    compose_day.make()
    compose()
    editor = factories.editor()
    block = Block.objects.get(key="item-3")
    number_of_theirs = sentences.citations(block.text_en)[0]
    editing.edit_block(block, editor, {"title_en": "An editor’s own headline"})
    before = Block.objects.filter(key="item-3").values().get()
    citation = Issue.objects.get().citations.filter(number=number_of_theirs).values().get()
    Article.objects.filter(title__startswith="Granite").update(text="Granite Computing says nothing at all now.")
    Ranking.objects.filter(position=1).delete()  # the numbers of all others shift
    compose()
    issue = Issue.objects.get()
    assert issue.blocks.filter(key="item-3").values().get() == before
    assert issue.citations.filter(number=number_of_theirs).values().get() == citation
    told = {n for b in issue.blocks.all() for n in sentences.citations(b.text_en + b.text_zh)}
    assert told == set(issue.citations.values_list("number", flat=True))
    assert issue.blocks.exclude(key="item-3").filter(story_id=before["story_id"]).count() == 0


def test_a_dropped_block_stays_out_and_its_story_does_not_come_back() -> None:
    compose_day.make()
    compose()
    block = Block.objects.get(key="item-2")
    editing.drop(block, factories.editor())
    compose()
    block.refresh_from_db()
    assert block.dropped
    assert Block.objects.filter(story=block.story).count() == 1


def test_an_item_that_was_moved_stays_where_it_was_put() -> None:
    compose_day.make()
    compose()
    editing.move(Block.objects.get(key="item-3"), factories.editor(), "up")
    order = list(Block.objects.filter(kind="item").order_by("position").values_list("key", flat=True))
    compose()
    assert order[:3] == ["item-1", "item-3", "item-2"]
    assert list(Block.objects.filter(kind="item").order_by("position").values_list("key", flat=True)) == order


def test_an_edited_main_line_keeps_the_issues_title_and_subject() -> None:
    compose_day.make()
    compose()
    editing.edit_block(
        Block.objects.get(key="main-line"), factories.editor(), {"title_en": "Our own line", "subject_en": "Ours"}
    )
    Ranking.objects.filter(position=1).delete()
    compose()
    issue = Issue.objects.get()
    assert (issue.title_en, issue.subject_en) == ("Our own line", "Ours")


def test_a_block_that_the_day_no_longer_carries_goes() -> None:
    stories = compose_day.make()
    compose()
    Ranking.objects.filter(story=stories[5]).update(chosen=False)
    compose()
    assert not Block.objects.filter(key="item-6").exists()


@pytest.mark.parametrize("state", ["approved", "sending", "sent", "skipped"])
def test_a_settled_issue_is_refused_with_what_to_do(state: str) -> None:
    compose_day.make()
    compose()
    Issue.objects.update(state=state)
    before = rows(Issue.objects.get())
    with pytest.raises(WorkflowError, match=f"is {state} and can't be composed again: "):
        compose()
    assert rows(Issue.objects.get()) == before


def test_a_day_without_articles_says_what_to_run() -> None:
    with pytest.raises(NothingToComposeError, match=r"nothing to compose: no relevant article .*manage.py gather"):
        compose()
    assert not Issue.objects.exists()


def test_a_day_without_rankings_says_what_to_run() -> None:
    compose_day.make()
    Ranking.objects.all().delete()
    with pytest.raises(NothingToComposeError, match=r"13 relevant articles .*manage.py rank --date 2026-05-07"):
        compose()


def test_a_day_that_was_ranked_for_another_window_is_said() -> None:
    compose_day.make()
    assert compose()["notes"] == []
    gone = Ranking.objects.filter(date=DAY, chosen=True).values_list("story_id", flat=True)[:3]
    Article.objects.filter(story__in=list(gone)).update(dated_at=compose_day.CUTOFF + dt.timedelta(hours=1))
    (note,) = compose()["notes"]
    assert note.startswith("3 of 6 chosen stories have no article in the 24 hours to 2026-05-07 06:00 Asia/Shanghai")
    assert "the same --cutoff" in note


def test_the_content_hash_of_a_composed_issue_is_stable() -> None:
    compose_day.make()
    compose()
    before = workflow.content_hash(Issue.objects.get())
    compose()
    assert workflow.content_hash(Issue.objects.get()) == before


def test_the_command_prints_its_counts_as_json() -> None:
    compose_day.make()
    out = io.StringIO()
    call_command("compose", "--date", "2026-05-07", "--json", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts["act"] == "compose"
    assert counts["items"] == 6
    assert "seconds" in counts


def test_the_command_says_in_one_line_why_there_is_nothing() -> None:
    with pytest.raises(CommandError, match="nothing to compose"):
        call_command("compose", "--date", "2026-05-07")


def test_numbers_that_an_editors_block_holds_are_not_given_to_other_articles() -> None:
    blocks = [
        DraftBlock("item-1", "item", Both("One [a7]. Two [a8].", "三[a9]。")),
        DraftBlock("x", "qa", Both("[a8]")),
    ]
    numbered = number(blocks, kept={8: 2}, taken={1, 2})
    assert numbered.blocks[0].text == Both("One [3]. Two [2].", "三[4]。")
    assert numbered.blocks[1].text.en == "[2]"
