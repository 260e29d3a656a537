"""Every sentence is cited, every number leads to an article, and the article is about what the sentence says."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import HIGH, LOW, MEDIUM, FindingValue, about
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence, claims_of
from newsletter.check.values import ArticleValue, BlockValue
from newsletter.quantities import agrees
from newsletter.sentences import paragraphs

# What was meant as a citation and is none: [1,2], [1-3], [99999], full-width ［1］, lenticular 【1】, [ 1 ]
_ODD_MARK = re.compile(
    r"[\[［【]\s*[0-9０-９]+(?:\s*[,，、;；–~-]\s*[0-9０-９]+)+\s*[\]］】]|[［【]\s*[0-9０-９]+\s*[\]］】]|\[[0-9]+[］】]|\[\s*[0-9]{5,}\s*\]"
    r"|\[\s+[0-9]+\s*\]|\[[0-9]+\s+\]|\[-[0-9]+\]|\[[０-９]+\]"
)
_SHORTEST_OUTLET = 3  # letters of an outlet's name that can be looked for
_WORTH = 6  # content words from which their share in an article tells something
_FEW, _NEARLY_ALL = 0.4, 0.85
_FITS = 12.0  # weight of the words that an item and an article about it have in common


def check_citations(reading: Reading) -> Iterator[FindingValue]:
    """`uncited`, `citation_range` and `citation_irrelevant`."""
    relevance = Relevance(reading)
    for sentence in reading.prose:
        if odd := _ODD_MARK.findall(sentence.text):
            yield _malformed(sentence, odd)
        if not sentence.cited:
            if not odd and not is_heading(reading, sentence):
                yield _uncited(reading, sentence, relevance)
            continue
        if lost := [n for n in dict.fromkeys(sentence.cited) if n not in reading.by_number]:
            yield _out_of_range(reading, sentence, lost)
        yield from _other_outlet(reading, sentence)
        for claim in claims_of(sentence):
            for article in reading.articles(claim.cited):
                if better := relevance.better_than(claim, article):
                    yield _irrelevant(claim, article, better)


_SAYS_WHO = r"(?:reports?|reported|writes?|wrote|says?|said)\b|(?:据)?(?:报道|消息|称|写道|指出)"
_SOURCE_OF = (
    r"(?:[Aa]ccording to|[Rr]eported by|[Rr]eports? (?:by|from|in)|[Tt]old|[Ii]n|据|来自|根据)(?: the)?\s?[《“]?"
)


def _other_outlet(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """`citation_irrelevant` where the sentence says whose report it is and cites another's: "Reported by BBC [3]"."""
    sources = reading.articles(sentence.cited)
    own = "\n".join(whole(article) for article in sources)
    for start, end in reading.outlet_spans(sentence.plain) if sources else ():
        outlet = sentence.plain[start:end]
        is_list = any(outlet == name for name in reading.list_names)
        if is_list or len(outlet) < _SHORTEST_OUTLET or reading.folded(outlet) in reading.folded(own):
            continue
        before, after = sentence.plain[max(0, start - 24) : start], sentence.plain[end : end + 16]
        if re.search(rf"{_SOURCE_OF}$", before) or re.match(rf"[》”]?[,，]?\s?(?:{_SAYS_WHO})", after):
            names = ", ".join(dict.fromkeys(article.outlet for article in sources))
            yield FindingValue(
                *(sentence.block.id, sentence.lang, sentence.text, "citation_irrelevant", MEDIUM),
                f"Another outlet’s report: the sentence names {outlet}, what it cites is of {names}.",
                f"出处不符：句中说是{outlet}，所引文章来自{names}。",
                f"{about(sources[0])} {sources[0].title}",
            )


def is_heading(reading: Reading, sentence: Sentence) -> bool:
    """A paragraph's opening label, as "Qinghe’s funding round." in the comparison, or a line that ends in a colon."""
    if sentence.plain.rstrip().endswith((":", "：")):
        return True
    if sentence.block.kind != "comparison":
        return False
    paragraph = paragraphs(sentence.block.text[sentence.lang])[sentence.paragraph]
    return " ".join(paragraph.split()).startswith(sentence.text) and sentence.text != paragraph


class Relevance:
    """How much a sentence has in common with each article: rare words, names, figures."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def _rarity(self) -> dict[str, float]:
        counts: Counter[str] = Counter()
        articles = self.reading.document.articles
        for article in articles:
            counts.update(self.reading.words(whole(article)))
        return {word: math.log((1 + len(articles)) / count) for word, count in counts.items()}

    def score(self, sentence: Sentence, article: ArticleValue) -> float:
        """The weight in common; where the languages differ, the block's text in the article's language helps."""
        reading, text = self.reading, whole(article)
        shared_names = {name for name in reading.names(sentence.plain) & reading.names(text) if name.kind != "place"}
        figures = [q for q in reading.quantities(sentence.plain) if not q.soft or q.unit]
        shared_figures = sum(any(agrees(q, other) for other in reading.quantities(text)) for q in figures)
        words = max(self._overlap(part, text) for part in self._counterparts(sentence, article))
        return 2.0 * len(shared_names) + 2.0 * shared_figures + words

    def _counterparts(self, sentence: Sentence, article: ArticleValue) -> list[str]:
        """The sentence, and in a translated block the same paragraph in the article's own language."""
        texts = [sentence.plain]
        other = "zh" if article.lang == "zh" else "en"
        block = sentence.block
        if other != sentence.lang and block.parity == "translated":
            texts.append(f"{block.title[other]}\n{_paragraph(block, other, sentence.paragraph)}")
        return texts

    def _in_context(self, sentence: Sentence, article: ArticleValue) -> float:
        """What its whole paragraph and title, in both languages, have in common with the article."""
        block, text = sentence.block, whole(article)
        languages = LANGUAGES if block.parity == "translated" else (sentence.lang,)
        context = "\n".join(
            f"{block.title[lang]}\n{_paragraph(block, lang, sentence.paragraph)}" for lang in languages
        )
        names = self.reading.names(context) & self.reading.names(text)
        return 2.0 * len(names) + self._overlap(context, text)

    def _overlap(self, said: str, text: str) -> float:
        return sum(self._rarity.get(word, 0.0) for word in self.reading.words(said) & self.reading.words(text))

    def better_than(self, sentence: Sentence, article: ArticleValue) -> ArticleValue | None:
        """Another article that the sentence is surely about, where it has next to nothing in common with `article`."""
        if verbatim := self._said_by_another(sentence, article):
            return verbatim
        own = self.score(sentence, article)
        if own >= 6.0 or self._in_context(sentence, article) >= 10.0:
            return None
        if not self._is_specific(sentence):
            return self._out_of_context(sentence, article)
        cited = set(sentence.cited)
        beside = self.reading.articles(sentence.cited)
        others = [
            other
            for other in self.reading.document.articles
            if (other.n is None or other.n not in cited)
            and not any(self._of_one_story(other, each) for each in beside)
        ]
        if not others:
            return None
        best = max(others, key=lambda other: self.score(sentence, other))
        return best if self.score(sentence, best) >= max(12.0, 3.0 * own) else None

    def _said_by_another(self, sentence: Sentence, article: ArticleValue) -> ArticleValue | None:
        """An article of the day that has nearly all words of the sentence, where the cited one has few of them."""
        if article.lang != sentence.tongue or len(self.reading.words(sentence.plain)) < _WORTH:
            return None
        if self._share(sentence, article) >= _FEW:
            return None
        alike = [other for other in self.reading.document.articles if other.lang == article.lang]
        best = max(alike, key=lambda other: self._share(sentence, other))
        if self._share(sentence, best) < _NEARLY_ALL or self._of_one_story(best, article):
            return None
        return best

    def _of_one_story(self, one: ArticleValue, other: ArticleValue) -> bool:
        """Headlines with a figure or a fair part of their words in common: two reports of one event."""
        words = [self.reading.words(each.title) for each in (one, other)]
        if len(words[0] & words[1]) >= 0.25 * max(1, min(map(len, words))):
            return True
        figures = [[q for q in self.reading.quantities(each.title) if not q.soft] for each in (one, other)]
        return any(agrees(a, b) for a in figures[0] for b in figures[1])

    def _out_of_context(self, sentence: Sentence, article: ArticleValue) -> ArticleValue | None:
        """Where the sentence itself says nothing ("both lists report it") the article must fit the item's two halves.

        Returned is the article that the item cites most of all.
        """
        block = sentence.block
        if block.kind != "item" or sentence.is_part:
            return None
        texts = [f"{block.title[lang]}\n{block.text[lang]}" for lang in LANGUAGES]
        shared = [self.reading.names(text) & self.reading.names(whole(article)) for text in texts]
        if any(name.kind != "place" for names in shared for name in names):
            return None
        if max(self._overlap(text, whole(article)) for text in texts) >= _FITS:
            return None
        others = self.reading.articles(n for n in sentence.cited if n != article.n)
        return others[0] if others else None

    def _share(self, sentence: Sentence, article: ArticleValue) -> float:
        said = self.reading.words(sentence.plain)
        return len(said & self.reading.words(whole(article))) / len(said)

    def _is_specific(self, sentence: Sentence) -> bool:
        """It names somebody or something, or gives a figure: others ("both lists report it") fit any article."""
        text = self.reading.without_outlets(sentence.plain)
        named = any(name.kind != "place" for name in self.reading.names(text))
        return named or any(not q.soft for q in self.reading.quantities(text)) or len(self.reading.words(text)) >= 10

    def closest(self, sentence: Sentence) -> ArticleValue | None:
        """The article that most likely says it."""
        articles = [a for a in self.reading.document.articles if a.n is not None] or self.reading.document.articles
        best = max(articles, key=lambda article: self.score(sentence, article), default=None)
        return best if best and self.score(sentence, best) >= 6.0 else None


def _paragraph(block: BlockValue, lang: str, number: int) -> str:
    """The paragraph with that number, or the whole text where the language has fewer."""
    parts = paragraphs(block.text[lang])
    return parts[number] if number < len(parts) else block.text[lang]


def _uncited(reading: Reading, sentence: Sentence, relevance: Relevance) -> FindingValue:
    tells = reading.names(sentence.plain) or any(not q.soft for q in reading.quantities(sentence.plain))
    near = relevance.closest(sentence)
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "uncited"),
        MEDIUM if tells or sentence.block.kind == "item" else LOW,
        "Citation missing: nothing says where this comes from.",
        "缺少出处：这句话没有标注来源。",
        f"{about(near)} {near.title}" if near else "",
    )


def _malformed(sentence: Sentence, odd: list[str]) -> FindingValue:
    marks = " ".join(dict.fromkeys(odd))[:60]
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "citation_range", HIGH),
        f"Not a citation: {marks} leads nowhere; each article is cited as [1], two as [1][2].",
        f"出处格式无效：{marks}。应逐一写成 [1]，两个写成 [1][2]。",
        marks,
    )


def _out_of_range(reading: Reading, sentence: Sentence, lost: list[int]) -> FindingValue:
    marks = " ".join(f"[{n}]" for n in lost)
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "citation_range", HIGH),
        f"Citation out of range: {marks} leads to no article.",
        f"出处编号无效：{marks} 没有对应的文章。",
        f"1-{max(reading.by_number)}" if reading.by_number else "",
    )


def _irrelevant(sentence: Sentence, article: ArticleValue, better: ArticleValue) -> FindingValue:
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "citation_irrelevant", MEDIUM),
        f"Citation doubtful: [{article.n}] is about something else.",
        f"出处存疑：[{article.n}] 讲的是另一件事。",
        f"{about(article)} {article.title} / {about(better)} {better.title}",
    )
