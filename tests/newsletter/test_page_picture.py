"""What may be a logo: a PNG with nothing but a picture in it; and which colours can be read."""

import random

import pytest

from newsletter.page import colour
from newsletter.page.picture import MOST_BYTES, MOST_UPLOADED, PictureError, read_png, shown_size
from tests.newsletter.pictures import SIGNATURE, chunk, png


def test_a_picture_is_kept_and_what_else_was_in_the_file_is_not() -> None:
    raw = png(120, 60, chunk(b"tEXt", b"Author\0Mei"), chunk(b"eXIf", b"GPS")) + b"PK\x03\x04 an archive"
    found = read_png(raw)
    assert (found.width, found.height) == (120, 60)
    assert found.png == png(120, 60)
    assert read_png(found.png) == found


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"<svg onload='alert(1)'></svg>", "type"),
        (b"\xff\xd8\xff\xe0 JPEG", "type"),
        (b"GIF89a", "type"),
        (b"", "type"),
        (SIGNATURE, "broken"),
        (png()[:-4], "broken"),
        (png().replace(b"IDAT", b"IDAX"), "broken"),
        (png(120, 60, pixels=b"\0" * 10), "broken"),
        (png(120, 60, pixels=b"\0" * 50_000_000), "broken"),  # a bomb: 48 KB that unpack to 50 MB
        (png(120, 60, chunk(b"acTL", b"\0" * 8)), "animated"),
        (png(10, 60), "size"),
        (png(1201, 60), "size"),
        (png(60, 601), "size"),
        (png() + b"x" * MOST_UPLOADED, "bytes"),
    ],
)
def test_anything_else_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(PictureError, match=why):
        read_png(raw)


def test_what_would_weigh_down_every_mail_is_refused() -> None:
    noise = random.Random(1).randbytes(200 * 100 * 3)
    rows = b"".join(b"\0" + noise[n * 600 : (n + 1) * 600] for n in range(100))
    raw = png(200, 100, pixels=rows)
    assert len(raw) > MOST_BYTES
    with pytest.raises(PictureError, match="bytes"):
        read_png(raw)


@pytest.mark.parametrize(
    ("real", "shown"), [((120, 60), (80, 40)), ((400, 40), (160, 16)), ((30, 30), (30, 30)), ((1200, 28), (160, 4))]
)
def test_it_is_shown_small_and_in_its_own_shape(real: tuple[int, int], shown: tuple[int, int]) -> None:
    assert shown_size(*real) == shown


def test_contrast_is_that_of_wcag() -> None:
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # W3C's well-known near miss


@pytest.mark.parametrize("accent", ["#b02e19", "#ffcc00", "#0044aa", "#000000", "#ffffff", "#7f7f7f"])
def test_every_colour_has_a_neighbour_that_can_be_read_on_either_ground(accent: str) -> None:
    assert colour.contrast(colour.on_light(accent), colour.LIGHT_GROUND) >= colour.AA
    assert colour.contrast(colour.on_dark(accent), colour.DARK_GROUND) >= colour.AA


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert colour.on_light("#b02e19") == "#b02e19"
    assert colour.on_dark("#f27d64") == "#f27d64"
