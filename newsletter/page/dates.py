"""Dates, clocks and numerals as the two languages print them: pure functions."""

import datetime as dt

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_HAN = "零一二三四五六七八九"


def long_date(date: dt.date, language: str) -> str:
    """`Thursday, 7 May 2026` or `2026年5月7日　星期四`."""
    if language == "zh":
        return f"{date.year}年{date.month}月{date.day}日　星期{'一二三四五六日'[date.weekday()]}"
    return f"{_WEEKDAYS[date.weekday()]}, {date.day} {_MONTHS[date.month - 1]} {date.year}"


def full_date(date: dt.date, language: str) -> str:
    """`7 May 2026` or `2026年5月7日`."""
    return f"{date.year}年{short_date(date, 'zh')}" if language == "zh" else f"{short_date(date, 'en')} {date.year}"


def short_date(date: dt.date, language: str) -> str:
    """`7 May` or `5月7日`."""
    return f"{date.month}月{date.day}日" if language == "zh" else f"{date.day} {_MONTHS[date.month - 1]}"


def moment(at: dt.datetime, language: str) -> str:
    """`6 May 21:10` or `5月6日 21:10`, on the clock of `at` itself."""
    return f"{short_date(at.date(), language)} {at:%H:%M}"


def number_word(number: int, language: str) -> str:
    """`Ten` or `十`: words up to twelve in English and ninety-nine in Chinese, figures above."""
    if language == "zh":
        return han_numeral(number)
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


def han_numeral(number: int) -> str:
    """一, 十, 十二, 二十三; above 99 the figures."""
    if not 0 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _HAN[ones]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
