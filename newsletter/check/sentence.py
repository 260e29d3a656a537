"""One sentence of an issue as the checks read it, and the parts of it that cite their own articles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from newsletter.check.values import BlockValue
from newsletter.sentences import citations, paragraphs, split_sentences, without_citations
from newsletter.typography import HAN, count_han, has_han

# "Agents: ", "相关报道：": a label of our own before words of a source
_LABEL = re.compile(r"^[^:：。.]{1,80}[:：]\s*")
# A citation and the mark after it that ends a part of the sentence: "… [1]; …", "……[2]，……"
_PART_END = re.compile(r"(?<!\])(?:\[\d{1,4}\])+\s*(?P<mark>[;；,，])")
_PART_WORDS = 6  # words or Han characters below which what stands before a comma is no part of its own
_COUNTED = re.compile(f"[{HAN}]|[A-Za-z0-9][A-Za-z0-9.’'-]*")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence, or the title, of one language of a block; or a part of a sentence, with the whole as its text."""

    block: BlockValue
    lang: str  # of the half in which it stands
    text: str  # exactly as it stands in the block
    plain: str  # without its citation marks
    cited: tuple[int, ...]
    paragraph: int = 0
    is_title: bool = False
    tongue: str = ""  # the language it is written in: the other one in a half that stands in the original

    @property
    def is_part(self) -> bool:
        """Whether it is one of several parts that cite their own articles."""
        return self.plain != without_citations(self.text)


def read(block: BlockValue, lang: str) -> Iterator[Sentence]:
    """The sentences of one language of a block, cut by the rules of the language they are really in."""
    for number, paragraph in enumerate(paragraphs(block.text[lang])):
        for text in _split(block, lang, paragraph):
            cited, tongue = tuple(citations(text)), tongue_of(block, lang, text)
            yield Sentence(block, lang, text, without_citations(text), cited, number, tongue=tongue)


def _split(block: BlockValue, lang: str, paragraph: str) -> Iterator[str]:
    """The sentences; in a half in the original those of our own in its own language stand apart."""
    for text in split_sentences(paragraph, tongue_of(block, lang, block.text[lang])):
        parts = split_sentences(text, "en") if lang in block.foreign and has_han(text) else [text]
        if lang == "zh" and lang in block.foreign and _STOP_INSIDE.search(text):
            parts = split_sentences(text, "zh")  # "TechCrunch 有英文报道[2]。The glasses …"
        parts = [part for each in parts for part in (split_sentences(each, "zh") if len(parts) > 1 else [each])]
        yield from parts if any(tongue_of(block, lang, part) == lang for part in parts) else [text]


def title_of(block: BlockValue, lang: str) -> Sentence:
    """The title of one language of a block."""
    text = block.title[lang].strip()
    return Sentence(block, lang, text, text, (), is_title=True, tongue=tongue_of(block, lang, text))


def tongue_of(block: BlockValue, lang: str, text: str) -> str:
    """The language of a half: its own, but for a half in the original whose script is the other's."""
    if lang not in block.foreign:
        return lang
    if lang == "zh" and has_han(text) and without_citations(text).endswith("。"):
        return "zh"  # our own words between foreign names
    is_chinese = count_han(text) * 3 > len(without_citations(text).replace(" ", "")) or (
        lang == "en" and count_han(text) > 20
    )
    return "zh" if is_chinese else "en"


_STOP_INSIDE = re.compile(r"。(?=[^\s”’）])")


@lru_cache(512)
def _cut(text: str, lang: str) -> tuple[str, ...]:
    return tuple(split_sentences(text, lang))


def counterpart(sentence: Sentence) -> str:
    """The same sentence in the other language of a translated block; its paragraph where they are cut otherwise."""
    other = "zh" if sentence.lang == "en" else "en"
    if sentence.is_title:
        return sentence.block.title[other]
    halves = [paragraphs(sentence.block.text[lang]) for lang in (sentence.lang, other)]
    if len(halves[0]) != len(halves[1]):
        return sentence.block.text[other]
    own, theirs = (
        _cut(half[sentence.paragraph], lang) for half, lang in zip(halves, (sentence.lang, other), strict=True)
    )
    at = own.index(sentence.text) if sentence.text in own else -1
    return theirs[at] if at >= 0 and len(own) == len(theirs) else halves[1][sentence.paragraph]


def tags(text: str) -> list[str]:
    """The tags of a line; the dot within a name (埃隆·马斯克) has no spaces around it."""
    return [tag.strip() for tag in re.split(r"\s+·\s+", text.strip()) if tag.strip()]


def block_citations(block: BlockValue, lang: str) -> list[int]:
    """The citation numbers of one language of a block, each once."""
    return list(dict.fromkeys(citations(block.text[lang])))


def echoes(block: BlockValue, lang: str, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Of a half that stands in the original: what is word for word in the other half, a label before it aside."""
    own = [s for s in sentences if s.block is block]
    other = {form for s in own if s.lang != lang for form in _forms(s.text)}
    return (s for s in own if s.lang == lang and _forms(s.text) & other)


def _forms(text: str) -> set[str]:
    """The text with and without a label before it, to be compared whatever its marks and spaces."""
    return {"".join(re.findall(r"\w+|[\[\]%$€£¥.]", form)).rstrip(".") for form in (text, _LABEL.sub("", text))}


def claims_of(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence, or its parts where more than one cites articles of its own.

    A part ends behind a citation that a semicolon or a comma follows. What stands behind the last citation belongs to
    the part before, what is too short to tell anything to the next.
    """
    text, start, parts = sentence.text, 0, []
    for match in _PART_END.finditer(text):
        if match["mark"] in ";；" or len(_COUNTED.findall(text[start : match.start()])) >= _PART_WORDS:
            parts.append(text[start : match.end()])
            start = match.end()
    rest = text[start:]
    if parts and not citations(rest):
        parts[-1] += rest
    else:
        parts.append(rest)
    if len(parts) == 1:
        yield sentence
        return
    for part in parts:
        yield replace(sentence, plain=without_citations(part).strip(), cited=tuple(citations(part)))
