"""The desk's addresses, under /desk/."""

from django.urls import path

from newsletter.views.desk import approval, blocks, entrance, findings, mail, pages, preview
from newsletter.views.desk.house_urls import urlpatterns as house

app_name = "desk"
urlpatterns = [
    path("", pages.today, name="today"),
    path("login/", entrance.login, name="login"),
    path("logout/", entrance.logout, name="logout"),
    path("language/", pages.language, name="language"),
    path("issues/", pages.issues, name="issues"),
    path("<desk_date:date>/", pages.issue, name="issue"),
    path("<desk_date:date>/read-again/", pages.read_again, name="read_again"),
    path("<desk_date:date>/approve/", approval.approve, name="approve"),
    path("<desk_date:date>/preview/", preview.preview, name="preview"),
    path("<desk_date:date>/preview/mail/", preview.mail, name="preview_mail"),
    path("<desk_date:date>/preview/sizes/", preview.sizes, name="preview_sizes"),
    path("<desk_date:date>/preview/reader/", preview.find_reader, name="preview_reader"),
    path("<desk_date:date>/preview/link/<slug:name>/", preview.link, name="preview_link"),
    path("<desk_date:date>/test/", mail.send_test, name="send_test"),
    path("<desk_date:date>/blocks/<slug:key>/", blocks.edit, name="edit"),
    path("<desk_date:date>/blocks/<slug:key>/undo/", blocks.undo, name="undo"),
    path("<desk_date:date>/blocks/<slug:key>/drop/", blocks.drop, name="drop"),
    path("<desk_date:date>/blocks/<slug:key>/restore/", blocks.restore, name="restore"),
    path("<desk_date:date>/blocks/<slug:key>/move/", blocks.move, name="move"),
    path("<desk_date:date>/findings/<int:pk>/keep/", findings.keep, name="keep"),
    path("<desk_date:date>/findings/<int:pk>/reopen/", findings.reopen, name="reopen"),
    *house,
]
