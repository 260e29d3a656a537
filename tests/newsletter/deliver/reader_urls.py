"""The addresses that links in mails point at, where the site's own aren't what a test is about."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest, **named: str) -> HttpResponse:
    """Any."""
    return HttpResponse()


_readers = [
    path("r/p/<str:signed>", page, name="preferences"),
    path("r/l/<str:signed>", page, name="leave"),
    path("r/u/<str:signed>", page, name="one_click"),
    path("<str:language>/privacy/", page, name="privacy"),
]
urlpatterns = [path("", include((_readers, "readers")))]
