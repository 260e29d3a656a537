"""HMAC for many texts: the same as the library's for one."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from subscribers.keyed import keyed


@given(st.binary(max_size=200), st.binary(max_size=100), st.lists(st.binary(max_size=200), min_size=2, max_size=3))
def test_every_text_gets_what_the_library_gives_it_whatever_came_before(
    key: bytes, prefix: bytes, texts: list[bytes]
) -> None:
    digest = keyed(key, prefix)
    assert [digest(text) for text in texts] == [hmac.digest(key, prefix + text, "sha256") for text in texts]
