"""`/c/128/3`: on to the article that `[3]` in No. 128 stands for; counted where the newsletter counts clicks.

The address names an issue and a link, never a reader, so it is the same in everybody's mail. It leads to what the
issue cites and nowhere else.
"""

import datetime as dt
import logging
import re

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsletter.models import Citation, Issue, LinkClicks
from newsletter.models.issue import PUBLIC
from newsletter.page import safe_url
from subscribers.limits import Limit, host_of
from subscribers.views.pages import client_ip

log = logging.getLogger(__name__)

COUNTED_FOR = dt.timedelta(days=30)  # after an issue's date; what comes later is a crawler or an old archive
_ONCE = Limit("click", 1, dt.timedelta(minutes=10))  # of one link: a second tap, a preview beside the browser
_BURST = Limit("clicks", 12, dt.timedelta(minutes=1))  # links of one issue: a scanner follows them all at once
# Every browser's own name begins so. Those that say so too and aren't one name themselves further on.
_BROWSER = re.compile(r"(?:Mozilla|Opera)/\d")
_PROGRAM = re.compile(
    r"(?<!cu)bot(?:\b|_)|crawl|spider|slurp|scan|preview|prefetch|monitor|fetch|headless|phantom|python|curl|wget|"
    r"\bjava/|okhttp|go-http|httpclient|libwww|axios|barracuda|proofpoint|mimecast|ironport|forcepoint|fireeye|trellix|"
    r"sophos|zscaler|bitdefender|symantec|trend ?micro|checkpoint|avanan|messagelabs|safelinks|vade|cloudmark|"
    r"facebookexternalhit|whatsapp|telegram|discord|slack|skypeuri|google-(?:safety|read|inspection)|imageproxy|"
    r"mailproxy|microsoft office|ms-office|qq-url|lighthouse",
    re.IGNORECASE,
)


@require_safe
def cited(request: HttpRequest, number: int, mark: int) -> HttpResponse:
    """On to the stored address, by 302. Also of an issue not out yet for editors, and where a test mail has it."""
    citation = (
        Citation.objects.filter(issue__number=number, issue__corrects=None, number=mark)
        .select_related("issue__newsletter")
        .first()
    )
    if citation is None or not _may_be_followed(request, citation.issue):
        raise Http404
    if not (url := safe_url(citation.url)):
        raise Http404
    now = timezone.now()
    if is_counted(request, citation.issue, now) and _is_first(request, citation, now):
        _count(citation, now)
    return HttpResponseRedirect(url, headers={"X-Robots-Tag": "noindex", "Cache-Control": "no-store"})


def is_counted(request: HttpRequest, issue: Issue, now: dt.datetime) -> bool:
    """Whether this request is a reader's click, as far as it can be told without following readers."""
    if not issue.newsletter.count_clicks or issue.state not in PUBLIC or request.method != "GET":
        return False
    if now.astimezone(issue.newsletter.tz).date() > issue.date + COUNTED_FOR or _is_staff(request):
        return False
    purpose = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if re.search(r"prefetch|preview|prerender", purpose, re.IGNORECASE):
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(_BROWSER.match(agent)) and not _PROGRAM.search(agent)


def _is_first(request: HttpRequest, citation: Citation, now: dt.datetime) -> bool:
    """Whether this machine hasn't just followed this link, nor a dozen others of the issue within a minute.

    What is kept for that, in the cache and for ten minutes at most, is a keyed fingerprint, not an address.
    """
    ip = client_ip(request)
    who = f"{host_of(ip) if ip else ''} {request.headers.get('User-Agent', '')} {citation.issue_id}"
    for limit, key in ((_ONCE, f"{who} {citation.number}"), (_BURST, who)):
        name = f"{limit.key(key)}-{limit.began(now):%H%M}"
        cache.add(name, 0, int(limit.period.total_seconds()))
        if _more(name) > limit.count:
            return False
    return True


def _more(name: str) -> int:
    try:
        return int(cache.incr(name))
    except ValueError:  # gone in between
        return 1


def _count(citation: Citation, now: dt.datetime) -> None:
    """One more. A reader gets to the article whatever the database says."""
    day = now.astimezone(citation.issue.newsletter.tz).date()
    row = {"issue_id": citation.issue_id, "number": citation.number, "day": day}
    try:
        with transaction.atomic():
            if not LinkClicks.objects.filter(**row).update(clicks=F("clicks") + 1):
                LinkClicks.objects.bulk_create([LinkClicks(**row)], ignore_conflicts=True)
                LinkClicks.objects.filter(**row).update(clicks=F("clicks") + 1)
    except DatabaseError as error:
        log.warning("a click isn't counted: %s", type(error).__name__)


def _may_be_followed(request: HttpRequest, issue: Issue) -> bool:
    return issue.state in PUBLIC or _is_staff(request) or issue.trial_mails.exists()


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff
