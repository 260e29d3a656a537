"""Who did it to whom: `roles`."""

from collections.abc import Iterable, Iterator

from newsletter.check.deeds import Deed, Party, deeds_in
from newsletter.check.finding import HIGH, MEDIUM, FindingValue, about
from newsletter.check.latin import latin_names
from newsletter.check.reading import Reading
from newsletter.check.sentence import Sentence
from newsletter.check.values import ArticleValue
from newsletter.lexicon import fold
from newsletter.sentences import split_sentences

# Deeds that are seldom done both ways in one report, so that one side known is enough.
_ONE_WAY = frozenset({"acquire", "sue", "fund", "supply"})
Told = dict[Deed, str]


def check_roles(reading: Reading) -> Iterator[FindingValue]:
    """`roles`: the sentence has A do to B what its source has B do to A."""
    known: dict[ArticleValue, Told] = {}
    for sentence in (*reading.claims, *reading.headlines):
        said = [deed for deed in deeds(reading, sentence.plain) if deed.doer and deed.other]
        if not said:
            continue
        sources = reading.sources(sentence)
        for article in sources:
            if article not in known:
                known[article] = _told_by(reading, article)
        told = {deed: words for article in sources for deed, words in known[article].items()}
        abroad = all(article.lang != sentence.tongue for article in sources)
        for deed in said:
            yield from _reversed(sentence, deed, told, abroad=abroad)


def deeds(reading: Reading, text: str) -> tuple[Deed, ...]:
    """Who does what to whom in one sentence."""
    return deeds_in(text, _named(reading, text))


def _told_by(reading: Reading, article: ArticleValue) -> Told:
    texts = split_sentences(f"{article.title}\n\n{article.text}", article.lang)
    return {deed: f"{about(article)} {text}" for text in texts for deed in deeds_in(text, _named(reading, text))}


def _reversed(sentence: Sentence, said: Deed, told: Told, *, abroad: bool) -> Iterator[FindingValue]:
    evidence = _other_way(said, told)
    severity = HIGH
    if evidence is None and abroad and said.act in _ONE_WAY:
        evidence, severity = _one_side(said, told), MEDIUM
    if evidence is not None:
        yield FindingValue(
            *(sentence.block.id, sentence.lang, sentence.text, "roles", severity),
            f"Reversed: “{said.words}”; in the source it is the other way round.",
            f"主客颠倒：“{said.words}”，信源里正好相反。",
            evidence,
        )


def _other_way(said: Deed, told: Told) -> str | None:
    """The words of the source that have it the other way round, where none have it this way."""
    alike = [deed for deed in told if deed.act == said.act]
    if any((deed.doer, deed.other) == (said.doer, said.other) for deed in alike):
        return None
    return next((told[d] for d in alike if (d.doer, d.other) == (said.other, said.doer)), None)


def _one_side(said: Deed, told: Told) -> str | None:
    """Of two names the source, in the other language, may write one in a way nobody knows.

    It is the other way round where the known one only does there what is done to it here, or the reverse.
    """
    alike = [deed for deed in told if deed.act == said.act]
    does, suffers = _only(deed.doer for deed in alike), _only(deed.other for deed in alike)
    unknown = {said.doer, said.other} - does - suffers
    if len(unknown) != 1:
        return None
    if said.other in does - suffers and said.doer in unknown:
        return next(told[deed] for deed in alike if deed.doer == said.other)
    if said.doer in suffers - does and said.other in unknown:
        return next(told[deed] for deed in alike if deed.other == said.doer)
    return None


def _only(keys: Iterable[str | None]) -> set[str]:
    return {key for key in keys if key}


def _named(reading: Reading, text: str) -> tuple[Party, ...]:
    """The names of the text that may do something: the lexicon's, then other Latin ones."""
    found = [
        Party(m.start, m.end, m.name.en[0])
        for m in reading.mentions(text)
        if m.name.kind not in ("place", "product", "model")
    ]
    for name in latin_names(reading.without_names(text), "zh"):
        if not (name.is_code and any(map(str.isdigit, name.text))):
            found.append(Party(name.start, name.start + len(name.text), fold(name.parts[0])))
    return tuple(sorted(found, key=lambda party: party.start))
