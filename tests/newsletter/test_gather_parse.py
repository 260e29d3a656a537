"""A feed's bytes to entries: real shapes, broken ones, hostile ones."""

import datetime as dt
from pathlib import Path

import pytest

from newsletter.gather.parse import LONGEST_TEXT, LONGEST_TITLE, ParsedFeed, ParseError, parse

FEEDS = Path(__file__).parents[1] / "fixtures" / "feeds"


def feed(name: str, base: str = "") -> ParsedFeed:
    return parse((FEEDS / name).read_bytes(), base=base)


def rss(*items: str, head: str = "<title>T</title>") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def item(title: str = "A headline", **fields: str) -> str:
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><title>{title}</title>{rest}</item>"


def reason(body: bytes) -> str:
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_rss_with_all_its_wrappings() -> None:
    found = feed("outlet.rss", base="https://feeds.example/outlet.rss")
    assert (found.title, found.language) == ("Morning Wire", "en")
    assert found.warning == "1 of 3 entries with neither headline nor text"
    northwind, fenwick = found.entries
    assert northwind.guid == "wire-1"
    assert northwind.url == "https://feeds.example/2026/05/07/northwind?utm_source=rss&utm_medium=feed"
    assert northwind.title == "Northwind’s new model costs $3 & runs on a phone"
    assert northwind.text == (
        "Northwind released a model for phones on Thursday.\n\nIt costs $3 per million tokens.\n\n"
        "The company is based in Oslo."
    )
    assert northwind.published_at == dt.datetime(2026, 5, 7, 9, 30, tzinfo=dt.UTC)
    assert (fenwick.guid, fenwick.text) == ("wire.example/fenwick", "")
    assert fenwick.published_at == dt.datetime(2026, 5, 7, 8, 0, tzinfo=dt.UTC)


def test_atom_in_another_language_with_relative_links() -> None:
    found = feed("journal.atom")
    assert (found.title, found.language, found.warning) == ("Werkstatt & Labor", "de", "")
    first, second = found.entries
    assert (first.title, first.url) == ("Ein Roboter lernt Brot backen", "https://werkstatt.example/artikel/1.html")
    assert first.text == "Er braucht zwei Stunden.\n\nDas Brot ist gut."
    assert first.published_at == dt.datetime(2026, 5, 7, 8, 0, tzinfo=dt.UTC)
    assert second.title == "Kurz notiert: Die Halle bleibt am Freitag zu."
    assert second.published_at == dt.datetime(2026, 5, 9, 8, 0, tzinfo=dt.UTC)


def test_rdf() -> None:
    (entry,) = feed("slash.rdf").entries
    assert (entry.title, entry.guid) == ("A compiler in 500 lines", "slash.example/1")
    assert entry.published_at == dt.datetime(2026, 5, 6, 22, 15, tzinfo=dt.UTC)


def test_a_chinese_feed_that_says_it_is_english() -> None:
    found = feed("chenxing.rss")
    assert found.language == "zh"
    model, factory, prices, tool = found.entries
    assert model.title == "长风发布“远山”模型"
    assert model.text == "长风公司7日发布“远山”模型，参数为 2600亿。\n\n价格下降三成。"
    assert model.guid == "chenxing.example/1"
    assert factory.text == "云杉公司7日在深圳开设工厂，可年产一万台。"
    assert prices.text == ""
    assert [entry.published_at.isoformat() if entry.published_at else "" for entry in found.entries] == [
        "2026-05-07T10:30:00+00:00",
        "2026-05-07T04:59:42+00:00",
        "2026-05-06T16:00:00+00:00",
        "2026-05-07T01:05:00+00:00",
    ]
    assert [entry.language for entry in found.entries] == ["zh", "zh", "zh", "en"]
    assert tool.title == "OpenSpan releases Weaver 2 for everyone"


@pytest.mark.parametrize(("encoding", "declared"), [("gb18030", "gb2312"), ("gb18030", ""), ("utf-16", "utf-16")])
def test_encodings(encoding: str, declared: str) -> None:
    text = (
        (FEEDS / "chenxing.rss").read_text().replace(' encoding="UTF-8"', f' encoding="{declared}"' * bool(declared))
    )
    assert parse(text.encode(encoding)).entries == feed("chenxing.rss").entries


def test_a_feed_cut_off_gives_its_whole_entries_and_a_warning() -> None:
    whole = (FEEDS / "chenxing.rss").read_bytes()
    cut = whole[: whole.index(b"2026/05/07")]
    found = parse(cut)
    assert found.entries == feed("chenxing.rss").entries[:2]
    assert found.warning.startswith("cut off at line 10: ")


def test_broken_markup_is_read_with_forbearance() -> None:
    found = parse(rss(item("Bread & butter"), item("Caf&eacute; &nbsp;news", description="<br>open")))
    assert [entry.title for entry in found.entries] == ["Bread & butter", "Café news"]
    assert found.warning == "line 1: not well-formed (invalid token)"


def test_html_entities_and_control_characters_are_no_breakage() -> None:
    found = parse(rss(item("Caf&eacute;\x0b \x00&hellip;")))
    assert (found.entries[0].title, found.warning) == ("Café …", "")


def test_the_text_is_the_longer_of_summary_and_content() -> None:
    entry = item("x y", description="A long summary it is.", content="short")
    assert parse(rss(entry)).entries[0].text == "A long summary it is."


def test_long_headlines_and_texts_are_cut() -> None:
    (entry,) = parse(rss(item("word " * 200, description="A sentence here. " * 2000))).entries
    assert len(entry.title) <= LONGEST_TITLE
    assert len(entry.text) <= LONGEST_TEXT
    assert entry.text.endswith("here.")


def test_a_summary_inside_the_headline_moves_into_the_text() -> None:
    both = "为什么他们飞越半个地球去现场\n          " + "收入计划超过前四年的总收入，这是很长的摘要。" * 8
    (entry,) = parse(rss(item(both, description=both))).entries
    assert entry.title == "为什么他们飞越半个地球去现场"
    assert entry.text.startswith("收入计划超过前四年")


def test_only_web_addresses_are_kept() -> None:
    entries = parse(rss(item("a b", link="javascript:alert(1)"), item("c d", link="//cdn.example/x"))).entries
    assert [entry.url for entry in entries] == ["", ""]


def test_an_entry_without_id_goes_by_address_or_headline() -> None:
    entries = parse(rss(item("a b", link="https://www.a.example/x/?utm_source=rss"), item("c d"))).entries
    assert entries[0].guid == "a.example/x"
    assert len(entries[1].guid) == 40


def test_an_id_that_all_entries_share_is_no_id() -> None:
    entries = parse(
        rss(
            item("one", guid="N", link="https://a.example/1"),
            item("two", guid="N", link="https://a.example/2"),
            item("three", guid="N", link="https://a.example/2"),
        )
    ).entries
    assert entries[0].guid == "a.example/1"
    assert len({entry.guid for entry in entries}) == 3


def test_an_entry_repeated_in_a_feed_counts_once() -> None:
    twice = item("same", guid="https://a.example/1?utm_campaign=x") + item("same", guid="https://a.example/1")
    assert len(parse(rss(twice)).entries) == 1


def test_the_known_language_of_the_source_wins() -> None:
    entry = item("2026 财报", pubDate="2026-05-07 18:30")
    assert parse(rss(entry), language="zh").entries[0].published_at == dt.datetime(2026, 5, 7, 10, 30, tzinfo=dt.UTC)


def test_a_feed_without_entries_says_so() -> None:
    assert parse(rss(head="<title>热点 - N/A</title>")) == ParsedFeed("热点", "zh", (), "no entries")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "empty"),
        (b"Service unavailable", "not XML: begins with “Service unavailable”"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not XML: begins with “‰PNG”"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "JSON, not an RSS or Atom feed"),
        (b"<!doctype html><html><head><title>Just a\nmoment</title>", "a web page, not a feed: “Just a moment”"),
        (b"<html><script>x</script>", "a web page, not a feed"),
        (b"<?xml version='1.0'?><opml><body/></opml>", "not a feed: its element is <opml>"),
        (b"<!-- nothing -->", "XML without an element"),
        (b" " * 10_000_001, "larger than 10 MB"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, says: str) -> None:
    assert reason(body) == says


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + rss(item("&b;")).decode()[21:]
THEFT = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rss(item("&a;")).decode()[21:]


@pytest.mark.parametrize("body", [BOMB, THEFT, "<!-- <rss> -->" + BOMB, BOMB.replace("ENTITY", "ENTITY %")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_and_stolen_files_are_refused(body: str, encoding: str) -> None:
    assert "declares entities" in reason(body.encode(encoding))


def test_markup_that_would_cost_too_much_is_refused() -> None:
    assert reason(rss("<item>" + "<b>" * 300 + "</b>" * 300 + "</item>")) == "nested more than 200 deep"
    assert reason(rss("<item/>" * 160_000)) == "more than 150,000 elements"
    attributes = " ".join(f'a{n}="1"' for n in range(600))
    assert reason(rss(f"<item {attributes}/>")) == "an element with more than 500 attributes"
    assert reason(rss("a & b" + "<a " * 160_000)) == "broken XML with more than 150,000 tags"
    assert reason(rss("a & b <a " + "b=1 " * 10_000 + ">")) == "broken XML with a tag of more than 20,000 characters"
    assert reason(rss("a & b" * 700_000)) == "broken XML, and longer than 3,000,000 characters"
