"""What readers of either language call an outlet: 36氪 is 36Kr in English, 美联社 is AP.

`data/outlets.tsv` has the spellings of a name that feeds and registers use, then the English and the Chinese name. A
section that a feed adds to its outlet's name (BBC 财经, 美联社(国际), chinanews-finance) is said beside it.
"""

import csv
import re
from functools import cache, lru_cache

from newsletter.bilingual import Both
from newsletter.lexicon import DATA
from newsletter.typography import has_han

_SECTIONS = {
    "财经": Both("business", "财经"),
    "finance": Both("business", "财经"),
    "科技": Both("technology", "科技"),
    "tech": Both("technology", "科技"),
    "国际": Both("world", "国际"),
    "world": Both("world", "国际"),
    "国内": Both("China", "国内"),
    "市场": Both("markets", "市场"),
    "markets": Both("markets", "市场"),
    "英文": Both("in English", "英文"),
    "中文": Both("in Chinese", "中文"),
}
_SECTION = re.compile(rf"^(?P<outlet>.{{2,}}?)[\s(（-]*(?P<section>{'|'.join(_SECTIONS)})\s*[)）]?$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def names_of(outlet: str, *, en: str = "", zh: str = "") -> Both:
    """The outlet's name in each language; `en` and `zh` are what an editor wrote, and win.

    A name that nothing knows stays as it is; in Han characters it says so to English readers: "晨星 (in Chinese)".
    """
    known = _known(outlet) or _with_section(outlet)
    if known is None:
        known = Both(f"{outlet} (in Chinese)" if has_han(outlet) else outlet, outlet)
    return Both(en or known.en, zh or known.zh)


def _known(outlet: str) -> Both | None:
    return _table().get(_key(outlet))


def _with_section(outlet: str) -> Both | None:
    match = _SECTION.match(outlet)
    brand = _known(match["outlet"]) if match else None
    if match is None or brand is None:
        return None
    section = _SECTIONS[match["section"].casefold()]
    if section.en == "in English" and not has_han(brand.en):
        return Both(brand.en, f"{brand.zh}英文版")  # Global Times: an English name says it
    return Both(f"{brand.en} ({section.en})", f"{brand.zh}（{section.zh}）")


def _key(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()


@cache
def _table() -> dict[str, Both]:
    with (DATA / "outlets.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {_key(name): Both(row["en"], row["zh"]) for row in rows for name in row["name"].split("|")}
