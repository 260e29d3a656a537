"""How feeds' sentences give away what is wrong with them, in both languages: expressions for `extract` only."""

import re

# Before the first sentence: who wrote it, where it comes from. The sentence after it is whole.
LEADS = {
    "zh": re.compile(
        r"^(?:【[^】]{2,80}】|\[[^\]]{2,40}\]|（[^（）]{2,20}(?:讯|电|报道)）"
        r"|文\s*[|｜丨/:：]\s*\S{2,12}\s+|作者\s*[|｜丨/:：]\s*\S{2,12}\s+|编辑\s*[|｜丨/:：]\s*\S{2,12}\s+|编者按[:：]"
        r"|《[^》]{2,12}》\s*(?:\d{1,2}月)?\d{1,2}日(?:讯|电|消息)[，,]?"
        r"|[\w·]{2,12}?(?:\d{1,2}月)?\d{1,2}日(?:讯|电)[，,:：]?(?:[（(]记者[^）)]{2,20}[）)])?"
        r"|\d{1,2}月\d{1,2}日(?:消息|讯|电)[，,]|[\w·]{2,10}(?:消息|讯)[:：，,]|[\w·]{2,8}(?:获悉|了解到)[，,]"
        r"|记者(?:\d{1,2}月)?\d{0,2}日?(?:从[^，,]{2,16})?获悉[，,]|据[^，,]{2,14}(?:消息|报道|讯|公众号)[，,])\s*"
    ),
    "en": re.compile(
        r"^(?:[A-Z][A-Za-z .,]{2,40}\((?:AP|Reuters|AFP)\)\s*[—–-]+\s*|[A-Z]{3,}(?:[ ,]+[A-Z]{2,})*\s*[—–]+\s*"
        r"|By [A-Z][\w.]+ [A-Z][\w.]+(?: and [A-Z][\w.]+ [A-Z][\w.]+)?\s*[—–:|-]\s*|(?:Exclusive|Update|Opinion):\s*)"
    ),
}
TAILS = {
    "zh": re.compile(r"\s*[（(][^（）()]{2,24}[）)]\s*$|\s*(?:查看全文|阅读全文|点击查看|更多详情).*$"),
    "en": re.compile(
        r"\s*(?:\[?(?:…|\.\.\.)\]?\s*)?(?:Read (?:more|the full)|Continue reading|The post .+ (?:appeared|first)"
        r"|Click here|Sign up|Subscribe|View (?:full|entire)).*$",
        re.IGNORECASE,
    ),
}
JUNK = re.compile(
    r"\[!--begin:.*?\[!--end:.*?--\]|\[!--.*?--\]|\[\d{1,4}\]|https?://[^\s，。）)]+"
    r"|&[a-z]{2,6};|^\s*(?:Comments|- N/A)\s*$"
)
CREDIT = re.compile(r"\s*[（(][^（）()]{2,24}[）)]\s*$")

# A sentence that leans on the one before it, speaks for its author, asks, sells or points elsewhere.
LEANING = {
    "zh": re.compile(
        r"^“?(?:当然|其实|如今|不难|无论|不论|正如|众所周知|据了解|值得一提|如果说|倘若|用一|因为|事实上|总之|显然|毕竟|可见|不仅如此|除此之外|此外|换言之|为此|据称|他们?|她们?|它们?|其|该|此|这|那|对此|但|而|不过|因此|同时|另外|其中|与此同时|然而|随后|之后|于是|所以|并且|也|还|"
        r"却|则|例如|比如|换句话说|简单来说|也就是说|这意味着|具体|首先|其次|最后|第[一二三四五六七八九]|[一二三四五六七八九十]、|"
        r"公司(?!法)|期间|开幕式|会上|现场|备忘录|首席|创始人|董事长|总裁|论文|更值得|值得|业内|分析师|团队|官方|管理层|研究人员|合伙人信息|公开信息|根据(?:报告|规划|协议|公告)|作为.{2,24}，[他她其]|"
        r"(?:报告|文件|信息|数据|公告|通报|结果|平台|产品|项目|专家|发言人|知情人士|负责人|交易|会议|活动|两家|双方|各方)|本[次届轮品]|上述|前述|届时|目前|当前|支持|提供|可(?![口乐])|新增|采用|据现场|报道(?:援引|称)|罚款|随着调查|对于|至于|如果说|最终|结果|可以说|以往|未来，|当时|如今|资料显示|据悉|据介绍)"
    ),
    "en": re.compile(
        r"^(?:Because|Although|Though|Just as|As (?:for|it|they|the)|Now|Together|Thanks to|In addition|In fact"
        r"|Of course|No(?=,)|Yes|Well(?=,)|OK|Hi|Listen|Watch|Read|See|It|They|He|She|This|That|These|Those|But"
        r"|And|However|So|His|Her|Their|Its|Here|There|Such|Both|Then|Yet"
        r"|Still|Also|Instead|Meanwhile|Moreover|Another|Others|Or|Nor|Which|Who|Because of (?:this|that)|For example"
        r"|The (?:company|firm|startup|start-up|group|deal|move|model|report|study|paper|platform|agency|latter|former"
        r"|two|pair|partnership|tool|system|feature|project|suit|lawsuit|investment|announcement|round|chip|robot"
        r"|researchers?|author|team|post|article|decision|rule|bill|plan|product|service|result|change|news))\b"
    ),
}
UNNAMED = re.compile(r"^(?:知情人士|业内人士|消息人士|分析师|多名|多位|专家)[^，。]{0,12}(?:表示|称|透露|指出|说)")
# What joins two sentences: after it even the headline is not enough.
JOINING = {
    "zh": re.compile(
        r"^“?(?:当然|但|不过|而|然而|其实|如果说|因此|于是|所以|并且|也|还|却|则|因为|此外|另外|同时|总之|可见)"
    ),
    "en": re.compile(r"^(?:But|And|However|So|Yet|Still|Also|Or|Nor|Then|Moreover|Because|Instead|Meanwhile)\b"),
}
# Further in, words that point at something said before.
POINTING = {
    "zh": re.compile(r"这[些所家款项名位次个座批份场起一]|此[次举]|该[公平产项模机企研报学协]|上述|前者|后者|两者"),
    "en": re.compile(
        r"\b(?:the (?:latter|former|same (?:company|deal|report))|[Aa]s such|of them|(?:said|added|says) (?:he|she)"
        r"|the (?:company|firm|start-?up|laboratory|lab|move|deal|round|plan|agency|acquired|trial|study|software"
        r"|model|tool|chip|product|app|feature))\b"
    ),
}
PERSONAL = {
    "zh": re.compile(
        r"我(?!国)|本[^，。]{0,6}(?:指南|教程|文章|系列|章节)|笔者|小编|本文|本刊|你|您|大家|朋友们|读者|咱|今天这|这篇|周刊"
    ),
    "en": re.compile(
        r"\b(?:I|I['’]\w+|we|We|my|My|our|Our|us|you|You|your|Your|in this (?:post|article|episode|guide|video)"
        r"|this (?:post|article|episode|newsletter)|learn (?:how|more)|Learn|Click|Subscribe|newsletter)\b"
    ),
}
# Advertising, events, share prices and the small print of the market: no news of what happened.
# A quotation alone: nobody says it.
SPEAKERLESS = re.compile(r"“[^”]*”[。.]?$")
# A first clause that says when, why or on whose word: the subject stands in the second.
ADVERBIAL = re.compile(
    r"^(?:由于|随着|尽管|虽然|在|为|据|根据|截至|目前|近日|近期|今年|今天|昨天|对|按|以|日前|当地时间|自|从|当|如果|通过|作为"
    r"|\d|去年|本周|上周|周[一二三四五六日])"
)
AIMED = re.compile(r"^(?:针对|面向|围绕|为(?:了|解决|满足|应对|帮助))")
# Words with a capital that name nobody.
PLAIN = frozenset(
    [
        "a",
        "an",
        "the",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "as",
        "if",
        "it",
        "its",
        "to",
        "of",
        "and",
        "or",
        "but",
        "this",
        "that",
        "these",
        "those",
        "new",
        "after",
        "before",
        "while",
        "when",
        "ai",
        "us",
        "uk",
        "ceo",
        "china",
        "chinese",
        "american",
        "europe",
        "european",
    ]
)
SELLING = re.compile(
    r"报名|购票|扫码|关注公众号|订阅|优惠|点击|QCon|AICon|出品人|演讲|主题分享|电报解读|机构调研|涨停|龙头股|概念股|"
    r"这家公司|投资建议|入围|排版|直播|对谈|嘉宾|公开课|责任编辑|涨\s*\d|跌\s*\d|涨超|跌超|微涨|微跌|收盘|质押|"
    r"涨幅|跌幅|报\s*[\d.]+\s*(?:港元|美元|元)|股价|市值|短线拉升|"
    r"异常波动|异动公告|招聘|诚聘|党建引领|从严治党|\*ST|"
    r"webinar|sign up|best deals?|promo|discount|sponsored|buy now|% off|"
    r"here.s (?:why|how|what)|stocks? to (?:buy|watch)",
    re.IGNORECASE,
)
# That an event takes place, what something is, and the small print of a filing are no news.
NO_NEWS = {
    "zh": re.compile(
        r"(?:在[^，。]{1,16})(?:举行|举办|召开|开幕|启幕|落幕)。$|^(?!这|那)[^，。]{1,24}是一(?:个|款|种|家|套|项|站式)"
        r"|[（(](?:以下|下称|以下简称|简称)|确认书》|证券账户|过户登记|特定对象调研|互动平台|表决权|工商变更|天眼查"
        r"|就[^，。]{2,16}(?:发布消息|答记者问|回答记者)|回应[^，。]{2,30}问题。$|一些事情|几件事|鲜为人知"
        r"|(?:召开|举行|举办)了?[^，。]{0,24}(?:会议|大会|论坛|发布会|峰会|研讨会|仪式|产品发布|新品发布)。$"
        r"|(?:表示|指出|强调|透露|称|认为|介绍)。$|重中之重|加速到来|彻底[^，。]{0,6}落地|离不开|新(?:潮流|风口|引擎|阶段)"
        r"|(?:公司|本公司)目前|未形成(?:收入|商业化)|不构成影响|优于大市|评级|研报|目标价|敬请|风险提示：|投资者|以下[^，。]{0,12}：|：\s?1[.、]"
        r"|不是[^。]{2,24}而是|赋能|一站式|备受[^。]{1,12}(?:信赖|青睐)|成千上万|无缝|极致|核心看点|新篇章|新范式"
    ),
    "en": re.compile(
        r"^(?!This|That|It)(?:\w+ ){1,4}is an? (?:\w+[ -]){0,3}"
        r"(?:platform|tool|company|startup|service|app|framework|library)\b"
        r"|^(?:Listen to|Watch (?:the|it|this|below|live|on|now)|Read (?:the|more|our|on)|See (?:also|the|more))\b"
        r"|\b(?:worth (?:a look|looking at|checking out)|hands[- ]on|check out|getting started|step-by-step)\b"
        r"|\b(?:seamless(?:ly)?|one-stop|game-chang\w+|world-class|cutting-edge|best-in-class|empower\w*)\b",
    ),
}
# Told of an earlier month or year: background, however full of figures.
BACKGROUND = {
    "zh": re.compile(
        r"^(?:.{0,24}自\s?20\d\d年以来|早在|此前|去年|前年|今年\s?\d{1,2}月(?!\d{1,2}日)|上个?月|(?:自|在)?\s?20\d\d年(?!.{0,12}(?:将|预计|计划|目标)))"
    ),
    "en": re.compile(
        r"^(?:Last (?:year|month|spring|summer|fall|winter)|Earlier (?:this|last) (?:year|month)|Previously"
        r"|(?:Back )?[Ii]n (?:(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|20\d\d\b))"
    ),
}
# A full stop in half width that ends a Chinese sentence, and no decimal point, ordinal or end of a Latin name.
HALF_STOP = re.compile(r"(?<=[\u4e00-\u9fff）”》%])\.(?=\s*(?:$|[\u4e00-\u9fff“《]))|(?<=[\u4e00-\u9fff%]\")\.(?!\w)")
STRAY_QUOTES = re.compile(r'"[^"]{31,}"|"[^"]*[，。,][^"]*"|"\s[^"]*"')
MARKS = re.compile(r"[?？!！]|…|[|｜丨]|\bhttp|@")  # asks, calls, trails off, or points elsewhere
PAID = re.compile(
    r"推广|广告|赞助|软文|诚聘|招聘|限时|优惠"
    r"|\b(?:sponsored|promoted|advertisement|advertorial|is hiring|deal of the)\b",
    re.IGNORECASE,
)
EVENT = re.compile(
    r"QCon|AICon|报名|购票|扫码|直播(?:间|第|预告)|敬请期待|主题分享|early-bird|register (?:now|here|today)"
)
STOP_WORDS = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "and", "or", "but", "as", "from", "that"]
)
OPEN = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "[": "]"}

REASON = {
    "zh": (
        re.compile(
            r"意味着|反映出?|表明|这说明|标志着|原因|由于|因为|因此|导致|折射|背后|关键(?:在于|因素|一环)|本质|核心在于|取决于|使得|凸显|揭示"
        ),
        re.compile(
            r"有望|或将|预计|认为|旨在|推动|风险|影响|趋势|助力|从而|显示|分析|挑战|转向|加速|担忧|指出|呼吁|建议"
        ),
    ),
    "en": (
        re.compile(
            r"\b(?:because|means?|meaning|reflects?|suggests?|signals?|underscor\w+|highlights?|as a result|due to"
            r"|so that|driven by|raises? (?:questions|concerns|fears)|in order to|shows? (?:that|how)|marks?)\b"
        ),
        re.compile(
            r"\b(?:could|would|may|might|risks?|likely|expected|analysts?|amid|aims?|concerns?|challenges?|while|despite"
            r"|as (?:it|they|companies|the)|after|warn\w*|pressure|demand|compet\w+|growing|biggest|struggl\w+)\b"
        ),
    ),
}
AHEAD = {
    "zh": re.compile(r"将于|计划|预计|拟|有望|或将|即将|下一步|目标|到20\d\d年|年底"),
    "en": re.compile(
        r"\b(?:will|plans?|expected|aims?|set to|due|later this|next (?:week|month|year)|by 20\d\d|could)\b"
    ),
}
