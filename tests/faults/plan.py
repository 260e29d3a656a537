"""All experiments, on one page: what is hurt, on which database, with how many mails and kills."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    """`play` is what is done (see `experiments`). `faults`: how often a command meets a fault of the mail server;
    `wait`: seconds before each mail is answered, so that there is a middle to hurt."""

    name: str
    hurt: str
    play: str
    mails: int = 4000
    kills: int = 10
    postgres: bool = False
    redis: bool = False
    faults: float = 0.0
    wait: float = 0.0
    faketime: bool = False  # under libfaketime, whose clock is read from a file


_ALL = (
    Experiment("workers", "two workers, one after the other, kill -9", "workers", 20_000, 100),
    Experiment("workers-faults", "the same, 5 % faults at every command", "workers", 20_000, 100, faults=0.05),
    Experiment("workers-postgres", "the same on PostgreSQL, 5 % faults", "workers", 20_000, 100, True, faults=0.05),
    Experiment("postgres-killed", "PostgreSQL, kill -9 and crash stops", "postgres", 20_000, 20, True),
    Experiment("postgres-away", "PostgreSQL, gone for 30 s", "postgres_away", 8_000, 2, True),
    Experiment("sqlite-locked", "SQLite, locked for longer than its time-out", "locked", 4_000, 2),
    Experiment("disk-record", "the disk of the record full", "disk_record", 8_000, 5, True),
    Experiment("disk-all", "the disk of record and SQLite full", "disk_all", 8_000, 5),
    Experiment("power", "all processes, PostgreSQL, and the record's end", "power", 20_000, 10, True),
    Experiment("hosts", "one of two hosts, for good, with its record", "hosts", 20_000, 5, True),
    Experiment("two-servers", "one of two mail servers, again and again", "two_servers", 8_000, 10),
    Experiment("clock", "the clock: an hour ahead and back, with kills", "clock", 8_000, 20, faketime=True),
    Experiment("cluster-sqlite", "qcluster whole, kill -9; SQLite", "cluster", 20_000, 10),
    Experiment("cluster-postgres", "qcluster whole, kill -9; PostgreSQL", "cluster", 20_000, 10, True),
    Experiment("cluster-redis", "qcluster whole, kill -9; PostgreSQL and Redis", "cluster", 20_000, 10, True, True),
    Experiment(
        "orphans", "qcluster's parent only; a new one beside the orphans", "orphans", 20_000, 5, True, wait=0.005
    ),
    Experiment("parts", "any one process of `manage.py work`; PostgreSQL", "parts", 4_000, 7, True, wait=0.1),
    Experiment("parts-redis", "any one process of `manage.py work`; Redis", "parts", 4_000, 7, True, True, wait=0.1),
    Experiment("web", "gunicorn, at approve, send now, take back, send on", "web", 4_000, 40, wait=0.005),
)
EXPERIMENTS = {each.name: each for each in _ALL}
