"""One sentence of a text is replaced, taken out or added, and no other character changes; two editors' texts merge."""

import pytest

from newsletter.review.merging import merge
from newsletter.review.splicing import places, spliced

EN = "One stands here [1].  Two has\na break [2]. Three.\n\nFour ends it [3]."
SENTENCES = [["One stands here [1]."], ["Two has a break [2]."], ["Three."], ["Four ends it [3]."]]


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ({}, EN),
        ({2: "Third!"}, "One stands here [1].  Two has\na break [2]. Third!\n\nFour ends it [3]."),
        ({0: ""}, "Two has\na break [2]. Three.\n\nFour ends it [3]."),
        ({1: ""}, "One stands here [1].  Three.\n\nFour ends it [3]."),
        ({2: ""}, "One stands here [1].  Two has\na break [2].\n\nFour ends it [3]."),
        ({3: " Last. ", 0: "First."}, "First.  Two has\na break [2]. Three.\n\nLast."),
    ],
)
def test_only_the_named_sentences_change(new: dict[int, str], text: str) -> None:
    assert spliced(EN, SENTENCES, new, gap=" ") == text


def test_where_a_language_has_no_sentence_one_is_added_in_its_place() -> None:
    assert spliced("A. C.", [["A."], [], ["C."]], {1: "B."}, gap=" ") == "A. B. C."
    assert spliced("甲。丙。", [["甲。"], [], ["丙。"]], {1: "乙。"}, gap="") == "甲。乙。丙。"
    assert spliced("", [[]], {0: "New."}, gap=" ") == "New."
    assert spliced("A.", [[], ["A."]], {0: "B."}, gap=" ") == "B. A."


def test_the_same_sentence_twice_is_told_apart_by_its_place() -> None:
    assert places("No. No. Yes.", [["No."], ["No."], ["Yes."]]) == [(0, 3), (4, 7), (8, 12)]
    assert spliced("No. No. Yes.", [["No."], ["No."], ["Yes."]], {1: "Maybe."}, gap=" ") == "No. Maybe. Yes."


def test_a_sentence_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the text"):
        places("A.", [["B."]])


BASE = "One. Two. Three.\n\nFour. Five."


@pytest.mark.parametrize(
    ("theirs", "mine", "merged", "clashes"),
    [
        (BASE, "One. Two. Mine.\n\nFour. Five.", "One. Two. Mine.\n\nFour. Five.", 0),
        ("Theirs. Two. Three.\n\nFour. Five.", BASE, "Theirs. Two. Three.\n\nFour. Five.", 0),
        ("Theirs. Two. Three.\n\nFour. Five.", "One. Two. Three.\n\nFour. Mine.", None, 0),
        ("One. Two. Three.\n\nFive.", "Zero. One. Two. Three.\n\nFour. Five.", "Zero. One. Two. Three.\n\nFive.", 0),
        ("One. Both. Three.\n\nFour. Five.", "One. Both. Three.\n\nFour. Five.", None, 0),
        ("One. Theirs. Three.\n\nFour. Five.", "One. Mine. Three.\n\nFour. Five.", None, 1),
        ("One. Two. Three.\n\nFour. Five. Theirs.", "One. Two. Three.\n\nFour. Five.\n\nMine.", None, 1),
        (
            "One. Two. Theirs.\n\nFour. Five.",
            "One. Mine. Three.\n\nFour. Five.",
            "One. Mine. Theirs.\n\nFour. Five.",
            0,
        ),
        ("One. Two. Three. Four. Five.", BASE.replace("Five", "5"), "One. Two. Three. Four. 5.", 0),
    ],
)
def test_changes_of_different_sentences_both_stay(theirs: str, mine: str, merged: str | None, clashes: int) -> None:
    expected = {
        "Theirs. Two. Three.\n\nFour. Five.": "Theirs. Two. Three.\n\nFour. Mine.",
        "One. Both. Three.\n\nFour. Five.": "One. Both. Three.\n\nFour. Five.",
        "One. Theirs. Three.\n\nFour. Five.": "One. Theirs. Mine. Three.\n\nFour. Five.",
        "One. Two. Three.\n\nFour. Five. Theirs.": "One. Two. Three.\n\nFour. Five. Theirs.\n\nMine.",
    }
    found = merge(BASE, theirs, mine, "en")
    assert (found.text, found.clashes) == (merged or expected[theirs], clashes)


def test_chinese_is_merged_without_spaces() -> None:
    assert merge("甲。乙。丙。", "甲改。乙。丙。", "甲。乙。丙改。", "zh").text == "甲改。乙。丙改。"
