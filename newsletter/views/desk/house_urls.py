"""The house's addresses under /desk/: history."""

from django.urls import path

from newsletter.views.desk import history

urlpatterns = [
    path("<desk_date:date>/history/", history.history_page, name="history"),
    path("<desk_date:date>/history/<int:pk>/put-back/", history.put_back, name="put_back"),
]
