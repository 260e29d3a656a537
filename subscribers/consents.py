"""What a reader agrees to, word for word: shown beside the button, and kept with the consent in the same words."""

from functools import cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from subscribers.offers import Offers
from subscribers.tongues import tongues_of

# Beside the form's button. It names no newsletter: the form's answer then reads no row.
SIGN_UP = _(
    "You agree to get this daily newsletter by mail at this address. We first send one mail to confirm. "
    "Nothing is tracked, and one click ends it."
)
# On the page of the confirmation link, above its button, and in the mail that leads there.
CONFIRM = _(
    "You agree to receive %(name)s, a daily newsletter, by mail at this address. One click ends it, at any time."
)
YES = _("Yes, send it to me")  # the button's words


@cache
def signing_up(language: str) -> str:
    """What stood beside the form's button, in the languages in which it stood there (en, zh or both)."""
    said = []
    for tongue in tongues_of(language):
        with translation.override(tongue):
            said.append(str(SIGN_UP))
    return " ".join(said)


def statements(offers: Offers) -> dict[str, str]:
    """What confirming agrees to, by Django's language code."""
    said = {}
    for tongue, name in (("en", offers.name_en), ("zh-hans", offers.name_zh)):
        with translation.override(tongue):
            said[tongue] = str(CONFIRM) % {"name": name}
    return said


def confirming(language: str, offers: Offers) -> str:
    """The statement of the confirmation and its button, in the languages in which they were shown."""
    said = []
    for tongue in tongues_of(language):
        with translation.override(tongue):
            said.append(f"{statements(offers)[tongue]} [{YES}]")
    return " ".join(said)
