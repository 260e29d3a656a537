"""HTML to plain paragraphs, and what feeds wrap around the news."""

import time

import pytest

from newsletter.gather.junk import clean_text, clean_title
from newsletter.gather.plain import plain, plain_line, readable, shorten


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello <b>world</b></p>\n\n<p>Second<br/>line</p>", "Hello world\n\nSecond\n\nline"),
        ("one\n\ntwo\nlines", "one\n\ntwo lines"),
        ("AT&amp;amp;T &amp;#8217; &nbsp; &lt;p&gt;x&lt;/p&gt;", "AT&T ’\n\nx"),
        ("<script>alert(1)</script>ok<style>p{}", "ok"),
        ('<img alt="a > b" src=x>text<div', "text"),
        ("List<String> and 1 < 2 > 0", "List<String> and 1 < 2 > 0"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<![CDATA[<p>raw</p>]]>", "raw"),
        ("国际\n<b>足联</b>\n公布", "国际足联公布"),
        ("a\x00b\x1bc\ud800d\u202ee\u200bf", "abcdef"),
        ("全角　空格", "全角 空格"),
    ],
)
def test_markup_becomes_paragraphs(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_a_headline_is_one_line() -> None:
    assert plain_line("<h1>One</h1>\n<p>line</p>") == "One line"


def test_joined_emoji_stay_whole() -> None:
    assert readable("👩\u200d💻") == "👩\u200d💻"


def test_a_text_is_cut_after_a_sentence() -> None:
    assert shorten("第一句。第二句很长很长。第三句没有完", 14) == "第一句。第二句很长很长。"
    assert shorten("It costs $3.50 a month. And there is more to say", 30) == "It costs $3.50 a month."
    assert shorten("word " * 30, 20) == "word word word word…"
    assert shorten("short", 20) == "short"


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b><p>", "<font a=1>", "<", "<a ", '<a b="', "<!--", "<script ", "<![CDATA[", "&amp;", " \n", "["],
)
def test_hostile_markup_takes_no_time(piece: str) -> None:
    started = time.process_time()
    clean_text(plain(piece * (200_000 // len(piece))), "title")
    assert time.process_time() - started < 5  # seconds of work; less than one alone


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("[!--begin:htmlVideoCode--]4e20,0,1[!--end:htmlVideoCode--]央视网消息：天气转晴。", "天气转晴。"),
        ("必须为自己的判断负责。 查看全文", "必须为自己的判断负责。"),
        ("海峡可能重新开放。点击查看…", "海峡可能重新开放。"),
        ("报告已更新，点击查看...", "报告已更新"),
        ("它变慢了。 [......] 查看全文 本文为会员文章，出自 《专栏》 ，订阅后可阅读全文。", "它变慢了。"),
        ("存储容量只会上升。\n\n（图源：某公司）\n\n编辑：甲", "存储容量只会上升。"),
        ("It works. Read more »", "It works."),
        ("It works. The post It works appeared first on Wire.", "It works."),
        ("It works. Read the full story at Wire", "It works."),
        ("我们想了解更多", "我们想了解更多"),
        ("He wanted to learn more", "He wanted to learn more"),
        ("Comments", ""),
        ("- N/A", ""),
        ("Comments on Hacker News | Source", ""),
        ("Article URL: https://a.example/ Comments URL: https://b.example/ Points: 5 # Comments: 0", ""),
        ("【文/某某网 甲】出口增长。（记者 甲 乙）", "出口增长。"),
        ("新华社北京3月11日电（记者 甲）会议闭幕。", "会议闭幕。"),
        ("3月11日电影节开幕。", "3月11日电影节开幕。"),
        ("研发加快。（某社）", "研发加快。"),
        ("研发加快。 (某某新闻)", "研发加快。"),
        (
            "Officials met in Geneva. They agreed on\n\nOle Berg/EPA, via Shutterstock",
            "Officials met in Geneva. They agreed on",
        ),
        ("第一句完整。第二句被切断......", "第一句完整。"),
        ("The U.S. said so. The second is cut [...]", "The U.S. said so."),
        ("Nothing whole here…", "Nothing whole here…"),
        ("开头一段被切断了......\n\n开头一段被切断了吗？没有。", "开头一段被切断了吗？没有。"),
    ],
)
def test_wrappings_go_and_the_news_stays(text: str, clean: str) -> None:
    assert clean_text(text, "另一个标题") == clean


@pytest.mark.parametrize(
    "text",
    [
        "长风发布模型",
        "长风发布模型。",
        "【长风发布模型】价格下降。",
        "长风发布模型 价格下降。",
        "长风发布模型\n\n价格下降。",
    ],
)
def test_what_only_repeats_the_headline_goes(text: str) -> None:
    assert clean_text(text, "长风发布模型") in {"", "价格下降。"}


def test_a_sentence_that_begins_like_the_headline_stays_whole() -> None:
    assert clean_text("长风发布模型，价格下降。", "长风发布模型") == "长风发布模型，价格下降。"


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("热点 - N/A", "热点"),
        ("N/A", ""),
        ("Untitled", ""),
        ("某社3月12日电，铜价下跌", "铜价下跌"),
        ("长风发布模型 查看全文", "长风发布模型"),
        ('He said ""yes""', 'He said "yes"'),
        ("What we learned: read more", "What we learned: read more"),
    ],
)
def test_headlines(title: str, clean: str) -> None:
    assert clean_title(title) == clean
