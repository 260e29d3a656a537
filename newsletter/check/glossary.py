"""Names as the glossary writes them: no word-for-word renderings, one spelling through the issue."""

import re
from collections import defaultdict
from collections.abc import Iterator

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import LOW, MEDIUM, FindingValue
from newsletter.check.reading import FORMAL, Reading, Sentence
from newsletter.lexicon import Name, fold

# What a dictionary or a careless machine makes of Chinese names: none of these is ever the name in English.
_LITERAL: tuple[tuple[str, str, str], ...] = (
    (r"bean (?:buns?|bags?|paste buns?)", "豆包", "Doubao"),
    (r"(?:the )?dark side of the moon", "月之暗面", "Moonshot AI"),
    (r"(?:a |ten )?thousand(?:s of)? questions|tongyi thousand questions", "千问", "Qwen"),
    (r"wen ?xin yi ?yan|one word from the heart|literary heart", "文心一言", "Ernie Bot"),
    (r"step(?:ping|ped)? (?:to the )?stars?|order of (?:the )?stars", "阶跃星辰", "StepFun"),
    (r"zero one (?:all things|everything|wanwu)", "零一万物", "01.AI"),
    (r"wall[- ]fac(?:ing|er) intelligence|facing the wall", "面壁智能", "ModelBest"),
    (r"wisdom spectrum|smart spectrum|intellectual spectrum", "智谱", "Zhipu AI"),
    (r"mixed yuan|mixed element|hunyuan big model", "混元", "Hunyuan"),
    (r"byte ?beat(?:ing)?|byte jump(?:ing)?|bytes? bounce", "字节跳动", "ByteDance"),
    (r"space tree|universe tree|yu shu technology", "宇树", "Unitree"),
    (r"fast hand", "快手", "Kuaishou"),
    (r"little red book", "小红书", "Xiaohongshu"),
    (r"flat[- ]?head(?:ed)? (?:brother|guy|elder)|pingtouge", "平头哥", "T-Head"),
    (r"(?:moore|moles?) threads? technology", "摩尔线程", "Moore Threads"),
    (r"cold weapon|cold martial|cambrian(?: period)? technology", "寒武纪", "Cambricon"),
    (r"instant dream|i\.?e\.? dream|that is dream", "即梦", "Jimeng"),
    (r"gold ingots? (?:app|assistant)|yuan ?bao treasure", "元宝", "Yuanbao"),
    (r"radish run|carrot (?:fast )?run", "萝卜快跑", "Apollo Go"),
    (r"kunlun wan ?wei|kunlun universe", "昆仑万维", "Kunlun Tech"),
    (r"deep(?:ly)? seek(?:ing)?(?= (?:company|technology|model))|depth of pursuit", "深度求索", "DeepSeek"),
    (r"flying news|news flying|xunfei flying", "讯飞", "iFlytek"),
    (r"shang ?tang technology|merchant soup", "商汤", "SenseTime"),
)
_LITERAL_EN = tuple((re.compile(rf"\b(?:{pattern})\b", re.I), zh, en) for pattern, zh, en in _LITERAL)


def check_glossary(reading: Reading) -> Iterator[FindingValue]:
    """`glossary`: "bean buns" for Doubao; Nvidia here and 辉达 or another spelling there."""
    for sentence in (*reading.sentences, *reading.titles):
        if sentence.lang == "en":
            yield from _literal(reading, sentence)
    for lang in LANGUAGES:
        yield from _two_spellings(reading, lang)


def _literal(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    known = f"{sentence.block.title.zh}{sentence.block.text.zh}"
    for pattern, zh, en in _LITERAL_EN:
        match = pattern.search(sentence.plain)
        if match and (zh in known or any(zh in f"{a.title}{a.text}" for a in reading.sources(sentence))):
            yield _finding(
                *(sentence, MEDIUM),
                f"Glossary: “{match.group()}” is a word-for-word rendering; {zh} is {en}.",
                f"译名有误：{zh}的英文是 {en}，不是“{match.group()}”。",
                f"{zh} = {en}",
            )


def _two_spellings(reading: Reading, lang: str) -> Iterator[FindingValue]:
    """Where one name is written in two ways in one language, the ones that are not the usual one."""
    uses: dict[Name, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for sentence in (*reading.titles, *reading.sentences):
        if sentence.lang != lang or sentence in reading.foreign or sentence.block.kind in FORMAL:
            continue
        for mention in reading.mentions(sentence.plain):
            if mention.name.kind not in ("place", "agency"):  # 央行 and 中国人民银行 are both right
                uses[mention.name][sentence.plain[mention.start : mention.end]].append(sentence)
    for name, spellings in uses.items():
        usual = _usual(name, spellings, lang)
        for spelling, sentences in spellings.items():
            if not _same_name(spelling, usual):
                yield from (_second(sentence, spelling, usual) for sentence in dict.fromkeys(sentences))


def _usual(name: Name, spellings: dict[str, list[Sentence]], lang: str) -> str:
    """The lexicon's first choice where it is used, else the commonest."""
    preferred = name.zh[0] if lang == "zh" else name.en[0]
    return preferred if preferred in spellings else max(spellings, key=lambda each: len(spellings[each]))


def _same_name(a: str, b: str) -> bool:
    """Only cased, spaced or shortened otherwise: NVIDIA and Nvidia, Alibaba Group and Alibaba, 阿里 and 阿里巴巴."""
    one, two = (re.sub(r"[\s.\-]", "", fold(text)) for text in (a, b))
    if one in two or two in one or set(one) <= set(two) or set(two) <= set(one):
        return True
    initials = ["".join(word[0] for word in fold(text).split()) for text in (a, b)]
    return one == initials[1] or two == initials[0] or bool(a.isascii() != b.isascii())


def _second(sentence: Sentence, spelling: str, usual: str) -> FindingValue:
    return _finding(
        *(sentence, LOW),
        f"Glossary: “{spelling}” here, “{usual}” elsewhere in this issue.",
        f"译名不统一：此处写作“{spelling}”，别处写作“{usual}”。",
        f"{spelling} = {usual}",
    )


def _finding(sentence: Sentence, severity: str, en: str, zh: str, evidence: str) -> FindingValue:
    return FindingValue(sentence.block.id, sentence.lang, sentence.text, "glossary", severity, en, zh, evidence)
