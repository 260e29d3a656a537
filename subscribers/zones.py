"""Time zones as a reader picks them: the usual cities by name in both languages, then all others."""

import csv
import re
import zoneinfo
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# Etc/GMT+5 is five hours behind Greenwich: POSIX counts to the west.
_BY_OFFSET = re.compile(r"Etc/GMT([+-])(\d+)")


@dataclass(frozen=True)
class Zone:
    """A zone of the tz database, and the city that names it. `also`: its older names, as browsers still give them."""

    name: str
    en: str
    zh: str
    also: tuple[str, ...] = ()


@cache
def usual() -> tuple[Zone, ...]:
    """The zones in which most readers live, from east Asia westward; and UTC."""
    old = _aliases()
    return tuple(
        Zone(**row, also=tuple(alias for alias, name in old.items() if name == row["name"]))
        for row in _rows("zones.tsv")
    )


@cache
def others() -> tuple[str, ...]:
    """Every other zone that is named after a place."""
    known = {zone.name for zone in usual()} | _aliases().keys()
    return tuple(sorted(name for name in _available() - known if name.partition("/")[0] in _AREAS))


def others_with(name: str) -> tuple[str, ...]:
    """`others`, and `name` where it is a zone that no menu lists: whoever has it must be able to keep it."""
    listed = not is_known(name) or name in others() or any(zone.name == name for zone in usual())
    return others() if listed else tuple(sorted((*others(), name)))


@cache
def _aliases() -> dict[str, str]:
    """Older names of zones (tz database, `backward`), and the present one of each. Only names of the same place."""
    return {row["alias"]: row["name"] for row in _rows("zone_aliases.tsv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def _available() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())  # reads a thousand files: once is enough


def is_known(name: str) -> bool:
    """Whether `name` can be computed with on this machine."""
    return name in _available()


def canonical(name: str) -> str:
    """The present name of a zone: Asia/Kolkata for Asia/Calcutta. Any other text as it is."""
    return _aliases().get(name, name)


def city(name: str) -> tuple[str, str]:
    """The city of zone `name` in English and in Chinese; the tz database's own name where nobody translated it."""
    present = canonical(name)
    for zone in usual():
        if zone.name == present:
            return zone.en, zone.zh
    if offset := _BY_OFFSET.fullmatch(present):
        plain = f"UTC{'−' if offset[1] == '+' else '+'}{offset[2]}"
    else:
        plain = present.rpartition("/")[2].replace("_", " ")
    return plain, plain
