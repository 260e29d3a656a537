"""The newsletter's one colour on its two grounds: pure functions over `#rrggbb` (WCAG 2.2, §1.4.3)."""

import re

OWN, OWN_DARK = "#b02e19", "#f27d64"  # the one we come with, and its pair on dark ground
AA = 4.5  # to 1: what text of ordinary size needs against its ground
LIGHT_GROUND, DARK_GROUND = "#fbfbf8", "#15181a"  # --paper in chenbao.css, and the mail's
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Whether `text` is `#rrggbb` in lower case."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 has it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on_light(colour: str) -> str:
    """The colour nearest to `colour`, by darkening it, that text on the light ground may have."""
    return _towards(colour, "#000000", LIGHT_GROUND)


def on_dark(colour: str) -> str:
    """The colour nearest to `colour`, by lightening it, that text on dark ground may have; our own has its pair."""
    if colour == OWN:
        return OWN_DARK
    return _towards(colour, "#ffffff", DARK_GROUND)


def mixed(colour: str, ground: str, share: float) -> str:
    """`share` of `colour`, the rest `ground`."""
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _towards(colour: str, end: str, ground: str) -> str:
    steps = (mixed(end, colour, step / 50) for step in range(51))
    return next(each for each in steps if contrast(each, ground) >= AA)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
