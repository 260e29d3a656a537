"""Which column of a file says what: guessed from its name, and corrected by a person where the guess is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from subscribers import zones
from subscribers.models import Language
from subscribers.transfer.cells import plain
from subscribers.transfer.reasons import Reason, Why
from subscribers.transfer.table import TransferError


class Role(StrEnum):
    """What a column is taken for."""

    EMAIL = "email"
    LANGUAGE = "language"
    ZONE = "zone"
    STATE = "state"  # active or paused, as we export it; every other one is no reader
    FREQUENCY = "frequency"
    SEND_AT = "send_at"
    LISTS = "lists"
    SECTIONS = "sections"
    TOPICS = "topics"
    PLAIN_TEXT = "plain_text"
    PAUSED_UNTIL = "paused_until"
    CONSENT = "consent"  # when and from where somebody said yes there: kept as it stands, as proof
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
    Role.CONSENT: (
        *("optin time", "optin ip", "confirm time", "confirm ip"),  # Mailchimp
        *("creation date", "created at", "confirmed at", "ip address", "ip", "start date"),  # the others, and we
        *("signup date", "sign up date", "subscribed at", "subscription date", "opt in time", "opt in ip"),
        *("confirmation date", "consent time", "consent date", "date added", "订阅时间", "确认时间"),
    ),
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
    "email disabled": Still(frozenset({"false", "0", "no"})),  # Substack
    "subscribed to emails": Still(frozenset({"true", "1", "yes"})),  # Ghost
    "订阅状态": Still(frozenset({"已订阅", "正常"})),
}
# For a column that a person chose: everything that says yes in one of those, and in plain words.
_YES = frozenset().union(*(each.yes for name, each in STILL.items() if name != "email disabled")) | {"y", "是", "有效"}
# Files that hold nobody who is to be mailed; Mailchimp says so in their names alone.
_GONE_FILE = re.compile(r"(unsubscribed|unsubscribers|nonsubscribed)[ _.-]|(cleaned|archived)_.*export", re.IGNORECASE)
# The columns of our own export beside address, language and zone.
OWN: tuple[Role, ...] = (
    *(Role.STATE, Role.PAUSED_UNTIL, Role.FREQUENCY, Role.SEND_AT, Role.LISTS, Role.SECTIONS, Role.TOPICS),
    Role.PLAIN_TEXT,
)
SEVERAL = frozenset({Role.NOTHING, Role.CONSENT, Role.STILL, Role.ENDED})  # of the others a file has one column each
_ADDRESS = re.compile(r"'?[^@\s]+@[^@\s]+\.[^@\s]+")  # by its look, for guessing only
_LONGEST_VALUE = 40  # characters of a cell in a reason
_LONGEST_PROOF = 80  # characters of a cell kept as proof: a time, an IP


@dataclass(frozen=True)
class Columns:
    """Where in a row what stands, by position."""

    email: int
    language: int | None
    zone: int | None
    own: tuple[tuple[int, str, Role], ...]  # position, name, which of our own export's columns
    consent: tuple[tuple[int, str], ...]
    still: tuple[tuple[int, str, frozenset[str]], ...]  # position, name, the values that say yes
    ended: tuple[tuple[int, str], ...]
    width: int  # cells that a row needs for all of these

    def gone(self, cells: Sequence[str]) -> Reason | None:
        """Why the row's person is no reader where they come from; None where they are."""
        for place, name, yes in self.still:
            value = cells[place].strip().lower()
            if value and value not in yes:
                return Reason(Why.NOT_A_READER, name, value[:_LONGEST_VALUE])
        for place, name in self.ended:
            if cells[place].strip():
                return Reason(Why.ENDED, name)
        return None

    @property
    def tell_apart(self) -> bool:
        """Whether the file says who is a reader there and who isn't."""
        return bool(self.still or self.ended)

    def proof_of(self, cells: Sequence[str]) -> str:
        """What the row says of when and from where its person said yes, in lines of its own words."""
        said = []
        for place, name in self.consent:
            if value := cells[place].strip():
                said.append(f"{name}: {plain(value)[:_LONGEST_PROOF]}")
        return "\n".join(said)

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


def holds_the_gone(name: str) -> bool:
    """Whether a file is, by its name, one that another service keeps for people who are not to be mailed."""
    return _GONE_FILE.match(name) is not None


def refuse_by_name(name: str) -> None:
    """Raises TransferError for a file of people who are not to be mailed."""
    if holds_the_gone(name):
        raise TransferError(
            _(
                "by its name it is the list of people who left, bounced or never subscribed: take the file of "
                "subscribed contacts, or say that these people must not be mailed"
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
        elif name in NAMES[Role.CONSENT]:
            roles[place] = Role.CONSENT
    if _is_own(names):
        for role in OWN:
            roles[names.index(plain_name(role))] = role
    return roles


def for_the_gone(roles: Sequence[Role], name: str) -> list[Role]:
    """Of people who are never to be mailed only the address is needed, and which rows of a mixed file are meant.

    In a file `name` that holds nobody else, every row is.
    """
    needed = {Role.EMAIL} if holds_the_gone(name) else {Role.EMAIL, Role.STATE, Role.STILL, Role.ENDED}
    kept = [role if role in needed else Role.NOTHING for role in roles]
    return [Role.STILL if role is Role.STATE else role for role in kept]


def _is_own(names: Sequence[str]) -> bool:
    """Others call California a state, and mean otherwise by the rest: ours are known where all stand together."""
    return all(plain_name(role) in names for role in OWN)


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
    if any(len(places(role)) > 1 for role in Role if role not in SEVERAL):
        raise TransferError(_("there can be only one column for each thing that a reader chooses"))
    return Columns(
        email=places(Role.EMAIL)[0],
        language=next(iter(places(Role.LANGUAGE)), None),
        zone=next(iter(places(Role.ZONE)), None),
        own=tuple((place, header[place], role) for role in OWN for place in places(role)),
        consent=tuple((place, header[place]) for place in places(Role.CONSENT)),
        still=tuple((place, header[place], _yes_in(header[place])) for place in places(Role.STILL)),
        ended=tuple((place, header[place]) for place in places(Role.ENDED)),
        width=max((place + 1 for place, role in enumerate(roles) if role), default=0),
    )


def _yes_in(name: str) -> frozenset[str]:
    return STILL[plain_name(name)].yes if plain_name(name) in STILL else _YES
