"""What comes of a story: a denial, a delay, a service that is back; and whose it is."""

import datetime as dt

import pytest

from newsletter.models.story import News
from newsletter.rank.authority import is_authority
from newsletter.rank.events import events_in, main_event
from newsletter.rank.reading import read
from newsletter.rank.stories import Day, tell
from newsletter.rank.values import ArticleValue
from newsletter.subject import load_vocabulary

CUTOFF = dt.datetime(2026, 5, 6, 22, tzinfo=dt.UTC)


def article(n: int, title: str, text: str = "", story: str = "") -> ArticleValue:
    """The lower `n` is, the later it came; one of a `story` is of the day before."""
    language = "en" if title.isascii() else "zh"
    at = CUTOFF - dt.timedelta(days=bool(story), hours=5, minutes=n)
    list_slug = "us" if language == "en" else "china"
    return ArticleValue(str(n), title, text, language, f"O{n}", at, list_slug=list_slug, story=story)


def told(*articles: ArticleValue, earlier: tuple[ArticleValue, ...] = ()) -> Day:
    vocabulary = load_vocabulary()
    before = [read(a, vocabulary) for a in earlier]
    return tell([read(a, vocabulary, 0.15) for a in articles], before, vocabulary, CUTOFF, ("77",))


def of(title: str) -> set[str]:
    return {event.slug for event in events_in(title)}


TALKS = (
    article(91, "Nvidia in talks to buy AI chip start-up Cerebras", "People familiar with it said so.", "77"),
    article(92, "消息称英伟达洽谈收购AI芯片公司Cerebras", "知情人士透露了这一消息。", "77"),
)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Nvidia denies it is in talks to buy Cerebras", "a denial"),
        ("英伟达否认洽谈收购Cerebras", "a denial"),
        ("Nvidia confirms talks to buy AI chip start-up Cerebras", "a confirmation"),
        ("英伟达证实正洽谈收购Cerebras", "a confirmation"),
        ("Nvidia walks away from talks to buy Cerebras", "a withdrawal or cancellation"),
        ("英伟达放弃收购Cerebras", "a withdrawal or cancellation"),
        ("Nvidia postpones its talks to buy Cerebras", "a delay"),
        ("英伟达推迟收购Cerebras", "a delay"),
        ("Nvidia responds to reports of talks to buy Cerebras", "a response"),
    ],
)
def test_an_answer_with_the_same_names_is_an_update(title: str, kind: str) -> None:
    day = told(article(1, title), earlier=TALKS)
    (story,) = day.stories
    assert (story.progress.news, day.chosen) == (News.UPDATE, 1)
    assert f"now it is {kind}" in story.progress.why.en


def test_the_same_answer_a_day_later_is_nothing_new() -> None:
    denied = article(93, "Nvidia denies it is in talks to buy Cerebras", "", "77")
    (story,) = told(article(1, "Nvidia denies being in talks to buy Cerebras"), earlier=(*TALKS, denied)).stories
    assert story.progress.news == News.UNCHANGED


def test_anothers_outage_is_no_sequel_and_the_service_that_is_back_is_one() -> None:
    down = (
        article(91, "ChatGPT is down: OpenAI reports major outage", "Nobody could log in on Tuesday.", "77"),
        article(92, "ChatGPT全球宕机，OpenAI称正在调查", "周二，全球用户无法登录ChatGPT。", "77"),
    )
    other = article(1, "Claude is down: Anthropic reports major outage", "Nobody could log in on Wednesday.")
    back = article(2, "ChatGPT service restored after 14 hours", "OpenAI said that it was back.")
    day = told(other, back, earlier=down)
    assert day.continues == {frozenset({"2"}): "77"}
    assert {min(s.cluster.ids): s.progress.news for s in day.stories} == {"1": News.NEW, "2": News.UPDATE}


@pytest.mark.parametrize("same_day", [True, False])
def test_an_answer_that_names_only_its_actor_stays_in_the_story(same_day: bool) -> None:
    leak = article(
        91, "百度文心大模型被曝泄露用户对话", "有用户称，百度文心大模型泄露了对话。", "" if same_day else "77"
    )
    answer = article(1, "百度回应用户对话泄露：消息不实", "百度表示，网传消息不实，已报警。")
    day = told(leak, answer) if same_day else told(answer, earlier=(leak,))
    assert "1" in day.relevant
    assert len(day.stories) == 1
    assert told(answer).relevant == frozenset(), "by itself it says nothing of the subject"


def test_both_headlines_show_the_latest_state() -> None:
    rumour = [article(80 + n, a.title, a.text) for n, a in enumerate(TALKS)]
    denial = [article(1, "Nvidia denies it is in talks to buy Cerebras"), article(2, "英伟达否认洽谈收购Cerebras")]
    (story,) = told(*rumour, *denial).stories
    assert "denies" in story.title_en
    assert "否认" in story.title_zh


def test_a_telling_headline_is_better_than_one_that_shouts() -> None:
    text = "英伟达宣布向Thinking Machines Lab投资，并提供一吉瓦算力。"
    (story,) = told(
        article(1, "黄仁勋豪掷千亿，押注下一个“OpenAI”：英伟达投资Thinking Machines Lab", text),
        article(2, "英伟达投资Thinking Machines Lab并建立长期合作", text),
    ).stories
    assert story.title_zh == "英伟达投资Thinking Machines Lab并建立长期合作"


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("工信部发布关于防范智能体安全风险的“六要六不要”建议", {"notice"}),
        ("网信办发布通知，要求标识AI内容", {"notice"}),
        ("百度发布文心新模型", {"launch"}),
        ("Founder, once a teen hacker, raises $28M", {"funding"}),
        ("Hackers stole data from an AI lab", {"incident"}),
        ("OpenAI stays a non-profit", set()),
        ("OpenAI turns a profit", {"results"}),
        ("Court denies a motion by OpenAI", {"court"}),
        ("AI start-up Inflexa files for bankruptcy", {"closing"}),
        ("The building blocks of a model", {"build"}),
        ("Italy blocks the DeepSeek app", {"law"}),
    ],
)
def test_words_tell_their_kind_only_in_their_sense(title: str, kinds: set[str]) -> None:
    assert of(title) == kinds


def test_where_a_headline_tells_two_kinds_the_later_state_counts() -> None:
    event = main_event(["Nvidia denies it is in talks to buy Cerebras"])
    assert event
    assert event.slug == "denial"


def test_a_university_and_a_prize_are_no_authority() -> None:
    lexicon = load_vocabulary().lexicon

    def acts(spelling: str) -> bool:
        name = lexicon.named(spelling)
        assert name
        return is_authority(name)

    assert all(acts(each) for each in ("MIIT", "FTC", "European Commission", "NIST", "Supreme Court"))
    assert not any(acts(each) for each in ("Stanford", "Tsinghua University", "Nobel Prize", "IEEE", "Pew Research"))
