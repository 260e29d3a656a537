"""How the desk prints dates, hours and hashes."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils import translation

from newsletter.admin import source_reasons
from newsletter.models import Block, Newsletter
from newsletter.page.layout import safe_url
from newsletter.review.words import DELIVERIES

register = template.Library()
_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": tuple("一二三四五六日")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _zh() -> bool:
    return (translation.get_language() or "").startswith("zh")


@register.filter
def desk_date(date: dt.date) -> str:
    """`Thu 7 May 2026`, `2026年5月7日 周四`."""
    if _zh():
        return f"{date.year}年{date.month}月{date.day}日 周{_DAYS['zh'][date.weekday()]}"
    return f"{_DAYS['en'][date.weekday()]} {date.day} {_MONTHS[date.month - 1]} {date.year}"


@register.filter
def clock(moment: dt.datetime, newsletter: Newsletter) -> str:
    """HH:MM on the newsletter's clock."""
    return f"{moment.astimezone(newsletter.tz):%H:%M}"


@register.filter
def moment(at: dt.datetime, newsletter: Newsletter) -> str:
    """`6 May 18:42`, `5月6日 18:42` on the newsletter's clock."""
    local = at.astimezone(newsletter.tz)
    day = f"{local.month}月{local.day}日" if _zh() else f"{local.day} {_MONTHS[local.month - 1]}"
    return f"{day} {local:%H:%M}"


@register.filter
def short_hash(digest: str) -> str:
    """The first 8 hex digits, in two fours."""
    return f"{digest[:4]} {digest[4:8]}"


@register.filter
def dollars(amount: Decimal) -> str:
    """`$0.15`, `$5`: to the cent, whole dollars without."""
    return f"${amount:.0f}" if amount == amount.to_integral_value() else f"${amount:.2f}"


@register.filter
def in_words(reason: str) -> str:
    """Why a visit or a link came to nothing, in the editor's language as far as it is a known reason."""
    return source_reasons.in_words(reason)


@register.filter
def thousands(number: int) -> str:
    """`66,305`."""
    return f"{number:,}"


@register.filter
def kilobytes(number: int) -> int:
    """Whole thousands of bytes, as mail programs count them."""
    return round(number / 1000)


@register.simple_tag
def delivery_word(state: str) -> str:
    """A delivery's state in the desk's language."""
    return str(DELIVERIES.get(state, state))


@register.filter
def why(block: Block, score: str) -> str:
    """The reason that ranking kept for one of a block's scores, in the desk's language; empty where there is none."""
    reasons = block.extra.get("reasons", {}).get(score, {})
    return str(reasons.get("zh" if _zh() else "en", ""))


@register.filter
def is_link(url: str) -> bool:
    """Whether a feed's address may become a link: http or https only."""
    return bool(safe_url(url))
