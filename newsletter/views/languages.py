"""The language in an address: /en/, /zh/ and /both/. An own converter: Django's zh-hans would give /zh-hans/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

# What stands in the address -> Django's code for the words around the news, and `lang` of the page.
DJANGO = {"en": "en", "zh": "zh-hans", "both": "en"}
HTML = {"en": "en", "zh": "zh-Hans", "both": "en"}


class LangConverter:
    """`<lang:lang>`: en, zh or both."""

    regex = "en|zh|both"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LangConverter, "lang")


def in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that takes `lang`: it runs, and its page is rendered, in that language; the answer says which."""

    @wraps(view)
    def speaking(request: HttpRequest, lang: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(DJANGO[lang]):
            response = view(request, lang, *args, **kwargs)
        response.headers.setdefault("Content-Language", "en, zh-Hans" if lang == "both" else HTML[lang])
        return response

    return speaking


def preferred(header: str) -> str:
    """`zh` where an Accept-Language header asks for Chinese before English, else `en` (RFC 9110 §12.5.4)."""
    for code, _weight in parse_accept_lang_header(header.lower()):
        primary = code.partition("-")[0]
        if primary in ("en", "zh"):
            return primary
    return "en"
