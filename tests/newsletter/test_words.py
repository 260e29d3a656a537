"""What two texts are compared by."""

from newsletter.words import words


def test_endings_that_headlines_vary_make_no_difference() -> None:
    assert words("Meta acquires") == words("META acquired") == words("meta acquiring")


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("The company says that it's a new chip") == ["company", "chip"]
    assert words("公司今日宣布，在芯片上") == ["司今", "日宣", "芯片", "片上"]


def test_traditional_and_full_width_texts_compare_with_others() -> None:
    assert words("臺灣晶片，ＧＰＵ") == words("台湾晶片，GPU")
