"""What may stand around a number: currencies, percent, durations, scales; each with how it is written."""

import re

from newsletter.quantities.numerals import SCALES_ZH

CURRENCIES = frozenset({"USD", "CNY", "EUR", "GBP", "JPY", "KRW", "HKD", "TWD", "INR", "CAD", "AUD", "SGD", "BRL"})
DURATIONS = frozenset({"years", "months", "weeks", "days", "hours", "minutes", "seconds"})
PREFIXES = {
    **{"US$": "USD", "HK$": "HKD", "NT$": "TWD", "C$": "CAD", "A$": "AUD", "S$": "SGD", "R$": "BRL", "$": "USD"},
    **{"¥": "CNY", "￥": "CNY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR"},
    **{"RMB": "CNY", "CNY": "CNY", "USD": "USD", "EUR": "EUR", "GBP": "GBP"},
}
_LARGER = "more|as|the|larger|faster|higher|greater|bigger|cheaper|its|what|that"
# Pattern, unit, and what one of it weighs. Of several the first that fits counts.
_UNITS: tuple[tuple[str, str, float], ...] = (
    (r"(?:多)?个?百分点|[%％]|per ?cent(?:age points?)?\b|percentage points?\b|pct\b", "percent", 1),
    (rf"多?倍|[xX×](?![\w-])|-?fold\b|times (?=(?:{_LARGER})\b)", "times", 1),
    (r"多?(?:美元|美金)|(?:U\.?S\.? )?dollars?\b|USD\b", "USD", 1),
    (r"多?(?:港元|港币)|Hong Kong dollars?\b", "HKD", 1),
    (r"多?元?新?台币|(?:New )?Taiwan dollars?\b", "TWD", 1),
    (r"多?欧元|euros?\b", "EUR", 1),
    (r"多?英镑", "GBP", 1),
    (r"多?日[元圆]|(?:Japanese )?yen\b", "JPY", 1),
    (r"多?韩元|(?:South )?Korean won\b", "KRW", 1),
    (r"多?卢比|rupees?\b", "INR", 1),
    (r"多?(?:元人民币|元(?![宝素年旦宇器老首凶件])|人民币)|(?:Chinese )?yuan\b|RMB\b|renminbi\b", "CNY", 1),
    (r"多?个(?:多)?月|-?months?\b", "months", 1),
    (r"多?个?(?:小时|钟头)|-?(?:hours?|hrs?)\b", "hours", 1),
    (r"多?分钟|-?(?:minutes?|mins?)\b", "minutes", 1),
    (r"多?秒钟?|-?seconds?\b", "seconds", 1),
    (r"多?(?:天|个工作日|个交易日)|-?days?\b", "days", 1),
    (r"多?(?:周|个星期)(?![一二三四五六日末边围年])|-?weeks?\b", "weeks", 1),
    (r"多?年(?![级代])|-?years?\b", "years", 1),
    (r"-?decades?\b", "years", 10),
    (r"吉瓦|GW(?![A-Za-z])|gigawatts?\b", "W", 1e9),
    (r"兆瓦|MW(?![A-Za-z])|megawatts?\b", "W", 1e6),
    (r"千瓦(?!时)|kW(?![A-Za-z])|kilowatts?\b", "W", 1e3),
    (r"(?:[KMGTP]B|nm|mm|cm|km|kg|[MG]Hz|[TP]FLOPS|fps|mAh|kWh|TWh|GWh)\b", "", 1),
)
UNIT = "|".join(f"(?P<u{i}>{pattern})" for i, (pattern, _, _) in enumerate(_UNITS))
_BY_GROUP = {f"u{i}": (unit, weight) for i, (_, unit, weight) in enumerate(_UNITS)}
SCALE_ZH = "(?:" + "|".join(SCALES_ZH) + ")(?!瓦)"
SCALE_EN = r"(?:trillion|billion|million|thousand|hundred|tn|bn|mn|mln)\b|[KMBTkmbt](?![A-Za-z0-9])"
PREFIX = "|".join(re.escape(sign) for sign in sorted(PREFIXES, key=len, reverse=True))


def unit_of(match: re.Match[str]) -> tuple[str, float]:
    """The unit that a match of UNIT caught, and its weight; ("", 1) where none did.

    Of the pattern's groups UNIT's must be the last that can match beside a unit.
    """
    return _BY_GROUP.get(match.lastgroup or "", ("", 1.0))
