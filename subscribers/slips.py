"""Addresses that are probably not what was meant: a slip in the domain, a shared mailbox, one to throw away."""

from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from subscribers.addresses import Address

DATA = Path(__file__).parent / "data"
_SHORTEST = 5  # letters in a domain's first label below which one slip leads anywhere: qq, 163, sina
# Ends that are one key off; .co and .cm are real, but nobody's gmail.
_ENDS = {"con": "com", "cmo": "com", "ocm": "com", "co": "com", "cm": "com", "om": "com", "comm": "com", "vom": "com"}


def suggestion(address: Address) -> str:
    """The address that was probably meant, with the same local part; empty where nothing looks wrong."""
    domain = address.key.rpartition("@")[2]
    meant = _meant(domain)
    return f"{address.email.rpartition('@')[0]}@{meant}" if meant else ""


def is_shared(address: Address) -> bool:
    """Whether the address is of a function rather than of a person (info@, sales@)."""
    return address.key.rpartition("@")[0].partition("+")[0] in _words("role_names.txt")


def is_disposable(address: Address) -> bool:
    """Whether the mailbox is one to throw away, by our short list and the operator's own; subdomains too."""
    domain = address.key.rpartition("@")[2]
    listed = _words("disposable.txt") | _operators(settings.DISPOSABLE_DOMAINS_FILE)
    parents = domain.split(".")
    return any(".".join(parents[start:]) in listed for start in range(len(parents) - 1))


@lru_cache(10_000)
def _meant(domain: str) -> str:
    known = _domains()
    if domain in known:
        return ""
    name, _, end = domain.partition(".")
    if end in _ENDS and f"{name}.{_ENDS[end]}" in known:
        return f"{name}.{_ENDS[end]}"
    common = [each for each, is_common in known.items() if is_common]
    for each in common:
        if each.replace(".", "") == domain.replace(".", ""):  # a stop forgotten or misplaced: gmailcom
            return each
    if len(name) < _SHORTEST - 1:
        return ""
    for each in common:
        common_name, _, common_end = each.partition(".")
        if len(common_name) >= _SHORTEST and _ENDS.get(end, end) == common_end and _one_slip(name, common_name):
            return each
    return ""


def _one_slip(typed: str, meant: str) -> bool:
    """One letter too many, too few, or another one, or two neighbours swapped (Damerau-Levenshtein distance 1)."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return typed == meant
    same = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    typed, meant = typed[same:], meant[same:]
    swapped = len(typed) > 1 and len(meant) > 1 and typed[1] + typed[0] + typed[2:] == meant
    return swapped or typed[1:] == meant[1:] or typed[1:] == meant or typed == meant[1:]


@cache
def _words(name: str) -> frozenset[str]:
    return _read(DATA / name)


@cache
def _operators(path: str) -> frozenset[str]:
    return _read(Path(path)) if path else frozenset()


def _read(path: Path) -> frozenset[str]:
    lines = (line.strip().lower() for line in path.read_text("utf8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _domains() -> dict[str, bool]:
    """Each known domain, and whether it is common."""
    return {line.split()[0]: line.endswith("*") for line in sorted(_words("mail_domains.txt"))}
