"""How the preview is looked at: its address says it all, so that every look can be kept, sent and gone back to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.page.choices import LANGUAGES
from newsletter.views.desk.access import chinese
from subscribers.offers import Offers, Option

WIDTHS = (375, 700)  # pixels: a phone, and a mail program's reading pane
GROUPS = ("lists", "sections", "topics")


@dataclass(frozen=True)
class Look:
    """Which edition, and how it is shown. None in a group means all of it."""

    language: str = "both"
    lists: tuple[str, ...] | None = None
    sections: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    width: int = WIDTHS[0]
    dark: bool = False
    text: bool = False  # the plain-text part instead of the HTML
    reader: int | None = None  # whose choices count instead of the above

    @classmethod
    def from_query(cls, query: QueryDict, offers: Offers) -> "Look":
        """What an address asks for; what it doesn't say or says wrongly is as usual.

        `some=lists` says that of the lists only those named are wanted, none too.
        """
        language, width, reader = query.get("language", ""), query.get("width", ""), query.get("reader", "")
        groups = {
            name: _picked(query.getlist(name), options(offers, name))
            for name in query.getlist("some")
            if name in GROUPS
        }
        return cls(
            language=language if language in LANGUAGES else "both",
            width=int(width) if width in map(str, WIDTHS) else WIDTHS[0],
            dark=query.get("dark") == "1",
            text=query.get("text") == "1",
            reader=int(reader) if reader.isdecimal() and len(reader) < 16 else None,
            **groups,
        )

    @property
    def choices(self) -> dict[str, Any]:
        """As `Subscriber.choices()` has them; of a look without a reader."""
        groups = {name: None if getattr(self, name) is None else list(getattr(self, name)) for name in GROUPS}
        return {"language": self.language, **groups, "plain_text": False}

    def query(self, **changes: Any) -> str:
        """The address's query for this look with `changes`, without the question mark."""
        look = replace(self, **changes)
        pairs: list[tuple[str, str]] = [("reader", str(look.reader))] if look.reader else []
        if not look.reader:
            pairs += [("language", look.language)]
            for name in GROUPS:
                if (slugs := getattr(look, name)) is not None:
                    pairs += [("some", name), *((name, slug) for slug in slugs)]
        pairs += [("width", str(look.width))] if look.width != WIDTHS[0] else []
        pairs += [(name, "1") for name in ("dark", "text") if getattr(look, name)]
        return urlencode(pairs)

    def of(self, choices: dict[str, Any]) -> "Look":
        """This look at the edition for `choices`."""
        groups: dict[str, Any] = {name: None if choices[name] is None else tuple(choices[name]) for name in GROUPS}
        return replace(self, reader=None, language=choices["language"], text=choices["plain_text"], **groups)


def options(offers: Offers, group: str) -> list[Option]:
    """What a group has to choose from."""
    given: tuple[Option, ...] = getattr(offers, group)
    return [option for option in given if not option.fixed]


def name_of(option: Option) -> str:
    """In the editor's language."""
    return option.zh if chinese() else option.en


def in_words(choices: dict[str, Any], offers: Offers) -> str:
    """`English · China media · no topics`: a set of choices as an editor says it."""
    languages = {"both": _("Both languages"), "en": _("English"), "zh": _("Chinese")}
    said = [languages[choices["language"]]]
    for group in GROUPS:
        if choices[group] is not None:
            said.append(_some(group, set(choices[group]), options(offers, group)))
    if choices["plain_text"]:
        said.append(_("plain text"))
    return " · ".join(said) if len(said) > 1 else _("%(language)s, everything") % {"language": said[0]}


def _some(group: str, slugs: set[str], all_of_it: list[Option]) -> str:
    """The names of what is chosen, or how many they are."""
    none = {"lists": _("no source lists"), "sections": _("no sections"), "topics": _("no topics")}
    names = [name_of(option) for option in all_of_it if option.slug in slugs]
    if not names:
        return none[group]
    many = ngettext("%(n)d topic", "%(n)d topics", len(names)) % {"n": len(names)}
    return many if len(names) > 3 else _(", ").join(names)


def _picked(slugs: Iterable[str], all_of_it: list[Option]) -> tuple[str, ...] | None:
    """Those that there are; None where they are all."""
    known = [option.slug for option in all_of_it]
    picked = tuple(slug for slug in known if slug in set(slugs))
    return None if len(picked) == len(known) else picked
