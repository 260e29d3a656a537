"""Sentences that are whole, brackets that close, and texts of the length their place allows."""

import re
from collections.abc import Iterator

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import LOW, MEDIUM, FindingValue
from newsletter.check.reading import FORMAL, Reading
from newsletter.check.sentence import Sentence, read
from newsletter.check.values import BlockValue
from newsletter.sentences import paragraphs, split_sentences, without_citations
from newsletter.typography import HAN

_END = re.compile(r"[.!?:。！？：][\"'”’」』）)》\]]*$")
_CUT = re.compile(r"(?:…+|\.{3,}|\[…\]|\[\.\.\.\])[\"'”’)）」]*$")
_DEBRIS = re.compile(
    r"查看全文|阅读全文|点击查看|展开全文|阅读原文|\[!--|&(?:amp|nbsp|quot|lt|gt|#\d+);|</?[a-z]+[^>]*>|\bRead more\b"
    r"|The post .{0,80} appeared first on|\bContinue reading\b|^- N/A$|\bComments$",
    re.I,
)
_PAIRS = (("（", "）"), ("(", ")"), ("“", "”"), ("《", "》"), ("「", "」"), ("『", "』"), ("【", "】"))
_ZH_START = re.compile(r"^[，。、；：！？”）》]")
# Most words in English, most Han characters in Chinese.
_TITLE_LIMIT = {"en": 24, "zh": 45}
_ITEM_LIMIT = {"en": 75, "zh": 150}
_ANSWER_LIMIT = {"en": 50, "zh": 100}
_ITEM_SENTENCES = 2


def check_forms(reading: Reading) -> Iterator[FindingValue]:
    """`truncated` and `length`."""
    for sentence in (*reading.prose, *reading.headlines):
        if wrong := _broken(sentence):
            yield _finding(sentence.block, sentence.lang, sentence.text, "truncated", MEDIUM, *wrong)
    for block in reading.document.blocks:
        for lang in LANGUAGES:
            if block.kind not in FORMAL and not _is_a_copy(block, lang):
                yield from _unclosed(block, lang)
                yield from _lengths(block, lang)


def _is_a_copy(block: BlockValue, lang: str) -> bool:
    """A half in the original, as long as the other one is: what is wrong with it is said there."""
    halves = [list(read(block, each)) for each in LANGUAGES]
    return lang in block.foreign and len(halves[0]) == len(halves[1])


def _finding(block: BlockValue, lang: str, sentence: str, kind: str, severity: str, en: str, zh: str) -> FindingValue:
    return FindingValue(block.id, lang, sentence, kind, severity, en, zh)


def _broken(sentence: Sentence) -> tuple[str, str] | None:
    """What shows that the sentence was cut, in both languages; None where it is whole."""
    text = sentence.plain.strip()
    if found := _DEBRIS.search(text):
        return f"Left over from the source’s page: {found.group()}", f"残留了网页文字：{found.group()}"
    if _CUT.search(text):
        return "Cut off: the text breaks off in “…”.", "句子被截断：以省略号收尾。"
    if sentence.is_title:
        return None
    if not _END.search(text):
        return f"Cut off: the sentence ends in “{text[-12:]}”.", f"句子被截断：停在“{text[-12:]}”。"
    if sentence.lang == "zh" and _ZH_START.match(text):
        return "Cut off: the beginning is missing.", "句子被截断：缺少开头。"
    return None


def _unclosed(block: BlockValue, lang: str) -> Iterator[FindingValue]:
    """Brackets and quotation marks that open and don't close within a paragraph, or the reverse."""
    for paragraph in [block.title[lang], *paragraphs(block.text[lang])]:
        for left, right in _PAIRS:
            if paragraph.count(left) == paragraph.count(right):
                continue
            text = _odd_sentence(paragraph, left, right, lang)
            en, zh = f"Odd marks: {left} and {right} don’t pair.", f"括号或引号不成对：{left}{right}"
            yield _finding(block, lang, text, "truncated", MEDIUM, en, zh)


def _odd_sentence(paragraph: str, left: str, right: str, lang: str) -> str:
    sentences = split_sentences(paragraph, lang) or [paragraph]
    return next((s for s in sentences if s.count(left) != s.count(right)), sentences[0])


def _lengths(block: BlockValue, lang: str) -> Iterator[FindingValue]:
    title, text = block.title[lang].strip(), block.text[lang].strip()
    if block.kind == "item" and title and _extent(title, lang) > _TITLE_LIMIT[lang]:
        yield _too_long(block, lang, title, _TITLE_LIMIT[lang])
    limit = {"item": _ITEM_LIMIT, "qa": _ANSWER_LIMIT}.get(block.kind)
    if limit and _extent(text, lang) > limit[lang]:
        yield _too_long(block, lang, split_sentences(text, lang)[-1], limit[lang])
    count = len(list(read(block, lang)))
    if block.kind == "item" and text and count != _ITEM_SENTENCES:
        first = split_sentences(text, lang)[0]
        en, zh = f"An item has two sentences; this has {count}.", f"每条要闻应为两句，这里有 {count} 句。"
        yield _finding(block, lang, first, "length", LOW, en, zh)


def _too_long(block: BlockValue, lang: str, sentence: str, limit: int) -> FindingValue:
    en = f"Too long: more than {limit} {'words' if lang == 'en' else 'characters'}."
    zh = f"太长：超过 {limit} {'词' if lang == 'en' else '字'}。"
    return _finding(block, lang, sentence, "length", LOW, en, zh)


def _extent(text: str, lang: str) -> int:
    """Words in English; in Chinese characters, a Latin word or figure counting as one."""
    if lang == "en":
        return len(text.split())
    return len(re.findall(f"[{HAN}]|[A-Za-z0-9.%-]+", without_citations(text)))
