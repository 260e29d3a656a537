"""Words for deeds that one does to another: by language, the deed, whether its doer stands first, and a pattern.

"A buys B" has the doer first; in "A receives money from B" B is the doer, and stands last.
"""

import re

_CHARGE = r"(?:law)?suits?|complaints?|(?:legal |court )?(?:case|action|proceedings|claims?)"
_MONEY = r"(?:[$€£¥]\S+|million|billion|invest\w*|funding|financing|capital|backing|stake|money)"
_TAKES_IN = "receiv|rais|secur|land|attract|clos|draw|get|win|tak|collect"
_SELLS = "sells?|sold|selling|ships?|shipped|delivers?|delivered"
_BUYS = r"buys?|buying|bought|purchas\w+|order\w*|rent(?:s|ed|ing)?|leas(?:es?|ed|ing)|sourc\w+|licens(?:es?|ed|ing)"
_HIRES = r"hir(?:es?|ed|ing)|poach\w*|recruit\w*|lur(?:es?|ed)|nam(?:es?|ed|ing)|appoint\w*|tap(?:s|ped)"
_ENGLISH = (
    ("acquire", True, r"acquir(?:es?|ed|ing)|buys?|bought|buying|purchas(?:es?|ed|ing)"),
    ("acquire", True, "(?:tak(?:es?|ing|en)|took) over"),
    ("acquire", True, "(?:acquisition|purchase|takeover|buyout) of"),
    ("acquire", False, r"(?:sells?|sold|selling) (?:itself|out) to|becom\w+ (?:a )?(?:part|unit|subsidiary) of"),
    ("sue", True, rf"sues?|sued|suing|(?:{_CHARGE}) against"),
    ("sue", True, "(?:takes?|took|taken|taking|drags|dragged)(?= .{2,40} to court)"),
    ("sue", False, rf"(?:{_CHARGE}) (?:\w+ )?(?:from|by|brought by|filed by)"),
    ("fund", True, r"invest(?:s|ed|ing|ments?)? (?:\S+ ){0,4}in|back(?:s|ed|ing)?|bankroll\w*|pa(?:y|ys|id|ying)"),
    ("fund", True, r"(?:put|pour|inject|pump)(?:s|ed|ing|ting)? (?:\S+ ){1,5}into"),
    ("fund", True, r"(?:leads?|led) (?:\S+ ){0,6}(?:round|funding|financing|investment) (?:in|of|for)"),
    ("fund", False, rf"(?=\w+ .{{0,50}}{_MONEY})(?:(?:{_TAKES_IN})\w*|got|won|took|drew)[^.;]{{2,80}}? from"),
    ("fund", False, "(?:round|funding|financing|investment|raise)[^.;]{0,30}? led by"),
    ("accuse", True, r"accus(?:es?|ed|ing)|critici[sz](?:es?|ed|ing)|slam(?:s|med|ming)?|blam(?:es?|ed|ing)"),
    ("accuse", True, r"condemn\w*|denounc\w*"),
    ("surpass", True, r"surpass(?:es|ed|ing)?|overt(?:akes?|ook|aking|aken)|outperform\w*|beats?|beating|outpac\w+"),
    ("surpass", True, r"(?:pull(?:s|ed)|mov(?:es|ed)|stays?|ranks?) ahead of|edge[sd]? (?:out|past)"),
    ("surpass", True, r"leapfrog\w*|outs(?:ell\w*|old)"),
    ("surpass", False, r"(?:lag\w*|trail\w*|fall\w*|fell) behind|lag(?:s|ged)?|trail(?:s|ed)?"),
    ("surpass", False, "los(?:es|t|ing) (?:out )?to"),
    ("ban", True, r"ban(?:s|ned|ning)?|block(?:s|ed|ing)?|fin(?:es|ed|ing)|blacklist\w*|penali[sz]\w+"),
    ("investigate", True, "investigat(?:es?|ed|ing)|prob(?:es|ed|ing)|(?:investigation|probe|inquiry) (?:into|of)"),
    ("hire", True, r"hir(?:es?|ed|ing)|poach\w*|recruit(?:s|ed|ing)?|lur(?:es?|ed|ing)|appoint(?:s|ed|ing)?"),
    ("hire", False, "join(?:s|ed|ing)?"),
    ("replace", True, "replac(?:es?|ed|ing)|oust(?:s|ed|ing)?|succeed(?:s|ed|ing)?"),
    ("supply", True, "suppl(?:y|ies|ied|ying)"),
    ("supply", True, rf"(?:{_SELLS}|rents?|rented|leas(?:es?|ed)|licens(?:es?|ed)) (?:\S+ ){{1,6}}to"),
    ("supply", False, rf"(?:{_BUYS})[^.;,]{{0,60}}? from"),
    ("poach", True, rf"(?:{_HIRES})[^.;]{{2,80}}? from"),
)  # fmt: skip
BOUGHT = ("采购", "购买", "订购", "租用", "租赁", "进口")
_CHINESE = (
    ("acquire", True, "收购|买下|并购|入主|吞并|收入囊中|纳入旗下"),
    ("sue", True, "起诉|状告|控告|告上法[庭院]|诉至|[提发]起[^，。；]{0,6}诉讼"),
    ("fund", True, "投资(?![方人者])|入股|领投|参投|跟投|注资|出资"),
    ("fund", False, "投资[方人者](?:之一)?"),
    ("accuse", True, "指控|指责|批评|抨击|谴责|炮轰"),
    ("surpass", True, "超越|超过|击败|反超|赶超|打败|胜过|优于"),
    ("surpass", False, "落后于|不及|不敌|输给|逊于|败给"),
    ("ban", True, "封禁|禁用|罚款|处罚|拉黑"),
    ("investigate", True, "调查|立案"),
    ("hire", True, "聘请|聘用|任命|挖走|挖角|挖来|招揽"),
    ("hire", False, "加入|加盟|入职|转投"),
    ("replace", True, "取代|替代|接替"),
    ("supply", True, "供应(?![商链])|供货|供给|提供|出售|卖给|售予|交付|授权"),
    ("supply", False, "|".join(BOUGHT)),
    ("poach", True, "挖走|挖角|挖来|招揽|聘请|引进"),
)
VERBS = {
    "en": tuple((act, first, re.compile(rf"\b(?:{words})\b", re.I | re.A)) for act, first, words in _ENGLISH),
    "zh": tuple((act, first, re.compile(words)) for act, first, words in _CHINESE),
}
