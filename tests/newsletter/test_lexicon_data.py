"""The lexicon's files contradict neither themselves nor each other."""

import csv
import re
from collections import Counter

import pytest

from newsletter import lexicon
from newsletter.lexicon import Entry
from newsletter.subject import load_vocabulary, read_rows
from newsletter.typography import has_han

ENTRIES = lexicon.read_entries(lexicon.DATA / "lexicon.tsv")  # raises on a line that is wrong by itself
NAMES = [entry for entry in ENTRIES if entry.kind != lexicon.HIDES]
SUBJECT = read_rows("subject.tsv")
NEWS = read_rows("news.tsv")
WORDS = [row for row in (*SUBJECT, *NEWS) if not row["en"].startswith("@")]


def test_no_two_entries_contradict_each_other() -> None:
    assert list(lexicon.clashes(ENTRIES)) == []


def test_there_are_many_names_of_every_kind_and_home() -> None:
    assert len(NAMES) >= 3000
    kinds, homes = Counter(entry.kind for entry in NAMES), Counter(entry.home for entry in NAMES)
    assert set(kinds) == lexicon.KINDS
    assert set(homes) == lexicon.HOMES
    assert min(kinds.values()) >= 200
    assert sum(bool(entry.never) for entry in NAMES) >= 100


def test_no_name_has_two_lines() -> None:
    assert [name for name, lines in Counter(entry.en[0] for entry in NAMES).items() if lines > 1] == []


def test_places_people_and_authorities_of_china_have_a_chinese_name() -> None:
    """Of other names an empty cell says that Chinese texts write them as English ones do: "OpenAI"."""
    chinese = (e for e in NAMES if e.kind == "place" or (e.home == "CN" and e.kind in ("person", "agency")))
    assert [str(entry) for entry in chinese if not any(has_han(each) for each in entry.zh)] == []


@pytest.mark.parametrize(
    ("traditional", "name"),
    [
        *(("輝達", "Nvidia"), ("聯發科", "MediaTek"), ("鴻海", "Foxconn"), ("廣達", "Quanta Computer")),
        *(("緯創", "Wistron"), ("緯穎", "Wiwynn"), ("台積電", "TSMC"), ("英業達", "Inventec"), ("仁寶", "Compal")),
        *(("華碩", "ASUS"), ("技嘉", "Gigabyte"), ("聯電", "UMC"), ("日月光", "ASE"), ("瑞昱", "Realtek")),
        *(("華為", "Huawei"), ("騰訊", "Tencent"), ("位元組跳動", None), ("字節跳動", "ByteDance")),
        *(("黃仁勳", "Jensen Huang"), ("蘇姿豐", "Lisa Su"), ("魏哲家", "C.C. Wei"), ("劉揚偉", "Young Liu")),
        *(("馬斯克", "Elon Musk"), ("微軟", "Microsoft"), ("谷歌", "Google"), ("亞馬遜", "Amazon")),
        *(("蘋果公司", "Apple"), ("三星電子", "Samsung"), ("軟銀", "SoftBank"), ("龍蝦", "OpenClaw")),
        *(("歐盟委員會", "European Commission"), ("工研院", "ITRI"), ("台達電", "Delta Electronics")),
    ],
)
def test_traditional_spellings_fold_to_the_simplified(traditional: str, name: str | None) -> None:
    assert [str(each) for each in lexicon.load().find(traditional)] == ([name] if name else [])


def test_each_traditional_character_has_one_simplified_one() -> None:
    with (lexicon.DATA / "traditional.tsv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["traditional"], row["simplified"]) for row in csv.DictReader(file, delimiter="\t")]
    assert all(len(one) == len(other) == 1 and one != other for one, other in pairs)
    assert [char for char, times in Counter(one for one, _ in pairs).items() if times > 1] == []
    assert {one for one, _ in pairs} & {other for _, other in pairs} == set()


def test_a_meaning_has_one_line_and_a_word_one_meaning() -> None:
    keys = Counter(row["en"].split("|")[0] for row in (*SUBJECT, *NEWS))
    assert [key for key, lines in keys.items() if lines > 1] == []
    holders: dict[str, str] = {}
    twice = set()
    for row in WORDS:
        for word in {*row["en"].split("|"), *row["zh"].split("|")}:
            if holders.setdefault(word, row["en"]) != row["en"]:
                twice.add(word)
    assert twice == set()


def test_words_stand_in_both_languages() -> None:
    assert [row["en"] for row in NEWS if not row["en"] or not row["zh"]] == []
    assert [row["en"] for row in WORDS if has_han(row["en"])] == []


def test_the_subject_names_topics_and_names_that_are_there() -> None:
    topics = set(lexicon.load().topics)
    said = {part.partition(":")[0] for row in SUBJECT for part in (row["topics"] or "").split()}
    assert said <= topics
    load_vocabulary()  # ValueError: a line for a name that the lexicon doesn't have


def test_every_field_is_weighed_and_used() -> None:
    assert lexicon.fields() == {entry.field for entry in NAMES if entry.field}


def test_what_says_nothing_of_the_subject_stands_with_the_news() -> None:
    idle = [row for row in SUBJECT if not row["en"].startswith("@") and not float(row["weight"]) and not row["topics"]]
    assert idle == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("X", "", "company", "CN"), "2 to 60"),
        (("", "云帆", "company", "CN"), "no English name"),
        (("云帆", "云帆", "company", "CN"), "no English spelling"),
        (("Yunfan|Yunfan", "", "company", "CN"), "twice"),
        (("Yunfan", "輝達|辉达", "company", "CN"), "twice"),
        (("Yunfan", "", "company", "MARS"), "unknown home"),
    ],
)
def test_a_wrong_entry_says_what_is_wrong(wrong: tuple[str, str, str, str], words: str) -> None:
    entry = Entry.from_row(dict(zip(("en", "zh", "kind", "home"), wrong, strict=True)), "here")
    assert any(words in fault for fault in lexicon.faults(entry))


@pytest.mark.parametrize(
    ("more", "clash"),
    [
        (
            Entry(("Doubao AI",), ("豆包",), "product", "CN", "", (), "b"),
            r"“豆包” of Doubao AI \(b\) is a spelling of Doubao",
        ),
        (Entry(("Doubao",), (), "company", "CN", "", (), "b"), r"Doubao \(b\) is product CN in Doubao \(a\)"),
        (Entry(("Bunly",), (), "company", "CN", "", ("doubao",), "b"), "never right for Bunly"),
        (Entry((), ("豆包",), "word", "", "", (), "b"), "“豆包” of 豆包"),
    ],
)
def test_a_contradiction_names_both_entries(more: Entry, clash: str) -> None:
    known = Entry(("Doubao",), ("豆包",), "product", "CN", "app", ("bean bun",), "a")
    assert any(re.search(clash, each) for each in lexicon.clashes([known, more]))


def test_more_spellings_of_a_known_name_are_no_contradiction() -> None:
    known = Entry(("Doubao",), ("豆包",), "product", "CN", "app", ("bean bun",), "a")
    more = Entry(("Doubao",), ("豆宝",), "product", "CN", "", (), "b")
    assert list(lexicon.clashes([known, more])) == []
    ([name], _) = lexicon.join([known, more])
    assert (name.zh, name.field, name.never) == (("豆包", "豆宝"), "app", ("bean bun",))
