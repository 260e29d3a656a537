"""Who does what to whom in one sentence, in either language, however it is put: active, passive, "from", 被, 由, 向.

A deed goes from its doer to whom it is done to. The words for it stand in one of two orders: the doer first ("buys",
收购), or last ("receives ... from", 采购). Passives and the Chinese words before a name (被 获 由 向 从 把) turn them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.check.deed_words import BOUGHT, VERBS
from newsletter.typography import has_han

_CLAUSE = re.compile(r"[;；。!?！？]")
_PASSIVE = re.compile(r"\b(?:is|was|were|are|be|been|being|get|gets|got|gotten)\b(?:\s\w+){0,2}\s*$", re.I)
_PARTICIPLE = re.compile(r"(?:ed|bought|sold|sued|overtaken|taken over)$", re.I)
_BY = re.compile(r"\s*(?:[^.;,]{0,60}\s)?by\s", re.I)
_ASIDE = re.compile(r"^\s?[,(（，]")  # behind a name: what follows is said of it in passing
# What stands right before the last name before a Chinese verb, and whom it makes of that name.
_MARKED = (
    ("doer", re.compile(r"(?:被|遭(?:到|遇)?|获(?:得)?了?|得到了?|受到?|由|经|来自)\s?$")),
    ("other", re.compile(r"(?:[向对给为]|把|将)\s?$")),
    ("from", re.compile(r"[从自]\s?$")),
)
_OF = re.compile(r"^\s?旗?下?的")
_LEAVES = re.compile(r"\b(?:leav(?:es|ing|e)|left|depart(?:s|ed|ing)|quit(?:s|ting)?)\b|离开|离职|从", re.I)
_FOR = re.compile(r"\b(?:for|to|join(?:s|ed|ing)?|becom\w+)\b|加入|加盟|出任|转投|跳槽|担任", re.I)
_JOINS = re.compile(r"\b(?:join(?:s|ed|ing)?|(?:moves|moved|moving|returns|returned) to)\b", re.I)
_FROM = re.compile(r"(?:^|[\s,])from\s[^.;,]{0,40}$", re.I)
_REACH = 45  # characters between a name and the deed
_OWN_WAY = frozenset({"fund", "sue", "accuse", "ban", "supply", "investigate"})  # done 向 or 对 somebody
_BOUGHT_FROM = frozenset({"supply", "poach", "fund"})  # 从 says at whose cost or from whom


@dataclass(frozen=True, slots=True)
class Party:
    """A name in the text: `text[start:end]`, and the key by which it is known in both languages."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Deed:
    """`doer` does `act` to `other`; None for whoever is named by no name that is known. `words` say so."""

    doer: str | None
    act: str
    other: str | None
    words: str


@lru_cache(8_192)
def deeds_in(text: str, parties: tuple[Party, ...]) -> tuple[Deed, ...]:
    """All deeds that the sentence tells; `parties` are its names in order. With one name known, the other is None."""
    found = list(_moves(text, parties))
    lang = "zh" if has_han(text) else "en"
    for act, doer_first, pattern in VERBS[lang]:
        for match in pattern.finditer(text):
            before = [p for p in parties if p.end <= match.start() and _near(text, p.end, match.start())]
            after = [p for p in parties if p.start >= match.end() and _near(text, match.end(), p.start)]
            read = _chinese if lang == "zh" else _english
            for doer, other in read(text, match, act, before, after, doer_first):
                if doer != other:
                    ends = [p for p in (doer, other) if p]
                    start = min(match.start(), *(p.start for p in ends))
                    words = text[start : max(match.end(), *(p.end for p in ends))]
                    found.append(Deed(doer.key if doer else None, act, other.key if other else None, words))
    return tuple(dict.fromkeys(found))


_Sides = tuple[Party | None, Party | None]


def _near(text: str, start: int, end: int) -> bool:
    return end - start <= _REACH and not _CLAUSE.search(text[start:end])


def _english(
    text: str, verb: re.Match[str], act: str, before: list[Party], after: list[Party], doer_first: bool
) -> Iterator[_Sides]:
    left = _subject(text, before, verb.start())
    right = after[0] if after else None
    if (not left and not right) or (not right and verb.group().endswith("ing")):
        return  # of "…, accusing him" nobody is surely the doer
    by = _BY.match(text, verb.end())
    passive = bool(_PASSIVE.search(text[max(0, verb.start() - 30) : verb.start()]))
    reduced = by is not None and by.group().strip().lower() == "by" and _PARTICIPLE.search(verb.group())
    if doer_first and (passive or reduced):
        agent = next((p for p in after if by and p.start >= by.end() and p.start - by.end() < 25), None)
        if left:
            yield agent, left
        return
    yield (left, right) if doer_first else (right, left)
    if doer_first and left:  # "buys, from Affleck, InterPositive"
        yield from ((left, p) for p in after[1:])


def _subject(text: str, before: list[Party], verb: int) -> Party | None:
    """The name whose deed it is: the last one, unless that stands in an aside about another."""
    if not before:
        return None
    last = before[-1]
    if "," in text[last.end : verb]:
        spoken_of = [p for p in before[:-1] if _ASIDE.match(text[p.end :])]
        return spoken_of[-1] if spoken_of and "," not in text[spoken_of[-1].end + 2 : last.start] else last
    return last


def _chinese(
    text: str, verb: re.Match[str], act: str, before: list[Party], after: list[Party], doer_first: bool
) -> Iterator[_Sides]:
    if not before:
        if len(after) > 1 and _OF.match(text[after[0].end :]):
            yield after[1], after[0]  # 收购了 B 的 A
        elif after and doer_first:
            yield None, after[0]
        return
    last, first = before[-1], before[-2] if len(before) > 1 else None
    mark = _mark(text, before, verb)
    if mark == "doer":
        yield last, first
    elif mark == "passive":
        yield None, last
    elif mark == "from" and act in _BOUGHT_FROM:
        yield (first, last) if act == "poach" else (last, first)
    elif mark == "other" and (act in _OWN_WAY or text[verb.start() - 1 : verb.start()] != "所"):
        if doer_first or act != "supply":
            yield first, last
        else:
            yield last, first  # A 向 B 采购
    elif mark is None and act != "poach":
        yield from _plain(text, verb, last, after, doer_first)


def _mark(text: str, before: list[Party], verb: re.Match[str]) -> str | None:
    """What stands before the last name; `passive` where 被 or 遭 stands behind it, before the verb."""
    last = before[-1]
    between = text[last.end : verb.start()]
    if re.search(r"被|遭|获(?!悉)", between) and "，" not in between:
        return "passive"
    left = text[: last.start]
    mark = next((name for name, pattern in _MARKED if pattern.search(left)), None)
    if mark == "other" and re.search(r"[把将为]\s?$", left) and len(between) > 12:
        return None  # 将 B 的产品用于……
    return mark


def _plain(text: str, verb: re.Match[str], last: Party, after: list[Party], doer_first: bool) -> Iterator[_Sides]:
    right = after[0] if after else None
    if right and not doer_first and verb.group() in BOUGHT:
        if _OF.match(text[right.end :]):
            yield right, last  # A 采购 B 的芯片
    elif right or doer_first:
        yield (last, right) if doer_first else (right, last)


def _moves(text: str, parties: tuple[Party, ...]) -> Iterator[Deed]:
    """Somebody leaves one for another: that one gains what the first loses."""
    for match in _LEAVES.finditer(text):
        after = [p for p in parties if p.start >= match.end()]
        if len(after) > 1 and after[0].start - match.end() < 6 and _is_move(text, match, after):
            yield Deed(after[1].key, "poach", after[0].key, text[match.start() : after[1].end])
    for match in _JOINS.finditer(text):
        after = [p for p in parties if p.start >= match.end()]
        if len(after) > 1 and after[0].start - match.end() < 6 and _FROM.search(text[after[0].end : after[1].start]):
            yield Deed(after[0].key, "poach", after[1].key, text[match.start() : after[1].end])


def _is_move(text: str, match: re.Match[str], after: list[Party]) -> bool:
    between = text[after[0].end : after[1].start]
    return len(between) < 90 and bool(_FOR.search(between)) and not _CLAUSE.search(between)
