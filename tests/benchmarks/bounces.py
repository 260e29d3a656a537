"""How well incoming reports are read: `.venv/bin/python -m tests.benchmarks.bounces`.

Against the real messages of ../shared/data/c_bounces: DSN_FIELDS.tsv (what the standard library reads out of each,
a silver label), the addresses and warnings that flufl.bounce's own tests expect, the family in a file's name, and, on
whether an address is dead, bounces_judged.tsv. Beside it the baseline that many list managers have: any 5xx in the
text is a dead address. The patterns were made while reading these messages, so on unseen ones expect less.
"""

import csv
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()

from newsletter.deliver import bounces
from newsletter.deliver.bounces import Kind, Measure, Report

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "c_bounces"
_OF_ACTION = {"failed": "bounce", "expired": "bounce", "delayed": "delay", "deliverable": "other"}
_OF_FEEDBACK = {"abuse": "complaint", "opt-out": "opt_out", "auth-failure": "other"}
# Files whose name says what they are, and which have no part for machines.
_OF_NAME = {
    r"sisimai/.*/(?:bsd|dos)/arf-2[2-4]": "complaint",
    r"sisimai/.*/rfc3834-": "auto_reply",
    r"sisimai/maildir/not/is-not-": "other",
    r"sisimai/maildir/(?:bsd|dos)/(?:lhost|rhost)-(?!fml|postfix-75|gmail-(?:06|08|09|17))": "bounce",
    r"sisimai/maildir/bsd/lhost-gmail-(?:06|08|09|17)": "delay",  # "will be retried": late, by their text
    r"perl-bounceparser/(?:aol-vacation|autoreply|warning-6)": "auto_reply",
    r"perl-bounceparser/(?:.*unknown|warning-[579]|non-autoreply)": "bounce",
    r"perl-bounceparser/spam-(?:bogus|with)": "other",
    r"flufl.bounce/qmail_08": "auto_reply",
    r"flufl.bounce/groupwise_03": "other",  # a booking enquiry that their reader mustn't take for a bounce
    r"(?:mailman3|messagelib)/": "other",
}


@dataclass
class Score:
    """Counts of one question; `precision` and `recall` are 1 where nothing was asked."""

    right: int = 0
    said: int = 0
    true: int = 0

    def add(self, said: bool, true: bool) -> None:
        """One answer beside the truth."""
        self.right += said and true
        self.said += said
        self.true += true

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


class Case(NamedTuple):
    """One message, what is known of it, and what is read out of it."""

    name: str
    message: bytes
    kind: str  # "" where nothing says
    status: str
    addresses: set[str]
    report: Report


def cases(folder: Path) -> Iterator[Case]:
    """Every message of the corpora, with what their own files say of it."""
    expected = {row["file"]: row for row in _rows(folder / "flufl.bounce" / "EXPECTED.tsv")}
    for row in _rows(folder / "DSN_FIELDS.tsv"):
        name = row["file"]
        message = (folder / name).read_bytes()
        known = expected.get(name.removeprefix("flufl.bounce/"), {}) if name.startswith("flufl.bounce/") else {}
        addresses = {each.lower() for each in known.get("expected_addresses", "").split(";") if each}
        kind = (
            _OF_ACTION.get(row["action"].lower(), "")
            or _OF_FEEDBACK.get(row["feedback_type"], "")
            or (("delay" if known["flag"] == "True" else "bounce") if addresses else "")
            or next((kind for pattern, kind in _OF_NAME.items() if re.match(pattern, name)), "")
        )
        status = row["status"].split(" ")[0]
        yield Case(name, message, kind, status, addresses, bounces.read(message, domain="chenbao.example"))


def measure(folder: Path = FOLDER) -> dict[str, Score]:
    """Precision and recall of every question, and of the baseline where it has an answer."""
    names = [f"kind: {kind}" for kind in Kind if kind != Kind.COMMAND]
    scores = {name: Score() for name in [*names, "status", "addresses", "dead", "dead, baseline"]}
    judged = _judged()
    for case in cases(folder):
        if case.kind:
            for kind in Kind:
                if kind != Kind.COMMAND:
                    scores[f"kind: {kind}"].add(case.report.kind == kind, case.kind == kind)
        if case.status:
            scores["status"].right += case.report.status == case.status
            scores["status"].said += case.report.status is not None
            scores["status"].true += 1
        if case.addresses:
            found = {each.lower() for each in case.report.recipients}
            for address in case.addresses | found:
                scores["addresses"].add(address in found, address in case.addresses)
        if case.kind and (case.status or case.kind != "bounce"):
            dead = case.kind == "bounce" and re.match(r"5\.1\.(?!7$|8$)", case.status) is not None
            dead = judged.get(case.name, dead)
            scores["dead, baseline"].add(re.search(rb"\b5\d\d[ -]", case.message) is not None, dead)
            scores["dead"].add(case.report.measure is Measure.SUPPRESS, dead)
    return scores


def _judged() -> dict[str, bool]:
    lines = (Path(__file__).parent / "bounces_judged.tsv").read_text("utf8").splitlines()
    return {name: dead == "1" for name, dead in (line.split("\t") for line in lines if not line.startswith("#"))}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def main() -> None:
    """Print the table."""
    started = time.perf_counter()
    scores = measure()
    seconds = time.perf_counter() - started
    print(f"{'':22}{'precision':>10}{'recall':>8}{'of':>6}")  # noqa: T201
    for name, score in scores.items():
        print(f"{name:22}{score.precision:10.3f}{score.recall:8.3f}{score.true:6}")  # noqa: T201
    read = sum(1 for _ in _rows(FOLDER / "DSN_FIELDS.tsv"))
    print(f"{read} messages in {seconds:.1f} s: {read / seconds:.0f} a second")  # noqa: T201
    for case in cases(FOLDER):
        if case.kind and case.report.kind != case.kind:
            print(f"  {case.name}: {case.kind}, read as {case.report.kind}")  # noqa: T201


if __name__ == "__main__":
    main()
