"""The sign-up form for other people's sites: the HTML to copy, and how it looks there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from subscribers import consents, links, offers
from subscribers.offers import Offers
from subscribers.tongues import HTML_LANG, tongues_of
from subscribers.views import pages


@require_safe
def snippet(request: HttpRequest, language: str) -> HttpResponse:
    """The form to copy, in the page's language; below it the form itself, which works there too."""
    shown = pages.chosen_language(request, language)
    html = form_for(shown, offers.current())
    # rendered by a template that escapes, so the preview is exactly what is copied
    context = {"html": html, "preview": mark_safe(html), "lines": html.count("\n") + 1}  # noqa: S308
    return pages.render(request, "subscribers/embed.html", shown, context)


def form_for(language: str, present: Offers) -> str:
    """A sign-up form without script, style or cookie, for a page on any host. `language`: en, zh or both.

    It carries no signed age, so its answer is our own form with the address filled in, to be sent once more.
    """
    tongues = tongues_of(language)
    context = {
        "action": settings.SITE_URL + reverse("readers:join", args=["zh" if language == "zh" else "en"]),
        "language": language,
        "lang": HTML_LANG[tongues[0]],
        "tongues": tongues,
        "names": {"en": present.name_en, "zh-hans": present.name_zh},
        "privacy": links.privacy_url(language),
        "wording": consents.SIGN_UP,
    }
    with translation.override(tongues[0]):
        return render_to_string("subscribers/embed_form.html", context).strip()
