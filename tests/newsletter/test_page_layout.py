"""What a reader's choices leave of an issue."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from newsletter.models import Approval, Issue
from newsletter.page import SECTIONS, Choices, Line, Words, entries, lay_out
from newsletter.page.layout import safe_url
from newsletter.page.rows import rows_of, split_leads
from tests import factories as make
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    return make_full_issue(number=128)


def test_the_masthead_is_always_in_both_languages(issue: Issue) -> None:
    for language in ("en", "zh", "both"):
        page = lay_out(issue, Choices(language))
        assert (page.name_en, page.name_zh) == ("Chenbao", "晨报")
        assert (page.date_en, page.date_zh) == ("Thursday, 7 May 2026", "2026年5月7日　星期四")
        assert page.web_url.endswith(f"/{language}/issues/2026-05-07/")


def test_every_block_of_the_issue_is_there(issue: Issue) -> None:
    page = lay_out(issue, Choices("both"))
    assert [item.number for item in page.items] == list(range(1, 11))
    assert str(page.items_heading.en) == "Ten stories"
    assert str(page.chosen_from.en) == "chosen from 219 articles"
    assert [report.slug for report in page.reports] == ["china", "us"]
    china = page.reports[0]
    assert [(bar.name, bar.articles, bar.share) for bar in china.bars] == [
        ("算力日报", 96, 65),
        ("蓝湾财经", 24, 16),
        ("晨星科技", 9, 6),
    ]
    assert [str(tag) for tag in china.tags][:2] == ["Pricing 收费", "Funding 融资"]
    assert len(china.highlights) == 3
    assert [len(report.insights) for report in page.reports] == [4, 2]
    assert all(report.overview and report.business and report.technology for report in page.reports)
    assert [len(part) for part in (page.comparison, page.analysis, page.questions, page.tags)] == [3, 3, 4, 4]
    assert len(page.references) == 23  # one of the 24 is cited nowhere
    assert page.disclaimer


def test_an_item_has_its_scores_and_topics_by_name(issue: Issue) -> None:
    item = lay_out(issue, Choices("en")).items[0]
    assert [(str(name), score) for name, score in item.scores] == [("Hot", 92), ("Quality", 78), ("Impact", 95)]
    assert [topic.en for topic in item.topics] == [Line("en", "Policy & safety"), Line("en", "Models")]
    assert item.han == "一"


def test_an_item_that_goes_on_with_something_new_says_so(issue: Issue) -> None:
    block = issue.blocks.get(key="item-2")
    block.extra["update"] = True
    block.save()
    first, second = lay_out(issue, Choices("both")).items[:2]
    assert not first.update
    assert str(second.update.en) == "Update"
    assert "Update" in entries.item(second, ("en", "zh"))


def test_one_language_has_nothing_of_the_other(issue: Issue) -> None:
    page = lay_out(issue, Choices("en"))
    assert all(item.title.zh is None and item.rows[0].zh is None for item in page.items)
    assert page.subject == issue.subject_en
    assert lay_out(issue, Choices("both")).subject == f"{issue.subject_en} · {issue.subject_zh}"


def test_lists_and_sections_and_topics_limit_what_is_shown(issue: Issue) -> None:
    page = lay_out(issue, Choices("en", lists=("us",), sections=("reports", "qa"), topics=("robotics", "open-source")))
    assert [report.slug for report in page.reports] == ["us"]
    assert not page.comparison
    assert not page.analysis
    assert page.questions
    assert [item.number for item in page.items] == [6, 10], "they keep the issue's numbers"
    assert str(page.items_heading) == "Two stories"
    assert not page.notice


def test_references_are_those_that_the_shown_text_cites(issue: Issue) -> None:
    page = lay_out(issue, Choices("en", sections=(), topics=("robotics",)))
    assert [reference.number for reference in page.references] == [11, 12]


def test_choices_that_leave_nothing_leave_the_main_line_and_a_word_about_it(issue: Issue) -> None:
    page = lay_out(issue, Choices("en", sections=(), topics=("no-such-topic",)))
    assert page.title
    assert page.lead
    assert not any([page.items, page.reports, page.comparison, page.analysis, page.questions, page.tags])
    assert str(page.notice) == "Nothing else in this issue is among your choices."
    assert page.preheader.startswith("In the 24 hours")


def test_topics_without_an_item_today_are_said_beside_the_rest(issue: Issue) -> None:
    page = lay_out(issue, Choices("en", topics=("no-such-topic",)))
    assert page.reports
    assert str(page.notice) == "None of today’s stories is on the topics you chose."


def test_a_dropped_item_is_gone_and_the_others_close_up(issue: Issue) -> None:
    issue.blocks.filter(key="item-2").update(dropped=True)
    page = lay_out(issue, Choices("en"))
    assert [item.number for item in page.items] == list(range(1, 10))
    assert str(page.items[1].title).startswith("Xiling")
    assert str(page.items_heading) == "Nine stories"


def test_a_text_in_the_other_language_says_so(issue: Issue) -> None:
    english = "Only the English text is there [1]."
    issue.blocks.filter(key="item-1").update(text_zh=english, foreign_zh=True)
    item = lay_out(issue, Choices("zh")).items[0]
    line = item.rows[0].zh
    assert line is not None
    assert (line.foreign, line.tag) == (True, "en")
    assert item.title.zh is not None
    assert (item.title.zh.foreign, item.title.zh.tag) == (False, "zh-Hans"), "its title is Chinese all the same"


def test_an_original_in_both_halves_is_printed_once(issue: Issue) -> None:
    said = {"title_en": "标题", "title_zh": "标题", "text_en": "一句[1]。\n\n二句[1]。", "foreign_en": True}
    issue.blocks.filter(key="item-1").update(text_zh=said["text_en"], **said)
    item = lay_out(issue, Choices("both")).items[0]
    assert (item.title.en, str(item.title.zh)) == (None, "标题")
    assert [row.en for row in item.rows] == [Line("en", "", foreign=True), None]
    assert [str(row.zh) for row in item.rows] == ["一句[1]。", "二句[1]。"]
    assert len(lay_out(issue, Choices("en")).items[0].rows) == 2, "alone, it has the whole"


def test_an_item_that_a_language_has_not_is_left_out_of_its_edition(issue: Issue) -> None:
    issue.blocks.filter(key="item-1").update(title_zh="", text_zh="")
    assert lay_out(issue, Choices("zh")).items[0].number == 2
    both = lay_out(issue, Choices("both")).items[0]
    assert both.title.en
    assert not both.title.zh


def test_paragraphs_stand_beside_each_other_where_both_have_as_many() -> None:
    block = make.block(make.issue(), text_en="A.\n\nB.", text_zh="甲。\n\n乙。")
    rows = rows_of(block, ("en", "zh"))
    assert [(str(row.en), str(row.zh)) for row in rows] == [("A.", "甲。"), ("B.", "乙。")]
    block.text_zh = "甲。"
    (row,) = rows_of(block, ("en", "zh"))
    assert (str(row.en), str(row.zh)) == ("A.\n\nB.", "甲。")


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Qinghe’s round. China asks what; the US asks who [3].", "Qinghe’s round."),
        ("Sonnheim pays €3.1 billion for it. US media: cameras [4].", "Sonnheim pays €3.1 billion for it."),
        ("No lead here at all [3].", ""),
        ("Cited [3]. And more.", ""),
    ],
)
def test_a_line_of_the_comparison_begins_with_its_lead(text: str, lead: str) -> None:
    (point,) = split_leads([Words(en=Line("en", text))])
    assert str(point.lead) == lead
    assert f"{point.lead} {point.rows[0]}".strip() == text


def test_a_comparison_of_unequal_length_has_each_languages_points_whole_with_their_leads(issue: Issue) -> None:
    issue.blocks.filter(key="comparison").update(
        title_en="Both lists report",
        text_en="First. Both report [1].\n\nSecond. Both report [2].",
        text_zh="其一。都报[1]。\n\n其二。都报[2]。\n\n其三。只见一边[3]。",
    )
    page = lay_out(issue, Choices("both"))
    assert page.apart
    assert [str(point.lead) for point in page.comparison] == ["First.", "Second.", "其一。", "其二。", "其三。"]
    assert not lay_out(issue, Choices("en")).apart
    assert str(page.labels["comparison"].en) == "Side by side", "the heading is the section's, not the block's title"


def test_a_reference_without_a_time_of_its_own_shows_none(issue: Issue) -> None:
    issue.citations.filter(number=1).update(dated=False)
    page = lay_out(issue, Choices("both"))
    assert not page.references[0].when
    assert page.references[1].when


def test_a_references_title_is_set_like_the_text(issue: Issue) -> None:
    issue.citations.filter(number=1).update(title="Where Quillstone's money goes", language="en")
    page = lay_out(issue, Choices("en"))
    assert page.references[0].title == "Where Quillstone’s money goes"
    assert issue.citations.get(number=1).title == "Where Quillstone's money goes", "the snapshot stays"


def test_a_tag_that_both_languages_write_alike_is_printed_once(issue: Issue) -> None:
    issue.blocks.filter(key="tags").update(extra={"tags": [["Nvidia", "英伟达"], ["Aurora 5", "Aurora 5"]]})
    assert [str(tag) for tag in lay_out(issue, Choices("both")).tags] == ["Nvidia 英伟达", "Aurora 5"]
    assert [str(tag) for tag in lay_out(issue, Choices("zh")).tags] == ["英伟达", "Aurora 5"]


def test_an_insight_without_a_stop_after_its_lead_gets_one(issue: Issue) -> None:
    issue.blocks.filter(key="insight-us-1").update(title_en="Testing is a queue", title_zh="测试要排队")
    insight = lay_out(issue, Choices("both")).reports[1].insights[0]
    assert (str(insight.lead.en), str(insight.lead.zh)) == ("Testing is a queue.", "测试要排队。")


def test_an_originals_lead_keeps_the_stop_of_its_own_language(issue: Issue) -> None:
    block = issue.blocks.filter(key="insight-us-1")
    block.update(title_en="测试要排队", text_en="上线之前都要等[9]。", foreign_en=True)
    assert str(lay_out(issue, Choices("en")).reports[1].insights[0].lead.en) == "测试要排队。"
    block.update(title_zh="Testing is a queue", text_zh="Launches wait [9].", foreign_zh=True)
    assert str(lay_out(issue, Choices("zh")).reports[1].insights[0].lead.zh) == "Testing is a queue."


def test_times_are_on_the_newsletters_clock(issue: Issue) -> None:
    page = lay_out(issue, Choices("both"))
    when = page.references[0].when
    assert (str(when.en), str(when.zh)) == ("6 May 21:10", "5月6日 21:10")
    assert str(page.zone_label.en) == "Beijing time"
    letter = make.newsletter()
    letter.zone = "America/New_York"
    letter.save()
    issue.refresh_from_db()
    page = lay_out(Issue.objects.get(pk=issue.pk), Choices("en"))
    assert str(page.zone_label) == "New York time"
    assert str(page.references[0].when) == "6 May 09:10"


def test_who_approved_is_said_once_it_is_so(issue: Issue) -> None:
    at = issue.approved_at = dt.datetime(2026, 5, 6, 23, 12, tzinfo=dt.UTC)
    issue.approved_hash = "a" * 64
    for name in ("lin", "mei"):
        Approval.objects.create(issue=issue, content_hash="a" * 64, by=make.editor(name), at=at)
    assert not lay_out(issue, Choices("en")).approved
    issue.state = "approved"
    assert str(lay_out(issue, Choices("en")).approved) == "Approved by lin and mei at 07:12 Beijing time."


def test_that_nobody_has_read_it_is_said_too(issue: Issue) -> None:
    at = issue.approved_at = dt.datetime(2026, 5, 7, 0, 0, tzinfo=dt.UTC)
    issue.state, issue.approved_hash = "approved", "a" * 64
    Approval.objects.create(issue=issue, content_hash="a" * 64, by=None, at=at)
    assert str(lay_out(issue, Choices("en")).approved) == (
        "Released by rule at 08:00 Beijing time, not reviewed by a person."
    )


def test_it_takes_few_queries(issue: Issue, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    fresh = Issue.objects.get(pk=issue.pk)
    with django_assert_max_num_queries(3):
        lay_out(fresh, Choices("both"))


def test_choices_come_from_a_reader(issue: Issue) -> None:
    reader = make.reader("r@example.com", language="zh", lists=["us", "china", "us"], topics=None)
    assert Choices.from_dict(reader.choices()) == Choices("zh", lists=("china", "us"))
    assert SECTIONS == ("reports", "comparison", "analysis", "qa")
    with pytest.raises(ValueError, match="language 'fr'"):
        Choices("fr")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1#z", True),
        ("http://例子.example/新闻", True),
        ("HTTPS://a.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("https://a.example/\nx", False),
        ("https://a.example/a b", False),
        ("data:text/html,x", False),
        ("//a.example/x", False),
        ("/x", False),
        ("https://", False),
        ("https://[a", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, safe: bool) -> None:
    assert safe_url(url) == (url if safe else "")


def test_an_empty_issue_is_a_page_too() -> None:
    page = lay_out(make.issue(), Choices("both"))
    assert page.title
    assert str(page.items_heading.en) == "No stories"
    assert page.preheader == ""


def test_an_outlet_stands_under_the_name_that_the_edition_knows(issue: Issue) -> None:
    citation = issue.citations.get(number=1)
    own = citation.outlet
    issue.citations.filter(number=1).update(outlet_en="Morning Star", outlet_zh="晨星")
    block = issue.blocks.get(key="overview-china")
    first = block.extra["sources"][0][0]
    block.extra["called"] = {first: ["Compute Daily", "算力日报"]}
    block.save()
    shown = {}
    for language in ("en", "zh", "both"):
        page = lay_out(issue, Choices(language))
        reference = next(each for each in page.references if each.number == 1)
        shown[language] = (reference.outlet, page.reports[0].bars[0].name)
    assert shown == {"en": ("Morning Star", "Compute Daily"), "zh": ("晨星", "算力日报"), "both": (own, first)}
