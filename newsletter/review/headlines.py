"""The subject lines and the line a mail list shows beside them: how long, said before, empty, or loud like spam.

Warnings only: an editor may send what they think right. Pure but for the look at earlier issues.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from newsletter import typography
from newsletter.models import Issue, IssueState

# What a phone's list of mails shows: iOS Mail and Gmail show 35 to 41 Latin letters upright, and half as many Han.
ON_A_PHONE = {"en": 40, "zh": 18}
ON_A_SCREEN = {"en": 70, "zh": 34}  # what a mail program on a desk shows
BEFORE = 30  # issues that a subject is compared with
_LOUD = re.compile(r"[!！]{2,}|[?？]{2,}|[!！][?？]|[$￥€]{2,}")
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b")
# Words that filters and readers take for advertising.
_SELLING = re.compile(
    r"\b(?:free|act now|click here|limited time|guaranteed|winner|100%|urgent|buy now)\b"
    r"|免费领|点击领取|限时|中奖|立即购买|重大利好",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Caution:
    """One doubt about a subject. `slug`: phone, screen, empty, again, emoji, capitals, loud, selling or language."""

    slug: str
    said: str


def length(text: str, language: str) -> int:
    """English in characters, Chinese in Han characters, of which a Latin letter is half; rounded up."""
    return -int(-typography.han_length(text) // 1) if language == "zh" else len(text)


def cautions(issue: Issue, subject: str, language: str) -> list[Caution]:
    """What speaks against `subject` in `language` (en or zh), in the active language."""
    subject = " ".join(subject.split())
    if not subject:
        return [Caution("empty", _("Empty: the main line stands in its place."))]
    return [*_of_length(subject, language), *_of_words(subject, language), *_said_before(issue, subject, language)]


def _of_length(subject: str, language: str) -> Iterator[Caution]:
    long = length(subject, language)
    about = {"n": long, "phone": ON_A_PHONE[language], "screen": ON_A_SCREEN[language]}
    if long > ON_A_SCREEN[language]:
        yield Caution("screen", _("%(n)d long: even a wide screen shows about %(screen)d.") % about)
    elif long > ON_A_PHONE[language]:
        yield Caution("phone", _("%(n)d long: a phone shows about %(phone)d, so the news has to come first.") % about)


def _of_words(subject: str, language: str) -> Iterator[Caution]:
    if any(_is_emoji(char) for char in subject):
        yield Caution("emoji", _("An emoji: some filters and many readers take it for advertising."))
    shouted = [word for word in _SHOUTED.findall(subject) if len(subject) < 30 or len(word) > 5]
    letters = [char for char in subject if char.isalpha() and char.isascii()]
    if language == "en" and len(letters) > 12 and sum(char.isupper() for char in letters) > len(letters) * 0.6:
        yield Caution("capitals", _("Mostly capitals: it looks like shouting, or spam."))
    elif language == "en" and len(shouted) > 1:
        yield Caution("capitals", _("Several words in capitals: %(words)s.") % {"words": ", ".join(shouted)})
    if _LOUD.search(subject) or subject.count("!") + subject.count("！") > 1:
        yield Caution("loud", _("Exclamation marks in a row look like spam."))
    if found := _SELLING.search(subject):
        yield Caution("selling", _("“%(word)s” is a word of advertisements.") % {"word": found.group()})
    if typography.is_chinese(subject) != (language == "zh"):
        said = _("This is not in Chinese.") if language == "zh" else _("This is not in English.")
        yield Caution("language", said)


def _said_before(issue: Issue, subject: str, language: str) -> Iterator[Caution]:
    """The same words, however they are set, above one of the last issues."""
    before = (
        Issue.objects.filter(newsletter=issue.newsletter_id, date__lt=issue.date)
        .exclude(state=IssueState.SKIPPED)
        .order_by("-date", "-sequence")[:BEFORE]
    )
    folded = typography.fold(subject)
    for other in before:
        theirs = getattr(other, f"subject_{language}") or getattr(other, f"title_{language}")
        if theirs and typography.fold(theirs) == folded:
            yield Caution("again", _("No. %(number)d of %(date)s had the same.") % _named(other))
            return


def _named(issue: Issue) -> dict[str, object]:
    return {"number": issue.number, "date": issue.date}


def _is_emoji(char: str) -> bool:
    return unicodedata.category(char) == "So" or 0x1F000 <= ord(char) <= 0x1FAFF
