"""What feeds wrap around the news: template marks, "read more", bylines, placeholders. Pure; works on plain text."""

import re

from newsletter.sentences import split_sentences
from newsletter.typography import HAN, has_han

_WHOLE_ZH = r"(?:全文|原文|更多|详情|完整内容|最新[^。，\s]{0,6})"
_MORE_ZH = rf"(?:(?:点击|点此|请)?(?:继续阅读|(?:查看|阅读|浏览|了解){_WHOLE_ZH})|点击查看)"
_MORE_EN = (
    r"(?:(?:read|see|view|learn) more|read (?:the )?(?:full|whole|rest|entire|original)|(?:continue|keep) reading)"
)
_ARROW = r"\s*(?:[…》»>→›]+|\.{2,})?[\])）】>]?"
# "…… 查看全文", "[阅读原文]": after a stop, a cut, a space or a bracket; in titles too.
_ENDING_ZH = re.compile(
    rf"(?:(?<=[。！？.!?…\s>»”\"])|\A|[\[(（【<]|[，,](?=\s*点))\s*{_MORE_ZH}{_ARROW}\s*\Z",
)
_ENDINGS = tuple(
    re.compile(ending + r"\s*\Z", re.IGNORECASE)
    for ending in (
        # "Read the full story at The Verge", "(more…)": only after a stop, or alone: "we want to learn more" is news
        rf"(?:(?<=[.!?…»”\"])\s*|[\[(<]\s*)(?:{_MORE_EN}\b[^.\n]{{0,80}}?|more){_ARROW}",
        rf"\A{_MORE_EN}{_ARROW}",
        r"(?:\[link\]|\[comments\]|submitted by /?u/\S{1,40}|to r/\S{1,40})",
        r"comments on hacker news(?: \| source)?",
        r"The post .{1,300} (?:first appeared|appeared first) on .{1,80}\.?",
        # （总台记者 李健南 王寅）, (CCTV国际时讯): who wrote it, not what happened
        r"[(（][^()（）]{0,40}(?:记者|报道员|编辑|时讯|央视新闻|新华社|央视网)[^()（）]{0,40}[)）]",
        r"(?<=[。！？])\s*[（(][^（）()。，]{2,12}[)）]",  # （财联社）, （新浪财经）
        r"本文为\S{1,8}文章\s*[，,]\s*出自\s*《[^》]{1,60}》\s*[，,]\s*订阅后可阅读全文。?",
        r"本文系\S{1,20}独家稿件[，,]\s*未经授权[，,]\s*不得转载。?",
        r"(?:以上内容|本文)?\S{0,20}未经(?:授权|许可|书面授权)[，,]?\s*(?:不得|禁止|严禁)\S{0,20}转载。?",
    )
)
_TEMPLATES = re.compile(r"\[!--begin:(\w{1,40})--\].{0,500}?\[!--end:\1--\]|\[!--.{0,80}?--\]", re.DOTALL)
# 【文/观察者网 甲】, △特朗普（资料图）, 新华社北京3月12日电（记者 甲）, 央视网消息（新闻联播）：
_BEGINNINGS = re.compile(
    r"\s*(?:【[文图][/／|｜·:：、][^】]{1,40}】|△[^。\n]{0,40}[（(]资料图[^）)]{0,10}[)）]"
    rf"|[{HAN}]{{2,10}}\d{{1,2}}月\d{{1,2}}日[电讯](?:\s*[（(]记者[^）)]{{1,40}}[)）]|[，,：:]|(?=\s))"
    r"|央视网消息(?:（[^）]{1,12}）)?[：:])\s*"
)
_CREDIT = re.compile(
    r"[^.。！？!?]{0,80}(?:/EPA|/AFP|Getty Images|Shutterstock|Associated Press|for The New York Times|via Reuters)"
    r"[^.。！？!?]{0,40}\Z"
)
_PARAGRAPHS = re.compile(
    r"[（(]?(?:Article URL: |Comments URL: |Points: \d|# Comments: \d|Powered by RSSHub|本文来自微信公众号"
    r"|(?:原标题|题图|头图|封面图?|图片?|图源|资料图|来源|文|作者|责任编辑|责编|编辑|編輯|校对|审核|排版)\s*(?:来源|来自|源自)?[：:｜|])",
    re.IGNORECASE,
)
_LONGEST_NOTE = 120  # characters: a longer paragraph says more than who wrote it
_PLACEHOLDER = re.compile(
    r"[\W_]*(?:n/?a|none|null|nil|undefined|nan|no (?:description|summary|title|content)|untitled|comments|source"
    r"|invalid date|暂无(?:简介|内容|摘要|描述)?|无(?:标题)?)?[\W_]*\Z",
    re.IGNORECASE,
)
_HAN_ENDING = re.compile(rf"[{HAN}]{{2}}[”’」》）？！]?\Z")
_ONLY_WORDS = re.compile(r"[\W_]+")
_CUT = re.compile(r"\s*(?:\[\s*(?:…+|\.{2,})\s*\]|…+|\.{3,}|。{3,})\Z")
_FINISHED = re.compile(r"[。！？.!?][”’」』）)\"]*\Z")


def is_placeholder(text: str) -> bool:
    """Nothing is said: empty, "N/A", "Comments", only marks."""
    return bool(_PLACEHOLDER.match(text.strip()))


def clean_title(title: str) -> str:
    """`title` (one line) without a feed's leftovers; "" where nothing remains."""
    title = re.sub(r"\s+[-–—|]\s+N/?A\Z", "", title)
    title = re.sub(r"\"\"([^\"]+)\"\"", r'"\1"', title)  # quotes doubled by a CSV on the way
    title = _without((_ENDING_ZH,), _without_beginnings(title))
    return "" if is_placeholder(title) else title


def clean_text(text: str, title: str) -> str:
    """`text` (paragraphs) without wrappings, and without what only repeats `title`; "" where nothing remains."""
    text = re.sub(r"(?:Article|Comments) URL: \S+|Points: \d+|# Comments: \d+", "", _TEMPLATES.sub("", text))
    parts = [_without_beginnings(part.strip()) for part in text.split("\n\n")]
    parts = [_without((_ENDING_ZH, *_ENDINGS), part) for part in parts if not _is_note(part)]
    parts = [part for part in parts if not is_placeholder(part)]
    parts = _without_teaser(parts)
    parts = [_without_beginnings(part) for part in _without_title(parts, title)]
    return "\n\n".join(_whole(part) for part in parts)


def same_words(one: str, other: str) -> bool:
    """Equal but for spaces, marks and case."""
    return _words(one) == _words(other)


def _words(text: str) -> str:
    return _ONLY_WORDS.sub("", text).casefold()


def _is_note(part: str) -> bool:
    return len(part) <= _LONGEST_NOTE and bool(_PARAGRAPHS.match(part) or _CREDIT.match(part))


def _without_beginnings(text: str) -> str:
    for _ in range(3):
        text = text[found.end() :] if (found := _BEGINNINGS.match(text)) else text
    return text


def _without(endings: tuple[re.Pattern[str], ...], text: str) -> str:
    """Endings come in rows ("… （记者 甲） 查看全文"): five rounds see the end of any."""
    for _ in range(5):
        before = text
        for ending in endings:
            if found := ending.search(text, max(0, len(text) - 400)):
                text = text[: found.start()].rstrip()
        if text == before:
            break
    return text


def _without_teaser(parts: list[str]) -> list[str]:
    """A first paragraph that is cut and then told again in full goes."""
    if len(parts) > 1 and _CUT.search(parts[0]):
        beginning = _words(parts[0])[:20]
        if any(_words(part).startswith(beginning) for part in parts[1:]):
            return parts[1:]
    return parts


def _without_title(parts: list[str], title: str) -> list[str]:
    """A first paragraph that is the title, or the title in 【 】 or on a line of its own before the text."""
    if not parts:
        return parts
    first = parts[0]
    if same_words(first, title):
        return parts[1:]
    bracketed = re.match(r"【([^】]{2,200})】\s*", first)
    if bracketed and same_words(bracketed.group(1), title):
        return [first[bracketed.end() :], *parts[1:]]
    if first.startswith(f"{title} ") and _HAN_ENDING.search(
        title
    ):  # a space in Chinese ends something; in English not
        return [first[len(title) :].strip(), *parts[1:]]
    return parts


def _whole(part: str) -> str:
    """A paragraph that the feed cut off ends with its last whole sentence, where it has one."""
    cut = _CUT.search(part)
    if not cut:
        return part
    body = part[: cut.start()]
    *before, last = split_sentences(body, "zh" if has_han(body) else "en") or [""]
    if _FINISHED.search(last):
        return body
    return body[: body.rfind(last)].rstrip() if before else body + "…"
