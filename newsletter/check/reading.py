"""The document read once: every sentence with what it cites, every article with its words. All checks share it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache

from newsletter.bilingual import LANGUAGES, Both
from newsletter.check.alignment import Origin, origin_of
from newsletter.check.document import IssueDocument
from newsletter.check.sentence import Sentence, block_citations, claims_of, echoes, read, title_of
from newsletter.check.values import ArticleValue, BlockValue
from newsletter.lexicon import Lexicon, Mention, Name, fold
from newsletter.outlets import names_of
from newsletter.quantities import Quantity, quantities
from newsletter.sentences import blanked, citations, paragraphs
from newsletter.typography import HAN
from newsletter.words import words

# Blocks whose words are tags or fixed phrases: no sentence in them tells a fact of its own.
FORMAL = frozenset({"tags", "disclaimer"})
# The editor's own words, signed: they answer for them themselves, as long as a sentence cites nothing.
SIGNED = frozenset({"note"})
_NO_MAIN_LINE = BlockValue("main-line", "main_line", None, 0, None, Both(), Both())


def _needs_none(block: BlockValue) -> bool:
    """Whether a sentence of the block may stand without a citation."""
    return block.data or block.kind in SIGNED


class Reading:
    """What the checks look at. Figures, names and words of a text are found once, however many checks ask."""

    def __init__(self, document: IssueDocument, lexicon: Lexicon) -> None:
        self.document = document
        self.lexicon = lexicon
        self._origins: dict[Sentence, Origin | None] = {}
        self.by_number = {a.n: a for a in document.articles if a.n is not None}
        self.outlets = _outlet_names(document)
        self.list_names = tuple(name for each in document.lists for name in (each.name.en, each.name.zh) if name)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of all texts in reading order; titles are not among them."""
        return tuple(s for block in self.document.blocks for lang in LANGUAGES for s in read(block, lang))

    @cached_property
    def foreign(self) -> frozenset[Sentence]:
        """Those of halves that stand in the original and are word for word in the other half: they are read there."""
        halves = [(block, lang) for block in self.document.blocks for lang in block.foreign]
        return frozenset(
            echo for block, lang in halves for echo in echoes(block, lang, (*self.sentences, *self.titles))
        )

    @cached_property
    def titles(self) -> tuple[Sentence, ...]:
        """All titles that are there: the blocks', and the issue's own where its main line has another."""
        main = next((block for block in self.document.blocks if block.kind == "main_line"), _NO_MAIN_LINE)
        own = () if main.title == self.document.title else (replace(main, title=self.document.title),)
        pairs = [(block, lang) for block in (*own, *self.document.blocks) for lang in LANGUAGES]
        return tuple(title_of(block, lang) for block, lang in pairs if block.title[lang].strip())

    @cached_property
    def prose(self) -> tuple[Sentence, ...]:
        """The sentences that tell facts: not tags, disclaimer, counts made from data, or a half left untranslated.

        In a block of counts, or a note of the editor's, those that cite something tell facts all the same.
        """
        told = (s for s in self.sentences if s.block.kind not in FORMAL and (s.cited or not _needs_none(s.block)))
        return tuple(s for s in told if s not in self.foreign)

    @cached_property
    def claims(self) -> tuple[Sentence, ...]:
        """What is held to its sources: each sentence of the prose, part by part where its parts cite their own."""
        return tuple(claim for sentence in self.prose for claim in claims_of(sentence))

    @cached_property
    def headlines(self) -> tuple[Sentence, ...]:
        """The titles that tell facts."""
        return tuple(t for t in self.titles if t.block.kind not in FORMAL | SIGNED and t not in self.foreign)

    def sources(self, sentence: Sentence) -> list[ArticleValue]:
        """The articles that answer for a sentence: those it cites, else its paragraph's, its block's, the day's."""
        if sentence.cited:
            return self.articles(sentence.cited)
        if sentence.is_title and sentence.block.kind == "main_line":
            return list(self.by_number.values())
        if sentence.is_title:
            both = [n for lang in LANGUAGES for n in block_citations(sentence.block, lang)]
            return self.articles(both) or list(self.document.articles)
        parts = paragraphs(sentence.block.text[sentence.lang])
        of_paragraph = self.articles(citations(parts[sentence.paragraph])) if sentence.paragraph < len(parts) else []
        of_block = of_paragraph or self.articles(block_citations(sentence.block, sentence.lang))
        return of_block or list(self.document.articles)

    def origin(self, sentence: Sentence) -> Origin | None:
        """The sentence of its sources that it goes back to; None where nothing there is like it."""
        if sentence not in self._origins:
            self._origins[sentence] = origin_of(sentence, self.sources(sentence), self.words)
        return self._origins[sentence]

    def articles(self, numbers: Iterable[int]) -> list[ArticleValue]:
        """The articles with these citation numbers, each once; numbers that lead nowhere are left out."""
        return [self.by_number[n] for n in dict.fromkeys(numbers) if n in self.by_number]

    @cached_property
    def _companions(self) -> dict[int, set[int]]:
        """Articles that one item or one sentence cites together: mostly reports of one event."""
        together: dict[int, set[int]] = {}
        items = [{n for lang in LANGUAGES for n in block_citations(b, lang)} for b in self.document.blocks if b.story]
        for group in (*items, *(set(sentence.cited) for sentence in self.prose)):
            for number in group:
                together.setdefault(number, set()).update(group)
        return together

    def companions(self, articles: Iterable[ArticleValue]) -> set[int]:
        """The numbers of the articles that are cited beside one of `articles`, and their own."""
        numbers = [a.n for a in articles if a.n is not None]
        return {other for n in numbers for other in self._companions.get(n, {n})}

    def quantities(self, text: str) -> tuple[Quantity, ...]:
        """The figures of a text."""
        return _quantities(text)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The lexicon's names in a text, with their places."""
        return _mentions(self.lexicon, text)

    def names(self, text: str) -> frozenset[Name]:
        """The lexicon's names in a text."""
        return _names(self.lexicon, text)

    def words(self, text: str) -> frozenset[str]:
        """The content words of a text: English stems, pairs of Han characters."""
        return _words(text)

    def folded(self, text: str) -> str:
        """The text for comparing spellings: simplified characters, half width, lower case."""
        return _folded(text)

    def without_names(self, text: str, *, only_with_figures: bool = False) -> str:
        """The text with the lexicon's names blanked, so that what is left of it can be read by its shape."""
        for mention in self.mentions(text):
            if not only_with_figures or any(char.isdigit() for char in text[mention.start : mention.end]):
                text = f"{text[: mention.start]}{' ' * (mention.end - mention.start)}{text[mention.end :]}"
        return text

    def without_outlets(self, text: str) -> str:
        """The text with the day's outlets and lists blanked: "reported by X (China media)" tells of no event."""
        return blanked(text, self._outlets) if self._outlets else text

    def outlet_spans(self, text: str) -> list[tuple[int, int]]:
        """Where the day's outlets and lists are named."""
        return [match.span() for match in self._outlets.finditer(text)] if self._outlets else []

    @cached_property
    def _outlets(self) -> re.Pattern[str] | None:
        names = sorted({*self.outlets, *self.list_names}, key=len, reverse=True)
        return re.compile("|".join(map(_set_either_way, names))) if names else None

    def masked(self, text: str) -> str:
        """The text with outlets and names that hold figures (36氪, 360) blanked: these are no counts."""
        text = self.without_names(text, only_with_figures=True)
        for outlet in self._counting_outlets:
            text = text.replace(outlet, " " * len(outlet))
        return text

    @cached_property
    def _counting_outlets(self) -> tuple[str, ...]:
        return tuple(outlet for outlet in self.outlets if any(map(str.isdigit, outlet)))


def _outlet_names(document: IssueDocument) -> tuple[str, ...]:
    """What the day's outlets are called, by themselves and in either language; the longest first."""
    outlets = {article.outlet for article in document.articles if article.outlet}
    called = {name for outlet in outlets for name in (outlet, *names_of(outlet).to_json().values())}
    return tuple(sorted(called, key=lambda name: (-len(name), name)))


def _set_either_way(name: str) -> str:
    """A pattern for the name as it stands in a feed (BBC财经) and as it is set in Chinese text (BBC 财经)."""
    pattern = re.sub(rf"(?<=[{HAN}])\\?\s*(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])\\?\s*(?=[{HAN}])", r"\\s?", re.escape(name))
    return rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"


# An edit changes one text of an issue, and it is read again at once: what was found in all the others is remembered.
# An issue with its day's articles is some thousand texts; the lexicon is loaded once and never changes.
_REMEMBERED = 8_192
_quantities = lru_cache(_REMEMBERED)(quantities)
_folded = lru_cache(_REMEMBERED)(fold)


@lru_cache(_REMEMBERED)
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


@lru_cache(_REMEMBERED)
def _mentions(lexicon: Lexicon, text: str) -> tuple[Mention, ...]:
    return tuple(lexicon.mentions(text))


@lru_cache(_REMEMBERED)
def _names(lexicon: Lexicon, text: str) -> frozenset[Name]:
    return frozenset(mention.name for mention in _mentions(lexicon, text))


def whole(article: ArticleValue) -> str:
    """All that is known of an article: headline, text, and its outlet under every name."""
    called = names_of(article.outlet)
    return f"{article.title}\n{article.text}\n{article.outlet}\n{called.en}\n{called.zh}"
