"""What counts as an address, and which two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import addresses
from subscribers.addresses import Address, AddressError

_LOCAL = st.text("abZz09+-_.'!@ſK", max_size=70)
_DOMAIN = st.text("aZ0-._xn", min_size=1, max_size=70)
_END = st.sampled_from(["com", "co.uk", "c0m", "x", "CN", "中国", "com ", "com\n", "c-m", ""])


def by_the_library(text: str) -> Address | None:
    """What email_validator alone makes of it, without our short way for the common ones."""
    try:
        return addresses._any(text)
    except AddressError:
        return None


@given(_LOCAL, _DOMAIN, _END)
def test_the_short_way_reads_what_the_library_reads(local: str, domain: str, end: str) -> None:
    text = f"{local}@{domain}.{end}"
    short = addresses._plain(text)
    assert short is None or short == by_the_library(text)


@given(st.emails())
def test_the_short_way_reads_real_addresses_as_the_library_does(text: str) -> None:
    short = addresses._plain(text)
    assert short is None or short == by_the_library(text)


@pytest.mark.parametrize(
    ("text", "email", "key"),
    [
        ("Ana.B+news@Mail.Example", "Ana.B+news@mail.example", "ana.b+news@mail.example"),
        ("  ana@mail.example ", "ana@mail.example", "ana@mail.example"),
        ("用户@例子.example", "用户@例子.example", "用户@xn--fsqu00a.example"),
        ("用户@xn--fsqu00a.example", "用户@例子.example", "用户@xn--fsqu00a.example"),
    ],
)
def test_the_key_is_the_same_for_the_same_mailbox(text: str, email: str, key: str) -> None:
    assert addresses.normalise(text) == Address(email, key)


@pytest.mark.parametrize(
    "text", ["", "ana", "a@b@c.example", ".a@b.example", "a..b@c.example", "a@-b.example", "ren\ufffd@c.example"]
)
def test_what_mail_could_not_reach_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        addresses.normalise(text)


@pytest.mark.parametrize("letter", ["é", "用", "İ"])
def test_a_name_beyond_ascii_is_no_longer_than_mail_servers_take(letter: str) -> None:
    most = 64 // len(letter.encode())
    assert addresses.normalise(letter * most + "@mail.example")
    with pytest.raises(AddressError):
        addresses.normalise(letter * (most + 1) + "@mail.example")
