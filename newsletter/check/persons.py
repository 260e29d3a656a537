"""Persons with Chinese names, known by their shape: a family name beside a title or beside what only persons do."""

import re
from collections.abc import Iterable, Iterator

from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.check.surnames import SPELLED, SURNAMES
from newsletter.check.values import ArticleValue
from newsletter.lexicon import fold
from newsletter.typography import HAN

_TITLES = "创始人|首席执行官|首席科学家|首席技术官|CEO|CTO|总裁|董事长|总经理|教授|院士"
_TITLES += "|部长|主任|局长|负责人|分析师|研究员|记者"
_SAYS = "表示|称|说|指出|认为|透露|宣布|强调|坦言|介绍|预计|回应|直言"
_OFFICES = "出任|担任|接任|卸任|辞任|离任|离职|加盟|任职|教授|博士|院士|先生|女士"
_TITLED = re.compile(
    rf"(?:{_TITLES})\s?(?![和时]|于[周本今昨上下近当此去\d])(?P<name>[{SURNAMES}][{HAN}]{{1,2}}?)(?=\s?(?:{_SAYS}|{_OFFICES}|在|于|将|也|[，。、：（]))"
)
_WITH_DOT = re.compile(
    rf"(?P<name>[{HAN}]{{1,6}}·[{HAN}]{{1,8}}?)(?=(?:{_SAYS}|在|于|将|也|和|与|的|[，。、：（）”])|$)"
)
_IN_OFFICE = re.compile(rf"(?:^|[，。、：；（的与和由任聘])(?P<name>[{SURNAMES}][{HAN}]{{2}})(?={_OFFICES})")
# Characters that stand in for foreign sounds: 马斯克, 皮查伊 are no Ma and no Pi.
_SOUNDS = frozenset("斯克德尔森特拉伊奇曼纳瓦维塔莱丹尼亚里诺巴贝布姆普萨娜娅蒂洛格顿夫茨逊登堡兰查迪尔利达")


def unknown_persons(reading: Reading, sentence: Sentence, sources: Iterable[ArticleValue]) -> Iterator[str]:
    """Persons of a Chinese sentence whom none of its sources has: by character, or in Latin letters by family name."""
    if sentence.tongue != "zh":
        return
    articles = list(sources)
    chinese = [reading.folded(whole(article)) for article in articles if article.lang == "zh"]
    foreign = [whole(article) for article in articles if article.lang != "zh"]
    spelled = {spelling for name in reading.names(sentence.plain) for spelling in name.zh}
    patterns = (_TITLED, _WITH_DOT, _IN_OFFICE) if chinese else (_TITLED,)
    for person in dict.fromkeys(m["name"] for pattern in patterns for m in pattern.finditer(sentence.plain)):
        if any(person in each or each in person for each in spelled) or any(fold(person) in text for text in chinese):
            continue
        if chinese or not any(may_be_spelled(person, text) for text in foreign):
            yield person


def titled_persons(text: str) -> list[str]:
    """Persons of a Chinese text that stand behind their titles."""
    return [match["name"] for match in _TITLED.finditer(text)]


def may_be_spelled(person: str, text: str) -> bool:
    """Whether a text in Latin letters may have this person: the family name stands there, or it is none."""
    if set(person[1:]) & _SOUNDS:
        return True
    words = {word.lower() for word in re.findall(r"[A-Z][A-Za-z]+", text)}
    return bool(words & SPELLED[person[0]])
