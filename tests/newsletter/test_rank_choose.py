"""The ten as an editor would have them: which are never items, which wait for their turn, and why."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from newsletter.rank import standing
from newsletter.rank.events import main_event
from newsletter.rank.reading import read
from newsletter.rank.stories import Day, tell
from newsletter.rank.values import ArticleValue, RankedStory
from newsletter.subject import load_vocabulary

CUTOFF = dt.datetime(2026, 5, 6, 22, tzinfo=dt.UTC)


def article(n: int, title: str, text: str | None = None, **fields: object) -> ArticleValue:
    language = "en" if title.isascii() else "zh"
    own = {
        "en": f"{title} ({n}00 words).",
        "zh": f"{title}，据第{n}号通稿介绍，已经可以使用。",
    }
    at = CUTOFF - dt.timedelta(hours=3, minutes=n)
    value = ArticleValue(str(n), title, own[language] if text is None else text, language, f"O{n}", at)
    return replace(value, list_slug="us" if language == "en" else "china", **fields)  # type: ignore[arg-type]


def told(*articles: ArticleValue) -> Day:
    vocabulary = load_vocabulary()
    return tell([read(a, vocabulary) for a in articles], [], vocabulary, CUTOFF)


def chosen(*articles: ArticleValue) -> list[str]:
    day = told(*articles)
    return [story.title_en or story.title_zh for story in day.stories[: day.chosen]]


def only(*articles: ArticleValue) -> RankedStory:
    (story,) = told(*articles).stories
    return story


CHINESE = [
    "松庭医院上线大模型导诊，日均服务3000人",
    "沧江电网发布负荷预测大模型",
    "漫舟视频起诉AI换脸平台侵权",
    "岭溪生物完成AI制药融资2亿元",
    "泊舟港口部署智能体排定泊位",
    "云栖农业收购AI识虫团队",
    "青禾教育推出AI助教",
    "北屿汽车发布智能座舱大模型",
    "南湖银行上线智能体柜员",
    "东岭气象开源台风大模型",
    "西渡物流量产分拣机器人",
    "中野文博用人工智能修复壁画",
]
ENGLISH = [
    "Larkspur Labs sues a rival over AI training data",
    "Quillon raises $80 million for AI tutoring",
    "Tarn Robotics recalls a humanoid robot",
]

NEWS = [
    *ENGLISH,
    "Ormsby unveils a language model for radiology",
    "Velloria buys the AI chatbot start-up Pexham",
    "Dunmere bans AI cameras in shops",
    "Researchers at Castrel benchmark coding agents",
    "Jorvane opens a server farm to run AI",
    "Elmquist names a chief AI scientist",
    "Hospital chain leaks AI chatbot transcripts",
    "Court fines Marrow Pictures over AI-generated voices",
    "Nurses' union and Sable agree on AI rules for wards",
    "Finch Games releases an open AI model for animation",
    "Shipping firm deploys AI agents on night routes",
]


def test_each_list_has_three_where_it_has_as_many() -> None:
    day = told(*(article(n, title, text=f"{title}。" * 60) for n, title in enumerate([*CHINESE, *ENGLISH])))
    lists = Counter(slug for story in day.stories[: day.chosen] for slug in story.cluster.lists)
    assert lists == {"china": 7, "us": 3}


def test_two_sides_of_one_affair_are_one_item() -> None:
    found = chosen(
        article(1, "Anthropic sues the Pentagon over the AI supplier ban"),
        article(2, "Pentagon memo allows Anthropic models for six more months"),
        article(3, "Tarn Robotics recalls a humanoid robot"),
    )
    assert len(found) == 2
    assert sum("Anthropic" in title for title in found) == 1


def test_one_name_heads_three_items_at_most() -> None:
    titles = [
        "腾讯发布OpenClaw安装工具",
        "阿里巴巴起诉OpenClaw仿冒者",
        "国家互联网应急中心通报OpenClaw漏洞",
        "深圳补贴OpenClaw创业公司",
        "OpenClaw创始人加盟某实验室",
        "小米手机预装OpenClaw",
    ]
    assert len(chosen(*(article(n, title) for n, title in enumerate(titles)))) == 3


def test_what_is_not_about_the_subject_by_any_headline_comes_last() -> None:
    off = article(
        1, "Ledger Foods opens a bakery in Ohio", text="AI models, AI agents and large language models. " * 30
    )
    on = [article(n, title) for n, title in enumerate(CHINESE, 10)]
    day = told(off, *on)
    assert off.id in day.relevant
    assert all("1" not in story.cluster.ids for story in day.stories[: day.chosen])


@pytest.mark.parametrize(
    "title",
    [
        "抢抓人工智能机遇 大模型激活发展新动能",
        "Scaling generative AI assistants with tool calls",
        "Tarnwick (TRN) rides the AI and LLM boom",
        "对话某某：大模型的下一步",
        "Why AI agents matter",
    ],
)
def test_views_praise_how_tos_and_tickers_give_way_to_news(title: str) -> None:
    news = [article(n, text) for n, text in enumerate(NEWS if title.isascii() else CHINESE, 10)]
    day = told(article(1, title), *news)
    assert day.chosen == 10
    assert told(article(1, title)).chosen == 1
    assert all("1" not in story.cluster.ids for story in day.stories[: day.chosen])


def test_old_stories_are_never_items() -> None:
    assert chosen(article(1, ENGLISH[0], url="https://a.example/2023/02/01/x")) == []
    assert chosen(article(1, ENGLISH[0], url="https://a.example/2026/05/06/x")) == [ENGLISH[0]]


def test_a_headline_tells_its_kind_of_event() -> None:
    kinds = {
        ENGLISH[0]: "court",
        ENGLISH[1]: "funding",
        ENGLISH[2]: "incident",
        CHINESE[1]: "launch",
        CHINESE[5]: "deal",
        "国家网络安全通报中心发布OpenClaw安全风险预警": "incident",
        "EU bans AI toys": "law",
    }
    found = {title: event.slug for title in kinds if (event := main_event([title]))}
    assert found == kinds
    assert main_event(["Thoughts on a quiet morning"]) is None


def test_standing_is_by_host_then_by_outlet_and_a_companys_own_page_is_primary() -> None:
    def of(title: str, **fields: str) -> str:
        return standing.standing(read(article(1, title, **fields), load_vocabulary())).slug

    assert of("AI news", url="https://www.reuters.com/x") == "agency"
    assert of("AI news", outlet="36氪") == "trade"
    assert of("AI news", outlet="Unheard-of Gazette") == ""
    assert of("Nvidia ships a chip", url="https://blog.nvidia.example/x") == "primary"
    assert of("AMD ships a chip", url="https://blog.nvidia.example/x") == ""


def test_impact_counts_money_that_the_headline_or_two_texts_tell() -> None:
    stray = "The market for AI is worth $225 billion, one study said."
    assert "$225 billion" not in only(article(1, ENGLISH[0], text=stray)).scores.reasons["impact"].en
    assert "$80 million" in only(article(1, ENGLISH[1], text=stray)).scores.reasons["impact"].en


def test_the_sum_is_told_as_it_is_counted() -> None:
    scores = only(article(1, ENGLISH[1])).scores
    said = (
        f"0.45 × hot {scores.hot} + 0.20 × quality {scores.quality} + 0.35 × impact {scores.impact} = {scores.total:g}"
    )
    assert scores.reasons["score"].en == said
    assert scores.total == pytest.approx(0.45 * scores.hot + 0.2 * scores.quality + 0.35 * scores.impact, abs=0.06)
