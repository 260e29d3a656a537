"""A sentence as HTML: citation marks that link, and the brush's marks on doubted words. Everything else is escaped."""

import re
from collections.abc import Collection

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from newsletter.sentences import CITATION, citations

# A run of marks, the space before it, and the stop that must not be parted from it.
_RUN = re.compile(r"\s*((?:\[\d{1,4}\])+)([.。,，;；:：!！?？…”’\"')）」』]*)")
_STOP = re.compile(r"(\s*(?:\[\d{1,4}\])*[.。!！?？…]+[”’\"')）」』]*)$")


def sentence_html(
    sentence: str, language: str, sources: str, known: Collection[int], marks: Collection[tuple[str, str]], caret: str
) -> SafeString:
    """`sentence` for one cell of the proof.

    `sources` is the address of the row's sources: `[3]` leads to `{sources}&n=3` where 3 is in `known`. `marks` are
    (words, class) to be marked where they occur, `caret` what a screen reader says where a citation is missing.
    """
    spans = _spans(sentence, marks)
    parts, at = [], 0
    for start, end, css in spans:
        parts += [
            _cited(sentence[at:start], language, sources, known),
            format_html('<span class="{}">{}</span>', css, _cited(sentence[start:end], language, sources, known)),
        ]
        at = end
    rest = sentence[at:]
    if caret:
        stop = _STOP.search(rest)
        cut = stop.start() if stop else len(rest)
        sign = format_html('<span class="caret" role="img" aria-label="{}">∧</span>', caret)
        parts += [_cited(rest[:cut], language, sources, known), sign, _cited(rest[cut:], language, sources, known)]
    else:
        parts.append(_cited(rest, language, sources, known))
    return format_html_join("", "{}", ((part,) for part in parts))


def _spans(sentence: str, marks: Collection[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where the marked words stand, in order, none overlapping; the longer words win."""
    spans: list[tuple[int, int, str]] = []
    for words, css in sorted(marks, key=lambda mark: -len(mark[0])):
        start = sentence.find(words) if words else -1
        if start < 0:
            continue
        end = start + len(words)
        if all(end <= a or start >= b for a, b, _ in spans):
            spans.append((start, end, css))
    return sorted(spans)


def _cited(text: str, language: str, sources: str, known: Collection[int]) -> SafeString:
    parts, at = [], 0
    for run in _RUN.finditer(text):
        links = format_html_join("", "{}", ((_link(int(n), sources, known),) for n in CITATION.findall(run[1])))
        gap = mark_safe("" if language == "zh" or not run.start() else "&nbsp;")  # noqa: S308
        parts.append(format_html('{}{}<span class="w">{}{}</span>', text[at : run.start()], gap, links, run[2]))
        at = run.end()
    return format_html_join("", "{}", ((part,) for part in [*parts, text[at:]]))


def _link(number: int, sources: str, known: Collection[int]) -> SafeString:
    if number not in known:
        return format_html('<span class="cite">[{}]</span>', number)
    return format_html('<a class="cite" href="{}&amp;n={}">[{}]</a>', sources, number, number)


def numbers(*sentences: str) -> list[int]:
    """The citation numbers of the sentences, each once, in order."""
    return list(dict.fromkeys(n for sentence in sentences for n in citations(sentence)))


def bare(sentence: str) -> str:
    """The words of `sentence` without citation marks and stop at its end: what a mark under the whole of it draws."""
    stop = _STOP.search(sentence)
    return sentence[: stop.start()] if stop else sentence
