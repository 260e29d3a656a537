"""The mail's template backend: what comes out, and what it refuses to take in silence."""

import re
from typing import Any

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template

from config.mjml import MjmlError, MjmlTemplate, to_html

STYLE = """<mj-style inline="inline">p { margin: 0 0 7px } .big { font-size: 30px }</mj-style>
<mj-style>
  @media (prefers-color-scheme: dark) { .in p { color: #e8e6e0 !important } }
  [data-ogsc] .in p { color: #e8e6e0 !important }
</mj-style>"""


def mail(content: str, head: str = STYLE) -> str:
    return f"""<mjml lang="en"><mj-head><mj-title>T</mj-title>{head}</mj-head>
<mj-body width="640px"><mj-section css-class="in" padding="0px 40px"><mj-column>{content}</mj-column></mj-section>
</mj-body></mjml>"""


def rendered(content: str, context: dict[str, Any] | None = None) -> str:
    return str(engines["mjml"].from_string(mail(content)).render(context))


def test_styles_are_inlined_and_the_rest_of_the_sheet_survives() -> None:
    html = rendered('<mj-text><p class="big">Hello</p></mj-text>')
    assert html.startswith("<!DOCTYPE html><html")
    assert html.lower().count("<!doctype") == 1
    assert re.search(r'<p class="big" style="margin:0 0 7px;\s*font-size:30px">Hello', html)
    assert ".big" not in html, "what is inlined is not repeated in the head"
    assert "@media (prefers-color-scheme: dark){.in p{color: #e8e6e0 !important}}" in html
    assert "[data-ogsc] .in p{color: #e8e6e0 !important}" in html
    assert "<mj-" not in html
    assert "premailer" not in html


def test_outlooks_comments_and_widths_survive() -> None:
    html = rendered('<mj-image src="https://a.example/i.png" width="200px" alt="" />')
    assert "<!--[if mso | IE]>" in html
    assert 'width="640"' in html
    assert 'width="200"' in html, "premailer would make it 100%"


def test_addresses_come_out_as_they_went_in() -> None:
    urls = ["https://例子.example/新闻/一?甲=1&amp;b=2", "@@LEAVE_URL@@", "https://a.example/{{ x }}/a b"]
    html = to_html(mail("<mj-text>" + "".join(f'<a href="{url}">x</a>' for url in urls) + "</mj-text>"), "t")
    assert re.findall(r'<a href="([^"]*)"', html) == urls


def test_the_context_is_escaped_and_control_characters_go() -> None:
    html = rendered("<mj-text><p>{{ x }}</p></mj-text>", {"x": "<script>a</script>&\x0b\x1b\x00\ufffe\ud800“好”"})
    assert "<script" not in html
    assert "&lt;script&gt;a&lt;/script&gt;&amp;“好”" in html


def test_a_gap_in_the_layout_goes_and_a_space_between_words_stays() -> None:
    html = rendered("<mj-text>\n  <p>\n    <b>a</b> <b>b</b>\n  </p>\n</mj-text>")
    assert "<b>a</b> <b>b</b></p>" in html
    assert not re.search(r">\s*\n\s*<", html)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<mj-txt>a</mj-txt>", "<mj-txt> is no MJML tag"),
        ('<mj-text colour="#fff">a</mj-text>', "<mj-text> has no attribute 'colour'"),
        ('<mj-text font-size="big">a</mj-text>', "not a value"),
        ('<mj-text color="vermilion!">a</mj-text>', "not a value"),
        ('</mj-column></mj-section><mj-section padding="0 40px"><mj-column>', "write 0px"),
        ("<mj-section></mj-section>", "can't stand inside <mj-column>"),
        ("<mj-text><mj-text>a</mj-text></mj-text>", "can't stand inside <mj-text>"),
        ("<p>a</p>", "<p> straight inside <mj-column>"),
        ("words", "text straight inside <mj-column>"),
        ("<mj-text><p>a</mj-text>", "</mj-text> where <p> is still open"),
        ("<mj-text>a < b</mj-text>", "bare <"),
        ("<mj-include path='x' />", "<mj-include> is no MJML tag"),
        ("<mj-text>" + "<div>" * 10_000 + "</mj-text>", "more than 100 elements inside each other"),
    ],
)
def test_what_mrml_would_take_in_silence_is_an_error_that_says_where(content: str, message: str) -> None:
    with pytest.raises(MjmlError, match=re.escape(message)) as caught:
        to_html(mail(content), "email/some.mjml")
    assert str(caught.value).startswith("email/some.mjml: ")
    assert "line " in str(caught.value)


def test_what_mrml_cannot_read_is_named_too() -> None:
    with pytest.raises(MjmlError, match=r"email/some\.mjml: MJML can't read it"):
        to_html(mail("<mj-text><a href=bare>x</a></mj-text>"), "email/some.mjml")


def test_an_unclosed_document_and_an_empty_one_are_errors() -> None:
    with pytest.raises(MjmlError, match="<mj-body> is never closed"):
        to_html("<mjml><mj-body>", "t")
    with pytest.raises(MjmlError, match="has no <mjml>"):
        to_html("", "t")


def test_only_mjml_names_are_looked_for() -> None:
    for name in ("email/nothing.mjml", "email/issue.txt", "base.html"):
        with pytest.raises(TemplateDoesNotExist):
            get_template(name, using="mjml")
    assert isinstance(get_template("email/issue.mjml", using="mjml"), MjmlTemplate)


@pytest.mark.parametrize(
    "head",
    [
        '<mj-raw><link rel="stylesheet" href="https://fonts.example/a.css"></mj-raw>',
        "<mj-style>@import url(https://fonts.example/a.css);</mj-style>",
        '<mj-style inline="inline">p { background: url(//pixel.example/a.png) }</mj-style>',
        "<mj-raw><!--[if mso]><style>@import 'https://fonts.example/a.css';</style><![endif]--></mj-raw>",
    ],
)
def test_a_mail_that_would_load_something_from_elsewhere_is_refused(head: str) -> None:
    with pytest.raises(MjmlError, match="from elsewhere"):
        to_html(mail("<mj-text>Hello</mj-text>", head), "t")


def test_the_name_of_a_font_that_mrml_knows_fetches_none() -> None:
    head = "<mj-attributes><mj-all font-family=\"Roboto,'Open Sans',sans-serif\" /></mj-attributes>"
    html = to_html(mail("<mj-text>Hello</mj-text>", head), "t")
    assert "Roboto" in html
    assert "googleapis" not in html
    assert "<link" not in html
    assert "@import" not in html
