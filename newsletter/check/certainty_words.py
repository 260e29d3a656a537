"""How sure a text is: words of rank or certainty with what bears them out, and "may" against its translation."""

import re

# A rank, and no 首席, first quarter or first phase.
_FIRST = (
    r"\bfirst\b(?!(?: |-)(?:phase|stage|step|batch|round|quarter|half|day|week|month|year|time|hand|party|class|name"
    r"|nine|six|two|three|four|five|ten|hundred|\d))|首(?!席|期|批|季|先|日|页|相|尔|都|付|府|脑|要|轮)"
    r"|第一(?!季|期|批|步|天|阶段|时间|财经|轮|大?股东)"
)
# A claim of rank or of certainty, and what in a source, in either language, would bear it out.
STRONG: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(said, re.I), re.compile(known, re.I))
    for said, known in (
        (r"world[’']s first|first[- ]ever|(?:全球|世界|业内|国内|史上)首", _FIRST),
        (r"\b(?:largest|biggest)\b|最大", r"largest|biggest|record|\bmost\b|top|no\. ?1|最|首|第一|榜首|创纪录"),
        (r"most powerful|most advanced|\bstrongest\b|最强|最先进", r"most|strongest|best|top|leading|最|领先|第一|顶"),
        (r"world-leading|(?:世界|全球|业内|国际)领先", r"lead|top|best|first|most|领先|领跑|首|第一|最|头部|龙头"),
        (r"\bfastest\b|最快", r"fast|quick|speed|most|最|快|速"),
        (
            r"史上最|有史以来|in history\b|of all time",
            r"ever\b|histor|record|all[- ]time|\byet\b|so far|to date|史|纪录|最",
        ),
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
# Of a sentence and its translation: what plainly leaves a thing open in the one language, and whatever may stand for
# it in the other. First what is possible only, then what others are said to have said.
MAYBE: tuple[dict[str, tuple[re.Pattern[str], re.Pattern[str]]], ...] = (
    {
        "en": (
            re.compile(r"\b(?:might|possibly|perhaps|likely|probably|may(?! (?:\d|not))|could(?! not))\b", re.A),
            re.compile(
                r"\b(?:may|might|could|can|would|should|possib\w+|potential\w*|perhaps|likely|probabl\w+|expect\w*|whether|if"
                r"|risk\w*|threat\w*|seem\w*|appear\w*|suggest\w*|hop(?:e|es|ed|ing)|chance\w*|suspect\w*|consider\w*|fear\w*"
                r"|warn\w*|capab\w+|able|allow\w*|let\w*|up to|as (?:much|many) as|enabl\w+|set to|about to|plan\w*"
                r"|alleg\w+|report\w*|prospect\w*|eligib\w+|tend\w*|aim\w*|will|open|question\w*|estimat\w+|forecast\w*"
                r"|mull\w*|weigh\w*)\b",
                re.I | re.A,
            ),
        ),
        "zh": (
            re.compile(r"或许|也许|可能|有望|(?<![不功性才机])或将|疑似"),
            re.compile(
                r"可(?!可)|或(?!者)|也许|有望|能(?![源力量])|将|会(?![议员长面])|恐|大概|潜在|预[计期测料]|拟|计划|若|如果|是否|风险|不排除|似|疑"
                r"|应|料|考虑|估计|希望|怀疑|据|传|最高|至多|力争|争取|倾向|暗示|威胁|警告|担心|准备|打算|想"
            ),
        ),
    },
    {
        "en": (
            re.compile(r"\b(?:reportedly|allegedly|rumou?red|unconfirmed|people familiar)\b", re.I | re.A),
            re.compile(
                r"\b(?:report\w*|alleg\w+|rumou?r\w*|unconfirmed|accord\w+|sources?|familiar|sa(?:y|ys|id)|t(?:old|ells?)|cit\w+"
                r"|claim\w*|insiders?|understood|reveal\w*|believ\w+|apparently|media|wr(?:ites?|ote)|accus\w+|suspect\w*|learn\w*"
                r"|announc\w+|disclos\w+|show\w*|data|estimat\w+|expect\w*|may|could|might)\b",
                re.I | re.A,
            ),
        ),
        "zh": (
            re.compile(r"据悉|据报道|据传|传闻|据称|知情人士|消息人士"),
            re.compile(
                r"据|传(?!统|播|感|输)|知情|消息|报道|称|指|爆|曝|媒体|援引|表示|说|透露|未证实|涉嫌|疑|认为|可能|或"
            ),
        ),
    },
    {
        "en": (
            re.compile(r"\b(?:plans? to|planning to|considering|weighing|mulling|in talks|intends? to)\b", re.A),
            re.compile(
                r"\b(?:plan\w*|consider\w*|weigh\w*|mull\w*|talk\w*|intend\w*|intent\w*|aim\w*|seek\w*|sought|want\w*|hop(?:e|es|ed|ing)"
                r"|propos\w*|explor\w+|discuss\w*|negotiat\w+|will|would|to|set|due|expect\w*|may|might|could|should|going|eye\w*"
                r"|look\w*|prepar\w+|schedul\w+|target\w*|mean\w*|think\w*|bid\w*|near\w*|about|soon|next|by|upcoming|future)\b",
                re.I | re.A,
            ),
        ),
        "zh": (
            re.compile(
                r"考虑|洽谈|商谈|打算|有意|(?<![虚模比])拟(?=[收投在向与将于建对以设发出募])|计划(?=[在将于对与投建推向])"
            ),
            re.compile(
                r"拟|计划|打算|考虑|准备|将|会|要|欲|拓|目标|力争|争取|寻求|谋|想|望|有意|意[在向图欲]|[洽商]谈|谈判|磋商|讨论|探|旨在|以|预|提议|提出|建议"
                r"|或|可|正|筹|即|未来|明年|下[周月]|酝酿|评估|研究|规划|待|愿|试"
            ),
        ),
    },
)
