"""Every address of the service, and /empty/, which does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as service


@csrf_exempt
def empty(request: HttpRequest) -> HttpResponse:
    """What Django and the middleware cost alone."""
    return HttpResponse()


urlpatterns = [path("empty/", empty), *service]
