"""Sentences and citation marks of English and Chinese text: pure functions over strings."""

import re

CITATION = re.compile(r"\[(\d{1,4})\]")
# A run of marks with the space before it: "… table [3][4]" -> " [3][4]"
CITATION_RUN = re.compile(r"\s*(?:\[\d{1,4}\])+")

# Abbreviations whose full stop ends no sentence.
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs?|etc|Inc|Ltd|Corp|Co|No|Nos|Fig|approx|est|e\.g|i\.e|a\.m|p\.m"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Gen|Sen|Rep|Gov)|\b[A-Z])$"
)
_EN_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
_ZH_END = re.compile(r"[。！？!?…]+[”’」』）)]*")
# A web or mail address in running text: its words and figures say nothing.
ADDRESS = r"(?:https?://|www\.)[^\s，。；）)]+|[\w.+-]+@[\w.-]+"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, which a blank line splits; never an empty one."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def split_sentences(text: str, language: str) -> list[str]:
    """The sentences of `text` in reading order, each with its own marks and citations.

    `language` is `zh` for Chinese rules, anything else for English ones. Paragraph breaks always end a sentence.
    Joined again with spaces (English) or nothing (Chinese) the sentences give each paragraph back.
    """
    split = _split_zh if language == "zh" else _split_en
    return [sentence for paragraph in paragraphs(text) for sentence in split(" ".join(paragraph.split()))]


def _split_en(paragraph: str) -> list[str]:
    sentences, start = [], 0
    for match in _EN_END.finditer(paragraph):
        before = paragraph[max(start, match.start() - 12) : match.start()]  # longer than any abbreviation
        if match.group().startswith(".") and len(match.group()) == 1 and _ABBREVIATIONS.search(before):
            # "U.S." before a capital may end a sentence; it mostly doesn't, and a long sentence harms less
            continue
        if re.match(r"\s+[a-z]", paragraph[match.end() :]):
            continue
        sentences.append(paragraph[start : match.end()].strip())
        start = match.end()
    return [s for s in [*sentences, paragraph[start:].strip()] if s]


def _split_zh(paragraph: str) -> list[str]:
    sentences, start = [], 0
    for match in _ZH_END.finditer(paragraph):
        sentences.append(paragraph[start : match.end()].strip())
        start = match.end()
    return [s for s in [*sentences, paragraph[start:].strip()] if s]


def citations(text: str) -> list[int]:
    """The citation numbers in `text`, in order, repeats kept."""
    return [int(n) for n in CITATION.findall(text)]


def without_citations(text: str) -> str:
    """`text` as it reads aloud: marks and the space before them taken out."""
    return CITATION_RUN.sub("", text)


def cite(sentence: str, numbers: list[int], language: str) -> str:
    """`sentence` with `[n]` marks before its final stop: "… table [3][4]." and "……一席[3][4]。"."""
    marks = "".join(f"[{n}]" for n in numbers)
    if not marks:
        return sentence
    end = (_ZH_END if language == "zh" else _EN_END).search(sentence[max(0, len(sentence) - 4) :])
    at = len(sentence) - len(end.group()) if end else len(sentence)
    stop, gap = sentence[at:], "" if language == "zh" else " "
    if len(stop) == 2 and stop[1] in "”’" and not sentence.startswith(("“", "‘")):
        # A quotation ends the sentence: the marks are no part of it.
        return f"{sentence[:at]}{stop[1]}{gap}{marks}{stop[0]}"
    return f"{sentence[:at].rstrip()}{gap}{marks}{stop}"


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """`text` with spaces for whatever `pattern` finds: of the same length, so that places stay."""
    return pattern.sub(lambda match: " " * len(match.group()), text)
