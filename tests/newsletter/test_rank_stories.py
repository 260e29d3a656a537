"""Which articles become one story, what it is worth, and which are chosen."""

import datetime as dt
import time
from collections import Counter
from typing import Any

import pytest

from newsletter.models.story import News
from newsletter.rank.reading import read
from newsletter.rank.stories import MOST_HEADLINES, Day, Texts, tell
from newsletter.rank.values import ArticleValue, RankedStory
from newsletter.subject import load_vocabulary

CUTOFF = dt.datetime(2026, 5, 6, 22, tzinfo=dt.UTC)


def article(n: int, language: str, title: str, text: str = "", outlet: str = "", **fields: Any) -> ArticleValue:
    at = CUTOFF - dt.timedelta(hours=12, minutes=n)
    list_slug = "china" if language == "zh" else "us"
    return ArticleValue(str(n), title, text, language, outlet or f"O{n}", at, list_slug=list_slug, **fields)


def told(*articles: ArticleValue, earlier: tuple[ArticleValue, ...] = (), before: tuple[str, ...] = ()) -> Day:
    vocabulary = load_vocabulary()
    return tell(
        [read(a, vocabulary) for a in articles], [read(a, vocabulary) for a in earlier], vocabulary, CUTOFF, before
    )


def groups(day: Day) -> list[list[str]]:
    return sorted(sorted(story.cluster.ids) for story in day.stories)


NEBIUS_EN = article(1, "en", "Nvidia invests $2 billion in Nebius to fund AI data center buildout")
NEBIUS_ZH = article(2, "zh", "英伟达将向Nebius投资20亿美元", "双方将共同开发面向人工智能市场的云平台。")


def test_one_event_in_two_languages_is_one_story() -> None:
    (story,) = told(NEBIUS_EN, NEBIUS_ZH).stories
    assert story.cluster.languages == {"en", "zh"}
    assert story.title_en.startswith("Nvidia invests")
    assert story.title_zh == "英伟达将向Nebius投资20亿美元"


def test_the_same_actor_in_another_event_stays_apart() -> None:
    other = article(3, "zh", "英伟达发布新一代自动驾驶平台", "黄仁勋亲自试乘。")
    assert groups(told(NEBIUS_EN, NEBIUS_ZH, other)) == [["1", "2"], ["3"]]


def test_a_company_name_alone_joins_nothing_across_languages() -> None:
    assert (
        len(told(article(1, "en", "Meta acquires Moltbook"), article(2, "zh", "Meta部署四款自研AI芯片")).stories) == 2
    )


def test_two_funding_rounds_of_the_same_size_stay_apart() -> None:
    one = article(1, "en", "Anthropic raises $2 billion in funding round for AI models")
    other = article(2, "zh", "月之暗面完成20亿美元融资，投后估值上升", "Kimi 的开发商月之暗面完成新一轮融资。")
    assert len(told(one, other).stories) == 2


def test_notices_of_different_agencies_on_one_topic_stay_apart() -> None:
    one = article(1, "zh", "国家互联网应急中心发布OpenClaw安全应用风险提示", "提示四类风险。")
    other = article(2, "zh", "工信部发布关于防范OpenClaw安全风险的“六要六不要”建议", "建议使用官方最新版本。")
    assert len(told(one, other).stories) == 2


def test_a_roundup_does_not_glue_stories() -> None:
    sora = article(3, "zh", "OpenAI拟在ChatGPT中接入视频生成工具Sora")
    digest = article(
        4, "zh", "8点1氪丨英伟达将向Nebius投资20亿美元；OpenAI拟在ChatGPT中接入视频生成工具Sora；钉钉建议企业不装龙虾"
    )
    assert groups(told(NEBIUS_EN, NEBIUS_ZH, sora, digest)) == [["1", "2"], ["3"], ["4"]]


def test_an_article_that_does_not_say_ai_is_in_by_the_event_it_tells() -> None:
    plain = article(
        3,
        "zh",
        "谷歌和特斯拉组建“电网利用联盟”",
        "谷歌、特斯拉以及另外5家公司宣布成立电网利用联盟（Utilize），数据中心受益。",
    )
    telling = article(
        4,
        "zh",
        "瞄准AI电力缺口 谷歌和特斯拉组建“电网利用联盟”",
        "谷歌、特斯拉以及另外5家公司宣布成立电网利用联盟（Utilize）。",
    )
    assert told(plain, telling).relevant == {"3", "4"}
    assert told(plain).relevant == set()


def test_a_story_goes_on_with_the_one_of_the_day_before() -> None:
    earlier = article(9, "en", "Nvidia to invest $2 billion in Nebius for AI data centers", story="77")
    day = told(NEBIUS_EN, NEBIUS_ZH, earlier=(earlier,))
    assert list(day.continues.values()) == ["77"]
    assert all("9" not in story.cluster.ids for story in day.stories)


EARLIER = article(9, "en", "Nvidia to invest $2 billion in Nebius for AI data centers", story="77")


def test_a_story_that_goes_on_with_nothing_new_is_no_item_again() -> None:
    fresh, day = told(NEBIUS_EN), told(NEBIUS_EN, earlier=(EARLIER,), before=("77",))
    assert (fresh.chosen, day.chosen) == (1, 0)
    assert day.stories[0].scores.total < fresh.stories[0].scores.total
    assert day.stories[0].progress.news == News.UNCHANGED
    assert day.stories[0].scores.reasons["news"].en == "goes on from the days before; nothing new in it"


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Nvidia raises its investment in AI data center firm Nebius to $3 billion", "new figures (1)"),
        ("Microsoft joins Nvidia to invest $2 billion in Nebius for AI data centers", "new names: Microsoft"),
        ("Nebius sued over the $2 billion that Nvidia will invest in AI data centers", "now it is a case in court"),
    ],
)
def test_a_story_that_goes_on_with_new_facts_is_an_update(title: str, why: str) -> None:
    day = told(article(1, "en", title), earlier=(EARLIER,), before=("77",))
    (story,) = day.stories
    assert (story.progress.news, day.chosen) == (News.UPDATE, 1)
    assert why in story.scores.reasons["news"].en


def test_the_same_text_a_day_later_is_unchanged_whoever_prints_it() -> None:
    (story,) = told(article(1, "en", EARLIER.title, outlet="Elsewhere"), earlier=(EARLIER,)).stories
    assert story.progress.news == News.UNCHANGED


def test_a_story_that_no_issue_told_is_news_when_many_take_it_up() -> None:
    many = [article(n, "en", f"Nvidia to invest $2 billion in Nebius, {n} words on AI data centers") for n in range(6)]
    before = tuple(article(9, "en", EARLIER.title, "", "First", story="77") for _ in range(1))
    (story,) = told(*many, earlier=before).stories
    assert story.progress.news == News.UPDATE
    assert "more outlets" in story.progress.why.en


def test_more_outlets_are_hotter_and_copies_are_no_further_texts() -> None:
    alone = told(NEBIUS_ZH).stories[0]
    text = NEBIUS_ZH.text
    many = told(NEBIUS_ZH, article(3, "zh", NEBIUS_ZH.title, text), article(4, "zh", NEBIUS_ZH.title, text)).stories[0]
    assert many.scores.hot > alone.scores.hot
    assert many.scores.quality == alone.scores.quality
    assert len(many.cluster.copies) == 2


VAGUE = "Advancing content provenance for a safer, more transparent AI ecosystem"
PAGE = "https://openai.example/index/content-provenance"
PROVENANCE = "We are making it easier to understand where media comes from, with new partners and a public tool."
SYNTHID = article(
    3,
    "en",
    "Google's SynthID AI watermarking tech is being adopted by OpenAI, Nvidia, and more",
    "Google says its invisible watermark for AI images will be added by other makers of models.",
)


def test_a_page_is_compared_under_each_headline_that_somebody_gave_it() -> None:
    company = article(1, "en", VAGUE, PROVENANCE, "OpenAI", url=PAGE, scope="ai")
    forum = article(
        2, "en", "OpenAI Adopts Google's SynthID Watermark for AI Images with Verification Tool", url=PAGE, outlet="HN"
    )
    assert groups(told(company, SYNTHID)) == [["1"], ["3"]], "by the company's own headline nobody could tell"
    (story,) = told(company, forum, SYNTHID).stories
    assert story.cluster.ids == {"1", "2", "3"}
    assert story.cluster.copies == {"1"}, "the forum's entry came first, and they are one page"


def test_a_text_stays_one_story_however_its_headlines_differ() -> None:
    titles = [VAGUE, "OpenAI Adopts Google's SynthID Watermark for AI Images", "A new tool for pictures", "Show HN"]
    page = [article(n, "en", title, url=PAGE, scope="ai") for n, title in enumerate(titles, 10)]
    said = ["Engineers", "Lawyers", "Painters", "Teachers", "Editors", "Ministers", "Printers", "Students"]
    others = [
        article(n, "en", f"{who} ask why OpenAI adopts Google's SynthID watermark", f"{who} want answers. " * 9)
        for n, who in enumerate(said, 20)
    ]
    for day in (told(*page), told(*page, *others)):
        assert sum(bool({"10", "11", "12", "13"} & story.cluster.ids) for story in day.stories) == 1


def test_a_wire_text_under_one_headline_is_compared_once() -> None:
    vocabulary = load_vocabulary()
    text = "双方将共同开发面向人工智能市场的云平台。"
    wire = [read(article(n, "zh", NEBIUS_ZH.title + "！" * (n % 2), text), vocabulary) for n in range(9)]
    other = read(article(9, "zh", "英伟达再掷20亿美元押注云平台Nebius", text, url="https://o.example/1"), vocabulary)
    assert len(Texts.of(wire).compared) == 1
    assert len(Texts.of([*wire, other]).compared) == 2


def test_a_template_under_a_thousand_headlines_is_compared_under_few() -> None:
    vocabulary = load_vocabulary()
    many = [read(article(n, "en", f"AI model no. {n} and its price", url=PAGE), vocabulary) for n in range(200)]
    found = Texts.of(many)
    assert len(found.groups) == 1
    assert len(found.compared) == MOST_HEADLINES


def test_a_round_up_is_no_story_by_what_another_makes_of_its_headline() -> None:
    url = "https://36kr.example/1"
    digest = article(
        4, "zh", "8点1氪丨英伟达将向Nebius投资20亿美元；OpenAI拟接入Sora；钉钉建议企业不装龙虾", "早报。" * 30, url=url
    )
    forum = article(5, "zh", "英伟达将向Nebius投资20亿美元了", url=url)
    assert ["4", "5"] in groups(told(NEBIUS_EN, NEBIUS_ZH, digest, forum))


def test_a_programmes_name_over_different_pieces_joins_nothing() -> None:
    one = article(1, "en", "Tech Life", "We meet the people who train artificial intelligence to write songs.", "BBC")
    two = article(2, "en", "Tech Life", "Why a robot maker in Kenya lets AI models plan the harvest.", "BBC")
    assert groups(told(one, two)) == [["1"], ["2"]]
    again = article(3, "en", "Tech Life", two.text + " Also: your letters.", "BBC")
    assert groups(told(one, two, again)) == [["1"], ["2", "3"]], "by its text it is one"
    elsewhere = article(4, "en", "AI songs", "OpenAI sells AI songs from Monday.", "Ledger")
    other = article(5, "en", "AI songs", "From Monday OpenAI will sell songs made by AI.", "Post")
    assert groups(told(elsewhere, other)) == [["4", "5"]], "two outlets under one headline tell one event"


def test_two_feeds_of_one_publisher_are_one_outlet() -> None:
    one = article(1, "en", NEBIUS_EN.title, outlet="Ledger", url="https://ledger.example/1")
    two = article(2, "en", NEBIUS_EN.title, outlet="Ledger: AI", url="https://www.ledger.example/1")
    (story,) = told(one, two).stories
    assert "by 1 independent outlet (Ledger" in story.scores.reasons["hot"].en
    assert "1 家独立媒体" in story.scores.reasons["hot"].zh


def test_reasons_stand_in_both_languages() -> None:
    reasons = told(NEBIUS_EN, NEBIUS_ZH).stories[0].scores.reasons
    assert set(reasons) == {"hot", "quality", "impact", "score"}
    assert "$2 billion" in reasons["impact"].en
    assert "20 亿美元" in reasons["impact"].zh
    assert "英伟达" in reasons["impact"].zh


HEADLINES = (
    "松庭教育的AI助教进入120所学校",
    "沧江电网部署大模型预测用电负荷",
    "法院判定用AI克隆配音演员声音侵权",
    "岭溪生物的AI新药完成二期试验",
    "漫舟视频下架未标识的AI短剧",
    "港口启用智能体排定泊位，船舶等待缩短",
    "机器人训练场在泊舟落成，每天采集数据",
    "自动驾驶货车获准夜间上路",
    "博物馆用人工智能修复壁画",
    "气象局上线大模型，台风路径提前算出",
    "农业合作社推出AI识别病虫害",
    "一家初创公司开源语音大模型",
)


def _many(outlet: str = "") -> list[ArticleValue]:
    return [article(n, "zh", title, f"{title}。" * 12, outlet) for n, title in enumerate(HEADLINES, 10)]


def chosen(day: Day) -> tuple[RankedStory, ...]:
    return day.stories[: day.chosen]


def test_ten_at_most_and_shared_stories_lead() -> None:
    day = told(*_many(), NEBIUS_EN, NEBIUS_ZH)
    assert day.chosen == 10
    assert day.stories[0].cluster.ids == {"1", "2"}


def test_no_outlet_has_more_than_four_items() -> None:
    day = told(*_many("晨星科技"))
    assert Counter(s.cluster.readings[0].article.outlet for s in chosen(day)) == {"晨星科技": 4}


def test_noise_and_roundups_are_never_items() -> None:
    tip = article(1, "zh", "【电报解读】OpenAI接入Sora，机构看好AI视频，这家公司多款AI漫剧作品成为爆款")
    digest = article(2, "zh", "财联社3月11日晚间新闻精选：AI智能体、大模型与机器人")
    day = told(tip, digest)
    assert len(day.stories) == 2
    assert day.chosen == 0


def test_an_empty_day_is_an_empty_day() -> None:
    assert told() == Day(stories=(), chosen=0, copies={}, relevant=frozenset(), continues={}, ages={})


def test_the_order_of_articles_does_not_matter() -> None:
    articles = [*_many(), NEBIUS_EN, NEBIUS_ZH]
    assert told(*articles) == told(*reversed(articles))


def test_two_thousand_articles_take_seconds() -> None:
    subjects = [f"{a}{b}" for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉"]
    articles = [
        article(
            n, "zh", f"{subjects[n % 100]}公司发布第{n}个大模型智能体", f"{subjects[n // 20]}方面介绍了细节。" * 30
        )
        for n in range(2000)
    ]
    started = time.process_time()
    told(*articles)
    assert time.process_time() - started < 40  # seconds of work, 10 on a machine that does nothing else
