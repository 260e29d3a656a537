"""Chinese and English reports of one event are joined by what their headlines say, and others are not."""

import datetime as dt

import pytest

from newsletter import dictionary
from newsletter.rank.boilerplate import without_boilerplate
from newsletter.rank.cluster import similarities
from newsletter.rank.reading import read
from newsletter.rank.values import ArticleValue
from newsletter.subject import load_vocabulary

NOON = dt.datetime(2026, 5, 7, 4, tzinfo=dt.UTC)


def article(title: str, text: str = "", outlet: str = "The Bridge") -> ArticleValue:
    language = "zh" if any("\u4e00" <= char <= "\u9fff" for char in title) else "en"
    return ArticleValue(f"{outlet} {title}", title, text, language, outlet, NOON, scope="ai")


def alike(*titles: str) -> float:
    """How alike the first two are, 1 where one event begins; the others make up the day."""
    vocabulary = load_vocabulary()
    readings = [read(article(title), vocabulary) for title in titles]
    return similarities(readings, vocabulary).get((0, 1), 0.0)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("挪威将禁止小学生使用AI", "Norway bans AI for primary school pupils"),
        ("亚马逊宕机事件后召开工程会议", "Amazon calls an engineering meeting after outages"),
        ("英伟达计划推出开源智能体平台", "Nvidia plans to launch an open-source agent platform"),
    ],
)
def test_headlines_that_say_the_same_are_one_event(chinese: str, english: str) -> None:
    others = ("Amazon cuts the price of books", "英伟达股价下跌", "Nvidia moves its headquarters", "小学生春游")
    assert alike(chinese, english, *others) >= 1.0


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("英伟达计划推出开源智能体平台", "Nvidia moves its headquarters to a new campus"),
        ("亚马逊宕机事件后召开工程会议", "Amazon raises the price of its video service"),
        ("南京发布养龙虾政策", "Nvidia plans to launch an open-source agent platform"),
        # the suit, and what others say of it
        ("Anthropic起诉美国国防部", "OpenAI and Google staff back Anthropic in its suit against the Pentagon"),
    ],
)
def test_one_actor_in_common_is_not_one_event(chinese: str, english: str) -> None:
    others = ("Amazon cuts the price of books", "英伟达股价下跌", "Nvidia opens a school", "Pentagon buys ships")
    assert alike(chinese, english, *others) < 1.0


def test_the_dictionary_takes_the_longest_word_and_gives_stems() -> None:
    assert dictionary.split("挪威将禁止小学生使用AI") == ["挪威", "禁止", "小学生", "使用"]
    assert "norway" in dictionary.meanings("挪威")
    assert dictionary.split("輝達宣佈收購") == dictionary.split("辉达宣布收购")
    assert dictionary.meanings("没有这个词") == frozenset()


def test_what_an_outlet_prints_under_every_headline_is_left_out() -> None:
    advert = "我们的大会四月在上海举行，欢迎报名参加。"
    texts = [f"{advert}第{n}位讲者谈的是第{n}个题目。" for n in "一二三"]
    ours = [article(f"讲者{n}确认出席", text, "会刊") for n, text in enumerate(texts)]
    theirs = article("大会开幕", f"{advert}开幕式很热闹。", "晚报")
    cut = without_boilerplate([*ours, theirs])
    assert [each.text for each in cut[:3]] == [text.removeprefix(advert) for text in texts]
    assert cut[3] == theirs
    assert without_boilerplate(ours[:2]) == ours[:2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lumora raises $20 million for AI legal assistants", "Tindrel raises $20 million for AI-designed batteries"),
        ("Kestrel AI raises $12M Series A led by Foundry", "Plinth AI raises $16M Series A led by Summit"),
    ],
)
def test_the_same_kind_of_news_of_another_firm_or_sum_is_another_event(one: str, other: str) -> None:
    others = ("Publisher sues a rival over AI training data", "A city opens a school", "Firms raise prices for AI")
    assert alike(one, other, *others) < 1.0


def test_one_sum_rounded_and_a_firm_that_only_one_report_describes_is_one_event() -> None:
    others = ("Publisher sues a rival over AI training data", "A city opens a school", "Firms raise prices for AI")
    assert alike("Lumora raises $20 million for AI lawyers", "Lumora bags $19.6M to build AI lawyers", *others) >= 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tencent to buy 5% stake in robot maker Unitree", "Alibaba to buy 5% stake in robot maker AgiBot"),
        ("软银与OpenAI在日本成立合资公司", "Samsung and OpenAI launch joint venture in Korea"),
        ("Shanghai offers AI firms up to 50 million yuan", "深圳发布人工智能扶持政策，最高补贴5000万元"),
        ("China issues rules requiring labels on AI content", "EU delays rules requiring labels on AI content"),
        ("「深流科技」完成近亿元A轮融资", "「灵跃科技」完成近亿元A轮融资"),
    ],
)
def test_other_actors_and_other_places_are_never_one_event(one: str, other: str) -> None:
    assert alike(one, other, "A city opens a school", "Firms raise prices for AI", "小学生春游") < 1.0


def test_a_state_and_its_authority_stand_for_each_other() -> None:
    others = ("A city opens a school", "Firms raise prices for AI", "小学生春游")
    assert alike("China issues rules on labels for AI content", "国家网信办发布人工智能内容标识新规", *others) >= 1.0
