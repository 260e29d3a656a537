"""How far an outlet's word carries: the ones that `data/standing.tsv` knows by host or by name."""

import csv
from dataclasses import dataclass
from functools import cache

from newsletter.bilingual import Both
from newsletter.lexicon import DATA, Name
from newsletter.rank.values import Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """A rank of outlets; `worth` is 0 to 1."""

    slug: str
    worth: float
    name: Both


_RANKS = {
    rank.slug: rank
    for rank in (
        Standing("primary", 1.0, Both("a primary source", "第一手来源")),
        Standing("agency", 0.85, Both("a news agency", "通讯社")),
        Standing("press", 0.8, Both("a newsroom of standing", "有声望的媒体")),
        Standing("trade", 0.55, Both("a trade or business site", "行业与财经媒体")),
        Standing("forum", 0.2, Both("a forum or personal page", "论坛或个人页面")),
    )
}
UNKNOWN = Standing("", 0.4, Both("outlets we know little of", "不熟悉的媒体"))


def standing(reading: Reading) -> Standing:
    """Of the page where an article stands, by its host or the nearest one above it; else of its outlet by name.

    A company's own page about itself is a primary source wherever it is.
    """
    known, host = _known(), reading.article.publisher
    if is_own_account(reading):
        return _RANKS["primary"]
    labels = host.casefold().split(".")
    hosts = (".".join(labels[i:]) for i in range(len(labels) - 1))
    slug = next((known[name] for name in hosts if name in known), known.get(reading.article.outlet.casefold()))
    return _RANKS[slug] if slug else UNKNOWN


def is_own_account(reading: Reading) -> bool:
    """Whether it is told by one of those whom its headline names, or whose product it names: their own site, or a feed
    of their name."""
    outlet = reading.article.outlet.casefold()
    site = reading.article.publisher.casefold().split(".")
    own = {outlet, *(label for label in site[:-1] if len(label) > 2)}
    return any(own & _owners(name) for name in reading.headline_names)


def _owners(name: Name) -> set[str]:
    """As sites are called: of a firm or an office its spellings, of a product the maker that it begins with."""
    if name.kind in ("company", "agency"):
        return {_plain(spelling) for spelling in (*name.en, *name.zh)}
    makers = (spelling.split() for spelling in name.en if name.kind in ("product", "model"))
    return {words[0].casefold() for words in makers if len(words) > 1}


def _plain(spelling: str) -> str:
    return spelling.casefold().replace(" ", "")


@cache
def _known() -> dict[str, str]:
    with (DATA / "standing.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {name.casefold(): row["standing"] for row in rows for name in row["hosts and outlets"].split("|")}
