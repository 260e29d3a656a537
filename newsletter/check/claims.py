"""What a sentence makes of its source: words in quotation marks, certainty, and yes for no."""

import re
from collections.abc import Iterator

from newsletter.check.alignment import Origin
from newsletter.check.finding import HIGH, LOW, MEDIUM, FindingValue, about
from newsletter.check.negation import ANY_NOT, NOT
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence
from newsletter.lexicon import fold

_QUOTES = {"en": re.compile(r"“([^”]+)”|\"([^\"]+)\""), "zh": re.compile(r"“([^”]+)”|「([^」]+)」|\"([^\"]+)\"")}
_ANY_QUOTE = re.compile(r"[“”\"‘「」『』]|(?<!\w)'")
_SPOKEN = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|told|tells|called|calls|wrote|writes|describ\w+|according|added|adds|warn\w*|argu\w+)\b"
    r"|表示|称|说|指出|认为|强调|坦言|直言|透露|写道|回应|警告|评论|形容",
    re.A,
)
_ENOUGH = {"en": (3, 5), "zh": (5, 9)}  # words or characters of a quotation: where someone speaks, and elsewhere
_HEDGES = re.compile(
    r"\b(?:reported(?:ly)?|allege\w*|may|might|could|would|rumou?r\w*|said to|in talks|talks|plan(?:s|ned|ning)?"
    r"|consider\w*"
    r"|expect\w*|likely|claim\w*|aim\w*|seek\w*|propos\w*|potential\w*|people familiar|sources?|mull\w*|weigh\w*"
    r"|appear\w*"
    r"|seem\w*|suggest\w*|possibl\w*|intend\w*|hope\w*|want\w*|unconfirmed|estimat\w*|forecast\w*|project\w*"
    r"|set to|says?|said"
    r"|according)\b"
    r"|(?<![数证依占])据(?!点|此)|传(?=闻|出|言|将|要)|或(?!者|非|是)|可能|有望|拟|计划|考虑|洽谈|谈判|知情人士|消息人士"
    r"|预计|疑|未证实|不排除|声称|自称|力争|(?<!名)称(?!号|为)|表示|预期|希望|似乎|认为|估计|将",
    re.I | re.A,
)
_STRONG_HEDGES = re.compile(
    r"\b(?:reportedly|allege\w*|may|might|could|rumou?r\w*|said to be|in talks|considering|people familiar"
    r"|unconfirmed|mull\w*"
    r"|weighing|possibl[ye]|plan(?:s|ning) to)\b|据悉|据报道|据传|传闻|或将|或达|或许|可能|拟(?!人|合|真|态|定)"
    r"|考虑|洽谈|知情人士|消息人士|未证实|不排除",
    re.I | re.A,
)
# A claim of rank or of certainty, and what in a source, in either language, would bear it out.
_STRONG: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(said, re.I), re.compile(known, re.I))
    for said, known in (
        (r"world[’']s first|first[- ]ever|(?:全球|世界|业内|国内|史上)首", r"\bfirst\b|首|第一"),
        (r"\b(?:largest|biggest)\b|最大", r"largest|biggest|record|\bmost\b|top|no\. ?1|最|首|第一|榜首|创纪录"),
        (r"most powerful|most advanced|\bstrongest\b|最强|最先进", r"most|strongest|best|top|leading|最|领先|第一|顶"),
        (r"\bfastest\b|最快", r"fast|quick|speed|most|最|快|速"),
        (r"史上最|有史以来|in history\b|of all time", r"ever\b|histor|record|all[- ]time|史|纪录|最"),
        (
            r"\b(?:certainly|definitely|undoubtedly|without (?:a )?doubt|guaranteed?|inevitabl[ey])\b|毫无疑问"
            r"|必将|肯定会|注定|无疑|百分之百",
            r"certain|definite|doubt|guarant|inevitab|bound to|疑|必|肯定|注定|一定|保证",
        ),
        (
            r"\b(?:has|have|was|were|been|is) confirmed\b|\bconfirm(?:s|ed) that\b|已证实|已确认|获证实",
            r"confirm|official|证实|确认|官方|官宣|公告",
        ),
    )
)


def check_claims(reading: Reading) -> Iterator[FindingValue]:
    """`quotation` and `certainty`."""
    for sentence in (*reading.claims, *reading.headlines):
        sources = reading.sources(sentence)
        if not sources or (sentence.is_title and sentence.block.kind in ("qa", "main_line", "comparison")):
            continue
        yield from _quotations(reading, sentence)
        yield from _strong_words(reading, sentence)
        origin = reading.origin(sentence)
        if origin:
            yield from _against_origin(sentence, origin)


def _finding(sentence: Sentence, kind: str, severity: str, en: str, zh: str, evidence: str) -> FindingValue:
    return FindingValue(sentence.block.id, sentence.lang, sentence.text, kind, severity, en, zh, evidence)


def _quotations(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """Quoted words that no cited article in the sentence's language has."""
    sources = reading.sources(sentence)
    if not any(article.lang == sentence.tongue for article in sources) and _other_half_quotes(sentence):
        return  # a translated quotation: only a reader of both can judge
    texts = [_letters(whole(article)) for article in sources]
    spoken = bool(_SPOKEN.search(sentence.plain))
    for match in _QUOTES[sentence.tongue].finditer(sentence.plain):
        quote = next(group for group in match.groups() if group)
        size = len(quote.split()) if sentence.tongue == "en" else len(_letters(quote))
        if size < _ENOUGH[sentence.tongue][0 if spoken else 1]:
            continue
        parts = [_letters(part) for part in re.split(r"…+|\.{3}|\[[^\]]*\]", quote)]
        if not any(all(part in text for part in parts) for text in texts):
            yield _finding(
                *(sentence, "quotation", HIGH if spoken else MEDIUM),
                f"Quotation not in source: nobody there says “{quote}”.",
                f"引语无出处：信源里没有“{quote}”这句话。",
                f"{about(sources[0])} {sources[0].title}",
            )


def _other_half_quotes(sentence: Sentence) -> bool:
    """Whether the other language quotes anything: a translated block does where this one does."""
    other = "zh" if sentence.lang == "en" else "en"
    if sentence.block.parity != "translated":
        return True
    text = sentence.block.title[other] if sentence.is_title else sentence.block.text[other]
    return bool(_ANY_QUOTE.search(text))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _strong_words(reading: Reading, sentence: Sentence) -> Iterator[FindingValue]:
    """Rank or certainty that no cited article claims."""
    sources = reading.sources(sentence)
    for said, known in _STRONG:
        match = said.search(sentence.plain)
        if match and not any(known.search(whole(article)) for article in sources):
            yield _finding(
                *(sentence, "certainty", MEDIUM if any(a.text for a in sources) else LOW),
                f"Stronger than its source: “{match.group()}” is not in {_marks(sentence) or 'its sources'}.",
                f"说得比信源绝对：{_marks(sentence) or '来源'}里没有“{match.group()}”。",
                f"{about(sources[0])} {sources[0].title}",
            )


def _marks(sentence: Sentence) -> str:
    return "".join(f"[{n}]" for n in sentence.cited)


def _against_origin(sentence: Sentence, origin: Origin) -> Iterator[FindingValue]:
    """The source hedges what the sentence asserts, or says no where it says yes."""
    evidence = f"{about(origin.article)} {origin.text}"
    no, any_no = NOT[sentence.tongue], ANY_NOT[sentence.tongue]
    same_words = origin.covered >= 0.9 and origin.covers >= 0.9
    turned = same_words and len(no.findall(sentence.plain)) != len(no.findall(origin.text))
    added = no.search(sentence.plain) and not any_no.search(origin.text)
    lost = no.search(origin.text) and not any_no.search(sentence.plain) and origin.covers >= 0.75
    if turned or (origin.covered >= 0.75 and (added or lost)):
        yield _finding(
            *(sentence, "certainty", HIGH, "Says the opposite of its source."),
            *("与信源的意思相反。", evidence),
        )
    hedge = _STRONG_HEDGES.search(origin.text)
    if hedge and origin.covered >= 0.6 and origin.covers >= 0.5 and not _HEDGES.search(sentence.plain):
        yield _finding(
            *(sentence, "certainty", MEDIUM, f"More certain than its source, which says “{hedge.group()}”."),
            *(f"说得比信源肯定：信源用的是“{hedge.group()}”。", evidence),
        )
