"""The headline of a story, out of its articles' titles: pure functions over strings."""

import re
from collections.abc import Iterable, Sequence

from newsletter import lexicon, typography
from newsletter.compose.brief import BriefArticle
from newsletter.headlines import is_digest

EN_BAND = (6, 20)  # words
ZH_BAND = (10.0, 38.0)  # Han characters
# What outlets hang on to a title: their name, a series, a label.
_BEFORE = re.compile(
    r"^(?:【(?P<whole>[^】]{6,80})】.*$|【[^】]{1,8}】|\[[^\]]{1,12}\]|[\w·]{2,12}?(?:\d{1,2}月)?\d{1,2}日(?:电|讯)[，,]"
    r"|(?:年度征文|独家|首发|快讯|突发|最新|[\w]{2,4}前线|深度|观察|专访|专题|36氪首发|智能涌现|焦点分析)\s*[|｜丨:：]\s*"
    r"|(?:EXCLUSIVE|Exclusive|Breaking|BREAKING|Watch|WATCH|Opinion|Analysis|Show HN|Ask HN|Live)\s*[:|]\s*)"
)
_AFTER = re.compile(
    r"\s*(?:[|｜丨]\s*[^|｜丨]{2,14}|[-–—]\s*(?:The Verge|TechCrunch|Reuters|WIRED|Ars Technica|BBC News|AP News|CNBC)"
    r"|[（(](?:附[^）)]*|图|组图|视频|更新|updated?)[）)]|\s+-\s+[\w .]{2,20}\.com)\s*$",
    re.IGNORECASE,
)
_OWN_VOICE = re.compile(r"[.。]\s|\b(?:I|my|we|you|your)\b|[我你您]")
_NO_NEWS = re.compile(r"招聘|诚聘|is hiring|\bshow (?:us|hn)\b", re.IGNORECASE)
_MARKET = re.compile(  # what a share does is no event
    r"\bmargins\b|\bstocks?\b|\bshares (?:rise|fall|jump|slip|sink|gain|climb|drop|rally|surge)"
    r"|股价|涨停|跌停|市值|质押|减持",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"[?？!！…]|\.\.\.|^(?:How|Why|What|Where|When|Which|Here|Should|Is|Are|Can|Will|Do|Does)\b"
    r"|\bHere.s (?:why|how|what)\b|\bstocks? (?:to|pick)|如何|为什么|怎么|揭秘|震惊|炸",
    re.IGNORECASE,
)


def clean(title: str, language: str, spellings: Iterable[str] = ()) -> str:
    """`title` without labels and final stop, set in type."""
    text = " ".join(title.split())
    for _ in range(3):
        match = _BEFORE.match(text)
        if not match:
            break
        text = match["whole"] or text[match.end() :].strip()
    text = _AFTER.sub("", text).strip()
    if (asked := re.match(r"[^？?！!]{2,24}[？?！!]\s*(?=\S)(.+)$", text)) and _fills(asked[1], language):
        text = asked[1]  # "赶晚集？Meta 买下 Moltbook": the news stands behind the question
    if language == "zh":
        # Wire headlines split their clauses by a space.
        text = re.sub(f"(?<=[{typography.HAN}”》]{{4}})\\s+(?=[{typography.HAN}“《]{{2}})", "，", text)
        text = re.sub(f"(?<=[{typography.HAN}]{{3}})\\s+(?=[A-Za-z]\\w*[{typography.HAN}])", "，", text)
    return typography.set_text(text, language, spellings).rstrip("。.")


def _fills(text: str, language: str) -> bool:
    low = ZH_BAND[0] if language == "zh" else EN_BAND[0]
    return (typography.han_length(text) if language == "zh" else len(text.split())) >= low


def best(articles: Sequence[BriefArticle], preferred: str, spellings: Iterable[str] = ()) -> tuple[str, int] | None:
    """The best headline among `articles` (of one language) and the id of the article it stands on.

    `preferred` is the one that rank found best; it decides between headlines that are equally good.
    """
    found = [(clean(article.title, article.language, spellings), article) for article in articles]
    found = [(text, article) for text, article in found if text]
    if not found:
        return None
    text, article = max(found, key=lambda pair: _merit(pair[0], pair[1], preferred))  # the first of equal ones
    return text, article.id


def is_sound(text: str, language: str) -> bool:
    """Fit to stand in a list of headlines: no question, no call, no "I", and long enough to say something."""
    if is_digest(text) or any(pattern.search(text) for pattern in (_WEAK, _NO_NEWS, _MARKET, _OWN_VOICE)):
        return False
    return typography.han_length(text) >= 9 if language == "zh" else len(text.split()) >= 5


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
