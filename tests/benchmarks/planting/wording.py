"""Words nobody said, certainty nobody has, yes for no, and the wrong language or script."""

import re
from functools import cache

from newsletter.lexicon import DATA
from newsletter.sentences import split_sentences, without_citations
from tests.benchmarks.planting.base import Half, Plant, substitute

_SAID = {
    "en": [
        "and its head said “we have never been so sure of anything”",
        "“This changes everything we know about the field,” the company said",
        "which analysts called “a turning point for the whole industry”",
    ],
    "zh": [
        "负责人表示“我们从来没有这么有把握过”",
        "公司称“这将彻底改变整个行业的格局”",
        "业内人士形容这是“一场前所未有的豪赌”",
    ],
}


def _quote(half: Half) -> str | None:
    """Somebody is made to say something, before a citation."""
    match = half.one_of(re.compile(r"\s?\x00+"))
    if match is None:
        return None
    comma = ", " if half.tongue == "en" else "，"
    return half.put(match.start(), match.start(), f"{comma}{half.rng.choice(_SAID[half.tongue])}")


def _alter_quote(half: Half) -> str | None:
    """A word of a quotation becomes another; one that the source says in another language could be translated so."""
    match = half.one_of(re.compile(r"“([^”\x00]{12,})”" if half.tongue == "en" else r"“([\u4e00-\u9fff，]{8,})”"))
    if match is None or match[1] not in half.sources:
        return None
    said = match[1]
    if half.tongue == "zh":
        at = half.rng.randint(2, len(said) - 4)
        return half.put(match.start(1) + at, match.start(1) + at + 2, "肯定")
    words = said.split()
    if len(words) < 5:
        return None
    words[half.rng.randint(1, len(words) - 2)] = "never"
    return half.put(match.start(1), match.end(1), " ".join(words))


_HEDGES = (
    r"\b(?:reportedly|allegedly|potentially|possibly) |\b(?:may|might|could) (?=[a-z])|据悉，?|据报道，?"
    r"|据[^，。]{0,4}知情人士(?:透露|称)?，?"
    r"|(?<![名位据])知情人士(?:称|透露|表示)，?|拟(?=[收投发对向在于将])|或(?=将|于|在)|有望|可能(?=[会将在成导])|计划(?=[在将于对与投])"
)
_SUPERLATIVES = {
    "en": [
        "the world’s first",
        "the world’s largest",
        "the most powerful ever",
        "the fastest in the world",
        "history’s biggest",
    ],
    "zh": ["全球首个", "全球最大的", "史上最强的", "世界领先的", "业内最先进的", "有史以来最快的"],
}
_CERTAIN = {
    "en": [
        "It is now certain that this will happen",
        "which has been officially confirmed",
        "and this will undoubtedly succeed",
    ],
    "zh": ["毫无疑问", "此事已获官方证实", "必将成功", "已板上钉钉"],
}


def _superlative(half: Half) -> str | None:
    """A rank before a noun: “a model” -> “the world's largest model”, 一款 -> 全球首款."""
    pattern = (
        r"(?<= )(?:an?|its|the) (?=[a-z]+ )"
        if half.tongue == "en"
        else r"(?:一款|一个|一种|一家|一项|的)(?=[\u4e00-\u9fff]{2})"
    )
    match = half.one_of(re.compile(pattern))
    if match is None:
        return None
    words = half.rng.choice(_SUPERLATIVES[half.tongue])
    if words.replace("’", "'").split()[-1].lower() in half.sources.lower() or words[:3] in half.sources:
        return None
    return half.put(match.start(), match.end(), f"{words} " if half.tongue == "en" else words)


def _certainty(half: Half) -> str | None:
    match = half.one_of(re.compile(r"\s?\x00+"))
    words = half.rng.choice(_CERTAIN[half.tongue])
    comma = ", " if half.tongue == "en" else "，"
    return half.put(match.start(), match.start(), f"{comma}{words}") if match else None


_NEGATED = {
    **{"will": "will not", "is": "is not", "are": "are not", "has": "has not", "can": "cannot", "was": "was not"},
    **{
        "have": "have not",
        "to": "not to",
        "将": "不会",
        "已": "尚未",
        "会": "不会",
        "能": "不能",
        "宣布": "否认",
        "支持": "不支持",
    },
}
_YES = (
    r"\b(?:will|is|are|has|can|was|have)\b(?! (?:not|only)\b|[’'])|(?<=[\u4e00-\u9fff])(?<!智)(?<!技)(?<!不)"
    r"(?<!可)(?<!功)(?<!性)(?<!机)(?<!社)"
    r"(?<!大)(?<!委)(?<!员)(?<!国)(?<!只)(?<!开)(?<!发布)(?<!议)(?:将|已|会|能|支持)"
    r"(?=[\u4e00-\u9fff])(?![议员源力够耗计让晤])"
)
_NO = (
    r"\b(?:will|is|are|has|can|was|have|does|do|did|could|would) not\b|\bcannot\b|\bnever (?=[a-z])|n[’']t\b"
    r"|不会|不能|没有|尚未|并未|并非|不再|未能|(?<![\u4e00-\u9fff]不)不是|无法|不支持|不需要"
)
_YES_FOR = {
    "不会": "会",
    "不能": "能",
    "没有": "有",
    "尚未": "已",
    "并未": "已",
    "并非": "是",
    "不再": "继续",
    "未能": "得以",
    "不是": "是",
}
_YES_FOR |= {"无法": "可以", "不支持": "支持", "不需要": "需要", "cannot": "can"}


def _affirmed(text: str) -> str:
    if text in _YES_FOR:
        return _YES_FOR[text]
    return re.sub(r"\s?not$|^never $|n[’']t$", "", text)


_LEAKS = {
    "en": ["所谓的", "一旦爆发", "据悉", "人工智能", "领先优势"],
    "zh": ["a major breakthrough", "however", "so-called", "the company said", "cutting-edge technology"],
}


def _leak(half: Half) -> str | None:
    """Words of the other language between two words of this one."""
    between = "(?<=[，、的])(?=[\u4e00-\u9fff])" if half.tongue == "zh" else r"(?<=[a-z] )(?=[a-z])"
    places = [match.start() for match in re.finditer(between, half.text)]
    if not places:
        return None
    at, words = half.rng.choice(places), half.rng.choice(_LEAKS[half.tongue])
    return half.put(at, at, f" {words} " if half.tongue == "zh" else f"{words} ")


@cache
def _old_forms() -> dict[int, str]:
    rows = (line.split("\t") for line in (DATA / "traditional.tsv").read_text(encoding="utf-8").splitlines()[1:])
    return {ord(new): old for old, new in reversed([row[:2] for row in rows]) if old != new}


def _traditional(half: Half) -> str | None:
    """One sentence in traditional characters."""
    sentence = half.rng.choice(half.sentences) if half.sentences and half.tongue == "zh" else ""
    return half.text.replace(sentence, sentence.translate(_old_forms())) if len(sentence) > 12 else None


def _wrong_language(half: Half) -> str | None:
    """The other language's text in the place of this one's."""
    other = "zh" if half.lang == "en" else "en"
    if half.block.foreign or len(without_citations(half.block.text[other])) < 30:
        return None
    return half.block.text[other]


def _sentence_in_other(half: Half) -> str | None:
    """One sentence in the other language, as a translator leaves it behind."""
    other = split_sentences(half.block.text["zh" if half.lang == "en" else "en"], "zh" if half.lang == "en" else "en")
    if half.block.foreign or len(other) != len(half.sentences) or len(other) < 2:
        return None
    at = half.rng.randrange(len(other))
    return half.text.replace(half.sentences[at], other[at]) if half.text.count(half.sentences[at]) == 1 else None


_HALF_WIDTH = str.maketrans("，。；：？！", ",.;:?!")


def _half_width(half: Half) -> str | None:
    """A comma of the other language's kind between two words."""
    if half.lang in half.block.foreign:
        return None  # in the original the marks are the source's
    if half.tongue == "en":
        match = half.one_of(re.compile(r"(?<=[a-z]), (?=[a-z])"))
        return half.put(match.start(), match.end(), "，") if match else None
    match = half.one_of(re.compile("(?<=[\u4e00-\u9fff])，(?=[\u4e00-\u9fff])"))
    return half.put(match.start(), match.end(), match.group().translate(_HALF_WIDTH)) if match else None


def _cut(half: Half) -> str | None:
    """The text breaks off inside a sentence."""
    if len(half.text) < 40:
        return None
    kept = half.text[: int(len(half.text) * half.rng.uniform(0.4, 0.9))]
    return re.sub(r"\s?\[?\d*\]?[\s.。,，；;：:]*$", "", kept) or None


def _cut_by_dots(half: Half) -> str | None:
    kept = half.text[: int(len(half.text) * half.rng.uniform(0.5, 0.9))].rstrip(" .。,，")
    return f"{kept}{'...' if half.tongue == 'en' else '……'}" if len(half.text) > 40 else None


_CERTAINTY, _LANGUAGE = frozenset({"certainty", "parity"}), frozenset({"language", "parity"})
PLANTS = (
    Plant("invented quotation", "other", frozenset({"quotation"}), _quote),
    Plant("altered quotation", "other", frozenset({"quotation"}), _alter_quote),
    Plant("lost hedge", "other", _CERTAINTY, substitute(_HEDGES, lambda match, rng: "")),
    Plant("superlative", "other", _CERTAINTY, _superlative),
    Plant("certainty", "other", _CERTAINTY, _certainty),
    Plant("negation added", "other", _CERTAINTY, substitute(_YES, lambda match, rng: _NEGATED[match.group()])),
    Plant("negation dropped", "other", _CERTAINTY, substitute(_NO, lambda match, rng: _affirmed(match.group()))),
    Plant("language leak", "language", _LANGUAGE, _leak),
    Plant("traditional characters", "language", _LANGUAGE, _traditional),
    Plant("sentence in the other language", "language", _LANGUAGE, _sentence_in_other),
    Plant("marks of the wrong set", "language", _LANGUAGE, _half_width),
    Plant("half in the wrong language", "language", _LANGUAGE, _wrong_language),
    Plant("cut text", "other", frozenset({"truncated"}), _cut),
    Plant("cut text, with dots", "other", frozenset({"truncated"}), _cut_by_dots),
)
