"""Who reports a story: every outlet that is named is cited, under the name that the reader knows."""

import re
from typing import Any

import pytest

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import attribution, offline
from newsletter.compose.draft import Draft, DraftBlock, cited
from newsletter.compose.pool import Pool
from newsletter.models import Source
from tests.factories import article, ranking, source, story
from tests.newsletter import compose_day

pytestmark = pytest.mark.django_db


def told(*reports: tuple[str, str, str, str], **fields: Any) -> Draft:
    """A day of one item, told by `reports`: outlet, language, title, text."""
    rows = [
        article(
            title,
            text,
            by=source(outlet, language, "us" if language == "en" else "china"),
            url=f"https://outlet-{n}.example/1",
        )
        for n, (outlet, language, title, text) in enumerate(reports)
    ]
    row = story(*rows, topics=["chips-compute"], region="US", **fields)
    ranking(row, 1, chosen=True)
    return offline.write(compose_day.brief())


def block(draft: Draft, key: str) -> DraftBlock:
    found = draft.block(key)
    assert found is not None
    return found


MEETING = "AMD CEO to meet Samsung chief in South Korea amid race for memory chips"
TREFFEN = "知情人士表示，AMD 首席执行官苏姿丰将于下周在韩国会见三星电子会长李在镕，讨论高带宽存储的供应。"


def test_two_headlines_without_english_text_say_who_tells_more() -> None:
    item = block(
        told(("雅虎财经", "en", MEETING, ""), ("36氪快讯", "zh", "AMD 欲联手三星电子锁定存储供给", TREFFEN)), "item-1"
    )
    assert re.fullmatch(
        r"Reported by Yahoo Finance and, in Chinese, by 36Kr Newsflash \[a\d+\]\[a\d+\]\. "
        r"The report in Chinese also names Lisa Su and Lee Jae-yong \[a\d+\]\.",
        item.text.en,
    )
    assert item.text.zh.startswith("知情人士表示，AMD 首席执行官苏姿丰")
    assert item.text.zh.endswith("。")
    assert "雅虎财经有英文报道" in item.text.zh


def test_every_outlet_that_is_named_is_cited() -> None:
    reports = [
        (name, "zh", "腾讯完成3亿美元C轮融资", "") for name in ("财联社电报", "同花顺资讯", "36氪快讯", "金十数据")
    ]
    item = block(told(*reports), "item-1")
    named = re.fullmatch(r"Reported in Chinese by (.+) and (.+?) ((?:\[a\d+\])+)\.", item.text.en)
    assert named is not None
    assert len(cited(item.text.en)) == 2
    brief = compose_day.brief()
    outlets = {a.id: a.outlet_in("en") for each in brief.stories for a in each.articles}
    assert {outlets[a] for a in cited(item.text.en)} == {named[1], named[2]}


def test_a_feed_that_gives_headlines_only_is_said_to() -> None:
    item = block(told(("Yahoo Finance", "en", "Granite buys a stake in Redwood for $2 billion", "")), "item-1")
    assert item.text.en.startswith("Reported by Yahoo Finance, in a headline only [a")


def test_an_editors_name_of_a_source_stands_in_the_text() -> None:
    made = told(("晨星", "zh", "腾讯完成3亿美元C轮融资", ""))
    assert "by 晨星 [" in block(made, "item-1").text.en
    Source.objects.filter(name="晨星").update(name_en="Morning Star")
    assert "by Morning Star [" in block(offline.write(compose_day.brief()), "item-1").text.en


def test_an_original_stands_under_what_it_is_about() -> None:
    text = "腾讯云回应称，经后台排查及核实，这 200 多元是这名用户此前的历史模型调用费用，与安装无关。"
    item = block(told(("36氪", "zh", "OpenClaw会疯狂扣钱吗？腾讯云回应", text)), "item-1")
    assert item.foreign == ("en",)
    assert item.title.en == "On OpenClaw and Tencent Cloud: a report in Chinese"
    assert item.text.en.startswith("腾讯云回应称")
    assert re.search(r"Reported in Chinese by 36Kr \[a\d+\]\.$", item.text.en)


def test_an_original_without_text_is_quoted_in_the_readers_words() -> None:
    title = "Elon Musk tells investors that they must be patient with Optimus"
    item = block(told(("Yahoo Finance", "en", title, "")), "item-1")
    assert item.foreign == ()
    assert item.title.zh == "关于埃隆·马斯克和擎天柱的英文报道"
    assert re.fullmatch(rf"雅虎财经的英文报道：“{title}”\[a\d+\]。", item.text.zh)


def test_the_sides_say_who_reports_in_their_own_names() -> None:
    made = told(
        ("雅虎财经", "en", "Nvidia invests $2 billion in Nebius", ""),
        ("36氪快讯", "zh", "英伟达将向Nebius投资20亿美元", ""),
    )
    reported = r"Reported by Yahoo Finance and, in Chinese, by 36Kr Newsflash \[a\d+\]\[a\d+\]\."
    assert re.search(reported, block(made, "comparison").text.en)


def test_names_that_a_language_cannot_write_are_not_named() -> None:
    compose_day.make()
    pool = Pool(compose_day.brief())
    for each in pool.brief.stories:
        for language in LANGUAGES:
            said = attribution.also_named(pool, each, [], language)
            assert not said or bool(re.search("[\u4e00-\u9fff]", said)) == (language == "zh")


def test_a_gloss_needs_a_name() -> None:
    compose_day.make()
    pool = Pool(compose_day.brief())
    assert {attribution.gloss(pool, each, "en") for each in pool.brief.stories} == {""}


def test_a_short_day_says_so_and_a_full_one_does_not() -> None:
    compose_day.make(6)
    lead = block(offline.write(compose_day.brief()), "main-line").text
    assert "Only six stories were worth an item today." in lead.en
    assert "今天够得上要闻的只有 6 条。" in lead.zh


def test_the_disclaimer_says_how_by_which_composer_and_of_what_hours() -> None:
    compose_day.make(6)
    said = block(offline.write(compose_day.brief()), "disclaimer").text
    assert said.en.startswith(
        "Made automatically by the offline composer, a program without a language model. It took whole "
    )
    assert "06:00 Beijing time on 7 May" in said.en
    assert "离线编写程序" in said.zh
    assert "北京时间 5月7日 06:00" in said.zh


def test_no_insight_is_only_what_the_other_language_could_be_said_in() -> None:
    """A report that says nothing of why gives no insight, though its headline could be said in English."""
    rows = [article("腾讯发布两款全新 AI 芯片", "", by=source("36氪", "zh", "china"))]
    ranking(story(*rows, topics=["chips-compute"], region="CN"), 1, chosen=False)
    assert [each.key for each in offline.write(compose_day.brief()).blocks if each.kind == "insight"] == []


def test_an_insight_stands_in_the_language_of_its_report_and_its_headline_in_the_other() -> None:
    text = "腾讯发布两款全新 AI 芯片，用于训练和推理。由于算力供不应求，腾讯预计明年的芯片产量将翻一番，成本下降两成。"
    rows = [article("腾讯发布两款全新 AI 芯片", text, by=source("36氪", "zh", "china"))]
    ranking(story(*rows, topics=["chips-compute"], region="CN"), 1, chosen=False)
    insight = block(offline.write(compose_day.brief()), "insight-china-1")
    assert insight.foreign == ()
    assert insight.title.en == "Tencent releases two new AI chips"
    assert insight.text.en.startswith("Reported in Chinese by 36Kr [a")
    assert insight.text.zh.startswith("由于算力供不应求")


def test_no_half_prints_a_rendering_as_its_original() -> None:
    compose_day.make()
    pool = Pool(compose_day.brief())
    english = next(a for each in pool.brief.stories for a in each.articles if a.language == "en")
    text = f"Mistral AI 收购 Emmi AI[a{english.id}]。"
    back = DraftBlock("business-us", "business", Both(text, text), foreign=("en",))
    assert offline._is_no_original(pool, back)
    assert not offline._is_no_original(pool, DraftBlock("business-us", "business", Both(text, text), foreign=("zh",)))


def test_a_report_in_chinese_that_names_nobody_abroad_is_news_of_home() -> None:
    said = block(told(("南方周末", "zh", "避免人人有责，人工智能立法应守住三条线", "")), "main-line").text.zh
    assert "国内：避免人人有责" in said
    assert "国外：" not in said


@pytest.mark.parametrize(("title", "alone"), [("Moonshot raises $500 million", False), ("Moonshot hires", True)])
def test_what_another_list_has_with_the_same_name_and_figure_is_not_said_to_be_one_lists_alone(
    title: str, alone: bool
) -> None:
    chinese = article(
        "月之暗面完成 5 亿美元 C 轮融资", "", by=source("蓝鲸", "zh", "china"), url="https://a.example/1"
    )
    english = article(title, "", by=source("Agents Today", "en", "us"), url="https://b.example/1")
    other = article("Mistral AI opens a data centre", "", by=source("Ledger", "en", "us"), url="https://c.example/1")
    for place, row in enumerate((other, chinese, english), 1):
        ranking(story(row, topics=["models"], region="OTHER"), place, chosen=place == 1)
    comparison = offline.write(compose_day.brief()).block("comparison")
    assert ("月之暗面" in (comparison.text.zh if comparison else "")) is alone
