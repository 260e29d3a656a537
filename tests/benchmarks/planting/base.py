"""What a planted error is, and where one can be put: into one half of one block, or into the issue as a whole."""

import dataclasses
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from newsletter.bilingual import LANGUAGES, Both
from newsletter.check.document import IssueDocument
from newsletter.check.sentence import tongue_of
from newsletter.check.values import BlockValue
from newsletter.lexicon import Lexicon
from newsletter.sentences import split_sentences

FORMAL = frozenset({"tags", "disclaimer", "overview"})
CITED = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Half:
    """One language of a block: the text that gets an error. `tongue` is the language that it is written in."""

    document: IssueDocument
    block: BlockValue
    lang: str
    rng: random.Random
    lexicon: Lexicon

    @property
    def text(self) -> str:
        return self.block.text[self.lang]

    @property
    def tongue(self) -> str:
        return tongue_of(self.block, self.lang, self.text)

    @property
    def sentences(self) -> list[str]:
        return split_sentences(self.text, self.tongue)

    @cached_property
    def sources(self) -> str:
        """All that the block cites, in one text."""
        cited = {int(n) for lang in LANGUAGES for n in CITED.findall(self.block.text[lang])}
        return "\n".join(f"{a.title}\n{a.text}\n{a.outlet}" for a in self.document.articles if a.n in cited)

    def one_of(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """A place of the text that `pattern` finds, by chance; never within a citation mark."""
        blank = CITED.sub(lambda match: "\x00" * len(match.group()), self.text)
        found = [match for match in pattern.finditer(blank) if match.group().strip()]
        return self.rng.choice(found) if found else None

    def put(self, start: int, end: int, words: str) -> str:
        """The text with `words` instead of what stands there."""
        return f"{self.text[:start]}{words}{self.text[end:]}"


# A plant in one half gives the new text; None where the half has no place for such an error.
InHalf = Callable[[Half], str | None]
# A plant in the issue gives the new issue and the block that should be doubted (None: any, or the issue itself).
InIssue = Callable[[IssueDocument, random.Random, Lexicon], tuple[IssueDocument, str | None] | None]


@dataclass(frozen=True)
class Plant:
    """One kind of error: its name, what should be found, and how it is made."""

    name: str
    group: str  # figure, citation, language, parity, name, or other: each has its own aim
    kinds: frozenset[str]
    in_half: InHalf | None = None
    in_issue: InIssue | None = None
    parity: str = ""  # only in blocks with this parity
    on: frozenset[str] = frozenset()  # only in blocks of these kinds; empty: in all that tell something


def substitute(pattern: str, change: Callable[[re.Match[str], random.Random], str], flags: int = 0) -> InHalf:
    """An error made by replacing one match of `pattern`."""
    compiled = re.compile(pattern, flags)

    def planted(half: Half) -> str | None:
        match = half.one_of(compiled)
        if match is None:
            return None
        return half.put(match.start(), match.end(), change(match, half.rng))

    return planted


def in_tongue(**patterns: InHalf) -> InHalf:
    """An error that is made in another way in each language: `en=…, zh=…`."""

    def planted(half: Half) -> str | None:
        return patterns[half.tongue](half) if half.tongue in patterns else None

    return planted


def with_text(block: BlockValue, lang: str, text: str) -> BlockValue:
    """The block with another text in one language."""
    return dataclasses.replace(block, text=dataclasses.replace(block.text, **{lang: text}))


def with_title(block: BlockValue, title: Both) -> BlockValue:
    """The block under another title."""
    return dataclasses.replace(block, title=title)


def with_block(document: IssueDocument, new: BlockValue) -> IssueDocument:
    """The issue with `new` in the place of the block of that id."""
    blocks = tuple(new if block.id == new.id else block for block in document.blocks)
    return dataclasses.replace(document, blocks=blocks)
