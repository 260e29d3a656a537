"""Citations, repeats, form and the issue as a whole."""

import dataclasses
import datetime as dt
from typing import Any

from newsletter.bilingual import Both
from tests.newsletter.checking import DATE, DISCLAIMER, MORNING, article, block, check, document, found, told

ROUND = article(3, "Qinghe seeks $50 billion valuation", "Tencent leads the round with two state funds.")
ROBOT = article(5, "Brightfold shows a warehouse robot", "The robot packs 400 boxes an hour after one demonstration.")
ITEM: dict[str, Any] = {"id": "item-1", "kind": "item", "story": "s1"}


def test_a_sentence_without_a_citation_is_found_and_its_likely_source_named() -> None:
    bare = block("Tencent leads the round in Qinghe with two state funds.", "腾讯领投[3]。")

    [finding] = found("uncited", bare, articles=(ROUND, ROBOT))

    assert finding.severity == "medium"
    assert finding.evidence.startswith("[3]")


def test_titles_tags_counts_and_labels_need_no_citation() -> None:
    blocks = (
        block("9 articles.", "共 9 篇。", id="overview-us", kind="overview", list="us", data=True),
        block("Chips · Rules", "芯片 · 监管", id="tags", kind="tags", position=2),
        block("The round. Both lists report it [3].", "融资。两边都有报道[3]。", id="comparison", kind="comparison"),
        block("Tencent leads [3].", "腾讯领投[3]。", title=("What matters?", "什么最重要？"), id="qa-1", kind="qa"),
    )

    assert not found("uncited", *blocks, articles=(ROUND,))


def test_a_number_that_leads_nowhere_is_found() -> None:
    [finding] = found("citation_range", block(zh="腾讯领投[9]。"), articles=(ROUND,))

    assert finding.severity == "high"
    assert "[9]" in finding.message
    assert not found("citation_range", block(zh="腾讯领投[3]。"), articles=(ROUND,))


def test_a_citation_of_another_event_is_found() -> None:
    moved = "Tencent leads the round in Qinghe with two state funds at a $50 billion valuation [5]."

    assert found("citation_irrelevant", block(moved), articles=(ROUND, ROBOT))
    assert not found("citation_irrelevant", block(moved.replace("[5]", "[3]")), articles=(ROUND, ROBOT))


def test_a_comment_that_fits_any_article_is_left_alone() -> None:
    comment = block("Money is what everybody needs now [5].", "如今人人缺钱[5]。")

    assert not found("citation_irrelevant", comment, articles=(ROUND, ROBOT))


def test_what_is_said_twice_is_found_where_it_is_said_again() -> None:
    first = block("The robot packs 400 boxes an hour after one demonstration [5].", "机器人每小时装箱 400 个[5]。")
    again = dataclasses.replace(first, id="insight-us-1", kind="insight", position=2)

    assert {finding.block for finding in found("duplicate", first, again, articles=(ROBOT,))} == {"insight-us-1"}


def test_the_same_event_in_two_items_is_found() -> None:
    one = block("Tencent leads [3].", "腾讯领投[3]。", title=("Qinghe raises", "青禾融资"), **ITEM)
    two = dataclasses.replace(one, id="item-2", position=2, title=Both("Money for a laboratory", "实验室筹钱"))

    [finding] = found("duplicate", one, two, articles=(ROUND,))
    assert (finding.block, finding.severity) == ("item-2", "high")


def test_a_story_of_an_earlier_issue_is_found_by_its_id_or_its_headline() -> None:
    title = ("Qinghe seeks a first round of money", "青禾寻求首轮融资")
    item = block("Tencent leads [3].", "腾讯领投[3]。", title=title, **ITEM)
    day = DATE - dt.timedelta(days=1)

    assert found("repeated", item, articles=(ROUND,), previous=(told(day, "s1", "Other words"),))
    assert found("repeated", item, articles=(ROUND,), previous=(told(day, "s7", "Qinghe seeks first round of money"),))
    assert not found("repeated", item, articles=(ROUND,), previous=(told(day, "s8", "Qinghe hires a new chief"),))


def test_a_sentence_that_breaks_off_is_found() -> None:
    cut = ("The robot packs 400 bo", "The robot packs 400 boxes… [5]", "The robot (new packs 400 boxes [5].")

    for text in cut:
        assert found("truncated", block(text), articles=(ROBOT,)), text
    assert found("truncated", block(zh="机器人每小时装箱 400 个[5]，而且"), articles=(ROBOT,))
    assert found("truncated", block(zh="机器人“装箱 400 个[5]。"), articles=(ROBOT,))
    assert found("truncated", block(zh="机器人装箱。查看全文[5]。"), articles=(ROBOT,))


def test_a_whole_sentence_may_end_in_quotes_or_a_question() -> None:
    whole = "“It packs,” she said (twice), “400 boxes [5].” Who needs it [5]? iPhones don’t [5]."

    assert not found("truncated", block(whole), articles=(ROBOT,))
    assert not found("truncated", block(zh="她说：“每小时 400 个[5]。”谁需要它（机器人）[5]？"), articles=(ROBOT,))


def test_items_have_two_sentences_and_headlines_a_limit() -> None:
    short = block("Tencent leads [3].", "腾讯领投[3]。", title=("Qinghe raises", "青禾融资"), **ITEM)
    long = block(
        "Tencent leads [3]. It pays [3].", "腾讯领投[3]。它付钱[3]。", title=("Qinghe " * 26, "青禾融资"), **ITEM
    )
    right = block(
        "Tencent leads [3]. It pays [3].", "腾讯领投[3]。它付钱[3]。", title=("Qinghe raises", "青禾融资"), **ITEM
    )

    assert {finding.lang for finding in found("length", short, articles=(ROUND,))} == {"en", "zh"}
    assert [finding.lang for finding in found("length", long, articles=(ROUND,))] == ["en"]
    assert not found("length", right, articles=(ROUND,))


def test_a_headline_that_is_not_about_its_text_is_found() -> None:
    silver = ("Spot silver falls within the day", "现货白银日内下跌")
    right = ("Tencent leads Qinghe’s round", "腾讯领投青禾")
    text = ("Tencent leads the round [3]. It pays [3].", "腾讯领投青禾[3]。它付钱[3]。")

    assert {f.lang for f in found("headline", block(*text, title=silver, **ITEM), articles=(ROUND,))} == {"en", "zh"}
    assert not found("headline", block(*text, title=right, **ITEM), articles=(ROUND,))


def test_the_issues_own_title_is_held_to_the_issue() -> None:
    item = block("Tencent leads the round [3].", "腾讯领投青禾[3]。", title=("Qinghe raises", "青禾融资"), **ITEM)

    assert found("headline", item, articles=(ROUND,), title=Both("Spot silver falls", "现货白银下跌"))
    assert not found("headline", item, articles=(ROUND,), title=Both("Qinghe raises money", "青禾融资"))


def test_old_news_is_found_by_the_issues_date() -> None:
    text = block("Tencent leads the round [3].", "腾讯领投[3]。")
    old = dataclasses.replace(ROUND, published=MORNING - dt.timedelta(days=9))
    recent = dataclasses.replace(ROUND, published=MORNING - dt.timedelta(days=2))

    assert found("stale", text, articles=(old,))
    assert not found("stale", text, articles=(recent,))


def test_a_list_that_one_outlet_fills_is_found() -> None:
    filled = tuple(article(n, f"News {n}", outlet="IT Home" if n < 8 else f"Outlet {n}") for n in range(1, 11))
    mixed = tuple(article(n, f"News {n}", outlet="IT Home" if n < 4 else f"Outlet {n}") for n in range(1, 11))

    [finding] = found("concentration", block("News [1].", "新闻[1]。", list="us"), articles=filled)
    assert finding.evidence == "IT Home 70%"
    assert not found("concentration", block("News [1].", "新闻[1]。", list="us"), articles=mixed)


def test_a_missing_disclaimer_is_found_in_each_language() -> None:
    text = block("Tencent leads the round [3].", "腾讯领投[3]。")
    none = dataclasses.replace(document(text, articles=(ROUND,)), blocks=(text,))
    silent = dataclasses.replace(DISCLAIMER, text=Both("Written with care.", ""))

    missing = [f for f in check(articles=(ROUND,), blocks=none.blocks) if f.kind == "disclaimer"]
    assert {finding.lang for finding in missing} == {"en", "zh"}
    half = [f for f in check(articles=(ROUND,), blocks=(text, silent)) if f.kind == "disclaimer"]
    assert {(finding.lang, finding.severity) for finding in half} == {("en", "low"), ("zh", "high")}
    assert not found("disclaimer", text, articles=(ROUND,))


def test_a_daily_issue_with_fewer_than_ten_items_is_pointed_out() -> None:
    overview = block("9 articles.", "共 9 篇。", id="overview-us", kind="overview", list="us", data=True)
    items = tuple(block("Tencent leads [3].", "腾讯领投[3]。", id=f"item-{n}", kind="item") for n in range(1, 7))
    [finding] = [
        each for each in check(overview, *items, articles=(ROUND,)) if each.message.startswith("Only 6 of 10")
    ]
    assert (finding.kind, finding.severity, finding.block) == ("length", "low", None)
    assert finding.message_zh.startswith("要闻只有 6 条")
    assert not [each for each in check(*items, articles=(ROUND,)) if each.message.startswith("Only")]
