"""A headline as a row of known parts, or nothing: names, amounts, deeds and phrases of both languages.

Each part has a letter, so that the shape of a headline is a string that expressions can match (`skeleton.py`):
N a name, P a place, L a Latin name unknown to the lexicon, M an amount of money, H a number of people, C a count,
n m phrases, v w j deeds, K F S J words of raising, spending and laying off, T a span of years, t i c d a u b
particles, O what for, U leave to do, f p y g k h how certain or how near a deed is, x what adds nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter import lexicon, quantities
from newsletter.bilingual import Both
from newsletter.compose.phrases import Deed, Phrase, load
from newsletter.lexicon import Mention
from newsletter.quantities import Quantity
from newsletter.typography import HAN, has_han

LETTERS = {"act": "v", "with": "w", "join": "j", "noun": "n", "mod": "m", "adj": "m"}
# Grammar words: letter, expression, English.
_WORDS = {
    "zh": (
        ("h", r"据悉|据报道|据称|消息称|报道称|知情人士称|被曝|传(?=[^统输感真])"),
        ("f", r"即将(?!发布的)|将会|将"),
        ("p", r"拟|计划(?=[^”，]{2})|目标(?=筹集)|打算|准备|筹划|欲(?!望)"),
        ("y", r"或将|或(?!者)|有望|可能"),
        ("k", r"(?:正在?)?(?:洽谈|商谈|谈判)"),
        ("g", r"正在|正(?!式)"),
        ("O", r"面向|针对|(?P<on>关于)(?:防范)?"),
        ("U", r"许可|批准"),
        ("K", r"(?:宣布)?(?:完成|获得|斩获|获|筹集|募集|募资|筹资)(?:了|新一轮)?"),
        ("F", r"(?:(?P<round>[A-H]\+?|Pre-[A-C]\+?|天使|种子)\s?轮)?融资"),
        ("S", r"斥资|出资|豪掷|耗资"),
        ("I", r"投入|投资(?=\s?(?:总计|约|近|超|逾|最高|高达)?\s?\d)"),
        ("J", r"裁员|裁撤|裁减"),
        ("T", r"(?:在)?未来\s?(?P<years>\d+|[一二两三四五六七八九十])\s?年内?"),
        ("i", r"在"),
        ("t", r"向|对"),
        ("c", r"[中上里]"),
        ("u", r"旗下的?"),
        ("b", r"版(?=[“”])"),
        ("d", r"的"),
        ("a", r"以及|[和与及、]"),
        (
            "x",
            r"已经|已|正式|宣布|近日|今日|今天|日前|近期|重磅|秘密|紧急|\d{1,2}月\d{1,2}日|总计|累计|了|（[^（）]{1,16}）|新?资金(?=$|，)|[“”：，]",
        ),
    ),
    "en": (
        ("h", r"reportedly\b|is said to\b|reported to\b"),
        ("k", r"(?:is )?in talks to\b"),
        ("p", r"(?:plans?|aims?|prepares?|looks?|seeks?|is planning|is preparing) to\b"),
        ("f", r"will\b|to(?= [a-z])|is set to\b|is about to\b"),
        ("y", r"may\b|might\b|could\b"),
        ("K", r"raises?\b|raised\b|secures?\b|secured\b|lands?(?= [$€£])|nabs?(?= [$€£])|closes?(?= [$€£])"),
        ("F", r"(?:in )?(?:a )?(?:Series (?P<round>[A-H])\b|(?P<seed>seed)\b)(?: round| funding)*"),
        ("R", r"for(?= (?:up to |about |nearly |over |more than )?[$€£])"),
        ("I", r"(?:invests?|invested|spends?|spent|to invest|to spend)(?= (?:up to |about |over )?[$€£])"),
        ("i", r"in(?= [A-Z])|into(?= [A-Z])"),
        ("a", r"and(?= [A-Z])|&"),
        ("J", r"lays? off|laid off|cuts?(?= (?:about |over |nearly )?\d)|to lay off|to cut(?= \d)"),
        ("x", r"the\b|its\b|an?\b|just\b|now\b|officially\b"),
    ),
}
_READ = {
    language: tuple((letter, re.compile(words, re.IGNORECASE if language == "en" else 0)) for letter, words in table)
    for language, table in _WORDS.items()
}
_NUMERALS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_SPELLED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = re.compile(r"(?P<number>[一两二三四五六七八九十]|\d{1,2})\s?[款个项大台种]")
_PEOPLE = {
    "zh": re.compile(r"(?:约|近|超|逾)?\s?\d[\d,]*\s?(?:万\s?)?(?:人|名员工|个岗位)"),
    "en": re.compile(r"\d[\d,]*\s(?:jobs|employees|workers|staff)"),
}
_ABOUT = {
    "zh": {
        "超": "more than",
        "超过": "more than",
        "逾": "more than",
        "近": "nearly",
        "约": "about",
        "最高": "up to",
        "高达": "up to",
    },
    "en": {"more than": "超", "over": "超", "nearly": "近", "about": "约", "up to": "至多", "around": "约"},
}
_LATIN = re.compile(r"(?!AI\b)[A-Z][\w.+’'-]*(?: (?!AI\b)(?:[A-Z][\w.+-]*|\d[\w.]*))*")
_WORD = re.compile(r"[A-Z][\w.+-]*")
_OF_PLACE = re.compile("[州省市]")
_OF_FIRM = re.compile("(?:科技(?![部园股企巨创]))?(?:公司|集团)?")
_VERSION = re.compile(r" ?\d[\w.]*")
_CURRENCY = {
    "USD": ("$", "美元"),
    "EUR": ("€", "欧元"),
    "GBP": ("£", "英镑"),
    "CNY": ("", "元"),
    "HKD": ("HK$", "港元"),
}
_SCALES_EN = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SCALES_ZH = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a headline, and how it is said in both languages."""

    letter: str
    said: Both
    word: Deed | Phrase | None = None
    kind: str = ""  # of a name
    end: int = 0  # where it ends in the headline


def tokens_of(text: str, language: str, body: str = "") -> list[Token]:
    """The known parts of `text` from its beginning; reading stops at the first word that is none.

    `body` is the article: an English word that stands there in small letters is no name.
    """
    mentions = {mention.start: mention for mention in lexicon.load().mentions(text)}
    amounts = {quantity.start: quantity for quantity in quantities.quantities(text)}
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        token = next((t for t in _ways(text, at, language, mentions, amounts, body) if t), None)
        if token is None:
            return found
        at = token.end
        if token.letter != "x":
            found.append(_as_said(token, found))
    return found


def _as_said(token: Token, before: list[Token]) -> Token:
    """After a deed 开源 and "open source" say what kind of thing it is done to."""
    kind = load("zh").words.get(token.said.zh)
    if token.letter != "v" or kind is None or not any(each.letter == "v" for each in before):
        return token
    return Token("m", Both(kind.en, kind.zh), kind, "", token.end)


def _ways(
    text: str, at: int, language: str, mentions: dict[int, Mention], amounts: dict[int, Quantity], body: str
) -> Iterator[Token | None]:
    if text[at] == "“":
        yield _descriptor(text, at, language)
    word = _word(text, at, language)
    mention = mentions.get(at)
    name = _name(text, mention) if mention else None
    if name and (word is None or name.end >= word.end):
        yield name
    yield _money(text, at, language, amounts)
    yield _people(text, at, language)
    grammar = _grammar(text, at, language)
    if grammar and word and word.end >= grammar.end:
        yield word
    yield grammar
    yield word
    if language == "zh":
        yield _count(text, at)
    yield _latin(text, at, language, body)
    yield _descriptor(text, at, language)


def _name(text: str, mention: Mention) -> Token:
    stands = text[mention.start : mention.end]
    end = mention.end
    if not has_han(stands) and (more := _VERSION.match(text, end)) and mention.name.kind in ("model", "product"):
        stands, end = text[mention.start : more.end()], more.end()
    name = mention.name
    if more := (_OF_PLACE if name.kind == "place" else _OF_FIRM).match(text, end):
        end = more.end()
    en = name.en[0] if has_han(stands) or stands.casefold() == name.en[0].casefold() else stands
    zh = (name.zh or name.en)[0] if not has_han(stands) and has_han("".join(name.zh[:1])) else stands
    return Token("P" if name.kind == "place" else "N", Both(en, zh), None, name.kind, end)


def _word(text: str, at: int, language: str) -> Token | None:
    table = load(language)
    folded = text[at : at + 40].casefold()
    if language == "en" and at and text[at - 1].isalnum():
        return None
    found = [
        next((f for f in forms if folded.startswith(f.casefold()) and _ends(folded, len(f), language)), "")
        for forms in (table.deeds, table.words)
    ]
    if found[0] and len(found[0]) >= len(found[1]):
        deed = table.deeds[found[0]]
        return Token(LETTERS[deed.kind], Both(deed.base, deed.zh), deed, "", at + len(found[0]))
    if found[1]:
        phrase = table.words[found[1]]
        return Token(LETTERS[phrase.role], Both(phrase.en, phrase.zh), phrase, "", at + len(found[1]))
    return None


def _ends(text: str, at: int, language: str) -> bool:
    return language == "zh" or not text[at : at + 1].isalnum()


def _grammar(text: str, at: int, language: str) -> Token | None:
    for letter, expression in _READ[language]:
        if match := expression.match(text, at):
            groups = match.groupdict()
            said = Both()
            if letter == "O":
                said = Both("on" if groups["on"] else "for")
            elif letter == "F":
                said = _round(groups)
            elif letter == "T":
                said = Both(f"over the next {_spelled(groups['years'] or '')} years")
            return Token(letter, said, None, match.group(), match.end())
    return None


def _round(groups: dict[str, str | None]) -> Both:
    name = groups.get("round") or ("种子" if groups.get("seed") else "")
    special = {"天使": "an angel", "种子": "a seed", "Pre-A": "a pre-A"}
    if not name:
        return Both()
    return Both(f"{special.get(name, f'a Series {name}')} round", f"{name}轮融资")


def _money(text: str, at: int, language: str, amounts: dict[int, Quantity]) -> Token | None:
    lead = next((word for word in sorted(_ABOUT[language], key=len, reverse=True) if text.startswith(word, at)), "")
    start = at + len(lead)
    start += len(text[start:]) - len(text[start:].lstrip(" "))
    quantity = amounts.get(start)
    if quantity is None or quantity.unit not in _CURRENCY:
        return None
    other = _ABOUT[language].get(lead, "")
    hedge = Both(other, lead) if language == "zh" else Both(lead, other)
    said = money(quantity)
    both = Both(f"{hedge.en} {said.en}".strip(), f"{hedge.zh} {said.zh}".strip())
    return Token("M", both, None, "", start + len(quantity.text.rstrip()))


def money(quantity: Quantity) -> Both:
    """An amount as either language writes it: $1.5 billion, 15 亿美元."""
    sign, name = _CURRENCY[quantity.unit]
    en_number, en_scale = _scaled(quantity.value, _SCALES_EN)
    zh_number, zh_scale = _scaled(quantity.value, _SCALES_ZH)
    en = f"{sign}{en_number}" + (f" {en_scale}" if en_scale else "") + (" yuan" if quantity.unit == "CNY" else "")
    return Both(en, f"{zh_number} {zh_scale}{name}")


def _scaled(value: float, scales: tuple[tuple[float, str], ...]) -> tuple[str, str]:
    for weight, name in scales:
        if value >= weight:
            return f"{value / weight:.4f}".rstrip("0").rstrip("."), name
    return f"{value:,.0f}", ""


def _people(text: str, at: int, language: str) -> Token | None:
    match = _PEOPLE[language].match(text, at)
    numbers = quantities.quantities(match.group()) if match else ()
    if not match or len(numbers) != 1:
        return None
    number, scale = _scaled(numbers[0].value, ((1e4, "万"),)) if numbers[0].value % 1000 == 0 else ("", "")
    zh = f"{number} {scale}人" if scale else f"{numbers[0].value:.0f} 人"
    return Token("H", Both(f"{numbers[0].value:,.0f}", zh), None, "", match.end())


def _count(text: str, at: int) -> Token | None:
    match = _COUNT.match(text, at)
    if not match:
        return None
    return Token("C", Both(_spelled(match["number"]), match.group()), None, "", match.end())


def _spelled(number: str) -> str:
    value = _NUMERALS.get(number) or int(number)
    return _SPELLED[value] if value < len(_SPELLED) else str(value)


def _latin(text: str, at: int, language: str, body: str) -> Token | None:
    """A Latin name that only one language knows: kept as it is."""
    match = (_LATIN if language == "zh" else _WORD).match(text, at)
    if not match or (at and text[at - 1].isalnum() and text[at - 1].isascii()):
        return None
    word = match.group().rstrip(".'’")
    if language == "en" and not _is_name(word.removesuffix("’s"), text, body):
        return None
    return Token("L", Both(word, word), None, "", at + len(word))


def _is_name(word: str, title: str, body: str) -> bool:
    """Whether a capital makes a name of an English word: it has one in the article's running text, and never none."""
    if word.casefold() == word or re.search(rf"\b{re.escape(word.lower())}\b", f"{title} {body}"):
        return False
    if re.search(r"[a-z][A-Z]", word):
        return True
    return bool(re.search(rf"[a-z,] {re.escape(word)}\b", body))


def _descriptor(text: str, at: int, language: str) -> Token | None:
    """What a firm is, right before its Latin name: said by the name well enough."""
    orgs = "|".join(map(re.escape, sorted(load(language).orgs, key=len, reverse=True)))
    if language == "zh":
        match = re.compile(
            f"“[{HAN}]{{2,8}}”(?=[A-Z])|[{HAN}A-Z ]{{0,18}}?(?:{orgs}|平台|工具|网络|模型|插件)\\s?(?=[A-Z])"
        ).match(text, at)
        if match and re.search("[和与及、的并或旗]", match.group()):
            return None
    else:
        match = re.compile(rf"(?:[a-z][\w-]* ){{0,5}}(?:AI )?(?:[a-z][\w-]* ){{0,3}}(?i:{orgs}) (?=[A-Z])").match(
            text, at
        )
    return Token("x", Both(), None, "", match.end()) if match else None
