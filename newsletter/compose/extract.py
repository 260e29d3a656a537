"""Whole sentences that can stand on their own, out of what feeds hold: pure functions over strings.

Feeds cut summaries in the middle of a sentence, repeat the headline, sign with a by-line and end in "read more":
whatever is doubtful is left out, since an offline writer can't mend a sentence, only choose another one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter import lexicon, typography
from newsletter.compose.brief import BriefArticle
from newsletter.sentences import split_sentences

EN_WORDS = (8, 45)
ZH_CHARACTERS = (18.0, 110.0)
MANY = 14  # sentences of one article that are looked at: the news stands at the top

# Before the first sentence: who wrote it, where it comes from. The sentence after it is whole.
_LEADS = {
    "zh": re.compile(
        r"^(?:【[^】]{2,80}】|\[[^\]]{2,40}\]|（[^（）]{2,20}(?:讯|电|报道)）"
        r"|文\s*[|｜丨/:：]\s*\S{2,12}\s+|作者\s*[|｜丨/:：]\s*\S{2,12}\s+|编辑\s*[|｜丨/:：]\s*\S{2,12}\s+|编者按[:：]"
        r"|《[^》]{2,12}》\s*(?:\d{1,2}月)?\d{1,2}日(?:讯|电|消息)[，,]?"
        r"|[\w·]{2,12}?(?:\d{1,2}月)?\d{1,2}日(?:讯|电)[，,:：]?(?:[（(]记者[^）)]{2,20}[）)])?"
        r"|\d{1,2}月\d{1,2}日(?:消息|讯|电)[，,]|[\w·]{2,10}(?:消息|讯)[:：，,]|[\w·]{2,8}(?:获悉|了解到)[，,]"
        r"|记者(?:\d{1,2}月)?\d{0,2}日?(?:从[^，,]{2,16})?获悉[，,]|据[^，,]{2,14}(?:消息|报道|讯|公众号)[，,])\s*"
    ),
    "en": re.compile(
        r"^(?:[A-Z][A-Za-z .,]{2,40}\((?:AP|Reuters|AFP)\)\s*[—–-]+\s*|[A-Z]{3,}(?:[ ,]+[A-Z]{2,})*\s*[—–]+\s*"
        r"|By [A-Z][\w.]+ [A-Z][\w.]+(?: and [A-Z][\w.]+ [A-Z][\w.]+)?\s*[—–:|-]\s*|(?:Exclusive|Update|Opinion):\s*)"
    ),
}
_TAILS = {
    "zh": re.compile(r"\s*[（(][^（）()]{2,24}[）)]\s*$|\s*(?:查看全文|阅读全文|点击查看|更多详情).*$"),
    "en": re.compile(
        r"\s*(?:\[?(?:…|\.\.\.)\]?\s*)?(?:Read (?:more|the full)|Continue reading|The post .+ (?:appeared|first)"
        r"|Click here|Sign up|Subscribe|View (?:full|entire)).*$",
        re.IGNORECASE,
    ),
}
_JUNK = re.compile(
    r"\[!--begin:.*?\[!--end:.*?--\]|\[!--.*?--\]|\[\d{1,4}\]|https?://[^\s，。）)]+"
    r"|&[a-z]{2,6};|^\s*(?:Comments|- N/A)\s*$"
)
_CREDIT = re.compile(r"\s*[（(][^（）()]{2,24}[）)]\s*$")

# A sentence that leans on the one before it, speaks for its author, asks, sells or points elsewhere.
_LEANING = {
    "zh": re.compile(
        r"^(?:他们?|她们?|它们?|其|该|此|这|那|对此|但|而|不过|因此|同时|另外|其中|与此同时|然而|随后|之后|于是|所以|并且|也|还|"
        r"却|则|例如|比如|换句话说|简单来说|也就是说|这意味着|具体|首先|其次|最后|第[一二三四五六七八九]|[一二三四五六七八九十]、|"
        r"公司(?!法)|期间|备忘录|合伙人信息|公开信息|根据(?:报告|规划|协议|公告)|作为.{2,24}，[他她其]|"
        r"(?:报告|文件|信息|数据|公告|通报|结果|平台|产品|项目|专家|发言人|知情人士|负责人|交易|会议|活动|两家|双方|各方)|本[次届轮品]|上述|前述|届时|目前|当前|对于|至于|如果说|最终|结果|可以说|以往|未来，|当时|如今|资料显示|据悉|据介绍)"
    ),
    "en": re.compile(
        r"^(?:It|They|He|She|This|That|These|Those|But|And|However|So|His|Her|Their|Its|Here|There|Such|Both|Then|Yet"
        r"|Still|Also|Instead|Meanwhile|Moreover|Another|Others|Or|Nor|Which|Who|Because of (?:this|that)|For example"
        r"|The (?:company|firm|startup|start-up|group|deal|move|model|report|study|paper|platform|agency|latter|former"
        r"|two|pair|partnership|tool|system|feature|project|suit|lawsuit|investment|announcement|round|chip|robot"
        r"|researchers?|author|team|post|article|decision|rule|bill|plan|product|service|result|change|news))\b"
    ),
}
# Further in, words that point at something said before.
_POINTING = {
    "zh": re.compile(r"这[些所家款项名位次个座批份]|该[公平产项模机企研报学协]|上述|前者|后者|两者"),
    "en": re.compile(
        r"\b(?:the (?:latter|former|same (?:company|deal|report))|[Aa]s such|(?:said|added|says) (?:he|she))\b"
    ),
}
_PERSONAL = {
    "zh": re.compile(r"我(?!国)|笔者|小编|本文|本刊|你|您|大家|朋友们|读者|咱|今天这|这篇|周刊"),
    "en": re.compile(
        r"\b(?:I|I['’]\w+|we|We|my|My|our|Our|us|you|You|your|Your|in this (?:post|article|episode|guide|video)"
        r"|this (?:post|article|episode|newsletter)|learn (?:how|more)|Learn|Click|Subscribe|newsletter)\b"
    ),
}
# Advertising, events, share prices and the small print of the market: no news of what happened.
_SELLING = re.compile(
    r"报名|购票|扫码|关注公众号|订阅|优惠|点击|QCon|AICon|出品人|演讲|主题分享|电报解读|机构调研|涨停|龙头股|概念股|"
    r"这家公司|投资建议|入围|排版|直播|对谈|嘉宾|公开课|责任编辑|涨\s*\d|跌\s*\d|涨超|跌超|微涨|微跌|收盘|质押|"
    r"异常波动|\*ST|webinar|sign up|best deals?|promo|discount|sponsored|buy now|% off|"
    r"here.s (?:why|how|what)|stocks? to (?:buy|watch)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"QCon|AICon|报名|购票|扫码|直播(?:间|第|预告)|敬请期待|主题分享|early-bird|register (?:now|here|today)"
)
_ROUND_UP = re.compile(
    r"晚报|早报|日报[:：|｜]|周刊|周报|8点1氪|8点见|派早报|精选|盘前|盘后|要闻|速览|一览|快讯汇总|早知道|新闻联播|"
    r"\b(?:round-?up|digest|newsletter|live updates?|week in review|transcript|morning brief|things to know)\b",
    re.IGNORECASE,
)
_STOP_WORDS = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "and", "or", "but", "as", "from", "that"]
)
_OPEN = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "[": "]"}

REASON = {
    "zh": (
        re.compile(
            r"意味着|反映出?|表明|这说明|标志着|原因|由于|因为|因此|导致|折射|背后|关键(?:在于|因素|一环)|本质|核心在于|取决于|使得|凸显|揭示"
        ),
        re.compile(
            r"有望|或将|预计|认为|旨在|推动|风险|影响|趋势|助力|从而|显示|分析|挑战|转向|加速|担忧|指出|呼吁|建议"
        ),
    ),
    "en": (
        re.compile(
            r"\b(?:because|means?|meaning|reflects?|suggests?|signals?|underscor\w+|highlights?|as a result|due to"
            r"|so that|driven by|raises? (?:questions|concerns|fears)|in order to|shows? (?:that|how)|marks?)\b"
        ),
        re.compile(
            r"\b(?:could|would|may|might|risks?|likely|expected|analysts?|amid|aims?|concerns?|challenges?|while|despite"
            r"|as (?:it|they|companies|the)|after|warn\w*|pressure|demand|compet\w+|growing|biggest|struggl\w+)\b"
        ),
    ),
}
_AHEAD = {
    "zh": re.compile(r"将于|计划|预计|拟|有望|或将|即将|下一步|目标|到20\d\d年|年底"),
    "en": re.compile(
        r"\b(?:will|plans?|expected|aims?|set to|due|later this|next (?:week|month|year)|by 20\d\d|could)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one article, as it would be printed."""

    text: str
    article: int
    language: str
    index: int  # which of its article's sentences, from 0
    leaning: bool  # needs the sentence before it
    reason: int  # 0 to 2: how far it says why, or what follows
    ahead: bool  # speaks of what is to come
    figures: int
    shingles: frozenset[str]  # what a near-repeat shares


def sentences_of(article: BriefArticle, spellings: Iterable[str] = ()) -> list[Sentence]:
    """The usable sentences of `article` in reading order; none where it is a round-up or holds a title only."""
    if article.language not in ("en", "zh") or is_round_up(article.title) or is_promotion(article):
        return []
    language = article.language
    text = _JUNK.sub(" ", article.text)
    found = []
    for index, raw in enumerate(_raw_sentences(text, language)[:MANY]):
        printed = printable(raw, language, spellings)
        if printed and _usable(printed, language) and not repeats(printed, article.title, language):
            found.append(_sentence(printed, article, index))
    return found


def is_promotion(article: BriefArticle) -> bool:
    """It invites to an event or sells: its other sentences read like news and are none."""
    return bool(_EVENT.search(article.title) or _EVENT.search(article.text[:1500]))


def is_round_up(title: str) -> bool:
    """A digest of many stories: whatever is in it, is not about this one."""
    return bool(_ROUND_UP.search(title))


def printable(raw: str, language: str, spellings: Iterable[str] = ()) -> str:
    """`raw` without by-line and credit, set in type; "" where nothing whole is left."""
    raw = raw.strip()
    for _ in range(4):
        shorter = _LEADS[language].sub("", raw, count=1)
        if shorter == raw:
            break
        raw = shorter
    raw = _TAILS[language].sub("", raw).strip()
    if language == "zh":
        if re.search(f"[{typography.HAN}]\\s+[{typography.HAN}]", raw):
            return ""  # a heading ran into the sentence, or words were marked: no telling where it begins
        # InfoQ's links leave a straight quote behind: such a pair would quote what nobody said.
        if '"' in raw and (raw.count('"') % 2 or re.search(r'"[^"]{31,}"|"[^"]*[，。,][^"]*"', raw)):
            return ""
        raw = re.sub(r"(?<=[。！？])\s*[（(][^（）()]{2,24}[）)]$", "", raw)
    return typography.set_text(raw, language, spellings)


def repeats(sentence: str, title: str, language: str) -> bool:
    """Whether `sentence` says nothing beyond `title`."""
    mine, theirs = shingles(sentence, language), shingles(title, language)
    return bool(mine) and len(mine & theirs) / len(mine) > 0.72


def shingles(text: str, language: str) -> frozenset[str]:
    """Pairs of characters (Chinese) or words longer than two letters (English), folded."""
    if language == "zh":
        folded = typography.fold(text)
        return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
    return frozenset(word for word in re.findall(r"[a-z0-9$%.]+", text.casefold()) if len(word) > 2)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences tell the same: a wire copy, a cut of it, or the same words in another order."""
    smaller = min(len(one), len(other))
    return smaller > 0 and len(one & other) / smaller > 0.6


def length(text: str, language: str) -> float:
    """In words (English) or Han characters (Chinese)."""
    return typography.han_length(text) if language == "zh" else float(len(text.split()))


def _raw_sentences(text: str, language: str) -> list[str]:
    raw = split_sentences(text, language)
    if not raw:
        return []
    if not _ends(raw[-1], language):
        # Cut off, unless the whole summary is one short line that its feed prints without a stop.
        raw = [_with_stop(raw[0], language)] if len(raw) == 1 and _looks_whole(raw[0], language) else raw[:-1]
    return raw


def _ends(sentence: str, language: str) -> bool:
    bare = _CREDIT.sub("", sentence)
    stop = r"[。！？][”’》）]*$" if language == "zh" else r"(?<!\.\.)[.!?][\"'”’)]*$"
    return bool(re.search(stop, bare)) and not re.search(r"(?:\.\.\.|…)[\"”]?$", bare)


def _looks_whole(line: str, language: str) -> bool:
    if re.search(r"(?:\.\.\.|…|[,;:，、；：-])$", line):
        return False
    if language == "zh":
        return typography.han_length(line) <= 60
    words = line.split()
    return 8 <= len(words) <= 35 and words[-1].lower() not in _STOP_WORDS and len(line) < 240


def _with_stop(line: str, language: str) -> str:
    return _CREDIT.sub("", line) + "。" if language == "zh" else line.rstrip() + "."


def _usable(text: str, language: str) -> bool:
    low, high = ZH_CHARACTERS if language == "zh" else EN_WORDS
    if not low <= length(text, language) <= high or not _ends(text, language):
        return False
    if re.search(r"[?？!！]|…|[|｜丨]|\bhttp|@", text) or _SELLING.search(text) or _PERSONAL[language].search(text):
        return False
    if typography.is_chinese(text) != (language == "zh") or not _balanced(text):
        return False
    if language == "zh":
        return not _traditional(text) and not re.match(r"[，、；：”’）\d]*[，、；：”’）]", text)
    return bool(re.match(r"[“‘(]?[A-Z0-9$€£¥]|[a-z]+[A-Z]", text))


def _traditional(text: str) -> bool:
    """In traditional characters: such a sentence would change the script in the middle of a page."""
    return sum(1 for one, other in zip(text, lexicon.simplify(text), strict=True) if one != other) >= 2


def _balanced(text: str) -> bool:
    """No quotation or bracket is left open, none is closed that was not opened. An apostrophe closes nothing."""
    waiting: list[str] = []
    for char in re.sub(r"(?<=\w)’|’(?=\w)", "", text):
        if char in _OPEN:
            waiting.append(_OPEN[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
        elif char in "”）)》]":
            return False
    return not waiting


def _sentence(text: str, article: BriefArticle, index: int) -> Sentence:
    language = article.language
    strong, weak = REASON[language]
    return Sentence(
        text=text,
        article=article.id,
        language=language,
        index=index,
        leaning=bool(_LEANING[language].match(text)) or bool(index and _POINTING[language].search(text)),
        reason=2 if strong.search(text) else 1 if weak.search(text) else 0,
        ahead=bool(_AHEAD[language].search(text)),
        figures=len(re.findall(r"\d+(?:[.,]\d+)*", text)),
        shingles=shingles(text, language),
    )
