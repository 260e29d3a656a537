"""Why a row of a file isn't taken: typed, so that a page can say it in its reader's language."""

from enum import StrEnum
from typing import NamedTuple


class Why(StrEnum):
    """Each kind of reason. Those from NOT_A_READER on name a column, and what stands in it."""

    NOT_AN_ADDRESS = "not_an_address"
    SUPPRESSED = "suppressed"
    STAYS = "stays"  # in a list of people who left elsewhere: said yes here, to us
    STILL_THERE = "still_there"  # in such a list: by its own columns a reader there
    OTHERS = "others"  # a wrongly chosen column can give a reason for each row: the rarer are counted together
    NOT_A_READER = "not_a_reader"
    ENDED = "ended"
    UNREADABLE = "unreadable"


_ENGLISH = {
    Why.NOT_AN_ADDRESS: "not an address",
    Why.SUPPRESSED: "on the suppression list",
    Why.STAYS: "a reader here by their own confirmation",
    Why.STILL_THERE: "still a reader there",
    Why.OTHERS: "for other reasons",
    Why.NOT_A_READER: "{column} is {value}",
    Why.ENDED: "{column} is set",
    Why.UNREADABLE: "{column} can't be {value}",
}


class Reason(NamedTuple):
    """One reason; `str` says it in English, for the list of refused rows and the command."""

    why: Why
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        return _ENGLISH[self.why].format(column=self.column, value=self.value)


NOT_AN_ADDRESS, SUPPRESSED, OTHERS = Reason(Why.NOT_AN_ADDRESS), Reason(Why.SUPPRESSED), Reason(Why.OTHERS)
