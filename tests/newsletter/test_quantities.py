"""Figures of both languages and many units come to the same values."""

import pytest

from newsletter.quantities import agrees, keys, quantities


def values(text: str) -> list[tuple[float, str]]:
    return [(q.value, q.unit) for q in quantities(text) if not q.soft]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("$2.4 billion", "24亿美元"),
        ("$2.4 billion", "24 亿美元"),
        ("nearly $2.4 billion", "將近24億美元"),
        ("300 million yen", "3億日圓"),
        ("three months ago: 12,000", "１２０００，三個月前"),
        ("US$50bn", "500 亿美元"),
        ("1.2 trillion yuan", "1.2万亿元"),
        ("150 million yuan", "一亿五千万元"),
        ("230 million", "2亿3000万"),
        ("20%", "两成"),
        ("35 percent", "三成半"),
        ("25 per cent", "百分之二十五"),
        ("forty-fold", "40 倍"),
        ("40x", "40倍"),
        ("1,500", "1500"),
        ("70B", "700亿"),
        ("10 GW", "1000万千瓦"),
        ("May 7, 2026", "2026年5月7日"),
        ("7 May", "5月7日"),
        ("06:00", "早上6时"),
        ("3:30 p.m.", "下午15时30分"),
        ("24 hours", "24小时"),
        ("the third quarter", "第三季度"),
        ("Q3", "三季度"),
        ("half a million", "50 万"),
        ("$2-3 billion", "20 至 30 亿美元"),
    ],
)
def test_the_same_figure_in_both_languages(english: str, chinese: str) -> None:
    ours, theirs = ([q for q in quantities(text) if not q.soft] for text in (english, chinese))

    assert ours
    assert theirs
    assert all(any(agrees(a, b) for b in theirs) for a in ours)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("$50 billion", "50 亿美元"),
        ("2.4 亿美元", "$2.4 billion"),
        ("500 亿元", "500 亿美元"),
        ("500 万美元", "500 亿美元"),
        ("20", "20%"),
        ("30 days", "30 个月"),
        ("153", "150"),
        ("June 2026", "2026年7月"),
        ("40 倍", "40%"),
    ],
)
def test_another_figure_or_unit_is_not_the_same(said: str, known: str) -> None:
    assert not all(any(agrees(a, b) for b in quantities(known)) for a in quantities(said) if not a.soft)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("$2.4 billion", "$2.38 billion"),
        ("nearly 500 million", "487 million"),
        ("1500多个", "1,523"),
        ("约 24 亿元", "23.9 亿元"),
    ],
)
def test_a_rounded_figure_is_true_of_the_exact_one(said: str, known: str) -> None:
    assert agrees(quantities(said)[0], quantities(known)[0])


def test_rounding_the_other_way_is_inventing() -> None:
    assert not agrees(quantities("2.38 billion")[0], quantities("2.4 billion")[0])


@pytest.mark.parametrize(
    "text",
    [
        "GPT-5.4",
        "Qwen3-397B",
        "5G and 3D",
        "一些，一起，两国，十五五规划",
        "数十亿美元",
        "two firms",
        "https://a.example/2026/1",
    ],
)
def test_figures_in_names_and_small_words_hold_nobody_to_anything(text: str) -> None:
    assert values(text) == []


def test_a_model_name_before_a_chinese_amount_does_not_swallow_it() -> None:
    assert (3e9, "USD") in values("远超训练GPT-4时所耗费的30亿美元")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("融资24亿美元", ["USD:2.4e+09"]),
        ("raises $2.4 billion", ["USD:2.4e+09"]),
        ("US$2.4bn", ["USD:2.4e+09"]),
        ("2.4 billion dollars", ["USD:2.4e+09"]),
        ("1,260亿美元", ["USD:1.26e+11"]),
        ("125亿欧元", ["EUR:1.25e+10"]),
        ("€12.5bn", ["EUR:1.25e+10"]),
        ("15 亿元", ["CNY:1.5e+09"]),
        ("1.5 billion yuan", ["CNY:1.5e+09"]),
        ("上涨18%", ["percent:18"]),
        ("up 18 percent", ["percent:18"]),
        ("1吉瓦", ["W:1e+09"]),
        ("1 gigawatt", ["W:1e+09"]),
        ("1.8 万卡", ["n:1.8e+04"]),
        ("18,000 cards", ["n:1.8e+04"]),
        ("Seven of eleven labs", ["n:7", "n:11"]),
        ("11 家实验室仅 7 家", ["n:11", "n:7"]),
        ("十一家实验室仅七家，五六家没有", ["n:11", "n:7"]),
        ("“六要六不要”建议", []),
        ("2026年3月11日，3月 5 款", ["n:5"]),
        ("on March 11, 2026", []),
        ("GPT-5.4 costs 40 times as much", ["times:40"]),
        ("GPT-5.4 的价格是 40 倍", ["times:40"]),
        ("數十個團隊融資24億美元", ["USD:2.4e+09"]),
    ],
)
def test_keys_are_the_same_in_both_languages(text: str, want: list[str]) -> None:
    assert list(keys(text)) == want
