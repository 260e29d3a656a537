"""Changing or dropping the sentence that a finding is about, in both languages where they are paired."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from newsletter.bilingual import LANGUAGES
from newsletter.models import Block, Finding
from newsletter.review import editing
from newsletter.review.mending import mend
from newsletter.review.pairing import Pair, pair_block
from newsletter.review.splicing import spliced

GAPS = {"en": " ", "zh": ""}  # between two sentences


def pairs_of(block: Block) -> list[Pair]:
    """The block's text as rows of paired sentences, without its heading."""
    return text_pairs((block.text_en, block.text_zh), block.parity)


def text_pairs(text: tuple[str, str], parity: str) -> list[Pair]:
    """A text in both languages (English, Chinese) as rows of paired sentences."""
    return pair_block(("", ""), text, parity)


def drop_sentence(finding: Finding, user: User) -> bool:
    """Take the sentence of `finding`, and what stands beside it in the other language, out of its block.

    False where there is no such sentence any more. Where it is all that the block says, or its headline, the block is
    dropped. Raises what `editing.edit_block` raises.
    """
    block = _block(finding)
    pairs = pairs_of(block)
    at = next((n for n, pair in enumerate(pairs) if finding.sentence in (*pair.en, *pair.zh)), None)
    if at is None:
        headline = finding.sentence in ("", block.title_en, block.title_zh)
        return editing.drop(block, user) if headline else False
    gone = _beside(pairs[at], finding.sentence, block)
    texts = {f"text_{x}": _without(block, x, pairs, at, gone[x]) for x in LANGUAGES}
    if not any(text.strip() for text in texts.values()):
        return editing.drop(block, user)
    return editing.edit_block(block, user, texts, seen=editing.version(block))


def mend_sentence(finding: Finding, user: User) -> bool:
    """Take the check's own proposal. EditRefusedError where it has none, or the sentence has changed."""
    block, proposal = _block(finding), mend(finding)
    names = [name for name in editing.TEXTS if name.endswith(f"_{finding.language}")]
    field = next((name for name in names if finding.sentence in getattr(block, name)), None)
    if proposal is None or field is None:
        raise editing.EditRefusedError({"sentence": _("The sentence has changed since: look at it again.")})
    text = getattr(block, field).replace(finding.sentence, proposal.sentence, 1)
    return editing.edit_block(block, user, {field: text}, seen=editing.version(block))


def _block(finding: Finding) -> Block:
    if finding.block is None:
        raise editing.EditRefusedError({"sentence": _("This is about the whole issue: no sentence can be changed.")})
    finding.block.issue = finding.issue
    return finding.block


def _beside(pair: Pair, sentence: str, block: Block) -> dict[str, tuple[str, ...]]:
    """What goes with `sentence`: all of its row where both languages say the same, else it alone."""
    if block.parity == "independent":
        return {x: tuple(s for s in pair[x] if s == sentence) for x in LANGUAGES}
    return {x: pair[x] for x in LANGUAGES}


def _without(block: Block, language: str, pairs: list[Pair], at: int, gone: tuple[str, ...]) -> str:
    text: str = getattr(block, f"text_{language}")
    groups = [[sentence] for pair in pairs for sentence in pair[language]]
    first = sum(len(pair[language]) for pair in pairs[:at])
    here = range(first, first + len(pairs[at][language]))
    return spliced(text, groups, {n: "" for n in here if groups[n][0] in gone}, gap=GAPS[language])
