"""How large the mail would be that goes out now."""

from newsletter.models import Issue
from newsletter.views.desk import preview_mail


def size(issue: Issue) -> int | None:
    """Bytes of the longest edition, the one in both languages; None where it can't be rendered."""
    edition = preview_mail.whole(issue, "both")
    return edition.size if edition else None


def known_size(issue: Issue) -> int | None:
    """`size`, where the mail has been made of this content already; None where it has not."""
    edition = preview_mail.kept(issue, "both")
    return edition.size if edition else None
