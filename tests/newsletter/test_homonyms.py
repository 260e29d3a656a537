"""Names and words of the subject that are ordinary words count fully only beside a second sign of it."""

import pytest

from newsletter.homonyms import Homonyms
from newsletter.lexicon import Mention, Name, fold
from newsletter.rank.relevance import THRESHOLD
from newsletter.subject import load_vocabulary, read_rows
from newsletter.typography import has_han
from tests.newsletter.test_rank_reading import reading

ROWS = read_rows("common.tsv")


def relevance(title: str, text: str = "", scope: str = "general") -> float:
    return reading(title, text, "zh" if has_han(title) else "en", scope=scope).relevance


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Granite State voters head to the polls",
            "Kimi Antonelli takes pole in Monaco",
            "Gemma Arterton on her new play",
        ),
        *(
            "Bert and Ernie return to Sesame Street",
            "The refugees left on Manus Island",
            "Your Gemini horoscope for 2026",
        ),
        *(
            "Mistral winds fan wildfires in Provence",
            "Jamba Juice opens twenty shops",
            "Runway at Heathrow closed by ice",
        ),
        *(
            "Arctic ice melts faster",
            "Cosmos returns to television",
            "Aardvark born at London zoo",
            "Decagon Place reopens",
        ),
        *(
            "Estate agents expect prices to fall",
            "Travel agents warn of delays",
            "Insurance agents lose their licences",
        ),
        *(
            "Secret service agents under inquiry",
            "FBI agents search a farm",
            "BMW shows a new model",
            "Ruling prompts outcry",
        ),
        *(
            "衬衫的扣子掉了怎么缝",
            "盘古开天辟地的神话",
            "混元气功大师去世",
            "灵光一闪的发明",
            "百炼成钢的故事",
            "文心雕龙讲座",
        ),
        *("波士顿龙虾抽检不合格", "糯米龙虾的做法", "今夏龙虾价格大跌", "奥特曼新剧开播"),
    ],
)
def test_an_ordinary_word_alone_is_not_the_subject(title: str) -> None:
    assert relevance(title) < 0.3


@pytest.mark.parametrize(
    "title",
    [
        *(
            "IBM releases Granite 4.0",
            "Moonshot's Kimi tops a ranking",
            "Google gives Gemini a memory",
            "Gemma 4 is out",
        ),
        *("Mistral AI raises a billion", "Runway raises $300m for its video generator", "Coding agents compared"),
        *(
            "Autonomous agents run the back office",
            "字节扣子上线新功能",
            "华为盘古发布新版",
            "腾讯混元发布",
            "文心5.0来了",
        ),
        *("手机上怎么部署龙虾", "微信可以养龙虾了", "Kimi 上线新功能", "奥特曼谈 OpenAI 的明年"),
    ],
)
def test_beside_a_second_sign_it_is(title: str) -> None:
    assert relevance(title) >= THRESHOLD


@pytest.mark.parametrize("title", ["Autonomous agents run the back office", "Salesforce gives its agents a task"])
def test_agents_of_software_say_more_than_others(title: str) -> None:
    assert relevance(title) > relevance("Estate agents give the office a task")


def test_the_second_sign_may_stand_in_the_text() -> None:
    alone = relevance("Granite arrives", "It is grey, and cut in Vermont.")
    assert alone < THRESHOLD <= relevance("Granite arrives", "IBM made the open-source language model smaller.")


def test_a_source_that_writes_of_nothing_else_is_a_sign() -> None:
    assert relevance("Inside Granite", scope="ai") >= THRESHOLD > relevance("Inside Granite")


def test_what_is_doubted_is_of_no_topic() -> None:
    assert "models" not in reading("Granite State voters", language="en").topics


def test_a_sign_within_the_word_itself_is_none() -> None:
    homonyms = Homonyms([{"spelling": "Blue Stone", "beside": "Stone|API"}])
    mention = Mention(Name(("Blue Stone",), (), "model", ""), 4, 14)
    assert not homonyms.has_sign(mention, "The Blue Stone")
    assert homonyms.has_sign(mention, "The Blue Stone API")
    assert not homonyms.has_sign(mention, "The Blue Stone capital")


@pytest.mark.parametrize(("text", "ordinary"), [("Kimi 2nd", True), ("Kimi 2026", True), ("Kimi 2.5", False)])
def test_a_model_with_its_number_is_no_ordinary_word(text: str, ordinary: bool) -> None:
    homonyms = Homonyms([{"spelling": "Kimi", "beside": ""}])
    assert homonyms.is_one(Mention(Name(("Kimi",), (), "model", ""), 0, 4), text) is ordinary


def test_every_line_is_about_a_spelling_that_weighs_something_and_says_what_else_it_is() -> None:
    vocabulary = load_vocabulary()
    weighed = {fold(each) for n in vocabulary.lexicon.names if vocabulary.of_name(n) for each in n.en + n.zh}
    for row in read_rows("subject.tsv"):
        weighed |= {fold(each) for each in f"{row['en']}|{row['zh']}".split("|") if float(row["weight"] or 0) > 0.3}
    spellings = [fold(row["spelling"]) for row in ROWS]
    assert [each for each in spellings if each not in weighed] == ["*"]
    assert len(spellings) == len(set(spellings))
    assert all(row["also"] and row["beside"] for row in ROWS)
