"""Who did it to whom, however it is put; what leaves a thing open, by its kind; yes and no in the clause retold."""

import pytest

from newsletter.check.values import ArticleValue
from tests.newsletter.checking import article, block, found

SUED = article(
    3, "Meta sues Scale AI", "Meta filed a lawsuit against Scale AI in Delaware on Monday over its contracts."
)
FUNDED = article(4, "腾讯投资月之暗面", "月之暗面获腾讯投资5亿元，资金将用于算力采购。")
SUPPLIED = article(5, "Micron to supply Nvidia", "Micron will supply memory to Nvidia under a contract of two years.")
MOVED = article(6, "xAI hires Ada Moreau", "Elon Musk's xAI has hired Ada Moreau from Anthropic to run its data team.")


@pytest.mark.parametrize(
    ("right", "wrong", "source"),
    [
        ("Scale AI was sued by Meta in Delaware [3].", "Meta was sued by Scale AI in Delaware [3].", SUED),
        ("Scale AI faces a lawsuit from Meta [3].", "Meta faces a lawsuit from Scale AI [3].", SUED),
        ("Meta has taken Scale AI to court [3].", "Scale AI has taken Meta to court [3].", SUED),
        ("Scale AI 在特拉华州被 Meta 起诉[3]。", "Meta 在特拉华州被 Scale AI 起诉[3]。", SUED),
        ("Meta 对 Scale AI 提起诉讼[3]。", "Scale AI 对 Meta 提起诉讼[3]。", SUED),
        ("腾讯向月之暗面投资 5 亿元[4]。", "月之暗面向腾讯投资 5 亿元[4]。", FUNDED),
        ("Moonshot AI received money from Tencent [4].", "Tencent received money from Moonshot AI [4].", FUNDED),
        ("Nvidia buys memory from Micron [5].", "Micron buys memory from Nvidia [5].", SUPPLIED),
        ("英伟达将从美光采购内存[5]。", "美光将从英伟达采购内存[5]。", SUPPLIED),
        ("Ada Moreau left Anthropic to join xAI [6].", "Ada Moreau left xAI to join Anthropic [6].", MOVED),
    ],
)
def test_who_did_it_to_whom_is_read_in_whatever_words(right: str, wrong: str, source: ArticleValue) -> None:
    def told(text: str) -> bool:
        made = block(zh=text) if text.endswith("。") else block(text)
        return bool(found("roles", made, articles=(source,)))

    assert not told(right)
    assert told(wrong)


def test_one_side_is_enough_where_the_other_has_no_known_name_in_the_source() -> None:
    source = article(7, "腾讯起诉蓝海数科", "腾讯已在深圳起诉蓝海数科，指其抓取公众号文章训练模型。")

    assert found("roles", block("Lanhai Shuke has sued Tencent in Shenzhen [7]."), articles=(source,))
    assert not found("roles", block("Tencent has sued Lanhai Shuke in Shenzhen [7]."), articles=(source,))


def test_the_halves_of_a_translation_agree_on_who_did_it() -> None:
    source = article(8, "A deal", "Nothing more is known.")
    en = "Databricks will buy Snowflake [8]."

    assert any(
        "who did it" in f.message
        for f in found("parity", block(en, "Snowflake 将收购 Databricks[8]。"), articles=(source,))
    )
    assert not found("parity", block(en, "Databricks 将收购 Snowflake[8]。"), articles=(source,))


def test_a_hedge_is_kept_only_by_one_of_its_kind() -> None:
    source = article(
        9, "Oracle and a site in Ohio", "Oracle may lease a second data center in Ohio from Crusoe, officials said."
    )

    lost = block("Officials said Oracle will lease a second data center in Ohio from Crusoe [9].")
    kept = block("Officials said Oracle might lease a second data center in Ohio from Crusoe [9].")
    assert found("certainty", lost, articles=(source,))
    assert not found("certainty", kept, articles=(source,))


def test_what_one_clause_affirms_may_not_be_denied_whatever_the_next_one_says() -> None:
    source = article(
        10,
        "Regulator lets the merger go on",
        "The regulator allowed Ansys to keep its optical design business, rejecting calls to block the sale.",
    )

    turned = block("The regulator did not allow Ansys to keep its optical design business [10].")
    assert [f.severity for f in found("certainty", turned, articles=(source,))] == ["high"]
    right = block("The regulator allowed Ansys to keep its optical design business [10].")
    assert not found("certainty", right, articles=(source,))


def test_a_chinese_person_is_held_to_the_family_name_of_an_english_source() -> None:
    source = article(11, "Zhipu names a new chief", "Zhipu AI said its founder Tang Jie would step back in June.")

    assert found("name", block(zh="智谱 CEO 王建国表示将卸任[11]。"), articles=(source,))
    assert not found("name", block(zh="智谱 CEO 唐小杰表示将卸任[11]。"), articles=(source,))


def test_a_chinese_person_in_office_is_held_to_a_chinese_source() -> None:
    source = article(12, "云深处换帅", "云深处任命陆知行为首席运营官，陆知行曾在华为任职。")

    assert found("name", block(zh="曾在华为任职的陆明远出任云深处首席运营官[12]。"), articles=(source,))
    assert not found("name", block(zh="曾在华为任职的陆知行出任云深处首席运营官[12]。"), articles=(source,))


def test_a_day_without_its_month_is_of_the_issues_month() -> None:
    source = article(13, "Nvidia meets investors", "Nvidia will meet its investors on May 6, it said.")

    wrong = block("Nvidia met its investors on March 6 [13].", "英伟达 6 日与投资者会面[13]。")
    right = block("Nvidia met its investors on May 6 [13].", "英伟达 6 日与投资者会面[13]。")
    assert found("parity", wrong, articles=(source,))
    assert not found("parity", right, articles=(source,))
