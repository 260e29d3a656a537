"""Words that say no, in both languages: plainly (`NOT`), and in any manner (`ANY_NOT`)."""

import re

NOT = {
    "en": re.compile(r"\b(?:not(?! (?:only|just|least)\b)|never|cannot|no longer|neither)\b|n[’']t\b", re.I | re.A),
    "zh": re.compile(
        r"没有|并未|尚未|从未|未能|未(?=[经予获被曾有])|(?<![会能])不(?=[会能再将已让准许])|(?<![而是])不是|并非|并不"
        r"|不(?:打算|允许|同意|支持|提供|涉及|计划)"
    ),
}
_ANY_EN = r"""
not? never cannot neither nor none nothing nobody without un\w+ fail\w* refus\w* den(?:y|ies|ied) lack\w* stop\w*
halt\w* ban\w* clos\w+ reject\w* avoid\w* end(?:s|ed)? drop\w* few\w* little less \w+less instead rather only
dis\w+ mis\w+ non\w* im\w+ il\w+ ir\w+ out off despite but unless too hard\w* difficult block\w* prevent\w* quit\w*
leav\w* remov\w* miss\w* free zero wrong bad worse warn\w* against beyond won didnt doesnt over
"""
# 未来, 不断, 非常 and their like: the character is there, the no is not.
_NO_NO = (
    r"未来|不断|不仅|不过|不少|不同|不管|不论|不妨|非常|非洲|无人[机驾车化]|无线|无限|无疑|无论|难民|难忘|少年|才能"
)
ANY_NOT = {
    "en": re.compile(rf"\b(?:{'|'.join(_ANY_EN.split())})\b|n[’']t\b", re.I | re.A),
    "zh": re.compile(rf"(?:(?!{_NO_NO})[不没未无非否拒停禁难少缺勿别迟晚]|(?<![人天刚])才)"),
}
# One Han character or English word of it is enough to turn a sentence that is otherwise its source's, word for word.
_TURNS_EN = """
not never cannot no without neither nor isn't aren't won't can't doesn't don't didn't wasn't hasn't haven't couldn't
wouldn't shouldn't weren't
"""
TURNS = frozenset("不没未无非否勿别") | frozenset(_TURNS_EN.split())
