"""Sentences and marks, in both languages."""

import pytest

from newsletter.sentences import citations, cite, split_sentences, without_citations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One fact [1]. Another [2][3].", ["One fact [1].", "Another [2][3]."]),
        ("Dr. Li of Acme Inc. spoke at 3 p.m. in St. Louis.", ["Dr. Li of Acme Inc. spoke at 3 p.m. in St. Louis."]),
        ("It cost $2.4 billion. It won.", ["It cost $2.4 billion.", "It won."]),
        ("“Is it safe?” he asked. Yes.", ["“Is it safe?” he asked.", "Yes."]),
        ("First part.\n\nSecond part", ["First part.", "Second part"]),
        ("", []),
    ],
)
def test_english_sentences(text: str, expected: list[str]) -> None:
    assert split_sentences(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("模型发布[1]。价格下调 3.5%[2]！", ["模型发布[1]。", "价格下调 3.5%[2]！"]),
        ("他说：“可以。”随后离开。", ["他说：“可以。”", "随后离开。"]),
        ("没有句号", ["没有句号"]),
    ],
)
def test_chinese_sentences(text: str, expected: list[str]) -> None:
    assert split_sentences(text, "zh") == expected


def test_marks_stand_before_the_stop() -> None:
    assert cite("It won.", [1, 2], "en") == "It won [1][2]."
    assert cite("它赢了。", [1], "zh") == "它赢了[1]。"
    assert cite("No stop", [4], "en") == "No stop [4]"
    assert cite("它赢了。", [], "zh") == "它赢了。"


def test_marks_are_read_and_taken_out() -> None:
    text = "It won [1][12]. 它赢了[3]。"
    assert citations(text) == [1, 12, 3]
    assert without_citations(text) == "It won. 它赢了。"


@pytest.mark.parametrize(
    ("sentence", "language", "cited"),
    [
        ("通报提到，此举“可能造成难以估量的损失。”", "zh", "通报提到，此举“可能造成难以估量的损失”[3]。"),
        ("The notice speaks of “losses beyond measure.”", "en", "The notice speaks of “losses beyond measure” [3]."),
        ("“损失难以估量。”", "zh", "“损失难以估量[3]。”"),
    ],
)
def test_marks_stand_outside_a_quotation_that_ends_a_sentence(sentence: str, language: str, cited: str) -> None:
    assert cite(sentence, [3], language) == cited
