"""The headline of a story, out of its articles' titles: pure functions over strings."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from newsletter import lexicon, typography
from newsletter.compose import skeleton
from newsletter.compose.brief import BriefArticle
from newsletter.compose.mainland import mainland
from newsletter.headlines import is_digest

EN_BAND = (6, 20)  # words
ZH_BAND = (10.0, 38.0)  # Han characters
# What outlets hang on to a title: their name, a series, a label.
_BEFORE = re.compile(
    r"^(?:刚刚[，！!]\s*|[\u4e00-\u9fffA-Za-z0-9 ]{2,10}?\s*[|｜丨]\s*|【(?P<whole>[^】]{6,80})】.*$|【[^】]{1,8}】"
    r"|\[[^\]]{1,12}\]|[\w·]{2,12}?(?:\d{1,2}月)?\d{1,2}日(?:电|讯)[，,]"
    r"|(?:年度征文|独家|首发|快讯|突发|最新|[\w]{2,4}前线|深度|观察|专访|专题|36氪首发|智能涌现|焦点分析)\s*[|｜丨:：]\s*"
    r"|(?:EXCLUSIVE|Exclusive|Breaking|BREAKING|Watch|WATCH|Opinion|Analysis|(?:Show|Ask|Launch|Tell) HN|Live)"
    r"\s*[:|]\s*)"
)
_AFTER = re.compile(
    r"\s*(?:[|｜丨]\s*[^|｜丨]{2,14}|[-–—]\s*(?:The Verge|TechCrunch|Reuters|WIRED|Ars Technica|BBC News|AP News|CNBC)"
    r"|[（(](?:附[^）)]*|图|组图|视频|更新|updated?)[）)]|\s+-\s+[\w .]{2,20}\.com)\s*$",
    re.IGNORECASE,
)
# "某中心：发布……": a wire's colon between who and what they do.
_SAYS = re.compile(
    r"^([^：，]{2,20})：(?=(?:已|正式|拟|将)?(?:发布|推出|完成|启动|获得?|中标|计划|收购|提示|上线|开源|签署))"
)
# Verbs of English headlines: one without any names a thing, and tells nothing of it.
_TELLS = re.compile(
    r"\b(?:is|are|was|were|will|to|can|could|may|might|has|have|had|won.t|doesn.t|didn.t|gets?|got|goes|makes?|made|takes?"
    r"|says?|said|tells?|told|asks?|calls?|urges?|warns?|claims?|denies|confirms?|finds?|shows?|reveals?|reports?|admits?"
    r"|launch(?:es|ed)?|releas(?:es|ed)|unveil(?:s|ed)|introduc(?:es|ed)|announc(?:es|ed)|debut(?:s|ed)?|open(?:s|ed)"
    r"|rolls?|rolled|ships?|adds?|added|bring(?:s)?|brought|offers?|gives?|gave|lets?|allows?|turns?|moves?|puts?|keeps?"
    r"|acquir(?:es|ed)|buys?|bought|sells?|sold|rais(?:es|ed)|invest(?:s|ed)|spends?|spent|pays?|paid|lands?|nabs?|secures?"
    r"|back(?:s|ed)|fund(?:s|ed)|sue(?:s|d)|files?|filed|wins?|won|los(?:es|t)|ban(?:s|ned)|block(?:s|ed)|approv(?:es|ed)"
    r"|cut(?:s)?|trims?|lay(?:s)?|fir(?:es|ed)|hir(?:es|ed)|join(?:s|ed)|leaves?|left|quits?|ousts?|replac(?:es|ed)"
    r"|start(?:s|ed)?|begins?|began|ends?|ended|stop(?:s|ped)|halt(?:s|ed)|delay(?:s|ed)|plan(?:s|ned)?|prepares?|aims?|seeks?"
    r"|wants?|needs?|faces?|fac(?:ed|ing)|hit(?:s)?|beat(?:s)?|top(?:s|ped)|surg(?:es|ed)|grows?|grew|rises?|rose|falls?|fell"
    r"|build(?:s)?|built|develop(?:s|ed)|creat(?:es|ed)|train(?:s|ed)|test(?:s|ed)|deploy(?:s|ed)|runs?|ran|us(?:es|ed)"
    r"|partner(?:s|ed)?|teams?|teamed|sign(?:s|ed)|strik(?:es)|struck|join|agree(?:s|d)|merg(?:es|ed)|works?|help(?:s|ed)?"
    r"|silences?|struggles?|hijacks?|overhauls?|expands?|adopts?|imposes?|promis(?:es|ed)|thinks?|believes?|fears?|supports?"
    r"|boosts?|drives?|drove|powers?|sparks?|raises|reshapes?|threatens?|targets?|accus(?:es|ed)|alleges?|orders?|rules?"
    r"|holds?|held|meets?|met|sets?|becomes?|became|reaches|reached|sees?|saw|complain(?:s|ed)?|consult(?:s|ed)|published?)\b",
    re.IGNORECASE,
)
_ENDINGS = frozenset(["s", "es", "ed", "d", "ing", "er", "r", "ers", "y", "ty", "ly", "ment", "ness", "out", "up"])
_OWN_VOICE = re.compile(r"[.。]\s|\b(?:I|my|we|you|your)\b|[我你您]")
_NO_NEWS = re.compile(r"招聘|诚聘|is hiring|\(YC [A-Z]\d\d\)|\bshow (?:us|hn)\b", re.IGNORECASE)
_MARKET = re.compile(  # what a share does is no event
    r"\((?-i:[A-Z]{3,5})\)|\bmargins\b|\bstocks?\b|\bshares (?:rise|fall|jump|slip|sink|gain|climb|drop|rally|surge)"
    r"|\bprice target\b|\bhas (?:fallen|risen) \d|\bS&P 500\b|\bDow\b|\bearnings beat\b|\bbulls?eye\b"
    r"|股价|涨停|跌停|市值|质押|减持|连板|涨超|跌超|涨幅|跌幅|拉升|收评|午评|概念(?:股|反复|局部|持续|盘初)|题材股|大涨|大跌",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"[?？!！…#]|\.\.\.|^(?:Maybe|Perhaps|Not|No|Yes|I|How|Why|What|Where|When|Which|Here|Should|Is|Are|Can|Will|Do|Does)\b"
    r"|\bHere.s (?:why|how|what)\b|\bstocks? (?:to|pick)|如何|为什么|怎么"
    r"|^(?:对话|专访|访谈|前瞻|评测|盘点|复盘|解码|投资日历)|前瞻：|答疑|藏着|一门生意|新门面|炼成|火遍|爆火|行业大咖|生死存亡"
    r"|\bhands?[- ]on\b|\breview:|\bpart \d\b"
    r"|揭秘|震惊|炸|神器|逆袭|血洗|强强联合|一图|指南|实践$|干货|背后的",
    re.IGNORECASE,
)


class Headline(NamedTuple):
    """What a story is called, the id of the article it stands on, and whether that one is in the other language."""

    text: str
    article: int
    rendered: bool = False


def clean(title: str, language: str, spellings: Iterable[str] = ()) -> str:
    """`title` without labels and final stop, set in type, in simplified characters."""
    text = " ".join((mainland(title) if language == "zh" else title).split())
    for _ in range(3):
        match = _BEFORE.match(text)
        if not match:
            break
        text = match["whole"] or text[match.end() :].strip()
    text = _AFTER.sub("", text).strip()
    text = re.sub(r"(?<=[a-z]{2})\. (?=[A-Z])", "; ", text)  # one headline is one sentence, and is cited once
    if (asked := re.match(r"[^？?！!]{2,24}[？?！!]\s*(?=\S)(.+)$", text)) and _fills(asked[1], language):
        text = asked[1]  # "赶晚集？Meta 买下 Moltbook": the news stands behind the question
    if language == "zh":
        text = _SAYS.sub(r"\1", text)
        # Wire headlines split their clauses by a space.
        text = re.sub(f"(?<=[{typography.HAN}”》]{{4}})\\s+(?=[{typography.HAN}“《]{{2}})", "，", text)
        text = re.sub(f"(?<=[{typography.HAN}]{{3}})\\s+(?=[A-Za-z]\\w*[{typography.HAN}])", "，", text)
    return typography.set_text(_spelled(text), language, spellings).rstrip("。.")


def is_capitalised(title: str) -> bool:
    """Whether an English title is set with a capital on every word that matters: then capitals make no names."""
    words = [word for word in re.findall(r"[A-Za-z][\w’'-]*", title) if len(word) > 3]
    return len([word for word in words if word[0].isupper()]) >= 0.7 * len(words)


def sentence_case(title: str, body: str, common: Collection[str], pairs: Collection[str]) -> str:
    """An English title set with capitals on every word, as a sentence: names keep theirs.

    `common` are the words that the day's articles write in small letters; `pairs` those that they write with a
    capital, and two of them together. A word that `body`, the article, capitalises inside a sentence is a name. A
    title with a word that may be a name stays as it is.
    """
    if not is_capitalised(title):
        return title
    kept = [(m.start, m.end) for m in lexicon.load().mentions(title)]
    for pair in re.finditer(r"(?=\b([A-Z]\w+ [A-Z]\w+)\b)", title):
        if pair[1] in pairs:
            kept.append((pair.start(), pair.start() + len(pair[1])))

    def lowered(match: re.Match[str]) -> str:
        word = match.group()
        opens = match.start() == 0 or title[: match.start()].rstrip()[-1:] in ":—–.“"
        if opens or any(start <= match.start() < end for start, end in kept) or not word.istitle():
            return word
        if not all(_is_common(part.lower(), common) for part in word.split("-")) or re.search(
            rf"[a-z,] {word}\b", body
        ):
            return word
        return word.lower()

    text = re.sub(r"[A-Z][A-Za-z]*(?:-[A-Z][a-z]+)*", lowered, title)
    others = (m for m in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]+", text) if m.group() not in pairs)
    left = [m for m in others if not any(a <= m.start() < b for a, b in kept)]
    return title if left else text  # capitals on some words only are worse than on all


def _is_common(word: str, common: Collection[str]) -> bool:
    """Whether the day writes it in small letters, or what it is made of: buildout, chatty."""
    return word in common or any(
        word[:at] in common and (word[at:] in _ENDINGS or word[at:] in common) for at in range(3, len(word))
    )


def _spelled(title: str) -> str:
    """A Latin name that a headline writes in capitals (META, ANTHROPIC), as it is written."""
    for mention in reversed(list(lexicon.load().mentions(title))):
        stands, name = title[mention.start : mention.end], mention.name.en[0]
        if stands.isupper() and len(stands) > 3 and stands.casefold() == name.casefold():
            title = title[: mention.start] + name + title[mention.end :]
    return title


def _fills(text: str, language: str) -> bool:
    low = ZH_BAND[0] if language == "zh" else EN_BAND[0]
    return (typography.han_length(text) if language == "zh" else len(text.split())) >= low


def best(articles: Sequence[BriefArticle], preferred: str, spellings: Iterable[str] = ()) -> Headline | None:
    """The best headline among `articles`, which are of one language.

    `preferred` is the one that rank found best; it decides between headlines that are equally good.
    """
    found = [(clean(article.title, article.language, spellings), article) for article in articles]
    found = [(text, article) for text, article in found if text]
    if not found:
        return None
    text, article = max(found, key=lambda pair: _merit(pair[0], pair[1], preferred))  # the first of equal ones
    return Headline(text, article.id)


def rendered(articles: Sequence[BriefArticle], preferred: str, spellings: Iterable[str] = ()) -> Headline | None:
    """The best of their headlines that can be said in the other language; None where none can."""
    waiting = list(articles)
    while waiting and (found := best(waiting, preferred, spellings)):
        article = next(each for each in waiting if each.id == found.article)
        said = skeleton.render(found.text, article.language, article.text) if not _NO_NEWS.search(found.text) else ""
        if said:
            return Headline(said, found.article, rendered=True)
        waiting.remove(article)
    return None


def is_event(text: str) -> bool:
    """No question, no call, no "I", no round-up, and nothing that is said of a share alone."""
    return not is_digest(text) and not any(p.search(text) for p in (_WEAK, _NO_NEWS, _MARKET, _OWN_VOICE))


def is_sound(text: str, language: str) -> bool:
    """Fit to stand in a list of headlines: an event, at such length that it says something."""
    if not is_event(text):
        return False
    if language == "zh":
        return typography.han_length(text) >= 9
    return len(text.split()) >= 5 and bool(_TELLS.search(text))


def _merit(text: str, article: BriefArticle, preferred: str) -> float:
    zh = article.language == "zh"
    low, high = ZH_BAND if zh else EN_BAND
    size = typography.han_length(text) if zh else len(text.split())
    merit = 2.0 if low <= size <= high else 0.0
    merit -= 2.0 if _WEAK.search(text) else 0.0
    merit += 1.0 if article.title == preferred else 0.0
    merit += 0.8 if any(name.kind != "place" for name in lexicon.load().find(text)) else 0.0
    merit += 0.4 if len(article.text) > 120 else 0.0
    return merit
