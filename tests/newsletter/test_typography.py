"""How the two languages are set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.typography import count_han, fold, han_length, han_pairs, has_han, is_chinese, set_text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("融资500亿美元", "融资 500 亿美元"),
        ("OpenAI近日发布GPT-5模型", "OpenAI 近日发布 GPT-5 模型"),
        ("于2026年5月7日发布", "于 2026年5月7日发布"),
        ("今年3月增长20%的公司", "今年3月增长 20% 的公司"),
        ("5年内有3个月", "5 年内有 3 个月"),
        ("第 16 批备案", "第16批备案"),
        ("增长,但慢;为什么?因为贵!", "增长，但慢；为什么？因为贵！"),
        ("联邦通信委员会(FCC)主席", "联邦通信委员会（FCC）主席"),
        ('他说"很好"，又说「不」', "他说“很好”，又说“不”"),
        ('发布""无人值守""的智能体', "发布“无人值守”的智能体"),
        ("这是 一个 词", "这是一个词"),
        ("还在继续...", "还在继续……"),
        ("ＡＩ与５００亿", "AI 与 500 亿"),
    ],
)
def test_chinese_is_set_with_its_own_marks_and_spaces(typed: str, printed: str) -> None:
    assert set_text(typed, "zh") == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('It\'s "free", she said', "It’s “free”, she said"),
        ("the '90s", "the ’90s"),
        ("Rules，prices：up", "Rules, prices: up"),
        ("a  wide   gap\u00a0here", "a wide gap here"),
        ("one -- two", "one—two"),
    ],
)
def test_english_is_set_with_curly_quotes_and_ascii_marks(typed: str, printed: str) -> None:
    assert set_text(typed, "en") == printed


def test_a_name_that_joins_the_scripts_keeps_its_spelling() -> None:
    assert set_text("36氪和IT之家的5篇报道", "zh", ["36氪", "IT之家"]) == "36氪和 IT之家的 5 篇报道"


def test_paragraphs_stay_apart() -> None:
    assert set_text("第一段。\n\n\n第二段。", "zh") == "第一段。\n\n第二段。"


@given(st.text(alphabet="天地人,.!?\"'()（）“”，。 3A%-", max_size=40), st.sampled_from(["en", "zh"]))
def test_setting_twice_changes_nothing_and_loses_no_word(text: str, language: str) -> None:
    once = set_text(text, language)
    assert fold(set_text(once, language)) == fold(once) == fold(text)


def test_words_compare_equal_however_they_are_set() -> None:
    assert fold("融资500亿,“很好”") == fold('融资 500 亿，"很好"')


def test_a_chinese_text_may_be_full_of_latin_names() -> None:
    assert is_chinese("OpenAI 与 Anthropic 达成 DeepMind 协议框架")
    assert not is_chinese("The Chinese word for model is 模型 in most of the papers")


def test_a_latin_letter_is_half_as_wide_as_a_han_character() -> None:
    assert han_length("算力 GPU。") == 2 + 0.5 + 1.5 + 1


def test_han_characters_are_counted_whatever_their_block() -> None:
    assert count_han("喆 䶮 豈, AI、カナ") == 3
    assert has_han("AI 㐂")
    assert not has_han("AI、カナ，１")


def test_pairs_never_reach_across_a_gap() -> None:
    assert han_pairs("大模型，AI 模型") == ["大模", "模型", "模型"]
