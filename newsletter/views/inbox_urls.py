"""The development inbox's addresses."""

from django.urls import path

from newsletter.views import inbox

app_name = "inbox"
urlpatterns = [
    path("", inbox.index, name="list"),
    path("<str:key>/", inbox.mail, name="mail"),
    path("<str:key>/html/", inbox.html, name="html"),
]
