"""Which sentences of a feed may stand in an issue."""

import datetime as dt

import pytest

from newsletter.compose import extract, headline, patterns
from newsletter.compose.brief import BriefArticle
from newsletter.compose.pool import newsworthy


def an_article(text: str, language: str = "en", title: str = "A title of something else altogether") -> BriefArticle:
    return BriefArticle(1, "Outlet", "us", language, title, text, dt.datetime(2026, 5, 6, tzinfo=dt.UTC), "")


def texts(text: str, language: str = "en", title: str = "A title of something else altogether") -> list[str]:
    return [sentence.text for sentence in extract.sentences_of(an_article(text, language, title))]


WHOLE = "Granite Computing has taken $5 billion of orders for its next chip."
GANZ = "花岗岩计算尚未出货的新芯片已经拿到 50 亿美元订单。"


@pytest.mark.parametrize(
    "tail",
    [
        " The company said that it would also",
        " The company said that it would also build a plant in…",
        " More than half of the buyers are cloud companies that plan to...",
        " Comments",
        " Read more at the source",
        " Should you buy the shares of this company before everyone else does?",
        " We looked at the chip in our laboratory and found that it is fast.",
        " Sign up for our newsletter to get stories like this every morning.",
        " He said, “the chip is what our customers have been waiting for since last year.",
    ],
)
def test_a_doubtful_sentence_is_left_out(tail: str) -> None:
    assert texts(WHOLE + tail) == [WHOLE]


@pytest.mark.parametrize(
    "tail",
    [
        "公司表示还将在",
        "公司表示，还将在明年建设一座新的封装工厂，地点是...",
        "查看全文",
        "你会买这家公司的股票吗？",
        "我们在实验室里测试了这款芯片，发现它的速度很快。",
        "4月16日，大会将在北京举办，扫码报名可享受早鸟优惠。",
    ],
)
def test_a_doubtful_chinese_sentence_is_left_out(tail: str) -> None:
    assert GANZ in texts(GANZ + tail, "zh") or not texts(GANZ + tail, "zh")
    assert set(texts(GANZ + tail, "zh")) <= {GANZ}


@pytest.mark.parametrize(
    "lead",
    [
        "36氪获悉，",
        "财联社5月6日电，",
        "【新芯片订单】财联社5月6日电，",
        "文 | 阿至 ",
        "央视网消息：",
        "《科创板日报》6日讯，",
    ],
)
def test_a_by_line_is_taken_off(lead: str) -> None:
    assert texts(lead + GANZ, "zh") == [GANZ]


def test_a_credit_at_the_end_is_taken_off() -> None:
    assert texts(GANZ + "（界面新闻）", "zh") == [GANZ]


def test_a_short_summary_without_a_stop_is_whole() -> None:
    line = "The artificial intelligence company has been in a public fight with government leaders"
    assert texts(line) == [line + "."]


def test_a_sentence_that_repeats_the_headline_says_nothing() -> None:
    assert texts(WHOLE, title="Granite Computing has taken $5 billion of orders for its next chip") == []


@pytest.mark.parametrize(
    "title", ["8点1氪：今日要闻", "The morning digest: ten things to know", "【推广】一体机", "Sponsored: agents"]
)
def test_round_ups_and_advertisements_give_no_sentence(title: str) -> None:
    assert texts(WHOLE, title=title) == []


def test_a_traditional_source_is_printed_in_mainland_characters_and_words() -> None:
    source = "那些曾被視為無藥可治的疾病，如今有望透過人工智慧晶片與軟體縮短研發週期。"
    assert texts(source, "zh") == ["那些曾被视为无药可治的疾病，如今有望通过人工智能芯片与软件缩短研发周期。"]


def test_words_of_a_simplified_source_stay_as_they_are() -> None:
    source = "清河公司用人工智能为老影片修复画质，今年已经透过影院发行十二部。"
    assert texts(source, "zh") == [source]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3月12日，以智能为主题的产业大会在杭州国际博览中心举行。", "zh"),
        ("北辰平台是一个面向企业的智能体管理系统，覆盖研发和销售全部环节。", "zh"),
        ("某公司与合作方共同出资设立星河（广东）科技有限公司（简称“星河科技”）。", "zh"),
        ("3月11日下午，某部新闻发言人就近期有关问题答记者问。", "zh"),
        ("新系统赋能千行百业，帮助企业完成从设计到交付的全部流程管理。", "zh"),
        ("Granite Cloud Suite is a fully managed data platform for teams of every size.", "en"),
        ("The suite offers seamless integration with the tools that teams use every day.", "en"),
    ],
)
def test_that_an_event_takes_place_or_what_a_product_is_called_is_no_news(text: str, language: str) -> None:
    assert texts(text, language) == []


def test_a_sentence_of_an_earlier_month_is_background() -> None:
    found = extract.sentences_of(an_article(f"{WHOLE} In February, Granite Computing raised $4 billion from 3 funds."))
    assert [sentence.background for sentence in found] == [False, True]
    assert newsworthy(found[1]) < newsworthy(found[0]) - 2.0


def test_a_sentence_about_nobody_is_worth_less() -> None:
    plain, named = (
        extract.sentences_of(an_article(text, "zh"))[0]
        for text in (
            "机器人正在成为产业升级当中的重点布局方向之一。",
            "英伟达正在成为产业升级当中的重点布局方向之一。",
        )
    )
    assert newsworthy(plain) < newsworthy(named)


def test_a_sentence_that_leans_on_another_is_marked() -> None:
    found = extract.sentences_of(an_article(f"{WHOLE} It expects to ship the first of them in the fourth quarter."))
    assert [sentence.leaning for sentence in found] == [False, True]


def test_the_same_figures_in_other_words_are_a_retelling() -> None:
    one, other = (
        extract.sentences_of(an_article(text))[0]
        for text in (
            "Tamarack Bank has deployed 900 AI agents and plans to eliminate 1,400 jobs over the next two years.",
            "Tamarack Bank intends to cut 1,400 back-office jobs after handing account opening to 900 AI agents.",
        )
    )
    assert extract.retells(other, one)


CORPUS = ({"will", "spend", "billion", "build", "open", "weight", "filings", "show", "street"}, {"Wall Street"})


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        (
            "Nvidia Will Spend $2 Billion to Build Open-Weight AI, Filings Show",
            "Nvidia will spend $2 billion to build open-weight AI, filings show",
        ),
        ("Nvidia Will Spend $2 Billion on Wall Street", "Nvidia will spend $2 billion on Wall Street"),
        ("Nvidia Will Build Graphlane", "Nvidia Will Build Graphlane"),  # one word may be a name: all stay
        ("Nvidia will build an open Graphlane", "Nvidia will build an open Graphlane"),
    ],
)
def test_a_title_in_capitals_is_set_as_a_sentence_where_no_word_may_be_a_name(title: str, printed: str) -> None:
    assert headline.sentence_case(title, "", *CORPUS) == printed


@pytest.mark.parametrize(
    "title",
    [
        "Granite (GRNT) is poised to benefit from orders for its chip",
        "Maybe the G in Granite stands for giant",
        "Granite, Basalt and Marble #5: the chips of the week",
        "深夜撸出的开源神器，被高价收购，二十三人创业逆袭",
    ],
)
def test_a_teaser_is_no_headline_to_read_alone(title: str) -> None:
    assert not headline.is_sound(title, "zh" if title[0] > "z" else "en")


@pytest.mark.parametrize(
    ("title", "language", "printed"),
    [
        ("某某研究中心：发布智能体应用的风险通报", "zh", "某某研究中心发布智能体应用的风险通报"),
        ("ANTHROPIC准备部署四款芯片", "zh", "Anthropic 准备部署四款芯片"),
        ("Launch HN: Granite buys a rival for $2 billion", "en", "Granite buys a rival for $2 billion"),
        ("黄仁勋亲测英伟达自动驾驶平台 全程无人工接管", "zh", "黄仁勋亲测英伟达自动驾驶平台，全程无人工接管"),
        ("「中科天算」完成亿元融资｜36氪首发", "zh", "“中科天算”完成亿元融资"),
        ("赶晚集？Meta紧急买下Moltbook社交平台", "zh", "Meta 紧急买下 Moltbook 社交平台"),
        ("Exclusive: Granite buys a rival for $2 billion | TechCrunch", "en", "Granite buys a rival for $2 billion"),
    ],
)
def test_a_headline_loses_its_labels(title: str, language: str, printed: str) -> None:
    assert headline.clean(title, language) == printed


def test_quotes_that_a_links_markup_left_behind_quote_nobody() -> None:
    stray = 'Rspress" 是一款基于 Rsbuild"、专为开发者文档打造的静态站点生成器，现已正式发布。'
    assert texts(stray, "zh") == []


def test_the_sentence_nearest_the_headline_is_the_news() -> None:
    scene = "当家长们拼命赶往学校想把孩子接回家时，城里的人还不知道出了什么事。"
    found = extract.sentences_of(an_article(scene + GANZ, "zh", "花岗岩计算新芯片订单达 50 亿美元，尚未出货"))
    assert max(found, key=lambda sentence: sentence.near).text == GANZ


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("支持云端一键部署，可接入企业微信等平台。", "zh", "支持云端一键部署"),
        (
            "由于电网接入至少要等四年，红橡算力先订了燃气轮机，自行发电。",
            "zh",
            "由于电网接入至少要等四年红橡算力先订了燃气轮机",
        ),
        ("Memory is short this year.", "en", "Memory is short this year."),
    ],
)
def test_a_sentence_opens_with_its_subject(text: str, language: str, expected: str) -> None:
    assert extract.opening(text, language) == expected


@pytest.mark.parametrize(
    "said",
    [
        "“他们抄袭，却不以任何方式支持这个开源的项目，也从不说一声谢谢”。",
        "“This is by far the biggest model that anyone has ever built here.”",
    ],
)
def test_a_quotation_without_its_speaker_is_left_out(said: str) -> None:
    assert patterns.SPEAKERLESS.match(said)


def test_headline_names_leave_out_words_that_open_any_sentence() -> None:
    assert extract.proper("The Gantry plan of OpenClaw") == {"Gantry", "OpenClaw"}


@pytest.mark.parametrize(
    "torn",
    [
        "Just as last weekwas ending,the US government forced Granite to pull its two newest models from sale.",
        "Hi, Ted here, creator of Mog.- Mog is a small language that was designed to be written by models alone.",
        "Granite opened a plant.The plant makes chips for data centres in the north of the country from May.",
    ],
)
def test_a_sentence_that_lost_its_spaces_is_left_out(torn: str) -> None:
    assert texts(f"{WHOLE} {torn}") == [WHOLE]


def test_words_that_ran_together_are_known_by_the_days_own_words() -> None:
    sentence = "The US governmentforced Granite to pull its two newest models from sale on Friday night."
    common = {"government", "forced", "pull", "models"}
    assert extract.is_torn(sentence, common)
    assert not extract.is_torn(sentence.replace("governmentforced", "government forced"), common)
    assert not extract.is_torn(
        "The buildout of chipmaking goes on.", {"build", "out", "buildout", "chip", "making"} | {"chipmaking"}
    )


@pytest.mark.parametrize(
    "empty",
    [
        "20日，花岗岩计算总经理张明在新闻发布会上表示。",
        "花岗岩计算召开2026年科技工作会议和专项部署推进大会。",
        "花岗岩计算午后涨幅扩大至7%，报552.5港元，成交额居前。",
        "如果说伦理线标定了向上的方向，那么安全线则构筑了不可逾越的边界。",
        "无论是春节期间大热的应用，还是各行业的智能体，都需要花岗岩计算的支撑。",
    ],
)
def test_what_tells_nothing_or_leans_on_nothing_opens_no_paragraph(empty: str) -> None:
    article = an_article(GANZ + empty, "zh")
    assert [each.text for each in extract.sentences_of(article) if not each.leaning] == [GANZ]


def test_a_source_without_a_name_may_open_an_article() -> None:
    text = "知情人士表示，花岗岩计算将于下周在首尔会见三家存储厂商的负责人。"
    assert [each.leaning for each in extract.sentences_of(an_article(text, "zh"))] == [False]


@pytest.mark.parametrize(
    ("title", "sound"),
    [
        ("Amazon launches its healthcare AI assistant on its website", True),
        ("PgAdmin 4 9.13 with AI Assistant Panel", False),
        ("Siri AI Hands On: A Smart, Helpful Assistant", False),
        ("No, it does not cost Anthropic $5k per Claude Code user", False),
        ("Operationalizing Agentic AI Part 1: A Stakeholder's Guide", False),
        ("Wells Fargo Trims Meta Platforms Price Target to $765", False),
    ],
)
def test_a_headline_of_a_thing_alone_tells_nothing(title: str, sound: bool) -> None:
    assert headline.is_sound(headline.clean(title, "en"), "en") is sound


def test_a_headline_of_two_sentences_becomes_one() -> None:
    title = "Meta’s CEO Just Promised Superintelligence. He Thinks Everyone Will Have It"
    assert headline.clean(title, "en").count(". ") == 0
    assert headline.clean("早期项目 | Chance AI 获数百万美元投资", "zh") == "Chance AI 获数百万美元投资"


def test_a_full_stop_in_half_width_ends_a_chinese_sentence() -> None:
    text = "微软AI业务年化收入已超过300亿美元,同比增长120%.他说,需求依然超过供给,公司会继续投资."
    assert texts(text, "zh") == [
        "微软 AI 业务年化收入已超过 300 亿美元，同比增长 120%。",
        "他说，需求依然超过供给，公司会继续投资。",
    ]


def test_what_a_feed_sends_its_readers_to_is_no_sentence() -> None:
    assert texts("Listen to the session or watch below the court on Monday turned the claim down. " + WHOLE) == [WHOLE]


@pytest.mark.parametrize(
    ("sentence", "said_before"),
    [
        ("小鹏汽车在广州启动 Robotaxi 试运营，首批投放 100 辆。", True),
        ("小鹏汽车周六在广州启动 Robotaxi 试运营，首批投放 100 辆，车内没有安全员。", False),
    ],
)
def test_a_sentence_with_a_clause_of_its_own_is_no_repeat_of_the_headline(sentence: str, said_before: bool) -> None:
    title = "小鹏汽车在广州启动 Robotaxi 试运营，首批投放 100 辆"
    assert extract.repeats(sentence, title, "zh") is said_before


def test_huaweis_chip_keeps_the_character_of_its_name() -> None:
    assert texts("華為週五宣布昇騰 960 晶片量產，算力較上一代翻倍，明年計畫出貨 80 萬顆。", "zh")[0].startswith(
        "华为周五宣布昇腾"
    )
