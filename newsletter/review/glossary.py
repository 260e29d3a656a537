"""A name taken from the text into the lexicon: the English words and the Chinese ones, used from now on."""

from dataclasses import dataclass

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User

from newsletter import lexicon
from newsletter.lexicon import Name
from newsletter.models import Block, Issue, LexiconEntry
from newsletter.review.changing import read_again


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicon has of the words already."""

    en: Name | None  # the name that the English words are a spelling of
    zh: Name | None

    @property
    def settled(self) -> bool:
        """Whether both are spellings of one name: then there is nothing to add."""
        return self.en is not None and self.en == self.zh


def known(en: str, zh: str) -> Known:
    """Which names the words are spellings of, exactly as they are written."""
    lexicon.refresh()
    now = lexicon.load()
    return Known(now.named(en.strip()) if en.strip() else None, now.named(zh.strip()) if zh.strip() else None)


def places(issue: Issue, en: str, zh: str) -> tuple[int, int]:
    """How many blocks of the issue have the English words, and how many the Chinese ones."""
    rows = list(issue.blocks.filter(dropped=False))
    return _count(rows, en, "en"), _count(rows, zh, "zh")


def add(issue: Issue, user: User, entry: LexiconEntry) -> LexiconEntry:
    """Save `entry`, which its form has judged, and let the checks read the issue by it. No word of the issue changes,
    so an approval stays; what the checks now doubt stands at the desk."""
    entry.save()
    LogEntry.objects.log_actions(user.pk, [entry], ADDITION, f"from the desk, No. {issue.number}", single_object=True)
    read_again(issue)
    return entry


def _count(rows: list[Block], words: str, language: str) -> int:
    if not words.strip():
        return 0
    return sum(
        words.strip() in f"{getattr(row, f'title_{language}')}\n{getattr(row, f'text_{language}')}" for row in rows
    )
