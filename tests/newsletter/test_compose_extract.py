"""Which sentences of a feed may stand in an issue."""

import datetime as dt

import pytest

from newsletter.compose import extract, headline, patterns
from newsletter.compose.brief import BriefArticle


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


def test_traditional_characters_stay_out_of_a_simplified_page() -> None:
    assert texts("那些曾被視為無藥可治的疾病，如今有望透過人工智慧縮短研發時程。", "zh") == []


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


@pytest.mark.parametrize(
    ("title", "language", "printed"),
    [
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
