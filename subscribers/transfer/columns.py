"""Which column of a file says what: guessed from its name, and corrected by a person where the guess is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

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


# Headers as exported by Mailchimp, listmonk, Buttondown and Substack, and as Chinese services write them, lower case.
NAMES: dict[Role, tuple[str, ...]] = {
    Role.EMAIL: (
        *("email address", "email", "e-mail", "email_address", "subscriber email", "subscriber_email"),
        *("邮箱", "邮箱地址", "电子邮箱", "电子邮件", "邮件地址"),
    ),
    Role.LANGUAGE: ("language", "locale", "lang", "preferred language", "语言"),
    Role.ZONE: ("zone", "timezone", "time zone", "时区"),
    Role.ENDED: ("unsub_time", "unsubscribed_at", "unsubscription_date", "clean_time", "undeliverability_date"),
}
# Columns that say who still is a reader, and the values that say yes; an empty cell says nothing.
STILL: dict[str, frozenset[str]] = {
    "status": frozenset({"enabled", "subscribed", "active", "confirmed", "regular"}),
    "type": frozenset({"regular", "premium", "gifted", "trialed", "past_due", "churning"}),
    "subscriber_type": frozenset({"regular", "premium", "gifted", "trialed"}),
    "state": frozenset({"active", "paused"}),
    "email_disabled": frozenset({"false", "0", "no"}),
}
# For a column that a person chose: everything that says yes in one of those, and in plain words.
_YES = frozenset().union(*STILL.values()) - STILL["email_disabled"] | {"yes", "true", "1", "是", "已订阅", "正常"}


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
                return f"{name} is {value}"
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


def guess(header: Sequence[str]) -> list[Role]:
    """What each column probably says. Of several for one role the likeliest is taken, but for those that refuse."""
    names = [name.lower() for name in header]
    roles = [Role.NOTHING] * len(names)
    for role in (Role.EMAIL, Role.LANGUAGE, Role.ZONE):
        if found := next((name for name in NAMES[role] if name in names), ""):
            roles[names.index(found)] = role
    for place, name in enumerate(names):
        if name in STILL:
            roles[place] = Role.STILL
        elif name in NAMES[Role.ENDED]:
            roles[place] = Role.ENDED
    return roles


def settle(header: Sequence[str], roles: Sequence[Role]) -> Columns:
    """The columns by what they are taken for. Raises TransferError unless exactly one has the addresses."""

    def places(role: Role) -> list[int]:
        return [place for place, each in enumerate(roles) if each == role]

    if len(places(Role.EMAIL)) != 1:
        raise TransferError(f"one column must have the addresses, among {', '.join(header)}")
    if len(places(Role.LANGUAGE)) > 1 or len(places(Role.ZONE)) > 1:
        raise TransferError("there can be one column of languages, and one of time zones")
    still = [(place, header[place], STILL.get(header[place].lower(), _YES)) for place in places(Role.STILL)]
    return Columns(
        email=places(Role.EMAIL)[0],
        language=next(iter(places(Role.LANGUAGE)), None),
        zone=next(iter(places(Role.ZONE)), None),
        still=tuple(still),
        ended=tuple((place, header[place]) for place in places(Role.ENDED)),
        width=max((place + 1 for place, role in enumerate(roles) if role), default=0),
    )
