"""The writers' notes are said in the editor's language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from newsletter.compose import notes

COMPOSE = Path(notes.__file__).parent
SAID = frozenset({"note", "NoAnswerError", "PassingError", "UnusableError", "NotWrittenError"})


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("items written offline: the model refused", "items 由离线程序编写：模型拒绝回答"),
        (
            "item-3 written offline: it cites a7, which was not shown for it; asked again: the API answered 529",
            "item-3 由离线程序编写：引用了没有提供给它的文章 a7；再次询问：API 返回 529",
        ),
        ("no batch: no answer came in time", "没有使用批处理：没有及时收到回答"),
        ("words that nobody foresaw", "words that nobody foresaw"),
    ],
)
def test_a_note_is_said_in_chinese_reason_and_all(english: str, chinese: str) -> None:
    assert notes.note_in("zh", english) == chinese
    assert notes.note_in("en", english) == english


def said_in_code() -> Iterator[str]:
    """What compose says in a note or a reason, with a word for all that varies."""
    for path in sorted(COMPOSE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAID:
                yield from _texts(node.args[0])


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [[part.value] if isinstance(part, ast.Constant) else [*_choices(part)] for part in node.values]
        yield from ("".join(str(each[min(n, len(each) - 1)]) for each in parts) for n in range(max(map(len, parts))))


def _choices(part: ast.expr) -> Iterator[str]:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    yield from _texts(value) if isinstance(value, ast.IfExp) else ["x"]


def test_everything_that_compose_says_of_its_writing_has_its_chinese() -> None:
    said = {text for text in said_in_code() if text != "x"}
    assert len(said) > 25
    places = {text for text in said if text.startswith("the server at")}  # tried with their words below
    assert {text for text in said - places if not notes.knows(text)} == set()
    features = ("takes no answer schema: it is told in words, and the answer read all the more carefully",)
    assert all(notes.knows(f"the server at http://x {words}") for words in features)


def test_a_page_prints_it_in_its_own_language() -> None:
    page = Template("{% load writers %}{{ note|in_my_language }}")
    with translation.override("zh-hans"):
        assert page.render(Context({"note": "the model refused"})) == "模型拒绝回答"
    with translation.override("en"):
        assert page.render(Context({"note": "the model refused"})) == "the model refused"
