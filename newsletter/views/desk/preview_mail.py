"""The editions as the preview shows and measures them: made as they are sent, kept while nothing changes."""

import hashlib
import json
import logging
import re
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.forms.models import model_to_dict
from django.urls import reverse

from newsletter import offers, workflow
from newsletter.deliver.sample import Sample, sample
from newsletter.models import Issue
from newsletter.page import BUDGET_BYTES
from newsletter.views.desk.preview_look import Look, in_words
from subscribers import audience
from subscribers.models.subscriber import hash_choices

log = logging.getLogger(__name__)

IN_USE_AT_MOST = 8  # editions, besides the whole ones
PATIENCE = 1.5  # seconds in which editions are measured for one page; kept ones take none
KEPT = 3600  # seconds; the key names the content, so what is kept can only be this mail
EVERYTHING: dict[str, Any] = {"lists": None, "sections": None, "topics": None, "plain_text": False}

_PREFERS_DARK = re.compile(r"\(prefers-color-scheme:\s*dark\)")
_SCHEME = re.compile(r'(<meta name="(?:supported-)?color-schemes?" content=")light dark(")')


def shown(issue: Issue, choices: dict[str, Any]) -> Sample | None:
    """The edition for `choices` (as `Subscriber.choices()`); None where it can't be rendered: the log says why.

    The desk stays open then: a mail that fails on a text is mended by editing that text.
    """
    key = _key(issue, choices)
    found: Sample | None = cache.get(key)
    if found is None:
        try:
            found = sample(issue, choices, links(issue))
        except Exception:
            log.exception("the mail of %s can't be rendered", issue)
            return None
        cache.set(key, found, KEPT)
    return found


def whole(issue: Issue, language: str) -> Sample | None:
    """The edition in `language` (both, en or zh) of a reader who leaves out nothing."""
    return shown(issue, {**EVERYTHING, "language": language})


def kept(issue: Issue, language: str) -> Sample | None:
    """What `whole` gave for this content before; None where it has not been asked."""
    found: Sample | None = cache.get(_key(issue, {**EVERYTHING, "language": language}))
    return found


def in_scheme(html: str, *, dark: bool) -> str:
    """`html` with its dark rules on or off for good, whatever the editor's own machine prefers."""
    fixed = _PREFERS_DARK.sub("all" if dark else "not all", html)
    return _SCHEME.sub(rf"\g<1>{'dark' if dark else 'only light'}\g<2>", fixed)


@dataclass(frozen=True)
class Weight:
    """An edition's HTML against the budget."""

    size: int  # bytes
    percent: int  # of the budget, at most 100
    over: bool
    short_links: bool
    front_references: bool
    on_web: bool


@dataclass(frozen=True)
class Measured:
    """One edition in the table of sizes; `weight` is None where it has no HTML, or there was no time to make it."""

    name: str
    query: str  # of the preview that shows it
    readers: int  # who would get it today
    weight: Weight | None
    plain: bool = False


def weight(edition: Sample) -> Weight:
    """How heavy `edition` is, and what was shortened to keep it light."""
    percent = min(100, round(100 * edition.size / BUDGET_BYTES))
    over = edition.size > BUDGET_BYTES
    return Weight(edition.size, percent, over, edition.short_links, edition.front_references, edition.on_web)


def measured(issue: Issue) -> dict[str, Any]:
    """For the table: `rows`, how many `distinct` editions readers chose, and the `budget` in bytes.

    The whole edition of a language is the heaviest of that language.
    """
    until, on_offer = time.monotonic() + PATIENCE, offers.current()
    in_use = audience.choices_in_use(audience.wanting(issue.kind, issue.date))
    readers = {each.choices_hash: each.readers for each in in_use}
    wanted = [{**EVERYTHING, "language": language} for language in ("both", "en", "zh")]
    known = {hash_choices(each) for each in wanted}
    wanted += [each.choices for each in in_use if each.choices_hash not in known][:IN_USE_AT_MOST]
    rows = []
    for choices in wanted:
        edition = shown(issue, choices) if time.monotonic() < until else None
        rows.append(
            Measured(
                name=in_words(choices, on_offer),
                query=Look().of(choices).query(),
                readers=readers.get(hash_choices(choices), 0),
                weight=weight(edition) if edition and edition.html else None,
                plain=choices["plain_text"],
            )
        )
    return {"rows": rows, "distinct": len(in_use), "budget": BUDGET_BYTES}


def _key(issue: Issue, choices: dict[str, Any]) -> str:
    return f"desk-edition-{_digest(issue)}-{hash_choices(choices)}"


def _digest(issue: Issue) -> str:
    """Of everything that an edition depends on but the reader's choices: content, masthead, state, address."""
    parts = (
        *(workflow.content_hash(issue), issue.state, issue.approved_at, issue.number),
        *(model_to_dict(issue.newsletter), settings.SITE_URL),
    )
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]


def links(issue: Issue) -> dict[str, str]:
    """Where a reader's own addresses would stand: pages of the desk that say so. Nobody's choices open from here."""
    return {
        f"{name.upper()}_URL": settings.SITE_URL + reverse("desk:preview_link", args=[issue.date, name])
        for name in ("preferences", "leave")
    }
