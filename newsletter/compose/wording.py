"""The fixed words of an issue written without a model, in both languages: they connect, and never say a fact."""

from collections.abc import Sequence

from newsletter import typography
from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import sections
from newsletter.compose.brief import BriefList, BriefStory
from newsletter.compose.own_words import own

QUESTIONS = (
    Both("What are the most important trends?", "最重要的趋势是什么？"),
    Both("What is the main line in China?", "国内主线是什么？"),
    Both("What is the main line abroad?", "国外主线是什么？"),
    Both("What does it mean for developers and entrepreneurs?", "对开发者和创业者意味着什么？"),
)
DISCLAIMER = Both(
    "Made automatically from the articles cited above, checked sentence by sentence and approved by an editor. "
    "It may still be wrong: follow the numbers to the source.",
    "本期由程序根据上文所引文章自动编成，逐句核对，并经编辑批准。仍可能有误，请循编号查看原文。",
)
DISCLAIMER_AI = Both(
    "Written with AI from the articles cited above, checked sentence by sentence and approved by an editor. "
    "It may still be wrong: follow the numbers to the source.",
    "本期由 AI 根据上文所引文章写成，逐句核对，并经编辑批准。仍可能有误，请循编号查看原文。",
)
AT_HOME = Both("In China:", "国内：")
ABROAD = Both("Abroad:", "国外：")
COMPARISON = Both("Both lists report", "两边都报")
ALSO = Both("Also reported:", "另有报道：")
ON_THE_SUBJECT = Both("On the same subject:", "相关报道：")
TITLE_ONLY = Both(
    "The outlet’s feed carries the headline alone; the report is at the source.",
    "该信源的订阅内容只有标题，详情请看原文。",
)
AHEAD = Both("What comes next:", "接下来：")
AND = Both(" and ", "和")
STOP = Both(".", "。")


def counted(number: int, language: str, thing: str) -> str:
    """ "153 articles" and "153 篇"; `thing` is article, outlet or story."""
    if language == "zh":
        return f"{number} {({'article': '篇', 'outlet': '个信源', 'story': '条'})[thing]}"
    plural = "stories" if thing == "story" else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def all_report(desks: Sequence[BriefList], story: BriefStory, headlined: int | None = None) -> str:
    """ "China media and US media both report it [1][2]." By each list's first article, and the one of the headline."""
    reports = [[article.id for article in story.articles if article.list == desk.slug] for desk in desks]
    firsts = [headlined if headlined in ids else ids[0] for ids in reports]
    en, zh = (listed([desk.names[language] for desk in desks], language) for language in LANGUAGES)
    words = Both(f"{en} {'both' if len(desks) == 2 else 'all'} report it.", f"{zh}都报道了此事。")
    return own(words, firsts[:2])


def leading(topics: Sequence[tuple[str, int]]) -> Both:
    """ "Agents drew most articles: 26; then chips & compute with 18." of topics with their counts; a tie is one."""
    named = [(sections.name(slug), count) for slug, count in topics]
    most = named[0][1]
    first, rest = [name for name, count in named if count == most], [pair for pair in named if pair[1] < most]
    en = listed([first[0].en, *(name.en.lower() for name in first[1:])], "en")
    en += f" drew most articles: {most}{' each' if len(first) > 1 else ''}"
    zh = f"报道最多的是{listed([name.zh for name in first], 'zh')}，{'各 ' if len(first) > 1 else ''}{most} 篇"
    if rest:
        en += "; then " + listed([f"{name.en.lower()} with {count}" for name, count in rest], "en")
        zh += "；其次是" + "、".join(f"{name.zh} {count} 篇" for name, count in rest)
    return Both(en + ".", typography.set_text(zh + "。", "zh"))


def listed(words: list[str], language: str) -> str:
    """ "a, b and c" and "a、b 和 c" (the writers' typography sets the spaces)."""
    if len(words) < 2:
        return "".join(words)
    comma = "、" if language == "zh" else ", "
    return comma.join(words[:-1]) + AND[language] + words[-1]


NUMBERS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"),
}


def spelled(number: int, language: str) -> str:
    """Small numbers in words."""
    words = NUMBERS[language]
    return words[number] if number < len(words) else str(number)
