"""What the world's name servers say of our sender: SPF, DKIM and DMARC of its domain. The only importer of dnspython.

Looked up apart from any page and kept on the newsletter; where no name server answers, nothing is known, which is no
fault.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils import timezone

from newsletter.models import Newsletter

SECONDS = 4.0  # for one name
FRESH = dt.timedelta(hours=6)
# RFC 2606, RFC 6761: nobody can set these up, so a demo's sender is no fault
_EXAMPLES = (".example", ".test", ".invalid", ".localhost", "example.com", "example.org", "example.net")

FOUND, MISSING, WRONG, UNKNOWN = "found", "missing", "wrong", "unknown"


@dataclass(frozen=True)
class Record:
    """One of the sender's records. `text` is what stands there, or why nothing is known."""

    name: str  # SPF, DKIM, DMARC
    place: str  # where it was looked for
    state: str  # found, missing, wrong, unknown
    text: str = ""

    @property
    def is_fault(self) -> bool:
        return self.state in (MISSING, WRONG)


def domain_of(newsletter: Newsletter) -> str:
    """The domain that readers see behind the @, lower case, as A-labels."""
    domain = newsletter.sender_address.rpartition("@")[2].lower()
    return domain.encode("idna").decode() if not domain.isascii() else domain


def selector_of(newsletter: Newsletter) -> tuple[str, str]:
    """The DKIM selector and the domain that signs: ours, where we sign; else what the newsletter says of its mail
    server; empty where nobody said any."""
    if settings.DKIM_SELECTOR:
        return settings.DKIM_SELECTOR, settings.DKIM_DOMAIN
    return newsletter.dkim_selector, domain_of(newsletter)


def is_example(newsletter: Newsletter) -> bool:
    """Whether the sender's domain is one of those that exist for examples only, on a machine where that may pass."""
    return settings.EXAMPLE_ADDRESS_PASSES and domain_of(newsletter).endswith(_EXAMPLES)


def look_up(newsletter: Newsletter) -> list[Record]:
    """Ask now, within a few seconds a name, and keep the answer on the newsletter."""
    domain, (selector, signing) = domain_of(newsletter), selector_of(newsletter)
    records = [_spf(domain), *([_dkim(selector, signing)] if selector else []), _dmarc(domain)]
    newsletter.sender_dns = {**_asked(newsletter), "records": [asdict(each) for each in records]}
    newsletter.sender_dns_at = timezone.now()
    newsletter.save(update_fields=["sender_dns", "sender_dns_at"])
    return records


def known(newsletter: Newsletter) -> list[Record]:
    """What was found the last time; empty where the sender has changed since, or nothing was ever asked."""
    kept: dict[str, Any] = newsletter.sender_dns or {}
    if {name: kept.get(name) for name in _asked(newsletter)} != _asked(newsletter):
        return []
    return [Record(**each) for each in kept["records"]]


def _asked(newsletter: Newsletter) -> dict[str, str]:
    return {"domain": domain_of(newsletter), "selector": "@".join(selector_of(newsletter))}


def is_due(newsletter: Newsletter, now: dt.datetime) -> bool:
    """Whether what is known is too old, or about another sender."""
    if is_example(newsletter):
        return False
    return not known(newsletter) or newsletter.sender_dns_at is None or now - newsletter.sender_dns_at > FRESH


def _spf(domain: str) -> Record:
    """RFC 7208 §3: one TXT record at the domain that begins with v=spf1; two are an error (§4.5)."""
    return _one("SPF", domain, "v=spf1")


def _dmarc(domain: str) -> Record:
    """RFC 7489 §6.6.3: at _dmarc under the domain, else under the organisation's: here its last two labels."""
    own = _one("DMARC", f"_dmarc.{domain}", "v=DMARC1")
    parent = domain.split(".", 1)[-1]
    return own if own.state != MISSING or "." not in parent else _one("DMARC", f"_dmarc.{parent}", "v=DMARC1")


def _dkim(selector: str, domain: str) -> Record:
    """RFC 6376 §3.6.2.1; an empty p= is a revoked key (§3.6.1)."""
    place = f"{selector}._domainkey.{domain}"
    texts, problem = _texts(place)
    if problem:
        return Record("DKIM", place, *problem)
    keys = {text: _tags(text).get("p") for text in texts if "p" in _tags(text)}
    if not keys:
        return Record("DKIM", place, MISSING)
    return Record("DKIM", place, FOUND if all(keys.values()) else WRONG, next(iter(keys))[:300])


def _tags(text: str) -> dict[str, str]:
    """RFC 6376 §3.2: `v=DKIM1; k=rsa; p=…`."""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip(): "".join(value.split()) for name, _equals, value in pairs}


def _one(name: str, place: str, start: str) -> Record:
    texts, problem = _texts(place)
    if problem:
        return Record(name, place, *problem)
    ours = [text for text in texts if text.lower().startswith(start.lower())]
    if not ours:
        return Record(name, place, MISSING)
    return Record(name, place, FOUND if len(ours) == 1 else WRONG, " | ".join(ours)[:300])


def _texts(place: str) -> tuple[list[str], tuple[str, str] | None]:
    """The TXT records at `place`, or the state and words for why there are none to be had."""
    try:
        resolver = dns.resolver.Resolver()
        answer = resolver.resolve(place, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return [], (MISSING, "")
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return [], (UNKNOWN, " ".join(str(error).split())[:300])
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer], None
