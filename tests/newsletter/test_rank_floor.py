"""What bars a story from the ten, what only weighs against it, and the worth below which it is no item."""

import datetime as dt

import pytest

from newsletter.rank import choose
from newsletter.rank.noise import is_noise
from newsletter.rank.reading import read
from newsletter.rank.stories import Day, tell
from newsletter.rank.values import ArticleValue
from newsletter.subject import load_vocabulary

CUTOFF = dt.datetime(2026, 5, 6, 22, tzinfo=dt.UTC)
NEWS = [
    "Larkspur Labs sues a rival over AI training data",
    "Quillon raises $80 million for AI tutoring",
    "Tarn Robotics recalls a humanoid robot",
    "Velloria buys the AI chatbot start-up Pexham",
]


def article(n: int, title: str, text: str | None = None, url: str = "", outlet: str = "") -> ArticleValue:
    language = "en" if title.isascii() else "zh"
    own = f"{title} and {n} hundred more words. " if language == "en" else f"{title}，共{n}百字。"
    at = CUTOFF - dt.timedelta(hours=3, minutes=n)
    list_slug = "us" if language == "en" else "china"
    body = own * 3 if text is None else text
    return ArticleValue(str(n), title, body, language, outlet or f"O{n}", at, url=url, list_slug=list_slug)


def told(*articles: ArticleValue) -> Day:
    vocabulary = load_vocabulary()
    return tell([read(a, vocabulary) for a in articles], [], vocabulary, CUTOFF)


def items(*articles: ArticleValue) -> set[str]:
    day = told(*articles)
    return {key for story in day.stories[: day.chosen] for key in story.cluster.ids}


@pytest.mark.parametrize(
    "title",
    [
        "AI startup Inflexa files for bankruptcy",
        "AI初创公司Inflexa申请破产",
        "OpenAI agents take over an airline's AI rebooking desk",
        "Italy blocks DeepSeek app",
        "意大利封禁DeepSeek应用",
        "Billionaire buys the AI chatbot start-up Pexham",
    ],
)
def test_a_word_of_another_field_weighs_and_bars_nothing(title: str) -> None:
    news = [article(n, text) for n, text in enumerate(NEWS, 10)]
    assert "1" in items(article(1, title), *news)


@pytest.mark.parametrize(
    "title",
    [
        "3 AI stocks to buy before OpenAI lists",
        "Nvidia price target raised on AI demand",
        "Nasdaq futures slip as AI chip stocks cool",
        "Sponsored: AI tools for your business",
        "主力资金：AI大模型板块净流入居前",
        "机构看好AI智能体，这家公司布局已久",
        "OpenAI会员限时优惠，AI绘图半价",
    ],
)
def test_tips_wraps_and_advertisements_are_never_items(title: str) -> None:
    assert is_noise(title)
    assert "1" not in items(article(1, title))


def test_news_that_only_mentions_a_market_is_no_noise() -> None:
    assert not is_noise("Cerebras raises $8bn in Nasdaq IPO")
    assert not is_noise("Nvidia announces a stock split and a dividend")
    assert not is_noise("首只AI芯片ETF获批")


FILLERS = [
    "让开关自我消亡：AI赋能的发布系统全生命周期治理",
    "专家建言AI推动实现可持续目标",
    "Why AI agents matter for your team",
    "Using AI agents on serverless functions",
]


def test_fewer_than_ten_are_better_than_fillers() -> None:
    fillers = [article(n, title) for n, title in enumerate(FILLERS, 30)]
    found = items(*(article(n, title) for n, title in enumerate(NEWS, 10)), *fillers)
    assert found == {"10", "11", "12", "13"}


def test_a_day_without_news_has_three_all_the_same() -> None:
    day = told(*(article(n, title) for n, title in enumerate(FILLERS, 30)))
    assert day.chosen == min(choose.LEAST_ITEMS, len(day.stories)) > 0


def test_news_with_no_text_is_above_the_floor() -> None:
    assert items(*(article(n, title, "") for n, title in enumerate(NEWS, 10))) == {"10", "11", "12", "13"}


def test_a_firms_announcement_that_nobody_took_up_waits() -> None:
    title = "Introducing AI search on Amazon Bedrock"
    own = article(1, title, url="https://aws.amazon.com/blogs/1", outlet="Amazon AWS ML")
    other = article(1, title, url="https://ledger.example/1", outlet="Ledger")
    by_firm, by_press = (choose._worth(told(each).stories[0]) for each in (own, other))
    assert by_firm < by_press
