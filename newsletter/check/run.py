"""All checks over one document."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from newsletter.check.calendar import check_calendar
from newsletter.check.citations import check_citations
from newsletter.check.claims import check_claims
from newsletter.check.copies import check_copies
from newsletter.check.counts import check_counts
from newsletter.check.document import IssueDocument
from newsletter.check.figures import check_figures
from newsletter.check.finding import RANK, FindingValue
from newsletter.check.forms import check_forms
from newsletter.check.glossary import check_glossary
from newsletter.check.language import check_language
from newsletter.check.names import check_names
from newsletter.check.origin import check_origin
from newsletter.check.parity import check_parity
from newsletter.check.reading import Reading
from newsletter.check.repeats import check_repeats
from newsletter.check.roles import check_roles
from newsletter.check.whole import check_whole
from newsletter.lexicon import Lexicon

Check = Callable[[Reading], Iterable[FindingValue]]
CHECKS: tuple[Check, ...] = (
    check_citations,
    check_figures,
    check_calendar,
    check_counts,
    check_names,
    check_roles,
    check_copies,
    check_origin,
    check_claims,
    check_parity,
    check_language,
    check_glossary,
    check_repeats,
    check_forms,
    check_whole,
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found, in reading order, and how many sentences were read."""

    findings: tuple[FindingValue, ...]
    sentences: int


def check_document(document: IssueDocument, lexicon: Lexicon) -> CheckResult:
    """Read the whole issue. Pure: no database, no network, the same findings for the same document."""
    reading = Reading(document, lexicon)
    found = [finding for check in CHECKS for finding in check(reading)]
    order = {block.id: place for place, block in enumerate(document.blocks)}
    merged = sorted(_merge(found), key=lambda f: (order.get(f.block or "", -1), f.lang, -RANK[f.severity]))
    return CheckResult(tuple(merged), len(reading.sentences))


def _merge(findings: list[FindingValue]) -> list[FindingValue]:
    """One finding for each kind and sentence: an editor settles a sentence once, however much is wrong with it."""
    merged: dict[tuple[str | None, str, str, str], FindingValue] = {}
    for new in findings:
        key = (new.block, new.lang, new.kind, new.sentence)
        old = merged.get(key)
        merged[key] = new if old is None else _join(old, new)
    return list(merged.values())


def _join(old: FindingValue, new: FindingValue) -> FindingValue:
    if new.message in old.message:
        return old
    return replace(
        old,
        severity=max(old.severity, new.severity, key=RANK.__getitem__),
        message=f"{old.message} {new.message}",
        message_zh=f"{old.message_zh}{new.message_zh}",
        evidence=" / ".join(dict.fromkeys(part for part in (old.evidence, new.evidence) if part)),
    )
