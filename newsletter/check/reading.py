"""The document read once: every sentence with what it cites, every article with its words. All checks share it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.check.document import IssueDocument
from newsletter.check.values import LANGUAGES, ArticleValue, BlockValue
from newsletter.sentences import citations, paragraphs, split_sentences, without_citations

# Blocks whose words are names, counts or fixed phrases: no sentence in them tells a fact of its own.
FORMAL = frozenset({"tags", "disclaimer"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or the title, of one language of a block."""

    block: BlockValue
    lang: str
    text: str  # exactly as it stands in the block
    is_title: bool = False
    paragraph: int = 0

    @property
    def plain(self) -> str:
        """Without its citation marks."""
        return without_citations(self.text)

    @property
    def cited(self) -> list[int]:
        return citations(self.text)


@dataclass(frozen=True)
class Reading:
    """What the checks look at."""

    document: IssueDocument
    by_number: dict[int, ArticleValue] = field(default_factory=dict)

    @classmethod
    def of(cls, document: IssueDocument) -> "Reading":
        """Number the articles."""
        return cls(document, {a.n: a for a in document.articles if a.n is not None})

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of all texts in reading order; titles are not among them."""
        return tuple(s for block in self.document.blocks for lang in LANGUAGES for s in read(block, lang))

    @cached_property
    def titles(self) -> tuple[Sentence, ...]:
        """All block titles that are there."""
        blocks = self.document.blocks
        pairs = [(block, lang) for block in blocks for lang in LANGUAGES if block.title[lang].strip()]
        return tuple(Sentence(block, lang, block.title[lang].strip(), is_title=True) for block, lang in pairs)

    def sources(self, sentence: Sentence) -> list[ArticleValue]:
        """The articles that answer for the sentence: those it cites, else those its block cites in that language."""
        numbers = sentence.cited or citations(sentence.block.text[sentence.lang])
        return [self.by_number[n] for n in dict.fromkeys(numbers) if n in self.by_number]


def read(block: BlockValue, lang: str) -> Iterator[Sentence]:
    """The sentences of one language of a block."""
    for number, paragraph in enumerate(paragraphs(block.text[lang])):
        for text in split_sentences(paragraph, lang):
            yield Sentence(block, lang, text, paragraph=number)
