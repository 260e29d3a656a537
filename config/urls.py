"""Every address of the service, on one page."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from newsletter.views import hooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("desk/", include("newsletter.views.desk.urls")),
    path("", include("subscribers.urls")),
    path("", include("newsletter.views.archive_urls")),
    *hooks.urlpatterns(),
]
if settings.DEBUG:
    urlpatterns.append(path("inbox/", include("newsletter.views.inbox_urls")))
