"""When the next mail comes, said before the reader has to ask."""

import datetime as dt
from zoneinfo import ZoneInfo

from subscribers import zones
from subscribers.models import Frequency, State, Subscriber
from subscribers.offers import Offers

SATURDAY, SUNDAY = 5, 6  # date.weekday(): Monday is 0
_LOOK_AHEAD = 8  # days: past any weekly issue; a pause is added to it
A_DAY = dt.timedelta(days=1)
ON_ITS_WAY = dt.timedelta(minutes=15)  # so long after confirming the issue that had left is said to be coming


def next_mail(reader: Subscriber, offers: Offers, now: dt.datetime) -> dt.datetime | None:
    """The moment of the reader's next mail on the clock of their zone; None while they get none.

    The rule is that of `audience`: the chosen hour on the issue's own date by the reader's clock, and never before
    the issue leaves. An issue that left before the reader was there is theirs where it takes late readers: at an hour
    still to come, or else `on_its_way`.
    """
    if reader.state not in (State.ACTIVE, State.PAUSED):
        return None
    zone = _zone(reader, offers)
    today = now.astimezone(offers.zone).date()
    first = today - dt.timedelta(days=1)
    if reader.paused_until and reader.paused_until > first:
        first = reader.paused_until
    for date in (first + dt.timedelta(days=days) for days in range(_LOOK_AHEAD + 1)):
        leaves = dt.datetime.combine(date, offers.hour, tzinfo=offers.zone)
        chosen = dt.datetime.combine(date, reader.send_at or offers.hour, tzinfo=zone)
        has_left = reader.confirmed_at and reader.confirmed_at > leaves and (date < today or offers.sent_today)
        too_late = has_left and date not in offers.open_dates
        if max(leaves, chosen) > now and not too_late and _wants(reader.frequency, date):
            return max(leaves, chosen).astimezone(zone)
    return None


def on_its_way(reader: Subscriber, offers: Offers, now: dt.datetime) -> bool:
    """Whether an issue that had left before this reader confirmed, a moment ago, is coming to them at once."""
    confirmed = reader.confirmed_at
    if reader.state != State.ACTIVE or not confirmed or not confirmed <= now < confirmed + ON_ITS_WAY:
        return False
    zone, hour = _zone(reader, offers), reader.send_at or offers.hour
    hours = {date: dt.datetime.combine(date, hour, tzinfo=zone) for date in offers.open_dates}
    return any(at <= confirmed < at + A_DAY and _wants(reader.frequency, date) for date, at in hours.items())


def _zone(reader: Subscriber, offers: Offers) -> ZoneInfo:
    return ZoneInfo(reader.zone if zones.is_known(reader.zone) else offers.zone.key)


def _wants(frequency: str, date: dt.date) -> bool:
    if frequency == Frequency.WEEKLY:
        return date.weekday() == SUNDAY
    return frequency == Frequency.DAILY or date.weekday() < SATURDAY


def say(moment: dt.datetime, zone: str) -> dict[str, str]:
    """`moment`, on the clock of `zone`, in words, by Django's language code."""
    day, (english, chinese) = say_day(moment), zones.city(zone)
    at = "" if english.startswith("UTC") else " in"
    return {
        "en": f"{day['en']}, {moment:%H:%M}{at} {english}",
        "zh-hans": f"{day['zh-hans']} {moment:%H:%M}，{chinese}时间",
    }


def say_day(day: dt.date) -> dict[str, str]:
    """A day in words, by Django's language code; the year in English only, where a day is seldom said without one."""
    weekday = "一二三四五六日"[day.weekday()]
    return {"en": f"{day:%A} {day.day} {day:%B %Y}", "zh-hans": f"{day.month}月{day.day}日星期{weekday}"}


def on_clock(moment: dt.datetime, zone: str) -> dict[str, str]:
    """`moment` in words, by Django's language code, on the clock of `zone`; of UTC where that zone is unknown here."""
    known = zone if zones.is_known(zone) else "UTC"
    return say(moment.astimezone(ZoneInfo(known)), known)
