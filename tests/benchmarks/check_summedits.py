"""How the check does on SummEdits (Laban et al. 2023): real documents with summaries, some edited to contradict them.

    python -m tests.benchmarks.check_summedits [NAME ...]

A summary counts as inconsistent where there is a finding about facts. Many of these edits swap a common word for its
opposite, which needs a reader; what is measured here is precision, and how much plain figures and names catch.
"""

import argparse
import datetime as dt
import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

import django

django.setup()

from newsletter import lexicon  # noqa: E402
from newsletter.bilingual import Both  # noqa: E402
from newsletter.check.document import IssueDocument  # noqa: E402
from newsletter.check.run import check_document  # noqa: E402
from newsletter.check.values import ArticleValue, BlockValue  # noqa: E402
from newsletter.sentences import cite, split_sentences  # noqa: E402
from tests.shared import SHARED  # noqa: E402

FACTS = frozenset({"figure", "name", "roles", "origin", "quotation", "certainty"})
FOLDER = SHARED / "data/d_labelled/summedits"


def is_doubted(document: str, summary: str, names: lexicon.Lexicon) -> bool:
    """Whether the check has a doubt of fact about `summary` of `document`."""
    text = " ".join(cite(sentence, [1], "en") for sentence in split_sentences(summary, "en"))
    article = ArticleValue("a1", 1, None, "", "en", "", document, "", None)
    foreign = frozenset({"zh"})
    block = BlockValue("item-1", "highlights", None, 1, None, Both(), Both(text, text), "independent", foreign)
    issue = IssueDocument(dt.date(2026, 3, 12), Both(), (), (article,), (block,))
    return any(finding.kind in FACTS for finding in check_document(issue, names).findings)


def measure(path: Path, names: lexicon.Lexicon) -> str:
    """One line: precision and recall of "inconsistent", beside calling everything so."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    pairs = [(row["label"] == 0, is_doubted(row["doc"], row["summary"], names)) for row in rows]
    caught, wrong = sum(bad and said for bad, said in pairs), sum(bad for bad, _ in pairs)
    said = sum(said for _, said in pairs)
    false = sum(said and not bad for bad, said in pairs) / max(1, len(pairs) - wrong)
    name = path.stem.removeprefix("summedits_")
    return (
        f"{name:12} {len(pairs)} summaries, {wrong / len(pairs):.0%} inconsistent (the precision of calling all so); "
        f"precision {caught / max(1, said):.2f}, recall {caught / max(1, wrong):.2f}, false alarms {false:.1%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=["news", "ectsum"])
    known = lexicon.load()
    for name in parser.parse_args().names:
        print(measure(FOLDER / f"summedits_{name}.json", known), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
