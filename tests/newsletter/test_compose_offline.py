"""The issue written without a model: only sentences that stand in the articles, each cited, none twice."""

import re
import time
from collections import Counter
from typing import Any

import pytest

from newsletter import sentences, typography
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import offline, own_words, wording
from newsletter.compose.brief import Brief, brief_for
from newsletter.compose.draft import Draft, DraftBlock, cited, without_marks
from newsletter.compose.numbering import number
from newsletter.models import Article
from tests.factories import DAY, NOON, newsletter, source, source_list
from tests.newsletter import compose_day

pytestmark = pytest.mark.django_db

NO_SENTENCES = ("tags", "disclaimer", "overview")  # made from data, or fixed words


def written(chosen: int = 6) -> tuple[Brief, Draft]:
    compose_day.make(chosen)
    brief = compose_day.brief()
    return brief, offline.write(brief)


def sentences_of(draft: Draft) -> list[tuple[DraftBlock, str, str]]:
    """(block, language, sentence) of every block that tells news."""
    return [
        (block, language, sentence)
        for block in draft.blocks
        if block.kind not in NO_SENTENCES
        for language in LANGUAGES
        for sentence in sentences.split_sentences(block.text[language], language)
    ]


def labels() -> list[str]:
    """The fixed words that may open a sentence, or be one."""
    both = (wording.ALSO, wording.HEADLINES, wording.BUILDERS, wording.AHEAD, wording.AT_HOME, wording.ABROAD)
    return [pair[language] for pair in both for language in LANGUAGES]


def test_the_brief_counts_relevant_articles_of_the_window_only(django_assert_max_num_queries: Any) -> None:
    compose_day.make()
    Article.objects.filter(title__startswith="Redwood").update(relevant=False)
    with django_assert_max_num_queries(7):
        brief = brief_for(newsletter(), DAY, compose_day.CUTOFF)
    assert (brief.articles, brief.outlets) == (12, 4)
    assert {desk.slug: desk.articles for desk in brief.lists} == {"china": 6, "us": 6}
    assert [story.slot for story in brief.chosen] == [1, 2, 3, 4, 5, 6]


def test_every_sentence_with_news_is_cited() -> None:
    _, draft = written()
    titles = {line.split(".")[0] for block in draft.blocks for line in block.text.en.split("\n\n")}
    for block, language, sentence in sentences_of(draft):
        if block.data and not cited(sentence):
            continue  # the window in words
        if block.kind == "comparison" and (sentence.rstrip(".。") in titles or language == "zh"):
            continue  # a line's own title
        assert cited(sentence), (block.key, sentence)


def test_every_sentence_stands_in_an_article_it_cites() -> None:
    brief, draft = written()
    whole = {a.id: typography.fold(f"{a.title} {a.text}") for story in brief.stories for a in story.articles}
    for block, language, sentence in sentences_of(draft):
        if block.kind in ("comparison", "main_line", "analysis", "qa") or not cited(sentence):
            continue  # these join headlines; tried below
        text = without_marks(sentence)
        for label in labels():
            text = text.removeprefix(label).strip()
        text = re.sub(r"^[^:：]{2,30}[:：]\s*(?=\S{1,})", "", text) if block.kind == "highlights" else text
        if re.match(r"Reported (?:in Chinese )?by |The report in Chinese |.*(?:报道了此事|英文报道)", text):
            continue  # says who reports it, and whom they name
        assert any(typography.fold(text) in whole[a] for a in cited(sentence)), (block.key, language, text)


def test_headlines_in_the_lead_and_the_answers_are_those_of_articles() -> None:
    brief, draft = written()
    titles = [typography.fold(a.title) for story in brief.stories for a in story.articles]
    for key in ("main-line", "qa-2", "qa-3"):
        block = draft.block(key)
        assert block is not None
        for part in re.split(r"\[a\d+\][;；.。]?", re.sub(r"^.*?(?=In China:|Abroad:)", "", block.text.en)):
            text = re.sub(r"In China:|Abroad:|^[A-Z][a-z &]+ first, then [a-z &]+:", "", part).strip(" .")
            assert not text or typography.fold(text) in titles, text


def test_no_sentence_is_told_twice() -> None:
    _, draft = written()
    told = Counter(
        without_marks(sentence)
        for block, language, sentence in sentences_of(draft)
        if language not in block.foreign and cited(sentence) and block.kind not in ("qa", "main_line")
    )
    headlines = {block.title[language] for block in draft.blocks for language in LANGUAGES}
    assert [
        s
        for s, n in told.items()
        if n > 1 and s.rstrip(".。") not in headlines and not re.search("report it|都报道", s)
    ] == []


def test_an_item_has_a_headline_and_two_sentences_in_each_language() -> None:
    _, draft = written()
    item = draft.block("item-1")
    assert item is not None
    assert item.foreign == ()
    assert item.title.en == "Qinghe opens the weights of its largest language model"
    for language in LANGUAGES:
        assert len(sentences.split_sentences(item.text[language], language)) == 2, item.text[language]
    assert "参数量为 3000 亿" in item.text.zh
    assert item.extra["lists"] == {"us": 2, "china": 2}


def test_a_story_of_one_language_stands_in_it_whole_and_is_marked() -> None:
    _, draft = written()
    item = draft.block("item-4")
    assert item is not None
    assert item.foreign == ("en",)
    assert item.text.en == item.text.zh
    assert item.title.en == "北山机器人签下 2000 台人形机器人订单"


def test_no_text_mixes_the_languages() -> None:
    _, draft = written()
    for block in draft.blocks:
        for language in LANGUAGES:
            if block.kind in ("tags", "overview") or not block.text[language] or language in block.foreign:
                continue
            text = re.sub("晨星|明湖", "", block.text[language])  # names of outlets
            assert typography.is_chinese(text) == (language == "zh"), block.key
            if language == "en":
                assert not re.search(f"[{typography.HAN}]", text), block.key


def test_in_a_foreign_text_the_services_own_words_stand_in_the_readers_language() -> None:
    _, draft = written()
    assert not re.search("[\ue000-\ue002]", "".join(block.text.en + block.text.zh for block in draft.blocks))
    for block in draft.blocks:
        for language in block.foreign:
            other = "en" if language == "zh" else "zh"
            for pair in (wording.ALSO, wording.HEADLINES, wording.BUILDERS, wording.AHEAD):
                assert pair[other].rstrip(".。") not in block.text[language], block.key
    robots = draft.block("item-6")
    assert robots is not None
    assert robots.foreign == ("zh",)
    assert robots.text.en.startswith("Reported by Field Notes, in a headline only [a")
    assert robots.text.zh.startswith("Field Notes 有英文报道[a")


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("一句[a1]。{}标题[a2]。", "一句[a1]。Also reported: 标题[a2]。", "一句[a1]。另有报道：标题[a2]。"),
        ("One [a1]. {} Title [a2].", "One [a1]. Also reported: Title [a2].", "One [a1]. 另有报道：Title [a2]."),
        ("{}Title [a2].", "Also reported: Title [a2].", "另有报道：Title [a2]."),
    ],
)
def test_own_words_are_spaced_as_their_neighbours_call_for(text: str, english: str, chinese: str) -> None:
    whole = text.format(own_words.own(wording.ALSO))
    assert own_words.spoken(DraftBlock("qa-1", "qa", Both(whole, whole))).text == Both(english, chinese)


def test_a_tie_of_topics_is_said_as_one() -> None:
    assert wording.leading([("agents", 4), ("robotics", 4)]).en == "Agents and robotics drew most articles: 4 each."
    assert wording.leading([("agents", 4), ("robotics", 3)]).zh == "报道最多的是智能体，4 篇；其次是机器人 3 篇。"


def test_under_a_headline_without_text_stands_who_reports_it() -> None:
    compose_day.make(6)
    item = offline.write(compose_day.brief()).block("item-6")
    assert item is not None
    assert item.text.en.startswith("Reported by Field Notes, in a headline only [a")


def test_an_outlet_that_bears_a_sentence_out_is_cited_beside_it() -> None:
    _, draft = written()
    assert any(len(cited(sentence)) == 2 for _, _, sentence in sentences_of(draft))


def test_the_same_brief_gives_the_same_draft() -> None:
    brief, draft = written()
    assert offline.write(brief) == draft


def test_the_main_line_is_made_of_the_days_topics_and_fits_the_subject() -> None:
    _, draft = written()
    assert re.match(r"[A-Z].*: ", draft.title.en)
    assert len(draft.subject.en) <= 70
    assert typography.han_length(draft.subject.zh) <= 30
    assert "24 hours to 06:00 Beijing time on 7 May, 4 outlets published 13 articles" in draft.blocks[0].text.en
    assert "截至北京时间 5月7日 06:00 的 24 小时内，共有 13 篇" in draft.blocks[0].text.zh


def test_a_thin_day_has_fewer_items_and_no_empty_section() -> None:
    stories = compose_day.make(1)
    Article.objects.exclude(story=stories[0]).update(relevant=False)
    draft = offline.write(compose_day.brief())
    assert [block.key for block in draft.blocks if block.kind == "item"] == ["item-1"]
    assert all(block.text.en and block.text.zh for block in draft.blocks)


def test_a_list_without_articles_has_no_report() -> None:
    compose_day.make()
    Article.objects.filter(source__source_list=source_list("us")).update(relevant=False)
    draft = offline.write(compose_day.brief())
    assert not [block.key for block in draft.blocks if block.list == "us"]
    assert [block.key for block in draft.blocks if block.list == "china"]


def test_a_report_counts_its_articles_and_names_its_outlets() -> None:
    _, draft = written()
    overview = draft.block("overview-china")
    assert overview is not None
    assert overview.data
    assert overview.text.en.startswith("6 articles from 2 outlets.")
    called = {"明湖": ["明湖 (in Chinese)", "明湖"], "晨星": ["晨星 (in Chinese)", "晨星"]}
    assert overview.extra == {"articles": 6, "outlets": 2, "sources": [["明湖", 3], ["晨星", 3]], "called": called}


def test_insights_carry_a_reason_and_stand_outside_the_items() -> None:
    _, draft = written()
    insight = draft.block("insight-us-1")
    assert insight is not None
    assert "The 15-year contract shows that electricity has become the tightest limit" in insight.text.en


def test_side_by_side_names_what_both_lists_report() -> None:
    _, draft = written()
    block = draft.block("comparison")
    assert block is not None
    assert block.title.en == "Both lists report"
    assert block.text.en.startswith("Qinghe opens the weights of its largest language model. ")
    assert block.extra["shared"][0]["lists"] == {"us": 2, "china": 2}


def test_a_report_cites_its_own_list_only() -> None:
    brief, draft = written()
    home = {article.id: article.list for story in brief.stories for article in story.articles}
    for block in draft.blocks:
        if block.list:
            assert {home[a] for language in LANGUAGES for a in cited(block.text[language])} <= {block.list}, block.key


def test_one_page_in_two_feeds_is_one_article_and_bears_nothing_out() -> None:
    stories = compose_day.make()
    twin = stories[1].articles.get(language="en")
    twin.pk, twin.guid = None, "twin"
    twin.source = source("Harbor Feed", "en", "us")
    twin.url += "?utm_source=rss"
    twin.save()
    brief = compose_day.brief()
    assert (brief.articles, brief.outlets) == (13, 4)
    item = offline.write(brief).block("item-2")
    assert item is not None
    assert len(set(cited(item.text.en))) == 1


def test_the_order_in_which_rows_were_made_decides_nothing() -> None:
    compose_day.make()
    rows = list(Article.objects.order_by("pk"))
    Article.objects.update(dated_at=NOON)
    first = printed(offline.write(compose_day.brief()))
    Article.objects.all().delete()
    for row in reversed(rows):
        row.pk, row.dated_at = None, NOON
        row.save(force_insert=True)
    assert printed(offline.write(compose_day.brief())) == first


def printed(draft: Draft) -> list[tuple[str, Any, Any]]:
    """The texts as an issue has them: numbered in order of use, not by row."""
    return [(block.key, block.title, block.text) for block in number(draft.blocks, {}, ()).blocks]


def test_no_article_is_quoted_more_than_twice() -> None:
    brief, draft = written()
    whole = {a.id: typography.fold(a.text) for story in brief.stories for a in story.articles}
    quoted = Counter(
        next((a for a in cited(sentence) if typography.fold(without_marks(sentence)) in whole[a]), None)
        for block, language, sentence in sentences_of(draft)
        if language not in block.foreign
    )
    del quoted[None]
    assert quoted
    assert max(quoted.values()) == 2


def test_the_analysis_answers_paragraph_by_paragraph_and_begins_with_the_counts() -> None:
    _, draft = written()
    block = draft.block("analysis")
    assert block is not None
    halves = [sentences.paragraphs(block.text[language]) for language in LANGUAGES]
    assert len(halves[0]) == len(halves[1]) > 1
    counts = "2 of 6 articles in China media and 2 of 7 articles in US media"
    assert halves[0][0] == f"Both lists wrote most about chips and compute: {counts}."
    for english, chinese in zip(*halves, strict=True):
        assert bool(re.search("articles", english)) == bool(re.search("篇", chinese))


def test_a_story_of_one_language_is_told_in_the_other_where_its_headline_can_be_said() -> None:
    stories = compose_day.make(6)
    Article.objects.filter(story=stories[3]).update(title="腾讯完成3亿美元C轮融资")
    item = offline.write(compose_day.brief()).block("item-4")
    assert item is not None
    assert item.foreign == ()
    assert item.title == Both("Tencent raises $300 million in a Series C round", "腾讯完成 3 亿美元 C 轮融资")
    assert item.text.en.startswith("Reported in Chinese by 晨星 [a")


def test_no_first_sentence_of_an_item_leans_on_its_headline() -> None:
    stories = compose_day.make(6)
    text = "The move could put small firms on a par with the largest within a year or two."
    Article.objects.filter(story=stories[4]).update(text=text)
    item = offline.write(compose_day.brief()).block("item-5")
    assert item is not None
    assert re.match(r"Reported by Harbor \[a\d+\]\. The move could ", item.text.en)


def test_a_day_is_written_well_within_ten_seconds() -> None:
    compose_day.make()
    brief = compose_day.brief()
    begun = time.process_time()
    offline.write(brief)
    assert time.process_time() - begun < 5  # seconds of work, however busy the machine


def test_the_disclaimer_says_how_and_by_which_composer_and_of_what_hours_it_was_made() -> None:
    _, draft = written()
    block = draft.block("disclaimer")
    assert block is not None
    assert "the offline composer" in block.text.en
    assert "published up to 06:00 Beijing time on 7 May" in block.text.en
    assert "离线编写程序自动编成，未使用语言模型，取自截至北京时间 5月7日 06:00 发布的文章" in block.text.zh
    assert "approved" not in block.text.en
