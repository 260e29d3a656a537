"""Test mails: to oneself or to a group, in the languages that are ticked; and the groups themselves."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from newsletter import workflow
from newsletter.deliver.trial import maker
from newsletter.models import Issue, TrialGroup, TrialMail
from newsletter.review import trial
from newsletter.roles import APPROVE
from newsletter.views.desk import preview_mail
from newsletter.views.desk.access import desk_view, editor, may_not
from newsletter.views.desk.find import issue_or_404, the_newsletter


@require_POST
@desk_view
def send_test(request: HttpRequest, date: dt.date) -> HttpResponse:
    """Send the issue as it stands; `group` names one, else it goes to the editor's own address and to nobody else."""
    issue, user, group = issue_or_404(date), editor(request), _group(request)
    to = group.addresses.split() if group else [user.email] if user.email else []
    languages = [each for each in request.POST.getlist("language") if each in trial.LANGUAGES] or ["both"]
    if not to:
        messages.error(request, _("Your account has no address to send a test to: ask an administrator for one."))
        return _back(request, date)
    try:
        rows = trial.send(issue, user, to, languages, mails_of(issue), group=group.name if group else "")
    except workflow.WorkflowError as reason:
        messages.error(request, str(reason))
    else:
        _tell(request, rows)
    return _back(request, date)


def mails_of(issue: Issue) -> trial.Maker:
    """What makes the test mails of `issue`: as delivery freezes them, with the desk's pages for a reader's own."""
    return maker(issue, trial.MARK, preview_mail.links(issue))


def _tell(request: HttpRequest, rows: list[TrialMail]) -> None:
    taken = [row for row in rows if row.accepted]
    refused = [row for row in rows if not row.accepted]
    if len(taken) == 1:
        messages.success(request, _("A test is on its way to %(address)s.") % {"address": taken[0].address})
    elif taken:
        told = ngettext("%(n)d test is on its way.", "%(n)d tests are on their way.", len(taken))
        messages.success(request, told % {"n": len(taken)})
    for row in refused:
        told = _("The test to %(address)s could not be sent: %(error)s")
        messages.error(request, told % {"address": row.address, "error": row.reply})


def _group(request: HttpRequest) -> TrialGroup | None:
    number = request.POST.get("group", "")
    return (
        TrialGroup.objects.filter(newsletter=the_newsletter(), pk=int(number)).first() if number.isdecimal() else None
    )


def _back(request: HttpRequest, date: dt.date) -> HttpResponseRedirect:
    """To the page that the button stood on."""
    response = redirect("desk:approve" if request.POST.get("from") == "approve" else "desk:issue", date=date)
    if request.POST.get("from") == "approve":
        response["Location"] += "#trial"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def groups(request: HttpRequest) -> HttpResponse:
    """The groups, and a form to make, change and (by emptying it) take away one."""
    newsletter, problem = the_newsletter(), ""
    name, addresses = request.POST.get("name", ""), request.POST.get("addresses", "")
    if request.method == "POST":
        if not editor(request).has_perm(APPROVE):
            return may_not(request, APPROVE)
        try:
            kept = trial.keep_group(newsletter, name, addresses)
        except workflow.WorkflowError as reason:
            problem = str(reason)
        else:
            said = _("Group “%(name)s” is kept.") if kept else _("Group “%(name)s” is gone.")
            messages.success(request, said % {"name": name})
            return redirect("desk:trial_groups")
    context = {
        **{"groups": newsletter.trial_groups.all(), "problem": problem, "name": name, "addresses": addresses},
        **{"most": trial.MOST_ADDRESSES, "may_change": editor(request).has_perm(APPROVE)},
    }
    return render(request, "desk/trial_groups.html", context, status=409 if problem else 200)
