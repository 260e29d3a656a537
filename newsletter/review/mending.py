"""What a finding's sentence should say, where the check knows it and the mend is simple: pure over strings."""

import re
from dataclasses import dataclass

from newsletter.models import Finding
from newsletter.quantities import Quantity, quantities
from newsletter.sentences import cite, without_citations

_QUOTED = re.compile(r"“([^”]+)”")
_STANDS = re.compile(r"“([^”]+)” stands where it has “([^”]+)”")
_ARTICLE = re.compile(r"\[(\d{1,4})\]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Mend:
    """`was` gives way to `now` (empty: words are only added); `sentence` is the whole as it would stand."""

    was: str
    now: str
    sentence: str


def mend(finding: Finding) -> Mend | None:
    """A proposal for the sentence of `finding`; None where an editor has to find the words."""
    make = _MENDS.get(finding.kind)
    made = make(finding) if make and finding.sentence else None
    return made if made and made.sentence != finding.sentence else None


def _glossary(finding: Finding) -> Mend | None:
    """The name as the lexicon, or the rest of the issue, writes it."""
    written = _QUOTED.search(finding.message)
    right = finding.evidence.rpartition(" = ")[2].partition(" / ")[0]
    return _replaced(finding.sentence, written[1], right) if written and right else None


def _figure(finding: Finding) -> Mend | None:
    """What the source has in its place; else the one figure of that kind in the nearest place of the source."""
    if stands := _STANDS.search(finding.message):
        return _replaced(finding.sentence, stands[1], stands[2])
    missing = _QUOTED.findall(finding.message)
    known = [_ARTICLE.sub("", part).partition(": ")[2] or part for part in finding.evidence.split(" / ")]
    if len(missing) != 1 or len(known) != 1 or bool(_HAN.search(known[0])) != (finding.language == "zh"):
        return None
    said = next((q for q in quantities(finding.sentence) if q.text.strip() == missing[0].strip()), None)
    others = {q.text.strip() for q in quantities(known[0]) if said and _of_one_kind(said, q)}
    return _replaced(finding.sentence, missing[0], others.pop()) if len(others) == 1 else None


def _of_one_kind(said: Quantity, known: Quantity) -> bool:
    """Another value of the same unit; of bare counts, one in digits and of the same order."""
    if known.unit != said.unit or known.value == said.value:
        return False
    near = said.value and 0.1 <= known.value / said.value <= 10
    return bool(said.unit) or bool(near and any(map(str.isdigit, known.text)))


def _uncited(finding: Finding) -> Mend | None:
    """The nearest article that the sentence may rest on."""
    near = _ARTICLE.match(finding.evidence)
    if near is None or without_citations(finding.sentence) != finding.sentence:
        return None
    return Mend("", near[0], cite(finding.sentence, [int(near[1])], finding.language))


def _irrelevant(finding: Finding) -> Mend | None:
    """The article that is about it, in place of the one that isn't."""
    found = _ARTICLE.findall(finding.evidence)
    if len(found) != 2 or found[0] == found[1]:
        return None
    return _replaced(finding.sentence, f"[{found[0]}]", f"[{found[1]}]")


def _replaced(sentence: str, was: str, now: str) -> Mend | None:
    return Mend(was, now, sentence.replace(was, now)) if sentence.count(was) == 1 else None


_MENDS = {"glossary": _glossary, "figure": _figure, "uncited": _uncited, "citation_irrelevant": _irrelevant}
