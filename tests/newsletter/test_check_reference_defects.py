"""Every defect of the four reference editions (../shared/reference-editions/README.md), in our own words, is found."""

from newsletter.bilingual import Both
from newsletter.check.values import BlockValue
from tests.newsletter.checking import article, block, check, found

CUTS = article(1, "DeepSeek lowers its prices", "DeepSeek lowers prices by 30%; Alibaba follows.", outlet="Home of IT")
RULES = article(2, "Anthropic publishes new rules", "Anthropic publishes a new set of rules for Claude.")
DOUBAO = article(3, "豆包开始收费", "字节跳动的豆包推出付费档位。", outlet="Home of IT")


def test_a_citation_beyond_the_last_article() -> None:
    assert found("citation_range", block("DeepSeek lowers its prices [145]."), articles=(CUTS,))


def test_sentences_without_a_source() -> None:
    text = "DeepSeek lowers its prices by 30% [1]. The whole field is shaken by it. Alibaba follows."

    assert len(found("uncited", block(text), articles=(CUTS,))) == 2


def test_anthropic_among_the_chinese_firms() -> None:
    text = (
        "In the contest of models, Chinese companies showed rapid progress and their own ways [1]."
        " Anthropic published a new set of rules for Claude, with weight on safety [2]."
    )

    [finding] = found("origin", block(text), articles=(CUTS, RULES))
    assert finding.sentence.startswith("Anthropic")


def test_one_source_with_two_thirds_of_a_list() -> None:
    many = tuple(article(n, f"News {n}", outlet="Home of IT") for n in range(4, 17))
    few = tuple(article(n, f"News {n}", outlet=f"Outlet {n}") for n in range(17, 23))

    [finding] = found("concentration", block("News [4].", list="us"), articles=(*many, *few))
    assert finding.evidence == "Home of IT 68%"


def test_chinese_left_inside_the_english() -> None:
    text = "How many were misled by 所谓的 “reports” [1]? If the risk 一旦爆发, the platform can’t escape [1]."

    assert len(found("language", block(text, "多少人被误导[1]？"), articles=(CUTS,))) >= 2


def test_a_tag_twice_instead_of_translated() -> None:
    tags = block("产品发布 · Agent", "产品发布 · Agent", id="tags", kind="tags")

    assert {finding.lang for finding in found("language", tags)} == {"en", "zh"}


def test_a_headline_that_is_not_about_the_text() -> None:
    item = block(
        "DeepSeek lowers its prices by 30% [1]. Alibaba follows [1].",
        "DeepSeek 降价 30%[1]。阿里跟进[1]。",
        title=("Spot silver slides within the day", "现货白银日内走低"),
        id="item-1",
        kind="item",
    )

    assert found("headline", item, articles=(CUTS,))


def test_a_lede_cut_inside_a_word() -> None:
    assert found("truncated", block("A company that lowers its prices is genui"), articles=(CUTS,))


def test_bean_buns_in_one_line_and_doubao_in_the_next() -> None:
    buns = block("Bean buns will charge [3].", "豆包将收费[3]。")
    name = block("Doubao will charge [3].", "豆包将收费[3]。", id="highlights-2", position=2)

    [finding] = found("glossary", buns, name, articles=(DOUBAO,))
    assert finding.block == buns.id


def test_no_disclaimer() -> None:
    text = block("DeepSeek lowers its prices by 30% [1].", "DeepSeek 降价 30%[1]。")
    empty = BlockValue("disclaimer", "disclaimer", None, 9, None, Both(), Both())

    assert [f for f in check(articles=(CUTS,), blocks=(text, empty)) if f.kind == "disclaimer"]
