"""The addresses of what gives an issue another shape: swaps, own items and notes, writing again, replacing."""

from django.urls import path

from newsletter.views.desk import candidates, glossary, notes, own, replace, rewrite, subjects

urlpatterns = [
    path("<desk_date:date>/blocks/<slug:key>/swap/", candidates.swap, name="swap"),
    path("<desk_date:date>/blocks/<slug:key>/again/", rewrite.again, name="again"),
    path("<desk_date:date>/note/", notes.note, name="note"),
    path("<desk_date:date>/blocks/<slug:key>/place/", notes.place, name="place"),
    path("<desk_date:date>/replace/", replace.replace, name="replace"),
    path("<desk_date:date>/undo-act/", replace.undo_act, name="undo_act"),
    path("<desk_date:date>/glossary/", glossary.glossary, name="glossary"),
    path("<desk_date:date>/subjects/", subjects.subjects, name="subjects"),
    path("<desk_date:date>/own-item/", own.own_item, name="own_item"),
    path("<desk_date:date>/proposals/<int:pk>/", rewrite.proposal, name="proposal"),
    path("<desk_date:date>/proposals/<int:pk>/state/", rewrite.proposal_state, name="proposal_state"),
    path("<desk_date:date>/proposals/<int:pk>/take/", rewrite.take, name="take"),
    path("<desk_date:date>/proposals/<int:pk>/by-claude/", rewrite.by_claude, name="by_claude"),
    path("<desk_date:date>/proposals/<int:pk>/leave/", rewrite.leave, name="leave"),
]
