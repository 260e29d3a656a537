"""What readers can choose from, and what the newsletter says of itself: values, handed in by whoever publishes.

Readers know no newsletter. `settings.READER_OFFERS` names a function without arguments that gives the present Offers.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Option:
    """Something to tick, by its slug, with its name in both languages.

    `fixed`: nothing to choose, shown as such. `of_lists`: a section made of one part for each list, so empty without
    any; `of_topics`: one made of what is on the chosen topics.
    """

    slug: str
    en: str
    zh: str
    fixed: bool = False
    of_lists: bool = False
    of_topics: bool = False


@dataclass(frozen=True)
class LatestIssue:
    """The newest issue that anybody may read, in one address a language (en, zh, both), and what it tells of."""

    date: dt.date
    title_en: str
    title_zh: str
    urls: dict[str, str]
    headlines_en: tuple[str, ...] = ()
    headlines_zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offers:
    """`hour` is when an issue leaves for readers who chose none, on the clock of `zone`. `weekly`: there is such an
    issue. `sent_today`: the issue of today, there, has left already. `open_dates`: of the daily issues that have left,
    those to which readers are added who come late. `reply_address`: a person reads what is written
    there; empty: nobody does. `privacy_en` and `privacy_zh`: what the operator says on the page about it.
    `counts_clicks`: how often a mail's links are followed is counted, and never by whom.
    """

    name_en: str
    name_zh: str
    postal_address: str
    zone: ZoneInfo
    hour: dt.time
    lists: tuple[Option, ...] = ()
    sections: tuple[Option, ...] = ()
    topics: tuple[Option, ...] = ()
    latest: LatestIssue | None = None
    weekly: bool = False
    sent_today: bool = False
    open_dates: frozenset[dt.date] = frozenset()
    reply_address: str = ""
    privacy_en: str = ""
    privacy_zh: str = ""
    counts_clicks: bool = False


def current() -> Offers:
    """What is on offer now."""
    offers = import_string(settings.READER_OFFERS)()
    assert isinstance(offers, Offers)
    return offers
