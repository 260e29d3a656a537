"""Sentences taken over nearly word for word: what stands in one place of them and not in their source's is an error.

An extract is held to its source more strictly than a summary: a numeral, a weekday or a person put in the place of
another is seen although the article has that word elsewhere, and so are two names that changed places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from newsletter.check.alignment import Origin
from newsletter.check.finding import HIGH, MEDIUM, FindingValue, about
from newsletter.check.hedges import HEDGES, kind_lost
from newsletter.check.negation import ANY_NOT, turns
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.check.surnames import SURNAMES
from newsletter.check.values import ArticleValue
from newsletter.lexicon import Mention, fold
from newsletter.typography import HAN, count_han

_TOKEN = re.compile(rf"[{HAN}%％]|[A-Za-zÀ-ž]+(?:['’.-][A-Za-z0-9]+)*|\d+(?:[.,]\d+)*")
_SHORT = 5  # tokens that a no and what came in its place have at most
_ENOUGH = 8  # tokens that a sentence has at least
_LONGEST_HEDGE = 24  # characters of what went with a hedge; with more of it the hedge is not what was at stake
_WIRE = re.compile("据[^，]{0,6}报道$")  # how wires open: the article cited says as much
_BARE_HEDGE = re.compile("^或[将于在]?$|^[计规]划$|^拟$|^plans? to$|^planning$")
_CAME = re.compile(
    r"\b(?:first|largest|biggest|strongest|fastest|best|most|certain(?:ly)?|undoubtedly|definitely|confirmed|guaranteed|ever)\b"
    r"|(?:全球|世界|史上|有史以来|业内|国内)*(?:首[个款家次]|最[大强快先高佳])|全球|世界|史上|有史以来|业内|毫无疑问|必将|无疑|证实|确认|板上钉钉|注定|肯定会"
)
_TO_COME = re.compile(r"预计|有望|\b(?:expected|likely)\b")
_ALIKE = 0.8  # share of a sentence's tokens that its source has in the same order
_VERBATIM = 0.92  # the same, names aside, where only names may differ
_HAN_NUMERALS = frozenset("一二三四五六七八九十两")
_COUNTS = frozenset(str.split("two three four five six seven eight nine ten eleven twelve first second third fourth"))
_DAYS = frozenset(str.split("monday tuesday wednesday thursday friday saturday sunday"))
_MONTHS = frozenset(str.split("january february march april may june july august september october november december"))
_SCALED = frozenset({"万", "亿", "%", "倍", "million", "billion", "trillion", "percent"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PERSON = re.compile(rf"[{SURNAMES}][{HAN}]{{1,2}}")


@dataclass(frozen=True, slots=True)
class _Swap:
    """Words of the sentence that stand where its source has others."""

    said: tuple[str, ...]
    told: tuple[str, ...]
    before: str
    hedge: str = ""  # the kind of hedge that went (check/hedges.py)


def check_copies(reading: Reading) -> Iterator[FindingValue]:
    """`figure`, `name`, `certainty` and `roles` in sentences and headlines that copy their source."""
    for sentence in (*reading.claims, *reading.headlines):
        origin = reading.origin(sentence)
        if origin is None or origin.covered < 0.5:
            continue
        for kind, swap in _swaps(sentence.plain, origin.text):
            if kind == "surer" and (_claimed(swap, origin.article) or _open_already(sentence, swap)):
                continue
            yield _finding(sentence, origin, kind, swap)
        yield from _reversed(reading, sentence, origin)


def _tokens(text: str) -> list[str]:
    return [token.replace(",", "") for token in _TOKEN.findall(fold(text).replace("’", "'"))]


@lru_cache(4_096)
def _swaps(text: str, source: str) -> tuple[tuple[str, _Swap], ...]:
    """What stands in the place of its like, each with the kind of its finding; nothing where `text` is no copy."""
    said, told = _tokens(text), _tokens(source)
    match = SequenceMatcher(None, said, told, autojunk=False)
    if len(said) < _ENOUGH or sum(block.size for block in match.get_matching_blocks()) < _ALIKE * len(said):
        return ()
    found: list[tuple[str, _Swap]] = []
    for tag, i, j, k, n in match.get_opcodes():
        if tag == "replace" and j - i <= 6 and n - k <= 6:
            swap = _Swap(tuple(said[i:j]), tuple(told[k:n]), "".join(told[max(0, k - 4) : k]))
            if kind := _kind(swap, "".join(told[n : n + 2])):
                found.append((kind, swap))
        if tag != "equal" and _SCALED & {*said[i:j]} ^ _SCALED & {*told[k:n]} and i and _NUMBER.fullmatch(said[i - 1]):
            found.append(("figure", _Swap(tuple(said[i - 1 : j]), tuple(told[k - 1 : n]), "")))
        gap = "" if _is_han(text) else " "
        here, there = gap.join(said[i:j]), gap.join(told[k:n])
        if tag != "equal" and (tag != "delete" or j < len(said)):
            lost = _hedge_lost(here, there, text)
            if lost or (_CAME.search(here) and not _CAME.search(there)):
                found.append(("surer", _Swap(tuple(said[i:j]), tuple(told[k:n]), "", lost or "")))
        inside = i > 0 and j < len(said)
        if inside and tag != "equal" and max(j - i, n - k) <= _SHORT and _turned(said[i:j], told[k:n]):
            found.append(("certainty", _Swap(tuple(said[i:j]), tuple(told[k:n]), "")))
    return tuple(found)


def _hedge_lost(said: str, told: str, text: str) -> str | None:
    """The kind of hedge that the source has in one place of the sentence, and the sentence nowhere."""
    if len(told) > _LONGEST_HEDGE or _WIRE.search(told):
        return None
    if _BARE_HEDGE.search(told):
        return kind_lost(said, "或将" if told.startswith("或") else "打算 plans to", text)
    return kind_lost(said, told, text)


def _claimed(swap: _Swap, article: ArticleValue) -> bool:
    """Whether another sentence of the article claims the rank or certainty that came, in the same words."""
    text = fold(whole(article)).replace(" ", "")
    came = [match.group() for match in _CAME.finditer("".join(swap.said))]
    return bool(came) and all(word in text for word in came)


def _open_already(sentence: Sentence, swap: _Swap) -> bool:
    """Whether the paragraph said before that it is hearsay, or the sentence that it is still to come."""
    if not swap.hedge or _CAME.search("".join(swap.said)):
        return False
    text = sentence.block.text[sentence.lang]
    before = text if sentence.is_title else text.partition(sentence.text)[0].rpartition("\n\n")[2]
    said_before = HEDGES[swap.hedge].said.search(before)
    return bool(said_before or (swap.hedge != "hearsay" and _TO_COME.search(sentence.plain)))


def _is_han(text: str) -> bool:
    return count_han(text) * 3 > len(text)


def _turned(said: list[str], told: list[str]) -> bool:
    """Whether one of the two says no and the other doesn't."""
    here, there = (bool(turns(words)) for words in (said, told))
    positive = "".join(told if here else said)
    return here != there and not any(no.search(positive) for no in ANY_NOT.values())  # 不得 for 禁止


def _kind(swap: _Swap, after: str) -> str | None:
    """What was put in the place of its like: a numeral or a day (`figure`), a Chinese person (`name`)."""
    sides = (swap.said, swap.told)
    for alike in (_HAN_NUMERALS, _COUNTS, _DAYS, _MONTHS):
        if len(swap.said) == len(swap.told) and all(word in alike for side in sides for word in side):
            return None if {"二", "两"} >= {*swap.said, *swap.told} else "figure"
    if len(swap.said) == len(swap.told) == 1 and _NUMBER.fullmatch(swap.said[0]) and _NUMBER.fullmatch(swap.told[0]):
        return None if _rounds(swap.said[0], swap.told[0]) else "figure"
    said, told = "".join(swap.said), "".join(swap.told)
    titled = re.search(r"(?:ceo|人|官|裁|长|授|士|家|师|员|者)$", swap.before) or re.match(
        "表示|称|说|透露|指出|认为|宣布|在", after
    )
    if titled and _PERSON.fullmatch(told) and _PERSON.fullmatch(said):
        return "name"
    return None


def _rounds(said: str, told: str) -> bool:
    """159 of 158.9: the same figure with fewer digits."""
    decimals = len(said.partition(".")[2])
    return float(said) == round(float(told), decimals) and len(said) < len(told)


def _reversed(reading: Reading, sentence: Sentence, origin: Origin) -> Iterator[FindingValue]:
    """Two names changed places, and nothing else did."""
    mentions = [reading.mentions(text) for text in (sentence.plain, origin.text)]
    orders = [[m.name.en[0] for m in some if m.name.kind != "place"] for some in mentions]
    if orders[0] == orders[1] or len(set(orders[0])) < 2 or sorted(orders[0]) != sorted(orders[1]):
        return
    rest = [_tokens(reading.without_names(text)) for text in (sentence.plain, origin.text)]
    if SequenceMatcher(None, rest[0], rest[1], autojunk=False).ratio() < _VERBATIM:
        return
    moved = [name for name, other in zip(*orders, strict=True) if name != other]
    if len(moved) == 2 and not _only_listed(sentence.plain, [m for m in mentions[0] if m.name.en[0] in moved]):
        yield FindingValue(
            *(sentence.block.id, sentence.lang, sentence.text, "roles", HIGH),
            f"Reversed: {moved[0]} and {moved[1]} have changed places; in the source it is the other way round.",
            f"主客颠倒：{moved[0]} 与 {moved[1]} 互换了位置，信源里正好相反。",
            f"{about(origin.article)} {origin.text}",
        )


def _only_listed(text: str, mentions: list[Mention]) -> bool:
    """Side by side in a list or a pair the order says nothing."""
    between = text[mentions[0].end : mentions[1].start]
    return not re.sub(r"[\s、，,和与及/&]|\band\b", "", between)


def _finding(sentence: Sentence, origin: Origin, kind: str, swap: _Swap) -> FindingValue:
    gap = "" if sentence.tongue == "zh" else " "
    said, told = gap.join(swap.said) or "—", gap.join(swap.told) or "—"
    words = {
        "figure": ("Figure not in source", "信源中不是这个数字"),
        "name": ("Name not in source", "信源中不是这个名称"),
        "certainty": ("Says the opposite of its source", "与信源的意思相反"),
        "surer": ("More certain than its source", "说得比信源肯定"),
    }[kind]
    return FindingValue(
        *(sentence.block.id, sentence.lang, sentence.text, "certainty" if kind == "surer" else kind),
        MEDIUM if kind == "surer" else HIGH,
        f"{words[0]}: “{said}” stands where it has “{told}”.",
        f"{words[1]}：此处写作“{said}”，信源写作“{told}”。",
        f"{about(origin.article)} {origin.text}",
    )
