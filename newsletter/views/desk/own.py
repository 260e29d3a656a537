"""An item of the editor's own: choose what it stands on, then read and change what comes of it before it goes in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from newsletter.models import Article, Issue, Newsletter, Proposal
from newsletter.models.issue import EDITABLE
from newsletter.page.layout import safe_url
from newsletter.review import own_items, proposing, texts
from newsletter.review.editing import EditRefusedError
from newsletter.review.record import too_late
from newsletter.views.desk.access import desk_view, editor, plain_error
from newsletter.views.desk.find import issue_or_404
from newsletter.views.desk.writers import begin, can_ask_claude, spent, wanted
from newsletter.workflow import WorkflowError

MOST = 6  # sources of one item
LONGEST = 10_000  # characters of what an address says


class AddressForm(forms.Form):
    """A report that no feed of ours has: what it says is typed in, because that is what the checks read."""

    url = forms.CharField(label=gettext_lazy("Web address"), max_length=2000, widget=forms.URLInput)
    outlet = forms.CharField(label=gettext_lazy("Outlet"), max_length=200)
    title = forms.CharField(label=gettext_lazy("Its headline"), max_length=500)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("en", "English"), ("zh", "中文")])
    published = forms.DateTimeField(
        label=gettext_lazy("Published, by the newsletter’s clock"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    text = forms.CharField(
        label=gettext_lazy("What it says, quoted: the checks hold your sentences to this"),
        widget=forms.Textarea(attrs={"rows": "6"}),
        max_length=LONGEST,
    )

    def __init__(self, letter: Newsletter, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            *(data, None, "id_%s", "address", {"language": "en"}), empty_permitted=True, use_required_attribute=False
        )
        self.letter = letter

    def is_used(self) -> bool:
        """Whether anything was typed in; the language and a time stand there by themselves."""
        return self.is_bound and any(self[name].data for name in ("url", "outlet", "title", "text"))

    def clean_url(self) -> str:
        url = safe_url(self.cleaned_data["url"].strip())
        if not url:
            raise forms.ValidationError(_("Write a whole address, with https:// before it."))
        return url

    def clean_published(self) -> dt.datetime:
        """Typed on the newsletter's clock, whatever the server's zone is."""
        at: dt.datetime = self.cleaned_data["published"]
        at = at.replace(tzinfo=self.letter.tz)
        if at > timezone.now() + dt.timedelta(hours=1):
            raise forms.ValidationError(_("This is still to come."))
        return at

    def source(self) -> dict[str, Any]:
        """The source as a proposal holds it."""
        told = self.cleaned_data
        plain = {name: texts.plain(told[name], one_line=name != "text") for name in ("outlet", "title", "text")}
        at = {"published": told["published"].astimezone(dt.UTC).isoformat()}
        return {**plain, "url": told["url"], "language": told["language"], **at}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def own_item(request: HttpRequest, date: dt.date) -> HttpResponse:
    """GET finds articles and takes an address; POST has what was chosen put together, and shows it."""
    issue = issue_or_404(date)
    back = reverse("desk:issue", args=[date])
    if issue.state not in EDITABLE:
        return plain_error(request, str(too_late(issue)), 409, back)
    form = AddressForm(issue.newsletter, request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and not (form.is_used() and not form.is_valid()):
        sources = [*_chosen(request, issue), *([form.source()] if form.is_used() else [])]
        if sources and len(sources) <= MOST:
            try:
                made = proposing.ask(
                    issue, editor(request), Proposal.Purpose.OWN, writer=wanted(request), sources=sources
                )
            except (WorkflowError, EditRefusedError) as reason:
                return plain_error(request, str(reason), 409, back)
            begin(made)
            return redirect("desk:proposal", date=date, pk=made.pk)
        problem = _("Choose up to six articles, or type in an address.")
    return render(request, "desk/own_item.html", _context(request, issue, form, problem), status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _chosen(request: HttpRequest, issue: Issue) -> list[dict[str, Any]]:
    ids = _ticked(request)
    known = Article.objects.filter(pk__in=ids, source__source_list__newsletter=issue.newsletter_id)
    there = set(known.values_list("pk", flat=True))
    return [{"article": each} for each in dict.fromkeys(ids) if each in there]


def _ticked(request: HttpRequest) -> list[int]:
    """The numbers of articles; no longer than a database's numbers are."""
    return [int(each) for each in request.POST.getlist("article") if each.isdecimal() and len(each) < 16]


def _context(request: HttpRequest, issue: Issue, form: AddressForm, problem: str) -> dict[str, Any]:
    query = request.GET.get("q", "")[:100]
    days = int(request.GET.get("days", "1")) if request.GET.get("days", "") in map(str, own_items.DAYS) else 1
    ticked = set(_ticked(request))
    found = own_items.articles(issue, query, days)
    kept = Article.objects.filter(pk__in=ticked - {row.pk for row in found}).select_related("source__source_list")
    money, budget = spent(issue)
    return {
        **{"issue": issue, "newsletter": issue.newsletter, "date": issue.date, "form": form, "problem": problem},
        **{"query": query, "days": days, "all_days": own_items.DAYS, "rows": [*kept, *found], "ticked": ticked},
        **{"back": reverse("desk:issue", args=[issue.date]), "full": len(found) == own_items.SHOWN},
        **{"can_ask_claude": can_ask_claude(), "spent": money, "budget": budget},
        "typed": form.is_used(),
    }
