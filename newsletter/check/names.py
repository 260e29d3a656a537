"""Every name of a sentence stands in the articles it cites, in either language."""

import re
from collections.abc import Iterator

from newsletter.check.figures import named
from newsletter.check.finding import HIGH, MEDIUM, FindingValue, about
from newsletter.check.latin import LatinName, latin_names
from newsletter.check.reading import Reading, Sentence, whole
from newsletter.check.values import ArticleValue
from newsletter.lexicon import Name, fold
from newsletter.typography import HAN

# Named to say where a speaker stands ("Beijing time", "US media"), not as a fact from a source.
_STANDPOINTS = frozenset({"China", "Beijing", "United States", "Washington"})
# Peoples and adjectives speak for their country, a capital for its government.
_COUNTRY_WORDS = {
    "United Kingdom": r"british|britain|london|英国|英方|\buk\b|u\.k\.",
    "Europe": r"europe|\beu\b|欧盟|欧洲|欧",
    "Taiwan": r"taiwan|台湾|台积电|tsmc",
    "Japan": r"japan|日本|tokyo|东京",
    "South Korea": r"korea|韩国|seoul|首尔",
    "India": r"indian?\b|印度",
    "Israel": r"israel|以色列",
    "Russia": r"russia|俄罗斯|俄",
    "Germany": r"german|德国",
    "France": r"french|france|法国|paris|巴黎",
    "Canada": r"canad|加拿大",
    "Iran": r"iran|伊朗",
}
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "唐罗薛雷贺倪汤滕殷毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴"
    "陆荣翁荀惠曲封储靳段富巫焦牧车侯全班仲伊宫宁仇甘武符刘景詹龙叶司黎薄印白邰蒲从索赖卓蔺池乔能苍双闻莘党翟谭贡申冉易廖耿满"
)
_TITLES = "创始人|首席执行官|首席科学家|首席技术官|CEO|CTO|总裁|董事长|总经理|教授|院士"
_TITLES += "|部长|主任|局长|负责人|分析师|研究员|记者"
_SAYS = "表示|称|说|指出|认为|透露|宣布|强调|坦言|介绍|预计|回应|直言"
_PERSON_ZH = re.compile(
    rf"(?:(?:{_TITLES})\s?(?P<a>[{_SURNAMES}][{HAN}]{{1,2}}?)(?=\s?(?:{_SAYS}|在|于|将|也|[，。、：（]))"
    rf"|(?P<c>[{HAN}]{{1,6}}·[{HAN}]{{1,8}}?)(?=(?:{_SAYS}|在|于|将|也|和|与|的|[，。、：（）”])|$))"
)


def check_names(reading: Reading) -> Iterator[FindingValue]:
    """`name` for each name that no cited article has: the lexicon's first, then Latin and Chinese ones by shape."""
    for sentence in (*reading.prose, *reading.headlines):
        sources = reading.sources(sentence)
        if sources:
            yield from _of_sentence(reading, sentence, sources)


def _of_sentence(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> Iterator[FindingValue]:
    if sentence.is_title and sentence.block.kind == "qa":
        return  # the same four questions every day
    missing = unsupported_names(reading, sentence, sources)
    words = [_spelled(reading, sentence, name) for name in missing if name.kind != "place"]
    words += [each.text for each in _unknown_latin(reading, sentence, sources)]
    words += list(_unknown_chinese(reading, sentence, sources))
    if words:
        yield _finding(sentence, sources, words, HIGH)
    elif places := [_spelled(reading, sentence, name) for name in missing if name.en[0] not in _STANDPOINTS]:
        yield _finding(sentence, sources, places, MEDIUM)


def unsupported_names(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> list[Name]:
    """The lexicon's names in the sentence that none of `sources` has under any of its spellings."""
    said = dict.fromkeys(mention.name for mention in reading.mentions(sentence.plain))
    if not said:
        return []
    texts = [whole(article) for article in sources]
    known = frozenset().union(*(reading.names(text) for text in texts))
    return [name for name in said if name not in known and not _spoken_for(reading, name, known, texts)]


def _spoken_for(reading: Reading, name: Name, known: frozenset[Name], texts: list[str]) -> bool:
    """Under another spelling, as an adjective ("Chinese"), or as a part or the whole of a name that is there."""
    folded = [reading.folded(text) for text in texts]
    if name.kind == "place":
        pattern = _COUNTRY_WORDS.get(name.en[0])
        if pattern and any(re.search(pattern, text) for text in folded):
            return True
    spellings = [fold(each) for each in (*name.en, *name.zh) if len(each) > 3 or not each.isascii()]
    if any(_stands_in(each, text) for each in spellings for text in folded):
        return True
    others = [fold(each) for other in known for each in (*other.en, *other.zh) if len(each) > 1]
    return any(is_part(a, b) or is_part(b, a) for a in spellings for b in others)


def _stands_in(spelling: str, text: str) -> bool:
    """As a word of its own where it is Latin, anywhere where it is Chinese."""
    if spelling not in text:
        return False
    return not spelling.isascii() or bool(re.search(rf"(?<![a-z0-9]){re.escape(spelling)}(?![a-z0-9])", text))


def is_part(short: str, long: str) -> bool:
    """ "alibaba" of "alibaba cloud", 阿里 of 阿里云; not "meta" of "metax"."""
    if short.isascii():
        return long.startswith(f"{short} ") or long.endswith(f" {short}")
    return len(short) > 1 and (long.startswith(short) or long.endswith(short))


def _spelled(reading: Reading, sentence: Sentence, name: Name) -> str:
    """As it stands in the sentence."""
    mention = next(m for m in reading.mentions(sentence.plain) if m.name == name)
    return sentence.plain[mention.start : mention.end]


def _unknown_latin(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> Iterator[LatinName]:
    """Latin names outside the lexicon.

    A Chinese source may have the name in Chinese: then only such count as keep their letters, or stand in an article
    that the sentence doesn't cite.
    """
    translated = sentence.lang == "en" and any(article.lang == "zh" for article in sources)
    texts = [reading.folded(whole(article)) for article in sources]
    outlets = [fold(outlet) for outlet in reading.outlets]
    for name in latin_names(reading.without_names(sentence.plain), sentence.lang):
        if any(_holds(name, text) for text in texts) or any(fold(name.text) in each for each in outlets):
            continue
        if not translated or name.is_code or _stands_elsewhere(reading, name, sources):
            yield name


def _stands_elsewhere(reading: Reading, name: LatinName, sources: list[ArticleValue]) -> bool:
    """In an article of the day that is not cited beside the sources."""
    beside = reading.companions(sources)
    others = [article for article in reading.document.articles if article.n is None or article.n not in beside]
    return any(_holds(name, reading.folded(whole(article))) for article in others)


def _holds(name: LatinName, text: str) -> bool:
    """Whether the text has every part of the name, in any order, as words or inside of them."""
    return all(_has_part(fold(part), text) for part in name.parts)


def _has_part(part: str, text: str) -> bool:
    plain = part.replace("’", "'").rstrip("s'")
    if part in text or (len(plain) > 2 and plain in text.replace("’", "'")):
        return True
    bare = re.sub(r"[^a-z0-9]", "", part)
    return len(bare) > 3 and bare in re.sub(r"[^a-z0-9]", "", text)


def _unknown_chinese(reading: Reading, sentence: Sentence, sources: list[ArticleValue]) -> Iterator[str]:
    """Persons by shape: after a title, or with the dot of a transliteration; only against Chinese sources."""
    if sentence.lang != "zh":
        return
    texts = [reading.folded(whole(article)) for article in sources if article.lang == "zh"]
    spelled = {spelling for name in reading.names(sentence.plain) for spelling in name.zh}
    for match in _PERSON_ZH.finditer(sentence.plain) if texts else ():
        person = match["a"] or match["c"]
        if not any(fold(person) in text for text in texts) and not any(
            person in each or each in person for each in spelled
        ):
            yield person


def _finding(sentence: Sentence, sources: list[ArticleValue], words: list[str], severity: str) -> FindingValue:
    words = list(dict.fromkeys(words))
    english, chinese = ", ".join(f"“{w}”" for w in words), "、".join(f"“{w}”" for w in words)
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "name", severity),
        f"Name not in source: {english} {'is' if len(words) == 1 else 'are'} not in {named(sentence, sources, 'en')}.",
        f"信源中没有这个名称：{named(sentence, sources, 'zh')}里找不到{chinese}。",
        " / ".join(f"{about(article)} {article.title}" for article in sources[:3]),
    )
