"""The same text more than once: one text, one witness."""

import datetime as dt
from dataclasses import replace

from newsletter.rank.dedupe import copies
from newsletter.rank.reading import read
from newsletter.rank.values import ArticleValue
from newsletter.subject import load_vocabulary

AT = dt.datetime(2026, 5, 6, 8, tzinfo=dt.UTC)
WIRE = ArticleValue(
    "wire",
    "曙光智能与岭溪生物联合发布制药大模型",
    "曙光智能与岭溪生物5月6日宣布联合发布制药大模型，已在三家医院试用，研发周期缩短四成，双方将共建算力平台。",
    "zh",
    "某通讯社",
    AT,
)


def found(*others: ArticleValue) -> dict[str, str]:
    vocabulary = load_vocabulary()
    return copies([read(article, vocabulary) for article in (WIRE, *others)])


def later(key: str, **fields: str) -> ArticleValue:
    return replace(WIRE, id=key, outlet=f"Outlet {key}", at=AT + dt.timedelta(hours=1), **fields)  # type: ignore[arg-type]


def test_wire_copy_in_other_outlets_repeats_the_first() -> None:
    assert found(later("a"), later("b", title=f"{WIRE.title}（快讯）")) == {"a": "wire", "b": "wire"}


def test_a_text_under_another_headline_is_the_same_text() -> None:
    assert found(later("a", title="制药大模型来了")) == {"a": "wire"}


def test_an_own_report_of_the_event_is_no_copy() -> None:
    own = later(
        "a",
        title="岭溪生物携手曙光智能推出AI制药模型",
        text="本报记者从发布会获悉，新模型能筛选先导化合物，首批用户为三家医院。",
    )
    assert found(own) == {}


def test_one_page_in_two_feeds_is_one_whatever_its_address_looks_like() -> None:
    page = replace(WIRE, url="https://www.ledger.example/a/1.html")
    amp = later(
        "amp", url="https://m.ledger.example/a/1.html?utm_source=rss", title="标题改过了，更新：曙光智能", text=""
    )
    vocabulary = load_vocabulary()
    assert copies([read(page, vocabulary), read(amp, vocabulary)]) == {"amp": "wire"}


def test_a_sites_front_page_is_nobodys_address() -> None:
    one = replace(WIRE, url="https://ledger.example/")
    other = later("a", url="https://ledger.example/", title="台风路径由大模型提前算出", text="气象部门介绍了新系统。")
    vocabulary = load_vocabulary()
    assert copies([read(one, vocabulary), read(other, vocabulary)]) == {}


def test_the_two_languages_of_one_page_are_no_copies() -> None:
    page = replace(WIRE, url="https://ledger.example/a/1")
    assert found(replace(page, id="en", language="en", title="Aurora and Larkspur release a model", text="")) == {}


def test_the_first_is_by_time_not_by_place() -> None:
    assert found(replace(WIRE, id="early", at=AT - dt.timedelta(hours=1))) == {"wire": "early"}
