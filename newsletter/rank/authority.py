"""Which of the lexicon's institutions have authority: a ministry or a court acts, a university or a prize doesn't."""

import re

from newsletter.lexicon import Name

_LEARNED = frozenset({"research", "lab", "bench", "cloud"})  # fields of those that study, measure or compute
# The rest by its own name: older lines have no field, and clubs, fairs and programmes stand under `rule` as well.
_NO_AUTHORITY = re.compile(
    r"\b(?:universit(?:y|ies)|college|academy|prize|award|foundation|guild|association|society|forum|conference"
    r"|summit|games|institute of technology|news agency|xinhua|cctv|brookings|rand|pew)\b"
    r"|大学|学院|科学院|工程院|奖$|基金会|协会|学会|工会|论坛|大会|峰会|运动会|新华|央视|杂志",
    re.IGNORECASE,
)


def is_authority(name: Name) -> bool:
    """Whether what it does binds others: a state's office, a court, a parliament, a regulator."""
    if name.kind != "agency" or name.field in _LEARNED:
        return False
    return not any(_NO_AUTHORITY.search(spelling) for spelling in name.en + name.zh)
