"""Whose company it is: `origin`, judged by the home country of the lexicon's names."""

import re
from collections.abc import Iterator

from newsletter.check.finding import MEDIUM, FindingValue, about
from newsletter.check.reading import Reading
from newsletter.check.sentence import Sentence
from newsletter.sentences import paragraphs
from newsletter.typography import HAN

_ADJECTIVE = {
    "CN": re.compile(r"\bChinese\b|\bChina-based\b|\bChina[’']s\b|中国|国产", re.A),
    "US": re.compile(
        r"\bAmerican\b|\bU\.?S\.?-based\b|(?:\bUS\b|\bU\.S\.)"
        r"(?= (?:firm|compan|start-?up|lab|giant|developer|chipmaker))|美国",
        re.A,
    ),
    "JP": re.compile(r"\bJapanese\b|日本", re.A),
    "KR": re.compile(r"\b(?:South )?Korean\b|韩国", re.A),
    "IN": re.compile(r"\bIndian\b|印度", re.A),
}
_FIRMS = (
    r"(?:firms?|compan(?:y|ies)|labs?|laborator(?:y|ies)|start-?ups?|developers?|giants?|makers?|vendors?|players?|models?"
    r"|unicorns?)"
)
_APPOSED_EN = re.compile(
    rf"^\s(?:[a-zA-Z-]+\s){{0,4}}?{_FIRMS},?\s(?:such as |like |including |named |called )?$", re.A
)
_LISTED_EN = re.compile(
    rf"^\s(?:[a-zA-Z-]+\s){{0,4}}?{_FIRMS},? (?:such as|like|including) [A-Z][^.;]{{0,80}}(?:, | and )$"
)
_LISTED_ZH = re.compile(rf"^[{HAN}A-Za-z]{{0,8}}?(?:公司|企业|厂商|大模型)(?:如|包括)[^。；]{{1,60}}[、和与及]\s?$")
_AMONG = re.compile(
    rf"^(?:[,、]? ?(?:[A-Z][\w.-]*|[{HAN}]{{2,6}}))?(?:,? and other (?P<en>Chinese|American|U\.?S\.?) "
    rf"(?:[a-zA-Z-]+\s){{0,3}}?{_FIRMS}|\s?等(?:多家|一批)?(?P<zh>中国|国产|国内|美国)[^，。]{{0,8}}?(?:公司|企业|厂商|大模型))"
)
_APPOSED_ZH = re.compile(
    rf"^(?:的)?(?:(?![对与和在向给从比由把被国])[{HAN}A-Za-z]){{0,8}}?(?:公司|企业|厂商|实验室|初创公司|开发商|巨头|大模型|模型|独角兽"
    r"|团队)(?:如|包括|像|、|：)?\s?$"
)
_GROUP = re.compile(
    rf"\b(?:Chinese|American|U\.?S\.?) (?:[a-zA-Z-]+\s){{0,3}}?{_FIRMS}\b|(?:中国|国内|国产"
    rf"|美国)[^，。]{{0,6}}?(?:企业|公司|厂商|大模型)"
)
_TURN = re.compile(
    r"\b(?:abroad|overseas|elsewhere|meanwhile|by contrast|in contrast|unlike|rivals?|while|whereas|but|against"
    r"|than|American|US|U\.S\."
    r"|foreign|Western|Silicon Valley)\b|国外|海外|美国|相比|而|对手|外国|硅谷|另一边|与此同时",
    re.I | re.A,
)


def check_origin(reading: Reading) -> Iterator[FindingValue]:
    """`origin`: a company among those of another country: "Chinese firms … Anthropic"."""
    for before, sentence in _with_previous(reading):
        for mention in reading.mentions(sentence.plain):
            name = mention.name
            if name.kind not in ("company", "model") or name.home not in ("CN", "US", "EU"):
                continue
            called = _called(sentence.plain, mention.start) or _counted_among(sentence.plain[mention.end :])
            home = called or _grouped(reading, before, sentence, mention.start)
            if home and home != name.home:
                yield _foreigner(sentence, sentence.plain[mention.start : mention.end], home, name.home)
    yield from _of_another_list(reading)


def _of_another_list(reading: Reading) -> Iterator[FindingValue]:
    """A list's report cites an article of another list."""
    names = {each.slug: each.name for each in reading.document.lists}
    for sentence in reading.prose:
        wanted = sentence.block.list or _only(reading, sentence) or ""
        for article in reading.articles(sentence.cited):
            told_by = article.list or ""
            if wanted in names and told_by in names and told_by != wanted:
                here, there = names[wanted], names[told_by]
                yield FindingValue(
                    *(sentence.block.id, sentence.lang, sentence.text, "origin", MEDIUM),
                    f"Of another list: [{article.n}] is from {there.en}, and stands here under {here.en}.",
                    f"归错信源组：[{article.n}] 来自{there.zh}，这里列在{here.zh}之下。",
                    f"{about(article)} {article.title}",
                )


def _only(reading: Reading, sentence: Sentence) -> str | None:
    """The list whose paragraph of the comparison it is: "China media only. …", 只见于中国媒体。…"""
    if sentence.block.kind != "comparison":
        return None
    paragraph = paragraphs(sentence.block.text[sentence.lang])[sentence.paragraph]
    for each in reading.document.lists:
        if paragraph.startswith((f"{each.name.en} only", f"Only {each.name.en}", f"只见于{each.name.zh}")):
            return each.slug
    return None


def _with_previous(reading: Reading) -> Iterator[tuple[Sentence | None, Sentence]]:
    last: Sentence | None = None
    for sentence in reading.prose:
        same = last and (last.block, last.lang, last.paragraph) == (sentence.block, sentence.lang, sentence.paragraph)
        yield last if same else None, sentence
        last = sentence


def _called(text: str, start: int) -> str | None:
    """The country that the words right before the name give it: "Chinese developer Anthropic"."""
    for home, adjective in _ADJECTIVE.items():
        for match in adjective.finditer(text, max(0, start - 60), start):
            between = text[match.end() : start]
            if re.search(r"总部(?:位于|设在|在)$", text[: match.start()]) and between in ("的", ""):
                return home
            if any(pattern.match(between) for pattern in (_APPOSED_EN, _APPOSED_ZH, _LISTED_EN, _LISTED_ZH)):
                return home
    return None


def _counted_among(after: str) -> str | None:
    """The country of the group that the name opens: "Anthropic and other Chinese firms"."""
    match = _AMONG.match(after)
    if match is None:
        return None
    return "US" if (match["en"] or match["zh"]) in ("American", "US", "U.S.", "美国") else "CN"


def _grouped(reading: Reading, before: Sentence | None, sentence: Sentence, start: int) -> str | None:
    """The country of the group that the sentence before speaks of, where this one opens with the name."""
    if before is None or _TURN.search(sentence.plain[:start]) or start > 12:
        return None
    group = _GROUP.search(before.plain)
    if group is None or reading.names(before.plain[group.end() :]):
        return None
    if _TURN.search(before.plain.replace(group.group(), "")):
        return None
    return "US" if re.match(r"American|U|美国", group.group()) else "CN"


def _foreigner(sentence: Sentence, name: str, home: str, true: str) -> FindingValue:
    en = {"CN": "Chinese", "US": "American", "EU": "European", "JP": "Japanese", "KR": "Korean", "IN": "Indian"}
    zh = {"CN": "中国", "US": "美国", "EU": "欧洲", "JP": "日本", "KR": "韩国", "IN": "印度"}
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "origin", MEDIUM),
        f"{name} is {en[true]}, and stands here among the {en[home]} ones.",
        f"{name} 是{zh[true]}公司，这里把它归到了{zh[home]}。",
        f"{name}: {true}",
    )
