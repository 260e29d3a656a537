"""The fixed words of an issue written without a model, in both languages: they connect, and never say a fact."""

from collections.abc import Sequence

from newsletter import typography
from newsletter.bilingual import Both
from newsletter.compose import sections
from newsletter.compose.brief import Brief, BriefList
from newsletter.lexicon import Name
from newsletter.page.dates import short_date

QUESTIONS = (
    Both("What are the most important trends?", "最重要的趋势是什么？"),
    Both("What is the main line in China?", "国内主线是什么？"),
    Both("What is the main line abroad?", "国外主线是什么？"),
    Both("What does it mean for developers and entrepreneurs?", "对开发者和创业者意味着什么？"),
)
FULL = 10  # items of a full issue
AT_HOME = Both("In China:", "国内：")
ABROAD = Both("Abroad:", "国外：")
COMPARISON = Both("Both lists report", "两边都报")
APART = Both("What only one list reports", "只见于一边")
ALSO = Both("Also reported:", "另有报道：")
HEADLINES = Both("In headlines:", "新闻标题：")
BUILDERS = Both("For those who build, worth a look:", "值得开发者留意的有：")
AHEAD = Both("What comes next:", "接下来：")
AND = Both(" and ", "和")
STOP = Both(".", "。")


def disclaimer(brief: Brief) -> Both:
    """How the issue was made, by which composer and of which hours; who approved it is added when sending."""
    return Both(
        "Made automatically by the offline composer, a program without a language model. It took whole sentences from "
        f"articles published up to {until(brief, 'en')}, and rendered a headline in the other language only where it "
        "knew every part of it. A program checked the result sentence by sentence. It may still be wrong: follow the "
        "numbers to the source.",
        f"本期由离线编写程序自动编成，未使用语言模型，取自截至{until(brief, 'zh')} 发布的文章："
        "摘取完整的原句，标题只有在各部分都有对照时才译成另一种语言，结果经程序逐句核对。仍可能有误，请循编号查看原文。",
    )


def until(brief: Brief, language: str) -> str:
    """ "06:00 Beijing time on 7 May" and "北京时间 5月7日 06:00": the end of the day's window."""
    place = {"Asia/Shanghai": Both("Beijing time", "北京时间")}.get(str(brief.end.tzinfo))
    day = short_date(brief.end.date(), language)
    if language == "zh":
        zone = place.zh if place else f"{brief.end.tzinfo} 时间"
        return typography.set_text(f"{zone} {day} {brief.end:%H:%M}", "zh")
    return f"{brief.end:%H:%M} {place.en if place else brief.end.tzinfo} on {day}"


def few(items: int) -> Both:
    """What the opening says on a day with fewer than ten items; nothing on a full one."""
    if items >= FULL:
        return Both()
    if not items:
        return Both("No story was worth an item today.", "今天没有够得上要闻的消息。")
    en = "one story was" if items == 1 else f"{spelled(items, 'en')} stories were"
    return Both(f"Only {en} worth an item today.", f"今天够得上要闻的只有 {items} 条。")


def counted(number: int, language: str, thing: str) -> str:
    """ "153 articles" and "153 篇"; `thing` is article, outlet or story."""
    if language == "zh":
        return f"{number} {({'article': '篇', 'outlet': '个信源', 'story': '条'})[thing]}"
    plural = "stories" if thing == "story" else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def also_on(name: Name) -> Both:
    """What opens a further headline of the same actor."""
    zh = (name.zh or name.en)[0]
    return Both(f"Also on {name.en[0]}:", f"{zh}{' ' if zh[-1].isascii() else ''}另有消息：")


def contrast(firsts: Sequence[tuple[BriefList, str, int]]) -> Both:
    """ "China media wrote most about agents, in 26 of 107 articles; US media about products, in 11 of 29." """
    if len({slug for _, slug, _ in firsts}) == 1:
        topic = sections.name(firsts[0][1])
        shares = [(desk.names, count, desk.articles) for desk, _, count in firsts]
        en_shares = listed([f"{count} of {of} articles in {names['en']}" for names, count, of in shares], "en")
        zh_shares = "，".join(f"{names['zh']} {of} 篇中占 {count} 篇" for names, count, of in shares)
        every = Both("Both lists", "两边") if len(firsts) == 2 else Both("All lists", "各方")
        return Both(
            f"{every.en} wrote most about {_plainly(topic.en)}: {en_shares}.",
            typography.set_text(f"{every.zh}写得最多的都是{topic.zh}：{zh_shares}。", "zh"),
        )
    en, zh = [], []
    for n, (desk, slug, count) in enumerate(firsts):
        topic = sections.name(slug)
        of = f"{count} of {desk.articles}" + ("" if n else " articles")
        en.append(f"{desk.names['en']} {'' if n else 'wrote most '}about {_plainly(topic.en)}, in {of}")
        zh.append(f"{desk.names['zh']}写得最多的是{topic.zh}，{desk.articles} 篇中占 {count} 篇")
    return Both("; ".join(en) + ".", typography.set_text("；".join(zh) + "。", "zh"))


def _plainly(topic: str) -> str:
    return topic.lower().replace(" & ", " and ")


def mostly(topics: Sequence[str]) -> Both:
    """What opens an answer: "Agents first, then business & funding:"."""
    names = [sections.name(slug) for slug in topics]
    if not names:
        return Both()
    en = names[0].en + " first" + (f", then {names[1].en.lower()}" if len(names) > 1 else "")
    zh = f"以{names[0].zh}为主" + (f"，其次是{names[1].zh}" if len(names) > 1 else "")
    return Both(en + ":", zh + "：")


def drew(slug: str, counts: Sequence[tuple[BriefList, int]]) -> Both:
    """ "Agents drew 29 of the day’s articles: 26 in China media and 3 in US media." """
    topic, total = sections.name(slug), sum(number for _, number in counts)
    some = [(desk, number) for desk, number in counts if number]
    en = f"{topic.en} drew {counted(total, 'en', 'article')}"
    zh = f"{topic.zh}：共 {total} 篇报道"
    if len(some) > 1:
        en += ", " + listed([f"{number} in {desk.names['en']}" for desk, number in some], "en")
        zh += "，其中" + "、".join(f"{desk.names['zh']} {number} 篇" for desk, number in some)
    elif some:
        en += f", all in {some[0][0].names['en']}"
        zh += f"，均见于{some[0][0].names['zh']}"
    return Both(en + ".", typography.set_text(zh + "。", "zh"))


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
