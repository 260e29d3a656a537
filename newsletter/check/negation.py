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
_TURNS_ZH = re.compile(rf"(?!{_NO_NO})(?:[不没未无非勿]|(?<!是)否|(?<![识区级类个性差辨告分特])别)")
ANY_NOT = {
    "en": re.compile(rf"\b(?:{'|'.join(_ANY_EN.split())})\b|n[’']t\b", re.I | re.A),
    "zh": re.compile(rf"(?:(?!{_NO_NO})[不没未无非否拒停禁难少缺勿别迟晚免防]|(?<![人天刚])才)"),
}
# One Han character or English word of it is enough to turn a sentence that is otherwise its source's, word for word.
_TURNS_EN = frozenset(str.split("not never cannot no without neither nor"))


def turns(tokens: list[str]) -> int:
    """How many of a text's tokens (English words, single Han characters) say no."""
    english = sum(token in _TURNS_EN or token.endswith("n't") for token in tokens)
    return english + len(_TURNS_ZH.findall("".join(tokens)))


# For a sentence against its translation: words of grammar that say no, and words whose meaning does.
_GRAMMAR = {
    "en": re.compile(
        r"\b(?:not|never|cannot|no(?! (?:\.|\d))|nor|neither|none|nobody|nothing|without|nowhere)\b|n[’']t\b"
        r"|\b(?:rather than|instead of|far from)\b",
        re.I | re.A,
    ),
    "zh": re.compile(rf"(?!{_NO_NO})(?:而不是|而非|并非|没有|[不没未无非勿])"),
}
_NO_WORDS = {
    "en": re.compile(
        r"\b(?:fail\w*|refus\w*|den(?:y|ies|ied|ying)|lack\w*|stop\w*|halt\w*|bans?|bann\w+|reject\w*|avoid\w*|drop\w*"
        r"|few\w*|hardly|barely|little|seldom|unless|prevent\w*|miss\w*|only|un\w+|in(?:ability|accura\w+|adequa\w+|decis\w+"
        r"|depend\w*|visib\w+|cap\w+|su\w+|val\w+|eff\w+|app\w+|act\w+)|im(?:poss|prop|mat|bal)\w+|il(?:leg|lic)\w+"
        r"|ir(?:rel|resp|rev|reg)\w+|dis(?:able|agree|allow|appear|claim|connect|contin|miss|miss\w|place|pute|qualif|close"
        r"|trust|regard|like|honest)\w*|mis\w+|non\w*|off|out|out\w+|free|bar(?:s|red|ring)?|block\w*|over|yet to|too \w+ to"
        r"|despite|but|except\w*|regardless|less|end(?:s|ed)?|clos\w+|shut\w*|against|beyond|absen\w+|short\w*|zero)\b|\w+less\b",
        re.I | re.A,
    ),
    "zh": re.compile(
        r"拒|停|禁|难(?!民|忘)|缺|免(?!费)|避|防|少(?!年)|仅|只|才(?!能|华)|否(?!则)|失|关闭|取消|例外|尚待|有待|终止|反对|除|零|独立|空"
    ),
}


def says_no_alone(en: str, zh: str) -> str | None:
    """Which of a sentence and its translation says no where the other doesn't: `en`, `zh`, or None.

    Each no of grammar in the one needs another in the other, or a word that means no ("stop", 免) that is there beyond
    those of its own.
    """
    texts = {"en": en, "zh": zh}
    grammar = {lang: len(_GRAMMAR[lang].findall(text)) for lang, text in texts.items()}
    words = {lang: len(_NO_WORDS[lang].findall(text)) for lang, text in texts.items()}
    for lang, other in (("en", "zh"), ("zh", "en")):
        if grammar[lang] > grammar[other] and grammar[other] == 0 and NOT_PLAIN[lang].search(texts[lang]):
            if grammar[lang] - grammar[other] > max(0, words[other] - words[lang]):
                return lang
    return None


NOT_PLAIN = {
    "en": re.compile(r"\b(?:not(?! (?:only|just|least)\b)|never|cannot|no longer|neither)\b|n[’']t\b", re.I | re.A),
    "zh": re.compile(
        rf"(?!{_NO_NO})(?:没有|并未|尚未|从未|未能|未(?!必)|(?<![会能])不(?=[会能再将已让准许是可])|并非|并不|无法|无需|不再|不得"
        r"|不(?:打算|允许|同意|支持|提供|涉及|计划|采用|使用|代表|意味))"
    ),
}
