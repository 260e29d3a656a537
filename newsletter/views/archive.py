"""What anybody may read: the home page, the list of issues, an issue."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from newsletter.models import Issue, Logo, Newsletter
from newsletter.models.issue import PUBLIC
from newsletter.page import Choices, Page, colour, lay_out, masthead
from newsletter.page.dates import short_date
from newsletter.views.languages import HTML, in_language, preferred
from subscribers.tongues import tongues_of

PER_PAGE = 60  # issues in one list: two months
FIRST_ITEMS = 3  # of the newest issue on the home page
_FRESH_FOR = 60  # seconds a public page may be kept


@dataclass(frozen=True)
class Version:
    """The same page in one of its languages."""

    lang: str  # en, zh or both
    url: str  # absolute
    current: bool

    @property
    def hreflang(self) -> str:
        return "x-default" if self.lang == "both" else HTML[self.lang]


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`: to the reader's language, as the browser asks for it."""
    response = HttpResponseRedirect(
        reverse("archive:home", args=[preferred(request.headers.get("Accept-Language", ""))])
    )
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
@in_language
def home(request: HttpRequest, lang: str) -> HttpResponse:
    """The promise, the sign-up, and how the newest issue begins."""
    issue = _published().first()
    page = lay_out(issue, Choices(lang), issue.corrections.select_related("block")) if issue else None
    context: dict[str, Any] = {"page": page, "issue": issue}
    if issue and page:
        url = _path("issue", lang, issue.date)
        context |= {
            "items": page.items[:FIRST_ITEMS],
            "links": {number: f"{url}{anchor}" for number, anchor in page.anchors.items()},
            "day_en": short_date(issue.date, "en"),
            "day_zh": short_date(issue.date, "zh"),
        }
    return _answer(request, "archive/home.html", lang, "home", context)


@require_safe
@in_language
def issues(request: HttpRequest, lang: str) -> HttpResponse:
    """All public issues, the newest first."""
    listed = Paginator(_published(), PER_PAGE).get_page(request.GET.get("page"))
    return _answer(request, "archive/issues.html", lang, "issues", {"listed": listed})


@require_safe
@in_language
def issue(request: HttpRequest, lang: str, date: dt.date) -> HttpResponse:
    """One day's issue. One that is not public yet is shown to editors only, and says so."""
    found = Issue.objects.filter(date=date, kind="daily").select_related("newsletter").first()
    preview = found is not None and found.state not in PUBLIC
    if found is None or (preview and not _is_editor(request)):
        raise Http404
    page = lay_out(found, Choices(lang), found.corrections.select_related("block"))
    public = _published()
    context = {
        "page": page,
        "preview": preview,
        "description": _description(page),
        "earlier": public.filter(date__lt=date).first(),
        "later": public.filter(date__gt=date).last(),
    }
    return _answer(request, "archive/issue.html", lang, "issue", context, date, private=preview)


@require_safe
def logo(request: HttpRequest, pk: int) -> HttpResponse:
    """The newsletter's logo; one that nobody shows any more stays, for the pages that somebody kept."""
    found = get_object_or_404(Logo, pk=pk)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(found.png), content_type="image/png", headers=headers)


@require_safe
def accent(request: HttpRequest, digits: str) -> HttpResponse:
    """`/accent-b02e19.css`: the newsletter's colour on both grounds, over the one that the style sheet comes with."""
    light = f"#{digits}"
    if not colour.is_colour(light):
        raise Http404
    dark = colour.on_dark(light)
    washes = colour.mixed(light, colour.LIGHT_GROUND, 0.1), colour.mixed(dark, colour.DARK_GROUND, 0.2)
    css = (
        f":root{{--zhu:{light};--zhu-wash:{washes[0]}}}"
        f"@media(prefers-color-scheme:dark){{:root{{--zhu:{dark};--zhu-wash:{washes[1]}}}}}\n"
    )
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _published() -> Any:
    return (
        Issue.objects.filter(state__in=PUBLIC, kind="daily")
        .select_related("newsletter")
        .order_by("-date", "-sequence")
    )


def _is_editor(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff


def _path(name: str, lang: str, *args: Any) -> str:
    return reverse(f"archive:{name}", args=[lang, *args])


def _description(page: Page) -> str:
    """How the issue begins, for search results and previews elsewhere."""
    return " ".join(line.text for words in page.lead[:1] for line in words)[:300]


def _answer(
    request: HttpRequest,
    template: str,
    lang: str,
    name: str,
    context: dict[str, Any],
    *args: Any,
    private: bool = False,
) -> HttpResponse:
    """A page in the frame that all of them share."""
    versions = [
        Version(each, f"{settings.SITE_URL}{_path(name, each, *args)}", each == lang) for each in ("both", "en", "zh")
    ]
    letter = Newsletter.objects.select_related("logo").order_by("pk").first()
    frame = {
        "logo": masthead.mark(letter) if letter else None,
        "lang": lang,
        "html_lang": HTML[lang],
        "languages": ("en", "zh") if lang == "both" else (lang,),
        "tongues": tongues_of(lang),
        "path_language": "zh" if lang == "zh" else "en",
        "versions": versions,
        "canonical": next(version.url for version in versions if version.current),
        "letter": letter,
    }
    response = render(request, template, {**frame, **context})
    if private:
        patch_cache_control(response, private=True, no_store=True)
        response.headers["X-Robots-Tag"] = "noindex"
    else:
        patch_cache_control(response, public=True, max_age=_FRESH_FOR)
    return response
