"""How sure a text is: words that hedge, and words of rank or certainty with what bears them out."""

import re

HEDGES = re.compile(
    r"\b(?:reported(?:ly)?|allege\w*|may|might|could|would|rumou?r\w*|said to|in talks|talks|plan(?:s|ned|ning)?"
    r"|consider\w*"
    r"|expect\w*|likely|claim\w*|aim\w*|seek\w*|propos\w*|potential\w*|people familiar|sources?|mull\w*|weigh\w*"
    r"|appear\w*"
    r"|seem\w*|suggest\w*|possibl\w*|intend\w*|hope\w*|want\w*|unconfirmed|estimat\w*|forecast\w*|project\w*"
    r"|set to|says?|said"
    r"|according)\b"
    r"|(?<![数证依占])据(?!点|此)|传(?=闻|出|言|将|要)|或(?!者|非|是)|可能|有望|拟|计划|考虑|洽谈|谈判|知情人士|消息人士"
    r"|预计|疑|未证实|不排除|声称|自称|力争|(?<!名)称(?!号|为)|表示|预期|希望|似乎|认为|估计|将",
    re.I | re.A,
)
STRONG_HEDGES = re.compile(
    r"\b(?:reportedly|allege\w*|may|might|could|rumou?r\w*|said to be|in talks|considering|people familiar"
    r"|unconfirmed|mull\w*"
    r"|weighing|possibl[ye]|plan(?:s|ning) to)\b|据悉|据报道|据传|传闻|或将|或达|或许|可能|拟(?!人|合|真|态|定)"
    r"|考虑|洽谈|知情人士|消息人士|未证实|不排除",
    re.I | re.A,
)
# A claim of rank or of certainty, and what in a source, in either language, would bear it out.
STRONG: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(said, re.I), re.compile(known, re.I))
    for said, known in (
        (r"world[’']s first|first[- ]ever|(?:全球|世界|业内|国内|史上)首", r"\bfirst\b|首|第一"),
        (r"\b(?:largest|biggest)\b|最大", r"largest|biggest|record|\bmost\b|top|no\. ?1|最|首|第一|榜首|创纪录"),
        (r"most powerful|most advanced|\bstrongest\b|最强|最先进", r"most|strongest|best|top|leading|最|领先|第一|顶"),
        (r"world-leading|(?:世界|全球|业内|国际)领先", r"lead|top|best|first|most|领先|领跑|首|第一|最|头部|龙头"),
        (r"\bfastest\b|最快", r"fast|quick|speed|most|最|快|速"),
        (r"史上最|有史以来|in history\b|of all time", r"ever\b|histor|record|all[- ]time|史|纪录|最"),
        (
            r"\b(?:certainly|definitely|undoubtedly|without (?:a )?doubt|guaranteed?|inevitabl[ey]|now certain"
            r"|bound to)\b|毫无疑问"
            r"|板上钉钉|势必|一定会"
            r"|必将|肯定会|注定|无疑|百分之百",
            r"certain|definite|doubt|guarant|inevitab|bound to|疑|必|肯定|注定|一定|保证",
        ),
        (
            r"\b(?:has|have|was|were|been|is) (?:officially )?confirmed\b|\bconfirm(?:s|ed) that\b"
            r"|已证实|已确认|获(?:官方)?证实",
            r"confirm|official|证实|确认|官方|官宣|公告",
        ),
    )
)
# Of a sentence and its translation: what plainly leaves a thing open, and whatever may stand for it in the other.
MAYBE: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "en": (
        re.compile(r"\b(?:reportedly|allegedly|rumou?red|might|possibly|perhaps|unconfirmed|may(?! \d))\b", re.A),
        re.compile(
            r"\b(?:report\w*|alleg\w+|rumou?r\w*|may|might|could|can|would|will|should|possib\w+|potential\w*|perhaps|unconfirmed"
            r"|likely|expect\w*|plan\w*|consider\w*|talks?|negotiat\w+|accord\w+|sa(?:y|ys|id)|claim\w*|said|set|suspect\w*"
            r"|seem\w*|appear\w*|probabl\w+|suggest\w*|if|risk\w*|familiar|sources?|hope\w*|want\w*|aim\w*|intend\w*"
            r"|estimat\w+|forecast\w*|fear\w*|warn\w*|threat\w*|about to|believe\w*|think\w*|thought|hint\w*|told|tells?"
            r"|weigh\w*|mull\w*|propos\w*|seek\w*|try\w*|whether|to [a-z]+|question\w*|as (?:much|many) as|up to)\b",
            re.I | re.A,
        ),
    ),
    "zh": (
        re.compile(r"据悉|据报道|据传|传闻|据称|据知情人士|或许|也许|可能|有望|(?<![不功性才机])或将|疑似"),
        re.compile(
            r"据|传(?!统|播|感|输)|或(?!者)|可能|有望|拟(?!人)|计划|考虑|洽谈|谈判|知情|消息|预计|预期|预测|疑|未证实|不排除|称|表示|说"
            r"|希望|似乎|认为|估计|将|会|能|可|指控|涉嫌|大概|也许|恐|建议|提议|报道|若|如果|是否|打算|欲|想|准备|寻求|风险|警告|担心|威胁"
            r"|看|料|潜在|倾向|暗示|意味|应|需|待|最高|至多|正在|争取|力争"
        ),
    ),
}
