"""Correcting an issue that readers have: the text and the note, then the mail about it, to those who had it."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsletter import workflow
from newsletter.deliver import corrected
from newsletter.models import Block, Correction, Issue
from newsletter.models.issue import EDITABLE
from newsletter.review import checklist, corrections, history, keeping, trial, words
from newsletter.review.approval import approve as give_approval
from newsletter.review.editing import TEXTS, EditConflictError, EditRefusedError
from newsletter.roles import APPROVE
from newsletter.views.desk import preview_mail
from newsletter.views.desk.access import desk_view, editor, needs, plain_error
from newsletter.views.desk.find import block_or_404
from newsletter.views.desk.forms import LABELS, SideBySide
from newsletter.views.desk.preview import MAIL_POLICY
from newsletter.views.desk.trials import mails_of
from newsletter.workflow import WorkflowError


class CorrectionForm(SideBySide):
    """What the block should have said, and what was wrong, in both languages."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, shown: Mapping[str, str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={**shown, "version": corrections.version(shown)})
        for name in (*corrections.NOTES, *TEXTS):
            if name in corrections.NOTES or shown[name] or shown[f"{name[:-3]}_{'en' if name[-2:] == 'zh' else 'zh'}"]:
                self.fields[name] = _field(name)


def _field(name: str) -> forms.CharField:
    lang = "zh-Hans" if name.endswith("_zh") else "en"
    is_text = name.startswith("text")
    attrs = {"rows": "10" if is_text else "3", "lang": lang, "class": "text" if is_text else "line"}
    label = LABELS.get(name) or gettext_lazy("What was wrong (readers see this)")
    return forms.CharField(required=False, strip=False, label=label, widget=forms.Textarea(attrs=attrs))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@needs(APPROVE)
def correct(request: HttpRequest, date: dt.date, key: str) -> HttpResponse:
    """Write what a block of a sent issue should have said. GET shows the form, POST puts it into the archive at once:
    so it takes who may approve."""
    block = block_or_404(date, key)
    if not corrections.can_be_corrected(block):
        message = _("Only a block that readers have got can be corrected; before that, edit it.")
        return plain_error(request, message, 409, reverse("desk:issue", args=[date]))
    shown = corrections.standing(block)
    if request.method != "POST":
        return _form_page(request, block, CorrectionForm(shown))
    form = CorrectionForm(shown, request.POST)
    if not form.is_valid():
        return _form_page(request, block, form, status=422)
    wanted = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        made = corrections.correct(block, editor(request), wanted, seen=form.cleaned_data["version"])
    except EditRefusedError as refused:
        for name, problem in refused.problems.items():
            form.add_error(name if name in form.fields else None, problem)
        return _form_page(request, block, form, status=422)
    except EditConflictError as conflict:
        fresh = CorrectionForm(shown, {**wanted, "version": corrections.version(shown)})
        return _form_page(request, block, fresh, status=409, theirs=conflict.theirs)
    except WorkflowError as reason:
        return plain_error(request, str(reason), 409, reverse("desk:issue", args=[date]))
    messages.success(request, _("The archive shows it now, with your note."))
    return redirect("desk:correction", pk=made.pk)


@require_safe
@desk_view
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: what it changed, whom a mail about it would reach, and that mail's way to them."""
    return _page(request, _correction_or_404(pk))


@require_POST
@desk_view
def write_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Compose and check the mail; nothing leaves before it is approved."""
    try:
        corrections.write_mail(_correction_or_404(pk), editor(request))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The mail is written and checked. Read it, then approve it."))
    return redirect("desk:correction", pk=pk)


@require_safe
@desk_view
def mail_preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The mail about it in a frame: en, zh or both."""
    found = _correction_or_404(pk)
    if found.mail is None or language not in ("en", "zh", "both"):
        raise Http404
    edition = preview_mail.whole(found.mail, language)
    if edition is None:
        missing = _("The mail can’t be rendered; the server’s log says why.")
        return HttpResponse(missing, status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(edition.html, headers={"Content-Security-Policy": MAIL_POLICY})


@require_POST
@desk_view
@needs(APPROVE)
def approve_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Bind the approval to the mail's text whose hash the form carries."""
    found = _correction_or_404(pk)
    if found.mail is None:
        raise Http404
    try:
        give_approval(found.mail, editor(request), seen=request.POST.get("seen") or "-")
    except WorkflowError as reason:
        return _page(request, found, problem=str(reason), status=409)
    found.mail.refresh_from_db()
    if found.mail.state == "approved":
        messages.success(request, _("Approved. It leaves now, to each reader at their hour."))
    else:
        messages.success(request, _("Your approval is noted; a second person has to approve the same text."))
    return redirect("desk:correction", pk=pk)


@require_POST
@desk_view
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail about it, marked [TEST], to the editor's own address and to nobody else."""
    found, user = _correction_or_404(pk), editor(request)
    if found.mail is None:
        raise Http404
    if not user.email:
        messages.error(request, _("Your account has no address to send a test to: ask an administrator for one."))
        return redirect("desk:correction", pk=pk)
    try:
        (row,) = trial.send(found.mail, user, [user.email], ["both"], mails_of(found.mail))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        if row.accepted:
            messages.success(request, _("A test is on its way to %(address)s.") % {"address": row.address})
        else:
            told = _("The test to %(address)s could not be sent: %(error)s")
            messages.error(request, told % {"address": row.address, "error": row.reply})
    return redirect("desk:correction", pk=pk)


@require_POST
@desk_view
@needs(APPROVE)
def waive(request: HttpRequest, pk: int, point: str) -> HttpResponse:
    """Let a point of the checklist pass, with a reason."""
    found = _correction_or_404(pk)
    if found.mail is None:
        raise Http404
    try:
        checklist.waive(found.mail, point, editor(request), request.POST.get("because", ""))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    return redirect("desk:correction", pk=pk)


@require_POST
@desk_view
def keep(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Let a sentence of the mail stand, on the editor's word."""
    found = _correction_or_404(pk)
    doubt = get_object_or_404(found.mail.findings, pk=finding) if found.mail else None
    if doubt is None:
        raise Http404
    try:
        keeping.keep_finding(
            doubt, editor(request), request.POST.get("because", ""), vouched="vouched" in request.POST
        )
    except EditRefusedError as refused:
        messages.error(request, " ".join(refused.problems.values()))
    except WorkflowError as reason:
        messages.error(request, str(reason))
    return redirect("desk:correction", pk=pk)


def _correction_or_404(pk: int) -> Correction:
    rows = Correction.objects.select_related("issue__newsletter", "block__source_list", "by", "mail__newsletter")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, found: Correction, *, problem: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        **{"correction": found, "issue": found.issue, "newsletter": found.issue.newsletter, "problem": problem},
        "changes": history.corrected(found),
        "reach": corrected.reach(found),
        "why_no_mail": corrections.why_no_mail(found),
        **(_mail(found.mail) if found.mail else {}),
    }
    return render(request, "desk/correction.html", context, status=status)


def _mail(mail: Issue) -> dict[str, Any]:
    digest = workflow.content_hash(mail)
    checks = checklist.before_approval(mail, digest=digest)
    done = Counter(workflow.outcomes(mail))
    return {
        "mail_languages": [("en", "English"), ("zh", "中文")],
        **{"mail": mail, "state": words.STATES[mail.state], "editable": mail.state in EDITABLE},
        "digest": digest,
        "open_points": checklist.still_open(checks),
        "doubts": mail.findings.filter(kept_by=None).order_by("-severity", "pk"),
        "accepted": done["accepted"],
        "waiting": done["queued"] + done["deferred"] + done["claimed"],
        "lost": done["refused"] + done["uncertain"] + done["withdrawn"],
    }


def _form_page(
    request: HttpRequest,
    block: Block,
    form: CorrectionForm,
    *,
    status: int = 200,
    theirs: Mapping[str, str] | None = None,
) -> HttpResponse:
    context = {
        **{"of": block, "issue": block.issue, "form": form, "theirs": theirs},
        "earlier": block.corrections.select_related("by").order_by("-at"),
    }
    return render(request, "desk/correct.html", context, status=status)
