"""Text into safe HTML, and into columns of plain text."""

import pytest

from newsletter.page import Line, Words, entries, plain
from newsletter.page.dates import han_numeral, number_word
from newsletter.page.values import Point
from newsletter.templatetags.newsprint import anchored, cited, foreign_note, headline, run

LINKS = {1: "https://a.example/1", 2: "https://a.example/2?x=1&y=2", 3: ""}


def test_a_citation_links_and_holds_to_the_word_before_it() -> None:
    assert cited(Line("en", "A plan [1]. Next."), LINKS) == 'A plan\u00a0<a href="https://a.example/1">[1]</a>. Next.'


def test_neighbours_and_their_stop_stay_together() -> None:
    assert cited(Line("en", "A plan [1][2].”"), LINKS) == (
        'A plan\u00a0<span class="w"><a href="https://a.example/1">[1]</a>'
        '<a href="https://a.example/2?x=1&amp;y=2">[2]</a>.”</span>'
    )


def test_in_chinese_the_last_character_holds_the_mark() -> None:
    assert cited(Line("zh", "一席[1]。下句"), LINKS) == (
        '一<span class="w">席<a href="https://a.example/1">[1]</a>。</span>下句'
    )
    assert cited(Line("zh", "“开始”[1]。"), LINKS).startswith('“开<span class="w">始”<a')


def test_a_page_links_to_its_own_reference() -> None:
    assert anchored(Line("en", "A [1]."), {1: "#ref-1"}) == 'A\u00a0<a class="cite" href="#ref-1">[1]</a>.'


def test_a_number_without_an_address_stays_as_written() -> None:
    assert cited(Line("en", "A [3]. B [9]."), LINKS) == "A [3]. B [9]."


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)> [1]',
        "[1](javascript:alert(1))",
        "</p></td><b>",
        "<" * 10_000,
    ],
)
def test_nothing_in_a_text_becomes_markup(text: str) -> None:
    for language in ("en", "zh"):
        for html in (cited(Line(language, text), LINKS), headline(Line(language, text))):
            bare = html.replace('<a href="https://a.example/1">', "").replace("</a>", "")
            for tag in ('<span class="w">', '<span class="cl">', "</span>"):
                bare = bare.replace(tag, "")
            assert "<" not in bare
            assert 'href="javascript' not in html


def test_a_chinese_heading_breaks_at_its_commas_and_holds_names() -> None:
    assert headline(Line("zh", "规矩更严，AI 开始收 500 元")) == (
        '<span class="cl">规矩更严，</span><span class="cl">AI\u00a0开始收\u00a0500\u00a0元</span>'
    )
    assert headline(Line("zh", "一句话")) == "一句话"
    assert headline(Line("en", "One, two & three")) == "One, two &amp; three"


def test_a_label_in_both_languages_marks_the_second() -> None:
    words = Words(Line("en", "Analysis"), Line("zh", "深度分析"))
    assert run(words) == 'Analysis <span lang="zh-Hans">深度分析</span>'
    assert run(words, " · ") == 'Analysis · <span lang="zh-Hans">深度分析</span>'


def test_only_foreign_text_has_a_note() -> None:
    assert foreign_note(Line("en", "x")) == ""
    assert foreign_note(Line("en", "原文", foreign=True)) == '<span class="fo" lang="en">Original in Chinese</span>'


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_han_numerals(number: int, word: str) -> None:
    assert han_numeral(number) == word


def test_numbers_beyond_the_words_are_figures() -> None:
    assert [number_word(n, "en") for n in (1, 12, 13)] == ["One", "Twelve", "13"]
    assert han_numeral(100) == "100"


def point(en: str, zh: str, number: int = 3) -> Point:
    said = {language: Line(language, text) for language, text in (("en", en), ("zh", zh)) if text}
    return Point(number, Words(), (Words(**said),))


def test_plain_text_keeps_to_its_columns_in_both_scripts() -> None:
    text = "混排 Latin words 与汉字，" * 20 + "A long English sentence that goes on and on. " * 10
    lines = plain.wrap(text, first="一  ", indent="    ").splitlines()
    assert len(lines) > 10
    assert all(plain.columns(line) <= plain.WIDTH for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])
    assert not any(line.strip()[0] in "，。：；" for line in lines)


def test_plain_text_never_parts_a_citation_from_its_word() -> None:
    for pad in range(60, 75):
        text = f"{'x' * pad} word [1][2]. {'字' * pad}末[3][4]。"
        for line in plain.wrap(text).splitlines():
            assert not line.startswith("[")
            assert not line.startswith("。")
        assert "word [1][2]." in plain.wrap(text)
        assert "末[3][4]。" in plain.wrap(text)


def test_what_is_too_long_to_break_stands_alone() -> None:
    url = "https://a.example/" + "x" * 100
    assert plain.wrap(f"See {url} there").splitlines() == ["See", url, "there"]


def test_a_number_hangs_in_the_gutter() -> None:
    assert entries.insight(point("One " * 30, "", 3), ("en",)).splitlines()[0].startswith(" 3  One")
    assert entries.insight(point("", "一" * 60, 11), ("zh",)).splitlines() == ["十一 " + "一" * 33, "    " + "一" * 27]


def test_the_languages_of_a_point_stand_under_each_other_with_a_blank_line_between() -> None:
    assert entries.insight(point("One.", "一。"), ("en", "zh")) == " 3  One.\n\n三  一。"
    assert entries.compared(point("One.", "一。"), ("en", "zh")) == "–   One.\n\n    一。"
    assert entries.compared(point("", "一。"), ("en", "zh")) == "–   一。"


def test_an_original_printed_once_keeps_the_number_and_is_noted_under_its_text() -> None:
    once = Point(4, Words(zh=Line("zh", "题")), (Words(en=Line("en", "", foreign=True), zh=Line("zh", "文。")),))
    assert entries.insight(once, ("en", "zh")) == " 4  题文。\n    (Original in Chinese)"
    assert entries.question(once, ("en", "zh")) == "题\n文。\n(Original in Chinese)"
    assert entries.section(once.rows) == "文。\n(Original in Chinese)"
    alone = Words(zh=Line("zh", "English only.", foreign=True))
    assert entries.section([alone]) == "English only.\n（原文为英文）"


def test_tags_are_never_broken() -> None:
    names = ["Chips & compute 芯片与算力"] * 3
    assert plain.listed(names).splitlines() == [f"{names[0]} · {names[0]} ·", names[0]]
    assert all(plain.columns(line) <= plain.WIDTH for line in plain.listed(["长" * 50, "b"], indent="  ").splitlines())


def test_tidy_leaves_no_control_characters_and_no_blank_ends() -> None:
    assert plain.tidy("\n\na \x1b\x00\n\n\n\n\nb\t\n\n") == "a\n\n\nb\n"
