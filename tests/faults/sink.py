"""A mail server that writes down who got what, and misbehaves at random.

    python -m tests.faults.sink LOG [--faults 0.05] [--wait 0.01] [--port 2525]

Prints its port. A line of LOG stands for one mail that was taken, address and Message-ID, and is on the disk before
the mail is answered: nothing that the sender was told can be missing from it, whoever is killed.
"""

import argparse
import os
import random
import re
import sys
from contextlib import suppress

from tests.newsletter.deliver.raw_server import DROP, RawServer, running

REPLIES = {
    "mail": ("451 4.3.0 later", "421 4.3.2 going down"),
    "rcpt": ("450 4.2.0 greylisted", "550 5.1.1 nobody of that name", "421 4.3.2 going down"),
    "data": ("451 4.3.0 later", "554 5.5.1 no"),
    "body": ("451 4.3.0 later", "554 5.6.0 not like this", "421 4.3.2 going down"),
}
_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*(\S+)")


class _Log(list[tuple[str, bytes]]):
    """Takes mails as a list does and keeps none."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(self, mail: tuple[str, bytes]) -> None:
        found = _MESSAGE_ID.search(mail[1])
        os.write(self._file, f"{mail[0]} {found[1].decode() if found else '-'}\n".encode())
        os.fdatasync(self._file)


class _Nothing(list[bytes]):
    """Keeps nothing."""

    def append(self, chunk: bytes) -> None:
        return


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("log")
    parser.add_argument("--faults", type=float, default=0.0, help="how often each command meets a fault, 0 to 1")
    parser.add_argument("--wait", type=float, default=0.0, help="seconds before each mail is answered")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    fate = random.Random(7)

    def answer(command: str, recipient: str) -> str | float | None:
        if command not in REPLIES or fate.random() >= options.faults:
            return float(options.wait) if command == "body" and options.wait else None
        kind = fate.choice(["reply", "reply", "drop", "slow"])
        faults: dict[str, str | float] = {"reply": fate.choice(REPLIES[command]), "drop": DROP, "slow": 0.05}
        return faults[kind]

    told = RawServer(answer=answer, mails=_Log(options.log), written=_Nothing(), port=options.port)
    with running(told) as port:
        print(port, flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            sys.stdin.read()  # until the one who started it goes


if __name__ == "__main__":
    main()
