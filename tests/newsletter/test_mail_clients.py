"""The mail uses what mail programs support: a list of what it uses, judged against caniemail's data.

`npm ci --prefix tests/npm` brings the data, and MJML's own validator; without them the tests that need them are
skipped. What a mail uses and this list hasn't fails everywhere, so nothing new gets in unjudged.

Not covered by caniemail: QQ Mail, 163 and Foxmail. The first two drop the sheet of styles, so what is inlined must do
(`test_page_mail.py`); Foxmail shows mails with the machine's browser engine.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template, render_to_string

from config.mjml import MjmlTemplate
from newsletter import offers
from newsletter.page import Choices, lay_out, render_html
from subscribers import letters
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db
TOOLS = Path(__file__).resolve().parents[1] / "npm" / "node_modules"
CLIENTS = (
    *(("apple-mail", "macos"), ("apple-mail", "ios"), ("gmail", "desktop-webmail"), ("gmail", "android")),
    *(("outlook", "windows"), ("outlook", "outlook-com"), ("thunderbird", "macos")),
)
# Without these a mail would be hard to read: each client supports them, at least for what is done with them here.
NEEDED = {
    *(
        "background",
        "background-color",
        "border",
        "border-collapse",
        "direction",
        "display",
        "font-size",
        "font-weight",
        "height",
    ),
    *("line-height", "margin", "padding", "text-align", "text-decoration", "vertical-align", "width"),
}
# Where a client hasn't these, the mail is a little less fine; what is lost stands beside it.
NICETIES = {
    "border-radius": "Word: a square sun, square buttons",
    "cursor": "MJML's own, for buttons",
    "letter-spacing": "the name a hair wider",
    "max-height": "Word: mso-hide:all hides the preheader",
    "max-width": "Word: MJML's tables of fixed width",
    "min-width": "Word: numbers of references not on one edge",
    "opacity": "MJML's own",
    "outline": "MJML's own",
    "overflow": "the preheader is hidden by display:none as well",
    "overflow-wrap": "word-break does it",
    "text-indent": "negative only where @supports says so: references don't hang in Gmail",
    "text-transform": "MJML's own: none",
    "text-wrap": "headings break less evenly",
    "white-space": "Word: a mark may part from its word",
    "word-break": "a long word may widen a narrow window",
    "word-spacing": "MJML's own: normal",
}
# caniemail has no page about them: older than all of these clients, or their own.
OLD = {
    *("border-bottom", "border-bottom-color", "border-left", "border-left-color", "border-top", "border-top-color"),
    *("color", "font-family", "margin-left", "margin-right", "margin-top", "margin-bottom"),
    *("padding-bottom", "padding-left", "padding-right", "padding-top", "line-break"),
}
ELEMENTS = {
    "html",
    "head",
    "body",
    "title",
    "meta",
    "style",
    "div",
    "table",
    "tbody",
    "tr",
    "td",
    "p",
    "a",
    "b",
    "span",
}
ELEMENTS |= {"h1", "h2", "h3", "br", "img", "ol", "li"}
AT_RULES = {"@media", "@supports"}


class Parts(HTMLParser):
    """The elements of a mail, and its declarations."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.css = ""
        self.feed(html)
        self.css += "".join(re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.css += "".join(f"x{{{value}}}" for name, value in attrs if name == "style")

    @property
    def properties(self) -> set[str]:
        found = {
            name
            for block in re.findall(r"\{([^{}]*)\}", self.css)
            for name in re.findall(r"(?:^|;)\s*([\w-]+)\s*:", block)
        }
        return {name for name in found if not name.startswith(("mso-", "-ms-", "-webkit-"))}


def _letter(language: str) -> dict[str, Any]:
    """What subscribers/mails.py tells its template, for a first mail."""
    present = offers.current()
    halves = letters.write("confirm", language, present, "https://a.example/c", "confirm+x@a.example")
    said = {"halves": halves, "offers": present, "lang": halves[0].lang, "tongues": ("en", "zh-hans")}
    return {**said, "privacy_url": "https://a.example/p", "leave_url": "https://a.example/l"}


@pytest.fixture(params=["en", "zh", "both", "letter"])
def html(request: pytest.FixtureRequest) -> str:
    if request.param == "letter":
        return render_to_string("subscribers/mail.mjml", _letter("both"), using="mjml")
    return render_html(lay_out(make_full_issue(), Choices(request.param)))


def test_a_mail_uses_nothing_that_nobody_has_judged(html: str) -> None:
    parts = Parts(html)
    assert parts.properties <= NEEDED | NICETIES.keys() | OLD
    assert parts.elements <= ELEMENTS
    assert set(re.findall(r"@[a-z-]+(?= )", parts.css)) <= AT_RULES
    assert not re.search(r"(?:position|float|display:\s*(?:flex|grid))\s*:?", parts.css), "no layout but tables"


def test_word_and_gmail_are_written_for(html: str) -> None:
    css = Parts(html).css
    assert not re.search(r"\S!important", css), "Word knows it only behind a blank"
    always = re.sub(r"@supports[^{]*\{(?:[^{}]*\{[^{}]*\})*\}", "", css)
    lengths = re.findall(r"(margin[a-z-]*|text-indent|padding[a-z-]*):([^;}]*-\d[^;}]*)", always)
    assert lengths == [], "Gmail drops negative lengths: nothing may depend on them"


@pytest.fixture
def features() -> dict[str, Any]:
    path = TOOLS / "caniemail" / "data" / "caniemail.json"
    if not path.exists():
        pytest.skip("caniemail's data isn't here: npm ci --prefix tests/npm")
    return {feature["slug"]: feature for feature in json.loads(path.read_text())["data"]}


def _support(feature: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each client with what its newest version does: y, a (partly), n, u (nobody knows)."""
    for client, platform in CLIENTS:
        versions = feature["stats"].get(client, {}).get(platform, {})
        yield f"{client} {platform}", (list(versions.values()) or ["u"])[-1].split()[0]


def test_every_client_supports_what_is_needed(features: dict[str, Any]) -> None:
    lacking = [(name, who) for name in NEEDED for who, what in _support(features[f"css-{name}"]) if what not in "ya"]
    assert lacking == []
    for slug in (
        "html-table",
        "html-style",
        "html-lang",
        "html-role",
        "html-width",
        "css-selector-class",
        "css-important",
    ):
        assert {what for _, what in _support(features[slug])} <= {"y", "a", "u"}, slug


def test_what_is_a_nicety_lacks_somewhere(features: dict[str, Any]) -> None:
    """Else it may be needed; and what is called old has no page."""
    everywhere = [n for n in NICETIES if {what for _, what in _support(features[f"css-{n}"])} == {"y"}]
    assert everywhere == []
    assert [name for name in OLD if f"css-{name}" in features] == []


def test_the_chinese_programs_are_still_missing_from_the_data(features: dict[str, Any]) -> None:
    assert not {"qq", "qq-mail", "163", "netease", "foxmail"} & {who for f in features.values() for who in f["stats"]}


@pytest.mark.parametrize("language", ["en", "zh", "both", "letter"])
def test_mjmls_own_validator_finds_nothing(language: str, tmp_path: Path) -> None:
    program = TOOLS / ".bin" / "mjml"
    if not program.exists():
        pytest.skip("MJML's own validator isn't here: npm ci --prefix tests/npm")
    if language == "letter":
        template, context = get_template("subscribers/mail.mjml", using="mjml"), _letter("both")
    else:
        page = lay_out(make_full_issue(), Choices(language))
        template, context = get_template("email/issue.mjml", using="mjml"), {"page": page}
    assert isinstance(template, MjmlTemplate)
    (tmp_path / "mail.mjml").write_text(template.template.render(context))
    done = subprocess.run(
        [program, "--validate", "mail.mjml"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout.strip()) == (0, "")
