"""The masthead: names, look, addresses, hours and rules of the newsletter, with the mail's head and foot beside it."""

import base64
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from newsletter.models import DeadlinePolicy, Logo, Newsletter
from newsletter.page import masthead as dress
from newsletter.page import picture, render_html
from newsletter.review import masthead
from newsletter.review.editing import EditConflictError, EditRefusedError
from newsletter.roles import MASTHEAD
from newsletter.views.desk.access import chinese, desk_view, editor, needs
from newsletter.views.desk.find import the_newsletter
from newsletter.views.desk.preview import MAIL_POLICY
from newsletter.views.desk.preview_mail import in_scheme
from subscribers import zones

LANGUAGES = ("both", "en", "zh")
_LABELS = {
    **{"name_en": gettext_lazy("Name in English"), "name_zh": gettext_lazy("Name in Chinese")},
    **{"tagline_en": gettext_lazy("Promise in English"), "tagline_zh": gettext_lazy("Promise in Chinese")},
    **{"accent": gettext_lazy("The one colour"), "sender_name": gettext_lazy("Sender’s name")},
    **{"sender_address": gettext_lazy("Sender’s address"), "reply_address": gettext_lazy("Replies are passed on to")},
    **{"postal_address": gettext_lazy("Postal address"), "privacy_en": gettext_lazy("Privacy, in English")},
    **{"privacy_zh": gettext_lazy("Privacy, in Chinese"), "zone": gettext_lazy("Time zone")},
    **{
        "draft_at": gettext_lazy("Draft"),
        "remind_at": gettext_lazy("Reminder"),
        "send_at": gettext_lazy("Hour of sending"),
    },
    **{"deadline_policy": gettext_lazy("An issue that nobody approved by then")},
    **{
        "second_approver": gettext_lazy("Two people approve the same text"),
        "dkim_selector": gettext_lazy("DKIM selector"),
        "count_clicks": gettext_lazy("Count how often each link is followed"),
    },
}
_HELP = {
    "tagline_en": gettext_lazy("Stands on the home page."),
    "sender_address": gettext_lazy("Readers’ answers come here and land in Replies."),
    "reply_address": gettext_lazy("Somebody’s own mailbox; empty: answers are read at the desk alone."),
    "postal_address": gettext_lazy("The law wants a real one in every mail (CAN-SPAM, 15 U.S.C. 7704(a)(5))."),
    "privacy_en": gettext_lazy("Who is responsible and whom to ask: at the head of the privacy page."),
    "count_clicks": gettext_lazy(
        "By issue and link, never by reader: links lead over this site, the same in every mail. The figures stand "
        "under Numbers, and the privacy page says that they are kept."
    ),
    "dkim_selector": gettext_lazy("The name under ._domainkey where the sender’s key stands."),
}
# What stands together on the page, and from when a change of it counts.
GROUPS: tuple[tuple[Any, tuple[str, ...], Any], ...] = (
    (
        gettext_lazy("Name and look"),
        ("name_en", "name_zh", "tagline_en", "tagline_zh", "accent"),
        gettext_lazy("On the web at once; in mails from the next issue that is approved."),
    ),
    (
        gettext_lazy("Addresses"),
        ("sender_name", "sender_address", "reply_address", "dkim_selector", "postal_address"),
        gettext_lazy("In mails from the next issue that is approved; mail that is on its way keeps the old ones."),
    ),
    (
        gettext_lazy("Hours and rules"),
        ("zone", "draft_at", "remind_at", "send_at", "deadline_policy", "second_approver"),
        gettext_lazy(
            "At once: an hour that has passed today counts from tomorrow. Readers who chose no hour of their own "
            "get the issue at the hour of sending."
        ),
    ),
    (gettext_lazy("Privacy page"), ("privacy_en", "privacy_zh"), gettext_lazy("At once.")),
    (
        gettext_lazy("Clicks"),
        ("count_clicks",),
        gettext_lazy("In mails from the next issue that is approved; off, nothing more is counted at once."),
    ),
)


class MastheadForm(forms.Form):
    """Every field of the masthead; what is wrong in words is judged by `review.masthead`."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    logo = forms.FileField(required=False, label=gettext_lazy("New logo"), widget=forms.FileInput)
    without_logo = forms.BooleanField(required=False, label=gettext_lazy("Take the logo out"))

    def __init__(self, newsletter: Newsletter, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={**masthead.values(newsletter), "version": masthead.version(newsletter)})
        for name in masthead.FIELDS:
            self.fields[name] = _field(name)

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], Any]]:
        """The fields as they stand together, each group with its name and from when it counts."""
        return [(name, [self[each] for each in names], when) for name, names, when in GROUPS]

    @property
    def wanted(self) -> dict[str, Any]:
        """What the fields ask for."""
        return {name: self.cleaned_data.get(name) for name in masthead.FIELDS}


def _field(name: str) -> forms.Field:
    about: dict[str, Any] = {"required": False, "label": _LABELS[name], "help_text": _HELP.get(name, "")}
    lang = {"_en": "en", "_zh": "zh-Hans"}.get(name[-3:])
    attrs = {"lang": lang} if lang else {}
    if name in masthead.HOURS:
        return forms.TimeField(**about, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    if name in ("second_approver", "count_clicks"):
        return forms.BooleanField(**about)
    if name == "deadline_policy":
        return forms.ChoiceField(**about, choices=DeadlinePolicy.choices)
    if name == "zone":
        return forms.ChoiceField(**about, choices=_zones)
    if name in masthead.LONG:
        return forms.CharField(**about, strip=False, widget=forms.Textarea(attrs={**attrs, "rows": "4"}))
    kind = {"accent": "text", "sender_address": "email", "reply_address": "email"}.get(name, "text")
    return forms.CharField(**about, strip=False, widget=forms.TextInput(attrs={**attrs, "type": kind}))


def _zones() -> list[Any]:
    usual = [(zone.name, zone.zh if chinese() else zone.en) for zone in zones.usual()]
    return [(_("Usual"), usual), (_("All"), [(name, name.replace("_", " ")) for name in zones.others()])]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@needs(MASTHEAD)
def masthead_page(request: HttpRequest) -> HttpResponse:
    """Everything that is the newsletter's own. GET shows, POST saves."""
    newsletter = the_newsletter()
    if request.method != "POST":
        return _page(request, newsletter, MastheadForm(newsletter))
    form = MastheadForm(newsletter, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, newsletter, form, status=422)
    try:
        upload = form.cleaned_data["logo"]
        saved = masthead.save(
            newsletter,
            editor(request),
            form.wanted,
            logo=masthead.read_logo(upload.read(picture.MOST_UPLOADED + 1)) if upload else None,
            without_logo=form.cleaned_data["without_logo"],
            seen=form.cleaned_data["version"],
        )
    except EditRefusedError as refused:
        for name, problem in refused.problems.items():
            form.add_error(name if name in form.fields else None, problem)
        return _page(request, newsletter, form, status=422)
    except EditConflictError:
        data = request.POST.copy()
        data["version"] = masthead.version(newsletter)
        return _page(request, newsletter, MastheadForm(newsletter, data), status=409, conflict=True)
    messages.success(request, _said(saved))
    return redirect("desk:masthead")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
@needs(MASTHEAD)
def masthead_preview(request: HttpRequest) -> HttpResponse:
    """A mail's head and foot as the form has them now; by GET as they are saved. Nothing is changed."""
    letter = the_newsletter()
    asked = request.POST if request.method == "POST" else request.GET
    language = asked.get("language", "both")
    language = language if language in LANGUAGES else "both"
    if request.method == "POST":
        _try_on(letter, MastheadForm(letter, request.POST, request.FILES))
    page = dress.specimen(letter, language, letter.today())
    slots = {"preferences_url": "#", "leave_url": "#"}
    with translation.override("zh-hans" if language == "zh" else "en"):
        html = render_html(page, slots)
    if page.logo and letter.logo:
        picture_text = base64.b64encode(bytes(letter.logo.png)).decode("ascii")
        html = html.replace(f"cid:{page.logo.cid}", f"data:image/png;base64,{picture_text}")
    html = in_scheme(html, dark=asked.get("scheme") == "dark")
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


@require_safe
@desk_view
@needs(MASTHEAD)
def contrast(request: HttpRequest) -> HttpResponse:
    """How a colour reads, in words, while it is typed."""
    said = masthead.contrast_in_words(request.GET.get("accent", "").strip().lower())
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def _try_on(letter: Newsletter, form: MastheadForm) -> None:
    """Set on `letter`, in memory, whatever of the form can stand; the rest stays as it is saved."""
    form.is_valid()
    for name, value in form.cleaned_data.items():
        if name in masthead.FIELDS and value not in (None, ""):
            setattr(letter, name, value)
    letter.accent = letter.accent.strip().lower()
    if form.cleaned_data.get("without_logo"):
        letter.logo = None
    if upload := form.cleaned_data.get("logo"):
        try:
            found = masthead.read_logo(upload.read(picture.MOST_UPLOADED + 1))
        except EditRefusedError:
            return
        letter.logo = Logo(pk=0, png=found.png, width=found.width, height=found.height)


def _said(saved: masthead.Saved) -> str:
    if not saved.changed:
        return _("Nothing was changed.")
    if not saved.voided:
        return _("Saved.")
    return ngettext(
        "Saved. The approval of %(n)d issue is void: it shows another masthead now.",
        "Saved. The approvals of %(n)d issues are void: they show another masthead now.",
        len(saved.voided),
    ) % {"n": len(saved.voided)}


def _page(
    request: HttpRequest, newsletter: Newsletter, form: MastheadForm, *, status: int = 200, conflict: bool = False
) -> HttpResponse:
    accent: Mapping[str, Any] = form.data or {}
    context = {
        **{"newsletter": newsletter, "form": form, "conflict": conflict, "past": masthead.past(newsletter)},
        "contrast": masthead.contrast_in_words(str(accent.get("accent", newsletter.accent)).strip().lower()),
        "approved": masthead.approved_now(newsletter),
        "logo": dress.mark(newsletter),
    }
    return render(request, "desk/masthead.html", context, status=status)
