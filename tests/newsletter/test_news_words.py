"""One line of subject.tsv or news.tsv is one meaning: what is nothing alike shares none."""

import pytest

from newsletter.subject import load_vocabulary
from tests.newsletter.test_rank_reading import reading


def meanings(text: str) -> set[str]:
    return {word.key for word in load_vocabulary().words(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("车企破产", "a football club"),
        ("航空模型", "a bankrupt firm"),
        ("零售", "the recipe"),
        ("临床数据", "a new drug"),
        ("导弹", "weapons"),
        ("黄金", "crude oil"),
        ("比特币", "stablecoins"),
        ("博物馆", "culture"),
        ("签证", "the border"),
        ("水稻", "wheat"),
        ("潜艇", "an aircraft carrier"),
        ("物理", "chemistry"),
        ("作家", "publishers"),
        ("医院", "doctors"),
        ("签字", "会议"),
    ],
)
def test_unlike_things_share_no_meaning(one: str, other: str) -> None:
    assert meanings(one)
    assert meanings(other)
    assert not meanings(one) & meanings(other)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        *(("破产", "bankruptcy"), ("足球", "football"), ("临床试验", "clinical trials"), ("小麦", "wheat")),
        *(("教皇", "the pope"), ("解雇", "sacked"), ("融资", "raises $20 million"), ("保险", "insurance")),
    ],
)
def test_a_meaning_is_the_same_in_both_languages(zh: str, en: str) -> None:
    assert meanings(zh) & meanings(en)


@pytest.mark.parametrize(
    ("text", "not_this"),
    [
        ("Mistral winds fan fires in Provence", "dismiss"),
        ("A graph shows the trend", "television"),
        ("This PR firm is hiring; 某公司的PR经理", "code review"),
        ("The tutor raises test scores", "raise funds"),
        ("A non-profit for the poor", "revenue"),
        ("The not-for-profit school", "revenue"),
    ],
)
def test_a_word_is_not_taken_for_another(text: str, not_this: str) -> None:
    assert not_this not in meanings(text)


def test_better_marks_are_no_business_news() -> None:
    assert "business-funding" not in reading("AI tutor raises test scores", language="en").topics
    assert "business-funding" in reading("AI tutor raises $30m", language="en").topics


@pytest.mark.parametrize("title", ["Estate agents use AI", "FBI agents seize servers", "Free agents and their clubs"])
def test_people_who_act_for_others_speak_against_it(title: str) -> None:
    assert any(word.weight < 0 for word in reading(title, language="en").says)
