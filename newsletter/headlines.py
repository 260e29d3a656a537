"""What kind of thing a headline announces: pure functions over strings."""

import re

# "weekly", "this week" and 本周 alone are no sign: much news is of this week, and users are counted by it.
_DIGEST = re.compile(
    r"早报|晚报|早餐|日报[:：|｜]|盘前|盘后|收评|午评|8点见|8点1氪|周刊|周报|要闻|精选|速览|一览|盘点|快讯汇总|早知道|新闻联播"
    r"|一文看|[一本上]周(?:大事|回顾|热点|看点|新品|动态)"
    r"|\b(?:round-?up|digest|newsletter|live (?:coverage|updates?)|stocks? (?:market )?today|news quiz|briefing"
    r"|morning (?:brief|prompt)|week in review|this week in|this week['’]s best|weekly (?:brief|news|recap|wrap)"
    r"|(?:things|what) to know|stocks to watch|movers|headlines|transcript"
    r"|(?:and|plus) \w+ more(?: stories)?$|more stories$|everything (?:announced|we know))\b",
    re.IGNORECASE,
)


def is_digest(title: str) -> bool:
    """Whether it announces many things: a digest, a market wrap, a weekly. Whatever is in it is not one event."""
    return bool(_DIGEST.search(title))
