"""What the check would write instead, where it knows and the mend is simple."""

import pytest

from newsletter.models import Finding
from newsletter.review.mending import mend


def finding(kind: str, sentence: str, message: str, evidence: str, language: str = "en") -> Finding:
    return Finding(kind=kind, sentence=sentence, message=message, evidence=evidence, language=language)


@pytest.mark.parametrize(
    ("doubt", "sentence"),
    [
        (
            finding("glossary", "Bean Bun charges [1].", "Glossary: “Bean Bun” is …", "豆包 = Doubao"),
            "Doubao charges [1].",
        ),
        (
            finding("figure", "It costs 28 yuan [2].", "“28 yuan” is not in [2].", "[2] Wire: …It costs 40 yuan…"),
            "It costs 40 yuan [2].",
        ),
        (
            finding("figure", "It costs 28 yuan [2].", "“28 yuan” is not in [2]. “28” stands where it has “40”.", ""),
            "It costs 40 yuan [2].",
        ),
        (finding("uncited", "Rain is near.", "Citation missing.", "[3] Wire: Rain"), "Rain is near [3]."),
        (finding("uncited", "快下雨了。", "Citation missing.", "[3] 晨星: 雨", "zh"), "快下雨了[3]。"),
        (
            finding("citation_irrelevant", "Rain [1].", "[1] is about …", "[1] A: Sun / [2] B: Rain"),
            "Rain [2].",
        ),
    ],
)
def test_a_simple_mend_is_proposed_with_the_whole_sentence(doubt: Finding, sentence: str) -> None:
    found = mend(doubt)
    assert found is not None
    assert found.sentence == sentence


@pytest.mark.parametrize(
    "doubt",
    [
        finding("parity", "It costs 28 yuan [2].", "English and Chinese disagree.", ""),
        finding("uncited", "Rain is near.", "Citation missing.", ""),
        finding("figure", "It costs 28 yuan [2].", "“28 yuan” is not in [2].", "[2] W: 40 yuan or 50 yuan"),
        finding("figure", "It costs 28 yuan [2].", "“28 yuan” is not in [2].", "[2] 晨星: 40 元"),
        finding("figure", "Half are 9 million [2].", "“9 million” is not in [2].", "[2] W: one of 3 offices"),
        finding("glossary", "Bun and Bun [1].", "Glossary: “Bun” is …", "豆包 = Doubao"),
        finding("glossary", "", "Glossary: “Bun” is …", "豆包 = Doubao"),
    ],
)
def test_nothing_is_proposed_where_the_check_cannot_know(doubt: Finding) -> None:
    assert mend(doubt) is None
