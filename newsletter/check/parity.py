"""The two languages of a translated block say the same; those of an independent one tell of the same event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsletter.bilingual import LANGUAGES
from newsletter.check.figures import in_its_month, nearest
from newsletter.check.finding import HIGH, MEDIUM, FindingValue
from newsletter.check.halves import check_sentences
from newsletter.check.independent import check_independent
from newsletter.check.latin import latin_names
from newsletter.check.names import is_spelled, unknown_latin
from newsletter.check.persons import may_be_spelled, titled_persons
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import block_citations, tags
from newsletter.check.values import BlockValue
from newsletter.lexicon import Name, fold
from newsletter.quantities import Quantity, agrees
from newsletter.sentences import paragraphs, split_sentences, without_citations
from newsletter.typography import count_han

_CALENDAR = frozenset({"year", "month", "date", "dom", "clock", "quarter"})
_DESCRIBED = frozenset({"place", "agency"})  # "the central bank", 当地: said without their names
_UNITS = frozenset({"tb", "gb", "mb", "pb", "kb", "gw", "mw", "kw", "ghz", "mhz", "nm", "km", "kg", "fps", "ai"})
_MONTH_BEFORE = re.compile(r"环比|上个?月|前一个?月|\b(?:previous|last|prior) month\b")
_ACRONYM = 4  # letters of what is mostly a term: PCB, circuit boards
_HAN_PER_WORD = (0.6, 4.5)  # Han characters for each English word; 1.5 to 2 is usual
_WORTH_COMPARING = 15  # English words


@dataclass(frozen=True, slots=True)
class Pair:
    """A stretch of text and its counterpart: the titles, or two paragraphs that answer to each other."""

    block: BlockValue
    en: str
    zh: str

    def sentence_with(self, words: str, lang: str) -> str:
        """The exact sentence that holds `words`; the first where none does."""
        sentences = split_sentences(self.zh if lang == "zh" else self.en, lang)
        return next((s for s in sentences if words in s), sentences[0] if sentences else "")


def check_parity(reading: Reading) -> Iterator[FindingValue]:
    """`parity` wherever the languages disagree: presence, paragraphs, citations, figures, names, extent."""
    for block in reading.document.blocks:
        if absent := list(_absent(block)):
            yield from absent
        elif block.kind == "tags":
            yield from _tags(block)
        elif block.parity == "independent":
            yield from _same_event(reading, block)
            yield from check_independent(reading, block)
        elif not block.foreign:
            yield from _translated(reading, block)


def _finding(block: BlockValue, sentence: str, en: str, zh: str, *, severity: str, evidence: str = "") -> FindingValue:
    return FindingValue(block.id, "both", sentence, "parity", severity, en, zh, evidence)


def _absent(block: BlockValue) -> Iterator[FindingValue]:
    """A text or title that stands in one language only."""
    for part, pair in (("text", block.text), ("title", block.title)):
        there = [lang for lang in LANGUAGES if pair[lang].strip()]
        if len(there) == 1:
            lang, words = there[0], {"text": "正文", "title": "标题"}[part]
            missing = ("Chinese", "中文") if lang == "en" else ("English", "英文")
            sentence = split_sentences(pair[lang], lang)[0]
            yield _finding(block, sentence, f"No {missing[0]} {part}.", f"缺少{missing[1]}{words}。", severity=HIGH)


def _tags(block: BlockValue) -> Iterator[FindingValue]:
    counts = [len(tags(block.text[lang])) for lang in LANGUAGES]
    if counts[0] != counts[1]:
        en, zh = (
            f"{counts[0]} tags in English, {counts[1]} in Chinese.",
            f"英文 {counts[0]} 个标签，中文 {counts[1]} 个。",
        )
        yield _finding(block, block.text.en.strip(), en, zh, severity=MEDIUM)


def _same_event(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    """Something must join the halves: an article, a name, a figure, in their words or in what they cite."""
    if block.kind != "item":
        return
    numbers = [set(block_citations(block, lang)) for lang in LANGUAGES]
    if numbers[0] & numbers[1] or not (numbers[0] and numbers[1]):
        return
    texts = [
        "\n".join([block.title[lang], block.text[lang], *(whole(a) for a in reading.articles(cited))])
        for lang, cited in zip(LANGUAGES, numbers, strict=True)
    ]
    names = [reading.names(text) for text in texts]
    if not (names[0] and names[1]) or names[0] & names[1]:
        return
    figures = [[q for q in reading.quantities(text) if not q.soft] for text in texts]
    if any(agrees(a, b) for a in figures[0] for b in figures[1] if a.value > 12):
        return
    shown = [", ".join(sorted(name.en[0] for name in some)[:3]) for some in names]
    en = f"Perhaps not the same event: English names {shown[0]}, Chinese {shown[1]}."
    zh = f"可能不是同一件事：英文提到 {shown[0]}，中文提到 {shown[1]}。"
    yield _finding(block, block.title.en or split_sentences(block.text.en, "en")[0], en, zh, severity=MEDIUM)


def _translated(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    texts = [paragraphs(block.text[lang]) for lang in LANGUAGES]
    pairs = [Pair(block, block.text.en, block.text.zh)]
    if len(texts[0]) == len(texts[1]):
        pairs = [Pair(block, en, zh) for en, zh in zip(*texts, strict=True)]
    else:
        en = f"{len(texts[0])} paragraphs in English, {len(texts[1])} in Chinese."
        zh = f"英文 {len(texts[0])} 段，中文 {len(texts[1])} 段。"
        yield _finding(block, pairs[0].sentence_with("", "en"), en, zh, severity=HIGH)
    for pair in pairs:
        yield from _figures(reading, pair)
        yield from _extent(pair)
        yield from check_sentences(reading, block, pair.en, pair.zh)
    if block.title.en and block.title.zh:
        yield from _figures(reading, Pair(block, block.title.en, block.title.zh))
        yield from check_sentences(reading, block, block.title.en, block.title.zh)
    yield from _names(reading, block)


def _figures(reading: Reading, pair: Pair) -> Iterator[FindingValue]:
    """Each hard figure of either language has its like in the other."""
    texts = [reading.masked(without_citations(text)) for text in (pair.en, pair.zh)]
    found = [reading.quantities(text) for text in texts]
    dated = [_dated(reading, some) for some in found]
    only = [_without_like(found[0], dated[1]), _without_like(found[1], dated[0])]
    year = reading.document.date.year
    only = [[q for q in some if not (q.unit == "year" and q.value == year)] for some in only]
    calendar = [{q.unit for q in some} & _CALENDAR for some in found]
    # A date that only one language gives ("on Tuesday", 当地时间) is no quarrel; two different dates are.
    only = [[q for q in only[i] if q.unit not in _CALENDAR or calendar[1 - i] & _kin(q.unit)] for i in (0, 1)]
    plain = (
        without_citations(pair.zh),
        without_citations(pair.en),
    )  # a bare number that is a name in the other: Qihoo 360
    only = [[q for q in only[i] if q.unit or q.scale > 1 or not _has_digits(q.text, plain[i])] for i in (0, 1)]
    if any(_MONTH_BEFORE.search(text) for text in texts):
        before = {(q.value - 2) % 12 + 1 for some in found for q in some if q.unit == "month"}
        only = [[q for q in some if q.unit != "month" or q.value not in before] for some in only]
    if not only[0] and not only[1]:
        return
    shown = [", ".join(dict.fromkeys(q.text.strip() for q in some)) for some in only]
    odd, lang = (only[0][0], "en") if only[0] else (only[1][0], "zh")
    sources = reading.articles([*block_citations(pair.block, "en"), *block_citations(pair.block, "zh")])
    both = bool(only[0] and only[1])
    yield _finding(
        *(pair.block, pair.sentence_with(odd.text.strip(), lang)),
        f"English and Chinese disagree: {shown[0]} against {shown[1]}." if both else _alone(shown, "en"),
        f"中英文不一致：英文“{shown[0]}”，中文“{shown[1]}”。" if both else _alone(shown, "zh"),
        severity=HIGH,
        evidence=nearest(reading, odd, sources),
    )


def _dated(reading: Reading, found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """17日 where the half names no month is of the issue's month, or of the one before."""
    if any(q.unit in ("month", "date") for q in found):
        return found
    return tuple(each for q in found for each in in_its_month(q, reading.document.date))


def _has_digits(number: str, text: str) -> bool:
    return number.isdigit() and bool(re.search(rf"(?<![\d.,]){number}(?![\d.,]\d|\d)", text))


def _alone(shown: list[str], lang: str) -> str:
    if lang == "en":
        return f"Only English has {shown[0]}." if shown[0] else f"Only Chinese has {shown[1]}."
    return f"只有英文里有“{shown[0]}”。" if shown[0] else f"只有中文里有“{shown[1]}”。"


def _without_like(said: tuple[Quantity, ...], others: tuple[Quantity, ...]) -> list[Quantity]:
    return [q for q in said if not q.soft and not any(_alike(q, o) for o in others)]


def _alike(one: Quantity, other: Quantity) -> bool:
    """The same figure. Where both are said to be rough, both are rounded already: they must be the same."""
    if one.about and other.about:
        return _alike(replace(one, about=False), replace(other, about=False))
    return agrees(one, other) or agrees(other, one)


def _kin(unit: str) -> set[str]:
    return {"date", "dom", "month"} if unit in ("date", "dom", "month") else {unit}


def _extent(pair: Pair) -> Iterator[FindingValue]:
    words = len(without_citations(pair.en).split())
    han = count_han(pair.zh)
    low, high = _HAN_PER_WORD
    if words >= _WORTH_COMPARING and not low * words <= han <= high * words:
        longer = ("English", "英文") if han < low * words else ("Chinese", "中文")
        yield _finding(
            *(pair.block, pair.sentence_with("", "en")),
            f"{longer[0]} says much more than the other language: {words} words, {han} characters.",
            f"{longer[1]}的内容明显多于另一种语言：英文 {words} 词，中文 {han} 字。",
            severity=MEDIUM,
        )


def _names(reading: Reading, block: BlockValue) -> Iterator[FindingValue]:
    """Each name of either language stands somewhere in the other's title or text."""
    texts = {lang: f"{block.title[lang]}\n{without_citations(block.text[lang])}" for lang in LANGUAGES}
    if block.kind == "overview":  # names outlets, each language its own way: 晨星科技 is Chenxing Tech
        texts = {lang: reading.without_outlets(text) for lang, text in texts.items()}
    found = {lang: reading.names(texts[lang]) for lang in LANGUAGES}
    only = {
        lang: _without_kin(found[lang], found[other], texts[other]) for lang, other in (("en", "zh"), ("zh", "en"))
    }
    vague = {lang: [name for name in only[lang] if name.kind in _DESCRIBED] for lang in only}
    for lang in only:  # a place or office that one language leaves out is no quarrel; two different ones are
        only[lang] = [n for n in only[lang] if n.kind not in _DESCRIBED or (vague["en"] and vague["zh"])]
    shown = {lang: [_as_written(reading, texts[lang], name) for name in only[lang]] for lang in only}
    for lang, other in (("en", "zh"), ("zh", "en")):
        shown[lang] += _codes_only_in(reading, texts[lang], lang, texts[other])
    shown["en"] += [n for n in _unheard_of(reading, block) if fold(n) not in fold(texts["zh"])]
    shown["zh"] += [p for p in titled_persons(texts["zh"]) if _is_nobody_in(reading, p, texts)]
    if not shown["en"] and not shown["zh"]:
        return
    both = bool(shown["en"] and shown["zh"])
    if not both and _are_reported(reading, block, [name for lang in only for name in only[lang]], shown):
        return  # rendered in a way that the lexicon doesn't know, or left out
    lang = "en" if shown["en"] else "zh"
    words = [", ".join(dict.fromkeys(shown["en"])), ", ".join(dict.fromkeys(shown["zh"]))]
    yield _finding(
        *(block, _place_of(block, shown[lang][0], lang)),
        f"English and Chinese disagree: {words[0]} against {words[1]}." if both else _alone(words, "en"),
        f"中英文不一致：英文“{words[0]}”，中文“{words[1]}”。" if both else _alone(words, "zh"),
        severity=HIGH if both else MEDIUM,
    )


def _are_reported(reading: Reading, block: BlockValue, names: list[Name], shown: dict[str, list[str]]) -> bool:
    """Whether all that one half alone names is in the articles that the block cites."""
    sources = reading.articles([*block_citations(block, "en"), *block_citations(block, "zh")])
    texts = [whole(article) for article in sources]
    known = frozenset().union(*(reading.names(text) for text in texts))
    folded = [reading.folded(text) for text in texts]
    codes = len(shown["en"]) + len(shown["zh"]) - len(names)
    words = [fold(word) for word in (*shown["en"], *shown["zh"])[-codes:]] if codes else []
    return all(name in known for name in names) and all(any(word in text for text in folded) for word in words)


def _without_kin(names: frozenset[Name], others: frozenset[Name], text: str) -> list[Name]:
    alone = sorted(names - others, key=lambda name: name.en[0])
    return [name for name in alone if not is_spelled(name, others, text)]


def _as_written(reading: Reading, text: str, name: Name) -> str:
    mention = next(m for m in reading.mentions(text) if m.name == name)
    return text[mention.start : mention.end]


def _codes_only_in(reading: Reading, text: str, lang: str, other: str) -> list[str]:
    """Outside the lexicon: names that keep their letters in both languages (GPT-5.4), any Latin name in Chinese."""
    folded = re.sub(r"[\s\u200b.-]", "", fold(other))
    found = []
    for name in latin_names(reading.without_names(text), lang):
        parts = name.codes if lang == "en" else name.parts
        found += [part for part in parts if _bare(part) not in folded and not _is_short_for_words(part, other)]
    return found


def _unheard_of(reading: Reading, block: BlockValue) -> list[str]:
    """Latin names of the English half that no source has: its translation can't have them from there either."""
    told = [s for s in (*reading.claims, *reading.headlines) if s.block is block and s.lang == "en"]
    found = [(s, name) for s in told for name in unknown_latin(reading, s, reading.sources(s))]
    return [name.text for s, name in found if len(name.parts) > 1]


def _is_nobody_in(reading: Reading, person: str, texts: dict[str, str]) -> bool:
    """Whether a Chinese person is known by no name of the lexicon, and the English half has no such family name."""
    known = any(person in each for name in reading.names(texts["zh"]) for each in name.zh)
    return not known and not may_be_spelled(person, texts["en"])


def _is_short_for_words(part: str, other: str) -> bool:
    """Whether it is a unit, or the initials of words that the other text spells out: OPC, one-person companies."""
    if _bare(part) in _UNITS:
        return True
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", fold(other)))
    return part.isupper() and (len(part) <= _ACRONYM or part.lower() in initials)


def _bare(part: str) -> str:
    return re.sub(r"-[a-z]+$|s$|[-.]", "", fold(part))


def _place_of(block: BlockValue, words: str, lang: str) -> str:
    sentences = [block.title[lang].strip(), *split_sentences(block.text[lang], lang)]
    return next((s for s in sentences if words in s), sentences[-1])
