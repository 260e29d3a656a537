"""Sentences written by hand, each with its source and, most of them, with one error; what the check makes of them.

`pytest -s tests/newsletter/test_check_by_hand.py` prints how many are caught, and which odd ones are not. The even
ones were never looked at while rules were mended (tests/fixtures/check_by_hand.txt): only totals are printed.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newsletter.check.finding import FindingValue
from newsletter.check.values import ArticleValue, BlockValue
from tests.newsletter.checking import article, block, check

FILE = Path(__file__).parents[1] / "fixtures" / "check_by_hand.txt"
FITTING = {
    "roles": {"roles", "parity"},
    "hedge": {"certainty", "parity"},
    "negation": {"certainty", "parity"},
    "country": {"origin", "name"},
    "month": {"figure", "parity"},
    "parity": {"parity", "name"},
    "person": {"name", "parity"},
    "superlative": {"certainty", "parity"},
}
"""By what was planted: the kinds of finding that would tell an editor of it."""


@dataclass(frozen=True)
class Case:
    """One sentence: its number, language and error (`clean` for none), its source, the true and the wrong wording."""

    number: int
    lang: str
    planted: str
    source: ArticleValue
    right: str
    wrong: str | None

    @property
    def held_out(self) -> bool:
        return self.number % 2 == 0


@cache
def cases() -> tuple[Case, ...]:
    """All that the file holds."""
    parts = FILE.read_text(encoding="utf-8").split("\n== ")[1:]
    return tuple(_case(part) for part in parts)


def _case(part: str) -> Case:
    head, *lines = part.strip().splitlines()
    number, lang, planted = head.split()
    marked = defaultdict(list)
    for line in lines:
        marked[line[0]].append(line[2:])
    title, text = marked["<"]
    wrong = marked["-"][0] if marked["-"] else None
    return Case(int(number), lang, planted, article(int(number), title, text), marked["+"][0], wrong)


def findings(*, wrong: bool) -> dict[int, list[FindingValue]]:
    """What is found above low in one issue of all these sentences, the true or the wrong ones, by number."""
    told = [(case, case.wrong if wrong and case.wrong else case.right) for case in cases()]
    blocks = [_block(case, text) for case, text in told]
    by_number: defaultdict[int, list[FindingValue]] = defaultdict(list)
    for finding in check(*blocks, articles=tuple(case.source for case in cases())):
        if finding.severity != "low" and (number := re.fullmatch(r"case-(\d+)", finding.block or "")):
            by_number[int(number[1])].append(finding)
    return by_number


def _block(case: Case, text: str) -> BlockValue:
    halves = [re.sub(r"([.。])$", rf"[{case.number}]\1", half.strip()) for half in text.split("||")]
    name = f"case-{case.number}"
    if len(halves) == 2:
        return block(*halves, id=name)
    return block(halves[0], id=name) if case.lang == "en" else block(zh=halves[0], id=name)


def caught(*, held_out: bool) -> dict[str, list[tuple[Case, bool]]]:
    """By what was planted: each case of one half of the file, and whether a fitting finding tells of the error."""
    found, result = findings(wrong=True), defaultdict(list)
    for case in cases():
        if case.wrong and case.held_out == held_out:
            hit = any(finding.kind in FITTING[case.planted] for finding in found[case.number])
            result[case.planted].append((case, hit))
    return dict(result)


def false_findings(*, held_out: bool) -> list[FindingValue]:
    """What is found above low in the true sentences of one half of the file."""
    found = findings(wrong=False)
    return [each for case in cases() if case.held_out == held_out for each in found[case.number]]


def report(*, held_out: bool) -> str:
    """Recall by kind and false findings, for a person to read; which ones only where they may be looked at."""
    kinds, false = caught(held_out=held_out), false_findings(held_out=held_out)
    counts = {kind: (sum(hit for _, hit in some), len(some)) for kind, some in kinds.items()}
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    lines = [
        f"{'held out' if held_out else 'worked on'}: {total[0]}/{total[1]} caught; "
        + ", ".join(f"{kind} {hit}/{of}" for kind, (hit, of) in counts.items()),
        f"  false findings in {sum(case.held_out == held_out for case in cases())} true sentences: {len(false)}",
    ]
    if not held_out:
        lines += [f"  missed {case.number}: {case.wrong}" for some in kinds.values() for case, hit in some if not hit]
        lines += [f"  false: {each.kind} {each.message} | {each.sentence}" for each in false]
    return "\n".join(lines)
