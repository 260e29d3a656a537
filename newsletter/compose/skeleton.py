"""A headline said in the other language, where every part of it is known: who did what, to whom, for how much.

Nothing is guessed: a headline, or a clause of it, is read as a whole row of names, amounts and phrases of the data
files (`tokens.py`) in one of a few shapes, or it is not rendered at all. What else a headline says after such a clause
is left out; a headline that denies, asks or sets conditions is never rendered.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsletter import typography
from newsletter.compose.phrases import Deed, Phrase, plural
from newsletter.compose.tokens import Token, tokens_of

_ONE = r"(?:[NL]u)?(?:[NL]b[NL]*|N(?=N))?(?:P?[mn]*n)?[NL]"
_WHO = rf"(?P<who>{_ONE}(?:a{_ONE})*)"
_HOW = r"(?P<how>[fpygkh]*)"
_WHAT = r"(?P<what>C?(?:Pd?)?(?:[NLmn]d?)*n|(?:C?P?(?:[NL]d?)?[mnd]*)?[NL](?:a[NL])*)"
_ABOUT_THINGS = ("risk warning", "security risk warning", "report", "guide", "white paper", "standard", "new rules")
_DENIED = re.compile(
    r"[?？]|否认|辟谣|不实|谣言|传闻|假消息|不存在|若|如果|一旦|尚未|并未|没有|拒绝|叫停|不再|终止"
    r"|\b(?:not?|den(?:y|ies|ied)|if|unless|rumou?rs?|fake|rejects?|halts?|ends?|stops?|after failing)\b|n[’']t\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"据悉|据报道|据称|消息称|报道称|知情人士|被曝|^传|\b(?:reportedly|sources say|report says|paper says)\b"
)
_DATED = re.compile(
    r"^(?:(?:当地时间|北京时间)?\s?(?:\d{1,2}月)?\d{1,2}日(?:[上下]午|晚间?)?|近日|日前|今[日天]|(?:当地时间)?周[一二三四五六日])[，,]?"
)
_CLAUSES = {
    "zh": re.compile(r"[，；。！]|\s?(?:并(?!购)|以(?=推进|加速|支持|满足)|瞄准|助力|助推|用于|剑指|加速|旨在|试图)"),
    "en": re.compile(r"[;—–]|: "),
}
# What may follow an English clause that is whole: it adds to it, and never turns it.
_TAIL = re.compile(
    r"\s*(?:$|,|(?:for|to|as|after|amid|over|with|on|in|at|that|which|from|by|against|via|following)\b)"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A shape that fitted, with the tokens of its parts."""

    parts: dict[str, tuple[Token, ...]]
    hedged: bool

    def __getitem__(self, part: str) -> tuple[Token, ...]:
        return self.parts.get(part, ())


Say = Callable[[_Told, str], str]


def render(title: str, language: str, body: str = "") -> str:
    """`title`, which is in `language`, in the other one; "" where any part of what it says is unknown.

    `body` is the article's text, which tells an English name from a word with a capital.
    """
    return _render(title, language, body[:3000])


def render_opening(sentence: str, language: str, body: str = "") -> str:
    """What a sentence says first, in the other language, as `render` does; later clauses may be anybody's words."""
    opening = _DATED.sub("", sentence).rstrip("。.")
    if language == "zh":
        opening = opening.split("，", maxsplit=1)[0]
    said = _clause(opening, language, "zh" if language == "en" else "en", body[:3000], hedged=False)
    if not said or _DENIED.search(sentence) or _HEDGED.search(sentence):
        return ""
    return typography.set_text(said, "zh" if language == "en" else "en")


@lru_cache(maxsize=2000)
def _render(title: str, language: str, body: str) -> str:
    if _DENIED.search(title):
        return ""
    wanted = "zh" if language == "en" else "en"
    hedged = bool(_HEDGED.search(title))
    for clause in _clauses(title, language):
        if said := _clause(clause, language, wanted, body, hedged=hedged):
            return typography.set_text(said, wanted)
    return ""


def _clauses(title: str, language: str) -> list[str]:
    """The whole headline, then its clauses."""
    parts = [part.strip() for part in _CLAUSES[language].split(title)]
    return list(dict.fromkeys([title.strip(), *(part for part in parts if part)]))


def _clause(clause: str, language: str, wanted: str, body: str, *, hedged: bool) -> str:
    tokens = tokens_of(clause, language, body)
    while tokens and tokens[0].letter == "h":  # the whole headline counts as hedged
        tokens = tokens[1:]
    for size in range(len(tokens), 1, -1):
        rest = clause[tokens[size - 1].end :].strip(" ”“")
        if rest and (language == "zh" or not _TAIL.match(f" {rest}")):
            continue
        row = "".join(token.letter for token in tokens[:size])
        for shape, say in _SHAPES:
            if match := re.fullmatch(shape, row):
                parts = {name: tuple(tokens[slice(*match.span(name))]) for name in match.groupdict()}
                return say(_Told(parts, hedged), wanted)
    return ""


def _raises(told: _Told, language: str) -> str:
    who, money = _names(told["who"], language), told["money"][0].said[language]
    stage = told["stage"][0].said[language] if told["stage"] else ""
    if language == "zh":
        return f"{_lead(told)}{who}{_how_zh(told)}完成{money}{stage or '融资'}" if stage else f"{who}融资{money}"
    deed = Deed("act", "", "raise", "raises", "raising", "")
    return f"{who} {_predicate(deed, told)} {money}" + (f" in {stage}" if stage else "")


def _acts(told: _Told, language: str) -> str:
    deed, what = told["deed"][0].word, _thing(told["what"], language, alone=not told["for"])
    if not isinstance(deed, Deed) or not what:
        return ""
    who = _names(told["who"], language)
    money = told["money"][0].said[language] if told["money"] else ""
    place = _names(told["place"], language) if told["place"] else ""
    if language == "zh":
        where = f"在 {place} 中" if place else ""
        spent = f"斥资{money}" if money else ""
        return f"{_lead(told)}{who}{_how_zh(told)}{where}{spent}{deed.zh}{what}"
    if money and deed.base != "acquire":
        spends = Deed("act", "", "spend", "spends", "spending", "")
        return f"{who} {_predicate(spends, told)} {money} to {deed.base} {what}"
    text = f"{who} {_predicate(deed, told)} {what}"
    if told["for"]:
        text += f" {told['link'][0].said.en} {_noun_phrase(told['for'], bare=True)}"
    if place:
        text += f" {'into' if deed.base == 'integrate' else 'on'} {place}"
    return text + (f" for {money}" if money else "")


def _permitted(told: _Told, language: str) -> str:
    deed, what = told["deed"][0].word, _thing(told["what"], language)
    if language == "zh" or not isinstance(deed, Deed) or not what:
        return ""
    who, where = _names(told["who"], language), told["where"][0].said.en
    gets = _predicate(Deed("act", "", "get", "gets", "getting", ""), told)
    return f"{who} {gets} permission to {deed.base} {what} in {where}"


def _invests(told: _Told, language: str) -> str:
    who, money = _names(told["who"], language), told["money"][0].said[language]
    into = _names(told["into"], language) if told["into"] else ""
    span = told["span"][0].said[language] if told["span"] else ""
    if language == "zh":
        return f"{_lead(told)}{who}{_how_zh(told)}" + (f"向 {into} 投资{money}" if into else f"投入{money}")
    deed = Deed("act", "", "invest", "invests", "investing", "")
    tail = (f" in {into}" if into else "") + (f" {span}" if span else "")
    return f"{who} {_predicate(deed, told)} {money}{tail}"


def _meets(told: _Told, language: str) -> str:
    deed = told["deed"][0].word
    if not isinstance(deed, Deed):
        return ""
    who, whom = _names(told["who"], language), _names(told["what"], language)
    if language == "zh":
        return f"{_lead(told)}{who}{_how_zh(told)}" + (
            f"与 {whom} {deed.zh}" if deed.kind == "with" else f"{deed.zh}{whom}"
        )
    return f"{who} {_predicate(deed, told)} {whom}"


def _cuts(told: _Told, language: str) -> str:
    who, number = _names(told["who"], language), told["people"][0].said[language]
    if language == "zh":
        return f"{_lead(told)}{who}{_how_zh(told)}裁员 {number}"
    return f"{who} {_predicate(Deed('act', '', 'cut', 'cuts', 'cutting', ''), told)} {number} jobs"


def _appears(told: _Told, language: str) -> str:
    """ "AstronClaw 上线": the thing done is the subject; of a product or a model only."""
    deed, thing = told["deed"][0].word, told["who"][-1]
    if not isinstance(deed, Deed) or not deed.participle or thing.kind not in ("product", "model", ""):
        return ""
    who = _names(told["who"], language) if thing.letter in "NL" else _thing((*told["owner"], *told["who"]), language)
    if not who:
        return ""
    if language == "zh":
        return f"{_lead(told)}{who}{_how_zh(told)}{deed.zh}"
    if told["how"]:
        return (
            f"{who} {_predicate(Deed('act', '', f'be {deed.participle}', '', '', ''), told)}"
            if "g" not in _hows(told)
            else ""
        )
    return f"{who} {'is reportedly' if told.hedged else 'is'} {deed.participle}"


_SHAPES: tuple[tuple[str, Say], ...] = (
    (rf"{_WHO}{_HOW}K(?P<money>M)(?P<stage>F)?", _raises),
    (rf"{_WHO}{_HOW}(?P<stage>F)(?P<money>M)", _raises),
    (rf"{_WHO}{_HOW}S(?P<money>M)(?P<deed>v){_WHAT}", _acts),
    (rf"{_WHO}{_HOW}(?P<deed>v){_WHAT}(?:R(?P<money>M))?", _acts),
    (rf"(?P<who>P){_HOW}(?P<deed>v){_WHAT}", _acts),
    (rf"{_WHO}{_HOW}(?P<deed>v)(?P<link>O)(?P<for>[mnNL]+)d{_WHAT}", _acts),
    (rf"{_WHO}{_HOW}Ki(?P<where>P)(?P<deed>v){_WHAT}dU", _permitted),
    (rf"{_WHO}{_HOW}i(?P<place>[NL])c?(?P<deed>v){_WHAT}", _acts),
    (rf"{_WHO}{_HOW}i(?:[mn]|[NL])*(?P<place>[NL])c?(?P<deed>v){_WHAT}", _acts),
    (rf"{_WHO}{_HOW}t(?P<into>[NL]){_HOW.replace('how', 'again')}[Iv](?P<money>M)", _invests),
    (rf"{_WHO}{_HOW}(?P<span>T)?I(?P<money>M)(?:i(?P<into>[NL]))?", _invests),
    (rf"(?P<who>{_ONE})a(?P<what>{_ONE}(?:a{_ONE})*){_HOW}(?P<deed>w)", _meets),
    (rf"{_WHO}{_HOW}a(?P<what>{_ONE}(?:a{_ONE})*)(?P<deed>w)", _meets),
    (rf"{_WHO}{_HOW}(?P<deed>[wj])(?P<what>{_ONE}(?:a{_ONE})*)", _meets),
    (rf"{_WHO}{_HOW}J(?P<people>H)", _cuts),
    (rf"(?P<who>(?:[NL]b[NL]*)?[NL]){_HOW}(?P<deed>v)", _appears),
    (rf"(?P<owner>N)(?P<who>[NLmn]*n){_HOW}(?P<deed>v)", _appears),
)


def _hows(told: _Told) -> str:
    return "".join(token.letter for token in told["how"]) + ("h" if told.hedged else "")


def _predicate(deed: Deed, told: _Told) -> str:
    """The deed as an English predicate: "plans to acquire", "is in talks to lease", "reportedly acquires"."""
    how = _hows(told)
    many = any(token.letter == "a" for token in told["who"])
    said = deed.base if many else deed.third
    if "k" in how:
        said = f"{'are' if many else 'is'} in talks to {deed.base}"
    elif "p" in how:
        said = f"{'plan' if many else 'plans'} to {deed.base}"
    elif "y" in how:
        said = f"may {deed.base}"
    elif "f" in how:
        said = f"will {deed.base}"
    elif "g" in how:
        said = f"{'are' if many else 'is'} {deed.ing}"
    if "h" not in how:
        return said
    first, _, rest = said.partition(" ")
    return f"{first} reportedly {rest}" if first in ("is", "are", "may", "will") else f"reportedly {said}"


def _how_zh(told: _Told) -> str:
    how = _hows(told)
    return next(
        (
            said
            for letter, said in zip("kpyfg", ("正洽谈", "计划", "或将", "将", "正在"), strict=True)
            if letter in how
        ),
        "",
    )


def _lead(told: _Told) -> str:
    return "据报道，" if "h" in _hows(told) else ""


def _names(tokens: Sequence[Token], language: str) -> str:
    """ "Google and Tesla"; of a descriptor or an owner before a name only the owner who lends it his version stays."""
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.letter == "a":
            groups.append([])
        else:
            groups[-1].append(token)
    said = [_name(group, language) for group in groups if group]
    if language == "zh":
        return "、".join(said[:-1]) + (f"和 {said[-1]}" if len(said) > 1 else said[-1])
    return ", ".join(said[:-1]) + (f" and {said[-1]}" if len(said) > 1 else said[-1])


def _name(group: Sequence[Token], language: str) -> str:
    name = group[-1].said[language]
    owner = next((group[i - 1] for i, token in enumerate(group) if i and token.letter == "b"), None)
    if owner is None and len(group) > 1 and group[-2].kind == "company" and group[-1].kind in ("product", "model"):
        owner = group[-2]
    if owner is None:
        return name
    return f"{owner.said.zh} {name}" if language == "zh" else f"{owner.said.en}’s {name}"


def _thing(tokens: Sequence[Token], language: str, *, alone: bool = True) -> str:
    """What is acted on: a name, or a noun with what stands before it; "" where that `alone` says too little."""
    tokens = [token for token in tokens if token.letter != "d"]
    last = tokens[-1]
    if last.letter == "n" and last.said.en in ("model", "chips") and len(tokens) > 1 and tokens[-2].kind == "model":
        tokens, last = tokens[:-1], tokens[-2]  # "the GPT-5 model" is GPT-5
    if last.letter in "NL":
        names = [token for token in tokens if token.letter in "NLa"]
        first = max(
            (i for i, token in enumerate(names) if i and names[i - 1].letter != "a" and token.letter != "a"), default=0
        )
        return _names(names[first:], language)
    empty = " " not in last.said.en or last.said.en in _ABOUT_THINGS
    if alone and len(tokens) == 1 and empty and last.said.en != "IPO":
        return ""  # "launches a platform" tells nothing
    if language == "zh":
        return "".join(_spaced(token.said.zh) for token in tokens if token.letter != "C")
    return _noun_phrase(tokens)


def _spaced(text: str) -> str:
    return f" {text} " if text.isascii() else text


def _noun_phrase(tokens: Sequence[Token], *, bare: bool = False) -> str:
    """ "a large data center in Texas"; `bare` of many or of the kind: "AI agents", "enterprises"."""
    if tokens[-1].letter in "NLm":
        return " ".join(token.said.en for token in tokens)
    place = next((token.said.en for token in tokens if token.letter == "P"), "")
    count = next((token.said.en for token in tokens if token.letter == "C"), "")
    owner = next((token.said.en for token in tokens[:-1] if token.kind in ("company", "agency")), "")
    before = [token for token in tokens[:-1] if token.letter in "NLmn" and token.said.en != owner]
    before.sort(key=lambda token: not (isinstance(token.word, Phrase) and token.word.role == "adj"))
    words = [_before(token) for token in before]
    last = tokens[-1]
    if not isinstance(last.word, Phrase):
        return ""
    many = count not in ("", "one") or (bare and last.word.article != "")
    words.append(plural(last.said.en) if many else last.said.en)
    if last.said.en in _ABOUT_THINGS and len(words) > 1 and not many:
        return _about(tokens, words)
    text = " ".join([count, *words] if many and count else words)
    if owner:
        text = f"{owner}’s {text}"
    elif "’s first" in text:
        text = f"the {text}" if text.startswith("world") else text
    elif "first" in text:
        text = f"its {text}"
    elif last.word.article and not many and not bare:
        text = f"{'an' if _vowel(text) else 'a'} {text}"
    return text + (f" in {place}" if place else "")


def _before(token: Token) -> str:
    """A word before a noun: "an AI agent project" of what is "AI agents" by itself."""
    plain = isinstance(token.word, Phrase) and token.word.role == "noun" and token.said.en.endswith("s")
    return token.said.en.removesuffix("s") if plain else token.said.en


def _about(tokens: Sequence[Token], words: list[str]) -> str:
    """ "a risk warning on industrial OpenClaw apps": what is warned of stands after it."""
    last, before = tokens[-1], tokens[-2]
    thing = (
        plural(words[-2])
        if before.letter == "n" and isinstance(before.word, Phrase) and before.word.article
        else words[-2]
    )
    subject = " ".join([*words[:-2], thing])
    article = "a " if isinstance(last.word, Phrase) and last.word.article else ""
    return f"{article}{last.said.en} on {subject}"


def _vowel(text: str) -> bool:
    word = text.split()[0]
    if word.isupper() and len(word) < 5:
        return word[0] in "AEFHILMNORSX"  # AI, LLM, NPU are spelled out
    return word[0] in "aeioAEIO" or word.startswith(("un", "up"))
