"""Sentences taken over from a source nearly word for word, and what counts, names days, or cites part by part."""

import dataclasses
from typing import Any

import pytest

from newsletter.bilingual import Both
from newsletter.check.values import ListValue
from tests.newsletter.checking import article, block, check, found

SOURCE = article(
    1,
    "腾讯拟在三季度推出微信智能体",
    "36氪获悉，腾讯拟在三季度向全体用户推出微信智能体，目前有七家公司参与测试。首席执行官李建表示，周二的测试没有失败。"
    "百度在两年前收购了小度，去年有三家公司退出。",
)
TRUE = "腾讯拟在三季度向全体用户推出微信智能体，目前有七家公司参与测试[1]。"
SAID = "首席执行官李建表示，周二的测试没有失败[1]。"


def test_a_true_copy_is_left_alone_also_when_it_is_shortened() -> None:
    assert not [f for f in check(block(zh=TRUE + SAID), articles=(SOURCE,)) if f.severity != "low"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("三季度", "四季度", "figure"),
        ("七家", "三家", "figure"),  # the article has 三家, of something else
        ("七家", "九家", "figure"),
        ("周二", "周五", "figure"),
        ("李建", "王磊", "name"),
        ("没有失败", "已经失败", "certainty"),
        ("拟在", "在", "certainty"),
        ("推出微信", "推出全球首个微信", "certainty"),
    ],
)
def test_one_word_for_another_is_found_in_a_copy(old: str, new: str, kind: str) -> None:
    text = (TRUE + SAID).replace(old, new)

    findings = found(kind, block(zh=text), articles=(SOURCE,))

    assert [new[:2] in f.sentence or new in f.sentence for f in findings] == [True]
    assert "腾讯" in findings[0].evidence or "李建" in findings[0].evidence


def test_two_names_that_changed_places_are_found_though_the_deed_is_no_known_one() -> None:
    source = article(1, "Nvidia lends Microsoft 500 engineers for a year of work on its data centres")

    assert found(
        "roles",
        block("Microsoft lends Nvidia 500 engineers for a year of work on its data centres [1]."),
        articles=(source,),
    )
    assert not found(
        "roles",
        block("Nvidia lends Microsoft 500 engineers for a year of work on its data centres [1]."),
        articles=(source,),
    )


def test_each_part_of_a_sentence_is_held_to_its_own_citation() -> None:
    sources = (article(1, "Nvidia invests $2 billion in Nebius"), article(2, "Meta buys Moltbook for $30 million"))
    right = "Nvidia invests $2 billion in Nebius [1]; Meta buys Moltbook for $30 million [2]."
    wrong = "Nvidia invests $30 million in Nebius [1]; Meta buys Moltbook for $30 million [2]."

    assert not check(block(right), articles=sources)[1:]
    assert [f.sentence for f in found("figure", block(wrong), articles=sources)] == [wrong]


def test_a_day_of_the_week_that_the_source_does_not_name_is_found() -> None:
    source = article(1, "Nvidia raised $2 billion on Tuesday")

    assert not found("figure", block(zh="英伟达周二融资 20 亿美元[1]。"), articles=(source,))
    assert found("figure", block(zh="英伟达周五融资 20 亿美元[1]。"), articles=(source,))
    assert found("figure", block("Nvidia raised $2 billion on Friday [1]."), articles=(source,))


def test_an_exact_figure_is_more_than_a_rough_source_says() -> None:
    source = article(1, "英伟达融资超过10亿美元")

    assert not found("figure", block("Nvidia raised over $1 billion [1]."), articles=(source,))
    assert found("figure", block("Nvidia raised $1.3 billion [1]."), articles=(source,))


def test_what_stands_in_the_original_is_read_once_and_held_to_its_source_when_it_differs() -> None:
    source = article(1, "英伟达融资20亿美元", "英伟达宣布融资20亿美元，用于建设数据中心。")
    copied = block(zh="英伟达宣布融资 20 亿美元，用于建设数据中心[1]。", parity="independent")
    labelled = dataclasses.replace(copied, text=Both(f"Chips: {copied.text.en}", f"芯片：{copied.text.zh}"))
    changed = dataclasses.replace(copied, text=Both(copied.text.en.replace("20", "70"), copied.text.zh))

    assert {f.severity for f in check(copied, articles=(source,))} == {"low"}
    assert {f.severity for f in check(labelled, articles=(source,))} == {"low"}
    assert [(f.lang, f.severity) for f in found("figure", changed, articles=(source,))] == [("en", "high")]


def test_halves_in_the_original_are_one_finding_a_language() -> None:
    blocks = [block(zh=f"英伟达融资 {n} 亿美元[1]。", id=f"item-{n}") for n in (20, 30)]

    findings = found("language", *blocks, articles=(article(1, "英伟达融资20亿美元，又融资30亿美元"),))

    assert [(f.block, f.lang, f.severity) for f in findings] == [(None, "en", "low")]
    assert "item-20, item-30" in findings[0].message


@pytest.mark.parametrize(
    ("en", "zh", "kinds"),
    [
        ("2 outlets published 3 articles.", "共有 3 篇报道，来自 2 个信源。", set()),
        ("2 outlets published 4 articles.", "共有 3 篇报道，来自 2 个信源。", {"figure"}),
        ("2 outlets published 3 articles.", "共有 3 篇报道，来自 5 个信源。", {"figure"}),
    ],
)
def test_the_opening_counts_the_day(en: str, zh: str, kinds: set[str]) -> None:
    day = tuple(article(None, f"News {n}", outlet="One" if n else "Two", id=f"a{n}") for n in range(3))
    main = block(en, zh, id="main-line", kind="main_line", data=True, parity="independent")

    findings = check(main, articles=day, lists=(ListValue("us", Both("US media", "美国媒体"), 3),))

    assert {f.kind for f in findings if f.severity != "low"} == kinds


def test_counts_are_the_same_in_both_languages_though_the_halves_quote_different_reports() -> None:
    answer: dict[str, Any] = {"id": "qa-1", "kind": "qa", "data": True, "parity": "independent"}

    assert not found("parity", block("China: 12 of 42.", "美国 7 篇，中国 6 篇，共 23 篇。", **answer))
    assert not found("parity", block("Agents: 43; then chips: 9.", "智能体 43 篇，芯片 9 篇。", **answer))
    assert found("parity", block("Agents: 43; then chips: 9.", "智能体 34 篇，芯片 9 篇。", **answer))


def test_a_report_that_cites_another_list_is_found() -> None:
    sources = (article(1, "Nvidia raised $2 billion"), article(2, "英伟达融资20亿美元"))

    assert not found("origin", block("Nvidia raised $2 billion [1].", list="us"), articles=sources)
    assert found("origin", block("Nvidia raised $2 billion [2].", list="us"), articles=sources)


def test_numbers_in_words_that_differ_are_a_break_of_parity() -> None:
    source = article(1, "Nvidia bought three start-ups in a week")

    assert not found(
        "parity", block("Nvidia bought three firms [1].", "英伟达收购了三家公司[1]。"), articles=(source,)
    )
    assert found("parity", block("Nvidia bought three firms [1].", "英伟达收购了七家公司[1]。"), articles=(source,))


def test_the_dot_in_a_name_parts_no_tags() -> None:
    tags: dict[str, Any] = {"id": "tags", "kind": "tags"}

    assert not found("parity", block("Robotaxi · Elon Musk", "无人驾驶出租车 · 埃隆·马斯克", **tags))
    assert found("parity", block("Robotaxi · Elon Musk", "无人驾驶出租车", **tags))
