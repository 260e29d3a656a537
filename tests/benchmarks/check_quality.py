"""How many planted errors the check finds, how often it cries wolf, and how long it takes.

    python -m tests.benchmarks.check_quality [--folder DIR] [--unseen] [--wanted 200] [--kind NAME ...] [--show]

Issues: real days as the project itself composes them (tests/benchmarks/real_issues.py; DIR keeps them); hand-written
ones in both languages over real days (planting/prose/); the sentences of two real days as they stand in their
articles; real headlines with a machine's translation (which holds true errors of its own: read --show before blaming
the check).
--unseen takes others of these kinds, which nobody looked at while the rules were made: keep it so.
"""

import argparse
import os
import statistics
import time
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

import django

django.setup()

import json  # noqa: E402

from newsletter import lexicon  # noqa: E402
from newsletter.check.document import IssueDocument  # noqa: E402
from newsletter.check.finding import FindingValue  # noqa: E402
from newsletter.check.run import check_document  # noqa: E402
from newsletter.lexicon import Lexicon  # noqa: E402
from tests.benchmarks.planting import PLANTS, Plant, sow  # noqa: E402
from tests.benchmarks.planting.base import with_text  # noqa: E402
from tests.benchmarks.planting.prose import UNSEEN, prose_days, written  # noqa: E402
from tests.benchmarks.planting.texts import extracted, translated  # noqa: E402
from tests.benchmarks.real_issues import HONEST, TUNED, real_issue  # noqa: E402
from tests.shared import SHARED  # noqa: E402

_TRUE = {"concentration"}  # what these issues and days really have: many of one outlet
Key = tuple[str | None, str, str, str, str]


def documents(folder: Path, *, unseen: bool) -> dict[str, IssueDocument]:
    """What is planted in, by name: the issues that the rules were made with, or those that nobody looked at."""
    days = HONEST if unseen else TUNED
    prose = [day for day in prose_days() if (day in UNSEEN) == unseen]
    issues = {f"prose {day}": written(day) for day in prose}
    issues |= {day: IssueDocument.from_json(json.loads(real_issue(day, folder).read_bytes())) for day in days}
    if unseen:
        return issues | {"pairs 3": translated(_PAIRS, 150, 3)}
    texts = {day: (SHARED / f"data/a_days/{day}/articles.jsonl", SHARED / f"gold/{day}.jsonl") for day in TUNED[1:]}
    issues |= {f"text {day}": extracted(*paths, size=60) for day, paths in texts.items()}
    return issues | {f"pairs {seed}": translated(_PAIRS, 150, seed) for seed in (1, 2)}


_PAIRS = SHARED / "data/d_labelled/headline_pairs_en_zh_mt.tsv"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def clean(name: str, document: IssueDocument, names: Lexicon, *, show: bool) -> tuple[int, int]:
    """What is found in text that nobody has put errors into: findings above low, and sentences."""
    result = check_document(document, names)
    serious = [f for f in result.findings if f.severity != "low" and f.kind not in _TRUE]
    kinds = Counter(f"{f.kind} {f.severity}" for f in result.findings)
    rates = [100 * len(some) / result.sentences for some in (serious, result.findings)]
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none"
    say(f"{name}: {result.sentences} sentences, {rates[0]:.1f} in 100 (with low ones {rates[1]:.1f}): {listed}")
    for each in serious if show else ():
        say(f"  {each.severity} {each.kind}: {each.message}\n      {each.sentence}\n      {each.evidence[:200]}")
    return len(serious), result.sentences


def keys(findings: tuple[FindingValue, ...]) -> set[Key]:
    return {(f.block, f.kind, f.lang, f.sentence, f.message) for f in findings}


@cache
def _found_before(document: IssueDocument, names: Lexicon) -> frozenset[Key]:
    return frozenset(keys(check_document(document, names).findings))


def caught(document: IssueDocument, plant: Plant, names: Lexicon, wanted: int, *, show: bool) -> tuple[int, int]:
    """How many of at most `wanted` errors of one kind are found in an issue, and how many were planted."""
    old = _found_before(document, names)
    found = planted = 0
    for sown in sow(document, plant, names, wanted):
        new = [key for key in keys(check_document(sown.document, names).findings) - old if key[1] in plant.kinds]
        doubted = {block for block, *_ in new}
        hit = {block for block in sown.blocks if (new if block is None else block in doubted)}
        found, planted = found + len(hit), planted + len(sown.blocks)
        for block in sown.document.blocks if show else ():
            if block.id in sown.blocks - hit:
                was = next((b for b in document.blocks if b.id == block.id), block)
                lang = next((lang for lang in ("en", "zh") if was.text[lang] != block.text[lang]), "en")
                say(f"  missed {document.date} {block.id} {lang}: {block.title[lang]} | {block.text[lang]}")
    return found, planted


def times(document: IssueDocument, names: Lexicon) -> None:
    """Processor time of the check after an edit of one block."""
    known = check_document(document, names)
    spent = []
    for block in document.blocks[:20]:
        edited = with_text(block, "en", f"{block.text.en} It was edited at {time.time_ns()}.")
        changed = IssueDocument(
            *(document.date, document.title, document.lists, document.articles),
            tuple(edited if b is block else b for b in document.blocks),
            document.previous,
        )
        started = time.process_time()
        check_document(changed, names)
        spent.append(time.process_time() - started)
    say(
        f"after an edit, of processor time, {1000 * statistics.median(spent):.0f} ms (worst {1000 * max(spent):.0f})"
        f" in {known.sentences} sentences"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/chenbao-real-issues"), help="where composed days are kept"
    )
    parser.add_argument("--only", nargs="*", default=[""], help="only issues whose name holds one of these")
    parser.add_argument("--unseen", action="store_true", help="on what nobody looked at while making the rules")
    parser.add_argument("--wanted", type=int, default=200, help="errors of each kind, over all issues")
    parser.add_argument("--kind", nargs="*", help="only plants whose name holds one of these; `clean` for none")
    parser.add_argument("--show", action="store_true", help="print what is missed, and what is found in clean text")
    options = parser.parse_args()
    names, issues = lexicon.load(), documents(options.folder, unseen=options.unseen)
    issues = {name: each for name, each in issues.items() if any(part in name for part in options.only)}
    false, sentences = Counter[str](), Counter[str]()
    started = time.monotonic()
    for name, document in issues.items():
        first = time.process_time()
        check_document(document, names)
        say(f"{name}: first reading {1000 * (time.process_time() - first):.0f} ms")
        found, read = clean(name, document, names, show=options.show and options.kind in (None, ["clean"]))
        kind = name.split()[0] if " " in name else "composed"
        false[kind], sentences[kind] = false[kind] + found, sentences[kind] + read
    for kind, count in sentences.items():
        say(f"clean, {kind}: {false[kind]} in {count} sentences, {100 * false[kind] / count:.1f} in 100")
    times(next(iter(issues.values())), names)
    groups: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for plant in PLANTS:
        if options.kind and not any(part in plant.name for part in options.kind):
            continue
        cells, total = [], [0, 0]
        share = -(-options.wanted * 2 // len(issues))
        for name, document in issues.items():
            found, planted = caught(document, plant, names, min(share, options.wanted - total[1]), show=options.show)
            total = [total[0] + found, total[1] + planted]
            cells += [f"{name} {found}/{planted}"] if planted else []
        groups[plant.group] = [a + b for a, b in zip(groups[plant.group], total, strict=True)]
        rate = f"{100 * total[0] / total[1]:5.1f}%" if total[1] else "    -"
        say(f"{plant.group:9} {plant.name:38} {rate} {total[0]}/{total[1]}   {', '.join(cells)}")
    for group, (found, planted) in groups.items():
        if planted:
            say(f"{group}: {found}/{planted}, {100 * found / planted:.1f}%")
    say(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
