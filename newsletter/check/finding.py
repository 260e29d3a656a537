"""What a check says of a sentence."""

from dataclasses import dataclass
from typing import Any

from newsletter.check.values import ArticleValue

HIGH, MEDIUM, LOW = "high", "medium", "low"
RANK = {LOW: 0, MEDIUM: 1, HIGH: 2}


@dataclass(frozen=True, slots=True)
class FindingValue:
    """One doubt. `block` is None where the whole issue is meant; `lang` is en, zh or both.

    `sentence` is the exact sentence (or title) of the block; `evidence` the words that speak for or against it.
    """

    block: str | None
    lang: str
    sentence: str
    kind: str
    severity: str
    message: str
    message_zh: str
    evidence: str = ""

    def to_json(self) -> dict[str, Any]:
        """The exchange format's finding, in its words and no more."""
        return {
            **{"block": self.block, "lang": self.lang, "sentence": self.sentence, "kind": self.kind},
            **{"severity": self.severity, "message": self.message, "evidence": self.evidence},
        }


def about(article: ArticleValue) -> str:
    """An article as evidence names it: "[3] 36氪:"."""
    return f"[{article.n}] {article.outlet}:" if article.n is not None else f"{article.outlet}:"
