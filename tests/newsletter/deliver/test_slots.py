"""Frozen body lines: what a mail program decodes is the text with each reader's links in its slots."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.deliver.slots import Slot, SlotError, best_encoding, compile_slots, freeze_text, splice

LINK = "https://news.example/r/l/" + "t" * 32 + "." + "s" * 43
SLOTS = [Slot("LEAVE_URL", "https://slot.invalid/LEAVE_URL/1", len(LINK)), Slot("PREFERENCES_URL", "<<P>>", 5)]
VALUES = {"LEAVE_URL": LINK.encode(), "PREFERENCES_URL": b"a=b.c"}


def decoded(text: str, encoding: str) -> tuple[str, bytes]:
    """The text as a mail program shows it, and the lines as they travel."""
    lines = splice(compile_slots(freeze_text(text, encoding, SLOTS)), VALUES)
    raw = base64.b64decode(lines) if encoding == "base64" else quopri.decodestring(lines)
    return raw.decode(), lines


def filled(text: str) -> str:
    for slot in SLOTS:
        text = text.replace(slot.marker, VALUES[slot.name].decode())
    return "\r\n".join(text.splitlines()) + "\r\n"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@given(
    parts=st.lists(
        st.one_of(
            st.sampled_from([SLOTS[0].marker, SLOTS[1].marker, "@@", "\n@@@x\n", ".\n", "=", "晨报", " \n", "-" * 90]),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30),
        ),
        max_size=12,
    )
)
def test_what_is_frozen_and_filled_is_the_text(encoding: str, parts: list[str]) -> None:
    text = "ab".join([*parts, "the end"])
    shown, lines = decoded(text, encoding)
    assert shown == filled(text)
    assert lines.isascii()
    assert all(len(line) <= 76 for line in lines.split(b"\r\n") if not line.startswith(b"=40"))
    assert lines.count(b"\n") == lines.count(b"\r\n")


@pytest.mark.parametrize("before", ["x" * n for n in (74, 75, 76, 77)] + ["x" * n + "é" for n in (69, 70, 71, 72)])
def test_a_line_that_is_just_full_before_a_slot_stays_within_its_limit(before: str) -> None:
    text = f"{before}{SLOTS[0].marker} and so on"
    shown, lines = decoded(text, "quoted-printable")
    assert shown == filled(text)
    assert max(map(len, lines.split(b"\r\n"))) <= 76


@pytest.mark.parametrize("length", range(70, 80))
@pytest.mark.parametrize("end", [" ", "\t", "é "])
def test_a_blank_at_the_end_of_a_full_line_stays_within_its_limit(length: int, end: str) -> None:
    text = "x" * length + end + "\nand so on"
    shown, lines = decoded(text, "quoted-printable")
    assert shown == filled(text)
    assert max(map(len, lines.split(b"\r\n"))) <= 76


def test_html_in_one_line_of_any_length_travels_in_short_ones() -> None:
    html = f"<p>{'晨报 news ' * 9000}</p><a href='{SLOTS[0].marker}'>x</a>"
    for encoding in ("base64", "quoted-printable"):
        shown, lines = decoded(html, encoding)
        assert shown == filled(html)
        assert max(map(len, lines.split(b"\r\n"))) <= 76


def test_a_feed_that_writes_a_slots_line_gets_no_link() -> None:
    text = f"@@LEAVE_URL quoted-printable {len(LINK)}  @@\nand so on"
    shown, lines = decoded(text, "quoted-printable")
    assert shown == filled(text)
    assert LINK.encode() not in lines


def test_a_link_of_another_width_is_refused_with_what_to_do() -> None:
    pieces = compile_slots(freeze_text(f"x {SLOTS[0].marker} y", "base64", SLOTS))
    with pytest.raises(SlotError, match="put SITE_URL back"):
        splice(pieces, {"LEAVE_URL": b"short"})


def test_slots_that_touch_are_refused() -> None:
    with pytest.raises(SlotError, match="too near"):
        freeze_text(SLOTS[1].marker * 2, "base64", SLOTS)


def test_the_shorter_encoding_is_taken() -> None:
    assert best_encoding("Plain English with a café. " * 9) == "quoted-printable"
    assert best_encoding("一份中文的早报。" * 9) == "base64"
