"""What ranking understands of one article: figures, relevance, topics, round-ups, copies."""

import datetime as dt
from typing import Any

import pytest

from newsletter.addresses import canonical_url
from newsletter.rank.dedupe import copies
from newsletter.rank.reading import read
from newsletter.rank.values import ArticleValue, Reading
from newsletter.rank.wording import clean_text, clean_title
from newsletter.subject import load_vocabulary

NOON = dt.datetime(2026, 5, 6, 4, tzinfo=dt.UTC)


def reading(title: str, text: str = "", language: str = "zh", n: int = 1, **fields: Any) -> Reading:
    article = ArticleValue(str(n), title, text, language, f"Outlet {n}", NOON + dt.timedelta(minutes=n), **fields)
    return read(article, load_vocabulary())


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("OpenAI拟在ChatGPT中接入视频生成工具Sora", "zh"),
        ("“龙虾”智能体更新后依然存在安全风险", "zh"),
        ("闲鱼“小龙虾”搜索暴涨1850%：上门安装OpenClaw", "zh"),
        ("Meta acquires Moltbook, the AI agent social network", "en"),
        ("特斯拉人形机器人量产", "zh"),
        ("Waymo opens its robotaxi service in London", "en"),
    ],
)
def test_the_subject_is_recognised(title: str, language: str) -> None:
    assert reading(title, language=language).relevant


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("小龙虾大量上市，批发价比上月跌了三成", "zh"),
        ("真小龙虾来了：麻辣小龙虾价格下跌，养殖户增收", "zh"),
        ("恒指收跌0.24%，恒生科技指数跌0.11%", "zh"),
        ("Crayfish season starts early, and river towns fill their tables", "en"),
        ("Gold futures slide as oil rallies", "en"),
        ("- N/A", "en"),
    ],
)
def test_other_things_are_not(title: str, language: str) -> None:
    assert not reading(title, language=language).relevant


def test_the_title_weighs_more_than_the_text() -> None:
    in_title = reading("大模型进医院", "医院今天宣布一项合作。")
    in_text = reading("医院宣布一项合作", "合作内容提到大模型。")
    assert in_title.relevance > in_text.relevance


def test_a_source_that_writes_of_nothing_else_needs_less() -> None:
    title = "A new way to route requests on GPUs"
    assert reading(title, language="en", scope="ai").relevance > reading(title, language="en").relevance


def test_stock_tips_are_marked() -> None:
    tip = reading("【电报解读】OpenAI接入Sora，机构看好AI视频，这家公司多款AI漫剧作品成为爆款")
    assert tip.against >= 2


def test_topics_are_most_central_first() -> None:
    assert reading("AI agents raise $190M for agent security").topics[0] in ("agents", "business-funding")
    assert reading("宇树人形机器人获融资").topics[:2] == ("robotics", "business-funding")


@pytest.mark.parametrize(
    "title",
    [
        "财联社3月11日晚间新闻精选",
        "8点1氪丨宁德时代日赚近2亿；二手平台出现OpenClaw上门卸载服务；小红书打击AI托管",
        "The morning prompt: Aurora 5, a settlement, poisoned plug-ins and ten more stories",
        "Stock market today: Dow drops (live coverage)",
    ],
)
def test_roundups_are_recognised(title: str) -> None:
    assert reading(title).roundup


def test_titles_and_texts_lose_what_feeds_wrap_around_them() -> None:
    assert (
        clean_title("财联社3月11日电，据报道，Anthropic有望在未来一年内启动IPO。")
        == "据报道，Anthropic有望在未来一年内启动IPO"
    )
    assert clean_title("Nvidia Invests In Nebius &#8212; report") == "Nvidia Invests In Nebius"
    assert clean_text("【智谱启动计划】财联社3月11日电，智谱宣布启动。（财联社）").startswith("智谱宣布启动")
    assert clean_text("Article URL: https://x.example/a Comments URL: https://y.example Points: 17") == ""


def test_an_address_is_one_page_whatever_hangs_on_it() -> None:
    plain = canonical_url("https://www.example.com/a/1/")
    assert canonical_url("http://example.com/a/1?utm_source=rss&from=express#top") == plain
    assert canonical_url("https://example.com/a/1?id=2") != plain


def test_a_wire_copy_repeats_the_earliest() -> None:
    text = (
        "泛洋社日内瓦电 中美机构就人工智能事故热线举行第二轮会谈，双方商定在四小时内通报重大事故，热线将先试运行半年。"
    )
    wire = reading("中美机构就人工智能事故热线举行第二轮会谈", text, n=1)
    copy = reading("中美机构商定人工智能事故热线", text, n=2)
    own = reading("中美将试设人工智能事故热线", "卡洛韦表示，先把电话接通，再谈细节。", n=3)
    assert copies([own, copy, wire]) == {"2": "1"}


def test_the_same_page_in_two_feeds_of_an_outlet_is_a_copy() -> None:
    one = reading("AI 助教进课堂", n=1, url="https://a.example/1")
    again = reading("AI 助教进入课堂", n=2, url="https://a.example/1?from=express")
    assert copies([one, again]) == {"2": "1"}
