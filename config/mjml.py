"""A Django template backend: Django template -> MJML -> inlined styles -> the HTML of a mail.

    get_template("email/issue.mjml", using="mjml").render({"page": page})

The only place that imports mjml (mrml) and premailer. Both are quick and careless: mrml takes unknown tags and
attributes in silence and kills the process on deeply nested input, premailer rewrites addresses and drops what mail
clients need. So the MJML is checked before (`config/mjml_check.py`), and each address is kept out of premailer's way.

`<mj-style inline="inline">` is inlined and then gone, as MJML says; every other style stays in the head untouched.

A mail loads nothing: opening it tells no third party. mrml would fetch Google's fonts for a name it knows (Roboto), so
it is given none to know, and what comes out with a foreign style sheet all the same is refused.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

import mjml
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates
from django.template.backends.django import Template as DjangoTemplate
from django.utils.safestring import SafeString, mark_safe
from premailer import Premailer

from config.mjml_check import MjmlError, check

__all__ = ["MjmlError", "MjmlTemplate", "MjmlTemplates", "to_html"]

# What XML 1.0 forbids (§2.2), C1 controls, and lone surrogates: mrml refuses them, and mail servers may.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INLINE_STYLE = re.compile(r'<mj-style\s+inline="inline"\s*>(?P<css>.*?)</mj-style>', re.DOTALL)
_HREF = re.compile(r'(?P<name>\b(?:href|src))="(?P<url>[^"]*)"')
_HELD = re.compile(r'"#held-(\d+)"')
# A gap with a line break in it is the template's layout; a gap without is a space between words.
_GAP = re.compile(r">[ \t]*\n\s*<")
_STYLE_ATTRIBUTE = re.compile(r'(?<= style=")[^"]+')
_STYLE = re.compile(r"(?P<open><style[^>]*>)(?P<css>.*?)</style>", re.DOTALL)
_IGNORED = '<style data-premailer="ignore"'
_DOCTYPE = re.compile(r"\s*<!doctype html>", re.IGNORECASE)
# A style sheet, or anything a style sheet asks for, from elsewhere; Outlook's comments count too.
_FOREIGN = re.compile(
    r"<link\b[^>]*>|<script\b[^>]*>|@import\b[^;<]*|\burl\(\s*['\"]?\s*(?:https?:)?//[^)]*", re.IGNORECASE
)
_STYLED = re.compile(
    r"<style\b.*?</style>|<link\b[^>]*>|<script\b[^>]*>|\bstyle=\"[^\"]*\"", re.DOTALL | re.IGNORECASE
)


class MjmlTemplates(DjangoTemplates):
    """Finds `*.mjml` where Django's own backend finds its templates; every other name is left to other backends."""

    def get_template(self, template_name: str) -> "MjmlTemplate":  # type: ignore[override]
        """Raises TemplateDoesNotExist for a name that is missing or doesn't end in `.mjml`."""
        if not template_name.endswith(".mjml"):
            raise TemplateDoesNotExist(template_name, backend=self)
        return MjmlTemplate(super().get_template(template_name), template_name)

    def from_string(self, template_code: str) -> "MjmlTemplate":  # type: ignore[override]
        return MjmlTemplate(super().from_string(template_code), "a template without a name")


class MjmlTemplate:
    """A template whose `render` gives finished HTML."""

    def __init__(self, template: DjangoTemplate, name: str) -> None:
        self.template = template
        self.name = name
        self.origin = template.origin

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """The mail's HTML. Raises MjmlError, naming the template, for MJML that would not come out as written."""
        source = self.template.render(dict(context) if context else None, request)
        return mark_safe(to_html(source, self.name))  # noqa: S308 (the context was escaped on its way in)


def to_html(source: str, name: str) -> str:
    """MJML to one HTML document, small and with its styles inlined; `name` is for the error's message."""
    source = _CONTROL.sub("", source)
    check(source, name)
    css = "".join(match["css"] for match in _INLINE_STYLE.finditer(source))
    source = _INLINE_STYLE.sub("", source)
    try:
        html = mjml.mjml2html(source, fonts={})
    except ValueError as error:
        raise MjmlError(f"{name}: MJML can't read it: {error}{_place(source, str(error))}") from error
    _refuse_foreign(html, css, name)
    html = _DOCTYPE.sub("<!DOCTYPE html>", _close_gaps(html), count=1)
    return "<!DOCTYPE html>" + _DOCTYPE.sub("", _close_gaps(_inline(html, css)), count=1).strip()


def _refuse_foreign(html: str, css: str, name: str) -> None:
    """Raises MjmlError where the mail, or the `css` to be inlined, would load a style sheet, font or script."""
    for styled in (css, *_STYLED.findall(html)):
        if found := _FOREIGN.search(styled):
            raise MjmlError(f"{name}: the mail would load something from elsewhere: {found[0][:80]!r}")


def _place(source: str, error: str) -> str:
    """The text that mrml's error points at by position, as far as it says one."""
    found = re.search(r"position (\d+):(\d+)", error)
    return f", at {source.encode()[int(found[1]) : int(found[2])].decode(errors='replace')!r}" if found else ""


def _inline(html: str, css: str) -> str:
    """`css` as style attributes. Addresses are held back: lxml would percent-encode what is not ASCII in them."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match["url"])
        return f'{match["name"]}="#held-{len(held) - 1}"'

    inliner = Premailer(
        _STYLE.sub(r'<style data-premailer="ignore"\g<0>', _HREF.sub(hold, html)).replace(
            '"ignore"<style', '"ignore"'
        ),
        css_text=css,
        cssutils_logging_level=logging.CRITICAL,  # else a warning with every mail for what only mail clients know
        keep_style_tags=True,
        strip_important=False,
        disable_validation=True,
        allow_network=False,
        # mrml has set what Outlook needs; `width: 100%` on an image would otherwise replace its pixels
        disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
        disable_leftover_css=True,
        align_floating_images=False,
        remove_classes=False,
    )
    done: str = inliner.transform(pretty_print=False)
    done = _STYLE_ATTRIBUTE.sub(lambda match: match[0].replace("; ", ";"), done)
    done = done.replace(_IGNORED, "<style")  # those inside Outlook's comments, which premailer does not read
    return _HELD.sub(lambda match: f'"{held[int(match[1])]}"', done)


def _close_gaps(html: str) -> str:
    """Without line breaks between tags and in styles: a third less. Comments for Outlook stay."""
    return _STYLE.sub(lambda match: f"{match['open']}{_squeeze(match['css'])}</style>", _GAP.sub("><", html))


def _squeeze(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()
