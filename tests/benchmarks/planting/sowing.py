"""Puts errors of one kind into an issue, a few blocks at a time, so that none hides another."""

import dataclasses
import random
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.bilingual import LANGUAGES
from newsletter.check.document import IssueDocument
from newsletter.check.values import BlockValue
from newsletter.lexicon import Lexicon
from tests.benchmarks.planting.base import FORMAL, Half, Plant, with_text

_EVERY = 2  # of the blocks that can bear an error, one in so many gets it at a time


@dataclass(frozen=True)
class Sown:
    """An issue with errors in it; `blocks` are those that should be doubted, None standing for any of the issue."""

    document: IssueDocument
    blocks: frozenset[str | None]


def sow(document: IssueDocument, plant: Plant, lexicon: Lexicon, wanted: int, seed: int = 7) -> Iterator[Sown]:
    """Issues with at least `wanted` errors together, or as many different ones as the issue has places for."""
    rng, seen, tries = random.Random(f"{seed} {plant.name} {document.date}"), set[object](), 0
    while wanted > 0 and tries < 8:
        tries += 1
        if plant.in_issue:
            made = plant.in_issue(document, rng, lexicon)
            if made and repr(made[0].blocks) + repr(made[0].previous) not in seen:
                wanted, tries = wanted - 1, 0
                seen.add(
                    repr(made[0].blocks) + repr(made[0].previous) if made[0].articles == document.articles else tries
                )
                yield Sown(made[0], frozenset({made[1]}))
            continue
        changed = {b.id: new for b in document.blocks if (new := _in_block(document, b, plant, rng, lexicon))}
        fresh = {key: new for key, new in changed.items() if (key, new.text) not in seen}
        chosen = dict(rng.sample(sorted(fresh.items()), min(wanted, -(-len(fresh) // _EVERY))))
        if chosen:
            seen |= {(key, new.text) for key, new in chosen.items()}
            wanted, tries = wanted - len(chosen), 0
            blocks = tuple(chosen.get(b.id, b) for b in document.blocks)
            yield Sown(dataclasses.replace(document, blocks=blocks), frozenset(chosen))


def _in_block(
    document: IssueDocument, block: BlockValue, plant: Plant, rng: random.Random, lexicon: Lexicon
) -> BlockValue | None:
    if (
        block.kind in FORMAL
        or (block.data and plant.group not in ("figure", "name"))
        or (plant.on and block.kind not in plant.on)
    ):
        return None
    if plant.parity and (block.parity != plant.parity or block.foreign):
        return None
    assert plant.in_half is not None
    for lang in rng.sample(LANGUAGES, 2):
        if block.text[lang].strip():
            text = plant.in_half(Half(document, block, lang, rng, lexicon))
            if text is not None and text != block.text[lang]:
                return with_text(block, lang, text)
    return None
