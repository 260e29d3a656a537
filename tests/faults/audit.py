"""Reader by reader: what a mail server wrote down against what the ledger says. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ARRIVED = frozenset({"accepted", "uncertain"})  # states in which a reader may have the mail
FINAL = frozenset({"accepted", "refused", "uncertain", "withdrawn"})


@dataclass(frozen=True)
class Audit:
    """What became of all mails. Sent is what the ledger calls accepted and the server has once; uncertain as it says.

    What must be 0: `doubled` (a reader has two), `lost` (called accepted, and not there), `denied` (there, and called
    refused, withdrawn or not yet sent), `open` (no outcome), `strange` (for nobody in the ledger, or another's mail).
    """

    mails: int
    sent: int
    refused: int
    withdrawn: int
    uncertain: int
    uncertain_arrived: int
    doubled: int
    lost: int
    denied: int
    open: int
    strange: int

    @property
    def is_sound(self) -> bool:
        """Nothing was lost, and nothing doubled or told otherwise than it was."""
        return not (self.doubled or self.lost or self.denied or self.open or self.strange)


def audit(states: Mapping[str, str], lines: Iterable[str]) -> Audit:
    """`states` by address; of `lines` each stands for a mail that the server took: address, space, Message-ID."""
    taken = [tuple(line.rsplit(" ", 1)) for line in lines]
    got = Counter(address for address, _ in taken)
    owners: dict[str, set[str]] = {}
    for address, message_id in taken:
        owners.setdefault(message_id, set()).add(address)
    count = Counter(states.values())
    return Audit(
        mails=len(states),
        sent=sum(state == "accepted" and got[address] == 1 for address, state in states.items()),
        refused=count["refused"],
        withdrawn=count["withdrawn"],
        uncertain=count["uncertain"],
        uncertain_arrived=sum(state == "uncertain" and got[address] > 0 for address, state in states.items()),
        doubled=sum(times > 1 for times in got.values()),
        lost=sum(state == "accepted" and not got[address] for address, state in states.items()),
        denied=sum(state not in ARRIVED and got[address] > 0 for address, state in states.items()),
        open=sum(state not in FINAL for state in states.values()),
        strange=sum(address not in states for address in got) + sum(len(each) > 1 for each in owners.values()),
    )
