"""Who reports a story: sentences of the service's own, in which every outlet that is named is cited.

An outlet stands under the name that the language's readers know; what language a report is in is said where it is
not theirs.
"""

import re
from collections.abc import Iterable, Sequence

from newsletter import typography
from newsletter.bilingual import Both
from newsletter.compose import extract
from newsletter.compose.brief import Brief, BriefArticle, BriefList, BriefStory
from newsletter.compose.draft import cite
from newsletter.compose.pool import Pool
from newsletter.compose.wording import listed
from newsletter.lexicon import Name
from newsletter.typography import has_han

OUTLETS = 2  # named of each language
NAMES = 3  # that another report is said to name
_ACTORS = ("company", "person", "agency", "model")
_GLOSS = " (in Chinese)"
_TAKES_THE = re.compile(
    r"^(?:US|UK|EU) |\b(?:Pentagon|House|Senate|Court|Commission|Department|Ministry|Office|Administration|Exchange"
    r"|Council|Union|Agency|Bureau|Board|Academy|Reserve|Prize)\b"
)


def reported_by(
    brief: Brief, story: BriefStory, language: str, headlined: int | None = None, desk: str | None = None
) -> str:
    """ "Reported by Wired and, in Chinese, by 36Kr [4][7]."; the article of the headline stands first of its language.

    With `desk` only that list's reports are named. Where the outlets' feeds hold the headline and nothing else, that
    is said: a reader knows why there is no more.
    """
    mine, theirs = (_firsts(story, each, headlined, desk) for each in (language, _other(language)))
    words = Both(_reported_en(mine, theirs), _reported_zh(mine, theirs))
    if mine and not theirs and not any(article.text for article in story.articles):
        words = Both(f"{words.en}, in a headline only", f"{words.zh}，只有标题")
    text = f"{words[language]}{'。' if language == 'zh' else '.'}"
    return cite(typography.set_text(text, language, brief.spellings), [a.id for a in (*mine, *theirs)], language)


def _reported_en(mine: Sequence[BriefArticle], theirs: Sequence[BriefArticle]) -> str:
    own, others = listed(_called(mine, "en"), "en"), listed(_called(theirs, "en", plain=True), "en")
    if not own:
        return f"Reported in Chinese by {others}"
    return f"Reported by {own}" + (f" and, in Chinese, by {others}" if others else "")


def _reported_zh(mine: Sequence[BriefArticle], theirs: Sequence[BriefArticle]) -> str:
    own, others = listed(_called(mine, "zh"), "zh"), listed(_called(theirs, "zh"), "zh")
    if not own:
        return f"{others} 有英文报道"
    return f"{own} 报道了此事" + (f"，{others} 有英文报道" if others else "")


def of_list(brief: Brief, desk: BriefList, articles: Sequence[BriefArticle], language: str) -> str:
    """ "China media: reported by Cailian Press and 36Kr [1][2]." """
    told = _apart(articles)[:OUTLETS]
    en = f"{desk.names['en']}: reported by {listed(_called(told, 'en'), 'en')}."
    zh = f"{desk.names['zh']}：{listed(_called(told, 'zh'), 'zh')} 有报道。"
    text = typography.set_text(Both(en, zh)[language], language, brief.spellings)
    return cite(text, [article.id for article in told], language)


def also_named(pool: Pool, story: BriefStory, said: Sequence[str], language: str, desk: str | None = None) -> str:
    """ "The report in Chinese also names Lisa Su and Lee Jae-yong [9]."; "" where it names nobody that is not `said`.

    It follows who reports the story. Read are the sentences that could stand in the issue in their own language.
    """
    known = {name for text in said for name in pool.lexicon.find(text)}
    whole = " ".join(said).casefold()  # "Amazon Bedrock" says Amazon, too
    ways = []
    for article in story.written_in(_other(language)):
        if extract.is_report(article) and desk in (None, article.list):
            new = [name for name in _names_of(pool, article) if name not in known]
            new = [name for name in new if not any(each.casefold() in whole for each in (*name.en, *name.zh))]
            names = [name for name in new if _fits(name, article, language)]
            ways.append((-len(names[:NAMES]), names[:NAMES], article))
    if not ways or not (best := min(ways, key=lambda way: way[0]))[1]:
        return ""
    _, names, article = best
    words = listed([_spelled(name, language) for name in names], language)
    en, zh = f"The report in Chinese also names {words}.", f"英文报道还提到{words}。"
    text = typography.set_text(Both(en, zh)[language], language, pool.brief.spellings)
    return cite(text, [article.id], language)


def titled(pool: Pool, story: BriefStory, language: str) -> str:
    """The other language's headline, quoted: "36Kr, in Chinese: “…” [3]." """
    found = pool.own_headline(story, _other(language))
    if found is None:
        return reported_by(pool.brief, story, language)
    outlet = pool.articles[found.article].outlet_in(language).removesuffix(_GLOSS)
    text = Both(f"{outlet}, in Chinese: “{found.text}”.", f"{outlet}的英文报道：“{found.text}”。")[language]
    return cite(text, [found.article], language)


def gloss(pool: Pool, story: BriefStory, language: str) -> str:
    """What a story is about that `language` has no headline for: "On OpenClaw and Tencent: a report in Chinese"."""
    titles = " ".join(article.title for article in story.written_in(_other(language)))
    found = [
        name for name in pool.lexicon.find(titles) if name.kind in (*_ACTORS, "product") and _writes(name, language)
    ]
    names = [_spelled(name, language) for name in found[:NAMES]]
    if not names:
        return ""
    words = listed(names, language)
    text = Both(f"On {words}: a report in Chinese", f"关于{words}的英文报道")[language]
    return typography.set_text(text, language)


def _names_of(pool: Pool, article: BriefArticle) -> list[Name]:
    text = " ".join(sentence.text for sentence in pool.sentences(article))
    return [name for name in pool.lexicon.find(text) if name.kind in _ACTORS]


def _fits(name: Name, article: BriefArticle, language: str) -> bool:
    """It can be written in `language`, and is not the outlet itself."""
    return _writes(name, language) and not any(each in article.outlet for each in (*name.en, *name.zh))


def _writes(name: Name, language: str) -> bool:
    return not has_han(name.en[0]) if language == "en" else bool(name.zh)


def _spelled(name: Name, language: str) -> str:
    if language == "zh":
        return (name.zh or name.en)[0]
    return f"the {name.en[0]}" if _TAKES_THE.search(name.en[0]) else name.en[0]


def _firsts(story: BriefStory, language: str, headlined: int | None, desk: str | None) -> list[BriefArticle]:
    """The article of the headline, then the earliest of other outlets; of the list `desk` where one is named."""
    articles = [article for article in story.written_in(language) if desk in (None, article.list)]
    return _apart(sorted(articles, key=lambda article: article.id != headlined))[:OUTLETS]


def _apart(articles: Iterable[BriefArticle]) -> list[BriefArticle]:
    """One article an outlet, and one a publisher."""
    firsts: dict[str, BriefArticle] = {}
    for article in articles:
        firsts.setdefault(article.publisher, article)
    return list({article.outlet: article for article in reversed(firsts.values())}.values())[::-1]


def _called(articles: Iterable[BriefArticle], language: str, *, plain: bool = False) -> list[str]:
    names = [article.outlet_in(language) for article in articles]
    return [name.removesuffix(_GLOSS) for name in names] if plain else names


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"
