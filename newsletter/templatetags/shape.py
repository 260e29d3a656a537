"""How the pages that shape an issue print reasons, waiting times and small sums."""

from collections.abc import Iterator
from decimal import Decimal

from django import template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from newsletter.models import Proposal
from newsletter.review.candidates import Candidate

register = template.Library()


@register.filter
def reasons(row: Candidate) -> Iterator[tuple[str, str]]:
    """Each score's name and why it is what it is, in the desk's language; those without a reason are left out."""
    language = "zh" if (translation.get_language() or "").startswith("zh") else "en"
    names = {"score": _("Overall"), "hot": _("Hot"), "quality": _("Quality"), "impact": _("Impact"), "news": _("News")}
    for slug, name in names.items():
        if said := row.reasons.get(slug, {}).get(language):
            yield name, said


@register.filter
def seconds_since(proposal: Proposal) -> int:
    """How long the editor has been waiting for it."""
    return max(0, round((timezone.now() - proposal.at).total_seconds()))


@register.filter
def cents(amount: Decimal) -> str:
    """US dollars to a tenth of a cent, for what one block costs: `$0.013`."""
    return f"${amount:.3f}"
