"""Whatever a file holds: one line that says what is wrong with it, or findings; no traceback, no long wait."""

import copy
import json
import time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter import lexicon
from newsletter.check.document import IssueDocument
from newsletter.check.exchange import DocumentError
from newsletter.check.finding import RANK
from newsletter.check.run import CheckResult, check_document
from tests.newsletter.checking import article, block, document, told

NAMES = lexicon.load()
GOOD: dict[str, Any] = document(
    block(
        "Nvidia paid $2 billion for One [3].", "英伟达出价20亿美元收购一[3]。", id="item-1", kind="item", story="s1"
    ),
    block("Two reports [3][4].", "两篇报道[3][4]。", id="main-line", kind="main_line"),
    articles=(article(3, "Nvidia paid $2 billion"), article(4, "英伟达出价20亿美元", lang="zh"), article(None, "二")),
    previous=(told(document().date, "s9", "Old", "旧"),),
).to_json()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
# What texts of issues are made of, in orders that nobody would write.
PIECES = st.sampled_from(
    [
        *(
            "[3]",
            "[4][3]",
            "[77]",
            "[1,2]",
            "［1］",
            "[",
            "]",
            "“",
            "”",
            "「",
            "（",
            ")",
            "。",
            ". ",
            "; ",
            "，",
            "…",
            "\n\n",
        ),
        *(
            "Nvidia ",
            "英伟达",
            "Anthropic’s ",
            "OpenAI",
            "豆包",
            "bean buns ",
            "张三表示",
            "CEO 王建国说",
            "Jean-Luc Picard ",
        ),
        *(
            "$2 billion ",
            "20亿美元",
            "百分之二十",
            "两三家",
            "三分之二",
            "0分之0",
            "2026年3月12日",
            "25:61",
            "逾百亿",
            "1.5.2",
        ),
        *(
            "not ",
            "并不",
            "neither ",
            "nor ",
            "可能",
            "reportedly ",
            "world’s first ",
            "史上最强",
            "from 12 ",
            "up to ",
        ),
        *(
            "Reported by Outlet ",
            "据Outlet报道，",
            "acquires ",
            "收购",
            "the Chinese firms such as ",
            "等中国企业",
            "\u200b",
            "𝟙𝟚",
        ),
        *(
            "١٢٣",
            "e\u0301",
            "🔥",
            "\u202e",
            "\x00",
            "http://a.b/c?d=1 ",
            "<b>",
            "&amp;",
            "萬億",
            "ＡＢＣ１２３",
            "Q5",
            "第五季度",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)
ONCE = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answer(data: Any) -> CheckResult | str:
    """What is found in a file with this JSON, or the line that refuses it."""
    try:
        issue = IssueDocument.from_json(json.loads(json.dumps(data)))
    except DocumentError as error:
        return str(error)
    return check_document(issue, NAMES)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value inside of `value`."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path, *(each for key in keys for each in places(value[key], (*path, key)))][bool(not path) :]


@ONCE
@given(st.sampled_from(places(GOOD)), ANYTHING)
def test_any_value_in_any_place_is_refused_in_one_line_or_read(place: tuple[Any, ...], value: Any) -> None:
    changed = copy.deepcopy(GOOD)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value

    told_of = answer(changed)

    if isinstance(told_of, str):
        assert told_of
        assert "\n" not in told_of
        assert len(told_of) < 400


@ONCE
@given(st.sampled_from(places(GOOD)))
def test_a_field_that_is_left_out_is_named_or_not_needed(place: tuple[Any, ...]) -> None:
    changed = copy.deepcopy(GOOD)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    del inner[place[-1]]

    told_of = answer(changed)

    if isinstance(told_of, str):
        assert str(place[-1]) in told_of
        assert told_of.endswith(": missing")


@ONCE
@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(["translated", "independent"]), st.booleans())
def test_any_text_is_read_and_its_findings_can_be_shown(
    en: str, zh: str, title: str, source: str, parity: str, foreign: bool
) -> None:
    changed = copy.deepcopy(GOOD)
    changed["blocks"][0] |= {"text": {"en": en, "zh": zh}, "title": {"en": title, "zh": title[::-1]}, "parity": parity}
    changed["blocks"][0]["foreign"] = {"en": foreign, "zh": False}
    changed["articles"][0]["text"] = source

    result = answer(changed)

    assert isinstance(result, CheckResult)
    for finding in result.findings:
        assert finding.block in {"item-1", "main-line", None}
        assert finding.lang in {"en", "zh", "both"}
        assert finding.severity in RANK
        assert finding.message
        assert finding.message_zh
        assert "\n" not in finding.message
        json.dumps(finding.to_json())


def test_null_stands_for_a_half_that_is_not_there() -> None:
    changed = copy.deepcopy(GOOD)
    changed["blocks"][0]["text"]["zh"] = None

    result = answer(changed)

    assert isinstance(result, CheckResult)
    assert any(f.kind == "parity" and f.severity == "high" and f.block == "item-1" for f in result.findings)


def test_a_language_tag_with_a_region_is_its_language() -> None:
    changed = copy.deepcopy(GOOD)
    changed["articles"][1]["lang"] = "zh-CN"

    assert IssueDocument.from_json(changed).articles[1].lang == "zh"


def test_a_block_as_long_as_one_may_be_takes_seconds_at_most() -> None:
    for piece, other in (
        ("He said “a b c d e f” [3]. ", "他说“一二三四五六七八九”[3]。"),
        ("Neither nor not 2 of 3 [3]; ", "并不没有两家三分之二[3]；"),
        ("NVIDIA OpenAI GPT-5.4 ", "英伟达开放人工智能"),
    ):
        changed = copy.deepcopy(GOOD)
        texts = {"en": (piece * 900)[:20_000], "zh": (other * 1_400)[:20_000]}
        changed["blocks"][0]["text"] = texts
        started = time.process_time()

        answer(changed)

        assert time.process_time() - started < 20
