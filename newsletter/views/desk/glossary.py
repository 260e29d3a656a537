"""A name from the text into the lexicon, without leaving the desk."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.admin.lexicon import LexiconEntryForm
from newsletter.models import Issue
from newsletter.models.issue import PUBLIC
from newsletter.review import glossary as act
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import issue_or_404

LONGEST = 60  # characters of a spelling, as lexicon.soundness has it


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def glossary(request: HttpRequest, date: dt.date) -> HttpResponse:
    """GET takes the words from the address (en, zh) and says what is known of them; POST adds them."""
    issue = issue_or_404(date)
    if issue.state in PUBLIC:
        message = _("This issue has gone out: add names in the admin, under lexicon entries.")
        return plain_error(request, message, 409, reverse("desk:issue", args=[date]))
    if request.method != "POST":
        return _page(request, issue, LexiconEntryForm(initial=_initial(request)))
    form = LexiconEntryForm(request.POST)
    if not form.is_valid():
        return _page(request, issue, form, status=422)
    before = issue.findings.filter(kind="glossary").count()
    entry = act.add(issue, editor(request), form.save(commit=False))
    now = issue.findings.filter(kind="glossary").count()
    messages.success(request, _("“%(name)s” is in the lexicon, and the issue has been read again.") % {"name": entry})
    if now > before:
        messages.info(request, _("The checks found places where another name stands: they are marked."))
    return redirect(_back(request, date))


def _initial(request: HttpRequest) -> dict[str, Any]:
    """The words of the selection; of a name that is known already, what it is."""
    en, zh = (" ".join(request.GET.get(name, "").split())[:LONGEST] for name in ("en", "zh"))
    known = act.known(en, zh)
    name = known.en or known.zh
    if name is None:
        return {"en": en, "zh": zh, "kind": "company"}
    spelled = en if known.en or not known.zh else f"{known.zh.en[0]}|{en}" if en else known.zh.en[0]
    if known.en and known.en.en[0] != en:
        spelled = f"{known.en.en[0]}|{en}"
    return {"en": spelled, "zh": zh, "kind": name.kind, "home": name.home, "field": name.field}


def _page(request: HttpRequest, issue: Issue, form: LexiconEntryForm, *, status: int = 200) -> HttpResponse:
    said = form.data if form.is_bound else form.initial
    en, zh = (str(said.get(name, "")).split("|")[-1].strip() for name in ("en", "zh"))
    in_en, in_zh = act.places(issue, en, zh)
    context = {
        **{"issue": issue, "newsletter": issue.newsletter, "date": issue.date, "form": form},
        **{"back": _back(request, issue.date), "en": en, "zh": zh, "in_en": in_en, "in_zh": in_zh},
        "known": act.known(en, zh),
    }
    return render(request, "desk/glossary.html", context, status=status)


def _back(request: HttpRequest, date: dt.date) -> str:
    key = request.GET.get("block", "")
    anchor = f"#b-{key}" if key.replace("-", "").isalnum() else ""
    return reverse("desk:issue", args=[date]) + anchor
