"""OPML in and out: what a file would change is known before; an export comes back the same; attacks are refused."""

import pytest

from newsletter.gather.opml import MOST, OpmlError, read, write
from newsletter.gather.opml_plan import LEAVE_OUT, NEW_LIST, Fate, carry_out, plan
from newsletter.models import Source, SourceList
from tests import factories as make

FIELDS = ("name", "name_en", "name_zh", "url", "language", "region", "scope", "active", "off_reason", "note")


def opml(*outlines: str, head: str = "") -> bytes:
    return f'{head}<opml version="1.0"><head/><body>{"".join(outlines)}</body></opml>'.encode()


def feed(title: str, url: str, more: str = "") -> str:
    return f'<outline text="{title}" type="rss" xmlUrl="{url}" {more}/>'


def folder(title: str, *inner: str) -> str:
    return f'<outline text="{title}">{"".join(inner)}</outline>'


def export() -> bytes:
    letter = make.newsletter()
    lists = [(each, list(each.sources.order_by("pk"))) for each in letter.source_lists.all()]
    return write("Sources & more", lists).encode()


@pytest.mark.django_db
def test_an_export_comes_back_the_same() -> None:
    make.source("晨星科技 & “Co”", name_en="Morning Star", region="CN", scope="ai", note="two\nlines <b>")
    make.source(
        "Harbor Wire", "en", "us", active=False, off_reason="a copy of another", url="https://h.example/?a=1&b=2"
    )
    fresh = SourceList.objects.create(
        newsletter=make.newsletter(), slug="eu", name_en="Europe", name_zh="欧洲", position=9
    )
    make.source("Le Quai", "fr", "eu")
    before = list(Source.objects.order_by("url").values(*FIELDS, "source_list__slug", "source_list__name_zh"))
    written = export()

    assert plan(make.newsletter(), read(written)).count(Fate.KNOWN) == 3
    Source.objects.all().delete()
    fresh.delete()
    carry_out(make.newsletter(), plan(make.newsletter(), read(written)))
    after = list(Source.objects.order_by("url").values(*FIELDS, "source_list__slug", "source_list__name_zh"))
    assert after == before
    assert export() == written


@pytest.mark.django_db
def test_nested_outlines_become_lists() -> None:
    body = opml(
        feed("Loose", "https://loose.example/rss"),
        folder("China Media", feed("晨星", "https://a.example/rss", 'language="zh-CN"')),
        folder("Tech", folder("Chips", feed("Chip News", "http://b.example/rss")), feed("T", "c.example/rss")),
    )
    planned = plan(make.newsletter(), read(body))
    china = make.source_list("china")
    assert planned.homes == {
        "": str(china.pk),
        "China Media": str(china.pk),
        "Tech / Chips": NEW_LIST,
        "Tech": NEW_LIST,
    }
    made = carry_out(make.newsletter(), planned)
    assert {(each.name, each.source_list.slug, each.language) for each in made} == {
        ("Loose", "china", "en"),
        ("晨星", "china", "zh"),
        ("Chip News", "chips", "en"),
        ("T", "tech", "en"),
    }
    assert SourceList.objects.get(slug="chips").name_zh == "Chips"


@pytest.mark.django_db
def test_every_row_has_its_fate_and_nothing_is_written() -> None:
    make.source("Known", url="http://www.known.example/feed/")
    body = opml(
        folder(
            "US media",
            feed("Known too", "https://known.example/feed"),
            feed("New", "https://new.example/feed"),
            feed("New again", "http://new.example/feed/"),
            feed("Local", "file:///etc/passwd"),
            feed("None", ""),
        )
    )
    planned = plan(make.newsletter(), read(body))
    assert [row.fate for row in planned.rows] == [Fate.KNOWN, Fate.NEW, Fate.TWICE, Fate.BROKEN, Fate.BROKEN]
    assert Source.objects.count() == 1
    assert carry_out(make.newsletter(), planned)[0].url == "https://new.example/feed"
    assert carry_out(make.newsletter(), plan(make.newsletter(), read(body))) == []


@pytest.mark.django_db
def test_where_a_folder_goes_can_be_chosen() -> None:
    body = opml(folder("3", feed("A", "https://a.example/")), folder("B", feed("B", "https://b.example/")))
    us = make.source_list("us")
    planned = plan(make.newsletter(), read(body), {"3": str(us.pk), "B": LEAVE_OUT, "other": "1", "": "99"})
    assert planned.count(Fate.LEFT_OUT) == 1
    (made,) = carry_out(make.newsletter(), planned)
    assert made.source_list == us
    assert not SourceList.objects.filter(name_en__in=["3", "B"]).exists()


@pytest.mark.django_db
def test_new_lists_get_slugs_of_their_own() -> None:
    body = opml(folder("US", feed("A", "https://a.example/")), folder("数码", feed("B", "https://b.example/")))
    opened = plan(make.newsletter(), read(body), {"US": NEW_LIST})
    carry_out(make.newsletter(), opened)
    assert set(make.newsletter().source_lists.values_list("slug", flat=True)) == {"china", "us", "us-2", "list"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (opml(head='<!DOCTYPE o [<!ENTITY a "b">]>'), "entities"),
        (opml(head='<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "entities"),
        (opml(folder("a") * 2, "<outline>" * 30 + "</outline>" * 30), "deep"),
        (opml(*(feed("x", f"https://{n}.example/") for n in range(MOST + 1))), "more than 5,000"),
        (b"<opml>" + b" " * 1_000_001, "larger"),
        (b"<rss><channel/></rss>", "not OPML: its element is <rss>"),
        (b"<opml><body>", "line 1"),
        (b"", "line 1"),
        (b'{"feeds": []}', "line 1"),
    ],
    ids=["entities", "stolen files", "depth", "length", "size", "a feed", "cut off", "empty", "JSON"],
)
def test_what_is_no_opml_or_attacks_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(OpmlError, match=reason):
        read(body)


def test_other_programs_spellings_are_read() -> None:
    body = (
        '\ufeff<?xml version="1.0" encoding="gb2312"?><OPML><BODY>'
        '<outline title="新闻" xmlURL=" https://n.example/rss "/>'
        '<outline text="No address" type="rss"/><outline text="A page" type="link" url="https://p.example/"/></BODY></OPML>'
    )
    found = read(body.encode()).outlines
    assert [(each.title, each.url) for each in found] == [("新闻", "https://n.example/rss"), ("No address", "")]
