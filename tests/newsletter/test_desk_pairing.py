"""Sentences beside their translations, the place in a source, and marks on words: pure functions."""

import pytest

from newsletter import lexicon
from newsletter.bilingual import Both
from newsletter.review.pairing import Pair, align, pair_block
from newsletter.views.desk.evidence import Claim, Run
from newsletter.views.desk.markup import sentence_html


def test_sentences_are_paired_one_to_one_inside_their_paragraphs() -> None:
    rows = pair_block(("Title", "标题"), ("One. Two.\n\nThree.", "一。二。\n\n三。"), "translated")
    assert [(row.en, row.zh) for row in rows] == [
        (("Title",), ("标题",)),
        (("One.",), ("一。",)),
        (("Two.",), ("二。",)),
        (("Three.",), ("三。",)),
    ]
    assert [row.heading for row in rows] == [True, False, False, False]


def test_a_sentence_that_became_two_stands_beside_both() -> None:
    english = [
        "The laboratory is negotiating with two state funds, and the talks are at an early stage.",
        "It said no.",
    ]
    chinese = ["实验室正与两家国资基金谈判。", "谈判仍在早期阶段。", "公司没有置评。"]
    assert align(english, chinese) == [Pair((english[0],), tuple(chinese[:2])), Pair((english[1],), (chinese[2],))]


def test_languages_that_take_their_own_reports_meet_only_by_paragraph() -> None:
    rows = pair_block(("", ""), ("One. Two.", "甲。\n\n乙。"), "independent")
    assert rows == [Pair(("One.", "Two."), ("甲。",)), Pair((), ("乙。",))]


@pytest.mark.parametrize(("en", "zh"), [("", ""), ("Only English.", ""), ("", "只有中文。")])
def test_a_missing_language_leaves_its_side_empty(en: str, zh: str) -> None:
    sides = [(row.en, row.zh) for row in pair_block(("", ""), (en, zh), "translated")]
    assert sides == ([] if not en and not zh else [((en,) if en else (), (zh,) if zh else ())])


def test_a_very_long_paragraph_is_not_searched_for_ever() -> None:
    rows = align([f"Sentence {n}." for n in range(500)], [f"第 {n} 句。" for n in range(499)])
    assert len(rows) == 1


def test_no_sentence_is_lost_or_told_twice_however_the_counts_differ() -> None:
    for n_en in range(7):
        for n_zh in range(7):
            english, chinese = [f"S{n} {'x' * n}." for n in range(n_en)], [f"句{'字' * n}。" for n in range(n_zh)]
            rows = align(english, chinese)
            assert [s for row in rows for s in row.en] == english
            assert [s for row in rows for s in row.zh] == chinese


def marked(runs: tuple[Run, ...]) -> list[str]:
    return [run.text for run in runs if run.marked]


def claim(en: str = "", zh: str = "") -> Claim:
    return Claim(Both(en, zh), lexicon.load())


def test_figures_names_and_shared_words_of_a_source_are_marked_and_nothing_else() -> None:
    article = "Nvidia said on Monday that it will invest $5 billion in the plant. Rain is expected."
    found = claim("Nvidia puts $5 billion into a plant [1].").evidence("Chips", article, "en")
    assert marked(found.passage) == ["Nvidia", "$5 billion", "plant"]
    assert "".join(run.text for run in found.passage) == article
    assert (found.whole, marked(found.title)) == ((), [])


def test_figures_and_names_are_found_in_a_source_of_the_other_language() -> None:
    found = claim("Nvidia invests $5 billion [1].").evidence("英伟达投资", "英伟达宣布投资50亿美元。今天下雨。", "zh")
    assert "50亿美元" in "".join(marked(found.passage))
    assert marked(found.title) == ["英伟达"]


def test_the_longest_texts_are_shown_around_the_place_that_says_most_and_whole_on_demand() -> None:
    dull = "Nothing happened in the harbour that day. " * 40
    article = f"{dull}Skylark charges 40 yuan a month. {dull}"
    found = claim("Skylark now charges 40 yuan a month [1].").evidence("Title", article, "en")
    shown = "".join(run.text for run in found.passage)
    assert "Skylark charges 40 yuan a month." in shown
    assert len(shown) < 700
    assert shown.startswith("…… ")
    assert "".join(run.text for run in found.whole) == " ".join(article.split())


def test_a_source_that_shares_nothing_is_quoted_without_a_mark() -> None:
    assert marked(claim(zh="青禾 40 亿").evidence("x", "Nothing like it here.", "en").passage) == []
    assert claim("anything").evidence("x", "", "en").passage == ()


def test_citations_link_and_stay_with_their_stop() -> None:
    html = sentence_html("Talks resumed [1][9].", "en", "/sources/?row=1", {1}, [], "")
    assert html == (
        'Talks resumed&nbsp;<span class="w"><a class="cite" href="/sources/?row=1&amp;n=1">[1]</a>'
        '<span class="cite">[9]</span>.</span>'
    )


def test_hostile_text_stays_text_under_every_mark() -> None:
    sentence = "<script>alert(1)</script> costs <b>28</b> yuan [1]."
    html = sentence_html(sentence, "en", "a", {1}, [("<b>28</b> yuan", "fig")], '"><img src=x>')
    assert "<script" not in html
    assert "<b>" not in html
    assert "<img" not in html
    assert '<span class="fig">&lt;b&gt;28&lt;/b&gt; yuan</span>' in html


def test_a_missing_citation_is_marked_before_the_stop() -> None:
    html = sentence_html("如今也要为算力找钱。", "zh", "a", set(), [], "缺少引用")
    assert html == '如今也要为算力找钱<span class="caret" role="img" aria-label="缺少引用">∧</span>。'
