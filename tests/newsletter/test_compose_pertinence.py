"""An article may be relevant for one paragraph: what its others tell stays out of the reports."""

import datetime as dt

import pytest

from newsletter.compose.brief import BriefArticle, BriefStory
from newsletter.compose.extract import sentences_of
from newsletter.compose.pertinence import Pertinence
from newsletter.subject import load_vocabulary

NOON = dt.datetime(2026, 3, 12, 4, tzinfo=dt.UTC)


def a_story(*articles: tuple[str, str, str]) -> BriefStory:
    """A story of (language, title, text)."""
    made = tuple(
        BriefArticle(n, f"Outlet {n}", "china", language, title, text, NOON, f"https://o{n}.example/")
        for n, (language, title, text) in enumerate(articles, 1)
    )
    return BriefStory(1, 1, 0, {"en": "", "zh": ""}, ("products",), "CN", {}, {}, made)


def kept(story: BriefStory, article: int = 0) -> list[str]:
    pertinence = Pertinence(load_vocabulary())
    return [s.text for s in sentences_of(story.articles[article]) if pertinence.fits(s, story)]


GREEN = (
    "zh",
    "春植新绿既见“颜值”更有“内涵”",
    "国家林草局数据显示，我国国土绿化已从“多多种树”迈向“种好管好”的新阶段，春植新绿更有“内涵”。"
    "作为智能经济的重要组成部分，多地林场开始用人形机器人巡护山林。",
)


def test_a_sentence_says_a_word_of_the_subject() -> None:
    assert kept(a_story(GREEN)) == ["作为智能经济的重要组成部分，多地林场开始用人形机器人巡护山林。"]


def test_a_headline_off_the_subject_vouches_for_nothing() -> None:
    car = (
        "zh",
        "新款轿跑 SUV 上市，起售价 18.98 万元",
        "一款纯电轿跑 SUV 上市，续航最高 720 公里，起售价 18.98 万元。",
    )
    assert kept(a_story(car)) == []
    assert not Pertinence(load_vocabulary()).speaks(a_story(car))
    assert Pertinence(load_vocabulary()).speaks(a_story(car, ("en", "An AI car goes on sale", "")))


@pytest.mark.parametrize(
    "sentence",
    [
        "Oracle said that the site in Abilene is the first of five.",  # its name
        "The whole contract is worth $4.2 billion to its builders.",  # its figure
        "A data center campus in Texas has changed hands after that.",  # its words
    ],
)
def test_a_sentence_may_tell_what_a_headline_on_the_subject_says(sentence: str) -> None:
    title = "Oracle leases an AI data center campus in Texas for $4.2 billion"
    assert kept(a_story(("en", title, f"{sentence} The weather in the county was fine for most of the week."))) == [
        sentence
    ]


def test_the_headline_may_be_another_outlets_in_the_other_language() -> None:
    story = a_story(
        ("zh", "甲骨文签下大单，金额 42 亿美元", "甲骨文表示，首批机房将在明年一季度交付给客户使用。"),
        ("en", "Oracle leases an AI data center for $4.2 billion", ""),
    )
    assert kept(story) == ["甲骨文表示，首批机房将在明年一季度交付给客户使用。"]
