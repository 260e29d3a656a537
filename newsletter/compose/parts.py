"""The parts of an issue that a model writes: what is asked for each, and the blocks that come of the answer.

All of them have the same system blocks and the same schema, and three of them the same material: the cache of the
service holds what is before the first difference.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from newsletter.bilingual import LANGUAGES, Both
from newsletter.compose import answers, frontpage, items, material, prompts, wording
from newsletter.compose.answers import Blocks, Reader, Wanted
from newsletter.compose.brief import Brief, BriefList
from newsletter.compose.draft import DraftBlock
from newsletter.compose.receipts import Asked
from newsletter.compose.triage import Triage

MAX_TOKENS = 16_000  # thinking and answer
Good = Mapping[str, tuple[Both, Both]]  # key -> title and text, as the model wrote them


@dataclass(frozen=True, slots=True)
class Part:
    """One request, the keys wanted of its answer, who reads it, and what becomes of the good blocks."""

    asked: Asked
    wanted: tuple[Wanted, ...]
    reader: Reader
    blocks: Callable[[Good], list[DraftBlock]]

    def again(self, faults: Mapping[str, str]) -> "Part":
        """The same for the blocks that were no use, saying why. Raises PromptError."""
        prompt = prompts.read("again")
        said = "\n".join(f"- {key}: {fault}" for key, fault in faults.items())
        asked = replace(
            self.asked,
            version=f"{self.asked.version} +{prompt.version}",
            prompt=prompt.filled(instructions=self.asked.prompt, faults=said),
        )
        wanted = tuple(each for each in self.wanted if each.key in faults) or self.wanted
        return replace(self, asked=asked, wanted=wanted)


def parts_of(brief: Brief, sorted_: Triage) -> list[Part]:
    """Every part, those first that share the day's material. Raises PromptError."""
    shared, shown = material.whole_day(brief)
    lists = {
        desk.slug: material.of_list(brief, desk, sorted_.grades) for desk in brief.lists if brief.of_list(desk.slug)
    }
    further, citable = material.headlines(brief, sorted_.grades, sorted_.titles)
    texts = [shared, further, *(text for text, _ in lists.values())]
    ask = _Asker((prompts.read("system").text, _today(brief, texts)))
    return [
        _items(brief, ask, shared, shown),
        _day(brief, ask, shared, further, shown | citable),
        _analysis(brief, ask, shared, shown),
        *(_report(brief, ask, desk, *lists[desk.slug]) for desk in brief.lists if desk.slug in lists),
    ]


def _today(brief: Brief, texts: list[str]) -> str:
    """What stays the same all morning: the date, the lists, yesterday's main line, and how names are written."""
    lists = {desk.slug: f"{desk.names['en']} / {desk.names['zh']}" for desk in brief.lists}
    return prompts.read("today").filled(
        date=brief.date.isoformat(),
        end=f"{brief.end:%Y-%m-%d %H:%M} ({brief.end.tzinfo})",
        lists=json.dumps(lists, ensure_ascii=False),
        yesterday=json.dumps(brief.yesterday.to_json(), ensure_ascii=False) if brief.yesterday else "none",
        names=json.dumps(material.glossary(" ".join(texts)), ensure_ascii=False, separators=(",", ":")),
    )


@dataclass(frozen=True, slots=True)
class _Asker:
    system: tuple[str, ...]

    def __call__(self, name: str, purpose: str, shared: str, **values: str) -> Asked:
        prompt = prompts.read(name)
        return Asked(
            purpose=purpose,
            version=prompt.version,
            model=settings.CLAUDE_MODEL,
            system=self.system,
            shared=shared,
            prompt=prompt.filled(**values),
            schema=answers.schema_of(Blocks),
            max_tokens=MAX_TOKENS,
            effort="" if settings.CLAUDE_EFFORT == "none" else settings.CLAUDE_EFFORT,
        )


def _items(brief: Brief, ask: _Asker, shared: str, shown: frozenset[int]) -> Part:
    stories = {f"item-{story.slot}": story for story in brief.chosen}

    def blocks(good: Good) -> list[DraftBlock]:
        return [
            _block(key, "item", title, text, story=stories[key].id, extra=items.snapshot(stories[key]))
            for key, (title, text) in good.items()
        ]

    asked = ask("items", "items", shared, keys=", ".join(stories))
    sources = {
        key: frozenset(article.id for article in material.spread(story.articles)) for key, story in stories.items()
    }
    wanted = tuple(Wanted(key, titled=True, sources=sources[key]) for key in stories)
    return Part(asked, wanted, Reader(brief, shown), blocks)


def _report(brief: Brief, ask: _Asker, desk: BriefList, text: str, shown: frozenset[int]) -> Part:
    slug = desk.slug
    asked = ask("report", f"report {slug}", "", list=desk.names["en"], slug=slug, material=text)
    wanted = (
        Wanted(f"highlights-{slug}", most=4_000),
        *(Wanted(f"insight-{slug}-{n}", titled=True, needed=False) for n in range(1, 5)),
        *(Wanted(f"{kind}-{slug}", needed=False, most=2_500) for kind in ("business", "technology")),
    )

    def blocks(good: Good) -> list[DraftBlock]:
        if f"highlights-{slug}" not in good:
            return []  # all the model's or all offline: halves would tell the same twice
        return [_block(key, key.split("-")[0], title, text, list=slug) for key, (title, text) in good.items()]

    return Part(asked, wanted, Reader(brief, shown), blocks)


def _analysis(brief: Brief, ask: _Asker, shared: str, shown: frozenset[int]) -> Part:
    def blocks(good: Good) -> list[DraftBlock]:
        return [_block(key, "analysis", Both(), text) for key, (_, text) in good.items()]

    return Part(ask("analysis", "analysis", shared), (Wanted("analysis", most=6_000),), Reader(brief, shown), blocks)


def _day(brief: Brief, ask: _Asker, shared: str, further: str, shown: frozenset[int]) -> Part:
    only = {f"only-{desk.slug}": desk for desk in brief.lists if brief.of_list(desk.slug)}
    asked = ask("day", "day", shared, only=", ".join(only), material=further)
    wanted = (
        Wanted("main-line", titled=True),
        *(Wanted(f"comparison-{n}", titled=True, needed=False) for n in range(1, 4)),
        *(Wanted(key, needed=False) for key in only),
        *(Wanted(f"qa-{n}") for n in range(1, len(wording.QUESTIONS) + 1)),
    )

    def blocks(good: Good) -> list[DraftBlock]:
        made = [_main_line(brief, *good["main-line"])] if "main-line" in good else []
        told = {key: pair for key, pair in good.items() if key.startswith("comparison-") or key in only}
        if any(key not in only for key in told):
            made.append(_comparison(told, only))
        for n, question in enumerate(wording.QUESTIONS, 1):
            if f"qa-{n}" in good:
                made.append(_block(f"qa-{n}", "qa", question, good[f"qa-{n}"][1]))
        return made

    return Part(asked, wanted, Reader(brief, shown), blocks)


def _main_line(brief: Brief, title: Both, text: Both) -> DraftBlock:
    """The lead follows the window in words, whose counts are the data's own."""
    windows = [frontpage.window(brief, language) for language in LANGUAGES]
    lead = Both(f"{windows[0]} {text.en}", f"{windows[1]}{text.zh}")
    return replace(_block("main-line", "main_line", title, lead), data=True)


def _comparison(told: Good, only: Mapping[str, BriefList]) -> DraftBlock:
    """A paragraph for each story told side by side, then one for what each list alone reports."""
    lines: dict[str, list[str]] = {"en": [], "zh": []}
    for key, (title, text) in sorted(told.items(), key=lambda pair: (pair[0] in only, pair[0])):
        names = only[key].names if key in only else {}
        heads = Both(f"Only in {names['en']}", f"只见于{names['zh']}") if names else title
        lines["en"].append(f"{heads.en}: {text.en}" if names else f"{heads.en}{wording.STOP.en} {text.en}")
        lines["zh"].append(f"{heads.zh}：{text.zh}" if names else f"{heads.zh}{wording.STOP.zh}{text.zh}")
    both = Both("\n\n".join(lines["en"]), "\n\n".join(lines["zh"]))
    return _block("comparison", "comparison", wording.COMPARISON, both)


def _block(key: str, kind: str, title: Both, text: Both, **fields: object) -> DraftBlock:
    made = DraftBlock(key, kind, text, title, parity="translated", composer=settings.CLAUDE_MODEL)
    return replace(made, **fields)  # type: ignore[arg-type]
