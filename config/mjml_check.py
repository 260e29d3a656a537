"""What mrml does not say: tags and attributes that MJML has not, tags left open, nesting that would crash it."""

import re
from html.parser import HTMLParser

from django.template import TemplateSyntaxError

# mrml kills the process near 9,000 levels and libxml2 gives up at 256; no mail needs 100.
MAX_DEPTH = 100
_VOID = frozenset(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"])
_BOX = "padding padding-top padding-right padding-bottom padding-left css-class mj-class"
_BORDER = "border border-top border-right border-bottom border-left border-radius"
_FONT = "color font-family font-size font-style font-weight letter-spacing line-height"
# https://documentation.mjml.io: what each component takes. `mj-include` is left out: Django includes.
COMPONENTS: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "mjml": "lang dir owa",
        "mj-head": "",
        "mj-body": "background-color css-class width",
        "mj-title": "",
        "mj-preview": "",
        "mj-attributes": "",
        "mj-all": f"{_BOX} {_BORDER} {_FONT} align background-color height",
        "mj-class": f"name {_BOX} {_BORDER} {_FONT} align background-color height width",
        "mj-style": "inline",
        "mj-raw": "position",
        "mj-breakpoint": "width",
        "mj-wrapper": f"{_BOX} {_BORDER} background-color full-width text-align",
        "mj-section": f"{_BOX} {_BORDER} background-color direction full-width text-align",
        "mj-group": "background-color css-class direction mj-class vertical-align width",
        "mj-column": f"{_BOX} {_BORDER} background-color direction inner-background-color vertical-align width",
        "mj-text": f"{_BOX} {_FONT} align container-background-color height text-decoration text-transform",
        "mj-table": f"{_BOX} {_FONT} align border cellpadding cellspacing container-background-color "
        "role table-layout width",
        "mj-divider": f"{_BOX} align border-color border-style border-width container-background-color width",
        "mj-spacer": f"{_BOX} container-background-color height",
        "mj-image": f"{_BOX} {_BORDER} align alt container-background-color fluid-on-mobile height href rel src "
        "target title width",
        "mj-button": f"{_BOX} {_BORDER} {_FONT} align background-color container-background-color height href "
        "inner-padding name rel target text-align text-decoration title vertical-align width",
    }.items()
}
_HEAD = frozenset(["mj-title", "mj-preview", "mj-attributes", "mj-style", "mj-raw", "mj-breakpoint"])
_CONTENT = frozenset(["mj-text", "mj-table", "mj-divider", "mj-spacer", "mj-image", "mj-button", "mj-raw"])
PARENTS: dict[str, frozenset[str]] = {
    "mjml": frozenset(["mj-head", "mj-body"]),
    "mj-head": _HEAD,
    "mj-attributes": frozenset(["mj-all", "mj-class"]) | (COMPONENTS.keys() - _HEAD - {"mjml", "mj-head"}),
    "mj-body": frozenset(["mj-wrapper", "mj-section", "mj-raw"]),
    "mj-wrapper": frozenset(["mj-section", "mj-raw"]),
    "mj-section": frozenset(["mj-column", "mj-group", "mj-raw"]),
    "mj-group": frozenset(["mj-column", "mj-raw"]),
    "mj-column": _CONTENT,
}
_LENGTH = re.compile(r"(?:-?\d+(?:\.\d+)?(?:px|%|em)?|auto)(?: -?\d+(?:\.\d+)?(?:px|%|em)?){0,3}")
_MEASURED = frozenset(["mj-wrapper", "mj-section", "mj-column"])
_NO_UNIT = re.compile(r"(?:^| )\d+(?= )| \d+$")  # a lone 0 is understood
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}|[a-z]+|rgba?\([\d., %]+\)")
_LENGTHS = re.compile(
    r"(?:inner-)?padding(?:-.*)?|width|height|font-size|line-height|letter-spacing|border-(?:width|radius)"
)
_VALUES = ((_LENGTHS, _LENGTH), (re.compile(r".*color"), _COLOUR))


class MjmlError(TemplateSyntaxError):
    """MJML that would not come out as it was meant; the message names the template, the line and what is wrong."""


def check(source: str, name: str) -> None:
    """Raises MjmlError for the first thing in the rendered `source` of template `name` that MJML does not know."""
    reader = _Reader(name)
    reader.feed(source)
    reader.close()
    if reader.open:
        reader.fail(f"<{reader.open[-1]}> is never closed")
    if not reader.seen:
        reader.fail("it has no <mjml>")


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=False)
        self.name = name
        self.open: list[str] = []
        self.seen = False

    def fail(self, what: str) -> None:
        raise MjmlError(f"{self.name}: {what} (line {self.getpos()[0]} of the rendered MJML)")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)
            if len(self.open) > MAX_DEPTH:
                self.fail(f"more than {MAX_DEPTH} elements inside each other, ending in <{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.fail(f"</{tag}> where " + (f"<{self.open[-1]}> is still open" if self.open else "nothing is open"))
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self.fail("a bare < (write &lt;)")
        parent = self.open[-1] if self.open else ""
        if parent in PARENTS and data.strip():
            self.fail(f"text straight inside <{parent}>: {data.strip()[:40]!r}")

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else ""
        if tag in COMPONENTS or tag.startswith("mj"):
            if tag not in COMPONENTS:
                self.fail(f"<{tag}> is no MJML tag")
            expected = PARENTS.get(parent, frozenset()) if parent else frozenset(["mjml"])
            if tag not in expected:
                self.fail(
                    f"<{tag}> can't stand inside " + (f"<{parent}>" if parent else "nothing: <mjml> comes first")
                )
            self._check_attributes(tag, attrs)
            self.seen = True
        elif parent in PARENTS or not parent:
            self.fail(
                f"<{tag}> straight inside "
                + (f"<{parent}>: it needs mj-text, mj-table or mj-raw" if parent else "nothing")
            )

    def _check_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for attribute, value in attrs:
            if attribute not in COMPONENTS[tag]:
                self.fail(f"<{tag}> has no attribute {attribute!r}")
            if tag in _MEASURED and attribute == "padding" and _NO_UNIT.search(value or ""):
                self.fail(f"<{tag} padding={value!r}>: write 0px, or mrml tells Outlook a width without the padding")
            for names, allowed in _VALUES:
                if names.fullmatch(attribute) and not allowed.fullmatch(value or ""):
                    self.fail(f"<{tag} {attribute}={value!r}>: not a value that mail clients know")
