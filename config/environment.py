"""Typed readers of the environment. Each error names the variable and says what to write: an operator never guesses.

Beside the environment there may be a file `.env` (see `config/first_env.py`, which writes the first one): a mail
server's pipe, cron and a shell by hand have no environment of ours, and would each need a wrapper.
"""

import datetime as dt
import os
import re
import secrets
from collections.abc import Mapping
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_LINE = re.compile(r"(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*)", re.DOTALL)
_DATABASES = {"postgres", "postgresql", "sqlite"}


def read_file(path: Path) -> None:
    """Take NAME=value lines of `path` into the environment, where a name isn't there already. No file is fine.

    The form is the one that systemd's EnvironmentFile and a shell read the same: `#` begins a comment line, and quotes
    may stand around a value. Not read on a development machine (DEBUG=1 in the environment), so that the demo never
    writes into the real database beside it.
    """
    if env_bool("DEBUG", False):
        return
    try:
        lines = path.read_text("utf8").splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ImproperlyConfigured(f"{path}: can't be read by this user ({error.strerror})") from None
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, value = _pair(line.strip(), f"{path}, line {number}")
            os.environ.setdefault(name, value)


def _pair(line: str, place: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ImproperlyConfigured(f"{place}: write NAME=value, or # before a comment")
    name, value = found[1], found[2].strip()
    if value[:1] in ("'", '"'):
        if len(value) < 2 or value[-1] != value[0]:
            raise ImproperlyConfigured(f"{place}: the quote before {name}'s value is never closed")
        value = value[1:-1]
    return name, value


def env_str(name: str, default: str) -> str:
    """The variable `name`, or `default` where it is unset or empty."""
    return os.environ.get(name) or default


def env_bool(name: str, default: bool) -> bool:
    """`1 true yes on` and `0 false no off`, in any case; anything else is an error that names the variable."""
    value = env_str(name, str(default)).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0")


def env_int(name: str, default: int) -> int:
    """A whole number; anything else is an error that names the variable."""
    value = env_str(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number") from None


def env_decimal(name: str, default: str) -> Decimal:
    """A number such as 5 or 0.50, not below nought; anything else is an error that names the variable."""
    value = env_str(name, default)
    if not re.fullmatch(r"\d+(?:\.\d+)?", value):
        raise ImproperlyConfigured(f"{name}={value!r}: write a number such as 5 or 0.50")
    return Decimal(value)


def env_prefixed(prefix: str) -> dict[str, str]:
    """The variables whose names begin so, by the rest of the name."""
    return {name[len(prefix) :]: value for name, value in os.environ.items() if name.startswith(prefix)}


def env_prices(name: str) -> dict[str, tuple[Decimal, Decimal]]:
    """MODEL=INPUT/OUTPUT, comma-separated, in US dollars a million tokens; an error names the entry that isn't so."""
    found = {}
    for entry in env_list(name, ""):
        told = re.fullmatch(r"(\S+)=(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)", entry)
        if told is None:
            raise ImproperlyConfigured(f"{name}={entry!r}: write MODEL=INPUT/OUTPUT, such as qwen3:30b=0/0")
        found[told[1]] = Decimal(told[2]), Decimal(told[3])
    return found


def env_date(name: str) -> dt.date | None:
    """A day such as 2026-11-22, or none; anything else is an error that names the variable."""
    value = env_str(name, "")
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: write a day such as 2026-11-22") from None


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, the first by default; anything else is an error that names the variable."""
    value = env_str(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: write one of {', '.join(choices)}")
    return value


def env_url(name: str, default: str) -> str:
    """An http or https address without a slash at its end; anything else is an error that names the variable."""
    value = env_str(name, default).rstrip("/")
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise ImproperlyConfigured(f"{name}={value!r}: write an address such as https://news.example")
    return value


def env_domain(name: str, default: str) -> str:
    """A domain of mail addresses, in lower case; anything else is an error that names the variable."""
    value = env_str(name, default).lower()
    if not re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", value):
        raise ImproperlyConfigured(f"{name}={value!r}: write a domain such as news.example")
    return value


def env_mailbox(name: str, default: str) -> str:
    """A sender, as `Name <news@news.example>`; anything else is an error that names the variable."""
    value = env_str(name, default)
    if not re.fullmatch(r"(?:[^<>\r\n]*<)?[^@\s<>]+@[^@\s<>]+>?", value):
        raise ImproperlyConfigured(f"{name}={value!r}: write a sender such as Morning News <news@news.example>")
    return value


def env_list(name: str, default: str) -> list[str]:
    """Comma-separated words, blanks dropped."""
    return [word.strip() for word in env_str(name, default).split(",") if word.strip()]


def env_networks(name: str, default: str) -> list[IPv4Network | IPv6Network]:
    """Comma-separated networks, as 198.18.0.0/15; anything else is an error that names the variable."""
    try:
        return [ip_network(word) for word in env_list(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None


def env_files(name: str) -> list[Path]:
    """Comma-separated files that are there; a missing one is an error that names the variable."""
    paths = [Path(word) for word in env_list(name, "")]
    for path in paths:
        if not path.is_file():
            raise ImproperlyConfigured(f"{name}: there is no file {path.absolute()}")
    return paths


def env_database(name: str, default: str, **options: Any) -> Mapping[str, Any]:
    """Django's settings for a database address. The error doesn't repeat the value: a password may stand in it."""
    value = env_str(name, default)
    scheme = urlsplit(value).scheme
    if scheme not in _DATABASES:
        raise ImproperlyConfigured(
            f"{name} begins with {scheme or 'nothing'}://: write postgres://user:password@host/name, "
            "or leave it empty for SQLite"
        )
    return dict(dj_database_url.parse(value, **options))


def env_folder(name: str, default: Path) -> Path:
    """A folder that is there, or can be made; anything else is an error that names the variable."""
    folder = Path(env_str(name, str(default)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={folder}: can't be made ({error.strerror})") from None
    return folder


def required(name: str, example: str, *, debug: bool, fallback: str) -> str:
    """What a real installation must say and nobody can guess; `fallback` on a development machine."""
    if not debug and not os.environ.get(name):
        raise ImproperlyConfigured(
            f"{name} is not set: write {name}={example} into .env (`make install` begins that file), "
            "or set DEBUG=1 on a development machine"
        )
    return fallback


def secret(name: str, folder: Path, *, debug: bool) -> str:
    """A secret from the environment; in DEBUG one made once and kept in `folder`, so that it survives a restart."""
    path = folder / name.lower()
    if debug and not os.environ.get(name) and not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    made = path.read_text() if debug and path.exists() else ""
    return env_str(name, required(name, secrets.token_urlsafe(50), debug=debug, fallback=made))
