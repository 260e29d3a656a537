"""What belongs into an issue on the subject: an article may be relevant for a single one of its paragraphs."""

from dataclasses import dataclass

from newsletter import quantities
from newsletter.bilingual import LANGUAGES
from newsletter.compose.brief import BriefStory
from newsletter.compose.extract import Sentence, shingles
from newsletter.lexicon import Name
from newsletter.subject import Vocabulary

# Both chosen by reading what they leave out of 2026-03-11, 2026-03-12 and the sample day.
SPEAKS = 0.5  # the weight of its words from which a sentence or a headline speaks of the subject
AT_HEADLINE = 0.25  # the share of a headline's words from which a sentence tells what that headline tells


@dataclass(frozen=True, slots=True)
class _Headlines:
    """What a story's headlines are about, in either language."""

    speak: bool  # one of them of the subject
    names: frozenset[Name]
    figures: frozenset[str]
    shingles: dict[str, list[frozenset[str]]]


class Pertinence:
    """Asked of stories and of their sentences; what was found once is remembered."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._headlines: dict[int, _Headlines] = {}
        self._fits: dict[tuple[int, int], bool] = {}

    def speaks(self, story: BriefStory) -> bool:
        """Whether a headline of the story speaks of the subject: else it was only mentioned in passing."""
        return self._of(story).speak

    def fits(self, sentence: Sentence, story: BriefStory) -> bool:
        """Whether the sentence speaks of the subject, or tells what the story's headlines say of it.

        It does the latter with a name (other than a place) or a figure of theirs, or with many of their words.
        """
        key = sentence.article, sentence.index
        if key not in self._fits:
            spoken = self.vocabulary.weight(sentence.text) >= SPEAKS
            self._fits[key] = spoken or self._tells(sentence, self._of(story))
        return self._fits[key]

    def _tells(self, sentence: Sentence, headlines: _Headlines) -> bool:
        if not headlines.speak:
            return False
        near = (len(sentence.shingles & each) / max(1, len(each)) for each in headlines.shingles[sentence.language])
        return (
            not sentence.figures.isdisjoint(headlines.figures)
            or any(share >= AT_HEADLINE for share in near)
            or not headlines.names.isdisjoint(self.vocabulary.lexicon.find(sentence.text))
        )

    def _of(self, story: BriefStory) -> _Headlines:
        if story.id not in self._headlines:
            titles = [article.title for article in story.articles]
            self._headlines[story.id] = _Headlines(
                speak=any(self.vocabulary.weight(title) >= SPEAKS for title in titles),
                names=frozenset(n for t in titles for n in self.vocabulary.lexicon.find(t) if n.kind != "place"),
                figures=frozenset(key for title in titles for key in quantities.keys(title)),
                shingles={
                    language: [shingles(article.title, language) for article in story.written_in(language)]
                    for language in LANGUAGES
                },
            )
        return self._headlines[story.id]
