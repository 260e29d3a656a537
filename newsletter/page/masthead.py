"""The newsletter's own dress on a page: names, colour, logo, what stands in the foot; and a specimen of it."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from newsletter.models import Newsletter
from newsletter.page import colour, dates, labels, picture
from newsletter.page.choices import Choices
from newsletter.page.values import Line, Mark, Page, Words
from subscribers import links


def dress(letter: Newsletter, languages: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a Page that are the newsletter's and not the issue's."""
    accent = letter.accent if colour.is_colour(letter.accent) else colour.OWN
    names, site = {"en": letter.name_en, "zh": letter.name_zh}, urlsplit(settings.SITE_URL).netloc
    return {
        "name_en": letter.name_en,
        "name_zh": letter.name_zh,
        "accent": accent,
        "accent_dark": colour.on_dark(accent),
        "logo": mark(letter),
        "counted": letter.count_clicks,
        "site_url": settings.SITE_URL,
        "privacy_url": links.privacy_url(languages[0] if len(languages) == 1 else "both"),
        "postal_address": letter.postal_address,
        "zone_label": labels.zone_label(letter.zone, languages),
        "why": labels.why(names, site, languages),
    }


def mark(letter: Newsletter) -> Mark | None:
    """The logo as it is shown; None where there is none."""
    if letter.logo is None:
        return None
    width, height = picture.shown_size(letter.logo.width, letter.logo.height)
    name = f"logo-{letter.logo.pk}@{settings.MAIL_DOMAIN}"
    return Mark(name, reverse("archive:logo", args=[letter.logo.pk]), width, height)


def specimen(letter: Newsletter, language: str, date: dt.date) -> Page:
    """A mail with nothing in it but its head and foot. `letter` may be unsaved."""
    choices = Choices(language)
    said = labels.labels(choices.languages)
    texts = {"en": letter.tagline_en or letter.name_en, "zh": letter.tagline_zh or letter.name_zh}
    title = Words(**{name: Line(name, texts[name]) for name in choices.languages})
    return Page(
        **dress(letter, choices.languages),
        choices=choices,
        date=date,
        number=1,
        date_en=dates.long_date(date, "en"),
        date_zh=dates.long_date(date, "zh"),
        number_label=labels.number_label(1, choices.languages),
        subject=str(title),
        preheader="",
        web_url=f"{settings.SITE_URL}/{language}/",
        title=title,
        lead=(),
        items_heading=Words(),
        chosen_from=Words(),
        items=(),
        notice=Words(),
        reports=(),
        comparison=(),
        analysis=(),
        questions=(),
        tags=(),
        references=(),
        disclaimer=(),
        approved=Words(),
        labels=said,
        front=frozenset(),
        all_references=Words(),
    )
