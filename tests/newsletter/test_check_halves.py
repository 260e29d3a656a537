"""A translated half against the other, sentence by sentence; and what paraphrase may do without being doubted."""

import pytest

from newsletter.check.finding import FindingValue
from tests.newsletter.checking import article, block, found

ONE = article(
    3, "Nvidia, AMD and OpenAI in Texas", "Nvidia backs three labs. OpenAI may follow. AMD is not part of it."
)
TWO = article(4, "英伟达投资三家实验室", "据知情人士透露，OpenAI 可能跟进。AMD 没有参与。")


def parity(en: str, zh: str) -> list[FindingValue]:
    """What the halves say against each other."""
    return found("parity", block(en, zh), articles=(ONE, TWO))


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("Nvidia backs three labs [3].", "英伟达投资五家实验室[3]。"),
        ("Nvidia backs a lab [3].", "英伟达投资三家实验室[3]。"),
        ("Nvidia backs labs for five months [3].", "英伟达投资实验室七个月[3]。"),
        ("AMD is part of it [3].", "AMD 没有参与[3]。"),
        ("AMD is not part of it rather than late [3].", "AMD 参与其中，而不是迟到[3]。"),
        ("OpenAI follows [3].", "OpenAI 可能已跟进[3]。"),
        ("OpenAI might follow [3].", "OpenAI 已跟进[3]。"),
        ("Nvidia backs the world’s largest lab [3].", "英伟达投资一家实验室[3]。"),
        ("Nvidia backs labs [3]. AMD backs OpenAI [3].", "英伟达投资实验室[3]。AMD 投资微软[3]。"),
        ("Nvidia backs labs [3]. OpenAI follows [4].", "英伟达投资实验室[4]。OpenAI 跟进[3]。"),
        ("Nvidia backs labs [3]. OpenAI follows [3].", "英伟达投资实验室[3]。"),
    ],
)
def test_halves_that_contradict_each_other_are_found_with_both_sentences(en: str, zh: str) -> None:
    findings = parity(en, zh)

    assert findings
    assert all(finding.sentence in en or finding.sentence in zh for finding in findings)
    assert all(finding.lang == "both" for finding in findings)


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("Nvidia and AMD: both labs are in Texas [3].", "英伟达与 AMD 的两家实验室都在得克萨斯[3]。"),
        ("Nvidia backs labs, so that it does not depend on one [3].", "英伟达投资实验室，以免依赖一家[3]。"),
        ("Neither Nvidia nor AMD rents out power [3].", "英伟达和 AMD 均不出租算力[3]。"),
        ("Nvidia had to wait because AMD delayed it [3].", "由于 AMD 推迟，英伟达不得不等待[3]。"),
        ("Nvidia works in a driverless way [3].", "英伟达以无人驾驶的方式工作[3]。"),
        ("OpenAI could follow [3].", "OpenAI 或将跟进[3]。"),
        ("Nvidia’s largest lab yet [3].", "英伟达史上最大的实验室[3]。"),
        ("Nine in ten posts at Nvidia are in Texas [3].", "英伟达九成岗位在得克萨斯[3]。"),
        ("Nvidia, AMD and five others backed it [3].", "英伟达、AMD 等七家公司投资[3]。"),
        ("It grew in a decade [3].", "十年间增长[3]。"),
        ("Nvidia sells circuit boards [3].", "英伟达销售 PCB[3]。"),
    ],
)
def test_what_a_translator_says_otherwise_is_no_quarrel(en: str, zh: str) -> None:
    assert not parity(en, zh)


def test_a_translator_may_join_two_sentences() -> None:
    assert not parity("Nvidia backs labs [3]. OpenAI follows [4].", "英伟达投资实验室[3]，OpenAI 跟进[4]。")


def test_an_outlet_that_is_named_must_be_the_cited_one() -> None:
    articles = (article(3, "Labs grow", outlet="The Courier"), article(4, "Labs shrink", outlet="The Herald"))

    [finding] = found("citation_irrelevant", block("Labs grow, The Herald reports [3]."), articles=articles)

    assert finding.message == (
        "Another outlet’s report: the sentence names The Herald, what it cites is of The Courier."
    )
    assert not found("citation_irrelevant", block("Labs grow, The Courier reports [3]."), articles=articles)


def test_nobody_says_in_one_half_alone_what_is_quoted_in_neither_source() -> None:
    pair = block("Labs grow, and its head said “we have never been so sure of anything” [4].", "实验室在增长[4]。")

    assert found("quotation", pair, articles=(ONE, TWO))


def test_amounts_that_are_compared_share_their_unit() -> None:
    power = article(3, "电力需求", "需求将在2026年达到75.8吉瓦，并将在2030年提升到134.4吉瓦。")

    assert not found("figure", block("It needs 134.4 gigawatts by 2030, up from 75.8 in 2026 [3]."), articles=(power,))
    assert found("figure", block("It needs 134.4 gigawatts by 2030, up from 78.5 in 2026 [3]."), articles=(power,))


@pytest.mark.parametrize("told", ["实现百亿元营收", "营收逾百亿元"])
def test_a_round_chinese_number_without_its_one_is_a_number(told: str) -> None:
    articles = (article(3, "营收", told),)

    assert not found("figure", block("It wants 10 billion yuan [3]."), articles=articles)
    assert found("figure", block("It wants 30 billion yuan [3]."), articles=articles)


def test_a_span_of_years_has_the_years_between() -> None:
    articles = (article(3, "补助", "2023年至2025年期间，补助分别为662万元、980万元、1770万元。"),)

    assert not found("figure", block("It got 9.8 million yuan in 2024 [3]."), articles=articles)
    assert found("figure", block("It got 9.8 million yuan in 2021 [3]."), articles=articles)


def test_a_nickname_may_be_translated_a_name_may_not() -> None:
    lobster = article(3, "OpenClaw（“龙虾”）爆火", "OpenClaw 爆火。")

    assert not found("glossary", block("The lobster craze grows [3].", "“龙虾”热潮升温[3]。"), articles=(lobster,))
    assert found("glossary", block("The lobster craze grows [3].", "OpenClaw 热潮升温[3]。"), articles=(lobster,))


def test_what_a_report_does_not_mention_is_not_in_it() -> None:
    assert not found("name", block("Microsoft is not mentioned in the report [3]."), articles=(ONE,))
