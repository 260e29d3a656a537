"""The newsletter's own settings, changed at the desk: judged in words, logged; an approval of the old ones is void."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter import workflow
from newsletter.models import DeadlinePolicy, Issue, IssueState, Logo, Newsletter
from newsletter.page import colour, picture
from newsletter.review import texts
from newsletter.review.editing import EditConflictError, EditRefusedError
from newsletter.review.record import audit
from subscribers import mailbox

ONE_LINE = ("name_en", "name_zh", "tagline_en", "tagline_zh", "sender_name", "postal_address")
LONG = ("privacy_en", "privacy_zh")
ADDRESSES = ("sender_address", "reply_address")
HOURS = ("draft_at", "remind_at", "send_at")
FIELDS = (
    *ONE_LINE,
    "accent",
    *ADDRESSES,
    *LONG,
    *HOURS,
    "zone",
    "deadline_policy",
    "second_approver",
    "dkim_selector",
    "count_clicks",
)
REQUIRED = ("name_en", "name_zh", "sender_name", "sender_address", "postal_address")
_LONGEST = {"name_en": 100, "name_zh": 100, "tagline_en": 200, "tagline_zh": 200, "sender_name": 100}
_LONGEST |= {"postal_address": 300, "privacy_en": 8_000, "privacy_zh": 8_000, "dkim_selector": 63}
_PICTURE = {
    "type": gettext_lazy("This is no PNG. Save the logo as PNG; SVG, JPEG and others aren’t taken."),
    "broken": gettext_lazy("This PNG is broken: save it anew."),
    "animated": gettext_lazy("It moves. A logo stands still."),
}


@dataclass(frozen=True)
class Saved:
    """What a save did: the names of the fields that differ, and the issues whose approval it ended."""

    changed: tuple[str, ...]
    voided: tuple[Issue, ...] = field(default=())


def values(newsletter: Newsletter) -> dict[str, Any]:
    """What stands in the fields now; times without seconds as HH:MM."""
    return {name: getattr(newsletter, name) for name in FIELDS}


def version(newsletter: Newsletter) -> str:
    """Names what stands there: a form carries it, and a save onto something else is refused."""
    text = json.dumps([*values(newsletter).values(), newsletter.logo_id], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def judged(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """`wanted` (FIELDS by name) made plain. Raises EditRefusedError with what is wrong, field by field."""
    plain = dict(wanted)
    for name in (*ONE_LINE, *ADDRESSES, "dkim_selector"):
        plain[name] = texts.plain(str(wanted[name]), one_line=True)
    for name in LONG:
        plain[name] = texts.plain(str(wanted[name]), one_line=False)
    plain["accent"] = str(wanted["accent"]).strip().lower()
    if problems := {name: problem for name in FIELDS if (problem := _problem(name, plain[name]))}:
        raise EditRefusedError(problems)
    if not plain["draft_at"] < plain["remind_at"] < plain["send_at"]:
        raise EditRefusedError({"remind_at": _("The reminder comes after the draft and before the sending.")})
    return plain


def contrast_in_words(accent: str) -> str:
    """How the colour reads on light and on dark ground, and what to take where it can't be read."""
    if not colour.is_colour(accent):
        return _("Write it as #rrggbb, such as #b02e19.")
    light = colour.contrast(accent, colour.LIGHT_GROUND)
    about = {"ratio": f"{light:.1f}", "needed": f"{colour.AA:.1f}", "dark": colour.on_dark(accent)}
    if light < colour.AA:
        words = _("Too pale to read on white: %(ratio)s to 1, and %(needed)s is needed (WCAG AA). %(near)s would do.")
        return words % {**about, "near": colour.on_light(accent)}
    dark = colour.contrast(accent, colour.DARK_GROUND)
    said = _("Reads well on white: %(ratio)s to 1, and %(needed)s is needed (WCAG AA).") % about
    if dark >= colour.AA:
        return f"{said} " + _("On dark ground it reads well too: %(ratio)s to 1.") % {"ratio": f"{dark:.1f}"}
    return f"{said} " + _("On dark ground %(dark)s stands in for it, which reads well there.") % about


def read_logo(raw: bytes) -> picture.Picture:
    """The uploaded picture, clean. Raises EditRefusedError, in words."""
    try:
        return picture.read_png(raw)
    except picture.PictureError as error:
        if error.why == "size":
            problem = _("It has to be %(least)d to %(wide)d pixels wide and %(least)d to %(high)d high.") % {
                "least": picture.SHORTEST,
                "wide": picture.WIDEST,
                "high": picture.HIGHEST,
            }
        elif error.why == "bytes":
            problem = _("It is too heavy: at most %(kb)d KB, because it travels in every mail.") % {
                "kb": picture.MOST_BYTES // 1000
            }
        else:
            problem = str(_PICTURE[error.why])
        raise EditRefusedError({"logo": problem}) from error


def approved_now(newsletter: Newsletter) -> list[Issue]:
    """The issues whose approval a change of the masthead would end."""
    return list(newsletter.issues.filter(state=IssueState.APPROVED).order_by("date"))


def save(
    newsletter: Newsletter,
    user: User,
    wanted: Mapping[str, Any],
    *,
    logo: picture.Picture | None = None,
    without_logo: bool = False,
    seen: str = "",
) -> Saved:
    """Write `wanted` (FIELDS by name); an approval that covered the old masthead is void.

    Raises EditRefusedError, EditConflictError (somebody changed it since `seen`).
    """
    plain = judged(wanted)
    with transaction.atomic():
        row = Newsletter.objects.select_for_update().get(pk=newsletter.pk)
        if seen and seen != version(row):
            raise EditConflictError(values(row))
        before = values(row)
        changed = [name for name in FIELDS if plain[name] != before[name]]
        if logo is not None or (without_logo and row.logo_id):
            row.logo = (
                None if logo is None else Logo.objects.create(png=logo.png, width=logo.width, height=logo.height)
            )
            changed.append("logo")
        if not changed:
            return Saved(())
        covered = workflow.masthead_of(Newsletter.objects.get(pk=row.pk))
        for name in FIELDS:
            setattr(row, name, plain[name])
        if {"sender_address", "dkim_selector"} & set(changed):  # what the name servers said was of the old one
            row.sender_dns, row.sender_dns_at = {}, None
        row.save()
        audit(user, row, "; ".join(_told(name, before.get(name), plain.get(name)) for name in changed))
        voided = approved_now(row) if workflow.masthead_of(row) != covered else []
        for issue in voided:
            workflow.void_approval(issue)
    newsletter.refresh_from_db()
    return Saved(tuple(changed), tuple(voided))


def past(newsletter: Newsletter) -> list[LogEntry]:
    """The latest changes: who, when, what from and to."""
    rows = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Newsletter), object_id=str(newsletter.pk)
    )
    return list(rows.select_related("user").order_by("-action_time", "-pk")[:20])


def _told(name: str, before: Any, after: Any) -> str:
    if name in ("logo", *LONG):
        return name
    return f"{name}: {_short(before)} → {_short(after)}"


def _short(value: Any) -> str:
    return f"{value:%H:%M}" if isinstance(value, dt.time) else f"“{str(value)[:60]}”"


def _problem(name: str, value: Any) -> str:
    if name in REQUIRED and not value:
        return _("This can’t be empty.")
    if name in _LONGEST and len(value) > _LONGEST[name]:
        return _("%(length)d characters: at most %(most)d fit here.") % {"length": len(value), "most": _LONGEST[name]}
    if name in ADDRESSES and value:
        return _problem_of_address(value)
    if name == "accent" and (not colour.is_colour(value) or colour.contrast(value, colour.LIGHT_GROUND) < colour.AA):
        return contrast_in_words(value)
    if name == "zone" and value not in available_timezones():
        return _("This machine doesn’t know that time zone: take one of the list.")
    if name in HOURS and not isinstance(value, dt.time):
        return _("Write an hour as HH:MM.")
    if name == "deadline_policy" and value not in DeadlinePolicy.values:
        return _("Take one of the list.")
    return ""


def _problem_of_address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        return _("This is no mail address.")
    if mailbox.destination(value, settings.MAIL_DOMAIN):
        return _("That address takes commands from readers: no person gets what is written to it.")
    return ""
