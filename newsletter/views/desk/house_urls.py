"""The house's addresses under /desk/: history, corrections, replies, masthead, numbers, reports."""

from django.urls import path

from newsletter.views.desk import clicks, corrections, history, masthead, numbers, replies, reports

urlpatterns = [
    path("<desk_date:date>/history/", history.history_page, name="history"),
    path("<desk_date:date>/history/<int:pk>/put-back/", history.put_back, name="put_back"),
    path("<desk_date:date>/blocks/<slug:key>/correct/", corrections.correct, name="correct"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/mail/<str:language>/", corrections.mail_preview, name="correction_mail"),
    path("corrections/<int:pk>/write/", corrections.write_mail, name="write_correction"),
    path("corrections/<int:pk>/test/", corrections.send_test, name="test_correction"),
    path("corrections/<int:pk>/waive/<slug:point>/", corrections.waive, name="waive_in_correction"),
    path("corrections/<int:pk>/approve/", corrections.approve_mail, name="approve_correction"),
    path("corrections/<int:pk>/findings/<int:finding>/keep/", corrections.keep, name="keep_in_correction"),
    path("masthead/", masthead.masthead_page, name="masthead"),
    path("masthead/preview/", masthead.masthead_preview, name="masthead_preview"),
    path("masthead/contrast/", masthead.contrast, name="masthead_contrast"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/numbers.csv", numbers.numbers_file, name="numbers_file"),
    path("numbers/clicks.csv", clicks.clicks_file, name="clicks_file"),
    path("numbers/<int:pk>/clicks/", clicks.clicks, name="clicks"),
    path("reports/", reports.reports, name="reports"),
    path("reports/discard/", reports.discard, name="discard_reports"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/apply/", reports.apply_report, name="apply_report"),
    path("replies/", replies.replies, name="replies"),
    path("replies/<int:pk>/", replies.reply, name="reply"),
    path("replies/<int:pk>/done/", replies.settle, name="settle_reply"),
    path("replies/<int:pk>/delete/", replies.delete, name="delete_reply"),
]
