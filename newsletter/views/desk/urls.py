"""The desk's addresses, under /desk/."""

from django.urls import path

from newsletter.views.desk import entrance, pages, preview
from newsletter.views.desk.go_urls import urlpatterns as go
from newsletter.views.desk.house_urls import urlpatterns as house
from newsletter.views.desk.proof_urls import urlpatterns as proof
from newsletter.views.desk.shape_urls import urlpatterns as shape

app_name = "desk"
urlpatterns = [
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("language/", pages.language, name="language"),
    path("issues/", pages.issues, name="issues"),
    path("<desk_date:date>/", pages.issue, name="issue"),
    path("<desk_date:date>/read-again/", pages.read_again, name="read_again"),
    path("<desk_date:date>/preview/", preview.preview, name="preview"),
    path("<desk_date:date>/preview/mail/", preview.mail, name="preview_mail"),
    path("<desk_date:date>/preview/sizes/", preview.sizes, name="preview_sizes"),
    path("<desk_date:date>/preview/reader/", preview.find_reader, name="preview_reader"),
    path("<desk_date:date>/preview/link/<slug:name>/", preview.link, name="preview_link"),
    *go,
    *proof,
    *house,
    *shape,
]
