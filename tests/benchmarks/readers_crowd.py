"""A million readers as they might be: most in China at the usual hour, others spread over the world and the day."""

import random
import secrets

ZONES = {
    "Asia/Shanghai": 50,
    **dict.fromkeys(("America/New_York", "America/Los_Angeles", "Europe/London"), 8),
    **dict.fromkeys(("Asia/Tokyo", "Asia/Singapore", "Asia/Hong_Kong", "Europe/Berlin"), 5),
    **dict.fromkeys(("Asia/Kolkata", "Asia/Taipei", "Europe/Paris", "America/Chicago", "Australia/Sydney"), 1),
    "America/Sao_Paulo": 1,
}
STATES = {"active": 85, "left": 9, "paused": 3, "pending": 3}
HOURS = [f"{hour:02d}:{minute:02d}:00" for hour in range(24) for minute in (0, 30)]
AT_ONCE = 20_000


def make_crowd(count: int) -> None:
    """Write `count` readers, and let PostgreSQL know of them as its own housekeeping does."""
    from django.db import connection, transaction
    from django.utils import timezone

    from subscribers import bulk
    from subscribers.models import Subscriber

    chance, now = random.Random(7), timezone.now()
    hashes = [secrets.token_hex(8) for _ in range(30)]
    like = Subscriber(created_at=now, confirmed_at=now, source="import")
    names = ("email", "email_key", "token", "choices_hash", "state", "zone", "send_at", "frequency")
    for start in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - start)
        emails = [f"{secrets.token_hex(5)}.{n}@mail{n % 97}.example" for n in range(start, start + size)]
        columns = (
            emails,
            emails,
            [secrets.token_hex(16) for _ in emails],
            chance.choices(hashes, k=size),
            chance.choices(list(STATES), list(STATES.values()), k=size),
            chance.choices(list(ZONES), list(ZONES.values()), k=size),
            chance.choices([None, *HOURS], [48, *[1] * 48], k=size),
            chance.choices(["daily", "weekdays"], [8, 2], k=size),
        )
        with transaction.atomic():
            bulk.insert(like, names, list(zip(*columns, strict=True)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE subscribers_subscriber")
