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
    r"未来|不断|不仅|不过|不少|不同|不管|不论|不妨|非常|非洲|全无人|无人[机驾车化测配仓店]|无线|无限|无疑|无论|难民|难忘|少年"
    r"|才能|不久|不足|不错|不已|不止|不乏|无辜|无缝|未知|未岚|无关|不一定|不可避免|不得不|不得已"
)
_TURNS_ZH = re.compile(rf"(?!{_NO_NO})(?:[不没未无非勿]|(?<!是)否|(?<![识区级类个性差辨告分特])别)")
ANY_NOT = {
    "en": re.compile(rf"\b(?:{'|'.join(_ANY_EN.split())})\b|n[’']t\b", re.I | re.A),
    "zh": re.compile(rf"(?:(?!{_NO_NO})[不没未无非否拒停禁难少缺勿别迟晚免防驳]|(?<![人天刚])才)"),
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
        r"\bneither\b.{0,120}?\bnor\b"
        r"|\b(?:not|never|cannot|no(?! (?:\.|\d))|nor|neither|none|nobody|nothing|without|nowhere)\b|n[’']t\b"
        r"|\b(?:rather than|instead of|far from)\b",
        re.I | re.A,
    ),
    "zh": re.compile("而不是|而非|并非|没有|[不没未无非勿]"),
}
_NO_WORDS_EN = r"""
fail\w* refus\w* den(?:y|ies|ied|ying) lack\w* stop\w* halt\w* bans? bann\w+ reject\w* avoid\w* drop\w* few\w* hardly
barely rarely seldom unless prevent\w* miss\w* only un(?!der|it|iver|til|ion|iq|veil|less)\w+ inability inaccura\w+
inadequa\w+ indecis\w+ independ\w+ invisib\w+ incap\w+ insu\w+ inval\w+ ineff\w+ inapp\w+ imposs\w+ improp\w+ illeg\w+
illic\w+ irrel\w+ irresp\w+ disab\w+ disag\w+ disal\w+ disap\w+ discla\w+ discon\w+ dismiss\w* disqual\w+ distrust\w*
disregard\w* dislik\w+ mis\w+ non\w* free bar(?:s|red|ring)? block\w* over except\w* \w*less clos\w+ shut\w* absen\w+
zero
"""
_NO_WORDS = {
    "en": re.compile(rf"\b(?:{'|'.join(_NO_WORDS_EN.split())}|yet to|rul\w+ out|too \w+ to)\b", re.I | re.A),
    "zh": re.compile(
        r"拒|停|禁|难(?!民|忘|题)|缺|免(?!费)|避免|防止|以防|少(?!年|于)|否认|失败|失去|关闭|取消|终止|反对|尚待|有待|例外|驳回|驳斥"
    ),
}
# A no of either sort. Words that may only turn a sentence (against, out, but) are none.
ANY_PLAIN_NOT = {lang: re.compile(f"{_GRAMMAR[lang].pattern}|{_NO_WORDS[lang].pattern}", re.I) for lang in _GRAMMAR}
_PLAIN = {
    "en": re.compile(
        r"\b(?:not(?! (?:only|just|least)\b)|never|cannot|no longer|neither|rather than)\b|n[’']t\b", re.I | re.A
    ),
    "zh": re.compile(
        r"而不是|而非|没有|并未|尚未|从未|未能|未(?!必)|(?<![会能])不(?=[会能再将已让准许是可])|并非|并不|无法|无需|不再|不得"
        r"|不(?:打算|允许|同意|支持|提供|涉及|计划|采用|使用|代表|意味)"
    ),
}


# Words that deny what stands behind them, and are never left out in a translation.
_MEANT = {
    "en": re.compile(r"\b(?:fail(?:s|ed)? to|refus(?:e|es|ed) to|den(?:y|ies|ied)|without)\b", re.I),
    "zh": re.compile("以免|避免|防止|否认|拒绝|禁止|无法|未能|并未|尚未|没有"),
}


def says_no_alone(en: str, zh: str) -> str | None:
    """Which of a sentence and its translation says no where the other doesn't: `en`, `zh`, or None.

    Each no of grammar in the one needs another in the other, or a word that means no ("stop", 免) that is there beyond
    those of its own.
    """
    texts = {"en": en, "zh": re.sub(_NO_NO, "", zh)}
    grammar = {lang: len(_GRAMMAR[lang].findall(text)) for lang, text in texts.items()}
    words = {lang: len(_NO_WORDS[lang].findall(text)) for lang, text in texts.items()}
    for lang, other in (("en", "zh"), ("zh", "en")):
        more = grammar[lang] - grammar[other]
        if grammar[other] > 1:
            return None  # a list of what is not so is turned in more ways than can be counted
        if more > max(0, words[other] - words[lang]) and _PLAIN[lang].search(texts[lang]):
            return lang
        if _MEANT[lang].search(texts[lang]) and not grammar[other] and not ANY_NOT[other].search(texts[other]):
            return lang
    return None
