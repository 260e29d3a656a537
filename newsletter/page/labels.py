"""What the page says of itself, in each language shown: headings, labels and counts."""

from collections.abc import Callable, Mapping
from functools import partial

from django.utils.translation import gettext, gettext_noop, ngettext, override

from newsletter.page.dates import number_word
from newsletter.page.values import Line, Words

DJANGO_LANGUAGES = {"en": "en", "zh": "zh-hans"}
LABELS: Mapping[str, str] = {
    "read_on_web": gettext_noop("Read on the web"),
    "main_sources": gettext_noop("Main sources"),
    "five_tags": gettext_noop("Five tags"),
    "overview": gettext_noop("Overview"),
    "highlights": gettext_noop("Highlights"),
    "insights": gettext_noop("Insights"),
    "business": gettext_noop("Business"),
    "technology": gettext_noop("Technology"),
    "comparison": gettext_noop("Side by side"),
    "analysis": gettext_noop("Analysis"),
    "analysis_on_web": gettext_noop("The analysis is on the web"),
    "questions": gettext_noop("Questions"),
    "tags": gettext_noop("Tags"),
    "references": gettext_noop("References"),
    "preferences": gettext_noop("Preferences or pause"),
    "leave": gettext_noop("Leave"),
    "privacy": gettext_noop("What is kept of you"),
    "reading": gettext_noop("In English"),  # over the references in that language; translated as 中文报道
    "hot": gettext_noop("Hot"),
    "quality": gettext_noop("Quality"),
    "impact": gettext_noop("Impact"),
    "update": gettext_noop("Update"),  # a story of the days before of which something new is told
    "corrections": gettext_noop("Corrections"),
    "as_corrected": gettext_noop("As it should have been"),
    "signed": gettext_noop("— The editor"),  # under a note of the editor's own
    "nothing": gettext_noop("Nothing else in this issue is among your choices."),
    "no_items": gettext_noop("None of today’s stories is on the topics you chose."),
}
# The note beside a text that stands in the other language, by the half it stands in.
FOREIGN = {"en": gettext_noop("Original in Chinese"), "zh": gettext_noop("Original in English")}


def said(languages: tuple[str, ...], say: Callable[[str], str]) -> Words:
    """What `say` gives under each of the languages; it is handed `en` or `zh`."""
    lines: dict[str, Line] = {}
    for language in languages:
        with override(DJANGO_LANGUAGES[language]):
            if text := say(language):
                lines[language] = Line(language, text)
    return Words(**lines)


def labels(languages: tuple[str, ...]) -> dict[str, Words]:
    """Every fixed label by its name."""
    return {name: said(languages, partial(_translated, text)) for name, text in LABELS.items()}


def _translated(text: str, _: str) -> str:
    return gettext(text)


def foreign_note(language: str) -> str:
    """`Original in Chinese` or `原文为英文`, for the half `language`."""
    with override(DJANGO_LANGUAGES[language]):
        return gettext(FOREIGN[language])


def items_heading(count: int, languages: tuple[str, ...]) -> Words:
    """`Ten stories`, `今日十条`: the number of items really there."""
    return said(
        languages,
        lambda language: ngettext("{number} story", "{number} stories", count).format(
            number=number_word(count, language)
        ),
    )


def chosen_from(articles: int, languages: tuple[str, ...]) -> Words:
    """`chosen from 219 articles`; empty where nobody counted."""
    if not articles:
        return Words()
    return said(
        languages,
        lambda _: ngettext("chosen from {count} article", "chosen from {count} articles", articles).format(
            count=articles
        ),
    )


def article_count(articles: int, languages: tuple[str, ...]) -> Words:
    """`148 articles`, `148 篇`."""
    return said(languages, lambda _: ngettext("{count} article", "{count} articles", articles).format(count=articles))


def all_references(count: int, languages: tuple[str, ...]) -> Words:
    """Where a mail without room for every reference sends its reader."""
    return said(
        languages,
        lambda _: ngettext("The one reference is on the web", "All {count} references are on the web", count).format(
            count=count
        ),
    )


def number_label(number: int, languages: tuple[str, ...]) -> Words:
    """`No. 128`, `第128期`."""
    return said(languages, lambda _: gettext("No. {number}").format(number=number))


def zone_label(zone: str, languages: tuple[str, ...]) -> Words:
    """`Beijing time` for China's one zone; else the zone's city: `New York time`."""

    return said(languages, lambda _: _time_there(zone))


def _time_there(zone: str) -> str:
    if zone in ("Asia/Shanghai", "Asia/Chongqing", "PRC"):
        return gettext("Beijing time")
    return gettext("{city} time").format(city=zone.rsplit("/", 1)[-1].replace("_", " "))


def approved(people: list[str], clock: str, zone: str, languages: tuple[str, ...]) -> Words:
    """Who let the issue go, and when: `clock` is HH:MM in `zone`, the newsletter's. No people: the rule did."""

    def say(language: str) -> str:
        there = _time_there(zone)
        if not people:
            told = gettext("Released by rule at {clock} {zone}, not reviewed by a person.")
            return told.format(clock=clock, zone=there)
        who = ("、" if language == "zh" else " and ").join(people)
        return gettext("Approved by {who} at {clock} {zone}.").format(who=who, clock=clock, zone=there)

    return said(languages, say)


def correction(date: Mapping[str, str], note: Mapping[str, str], languages: tuple[str, ...]) -> Words:
    """`Correction, 7 May 2026: The price is 40 yuan.`; both mappings by language."""

    def say(language: str) -> str:
        return gettext("Correction, {date}: {note}").format(date=date[language], note=note[language])

    return said(languages, say)


def why(names: Mapping[str, str], site: str, languages: tuple[str, ...]) -> Words:
    """Why a mail came: the same words for everyone who gets it, so true of readers whom an import brought, too.
    `names`: the newsletter's, by language."""

    def say(language: str) -> str:
        return gettext(
            "You get this because this address is on the list of readers of {name}: signed up at {site}, or brought "
            "over from another list with your consent."
        ).format(name=names[language], site=site)

    return said(languages, say)
