"""The addresses of the issue's page: its blocks, their sources and findings, undo and redo."""

from django.urls import path

from newsletter.views.desk import blocks, findings, inplace, pages, sources

urlpatterns = [
    path("<desk_date:date>/head/", pages.head, name="head"),
    path("<desk_date:date>/undo/", blocks.undo_mine, name="undo_mine"),
    path("<desk_date:date>/redo/", blocks.redo_mine, name="redo_mine"),
    path("<desk_date:date>/blocks/<slug:key>/", inplace.edit, name="edit"),
    path("<desk_date:date>/blocks/<slug:key>/sources/", sources.sources, name="sources"),
    path("<desk_date:date>/blocks/<slug:key>/undo/", blocks.undo, name="undo"),
    path("<desk_date:date>/blocks/<slug:key>/redo/", blocks.redo, name="redo"),
    path("<desk_date:date>/blocks/<slug:key>/drop/", blocks.drop, name="drop"),
    path("<desk_date:date>/blocks/<slug:key>/restore/", blocks.restore, name="restore"),
    path("<desk_date:date>/blocks/<slug:key>/move/", blocks.move, name="move"),
    path("<desk_date:date>/findings/<int:pk>/keep/", findings.keep, name="keep"),
    path("<desk_date:date>/findings/<int:pk>/reopen/", findings.reopen, name="reopen"),
    path("<desk_date:date>/findings/<int:pk>/mend/", findings.mend, name="mend"),
    path("<desk_date:date>/findings/<int:pk>/drop/", findings.drop, name="drop_sentence"),
]
