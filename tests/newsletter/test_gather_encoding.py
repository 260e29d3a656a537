"""Bytes to characters, declared, undeclared and declared wrongly."""

import pytest

from newsletter.gather.encoding import decode

SIMPLIFIED = "长风公司发布了新的模型，这是一个在中国的大会上说的。"
TRADITIONAL = "長風公司發布了新的模型，這是一個在中國的大會上說的。"


def document(text: str, declared: str = "") -> str:
    named = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{named}?><rss>{text}</rss>'


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8", ""),
        (SIMPLIFIED, "utf-8", "gb2312"),
        (SIMPLIFIED, "utf-8-sig", ""),
        (SIMPLIFIED, "gb18030", "gb2312"),
        (SIMPLIFIED + "喆镕㎡€", "gb18030", "GBK"),
        (SIMPLIFIED, "gb18030", ""),
        (SIMPLIFIED, "gb18030", "utf-8"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "big5", ""),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-be", "utf-8"),
        (SIMPLIFIED, "hz", "hz"),
        ("naïve café costs £5 — “quoted”", "windows-1252", "iso-8859-1"),
        ("naïve café costs £5", "latin-1", ""),
        ("Новости", "koi8-r", "koi8-r"),
    ],
)
def test_text_comes_back(text: str, encoding: str, declared: str) -> None:
    found, warning = decode(document(text, declared).encode(encoding))
    assert text in found
    assert warning == ""


def test_the_server_may_name_the_encoding() -> None:
    body = document("Новости").encode("koi8-r")
    assert "Новости" in decode(body, 'text/xml; charset="KOI8-R"')[0]


def test_a_slip_does_not_change_the_encoding() -> None:
    found, warning = decode(document(SIMPLIFIED).encode() + b"\xff")
    assert SIMPLIFIED in found
    assert warning == "1 unreadable characters (utf-8)"


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "rot13", "zlib", "idna", "no-such-thing", "cp99999"])
def test_an_encoding_that_no_feed_has_is_not_believed(name: str) -> None:
    assert "+ADw-script" in decode(document("+ADw-script", name).encode(), f"text/xml; charset={name}")[0]


def test_any_bytes_give_some_text() -> None:
    assert isinstance(decode(bytes(range(256)) * 4)[0], str)
