"""What leaves a thing open, by kind: "reportedly" is not kept by "plans to", nor "may" by "said".

Each kind has the words that plainly say so, in a source, and those of which any keeps as much open in our sentence.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hedge:
    """One kind of doubt: what plainly says it, and what keeps it."""

    said: re.Pattern[str]
    kept: re.Pattern[str]


def _hedge(said_en: str, said_zh: str, kept_en: str, kept_zh: str) -> Hedge:
    said, kept = (re.compile(rf"\b(?:{en})\b|{zh}", re.A) for en, zh in ((said_en, said_zh), (kept_en, kept_zh)))
    return Hedge(said, kept)


_OPEN_EN = (
    r"[Mm]ay|[Mm]ight|[Cc]ould|can|would|should|possib\w+|[Pp]otential\w*|[Pp]erhaps|likely|probabl\w+|expect\w*|whether|[Ii]f"
    r"|risk\w*|threat\w*|seem\w*|appear\w*|suggest\w*|hop(?:e|es|ed|ing)|chance\w*|suspect\w*|consider\w*|fear\w*"
    r"|warn\w*|capab\w+|able|ability|allow\w*|let\w*|up to|as (?:much|many) as|enabl\w+|prospect\w*|eligib\w+"
    r"|tend\w*|plan\w*|aim\w*|want\w*|intend\w*|open|question\w*|estimat\w+|forecast\w*|project(?:s|ed|ion\w*)|predict\w*|think\w*"
    r"|believ\w+|mull\w*|weigh\w*|explor\w+|seek\w*|sought|propos\w*|eye[sd]?|eyeing|uncertain\w*|unclear"
    r"|not sure|talks|option\w*|draft\w*|in doubt|test\w*|study|studying|prepar\w+"
)
_OPEN_ZH = (
    r"可(?!可)|或(?!者)|也许|有望|望(?!远)|能(?![源力量])|恐|大概|潜在|预[计期测料言]|拟|计划|若|如果|如能|是否|风险|不排除|似|疑"
    r"|应|料|考虑|估计|希望|怀疑|最高|至多|力争|争取|倾向|暗示|威胁|警告|担心|准备|打算|想|不确定|有待|尚待|未定|欲|酝酿|谋求|寻求"
    r"|商|谈|探|试|足以|有机会|测算|认为|目标"
)
HEDGES = {
    "hearsay": _hedge(
        r"[Rr]eportedly|[Aa]llegedly|rumou?red|unconfirmed|people (?:familiar|briefed)|said to (?:be|have)"
        r"|(?:is|are|was|were) said to|[Ss]ources (?:said|say|told)",
        "据悉|据(?:外媒|媒体)?报道|据传|据称|传闻|知情人士|消息人士|爆料|未证实|未经证实",
        r"(?i:report\w*|alleg\w+|rumou?r\w*|unconfirmed|accord\w+|sources?|familiar|briefed|sa(?:y|ys|id)|t(?:old|ells?)"
        r"|cit(?:es|ed|ing)|claim\w*|insiders?|understood|reveal\w*|believ\w+|apparently|media|wr(?:ites?|ote)|accus\w+"
        r"|suspect\w*|leak\w*|learn\w*|announc\w+|disclos\w+|memo|filing|document\w*|may|might|could|possibl\w+|expect\w*)",
        r"(?<![数证依占])据(?!点|此)|传(?!统|播|感|输|递|承)|知情|消息|报道|称|爆|曝|媒体|援引|表示|指[出称控]|说|透露|证实|涉嫌|疑|认为|可能|或(?!者)",
    ),
    "possible": _hedge(
        r"[Mm]ay(?! \d| not only)|might|could(?! not)|possibly|perhaps|potentially",
        r"可能(?!性)|或许|也许|有望|不排除|(?<![不功性才机])或(?=将|于|在|成|会|达|因|为)",
        _OPEN_EN,
        _OPEN_ZH,
    ),
    "undecided": _hedge(
        "considering|weighing|mulling|in talks|exploring|weighs|mulls",
        "考虑|洽谈|商谈|磋商|商讨",
        rf"{_OPEN_EN}|talk\w*|discuss\w*|negotiat\w+|look(?:s|ed|ing)? (?:at|into|for)|bid\w*|interest\w*|approach\w*"
        r"|evaluat\w*",
        rf"{_OPEN_ZH}|讨论|评估|研究|有意|接触|沟通|意向|会[谈晤]|权衡|传(?!统)",
    ),
    "intent": _hedge(
        "plans? to|planning to|intends? to|aims? to|hopes? to",
        r"(?<![虚模比])拟(?!人|合|真|态|定|物)|(?<![原按])计划(?=[在将于对与投建推向])|打算|有意(?=[收投在向与])",
        rf"{_OPEN_EN}|will|to|set|due|soon|about to|upcoming|future|next|by|pledg\w+|promis\w+|commit\w*|target\w*"
        r"|goal\w*|original\w*|meant|supposed|schedul\w+|slated|announc\w+|agree\w*|wants?",
        rf"{_OPEN_ZH}|将|会|要|筹|即|未来|明年|旨在|有意|谋|规划|待|争|定于|[原预]定|原本|本应",
    ),
}


def kind_lost(here: str, there: str, text: str) -> str | None:
    """The kind of hedge in `there`, a few words of a source, that neither those in their place nor `text` have."""
    for kind, hedge in HEDGES.items():
        if hedge.said.search(there) and not hedge.kept.search(here) and not hedge.said.search(text):
            return kind
    return None


def lost_hedge(text: str, source: str) -> re.Match[str] | None:
    """The hedge of `source` that nothing in `text` keeps; None where all are kept."""
    for hedge in HEDGES.values():
        found = hedge.said.search(source)
        if found and not hedge.kept.search(text):
            return found
    return None
