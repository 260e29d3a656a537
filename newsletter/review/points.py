"""Points of the checklist about how the mail goes out: links, size, subject, postal address, sender, test mail."""

import hashlib
import logging
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.models import Issue, Newsletter, Waiver
from newsletter.page import BUDGET_BYTES, Choices, lay_out, render_html
from newsletter.review import links, sender

log = logging.getLogger(__name__)

CLIPPED_BYTES = 102_000  # where Gmail stops showing a mail's HTML
LANGUAGES = ("both", "en", "zh")
LONGEST_SUBJECT = {"en": 90, "zh": 45}  # characters that a desk's mail program shows; a phone's about half
_LINK = "https://slot.invalid/" + "x" * 40  # about as long as a reader's own addresses


@dataclass(frozen=True, slots=True)
class Check:
    """One point. `label` says how it stands, `todo` what to do where it isn't `ok`; both in the active language.

    `waives` names what is wrong, as a hash: an editor may let that pass with a reason, and the point is `ok` with its
    `waiver` until it stands otherwise. Empty: it can only be mended.
    """

    slug: str
    ok: bool
    label: str
    todo: str = ""
    block: str = ""  # the key of the first block to look at
    blocking: bool = True  # whether approval waits for it
    hint: str = ""  # what the label's figures mean
    waives: str = ""
    waiver: Waiver | None = None


def about_sending(issue: Issue, digest: str) -> list[Check]:
    """The points in the order to be read; `digest` is the issue's content hash."""
    daily = issue.kind == "daily"  # a correction is a few lines, and hurries
    points = [_links(issue), *_subjects(issue)] if daily else []
    if issue.newsletter.lacks_postal_address and not settings.EXAMPLE_ADDRESS_PASSES:
        points.append(_postal_address(issue.newsletter))
    return [*points, _sender(issue.newsletter), *([_trial(issue, digest)] if daily else [])]


def waived(points: list[Check], issue: Issue) -> list[Check]:
    """The points, those settled that an editor lets pass as they stand now."""
    rows = {(row.point, row.state): row for row in issue.waivers.select_related("by")}
    found = [rows.get((point.slug, point.waives)) if not point.ok else None for point in points]
    return [replace(p, ok=True, waiver=row) if row else p for p, row in zip(points, found, strict=True)]


def sizes(issue: Issue, digest: str, languages: tuple[str, ...] = LANGUAGES) -> dict[str, int | None]:
    """Bytes of the whole edition's HTML in each language; None where it can't be rendered: the log says why."""
    return {language: _bytes(issue, digest, language) for language in languages}


def _bytes(issue: Issue, digest: str, language: str) -> int | None:
    key = f"mail-bytes-{digest}-{issue.state}-{language}"
    found: int | None = cache.get(key)
    if found is None:
        links_of_nobody = {"preferences_url": _LINK, "leave_url": _LINK}
        try:
            with translation.override("zh-hans" if language == "zh" else "en"):
                found = len(render_html(lay_out(issue, Choices(language)), links_of_nobody).encode())
        except Exception:  # whatever a template or MJML doesn't like: the desk stays open, to mend the text
            log.exception("the mail of %s can't be rendered", issue)
            return None
        cache.set(key, found, 3600)  # seconds; the key names the content
    return found


def _named(*what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()


def _links(issue: Issue) -> Check:
    now = links.standing(issue)
    if now.broken:
        label = ngettext("%(n)d link is broken", "%(n)d links are broken", len(now.broken)) % {"n": len(now.broken)}
        todo = _("Take the citation out or give it another address; where the page opens for you, let it pass.")
        return Check("links", False, label, todo, waives=_named(*sorted(row.url for row in now.broken)))
    if now.waiting:
        said = {"done": now.done, "all": now.total}
        label = _("Links: %(done)d of %(all)d asked") % said
        return Check(
            "links", False, label, _("It goes on by itself; “Ask now” does it at once."), waives=links.UNASKED
        )
    opens = now.total - now.unknown
    label = ngettext("%(n)d link opens", "%(n)d links open", opens) % {"n": opens}
    if now.unknown and not opens:
        label = _("Links: nothing to be told of them")
    told = _("%(n)d can’t be told: their sites keep machines out, or are in trouble.") % {"n": now.unknown}
    return Check("links", True, label, hint=told if now.unknown else "")


def about_size(digest: str, mail_bytes: int | None) -> Check:
    """Of the edition in both languages, the largest there is; None: it can't be rendered."""
    if mail_bytes is None:
        todo = _("The server’s log says why; no mail can leave like this.")
        return Check("size", False, _("The mail can’t be rendered"), todo)
    about = {"kb": round(mail_bytes / 1000), "most": BUDGET_BYTES // 1000, "clipped": CLIPPED_BYTES // 1000}
    ok = mail_bytes <= BUDGET_BYTES
    todo = "" if ok else _("Gmail clips mails near %(clipped)d KB: shorten a report or drop a block.") % about
    hint = _("Gmail clips mails near %(clipped)d KB and hides the rest; up to %(most)d KB is safe.") % about
    return Check("size", ok, _("Mail %(kb)d KB of %(most)d") % about, todo, hint=hint, waives=digest)


def _subjects(issue: Issue) -> list[Check]:
    """Nothing where a subject is missing: that is a gap in its language, and told there."""
    en, zh = issue.subject_en, issue.subject_zh
    if not (en and zh):
        return []
    named = _named(en, zh)
    others = Issue.objects.filter(newsletter=issue.newsletter, date__lt=issue.date).order_by("-date")[:14]
    twin = next((other for other in others if other.subject_en == en or other.subject_zh == zh), None)
    if twin:
        label = _("Same subject as No. %(number)d") % {"number": twin.number}
        todo = _("Mail programs lay equal subjects together: give this issue its own.")
        return [Check("subject", False, label, todo, "main-line", waives=named)]
    if len(en) > LONGEST_SUBJECT["en"] or len(zh) > LONGEST_SUBJECT["zh"]:
        label = _("Subjects are long: %(en)d and %(zh)d characters") % {"en": len(en), "zh": len(zh)}
        todo = _("What stands behind 90 letters or 45 characters is not shown in a list of mails.")
        return [Check("subject", False, label, todo, "main-line", blocking=False)]
    return [Check("subject", True, _("Subjects of their own"), hint=_("No mail of the last two weeks had the same."))]


def _postal_address(newsletter: Newsletter) -> Check:
    """CAN-SPAM, 15 U.S.C. §7704(a)(5)(A)(iii): a valid physical postal address of the sender in every mail."""
    where = settings.SITE_URL + reverse("desk:masthead")
    todo = _("The law wants a real one in every mail (CAN-SPAM, 15 U.S.C. 7704(a)(5)): set it at %(url)s")
    label = _("The postal address is an example") if newsletter.postal_address.strip() else _("No postal address")
    return Check("postal", False, label, todo % {"url": where})


def _sender(newsletter: Newsletter) -> Check:
    if sender.is_example(newsletter):
        return Check("sender", True, _("Sender is an example"), hint=_("No name server knows it; mails stay here."))
    records = sender.known(newsletter)
    faults = [record for record in records if record.is_fault]
    if faults:
        label = _("Sender: no good %(names)s") % {"names": ", ".join(record.name for record in faults)}
        todo = _("Mailbox providers will doubt these mails: set the DNS records of %(domain)s right.")
        told = todo % {"domain": sender.domain_of(newsletter)}
        return Check("sender", False, label, told, waives=_named(*((each.name, each.state) for each in faults)))
    if not records or any(record.state == sender.UNKNOWN for record in records):
        hint = _("No name server has answered: nothing is known, which is no fault.")
        return Check("sender", True, _("Sender’s DNS not known"), hint=hint)
    names = ", ".join(record.name for record in records)
    return Check("sender", True, _("Sender: %(names)s stand") % {"names": names})


def _trial(issue: Issue, digest: str) -> Check:
    last = issue.trial_mails.filter(content_hash=digest, accepted=True).first()
    if last:
        said = {"time": f"{last.at.astimezone(issue.newsletter.tz):%H:%M}"}
        return Check("trial", True, _("Test mail sent %(time)s") % said)
    label = _("No test mail of this text")
    if issue.trial_mails.filter(accepted=True).exists():
        label = _("Changed since the last test mail")
    return Check("trial", False, label, _("Send one to yourself, and look at it."), waives=digest)
