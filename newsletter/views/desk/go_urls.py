"""The addresses under /desk/ of the day and of going out: today, the checklist, test mails, holding and sending."""

from django.urls import path

from newsletter.views.desk import approval, decisions, going, outcomes, sending, today, trials

urlpatterns = [
    path("", today.today, name="today"),
    path("compose/", today.compose, name="compose_now"),
    path("test-groups/", trials.groups, name="trial_groups"),
    path("<desk_date:date>/approve/", approval.approve, name="approve"),
    path("<desk_date:date>/approve/links/", approval.ask_links, name="ask_links"),
    path("<desk_date:date>/approve/sender/", approval.ask_sender, name="ask_sender"),
    path("<desk_date:date>/approve/<slug:point>/waive/", approval.waive, name="waive"),
    path("<desk_date:date>/test/", trials.send_test, name="send_test"),
    path("<desk_date:date>/go/<slug:act>/", going.go, name="go"),
    path("sending/<int:pk>/", sending.sending, name="sending"),
    path("sending/<int:pk>/go/<slug:act>/", going.go_correction, name="go_correction"),
    path("sending/<int:pk>/uncertain/", decisions.uncertain, name="uncertain"),
    path("sending/<int:pk>/uncertain/<slug:act>/", decisions.decide, name="decide"),
    path("sending/<int:pk>/again/", decisions.try_again, name="try_again"),
    path("sending/<int:pk>/outcomes.csv", outcomes.outcomes_file, name="outcomes_file"),
]
