"""Adding a source: an address is pasted, its feeds are found and tried, and only then is anything saved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.admin.source_forms import AddressForm, SourceForm
from newsletter.admin.source_health import STALE_AFTER, ago
from newsletter.admin.source_reasons import in_words
from newsletter.gather.discovery import Candidate, Discovery, discover
from newsletter.gather.feed_key import feed_key, known_feeds
from newsletter.gather.languages import primary
from newsletter.models import Source, SourceList


class SourceFinding:
    """Mixed into the sources' admin: its page "add" begins with an address."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for an address; by POST, look for its feeds (`step` find), or save one of them (`step` save)."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        if request.method != "POST":
            return self._found(request, AddressForm(initial={"address": request.GET.get("address", "")}))
        if request.POST.get("step") == "save" or "another" in request.POST:
            return self._save(request)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._found(request, form)
        return self._found(request, form, discover(form.cleaned_data["address"]))

    def _save(self, request: HttpRequest) -> HttpResponse:
        form = SourceForm(request.POST)
        if not form.is_valid():
            address = AddressForm(initial={"address": request.POST.get("url", "")})
            return self._found(request, address, refused=form)
        source = form.save()
        self.log_addition(request, source, _("Added by address."))  # type: ignore[attr-defined]
        told = _("“%(name)s” is a source of %(list)s now. It is visited within a minute or two.")
        messages.success(request, told % {"name": source.name, "list": source.source_list})
        if "another" in request.POST:
            return HttpResponseRedirect(reverse("admin:newsletter_source_add"))
        return HttpResponseRedirect(reverse("admin:newsletter_source_change", args=[source.pk]))

    def _found(
        self,
        request: HttpRequest,
        form: AddressForm,
        found: Discovery | None = None,
        *,
        refused: SourceForm | None = None,
    ) -> HttpResponse:
        known = known_feeds(Source.objects.select_related("source_list")) if found else {}
        tried = [_shown(each, known, n) for n, each in enumerate(found.candidates)] if found else []
        blind = None
        if found and not any(each["candidate"].good for each in tried) and found.address.startswith("http"):
            blind = _form(Candidate(found.address), "blind")
        context = {
            **{"form": form, "found": found, "tried": tried, "refused": refused, "blind": blind},
            "readable": sum(each["candidate"].good for each in tried),
            "reason": in_words(found.reason) if found and found.reason else "",
            "title": _("Add a source"),
            "opts": Source._meta,
        }
        base = self.admin_site.each_context(request)  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/newsletter/source/add.html", {**base, **context})


def _shown(candidate: Candidate, known: dict[str, Source], n: int) -> dict[str, Any]:
    """A candidate as the page shows it: what would come in, what is doubtful, and the form that saves it."""
    keys = (feed_key(candidate.url), feed_key(candidate.moved_from or candidate.url))
    source = next((known[key] for key in keys if key in known), None)
    return {
        "candidate": candidate,
        "reason": in_words(candidate.reason) if candidate.reason else "",
        "warnings": _warnings(candidate),
        "known": source,
        "newest": ago(candidate.newest) if candidate.newest else "",
        "form": _form(candidate, str(n)) if candidate.good and not source else None,
    }


def _form(candidate: Candidate, prefix: str) -> SourceForm:
    language = primary(candidate.language)
    form = SourceForm(
        initial={
            **{"name": candidate.title, "url": candidate.url, "language": language, "scope": "general"},
            "source_list": _usual_list(language),
        },
        auto_id=f"feed{prefix}_%s",
    )
    for name in ("name_en", "name_zh", "note"):
        del form.fields[name]
    return form


def _usual_list(language: str) -> SourceList | None:
    """The list in which most sources of that language stand; the first one where there are none."""
    lists = (
        SourceList.objects.filter(sources__language=language).annotate(n=Count("sources")).order_by("-n", "position")
    )
    return lists.first() or SourceList.objects.first()


def _warnings(candidate: Candidate) -> list[str]:
    """What an editor should know before saving, in words."""
    many, said = candidate.entries, []
    if candidate.undated:
        text = ngettext(
            "%(n)d of %(all)d entries has no date: it counts as of when we first see it.",
            "%(n)d of %(all)d entries have no date: they count as of when we first see them.",
            candidate.undated,
        )
        said.append(text % {"n": candidate.undated, "all": many})
    if candidate.mute * 2 > many:
        text = ngettext(
            "%(n)d of %(all)d entries has a headline only: there is little to write from.",
            "%(n)d of %(all)d entries have a headline only: there is little to write from.",
            candidate.mute,
        )
        said.append(text % {"n": candidate.mute, "all": many})
    if candidate.unlinked:
        text = ngettext(
            "%(n)d entry has no address to cite.", "%(n)d entries have no address to cite.", candidate.unlinked
        )
        said.append(text % {"n": candidate.unlinked})
    if candidate.newest and timezone.now() - candidate.newest > STALE_AFTER:
        said.append(_("The newest entry is %(time)s old.") % {"time": ago(candidate.newest)})
    if candidate.size > 3_000_000:
        said.append(_("It is %(size)s MB large at each visit.") % {"size": f"{candidate.size / 1e6:.1f}"})
    if candidate.moved_from:
        said.append(_("The site has moved it for good: the new address is saved."))
    if candidate.warning:
        said.append(in_words(candidate.warning))
    return said
