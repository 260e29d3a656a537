"""The day's usable sentences, each given out once: what keeps an issue from saying anything twice."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from newsletter import lexicon, typography
from newsletter.compose import extract, headline
from newsletter.compose.brief import Brief, BriefArticle, BriefStory
from newsletter.compose.extract import Sentence
from newsletter.compose.pertinence import Pertinence
from newsletter.quantities import agrees, quantities
from newsletter.subject import load_vocabulary

Judge = Callable[[Sentence], float]


def newsworthy(sentence: Sentence) -> float:
    """How well it tells what happened: near the headline and the top, with figures, neither terse nor winding.

    Some articles open with a scene: the sentence that shares most with the headline is the news.
    """
    size = extract.length(sentence.text, sentence.language)
    good = 25 <= size <= 75 if sentence.language == "zh" else 13 <= size <= 34
    return (
        2.4 + 2.0 * sentence.near - 0.5 * sentence.index + 0.4 * min(len(sentence.figures), 3) + (0.8 if good else 0.0)
    )


def telling(sentence: Sentence) -> float:
    """How far it says why, or what follows."""
    return 2.0 * sentence.reason + 0.25 * newsworthy(sentence)


def forward(sentence: Sentence) -> float:
    """How far it speaks of what is to come."""
    return 3.0 * sentence.ahead + 0.25 * newsworthy(sentence)


class Pool:
    """Sentences of the brief's articles; `take` marks one as used, and near-repeats with it."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.articles: dict[int, BriefArticle] = {a.id: a for story in brief.stories for a in story.articles}
        self._used: dict[str, list[Sentence]] = {"en": [], "zh": []}
        self._told: set[tuple[int, str]] = set()
        self._spoken: set[tuple[int, str]] = set()
        self._sentences: dict[int, list[Sentence]] = {}

    def sentences(self, article: BriefArticle) -> list[Sentence]:
        if article.id not in self._sentences:
            self._sentences[article.id] = extract.sentences_of(article, self.brief.spellings)
        return self._sentences[article.id]

    def free(self, articles: Iterable[BriefArticle], language: str, *, leaning: bool = False) -> list[Sentence]:
        """Sentences not used yet; unless `leaning`, only those that a reader understands without what went before."""
        return [
            sentence
            for article in articles
            if article.language == language
            for sentence in self.sentences(article)
            if (leaning or self.stands_alone(sentence)) and not self.is_used(sentence)
        ]

    def stands_alone(self, sentence: Sentence) -> bool:
        """It leans on no other, and says whom it is about: it opens its article, or a name opens it.

        After a sentence of another story "支持一键部署" and "The platform …" would be said of the wrong maker.
        """
        return not sentence.leaning and (sentence.index == 0 or self._has_subject(sentence))

    def _has_subject(self, sentence: Sentence) -> bool:
        """A name of the lexicon (a place is no maker), or one of its article's headline, in its opening."""
        opening = extract.opening(sentence.text, sentence.language)
        if any(name.kind != "place" for name in self.lexicon.find(opening)):
            return True
        return bool(extract.proper(opening) & extract.proper(self.articles[sentence.article].title))

    def is_used(self, sentence: Sentence) -> bool:
        return any(extract.retells(sentence, used) for used in self._used[sentence.language])

    def take(self, sentence: Sentence) -> Sentence:
        self._used[sentence.language].append(sentence)
        return sentence

    def best(self, sentences: Sequence[Sentence], judge: Judge, *, least: float = 0.0) -> Sentence | None:
        """The best of `sentences` that scores more than `least`; the earlier one where two are equal."""
        found = max(sentences, key=judge, default=None)
        return found if found is not None and judge(found) > least else None

    def tell(self, story: BriefStory, language: str) -> None:
        """The story's headline stands in the issue: no list of further headlines shall name it again."""
        self._told.add((story.id, language))

    def is_told(self, story: BriefStory, language: str) -> bool:
        return (story.id, language) in self._told

    def speak(self, story: BriefStory, language: str) -> None:
        """A report has a sentence of the story: no other part of a report shall come back to it."""
        self._spoken.add((story.id, language))
        self.tell(story, language)

    def is_spoken(self, story: BriefStory, language: str) -> bool:
        return (story.id, language) in self._spoken

    def headline(self, story: BriefStory, language: str, lists: Iterable[str] | None = None) -> tuple[str, int] | None:
        """The story's best headline in `language` and its article's id; None where it has none."""
        articles = [a for a in story.written_in(language) if lists is None or a.list in lists]
        articles = [a for a in articles if extract.is_report(a)] or (articles if story.slot else [])
        return headline.best(articles, story.titles.get(language, ""), self.brief.spellings)

    def sources(
        self, sentence: Sentence, story: BriefStory, headlined: int | None = None, desk: str | None = None
    ) -> list[int]:
        """The sentence's article and, where one bears it out, a second: same names, same figures, another outlet.

        With `desk` the second is of that list too. It is `headlined`, where a headline above stands on another
        article: it has to be borne out as well.
        """
        own = self.articles[sentence.article]
        if headlined is not None and headlined != own.id:
            return [own.id, headlined]
        others = [
            article
            for article in story.written_in(sentence.language)
            if desk in (None, article.list)
            if article.publisher != own.publisher and self._bears_out(article, sentence)
        ]
        return [own.id, *(article.id for article in others[:1])]

    def _bears_out(self, article: BriefArticle, sentence: Sentence) -> bool:
        whole = f"{article.title} {article.text[:2000]}"
        shared = sentence.shingles & extract.shingles(typography.set_text(whole, article.language), article.language)
        if len(shared) / max(1, len(sentence.shingles)) <= 0.4:
            return False
        names = {name.en for name in self.lexicon.find(sentence.text)}
        if not names <= {name.en for name in self.lexicon.find(whole)}:
            return False
        figures, known = [q for q in quantities(sentence.text) if not q.soft], quantities(whole)
        return bool(names or figures) and all(any(agrees(said, other) for other in known) for said in figures)

    @cached_property
    def lexicon(self) -> lexicon.Lexicon:
        return lexicon.load()

    @cached_property
    def pertinence(self) -> Pertinence:
        return Pertinence(load_vocabulary())
