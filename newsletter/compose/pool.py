"""The day's usable sentences, each given out once: what keeps an issue from saying anything twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from newsletter import lexicon, typography
from newsletter.compose import extract, headline, skeleton
from newsletter.compose.brief import Brief, BriefArticle, BriefStory
from newsletter.compose.extract import Sentence
from newsletter.compose.headline import Headline
from newsletter.compose.pertinence import Pertinence
from newsletter.quantities import agrees, quantities
from newsletter.subject import load_vocabulary
from newsletter.typography import has_han

# A name that the lexicon doesn't know: capitals inside a headline, two at its beginning, Latin ones in a Chinese one.
_CAPITALS = re.compile(
    r"(?<=[a-z,] )(?!AI\b)[A-Z]\w+|^[A-Z]\w+ (?!AI\b)[A-Z]\w+|[\u4e00-\u9fff] ?[A-Z]\w+|^[A-Z]\w+ ?[\u4e00-\u9fff]"
)
Judge = Callable[[Sentence], float]
RENDERED = 5  # first sentences of an article that are tried in the other language
QUOTED = 2  # sentences of one article in an issue, at most


def newsworthy(sentence: Sentence) -> float:
    """How well it tells what happened: near the headline and the top, with figures, neither terse nor winding.

    Some articles open with a scene: the sentence that shares most with the headline is the news.
    """
    size = extract.length(sentence.text, sentence.language)
    good = 25 <= size <= 75 if sentence.language == "zh" else 13 <= size <= 34
    merit = 2.4 + 2.0 * sentence.near - 0.5 * sentence.index + 0.4 * min(len(sentence.figures), 3)
    merit += 0.8 if good else 0.0
    merit -= 2.0 if sentence.background else 0.0
    return merit - (0.0 if sentence.named or sentence.figures else 2.0)  # of nobody, and without a figure


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
        self._quoted: Counter[int] = Counter()
        self._told: set[tuple[int, str]] = set()
        self._spoken: set[tuple[int, str]] = set()
        self._sentences: dict[int, list[Sentence]] = {}

    def sentences(self, article: BriefArticle) -> list[Sentence]:
        if article.id not in self._sentences:
            self._sentences[article.id] = extract.sentences_of(article, self.brief.spellings, self.brief.common)
        return self._sentences[article.id]

    def free(self, articles: Iterable[BriefArticle], language: str, *, leaning: bool = False) -> list[Sentence]:
        """Sentences not used yet; unless `leaning`, only those that a reader understands without what went before."""
        return [
            sentence
            for article in articles
            if article.language == language
            for sentence in self.sentences(article)
            if self.has_room(article.id, 1) and (leaning or self.stands_alone(sentence)) and not self.is_used(sentence)
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

    def at_home(self, story: BriefStory) -> bool:
        """Whether it is news of China: by its main actor, or a report in Chinese alone that names nobody abroad."""
        if story.region == "CN":
            return True
        named = [name for article in story.articles for name in self.lexicon.find(article.title)]
        return not story.written_in("en") and all(name.home in ("CN", "") for name in named)

    def is_used(self, sentence: Sentence) -> bool:
        return any(extract.retells(sentence, used) for used in self._used[sentence.language])

    def take(self, sentence: Sentence) -> Sentence:
        self._used[sentence.language].append(sentence)
        self._quoted[sentence.article] += 1
        return sentence

    def avoid(self, sentence: Sentence) -> None:
        """It has been read and another is wanted: it is not given out, and its article may be quoted all the same."""
        self._used[sentence.language].append(sentence)

    def has_room(self, article: int, more: int) -> bool:
        """Whether `more` sentences of the article may still be quoted: QUOTED of each is what is fair."""
        return self._quoted[article] + more <= QUOTED

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

    def headline(self, story: BriefStory, language: str, lists: Iterable[str] | None = None) -> Headline | None:
        """The story's best headline in `language`, else one of the other language's said in it, else None."""
        return self.own_headline(story, language, lists) or self._rendered(story, language, lists)

    def own_headline(self, story: BriefStory, language: str, lists: Iterable[str] | None = None) -> Headline | None:
        """The best headline that was written in `language`; None where the story has none."""
        articles = self._reports(story, language, lists)
        found = headline.best(articles, story.titles.get(language, ""), self.brief.spellings)
        if found is None or language == "zh":
            return found
        body = self.articles[found.article].text
        return found._replace(text=headline.sentence_case(found.text, body, *self._written))

    def sound_headline(self, story: BriefStory, language: str, lists: Iterable[str] | None = None) -> Headline | None:
        """A headline fit to stand in a list of headlines, of a story on the subject; None where there is none."""
        if not self.pertinence.speaks(story):
            return None
        own = self.own_headline(story, language, lists)
        if own and headline.is_sound(own.text, language) and self._tells(own.text):
            return own
        return self._rendered(story, language, lists)

    def rendered_fact(self, story: BriefStory, language: str, said: Iterable[str]) -> Headline | None:
        """What the other language's reports say first, or above all, if it can be said and is not `said` yet."""
        other = "en" if language == "zh" else "zh"
        known = [extract.shingles(text, language) for text in said if text]
        for article in self._reports(story, other, None):
            for sentence in self.sentences(article)[:RENDERED]:
                text = skeleton.render_opening(sentence.text, other, article.text)
                mine = extract.shingles(text, language)
                if text and not any(extract.alike(mine, each) for each in known):
                    return Headline(text, article.id, rendered=True)
        titled = self._rendered(story, language, None)
        mine = extract.shingles(titled.text, language) if titled else frozenset()
        return None if any(extract.alike(mine, each) for each in known) else titled

    def _tells(self, text: str) -> bool:
        """A headline alone tells something where it has a name or a figure."""
        return (
            bool(self.lexicon.find(text))
            or any(not quantity.soft for quantity in quantities(text))
            or bool(_CAPITALS.search(text) and (has_han(text) or not headline.is_capitalised(text)))
        )

    def _rendered(self, story: BriefStory, language: str, lists: Iterable[str] | None) -> Headline | None:
        other = "en" if language == "zh" else "zh"
        articles = self._reports(story, other, lists)
        sound = [a for a in articles if headline.is_event(headline.clean(a.title, other))]
        return headline.rendered(sound, story.titles.get(other, ""), self.brief.spellings)

    def _reports(self, story: BriefStory, language: str, lists: Iterable[str] | None) -> list[BriefArticle]:
        articles = [a for a in story.written_in(language) if lists is None or a.list in lists]
        return [a for a in articles if extract.is_report(a)] or (articles if story.slot else [])

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
    def _written(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words that the day's English articles write in small letters, and those they write with a capital."""
        texts = [article.text for article in self.articles.values() if article.language == "en"]
        small = self.brief.common | frozenset(
            word for text in texts for word in re.findall(r"(?<![\w’'-])[a-z]+(?![\w’'])", text)
        )
        titles = [article.title for article in self.articles.values() if article.language == "en"]
        texts += [title for title in titles if not headline.is_capitalised(title)]
        found = (re.findall(r"(?<=[a-z,] )[A-Z]\w+(?: [A-Z]\w+)?", text) for text in texts)
        names = frozenset(name for each in found for whole in each for name in (whole, *whole.split()))
        return small, names

    @cached_property
    def lexicon(self) -> lexicon.Lexicon:
        return lexicon.load()

    @cached_property
    def pertinence(self) -> Pertinence:
        return Pertinence(load_vocabulary())
