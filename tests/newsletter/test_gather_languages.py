"""Which language a text is in."""

import pytest

from newsletter.gather.languages import language_of, primary


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("长风发布新模型，价格下降", "", "zh"),
        ("长风发布新模型，价格下降", "en", "zh"),
        ("OpenSpan 发布 Weaver 2", "zh-CN", "zh"),
        ("阿里·穆罕默德・甲說：「會議の前」", "", "zh"),
        ("新しいモデルを発表しました。価格は下がります", "", "ja"),
        ("新しいモデルを発表しました。価格は下がります", "zh", "ja"),
        ("OpenSpan releases Weaver 2", "zh-CN", "en"),
        ("iPhone 18", "zh", "zh"),
        ("Ein Roboter lernt Brot backen", "de-DE", "de"),
        ("A robot learns to bake", "", "en"),
        ("ChinAI: 新 policies for model makers in Shenzhen", "en", "en"),
        ("", "", "en"),
    ],
)
def test_characters_tell_and_the_declaration_helps(text: str, declared: str, language: str) -> None:
    assert language_of(text, declared) == language


@pytest.mark.parametrize(
    ("tag", "first"), [("zh-Hans-CN", "zh"), ("EN_us", "en"), ("", ""), ("english", ""), ("x", "")]
)
def test_the_primary_subtag(tag: str, first: str) -> None:
    assert primary(tag) == first
