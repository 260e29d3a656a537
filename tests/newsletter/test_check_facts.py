"""Figures, names, roles, origin, quotations and certainty against the cited articles."""

from typing import Any

from tests.newsletter.checking import article, block, found

FUNDING = article(3, "Qinghe seeks $50 billion valuation", "Tencent leads the round, people familiar say, up 20%.")
FUNDING_ZH = article(
    4, "青禾洽谈融资，估值或达500亿美元", "知情人士称，腾讯领投，增幅两成。公司创始人张磊表示，资金用于算力。"
)


def test_a_changed_figure_is_found_with_the_nearest_one_beside_it() -> None:
    [finding] = found("figure", block("Qinghe could be worth $5 billion [3]."), articles=(FUNDING,))

    assert finding.severity == "high"
    assert "“$5 billion”" in finding.message
    assert "[3]" in finding.message_zh
    assert "$50 billion" in finding.evidence


def test_yi_for_wan_and_a_dropped_unit_are_found_in_chinese() -> None:
    assert found("figure", block(zh="青禾估值或达 500 万美元[4]。"), articles=(FUNDING_ZH,))
    assert found("figure", block(zh="增幅 20[4]。"), articles=(FUNDING_ZH,))


def test_the_same_figure_from_a_source_in_the_other_language_is_no_finding() -> None:
    assert not found("figure", block("Qinghe could be worth $50 billion, up 20% [4]."), articles=(FUNDING_ZH,))
    assert not found("figure", block(zh="青禾估值或达 500 亿美元，增长两成[3]。"), articles=(FUNDING,))


def test_the_day_of_publication_needs_no_words_in_the_article() -> None:
    assert not found("figure", block("Qinghe said so on 6 May 2026 [3]."), articles=(FUNDING,))
    assert found("figure", block("Qinghe said so on 19 May 2026 [3]."), articles=(FUNDING,))


def test_a_figure_of_another_cited_article_does_not_count() -> None:
    other = article(5, "Brightfold ships 400 robots")

    assert found("figure", block("Qinghe ships 400 robots [3]."), articles=(FUNDING, other))
    assert not found("figure", block("Brightfold ships 400 robots [5]."), articles=(FUNDING, other))


def test_a_title_is_held_to_what_its_block_cites() -> None:
    title = ("Qinghe could be worth $5 billion", "青禾估值或达 50 亿美元")
    wrong = block("Tencent leads [3].", "腾讯领投[3]。", title=title, id="item-1", kind="item")

    assert {finding.lang for finding in found("figure", wrong, articles=(FUNDING,))} == {"en", "zh"}


def test_an_overview_gives_the_true_number_of_articles() -> None:
    overview: dict[str, Any] = {"id": "overview-us", "kind": "overview", "list": "us", "data": True}

    assert found("figure", block("11 articles from 3 outlets.", "共 11 篇，来自 3 个信源。", **overview))
    assert not found("figure", block("9 articles from 3 outlets.", "共 9 篇，来自 3 个信源。", **overview))


def test_an_overview_counts_its_outlets_where_the_whole_day_is_known() -> None:
    overview: dict[str, Any] = {"id": "overview-us", "kind": "overview", "list": "us", "data": True}
    outlets = ("36氪快讯", "36氪快讯", "36氪快讯", "36氪", "36氪", "A", "B", "C", "C")
    day = tuple(article(n, f"News {n}", outlet=outlet) for n, outlet in enumerate(outlets, 1))
    right = block(
        "9 articles from 5 outlets; 36氪快讯 wrote most: 3.", "共 9 篇，来自 5 个信源，36氪快讯 3 篇。", **overview
    )
    wrong = block(
        "9 articles from 5 outlets; 36氪快讯 wrote most: 6.", "共 9 篇，来自 7 个信源，36氪快讯 3 篇。", **overview
    )

    assert not found("figure", right, articles=day)
    assert {finding.lang for finding in found("figure", wrong, articles=day)} == {"en", "zh"}


def test_a_swapped_company_is_found_in_both_languages() -> None:
    [finding] = found("name", block("Baidu leads the round in Qinghe [3]."), articles=(FUNDING,))
    assert "“Baidu”" in finding.message
    assert finding.severity == "high"

    assert found("name", block(zh="百度领投青禾[4]。"), articles=(FUNDING_ZH,))


def test_a_name_that_the_source_has_in_the_other_language_is_no_finding() -> None:
    assert not found("name", block("Tencent leads the round [4]."), articles=(FUNDING_ZH,))
    assert not found("name", block(zh="腾讯领投[3]。"), articles=(FUNDING,))


def test_part_and_whole_of_a_name_speak_for_each_other() -> None:
    cloud = article(6, "Alibaba Cloud cuts prices", "The cloud arm of the group said so.")

    assert not found("name", block("Alibaba cuts prices [6]."), articles=(cloud,))
    assert found("name", block("Meta cuts prices [6]."), articles=(article(6, "MetaX cuts prices"),))


def test_names_outside_the_lexicon_are_read_by_their_shape() -> None:
    patchwork = article(7, "Patchwork raises money", "Chief executive Ada Grünfeld announced PatchDroid-2.")

    assert found("name", block("The firm’s head, Ida Grossman, announced it [7]."), articles=(patchwork,))
    assert found("name", block("It announced PatchDroid-3 [7]."), articles=(patchwork,))
    assert not found("name", block("The head, Ada Grünfeld, announced PatchDroid-2 [7]."), articles=(patchwork,))


def test_a_person_in_chinese_is_read_by_the_title_before_the_name() -> None:
    assert found("name", block(zh="创始人李强表示，资金用于算力[4]。"), articles=(FUNDING_ZH,))
    assert not found("name", block(zh="创始人张磊表示，资金用于算力[4]。"), articles=(FUNDING_ZH,))


def test_an_english_rendering_of_a_chinese_name_is_not_called_invented() -> None:
    zh = article(8, "西岭电信推出模型卡", "每月 12 元。")

    assert not found("name", block("Xiling Telecom sells a card [8]."), articles=(zh,))


def test_a_reversed_deed_is_found() -> None:
    source = article(9, "Nvidia to acquire Groq", "Nvidia has agreed to acquire Groq for its chips.")
    zh = article(10, "英伟达收购Groq", "英伟达宣布收购Groq。")

    assert found("roles", block("Groq will acquire Nvidia, ending a long wait [9]."), articles=(source,))
    assert found("roles", block(zh="英伟达被 Groq 收购[10]。"), articles=(zh,))
    assert not found("roles", block("Groq is to be acquired by Nvidia [9]."), articles=(source,))
    assert not found("roles", block(zh="Groq 被英伟达收购[10]。"), articles=(zh,))


def test_a_company_among_those_of_another_country_is_found() -> None:
    source = article(11, "Anthropic updates its rules", "DeepSeek cut prices. Alibaba followed.")
    group = "Chinese firms made rapid progress [11]. Anthropic released new rules for its model [11]."

    assert found("origin", block(group), articles=(source,))
    assert found("origin", block("Chinese firms such as DeepSeek and Anthropic cut prices [11]."), articles=(source,))
    assert found("origin", block(zh="中国大模型公司 Anthropic 发布新规[11]。"), articles=(source,))
    assert found("origin", block(zh="DeepSeek、Anthropic 等中国企业纷纷降价[11]。"), articles=(source,))


def test_a_turn_to_the_other_country_is_no_mistake() -> None:
    source = article(11, "Anthropic updates its rules", "DeepSeek cut prices. Alibaba followed.")
    turn = "Chinese firms made rapid progress [11]. In the US, Anthropic released new rules [11]."

    assert not found("origin", block(turn), articles=(source,))
    assert not found(
        "origin", block("Chinese firms such as DeepSeek and Alibaba cut prices [11]."), articles=(source,)
    )
    assert not found("origin", block("Chinese rivals of Anthropic cut prices [11]."), articles=(source,))
    assert not found("origin", block(zh="中国企业降价，对手是 Anthropic[11]。"), articles=(source,))


def test_words_nobody_said_are_found_in_quotation_marks() -> None:
    source = article(12, "Maple opens its weights", "“We want everyone to build on it,” its head said.")
    zh = article(13, "枫叶公布权重", "负责人表示：“我们希望人人都能用它做东西。”")

    assert found("quotation", block("“We will never charge for it,” its head said [12]."), articles=(source,))
    assert found("quotation", block(zh="负责人表示：“我们永远不会收费。”[13]"), articles=(zh,))
    assert not found("quotation", block("“We want everyone to build on it,” its head said [12]."), articles=(source,))
    assert not found("quotation", block(zh="负责人称“希望人人都能用它”[13]。"), articles=(zh,))


def test_a_translated_quotation_and_a_word_in_quotes_are_left_alone() -> None:
    zh = article(13, "枫叶公布权重", "负责人表示：“我们希望人人都能用它做东西。”")

    assert not found("quotation", block("“We want all to build with it,” its head said [13]."), articles=(zh,))
    assert not found("quotation", block(zh="枫叶迎来“开放时刻”[13]。"), articles=(zh,))


def test_a_hedge_that_got_lost_is_found() -> None:
    source = article(
        14, "Corvid may rent computing", "Corvid is reportedly in talks to rent two data centres from a rival."
    )
    zh = article(15, "乌鸦拟租算力", "据悉，乌鸦公司考虑向对手租用两座数据中心的算力。")

    assert found("certainty", block("Corvid rents two data centres from a rival [14]."), articles=(source,))
    assert found("certainty", block(zh="乌鸦公司向对手租用两座数据中心的算力[15]。"), articles=(zh,))
    assert not found("certainty", block("Corvid may rent two data centres from a rival [14]."), articles=(source,))
    assert not found("certainty", block(zh="据悉，乌鸦公司考虑向对手租用两座数据中心的算力[15]。"), articles=(zh,))


def test_a_superlative_of_our_own_and_a_turned_denial_are_found() -> None:
    source = article(16, "Orchid ships a chip", "The chip will not ship to customers before the summer, Orchid said.")

    assert found("certainty", block("Orchid ships the world’s first such chip [16]."), articles=(source,))
    [finding] = found(
        "certainty", block("The chip will ship to customers before the summer, Orchid said [16]."), articles=(source,)
    )
    assert finding.severity == "high"
    assert "will not ship" in finding.evidence


def test_several_figures_are_not_in_the_source() -> None:
    source = article(90, "Harbor raises money")
    [one] = found("figure", block("Harbor raised $3.9 billion [90].", "Harbor 融资[90]。"), articles=(source,))
    [two] = found("figure", block("It took $3.9 billion at $31 billion [90].", "融资[90]。"), articles=(source,))

    assert "“$3.9 billion” is not in [90]" in one.message
    assert "“$3.9 billion”, “$31 billion” are not in [90]" in two.message


def test_who_invests_in_whom_is_read_before_the_deed_and_in_other_words() -> None:
    zh = article(
        9, "英伟达宣布向 Nebius 追加投资 30 亿美元", "英伟达周五宣布，将向云服务商 Nebius 追加投资 30 亿美元。"
    )
    en = article(
        10, "Nvidia to invest another $3 billion in Nebius", "Nvidia will invest a further $3 billion in Nebius."
    )

    assert found("roles", block(zh="Nebius 将向英伟达追加投资 30 亿美元[9]。"), articles=(zh,))
    assert not found("roles", block(zh="英伟达将向 Nebius 追加投资 30 亿美元[9]。"), articles=(zh,))
    assert found("roles", block("Nebius will put a further $3 billion into Nvidia [10]."), articles=(en,))
    assert not found("roles", block("Nvidia will put a further $3 billion into Nebius [10]."), articles=(en,))


def test_a_first_phase_or_a_chief_bears_out_no_worlds_first() -> None:
    source = article(
        9, "Foxconn to build an AI data center", "The first phase of the Foxconn data center will cost much."
    )
    zh = article(10, "鸿海将建人工智能数据中心", "首席执行官表示，鸿海数据中心首期投资 50 亿美元。")

    assert found("certainty", block("Foxconn builds the world’s first AI data center [9]."), articles=(source,))
    assert found("certainty", block(zh="鸿海将建设全球首座人工智能数据中心[10]。"), articles=(zh,))


def test_what_the_source_hedges_elsewhere_is_no_lost_hedge() -> None:
    source = article(9, "宇树科技 IPO 过会，拟募资 42 亿元", "宇树科技科创板 IPO 过会。")

    assert not found("certainty", block(zh="宇树科技 IPO 过会[9]。"), articles=(source,))


def test_a_company_called_after_a_third_country_is_found() -> None:
    source = article(9, "Unitree wins approval for its IPO", "Unitree makes humanoid robots.")

    assert found("origin", block("The Japanese company Unitree won approval for its IPO [9]."), articles=(source,))
    assert not found("origin", block("The Chinese company Unitree won approval for its IPO [9]."), articles=(source,))
