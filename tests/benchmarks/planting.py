"""Real text with errors put in: what `check_quality` measures on. Each plant changes one block and names the kind."""

import csv
import dataclasses
import datetime as dt
import json
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from newsletter.bilingual import Both
from newsletter.check.document import IssueDocument
from newsletter.check.values import ArticleValue, BlockValue, ListValue
from newsletter.lexicon import Lexicon, Name
from newsletter.sentences import cite, split_sentences

Plant = Callable[[BlockValue, random.Random, Lexicon], BlockValue | None]
_DISCLAIMER = BlockValue(
    *("disclaimer", "disclaimer", None, 10_000, None, Both()),
    Both("Written by AI from the articles cited.", "本期由 AI 根据所引文章写成。"),
)
_LISTS = (
    ListValue("china", Both("China media", "中国媒体"), 0),
    ListValue("us", Both("US media", "美国媒体"), 0),
)
_LEAKS = {"en": "所谓的", "zh": "a major breakthrough"}


def extracted(path: Path, gold: Path, size: int) -> IssueDocument:
    """An issue of one language a block: the first two sentences of each relevant article of a real day, cited."""
    wanted = {row["id"] for row in map(json.loads, gold.open(encoding="utf-8")) if row["relevant"] == "yes"}
    articles: list[ArticleValue] = []
    blocks: list[BlockValue] = []
    for row in map(json.loads, path.open(encoding="utf-8")):
        sentences = split_sentences(row["summary"] or "", row["lang"])[:2]
        if row["id"] not in wanted or len(sentences) < 2 or any(not 30 <= len(s) <= 300 for s in sentences):
            continue
        if any(not s.endswith((".", "。")) or s.endswith("...") for s in sentences) or len(blocks) == size:
            continue
        n, lang, date = len(blocks) + 1, row["lang"], dt.date.fromisoformat(row["id"][:10])
        published = dt.datetime.combine(date, dt.time(8), dt.UTC)
        fields = (f"a{n}", n, None, row["outlet_name"], lang, row["title"], row["summary"], row["url"], published)
        articles.append(ArticleValue(*fields))
        text = ("" if lang == "zh" else " ").join(cite(s, [n], lang) for s in sentences)
        foreign = frozenset({"en"} if lang == "zh" else {"zh"})
        title = Both(row["title"], row["title"])
        both = Both(text, text)
        blocks.append(BlockValue(f"item-{n}", "highlights", None, n, None, title, both, "independent", foreign))
    date = dt.date.fromisoformat(path.parent.name)
    return IssueDocument(date, Both(), _LISTS, tuple(articles), (*blocks, _DISCLAIMER))


def translated(path: Path, size: int, seed: int) -> IssueDocument:
    """An issue of aligned halves: real English headlines and their machine translation, each citing its headline."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 2][1:]
    rows = [row for row in rows if 40 <= len(row[0]) <= 220 and "<" not in row[0]]
    articles: list[ArticleValue] = []
    blocks: list[BlockValue] = []
    date = dt.date(2026, 3, 12)
    for n, (en, zh) in enumerate(random.Random(seed).sample(rows, size), 1):
        published = dt.datetime.combine(date, dt.time(8), dt.UTC)
        articles.append(ArticleValue(f"a{n}", n, None, f"Outlet {n % 9}", "en", en, "", "", published))
        texts = Both(cite(en.rstrip(".") + ".", [n], "en"), cite(zh.rstrip("。.") + "。", [n], "zh"))
        blocks.append(BlockValue(f"item-{n}", "highlights", None, n, None, Both(), texts))
    return IssueDocument(date, Both(), _LISTS, tuple(articles), (*blocks, _DISCLAIMER))


def plant(
    document: IssueDocument, change: Plant, lexicon: Lexicon, seed: int, kinds: Iterable[str] = ("highlights",)
) -> tuple[IssueDocument, set[str]]:
    """The document with `change` made in every block that allows it, and the ids of these."""
    rng = random.Random(seed)
    blocks = [(change(b, rng, lexicon) if b.kind in kinds else None, b) for b in document.blocks]
    planted = {old.id for new, old in blocks if new is not None and new != old}
    return dataclasses.replace(document, blocks=tuple(new or old for new, old in blocks)), planted


def _own(block: BlockValue, rng: random.Random) -> str:
    """The language to change: the one that is not foreign, or either."""
    free = [lang for lang in ("en", "zh") if lang not in block.foreign]
    return rng.choice(free)


def _with(block: BlockValue, lang: str, text: str) -> BlockValue | None:
    if text == block.text[lang]:
        return None
    return dataclasses.replace(block, text=dataclasses.replace(block.text, **{lang: text}))


def _substitute(pattern: str, change: Callable[[re.Match[str]], str]) -> Plant:
    def planted(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
        lang = _own(block, rng)
        return _with(block, lang, re.sub(pattern, change, block.text[lang], count=1))

    return planted


# A figure with a unit, outside names, dates and citations
_FIGURE = (
    r"(?<![A-Za-z0-9\[.,$-])(\$?)(\d[\d,.]*\d|\d)"
    r"(?=\s?(?:%|亿|万|元|美元|percent|million|billion|trillion|倍|家|名|篇|[BMT]\b))"
)


def _other_number(match: re.Match[str]) -> str:
    digits = match.group(2)
    return f"{match.group(1)}{(int(digits[0]) + 3) % 9 + 1}{digits[1:]}"


def _other_scale(match: re.Match[str]) -> str:
    other = {"亿": "万", "万": "亿", "billion": "million", "million": "billion", "trillion": "billion"}
    return match.group(1) + other[match.group(2)]


def _swap_name(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
    lang = _own(block, rng)
    text = block.text[lang]
    mentions = [m for m in lexicon.mentions(text) if m.name.kind in ("company", "person", "model", "product")]
    if not mentions:
        return None
    mention = rng.choice(mentions)
    if text.count(text[mention.start : mention.end]) > 1:
        return None
    other = rng.choice([name for name in lexicon.names if _may_stand_for(name, mention.name)])
    new = other.zh[0] if lang == "zh" else other.en[0]
    return _with(block, lang, f"{text[: mention.start]}{new}{text[mention.end :]}")


def _may_stand_for(new: Name, old: Name) -> bool:
    return new.kind == old.kind and new != old


def _move_citation(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
    own, other = int(block.id.rpartition("-")[2]), rng.randint(1, 40)
    if own == other:
        return None
    text = Both(*(block.text[lang].replace(f"[{own}]", f"[{other}]") for lang in ("en", "zh")))
    return dataclasses.replace(block, text=text)


def _leak(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
    lang = _own(block, rng)
    text = block.text[lang]
    places = [m.start() for m in re.finditer("，|、|的" if lang == "zh" else r"(?<=[a-z]) (?=[a-z])", text)]
    if not places:
        return None
    at = rng.choice(places) + (1 if lang == "zh" else 0)
    return _with(block, lang, f"{text[:at]} {_LEAKS[lang]} {text[at:].lstrip()}")


def _cut(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
    lang = _own(block, rng)
    return _with(block, lang, block.text[lang][: int(len(block.text[lang]) * rng.uniform(0.5, 0.9))].rstrip(" .。,，"))


def _call_it_theirs(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
    lang = _own(block, rng)
    text = block.text[lang]
    for mention in lexicon.mentions(text):
        if mention.name.kind == "company" and mention.name.home in ("CN", "US"):
            chinese = mention.name.home == "US"
            words = {
                "en": "Chinese company " if chinese else "American company ",
                "zh": "中国公司" if chinese else "美国公司",
            }
            return _with(block, lang, f"{text[: mention.start]}{words[lang]}{text[mention.start :]}")
    return None


def _quote(block: BlockValue, rng: random.Random, lexicon: Lexicon) -> BlockValue | None:
    lang = _own(block, rng)
    said = {
        "en": ", and its head said “we have never been so sure of anything”",
        "zh": "，负责人表示“我们从来没有这么有把握过”",
    }
    return _with(
        block, lang, re.sub(r"\s?(\[\d+\][.。])", lambda m: f"{said[lang]}{m.group()}", block.text[lang], count=1)
    )


_NEGATED = {
    **{"will": "will not", "is": "is not", "are": "are not", "has": "has not", "can": "cannot", "was": "was not"},
    **{"将": "不会", "已": "尚未", "会": "不会", "能": "不能"},
}
_HEDGES = (
    r"\b(?:reportedly|allegedly) |\b(?:may|could|might) (?=[a-z])|据悉，?|知情人士(?:称|透露|表示)，?|拟(?=[收投发])"
)
PLANTS: dict[str, tuple[Plant, frozenset[str]]] = {
    "changed figure": (_substitute(_FIGURE, _other_number), frozenset({"figure", "parity"})),
    "亿 for 万, million for billion": (
        _substitute(r"(\d\s?)(亿|万|billion|million|trillion)", _other_scale),
        frozenset({"figure", "parity"}),
    ),
    "dropped unit": (
        _substitute(r"(?<=\d)\s?(?:%|percent\b|亿|万|billion|million)", lambda m: ""),
        frozenset({"figure", "parity"}),
    ),
    "swapped name": (_swap_name, frozenset({"name", "parity"})),
    "moved citation": (_move_citation, frozenset({"citation_irrelevant", "figure", "name"})),
    "citation out of range": (_substitute(r"\[\d+\]", lambda m: "[9999]"), frozenset({"citation_range"})),
    "dropped citation": (_substitute(r"\s?\[\d+\]", lambda m: ""), frozenset({"uncited"})),
    "language leak": (_leak, frozenset({"language"})),
    "cut text": (_cut, frozenset({"truncated"})),
    "negation": (
        _substitute(
            r"\b(?:will|is|are|has|can|was)\b(?! not)|(?<=[\u4e00-\u9fff])(?<!智)(?<!不)(?:将|已|会|能)"
            r"(?=[\u4e00-\u9fff])(?![议员源力])",
            lambda m: _NEGATED[m.group()],
        ),
        frozenset({"certainty", "parity"}),
    ),
    "lost hedge": (_substitute(_HEDGES, lambda m: ""), frozenset({"certainty", "parity"})),
    "wrong country": (_call_it_theirs, frozenset({"origin"})),
    "invented quotation": (_quote, frozenset({"quotation"})),
}
