"""What a headline announces."""

import pytest

from newsletter.headlines import is_digest


@pytest.mark.parametrize(
    "title",
    [
        "8点1氪丨宁德时代日赚近2亿；二手平台出现OpenClaw上门卸载服务",
        "晨星早报：潮汐 3 开源、丹江云涨价",
        "本周热点回顾",
        "Stock market today: Dow drops",
        "The week in review: agents everywhere",
        "Google, Meta and four more stories",
        "Oracle (ORCL) Q3 2026 Earnings Call Transcript",
    ],
)
def test_digests_announce_themselves(title: str) -> None:
    assert is_digest(title)


@pytest.mark.parametrize(
    "title",
    [
        "ChatGPT reaches 900 million weekly users",
        "SpaceX prospectus is due this week",
        "我们如何用 OpenCode 和 Claude，在一周内重构 Next.js",
        "韩国官员称，燃油价格上限本周生效",
    ],
)
def test_news_of_this_week_is_no_digest(title: str) -> None:
    assert not is_digest(title)
