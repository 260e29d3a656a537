"""Wrong names, roles, countries and renderings."""

import re

from newsletter.lexicon import Name, fold
from newsletter.typography import has_han
from tests.benchmarks.planting.base import Half, InHalf, Plant

_NAMED = frozenset({"name", "parity"})
_PERSON_ZH = re.compile(
    r"(?:CEO|创始人|董事长|总裁|教授|院士|首席科学家)\s?([\u4e00-\u9fff]{2,3}?)(?=表示|称|在|说|透露|指出|认为|，)"
)
_PERSONS_ZH = ["王建国", "李文涛", "张晓峰", "刘志强", "陈思远", "赵海波", "周鸣宇", "吴立新", "郑凯文", "孙浩然"]
_LATIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+(?![a-z])")


def _swap(*kinds: str) -> InHalf:
    """A name of the lexicon becomes another of its kind, in the language of the text."""

    def planted(half: Half) -> str | None:
        mentions = [m for m in half.lexicon.mentions(half.text) if m.name.kind in kinds]
        if not mentions:
            return None
        mention = half.rng.choice(mentions)
        new = _another(half, mention.name)
        written = (new.zh if half.tongue == "zh" and new.zh else new.en)[0] if new else ""
        return half.put(mention.start, mention.end, written) if written else None

    return planted


def _another(half: Half, old: Name) -> Name | None:
    """A name of the same kind that no article of the block has."""
    there = set(half.lexicon.find(half.sources + half.block.title.en + half.block.title.zh))
    alike = [n for n in half.lexicon.names if n.kind == old.kind and n not in there and n != old]
    day = set(half.lexicon.find(" ".join(a.title for a in half.document.articles)))
    told = [n for n in alike if n in day]
    return half.rng.choice(told if told and half.rng.random() < 0.5 else alike) if alike else None


def _swap_within_issue(*kinds: str) -> InHalf:
    """A name becomes another that the issue itself names, elsewhere: what the block cites may have both."""

    def planted(half: Half) -> str | None:
        mentions = [m for m in half.lexicon.mentions(half.text) if m.name.kind in kinds]
        own = set(half.lexicon.find(half.block.text.en + half.block.text.zh + half.block.title.en))
        told = "\n".join(b.text.en + b.title.en for b in half.document.blocks if b is not half.block)
        others = [n for n in dict.fromkeys(half.lexicon.find(told)) if n.kind in kinds and n not in own]
        if not mentions or not others:
            return None
        mention, new = half.rng.choice(mentions), half.rng.choice(others)
        written = (new.zh if half.tongue == "zh" and new.zh else new.en)[0]
        return half.put(mention.start, mention.end, written)

    return planted


def _swap_latin(half: Half) -> str | None:
    """A name of two or more words that the lexicon doesn't know becomes one that another article of the day has."""
    match = half.one_of(_LATIN)
    if match is None:
        return None
    others = {
        name
        for a in half.document.articles
        if a.lang == "en"
        for name in _LATIN.findall(a.text)
        if fold(name) not in fold(half.sources)
    }
    return half.put(match.start(), match.end(), half.rng.choice(sorted(others))) if others else None


def _swap_person_zh(half: Half) -> str | None:
    match = half.one_of(_PERSON_ZH) if half.tongue == "zh" else None
    if match is None or half.lexicon.named(match[1]):
        return None
    return half.put(match.start(1), match.end(1), half.rng.choice(_PERSONS_ZH))


_DEED = re.compile(
    r"\b(?:acquires?|acquired|to acquire|buys?|sues?|sued|backs|invests? in|accuses?|beats|overtakes|replaces|bans"
    r"|blocks|fines|hires|invests \$[\d.]+ (?:billion|million) in|to invest in)\b"
    r"|收购|起诉|投资|入股|指控|超越|超过|击败|封禁|罚款|聘请|取代|领投|批评|状告|供应",
    re.I,
)


def _reverse(half: Half) -> str | None:
    """A did it to B becomes B did it to A, where both stand close to the deed."""
    names = [m for m in half.lexicon.mentions(half.text) if m.name.kind in ("company", "person", "agency", "model")]
    for match in _DEED.finditer(half.text):
        before = [m for m in names if m.end <= match.start() and match.start() - m.end < 25]
        after = [m for m in names if m.start >= match.end() and m.start - match.end() < 25]
        if before and after and before[-1].name != after[0].name:
            a, b = before[-1], after[0]
            gap = half.text[a.end : b.start]
            if re.search(r"[。；;.\[]|被|与|和|\band\b|\bwas\b|\bby\b", gap):
                continue
            swapped = f"{half.text[b.start : b.end]}{gap}{half.text[a.start : a.end]}"
            return half.put(a.start, b.end, swapped)
    return None


def _call_it_theirs(half: Half) -> str | None:
    """“Chinese company” before an American one's name, and the reverse."""
    for mention in half.lexicon.mentions(half.text):
        if mention.name.kind == "company" and mention.name.home in ("CN", "US"):
            us = mention.name.home == "US"
            words = half.rng.choice(
                [("Chinese company ", "American company "), ("Chinese start-up ", "U.S. start-up ")]
                if half.tongue == "en"
                else [
                    ("中国公司", "美国公司"),
                    ("国产厂商", "美国厂商"),
                    ("中国科技巨头", "美国科技巨头"),
                    ("总部位于中国的", "总部位于美国的"),
                ]
            )
            return half.put(mention.start, mention.start, words[0] if us else words[1])
    return None


def _count_among(half: Half) -> str | None:
    """A company among those of the other country: “Chinese firms such as Anthropic”."""
    for mention in half.lexicon.mentions(half.text):
        if mention.name.kind == "company" and mention.name.home in ("CN", "US"):
            us, own = mention.name.home == "US", half.text[mention.start : mention.end]
            friends = ("Alibaba", "阿里巴巴") if us else ("Microsoft", "微软")
            if half.tongue == "en":
                words = f"{'Chinese' if us else 'American'} firms such as {friends[0]} and {own}"
            else:
                words = f"{friends[1]}、{own}等{'中国' if us else '美国'}企业"
            return half.put(mention.start, mention.end, words)
    return None


def _render_literally(half: Half) -> str | None:
    """A name as the lexicon says that it is never rendered, in the text's own language."""
    other = half.block.text["en" if half.lang == "zh" else "zh"]
    for mention in half.lexicon.mentions(half.text):
        nicknames = [] if has_han(mention.name.zh[0]) else [word for word in mention.name.zh if has_han(word)]
        if any(word in other for word in nicknames):
            continue  # "lobster" is right where the other half says 龙虾
        never = [word for word in mention.name.never if has_han(word) == (half.tongue == "zh")]
        if never:
            return half.put(mention.start, mention.end, half.rng.choice(never))
    return None


PLANTS = (
    Plant("swapped company", "name", _NAMED, _swap("company")),
    Plant("swapped person", "name", _NAMED, _swap("person")),
    Plant("swapped product or model", "name", _NAMED, _swap("product", "model")),
    Plant("swapped company, of the same issue", "name", _NAMED, _swap_within_issue("company")),
    Plant("swapped person, of the same issue", "name", _NAMED, _swap_within_issue("person")),
    Plant("swapped name outside the lexicon", "name", _NAMED, _swap_latin),
    Plant("swapped Chinese person", "name", _NAMED, _swap_person_zh),
    Plant("roles reversed", "other", frozenset({"roles", "parity"}), _reverse),
    Plant("wrong country", "other", frozenset({"origin"}), _call_it_theirs),
    Plant("in the wrong list", "other", frozenset({"origin"}), _count_among),
    Plant("glossary broken", "language", frozenset({"glossary"}), _render_literally),
)
