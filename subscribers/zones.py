"""Time zones as a reader picks them: the usual cities by name in both languages, then all others."""

import csv
import zoneinfo
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "zones.tsv"
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@dataclass(frozen=True)
class Zone:
    """A zone of the tz database, and the city that names it."""

    name: str
    en: str
    zh: str


@cache
def usual() -> tuple[Zone, ...]:
    """The zones in which most readers live, from east Asia westward."""
    with DATA.open(encoding="utf8", newline="") as file:
        return tuple(Zone(**row) for row in csv.DictReader(file, delimiter="\t"))


@cache
def others() -> tuple[str, ...]:
    """Every other zone that is named after a place."""
    listed = {zone.name for zone in usual()}
    return tuple(sorted(name for name in _available() - listed if name.partition("/")[0] in _AREAS))


@cache
def _available() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())  # reads a thousand files: once is enough


def is_known(name: str) -> bool:
    """Whether `name` can be computed with on this machine."""
    return name in _available()


def city(name: str) -> tuple[str, str]:
    """The city of zone `name` in English and in Chinese; the tz database's own name where nobody translated it."""
    for zone in usual():
        if zone.name == name:
            return zone.en, zone.zh
    plain = name.rpartition("/")[2].replace("_", " ")
    return plain, plain
