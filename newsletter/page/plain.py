"""Plain text in columns, where a Han character is two wide: pure functions over strings."""

import re
import unicodedata

WIDTH = 72  # columns: what mail programs show without breaking lines again
_NO_START = "，。：；！？、”’）》」』…—%,.:;!?)]}"  # never the first on a line
_NO_END = "“‘（《「『([{"  # never the last
# Citations, a Han character, a word with its marks, or a gap.
_TOKENS = re.compile(r"(?:\[\d{1,4}\])+|[\u2e80-\u9fff\uf900-\uffef]|[^ \u2e80-\u9fff\uf900-\uffef\[]+|.")


def columns(text: str) -> int:
    """How many columns `text` takes: full-width characters two, marks above letters none."""
    return sum(_columns_of(char) for char in text)


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, *, first: str = "", indent: str = "", width: int = WIDTH) -> str:
    """`text` as lines of at most `width` columns; `first` opens the first line, `indent` the others.

    Lines break at spaces and between Han characters, never before a closing mark or a citation, never inside a word
    or an address: a longer one stands alone, longer than the rest.
    """
    lines, line, empty = [], first, True
    for piece in _unbreakable(text):
        if not empty and columns(line + piece) > width:
            lines.append(line)
            line, empty = indent, True
        line += piece.lstrip() if empty else piece
        empty = False
    return "\n".join([*lines, line])


def _unbreakable(text: str) -> list[str]:
    """`text` cut where a line may end: every piece may begin a line, once the gap before it is dropped."""
    pieces: list[str] = []
    gap = ""
    for word in _TOKENS.findall(" ".join(text.split())):
        if word == " ":
            gap = word
            continue
        clings = word.startswith("[") or (
            not gap and (word[0] in _NO_START or (pieces[-1:] and pieces[-1][-1] in _NO_END))
        )
        if pieces and clings:
            pieces[-1] += gap + word
        else:
            pieces.append(gap + word)
        gap = ""
    return pieces


def listed(names: list[str], *, indent: str = "", between: str = " · ") -> str:
    """Names on lines of at most WIDTH columns, each whole on one line unless it is longer than that."""
    if any(columns(indent + name + between) > WIDTH for name in names):
        return wrap(between.join(names), first=indent, indent=indent)
    lines: list[str] = []
    for name in names:
        if lines and columns(lines[-1] + between + name + between.rstrip()) <= WIDTH:
            lines[-1] += between + name
        else:
            lines.append(indent + name)
    return f"{between.rstrip()}\n".join(lines)


def tidy(text: str) -> str:
    """No control characters, no blanks at line ends, never more than two empty lines together, one line end last."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "", text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n") + "\n"
