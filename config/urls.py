"""Every address of the service, on one page."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("subscribers.urls")),
    path("desk/", include("newsletter.views.desk.urls")),
]
