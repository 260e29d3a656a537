"""What visits, and links that were asked, left as an error or warning, in the words of the page. Stored in English, as
the log has it."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# The first that fits names the reason; its groups go into the words.
_REASONS: tuple[tuple[str, Words], ...] = (
    (r"not found \(404\)", _("nothing stands at this address any more (404)")),
    (r"gone for good \(410\)", _("the site says that the feed is gone for good (410)")),
    (r"asks us to come less often \(429\)", _("the site asks us to come less often (429)")),
    (r"answered 40[13]\b.*", _("the site does not let us in (401 or 403)")),
    (r"answered (?P<status>5\d\d)\b.*", _("something is broken at the site (%(status)s)")),
    (r"answered (?P<status>\d+)\b.*", _("the site answered with %(status)s")),
    (r"no whole answer within (?P<seconds>[\d.]+) seconds", _("no whole answer within %(seconds)s seconds")),
    (r"can't find (?P<host>\S+):.*", _("there is no site of the name %(host)s")),
    (r"refused: (?P<host>\S+) .*is this machine", _("%(host)s is this machine, which is not asked")),
    (r"refused: (?P<host>\S+) .*not a public address", _("%(host)s is not in the public internet, and is not asked")),
    (r".*CERTIFICATE_VERIFY_FAILED.*", _("the site’s certificate is not valid")),
    (r".*Connection refused.*", _("the site takes no connections")),
    (r"larger than (?P<size>[\d.]+) MB", _("larger than %(size)s MB")),
    (r"more than \d+ redirects", _("redirects without an end")),
    (r"not an http or https address", _("not an http or https address")),
    (r"not a usable address.*", _("not a usable address")),
    (r"a web page, not a feed(?:: “(?P<title>.*)”)?", _("a web page, not a feed")),
    (r"JSON, not an RSS or Atom feed", _("JSON, not an RSS or Atom feed")),
    (r"not XML.*|not a feed: .*|XML without an element", _("not a feed")),
    (r"empty", _("an empty answer")),
    (r"the domain exists for examples only", _("the domain exists for examples only")),
    (r"no entries", _("a feed without entries")),
    (r"declares entities.*", _("refused: it declares entities, as attacks do")),
    (
        r"nested more than .*|more than [\d,]+ (?:elements|.*attributes)|an element with .*",
        _("refused: too much of it"),
    ),
    (r"cut off at line (?P<line>\d+).*", _("cut off at line %(line)s; read as far as it goes")),
    (r"line (?P<line>\d+): .*", _("not quite XML, at line %(line)s; read all the same")),
    (
        r"(?P<mute>\d+) of (?P<all>\d+) entries with neither headline nor text",
        _("%(mute)s of %(all)s entries have neither headline nor text"),
    ),
)
_COMPILED = [(re.compile(rf"(?:https?://\S+: )?(?:{pattern})", re.DOTALL), words) for pattern, words in _REASONS]


def in_words(reason: str) -> str:
    """`reason` in the language of the page; as it stands, where it is none that is known."""
    for pattern, words in _COMPILED:
        if found := pattern.fullmatch(reason):
            return str(words) % {name: value or "" for name, value in found.groupdict().items()}
    return reason
