"""The languages in which a page or a mail speaks to one reader: English, Chinese, or both, English first."""

from subscribers.models import Language

# The reader's language -> Django's codes, in the order in which they are shown.
TONGUES: dict[str, tuple[str, ...]] = {
    Language.EN: ("en",),
    Language.ZH: ("zh-hans",),
    Language.BOTH: ("en", "zh-hans"),
}
HTML_LANG = {"en": "en", "zh-hans": "zh-Hans"}


def tongues_of(language: str) -> tuple[str, ...]:
    """Django's codes for `language`; both for anything unknown."""
    return TONGUES.get(language, TONGUES[Language.BOTH])
