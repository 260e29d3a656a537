"""The essay: by themes and roles, each told in both languages or in neither."""

import re

import pytest

from newsletter import sentences
from newsletter.bilingual import LANGUAGES
from newsletter.compose import analysis, offline
from newsletter.compose.draft import DraftBlock, cited
from tests.newsletter import compose_day

pytestmark = pytest.mark.django_db


def essay(chosen: int = 6) -> DraftBlock:
    compose_day.make(chosen)
    block = offline.write(compose_day.brief()).block("analysis")
    assert block is not None
    return block


def test_its_halves_have_the_same_paragraphs_under_the_same_leads() -> None:
    block = essay()
    halves = [sentences.paragraphs(block.text[language]) for language in LANGUAGES]
    assert len(halves[0]) == len(halves[1])
    leads = {role.lead.en: role.lead.zh for role in analysis.ROLES}
    for english, chinese in zip(*halves, strict=True):
        said = [en for en in leads if english.startswith(en)]
        assert all(chinese.startswith(leads[en]) for en in said)


def test_a_story_tells_one_part_only() -> None:
    block = essay()
    for language in LANGUAGES:
        where: dict[int, int] = {}
        for n, paragraph in enumerate(sentences.paragraphs(block.text[language])):
            for article in cited(paragraph):
                assert where.setdefault(article, n) == n, article


@pytest.mark.parametrize(
    ("lead", "language", "text", "fits"),
    [
        ("In figures:", "en", "Yann LeCun raises $1B to build AI", True),
        ("In figures:", "en", "Meta plans to deploy four new chips in 2027", False),
        ("In figures:", "zh", "半导体市场规模到 2030年将达 35%", True),
        ("Who says what:", "en", "Microsoft backs Anthropic in its case", True),
        ("Who says what:", "en", "AMD to meet Samsung amid race for chips, paper says", False),
        ("Who says what:", "zh", "甲骨文高管表示，容量已获得资金", True),
        ("What it may mean:", "en", "The rule could slow exports", True),
        ("What it may mean:", "zh", "腾讯上线 SkillHub", False),
        ("What comes next:", "en", "OpenAI plans to integrate Sora into ChatGPT", True),
    ],
)
def test_a_role_takes_what_tells_it(lead: str, language: str, text: str, fits: bool) -> None:
    role = next(each for each in analysis.ROLES if each.lead.en == lead)
    assert role.fits(text, language) is fits


def test_where_only_one_language_has_news_the_other_has_its_essay_whole() -> None:
    from newsletter.models import Article

    compose_day.make()
    Article.objects.filter(language="en").delete()
    block = offline.write(compose_day.brief()).block("analysis")
    assert block is not None
    assert block.foreign == ("en",)
    assert re.search("[\u4e00-\u9fff]", block.text.en)
