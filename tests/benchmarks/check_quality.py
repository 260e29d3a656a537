"""How many planted errors the check finds, and how often it cries wolf.

    python -m tests.benchmarks.check_quality [--show KIND]

Clean text: sentences of two real days as they stand in their articles, and real headlines with a machine's translation
(which holds true errors of its own: read --show clean before blaming the check).
"""

import argparse
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

import django

django.setup()

from newsletter import lexicon  # noqa: E402
from newsletter.check.document import IssueDocument  # noqa: E402
from newsletter.check.run import check_document  # noqa: E402
from tests.benchmarks.planting import PLANTS, extracted, plant, translated  # noqa: E402
from tests.shared import SHARED  # noqa: E402


def documents() -> dict[str, IssueDocument]:
    """What is planted in, by name."""
    days = ("2026-03-11", "2026-03-12")
    paths = {day: (SHARED / f"data/a_days/{day}/articles.jsonl", SHARED / f"gold/{day}.jsonl") for day in days}
    found = {f"day {day}": extracted(*paths[day], size=60) for day in days}
    pairs = SHARED / "data/d_labelled/headline_pairs_en_zh_mt.tsv"
    return found | {f"pairs {seed}": translated(pairs, 150, seed) for seed in (1, 2)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", help="print the misses of one kind of plant, or the findings in `clean` text")
    show = parser.parse_args().show
    names, found = lexicon.load(), documents()
    started = time.monotonic()
    for name, document in found.items():
        result = check_document(document, names)
        serious = [f for f in result.findings if f.severity != "low"]
        rate = 100 * len(serious) / result.sentences
        print(f"{name}: {result.sentences} clean sentences, {rate:.1f} findings per 100")  # noqa: T201
        if show == "clean":
            for each in serious:
                print(f"  {each.severity} {each.kind}: {each.message}\n      {each.sentence}")  # noqa: T201
    for kind, (change, expected) in PLANTS.items():
        cells = []
        for name, document in found.items():
            changed, planted = plant(document, change, names, seed=7)
            old = {(f.block, f.kind) for f in check_document(document, names).findings}
            new = {(f.block, f.kind) for f in check_document(changed, names).findings if f.kind in expected}
            caught = {block for block, found_kind in new if block in planted} - {
                b for b, k in old - new if k in expected
            }
            cells.append(f"{name}: {len(caught)}/{len(planted)}")
            if show == kind:
                for block in changed.blocks:
                    if block.id in planted - caught:
                        print(f"  missed {block.id}: {block.text.en} | {block.text.zh}")  # noqa: T201
        print(f"{kind:32} {'  '.join(cells)}")  # noqa: T201
    print(f"{time.monotonic() - started:.1f} s")  # noqa: T201


if __name__ == "__main__":
    main()
