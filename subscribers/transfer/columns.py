"""Which column of a file says what: guessed from its name, and corrected by a person where the guess is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from subscribers import zones
from subscribers.models import Language
from subscribers.transfer.table import TransferError


class Role(StrEnum):
    """What a column is taken for."""

    EMAIL = "email"
    LANGUAGE = "language"
    ZONE = "zone"
    STILL = "still"  # says whether somebody still is a reader there
    ENDED = "ended"  # says when somebody left, or was struck off; empty for who is there
    NOTHING = ""


# Headers as exported by Mailchimp, listmonk, Buttondown and Substack, and in Chinese; as `plain_name` has them.
NAMES: dict[Role, tuple[str, ...]] = {
    Role.EMAIL: (
        *("email address", "email", "e mail", "subscriber email", "mail", "e mail address"),
        *("邮箱", "邮箱地址", "电子邮箱", "电子邮件", "邮件地址"),
    ),
    Role.LANGUAGE: ("language", "locale", "lang", "preferred language", "语言"),
    Role.ZONE: ("zone", "timezone", "time zone", "时区"),
    Role.ENDED: (
        *("unsub time", "unsub campaign title", "unsub campaign id", "unsub reason"),  # Mailchimp's unsubscribed file
        *("clean time", "clean campaign title", "clean campaign id"),  # and that of dead addresses
        *("unsubscription date", "undeliverability date", "bounce date"),  # Buttondown
        *("unsubscribed at", "unsubscribe date", "bounced at", "complained at", "deleted at", "退订时间"),
    ),
}


class Still(NamedTuple):
    """A column that says who still is a reader: its values that say yes. An empty cell says nothing."""

    yes: frozenset[str]
    beside: str = ""  # the column that marks the service's own file, where others use the name for something else


# Buttondown's types of people whom it mails; its other types left, were struck off, or never confirmed.
_BUTTONDOWN = frozenset(
    {"regular", "premium", "gifted", "trialed", "unpaid", "paused", "past_due", "past due", "churning"}
)
STILL: dict[str, Still] = {
    "status": Still(frozenset({"enabled", "subscribed", "active", "confirmed", "regular"})),
    "type": Still(_BUTTONDOWN, beside="creation date"),
    "subscriber type": Still(_BUTTONDOWN),
    "state": Still(frozenset({"active", "paused"}), beside="send at"),  # our own export; others mean California
    "email disabled": Still(frozenset({"false", "0", "no"})),  # Substack
    "subscribed to emails": Still(frozenset({"true", "1", "yes"})),  # Ghost
    "订阅状态": Still(frozenset({"已订阅", "正常"})),
}
# For a column that a person chose: everything that says yes in one of those, and in plain words.
_YES = frozenset().union(*(each.yes for name, each in STILL.items() if name != "email disabled")) | {"y", "是", "有效"}
# Files that hold nobody who is to be mailed; Mailchimp says so in their names alone.
_GONE_FILE = re.compile(r"(unsubscribed|unsubscribers|nonsubscribed)[ _.-]|(cleaned|archived)_.*export", re.IGNORECASE)
_ADDRESS = re.compile(r"'?[^@\s]+@[^@\s]+\.[^@\s]+")  # by its look, for guessing only
_LONGEST_VALUE = 40  # characters of a cell in a reason


@dataclass(frozen=True)
class Columns:
    """Where in a row what stands, by position."""

    email: int
    language: int | None
    zone: int | None
    still: tuple[tuple[int, str, frozenset[str]], ...]  # position, name, the values that say yes
    ended: tuple[tuple[int, str], ...]
    width: int  # cells that a row needs for all of these

    def gone(self, cells: Sequence[str]) -> str:
        """Why the row's person is no reader where they come from; empty where they are."""
        for place, name, yes in self.still:
            value = cells[place].strip().lower()
            if value and value not in yes:
                return f"{name} is {value[:_LONGEST_VALUE]}"
        for place, name in self.ended:
            if cells[place].strip():
                return f"{name} is set"
        return ""

    def language_of(self, cells: Sequence[str], default: str) -> str:
        """The reader's language as the row says it, else `default`."""
        if self.language is None or not (value := cells[self.language].strip().lower()):
            return default
        return _LANGUAGES.get(value) or _LANGUAGES.get(value.replace("_", "-").partition("-")[0], default)

    def zone_of(self, cells: Sequence[str]) -> str:
        """The reader's time zone; empty where the row names none that is known here."""
        value = "" if self.zone is None else cells[self.zone].strip()
        return value if zones.is_known(value) else ""


_LANGUAGES = {"chinese": "zh", "中文": "zh", "english": "en", "英文": "en"} | {each: each for each in Language.values}


def plain_name(name: str) -> str:
    """A column's name in lower case and single blanks, so that `Email disabled` and `email_disabled` are one."""
    return " ".join(re.split(r"[\s_-]+", name.lower())).strip()


def refuse_by_name(name: str) -> None:
    """Raises TransferError for a file that another service keeps for people who are not to be mailed."""
    if _GONE_FILE.match(name):
        raise TransferError(
            _(
                "by its name it is the list of people who left, bounced or never subscribed: take the file of "
                "subscribed contacts, or rename this one if it is that after all"
            )
        )


def guess(header: Sequence[str], examples: Sequence[Sequence[str]] = ()) -> list[Role]:
    """What each column probably says. Of several for one role the likeliest is taken, but for those that refuse.

    `examples` are the first rows: addresses are known by their look where no column's name tells them.
    """
    names = [plain_name(name) for name in header]
    roles = [Role.NOTHING] * len(names)
    for role in (Role.EMAIL, Role.LANGUAGE, Role.ZONE):
        if found := next((name for name in NAMES[role] if name in names), ""):
            roles[names.index(found)] = role
    if Role.EMAIL not in roles and (place := _looks_like_addresses(len(names), examples)) is not None:
        roles[place] = Role.EMAIL
    for place, name in enumerate(names):
        if name in STILL and (not STILL[name].beside or STILL[name].beside in names):
            roles[place] = Role.STILL
        elif name in NAMES[Role.ENDED]:
            roles[place] = Role.ENDED
    return roles


def refuse_without_addresses(header: Sequence[str], roles: Sequence[Role], first: Sequence[Sequence[str]]) -> None:
    """Raises TransferError where neither a column's name nor the first rows have anything to do with addresses."""
    if Role.EMAIL not in roles and not any(_ADDRESS.fullmatch(cell.strip()) for row in first for cell in row):
        raise TransferError(_("there is no column of addresses among: %s") % ", ".join(header)[:200])


def _looks_like_addresses(width: int, examples: Sequence[Sequence[str]]) -> int | None:
    for place in range(width):
        cells = [row[place].strip() for row in examples if len(row) > place and row[place].strip()]
        if cells and all(_ADDRESS.fullmatch(cell) for cell in cells):
            return place
    return None


def settle(header: Sequence[str], roles: Sequence[Role]) -> Columns:
    """The columns by what they are taken for. Raises TransferError unless exactly one has the addresses."""

    def places(role: Role) -> list[int]:
        return [place for place, each in enumerate(roles) if each == role]

    if len(places(Role.EMAIL)) != 1:
        raise TransferError(_("one column must have the addresses, among: %s") % ", ".join(header))
    if len(places(Role.LANGUAGE)) > 1 or len(places(Role.ZONE)) > 1:
        raise TransferError(_("there can be one column of languages, and one of time zones"))
    return Columns(
        email=places(Role.EMAIL)[0],
        language=next(iter(places(Role.LANGUAGE)), None),
        zone=next(iter(places(Role.ZONE)), None),
        still=tuple((place, header[place], _yes_in(header[place])) for place in places(Role.STILL)),
        ended=tuple((place, header[place]) for place in places(Role.ENDED)),
        width=max((place + 1 for place, role in enumerate(roles) if role), default=0),
    )


def _yes_in(name: str) -> frozenset[str]:
    return STILL[plain_name(name)].yes if plain_name(name) in STILL else _YES
