"""Each language in its own script and marks; names as the glossary writes them."""

import re
from collections.abc import Iterator

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import HIGH, LOW, MEDIUM, FindingValue
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence, tags
from newsletter.lexicon import simplify
from newsletter.sentences import ADDRESS, blanked
from newsletter.typography import HAN, count_han, has_han

_HAN_RUN = re.compile(f"[{HAN}]+(?:[，、· ]?[{HAN}]+)*")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|\([^)]*\)|（[^）]*）|《[^》]*》|「[^」]*」|\"[^\"]*\"")
_ADDRESS = re.compile(ADDRESS + r"|\b[\w-]+\.(?:com|cn|ai|org|io|net|dev)\b", re.A)
_LOWER_RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?: [A-Za-z][A-Za-z'’-]*)*")
_FULL_WIDTH = re.compile("[，。：；？！（）、]")
_HALF_WIDTH = re.compile(f"(?<=[{HAN}])[,;:?!](?=\\s*[{HAN}])|(?<=[{HAN}])[.](?=\\s|$)")
# Lower-case words that Chinese technical prose leaves as they are.
_USUAL_WORDS = """
token tokens agent agents agentic prompt prompts app apps bug bugs vs demo benchmark transformer embedding skill skills
vibe coding deepfake copilot chatbot harness feed hook diff merge commit fork star wafer fab die online offline pro max
mini plus ultra lite turbo preview beta alpha iphone ipad mac macos ios vivo oppo xai http https api sdk npm pip docker
"""
_USUAL = frozenset(_USUAL_WORDS.split())
_TAG_CAPITALS = re.compile(r"^[A-Z0-9&/+ .-]+$")


def check_language(reading: Reading) -> Iterator[FindingValue]:
    """`language`: the other script inside a text, the wrong language, marks and characters of the wrong set."""
    styled: set[tuple[str, str]] = set()
    for sentence in (*reading.sentences, *reading.titles):
        if sentence in reading.foreign:
            continue
        yield from _english(reading, sentence) if sentence.tongue == "en" else _chinese(reading, sentence)
        # Marks are set wrong in a whole text or not at all: said once a text.
        if (sentence.block.id, sentence.lang) not in styled and (finding := _marks(sentence)):
            styled.add((sentence.block.id, sentence.lang))
            yield finding
    yield from _foreign(reading)


def _finding(sentence: Sentence, severity: str, en: str, zh: str, evidence: str = "") -> FindingValue:
    return FindingValue(sentence.block.id, sentence.lang, sentence.text, "language", severity, en, zh, evidence)


def _english(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    text = sentence.plain
    for outlet in reading.outlets:
        text = text.replace(outlet, " ")
    if count_han(text) * 2 > len(text.replace(" ", "")):
        yield _finding(sentence, HIGH, "The English half is in Chinese.", "英文部分写成了中文。")
        return
    runs = _HAN_RUN.findall(blanked(text, _QUOTED))
    if runs:
        shown = ", ".join(dict.fromkeys(runs))
        yield _finding(sentence, MEDIUM, f"Chinese left in the English: {shown}.", f"英文里夹了中文：{shown}。")


def _marks(sentence: Sentence) -> FindingValue | None:
    """Full-width marks in English, half-width ones in Chinese."""
    english = sentence.tongue == "en"
    marks = (_FULL_WIDTH if english else _HALF_WIDTH).findall(blanked(sentence.plain, _QUOTED))
    if not marks or (english and has_han(sentence.plain)):
        return None
    shown = " ".join(dict.fromkeys(marks))
    if english:
        return _finding(sentence, LOW, f"Chinese marks in the English: {shown}", f"英文里用了中文标点：{shown}")
    return _finding(sentence, LOW, f"Half-width marks in the Chinese: {shown}", f"中文里用了半角标点：{shown}")


def _chinese(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    text = sentence.plain.replace("\u200b", "")
    for outlet in reading.outlets:
        text = text.replace(outlet, " ")
    han = re.findall(f"[{HAN}]", text)
    latin = re.findall(r"[A-Za-z][A-Za-z'’-]+", text)
    if not han and len(latin) >= 4 and sentence.block.kind != "tags":
        yield _finding(sentence, HIGH, "The Chinese half is in English.", "中文部分写成了英文。")
        return
    if runs := list(_english_runs(reading, sentence, text)):
        shown = ", ".join(dict.fromkeys(runs))
        severity = MEDIUM if any(_is_prose(reading, run) for run in runs) else LOW
        yield _finding(sentence, severity, f"English left in the Chinese: {shown}.", f"中文里夹了英文：{shown}。")
    if old := [char for char in han if simplify(char) != char]:
        shown = "".join(dict.fromkeys(old))
        severity = MEDIUM if len(old) > 1 else LOW
        yield _finding(sentence, severity, f"Traditional characters: {shown}.", f"出现繁体字：{shown}。")


def _english_runs(reading: Reading, sentence: Sentence, text: str) -> Iterator[str]:
    """Runs of Latin words that are more than names and terms."""
    text = blanked(blanked(text, _QUOTED), _ADDRESS)
    for mention in reading.mentions(sentence.plain):
        text = text.replace(sentence.plain[mention.start : mention.end], " ")
    if sentence.block.kind == "tags":
        yield from _english_tags(reading, sentence)
        return
    usage = [reading.folded(whole(a)) for a in reading.sources(sentence) if a.lang == "zh"]
    for match in _LOWER_RUN.finditer(text):
        words = [w for w in re.split(r"[ ]", match.group()) if w.islower() and len(w) > 2 and w not in _USUAL]
        words = [w for w in words if not any(re.search(rf"(?<![a-z]){re.escape(w)}(?![a-z])", t) for t in usage)]
        if words:
            yield match.group()


def _is_prose(reading: Reading, run: str) -> bool:
    """Several words, or one that English articles of the day use: not the name of a tool (ripgrep)."""
    if " " in run:
        return True
    uses = sum(f" {run} " in whole(article) for article in reading.document.articles if article.lang == "en")
    return uses >= 2


def _english_tags(reading: Reading, sentence: Sentence) -> Iterator[str]:
    for tag in tags(sentence.plain):
        if not has_han(tag) and not _TAG_CAPITALS.match(tag) and not reading.names(tag):
            yield tag


def _foreign(reading: Reading) -> Iterator[FindingValue]:
    """Halves that stand in the original are marked for readers; the editor is told of them once a language."""
    for lang in LANGUAGES:
        blocks = [block.id for block in reading.document.blocks if lang in block.foreign]
        if blocks:
            shown = ", ".join(blocks)
            half, original = (("English", "Chinese"), ("英文", "中文"))
            if lang == "zh":
                half, original = (("Chinese", "English"), ("中文", "英文"))
            yield FindingValue(
                *(blocks[0] if len(blocks) == 1 else None, lang, "", "language", LOW),
                f"{half[0]} in the original {half[1]}, marked as such: {shown}.",
                f"{original[0]}部分保留了{original[1]}原文（已注明）：{shown}。",
            )
