"""How often one IP, one network, one address or one reader may ask: counted in rows, so a restart forgives nothing."""

import datetime as dt
import hmac
import ipaddress
import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import F

from subscribers.models import Tally


@dataclass(frozen=True)
class Limit:
    """At most `count` in each `period`; periods begin at whole multiples of it since 1970."""

    name: str
    count: int
    period: dt.timedelta

    def key(self, value: str) -> str:
        """What stands in the row: without our key nobody can tell whom it is about."""
        return hmac.digest(
            settings.SECRET_KEY.encode(), f"chenbao.limits.{self.name}.{value}".encode(), "sha256"
        ).hex()

    def began(self, now: dt.datetime) -> dt.datetime:
        """When the period that `now` lies in began."""
        seconds = int(self.period.total_seconds())
        return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=dt.UTC)

    def ends(self, now: dt.datetime) -> dt.datetime:
        """When the next period begins."""
        return self.began(now) + self.period

    def seconds_left(self, now: dt.datetime) -> int:
        """Whole seconds until the next period begins, one at least."""
        return math.ceil((self.ends(now) - now).total_seconds())


PER_IP = Limit("ip", 10, dt.timedelta(hours=1))
PER_NETWORK = Limit("network", 40, dt.timedelta(hours=1))
PER_ADDRESS = Limit("address", 3, dt.timedelta(days=1))  # mails that strangers can make us send to one mailbox
PER_MAIL_DOMAIN = Limit("mail domain", 60, dt.timedelta(hours=1))  # answers to commands by mail
PER_READER = Limit("reader", 60, dt.timedelta(hours=1))  # changes by the page, each a row of history; never leaving
KEPT_FOR = dt.timedelta(days=2)  # above every period


def host_of(ip: str) -> str:
    """One machine: in IPv6 its /64, inside which it takes a new address whenever it likes (RFC 8981)."""
    return _without_last_bits(ip, 0, 64)


def network_of(ip: str) -> str:
    """The neighbours of `ip`: its /24, or its /48 in IPv6, which is what one customer commonly gets."""
    return _without_last_bits(ip, 8, 80)


def _without_last_bits(ip: str, of_v4: int, of_v6: int) -> str:
    """Raises ValueError for what is no IP."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return f"{address.version}:{int(address) >> (of_v4 if address.version == 4 else of_v6)}"


def allow_from(ip: str | None, now: dt.datetime) -> bool:
    """Count one request from `ip` and its network; False, uncounted, where either has had its share."""
    try:
        return allow([(PER_IP, host_of(ip or "")), (PER_NETWORK, network_of(ip or ""))], now)
    except ValueError:  # no IP at all, as behind a Unix socket: one tally for all of them
        return allow([(PER_NETWORK, "unknown")], now)


_COUNT = """
INSERT INTO {table} (key, period, count) VALUES {rows}
ON CONFLICT (period, key) DO UPDATE SET count = {table}.count + excluded.count RETURNING key, count
"""


def allow(asked: list[tuple[Limit, str]], now: dt.datetime) -> bool:
    """Count once under each limit; False, and nothing counted, where one of them is reached."""
    places = {limit.key(value): (limit, limit.began(now)) for limit, value in asked}
    counts = _count(sorted((key, began) for key, (_limit, began) in places.items()))
    if all(counts[key] <= limit.count for key, (limit, _began) in places.items()):
        return True
    for key, (_limit, began) in places.items():
        Tally.objects.filter(key=key, period=began).update(count=F("count") - 1)
    return False


def take(asked: list[tuple[Limit, str]], wanted: int, now: dt.datetime) -> int:
    """Count up to `wanted` under each limit, as many as all of them allow; how many that were."""
    places = {limit.key(value): (limit, limit.began(now)) for limit, value in asked}
    counts = _count(sorted((key, began) for key, (_limit, began) in places.items()), wanted)
    over = max(counts[key] - limit.count for key, (limit, _began) in places.items())
    back = min(wanted, max(0, over))
    if back:
        for key, (_limit, began) in places.items():
            Tally.objects.filter(key=key, period=began).update(count=F("count") - back)
    return wanted - back


def left(limit: Limit, value: str, now: dt.datetime) -> int:
    """How much of `limit` is left in the period of `now`."""
    count = Tally.objects.filter(key=limit.key(value), period=limit.began(now)).values_list("count", flat=True).first()
    return limit.count - (count or 0)


def _count(places: list[tuple[str, dt.datetime]], more: int = 1) -> dict[str, int]:
    """So many more at each place, always in the same order; the count of each by its key. One statement: of many that
    come at once, each gets its own number."""
    table, adapt = connection.ops.quote_name(Tally._meta.db_table), connection.ops.adapt_datetimefield_value
    statement = _COUNT.format(table=table, rows=", ".join(["(%s, %s, %s)"] * len(places)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for key, began in places for value in (key, adapt(began), more)])
        return dict(cursor.fetchall())


def tidy(now: dt.datetime) -> int:
    """Forget periods that are over; how many rows that were."""
    return Tally.objects.filter(period__lt=now - KEPT_FOR).delete()[0]
