"""The two languages agree; each is in its own script; names are the glossary's."""

from typing import Any

import pytest

from newsletter.bilingual import Both
from tests.newsletter.checking import article, block, found

ROUND = article(3, "Qinghe seeks $50 billion valuation", "Tencent leads.")
ROUND_ZH = article(4, "青禾洽谈融资，估值或达500亿美元", "腾讯领投。")
BOTH = (ROUND, ROUND_ZH)


def test_a_figure_that_differs_is_found_with_what_the_source_says() -> None:
    pair = block("Qinghe may be worth $50 billion [3][4].", "青禾估值或达 50 亿美元[3][4]。")

    [finding] = found("parity", pair, articles=BOTH)

    assert (finding.lang, finding.severity) == ("both", "high")
    assert "$50 billion against 50 亿美元" in finding.message
    assert finding.sentence == "Qinghe may be worth $50 billion [3][4]."
    assert "$50 billion" in finding.evidence


def test_the_same_figure_in_other_words_is_no_quarrel() -> None:
    pair = block(
        "Qinghe may be worth $50 billion; two in three pay, and use grew forty-fold from 7 May [3].",
        "青禾估值或达 500 亿美元；三分之二的人付费，5月7日以来用量增长 40 倍[3]。",
    )

    assert not found("parity", pair, articles=BOTH)


def test_a_date_that_one_language_leaves_out_is_no_quarrel_but_two_dates_are() -> None:
    assert not found("parity", block("Tencent leads, it said on 6 May [3].", "腾讯领投[3]。"), articles=BOTH)
    assert found("parity", block("Tencent leads from June [3].", "腾讯 7 月起领投[3]。"), articles=BOTH)


def test_a_name_that_differs_is_found() -> None:
    [swapped] = found("parity", block("Baidu leads the round [3].", "腾讯领投[3]。"), articles=BOTH)
    assert swapped.severity == "high"

    [missing] = found("parity", block("Tencent and Baidu lead the round [3].", "腾讯领投[3]。"), articles=BOTH)
    assert missing.severity == "medium"
    assert "Only English has Baidu" in missing.message


def test_a_name_may_become_a_pronoun_within_its_block() -> None:
    pair = block("Tencent leads. Tencent pays [3].", "腾讯领投。这家公司付钱[3]。")

    assert not found("parity", pair, articles=BOTH)


def test_names_that_keep_their_letters_are_compared_as_written() -> None:
    assert found("parity", block("It runs Patchdroid-2 [3].", "它运行 Patchdroid-3[3]。"), articles=BOTH)
    assert not found("parity", block("It runs Patchdroid-2 [3].", "它运行 Patchdroid-2[3]。"), articles=BOTH)


def test_citations_agree_paragraph_by_paragraph() -> None:
    [finding] = found("parity", block("Tencent leads [3].", "腾讯领投[4]。"), articles=BOTH)
    assert "only English [3], only Chinese [4]" in finding.message

    assert not found("parity", block("Tencent leads [3][4].", "腾讯领投[4][3]。"), articles=BOTH)


def test_paragraphs_align() -> None:
    assert found("parity", block("One [3].\n\nTwo [4].", "一[3]。二[4]。"), articles=BOTH)


def test_a_half_that_is_missing_or_far_shorter_is_found() -> None:
    empty = block("Tencent leads [3].", "腾讯领投[3]。", text=Both("Tencent leads [3].", ""))
    long = "Tencent leads the round with two state funds and a carrier, and more money is to come before autumn [3]."

    assert found("parity", empty, articles=BOTH)[0].severity == "high"
    assert found("parity", block(long, "腾讯领投[3]。"), articles=BOTH)


def test_independent_halves_need_only_the_event_in_common() -> None:
    item: dict[str, Any] = {"id": "item-1", "kind": "item", "parity": "independent"}
    same = block("Tencent leads a round [3].", "腾讯领投，估值或达 500 亿美元[4]。", **item)
    panda = article(5, "沃尔玛测试送货无人机")
    other = block("Tencent leads a round [3].", "沃尔玛测试送货无人机[5]。", **item)

    assert not found("parity", same, articles=BOTH)
    assert found("parity", other, articles=(ROUND, panda))


def test_as_many_tags_in_both_languages() -> None:
    tags: dict[str, Any] = {"id": "tags", "kind": "tags"}

    assert found("parity", block("Chips · Rules", "芯片 · 监管 · 模型", **tags))
    assert not found("parity", block("Chips · Rules", "芯片 · 监管", **tags))


def test_chinese_inside_the_english_is_found_but_not_in_quotation_or_an_outlets_name() -> None:
    outlet = article(6, "36氪：腾讯领投", outlet="36氪")
    leak = block("Investors were misled by 所谓的 reports [6].", "投资者被误导[6]。")
    quoted = block(
        "Engineers call it storing to compute (以存代算), 36氪 reports [6].", "据 36氪，工程师称之为以存代算[6]。"
    )

    [finding] = found("language", leak, articles=(outlet,))
    assert "所谓的" in finding.message
    assert not found("language", quoted, articles=(outlet,))


def test_english_inside_the_chinese_is_found_but_not_names_and_terms() -> None:
    zh = article(7, "OpenAI发布新模型", "支持vibe coding与token计费。")

    assert found("language", block(zh="OpenAI 发布了 a brand new model[7]。"), articles=(zh,))
    assert found("language", block(zh="OpenAI 发布的 model 更便宜[7]。"), articles=(zh,))
    fine = "OpenAI 发布 GPT-5.4 mini，支持 vibe coding，按 token 计费，详见 openai.com[7]。"
    assert [f for f in found("language", block(zh=fine), articles=(zh,)) if f.severity != "low"] == []


def test_a_half_in_the_wrong_language_is_serious_unless_it_is_marked() -> None:
    unmarked = block("腾讯领投青禾[4]。", "腾讯领投青禾[4]。")
    marked = block(zh="腾讯领投青禾[4]。")

    assert {f.severity for f in found("language", unmarked, articles=BOTH)} == {"high"}
    assert {f.severity for f in found("language", marked, articles=BOTH)} == {"low"}


def test_marks_and_characters_of_the_wrong_set_are_noted() -> None:
    assert found("language", block("Tencent leads，and pays [3].", "腾讯领投并付款[3]。"), articles=BOTH)
    assert found("language", block(zh="腾讯领投,并付款[4]。"), articles=BOTH)
    assert found("language", block(zh="騰訊領投[4]。"), articles=BOTH)
    assert not found("language", block("Tencent leads, and pays [3].", "腾讯领投，并付款[3]。"), articles=BOTH)


def test_a_tag_that_is_shown_twice_instead_of_translated_is_found() -> None:
    tags: dict[str, Any] = {"id": "tags", "kind": "tags"}

    both = found("language", block("产品发布 · Agent · 芯片", "产品发布 · Agent · 芯片", **tags))
    assert {finding.lang for finding in both} == {"en", "zh"}
    assert not found("language", block("Launch · Agents · OpenAI · AI", "产品发布 · 智能体 · OpenAI · AI", **tags))


def test_bean_buns_is_no_name() -> None:
    zh = article(8, "豆包开始收费")
    pair = block("Bean buns will charge [8].", "豆包将收费[8]。")

    [finding] = found("glossary", pair, articles=(zh,))
    assert finding.evidence == "豆包 = Doubao"
    assert not found(
        "glossary", block("Bakers sell bean buns [9].", "面包师卖豆沙包[9]。"), articles=(article(9, "面包"),)
    )


def test_one_name_has_one_spelling() -> None:
    zh = article(10, "小红书上线新功能")
    two = (
        block("Xiaohongshu adds a feature [10].", "小红书上线新功能[10]。"),
        block("RedNote users like it [10].", "小红书用户喜欢[10]。", id="highlights-2", position=2),
    )
    cased = (
        block("NVIDIA sells chips [10].", "英伟达卖芯片[10]。"),
        block("Nvidia sells more [10].", "英伟达卖得更多[10]。", id="highlights-2", position=2),
    )

    [finding] = found("glossary", *two, articles=(zh,))
    assert finding.sentence == "RedNote users like it [10]."
    assert not found("glossary", *cased, articles=(zh,))


INDEPENDENT: dict[str, Any] = {"id": "item-1", "kind": "item", "parity": "independent"}
RAISE = article(11, "Qinghe raises $2.4 billion", "The round values it at $31 billion.")
RAISE_ZH = article(12, "青禾融资24亿美元", "投后估值310亿美元，员工增长24%。")
RAISES = (RAISE, RAISE_ZH)
TITLE = ("Qinghe raises $2.4 billion", "青禾融资 24 亿美元")


@pytest.mark.parametrize("wrong", ["42 亿美元", "42 亿 美元", "240 亿美元", "25 亿美元", "240 亿"])
def test_independent_halves_whose_figures_contradict_each_other_disagree(wrong: str) -> None:
    text = block("Qinghe raised $2.4 billion [11].", f"青禾完成 {wrong}融资[12]。", title=TITLE, **INDEPENDENT)
    headline = (TITLE[0], f"青禾融资 {wrong}")
    titled = block("Qinghe raised $2.4 billion [11].", "青禾完成 24 亿美元融资[12]。", title=headline, **INDEPENDENT)

    for pair in (text, titled):
        [finding] = found("parity", pair, articles=RAISES)
        assert (finding.lang, finding.severity) == ("both", "high")
        assert finding.message == f"English and Chinese disagree: $2.4 billion against {wrong}."
        assert "24亿美元" in finding.evidence


def test_the_english_half_of_an_independent_block_may_be_the_wrong_one() -> None:
    pair = block("Qinghe raised $24 billion [11].", "青禾完成 24 亿美元融资[12]。", **INDEPENDENT)

    [finding] = found("parity", pair, articles=RAISES)

    assert finding.sentence == "Qinghe raised $24 billion [11]."
    assert "$24 billion against 24 亿美元" in finding.message


def test_independent_halves_may_tell_different_figures_of_one_event() -> None:
    pair = block("Qinghe raised $2.4 billion [11].", "青禾估值 310 亿美元，员工增长 24%[12]。", **INDEPENDENT)
    titled = block(
        "It is a large round [11].", "融资规模很大[12]。", title=(TITLE[0], "青禾估值 310 亿美元"), **INDEPENDENT
    )

    assert not found("parity", pair, articles=RAISES)
    assert not found("parity", titled, articles=RAISES)


def test_headlines_a_power_of_ten_apart_disagree_although_each_has_a_source() -> None:
    own = article(13, "青禾融资240亿元背后：24亿美元到账", "公司称总额240亿美元。")
    titles = (TITLE[0], "青禾融资 240 亿美元")
    pair = block("It is a large round [11].", "融资规模很大[13]。", title=titles, **INDEPENDENT)

    [finding] = found("parity", pair, articles=(RAISE, own))

    assert "$2.4 billion against 240 亿美元" in finding.message


def test_independent_reports_of_several_events_are_compared_only_through_a_common_source() -> None:
    report = {**INDEPENDENT, "id": "highlights-us", "kind": "highlights"}
    other = article(14, "Harbor loses $7 billion")

    apart = block("Harbor lost $7 billion [14].", "青禾完成 42 亿美元融资[12]。", **report)
    common = block("Qinghe raised $2.4 billion [11].", "青禾完成 42 亿美元融资[12]。", **report)

    assert not found("parity", apart, articles=(other, RAISE_ZH))
    assert found("parity", common, articles=RAISES)
