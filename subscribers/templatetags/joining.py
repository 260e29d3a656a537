"""Tags of the reader's side: `tongues` speaks in all languages of a page, `join_form` is the sign-up form."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from subscribers import forms
from subscribers.offers import Option
from subscribers.tongues import HTML_LANG, tongues_of

register = template.Library()


class TonguesNode(template.Node):
    """What stands inside, once for each language of the page."""

    def __init__(self, nodelist: NodeList, style: str) -> None:
        self.nodelist = nodelist
        self.style = style

    def render(self, context: Context) -> SafeString:
        first, *others = context.get("tongues") or (translation.get_language() or "en",)
        said = [self._say(context, first)]
        for tongue in others:
            text = self._say(context, tongue)
            said.append(
                text if self.style == "plain" else format_html('<span lang="{}">{}</span>', HTML_LANG[tongue], text)
            )
        return mark_safe(("<br>" if self.style == "lines" else " ").join(said))  # noqa: S308  (rendered templates)

    def _say(self, context: Context, tongue: str) -> SafeString:
        with translation.override(tongue):
            return mark_safe(self.nodelist.render(context).strip())  # noqa: S308


@register.tag
def tongues(parser: Parser, token: Token) -> TonguesNode:
    """`{% tongues %}{% translate "Save" %}{% endtongues %}`: `Save <span lang="zh-Hans">保存</span>`.

    `{% tongues plain %}` writes no span, for attributes; `{% tongues lines %}` puts each language on its line.
    """
    style = token.contents.partition(" ")[2]
    if style not in ("", "plain", "lines"):
        raise template.TemplateSyntaxError(f"tongues {style!r}: plain, lines or nothing")
    nodelist = parser.parse(("endtongues",))
    parser.delete_first_token()
    return TonguesNode(nodelist, style)


@register.filter
def spoken(thing: Option | Mapping[str, str]) -> str:
    """An option's name, or a text kept by language code, in the language that is being spoken."""
    tongue = translation.get_language() or "en"
    if isinstance(thing, Option):
        return thing.en if tongue == "en" else thing.zh
    return thing[tongue]


@register.inclusion_tag("subscribers/join_form.html", takes_context=True)
def join_form(context: Context, language: str, email: str = "") -> dict[str, Any]:
    """The sign-up form for a page in `language` (en, zh or both); works without cookie, session or JavaScript."""
    wrong, again = bool(context.get("wrong")), bool(context.get("again"))
    return forms.join_context(language, email=email, again=again) | {
        "tongues": tongues_of(language),
        "wrong": wrong,
        "again": again,
        "problem": wrong or again or context.get("too_many"),
    }
