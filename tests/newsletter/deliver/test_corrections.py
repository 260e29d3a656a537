"""A correction: the archive's page, and a mail to those whose accepted edition was wrong and to nobody else."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from newsletter import schedules, workflow
from newsletter.deliver import corrected, editions
from newsletter.models import Block, Correction, Delivery, Issue
from newsletter.page import SECTIONS, Choices, lay_out
from newsletter.review import corrections, proofread
from newsletter.review.editing import EditConflictError, EditRefusedError
from subscribers import joining
from subscribers.joining import Proof
from subscribers.models import Subscriber
from subscribers.models.subscriber import hash_choices
from tests import factories as make
from tests.newsletter.deliver.helpers import deliver, quiet
from tests.newsletter.deliver.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_templates")]

DAY = dt.timedelta(days=1)  # by then every hour has come
RIGHT = {
    **{"text_en": "It charges 40 yuan [1].", "text_zh": "每月 40 元[1]。"},
    **{"note_en": "The price is 40 yuan, not 28.", "note_zh": "价格是 40 元，不是 28 元。"},
}
WRONG = {"text_en": "It charges 28 yuan [1].", "text_zh": "每月 28 元[1]。"}


@pytest.fixture
def editor() -> User:
    return make.editor("mei")


@pytest.fixture
def issue(editor: User, monkeypatch: pytest.MonkeyPatch) -> Issue:
    """Approved: an item on a topic, a report on China's media, an analysis; nothing of it read by the checks."""
    monkeypatch.setattr(proofread, "check_issue", _read)
    made = make.issue(state="in_review", checked_at=timezone.now(), number=128)
    make.citation(made, 1, make.article("云雀写作开始收费", "付费版每月 40 元。"))
    make.block(made, "main-line", "main_line", title_en=made.title_en, title_zh=made.title_zh)
    make.block(made, "item-1", title_en="Skylark charges", title_zh="云雀收费", extra={"topics": ["models"]}, **WRONG)
    make.block(made, "highlights-china", "highlights", source_list=make.source_list("china"), **WRONG)
    make.block(made, "analysis", "analysis", **WRONG)
    workflow.approve(made, editor)
    return made


def _read(issue: Issue) -> dict[str, int]:
    Issue.objects.filter(pk=issue.pk).update(checked_at=timezone.now(), state="in_review")
    issue.refresh_from_db()
    return {}


def block(key: str) -> Block:
    return Block.objects.select_related("issue__newsletter", "source_list").get(key=key, issue__kind="daily")


def sent(issue: Issue, *readers: Subscriber) -> None:
    assert readers
    deliver(issue, timezone.now())
    issue.refresh_from_db()
    assert issue.state == "sent"


def wrong(key: str, editor: User, **changes: str) -> Correction:
    return corrections.correct(block(key), editor, {**RIGHT, **changes})


def getting(correction: Correction) -> set[str | None]:
    mail = corrections.write_mail(correction, correction.by)
    return set(corrected.readers(mail).values_list("email", flat=True))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("item-1", {"all", "zh", "topic", "no-list", "no-analysis"}),
        ("highlights-china", {"all", "zh", "topic", "other-topic", "no-analysis"}),
        ("analysis", {"all", "zh", "topic", "other-topic", "no-list"}),
    ],
)
def test_it_goes_to_those_whose_edition_had_the_text(
    sink: Sink, issue: Issue, editor: User, key: str, expected: set[str]
) -> None:
    choices: dict[str, dict[str, Any]] = {
        "all": {},
        "zh": {"language": "zh"},
        "topic": {"topics": ["models"]},
        "other-topic": {"topics": ["robots"]},
        "no-list": {"lists": ["us"]},
        "no-analysis": {"sections": ["reports", "comparison"]},
    }
    sent(issue, *(make.reader(f"{name}@a.example", **fields) for name, fields in choices.items()))
    assert getting(wrong(key, editor)) == {f"{name}@a.example" for name in expected}


def test_a_mistake_in_one_language_concerns_only_those_who_read_it(sink: Sink, issue: Issue, editor: User) -> None:
    sent(issue, *(make.reader(f"{each}@a.example", language=each) for each in ("en", "zh", "both")))
    found = wrong("item-1", editor, text_zh=WRONG["text_zh"])
    assert getting(found) == {"en@a.example", "both@a.example"}


def test_who_left_paused_or_never_had_it_is_counted_and_not_written_to(sink: Sink, issue: Issue, editor: User) -> None:
    names = ("stays", "left", "paused", "refused", "unsure", "spared")
    readers = {name: make.reader(f"{name}@a.example") for name in names}
    make_choose(readers["spared"], topics=["robots"])
    sent(issue, *readers.values())
    Delivery.objects.filter(reader=readers["refused"]).update(state="refused")
    Delivery.objects.filter(reader=readers["unsure"]).update(state="uncertain")
    joining.leave(readers["left"], Proof("page"))
    Subscriber.objects.filter(pk=readers["paused"].pk).update(paused_until=dt.date(2099, 1, 1))
    make.reader("new@a.example")
    found = wrong("item-1", editor)
    reach = corrected.reach(found)
    assert (reach.had_it, reach.mailed, reach.gone, reach.perhaps, reach.spared) == (3, 1, 2, 1, 1)
    assert getting(found) == {"stays@a.example"}


def make_choose(reader: Subscriber, **fields: object) -> None:
    for name, value in fields.items():
        setattr(reader, name, value)
    reader.choices_hash = hash_choices(reader.choices())
    reader.save()


def test_the_rule_for_who_had_it_is_the_one_that_laid_the_edition_out(issue: Issue) -> None:
    """For every choice there is, over every block: said to have it exactly where its words are on the page."""
    lists, topics = (None, ("china",), ("us",), ()), (None, ("models",), ("robots",), ())
    sections = (None, *itertools.combinations(SECTIONS, 1), SECTIONS, ())
    Block.objects.filter(issue=issue).exclude(key="main-line").update(text_en="", text_zh="")
    for key in ("item-1", "highlights-china", "analysis"):
        Block.objects.filter(issue=issue, key=key).update(text_en=f"Marked {key} [1].", text_zh=f"标记 {key}[1]。")
    for language, lists_, sections_, topics_ in itertools.product(("en", "zh", "both"), lists, sections, topics):
        choices = Choices(language, lists_, sections_, topics_)
        page = lay_out(issue, choices)
        shown = str((page.items, page.reports, page.analysis))
        for each in issue.blocks.exclude(key="main-line").select_related("source_list"):
            slug = each.source_list.slug if each.source_list else None
            said = choices.shows_block(each.kind, slug, each.extra.get("topics", []))
            assert said == (f"{each.key}" in shown), (choices, each.key)


def test_the_mail_is_approved_by_hash_and_sent_once_to_each(sink: Sink, issue: Issue, editor: User) -> None:
    sent(issue, make.reader("ana@a.example"), make.reader("bo@a.example", language="zh"))
    mail = corrections.write_mail(wrong("item-1", editor), editor)
    assert (mail.kind, mail.corrects, mail.number) == ("correction", issue, 128)
    with pytest.raises(workflow.WorkflowError):
        editions.freeze(mail, quiet)
    workflow.approve(mail, editor)
    before = len(sink.mails)
    deliver(mail, timezone.now() + DAY)
    deliver(mail, timezone.now() + DAY)
    assert [mail for (mail,) in mail.deliveries.values_list("state")] == ["accepted", "accepted"]
    assert len(sink.mails) == before + 2
    page = lay_out(mail, Choices("en"))
    assert str(page.items[0].rows[0].en) == "It charges 40 yuan [1]."
    assert "The price is 40 yuan, not 28." in str(page.lead[0].en)
    assert page.subject == "Correction: Skylark charges"
    assert page.web_url.endswith(f"/en/issues/{issue.date}/")


def test_a_reader_who_chose_otherwise_since_still_gets_the_whole_correction(
    sink: Sink, issue: Issue, editor: User
) -> None:
    ana = make.reader("ana@a.example", language="en")
    sent(issue, ana)
    mail = corrections.write_mail(wrong("item-1", editor), editor)
    make_choose(ana, topics=["robots"])
    workflow.approve(mail, editor)
    deliver(mail, timezone.now() + DAY)
    assert "Skylark charges" in bytes(mail.editions.get().mime).decode()


def test_an_approved_correction_leaves_by_itself_for_a_day(sink: Sink, issue: Issue, editor: User) -> None:
    sent(issue, make.reader("ana@a.example"))
    mail = corrections.write_mail(wrong("item-1", editor), editor)
    now = timezone.now()
    assert ("deliver", mail.pk) not in list(schedules.due(mail.newsletter, now))
    workflow.approve(mail, editor)
    assert ("deliver", mail.pk) in list(schedules.due(mail.newsletter, now))
    Issue.objects.filter(pk=mail.pk).update(approved_at=now - 2 * DAY)
    assert ("deliver", mail.pk) not in list(schedules.due(mail.newsletter, now))


def test_what_was_sent_is_not_touched(sink: Sink, issue: Issue, editor: User) -> None:
    sent(issue, make.reader("ana@a.example"))
    frozen, approved = bytes(issue.editions.get().mime), issue.approved_hash
    wrong("item-1", editor)
    issue.refresh_from_db()
    assert bytes(issue.editions.get().mime) == frozen
    assert workflow.content_hash(issue) == approved
    assert block("item-1").text_en == WRONG["text_en"]


def test_what_is_missing_or_not_sent_is_refused_in_words(sink: Sink, issue: Issue, editor: User) -> None:
    with pytest.raises(workflow.WorkflowError, match="readers have got"):
        wrong("item-1", editor)
    sent(issue, make.reader("ana@a.example"))
    for changes in ({"note_zh": ""}, {"text_en": ""}, {"text_en": "See [9]."}, WRONG):
        with pytest.raises(EditRefusedError):
            wrong("item-1", editor, **changes)
    seen = corrections.version(corrections.standing(block("item-1")))
    wrong("item-1", editor)
    with pytest.raises(EditConflictError):
        corrections.correct(block("item-1"), editor, {**RIGHT, "text_en": "Other [1]."}, seen=seen)
    assert Correction.objects.count() == 1


def test_a_mail_waits_until_the_issue_is_out_and_is_written_once(sink: Sink, issue: Issue, editor: User) -> None:
    sent(issue, make.reader("ana@a.example"))
    found = wrong("item-1", editor)
    Issue.objects.filter(pk=issue.pk).update(state="sending")
    found.refresh_from_db()
    with pytest.raises(workflow.WorkflowError, match="still going out"):
        corrections.write_mail(found, editor)
    Issue.objects.filter(pk=issue.pk).update(state="sent")
    corrections.write_mail(found, editor)
    with pytest.raises(workflow.WorkflowError, match="written already"):
        corrections.write_mail(found, editor)
