"""What is kept of readers, why and for how long: one public page, linked from every other."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from subscribers import joining, offers, tidying
from subscribers.views import pages

_FRESH_FOR = 60  # seconds, as all public pages


@require_safe
def statement(request: HttpRequest, language: str) -> HttpResponse:
    """The statement. Its numbers are those that the program keeps to; who is responsible, the operator says."""
    present = offers.current()
    context = {
        "own": {"en": present.privacy_en or present.privacy_zh, "zh-hans": present.privacy_zh or present.privacy_en},
        "pending_days": joining.ANSWER_WITHIN.days,
        "notice_days": tidying.KEPT_FOR.days,
    }
    shown = pages.chosen_language(request, language)
    response = pages.render(request, "subscribers/privacy.html", shown, context)
    patch_cache_control(response, public=True, max_age=_FRESH_FOR)
    return response
