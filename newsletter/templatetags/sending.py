"""How the pages of sending print spans of time, rates and addresses."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from newsletter.deliver.progress import PutOff
from newsletter.models import Newsletter
from newsletter.templatetags.desk import clock

register = template.Library()
MINUTE, HOUR = 60, 3600
# What the program itself says of a mail in doubt (deliver.recovery, deliver.pipelining); a server's words may follow.
DOUBTS = frozenset(
    {
        gettext_noop("the worker died after the message was handed over, and before the answer came"),
        gettext_noop("the machine went down while this was being sent"),
        gettext_noop("the worker's machine was lost, and with it what it knew"),
        gettext_noop("the line fell after the message was handed over"),
    }
)


@register.filter
def lasting(seconds: float) -> str:
    """`40 s`, `4 min`, `1 h 20 min`: as exactly as one wants to know it."""
    whole = round(seconds)
    if whole < MINUTE:
        return _("%(n)d s") % {"n": max(1, whole)}
    if whole < HOUR:
        return _("%(n)d min") % {"n": round(whole / MINUTE)}
    return _("%(hours)d h %(minutes)d min") % {"hours": whole // HOUR, "minutes": whole % HOUR // MINUTE}


@register.filter
def per_second(rate: float) -> str:
    """`310 a second`; below one, `12 a minute`."""
    if rate >= 1:
        return _("%(n)s a second") % {"n": f"{rate:,.0f}"}
    return ngettext("%(n)d a minute", "%(n)d a minute", round(rate * MINUTE)) % {"n": round(rate * MINUTE)}


@register.filter
def period(span: dt.timedelta) -> str:
    """`minute`, `hour`, `day`: what a limit counts in."""
    if span >= dt.timedelta(days=1):
        return _("day")
    return _("hour") if span >= dt.timedelta(hours=1) else _("minute")


@register.filter
def tried_at(each: PutOff, newsletter: Newsletter) -> str:
    """`04:21`, or `04:21–04:27` where they aren't all tried again at once, on the newsletter's clock."""
    first, last = clock(each.first, newsletter), clock(each.last, newsletter)
    return first if first == last else f"{first}–{last}"


@register.filter
def masked(address: str | None, may_see: bool) -> str:
    """The address to whoever may see readers; to others its first letter and its domain."""
    if not address:
        return "–"
    name, _at, domain = address.rpartition("@")
    return address if may_see else f"{name[:1]}…@{domain}"


@register.filter
def machine(worker: str) -> str:
    """The host of a worker that is named host:pid:letters."""
    return worker.partition(":")[0]


@register.filter
def why_in_doubt(reply: str) -> SafeString:
    """HTML: the program's own words in the reader's language; a server's, or the machine's, as they are, quoted."""
    head, _colon, words = reply.partition(": ")
    if head not in DOUBTS:
        return format_html('<span lang="en">{}</span>', reply)
    if not words:
        return format_html("{}", _(head))
    said = format_html('<span lang="en">{}</span>', words)
    return format_html(_("{what}: “{words}”"), what=_(head), words=said)
