"""Addresses of the public pages."""

import datetime as dt

from django.urls import path, register_converter

from newsletter.views import archive, cited  # and with it <lang:…>

app_name = "archive"


class DateConverter:
    """`<day:date>`: a real date as YYYY-MM-DD; anything else is no address of ours."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)  # ValueError: no match

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(DateConverter, "day")

urlpatterns = [
    path("", archive.front, name="front"),
    path("logo/<int:pk>.png", archive.logo, name="logo"),
    path("accent-<slug:digits>.css", archive.accent, name="accent"),
    path("c/<int:number>/<int:mark>", cited.cited, name="cited"),
    path("<lang:lang>/", archive.home, name="home"),
    path("<lang:lang>/issues/", archive.issues, name="issues"),
    path("<lang:lang>/issues/<day:date>/", archive.issue, name="issue"),
]
