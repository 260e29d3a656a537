"""The essay on the day's lead: what happened, then the figures, who says what, what may follow, what is to come.

It opens with the leading theme: the lead story, what else is told of its actors, and the rest of its topic; the next
theme follows. A paragraph stands only where both languages have something for it, so that the two halves answer.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import passages, wording
from newsletter.compose.brief import BriefStory
from newsletter.compose.draft import DraftBlock, cite
from newsletter.compose.extract import Sentence
from newsletter.compose.own_words import own
from newsletter.compose.passages import Told
from newsletter.compose.patterns import AHEAD, REASON
from newsletter.compose.pool import Pool, newsworthy
from newsletter.lexicon import Name

THEMES = 2
TOPICS = 6  # of which the themes are chosen
PIECES = 3  # sentences or headlines of a paragraph
KIN = 14  # stories of a theme that are looked at
LOOKED_AT = 40  # for the figures, the voices and what follows
_FIGURES = re.compile(
    r"[$€£¥]\s?\d|\d(?:[\d.,]*)\s?(?:%|percent\b|billion\b|million\b|trillion\b|gigawatts?\b|GW\b|MW\b)"
    r"|\d[\d.,]*\s?(?:万|亿|倍|吉瓦|兆瓦|美元|欧元|港元|元|名|家|台|个百分点)"
)
_VOICES = {
    "en": re.compile(
        r"(?<!paper )(?<!report )(?<!sources )(?<!study )\b(?:said|says|told|tells|warn(?:s|ed)?|argue\w*|called|calls"
        r"|urg\w+|asks?|backs|claims?|denies)\b(?! for\b)"
    ),
    "zh": re.compile(r"表示|认为|指出|回应|强调|警告|呼吁|声明|称(?![为之])"),
}
_MAY = {
    "en": re.compile(r"\b(?:could|may|might|would|risks?|likely|threat\w*|fears?)\b"),
    "zh": re.compile(r"有望|或将|可能|风险|影响|冲击|担忧|威胁"),
}
Fits = Callable[[str, str], bool]  # a text and its language


@dataclass(frozen=True, slots=True)
class Role:
    """What a paragraph tells: how it opens, and which sentences and headlines tell that."""

    lead: Both
    fits: Fits


ROLES = (
    Role(Both("In figures:", "从数字看："), lambda text, language: bool(_FIGURES.search(text))),
    Role(Both("Who says what:", "各方说法："), lambda text, language: bool(_VOICES[language].search(text))),
    Role(
        Both("What it may mean:", "可能的影响："),
        lambda text, language: bool(REASON[language][0].search(text) or _MAY[language].search(text)),
    ),
    Role(wording.AHEAD, lambda text, language: bool(AHEAD[language].search(text))),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a story, or its headline, with the article that the headline stands on."""

    story: BriefStory
    sentence: Sentence | None = None
    headline: str = ""
    article: int = 0


Part = tuple[Both, dict[str, tuple[Piece, ...]]]  # how a paragraph opens, and its pieces by language


def write_analysis(pool: Pool) -> DraftBlock | None:
    """The essay; a language that can tell nothing of the day has it in the other one, whole."""
    native = [language for language in LANGUAGES if any(story.written_in(language) for story in pool.brief.stories)]
    parts = _parts(pool, native)
    if not parts and len(native) > 1:  # nothing that both can tell: each language would stand alone
        native = native[:1] if _parts(pool, native[:1]) else native[1:]
        parts = _parts(pool, native)
    if not parts:
        return None
    texts = {language: _text(pool, parts, language) for language in native}
    foreign = tuple(language for language in LANGUAGES if language not in native)
    text = Both(*(texts.get(language) or texts[native[0]] for language in LANGUAGES))
    return DraftBlock("analysis", "analysis", text, foreign=foreign, data=True)


def _parts(pool: Pool, languages: Sequence[str]) -> list[Part]:
    """The themes and roles that all of `languages` can tell; a story tells one part only.

    To the roles the leading theme's stories come first, then the day's others.
    """
    told: dict[str, set[int]] = {language: set() for language in languages}
    parts: list[Part] = []
    first: list[BriefStory] = []
    for slug in passages.leading_topics(pool.brief.chosen or pool.brief.stories, TOPICS):
        about = _theme(pool, slug)
        pieces = {language: _opening(pool, about, language, told[language]) for language in languages}
        if len(parts) < THEMES and all(pieces.values()):
            _tell(told, pieces)
            parts.append((_counts(pool, slug), pieces))
            first = first or about
    about = list(dict.fromkeys([*first, *pool.brief.stories]))[:LOOKED_AT]
    for role in ROLES if parts else ():
        pieces = {language: _pieces(pool, about, role, language, told[language]) for language in languages}
        if all(pieces.values()):
            _tell(told, pieces)
            parts.append((role.lead, pieces))
    return parts


def _tell(told: dict[str, set[int]], pieces: dict[str, tuple[Piece, ...]]) -> None:
    for language, mine in pieces.items():
        told[language].update(piece.story.id for piece in mine)


def _text(pool: Pool, parts: Iterable[Part], language: str) -> str:
    """What the lists wrote most about, then the parts, each under its lead."""
    told = [_paragraph(pool, pieces[language], language, own(lead)) for lead, pieces in parts]
    return "\n\n".join(filter(None, [_contrast(pool)[language], *told]))


def _counts(pool: Pool, slug: str) -> Both:
    """ "Agents drew 29 articles, 26 in China media and 3 in US media." """
    return wording.drew(slug, [(desk, dict(desk.topics).get(slug, 0)) for desk in pool.brief.lists])


def _contrast(pool: Pool) -> Both:
    """What each list wrote most about, counted; nothing where there are not two lists."""
    firsts = [(desk, *desk.topics[0]) for desk in pool.brief.lists if desk.topics]
    return wording.contrast(firsts) if len(firsts) > 1 else Both()


def _paragraph(pool: Pool, pieces: Iterable[Piece], language: str, lead: str) -> str:
    """`lead`, the sentences, then the headlines: "Also reported: …" after sentences."""
    pieces = list(pieces)
    said = [Told(piece.story, (piece.sentence,)) for piece in pieces if piece.sentence]
    taken = passages.take(pool, said, language, speak=False)
    titles = [cite(piece.headline, [piece.article], language) for piece in pieces if not piece.sentence]
    for piece in pieces:
        pool.tell(piece.story, language)
    stop = wording.STOP[language]
    tail = ("；" if language == "zh" else "; ").join(titles) + stop if titles else ""
    if taken and tail:
        tail = own(wording.ALSO) + tail
    text = passages.paragraph(pool, taken, language, "", tail)
    return lead + text if text else ""


def _theme(pool: Pool, slug: str) -> list[BriefStory]:
    """The stories of a theme: its first story, what shares an actor with it, then its topic, in ranked order."""
    topic = [story for story in (*pool.brief.chosen, *pool.brief.further) if story.topic == slug]
    if not topic:
        return []
    actors = _actors(pool, topic[0])
    kin = [story for story in pool.brief.stories if actors & _actors(pool, story) and story is not topic[0]]
    return list(dict.fromkeys([topic[0], *kin, *topic[1:]]))[:KIN]


def _actors(pool: Pool, story: BriefStory) -> set[Name]:
    """Whom its headlines name, places left out."""
    kinds = ("company", "agency", "model", "person")
    return {name for a in story.articles for name in pool.lexicon.find(a.title) if name.kind in kinds}


def _opening(pool: Pool, about: Sequence[BriefStory], language: str, told: Collection[int]) -> tuple[Piece, ...]:
    """The theme's first stories, each by a sentence that its item leaves, else by its headline."""
    pieces: list[Piece] = []
    for story in (story for story in about if story.id not in told):
        if len(pieces) == PIECES:
            break
        best = pool.best(_free(pool, story, language), newsworthy, least=2.0)
        found = None if best else pool.sound_headline(story, language)
        if best:
            pieces.append(Piece(story, best))
        elif found:
            pieces.append(Piece(story, None, found.text, found.article))
    return tuple(pieces)


def _pieces(
    pool: Pool, about: Sequence[BriefStory], role: Role, language: str, told: Collection[int]
) -> tuple[Piece, ...]:
    """Sentences that tell the role, the best first; headlines that do, where they are too few."""
    pieces = _spoken(pool, about, role, language, told)[:PIECES]
    for story in about:
        if len(pieces) == PIECES:
            break
        fresh = story.id not in told and story not in [piece.story for piece in pieces]
        found = pool.sound_headline(story, language) if fresh else None
        if found and role.fits(found.text, language):
            pieces.append(Piece(story, None, found.text, found.article))
    return tuple(pieces)


def _spoken(pool: Pool, about: Sequence[BriefStory], role: Role, language: str, told: Collection[int]) -> list[Piece]:
    ways = []
    for place, story in enumerate(about):
        if story.id in told:
            continue
        fit = [sentence for sentence in _free(pool, story, language) if role.fits(sentence.text, language)]
        if best := pool.best(fit, newsworthy, least=1.0):
            ways.append((0.3 * place - newsworthy(best), Piece(story, best)))
    return [piece for _, piece in sorted(ways, key=lambda way: way[0])]


def _free(pool: Pool, story: BriefStory, language: str) -> list[Sentence]:
    """The story's sentences that may still be quoted: of the subject, and not of an earlier year."""
    free = pool.free(story.written_in(language), language)
    return [each for each in free if not each.background and pool.pertinence.fits(each, story)]
