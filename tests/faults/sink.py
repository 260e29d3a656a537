"""A mail server that writes down who got what, and misbehaves at random: `python -m tests.faults.sink LOG [FAULTS]`.

Prints its port. FAULTS is a number from 0 to 1: how often each command meets a fault. A line of LOG stands for one
mail that was taken, written before it is answered.
"""

import os
import random
import sys
from contextlib import suppress

from tests.newsletter.deliver.raw_server import DROP, RawServer, running

REPLIES = {
    "mail": ("451 4.3.0 later", "421 4.3.2 going down"),
    "rcpt": ("450 4.2.0 greylisted", "550 5.1.1 nobody of that name", "421 4.7.0 too many"),
    "data": ("451 4.3.0 later", "554 5.5.1 no"),
    "body": ("451 4.3.0 later", "554 5.6.0 not like this", "421 4.3.2 going down"),
}


class _Log(list[tuple[str, bytes]]):
    """Takes mails as a list does and keeps none."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(self, mail: tuple[str, bytes]) -> None:
        os.write(self._file, f"{mail[0]}\n".encode())


class _Nothing(list[bytes]):
    """Keeps nothing."""

    def append(self, chunk: bytes) -> None:
        return


def main() -> None:
    log, often = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    fate = random.Random(7)

    def answer(command: str, recipient: str) -> str | float | None:
        if command not in REPLIES or fate.random() >= often:
            return None
        kind = fate.choice(["reply", "reply", "drop", "slow"])
        faults: dict[str, str | float] = {"reply": fate.choice(REPLIES[command]), "drop": DROP, "slow": 0.05}
        return faults[kind]

    told = RawServer(answer=answer, mails=_Log(log), written=_Nothing())
    with running(told) as port:
        print(port, flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            sys.stdin.read()  # until the one who started it goes


if __name__ == "__main__":
    main()
