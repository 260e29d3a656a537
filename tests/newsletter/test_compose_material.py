"""What a writer is told about names: how they are written, and what they are never called."""

from newsletter.compose import material


def test_the_glossary_has_both_spellings_and_the_renderings_that_are_wrong() -> None:
    names = {english: rest for english, *rest in material.glossary("豆包与苹果、OpenAI、NotebookLM的一天")}
    assert names["Doubao"][0] == "豆包"
    assert "bean bun" in names["Doubao"]
    assert names["Apple"] == ["苹果公司"]
    assert "开放人工智能" in names["OpenAI"]  # written alike in both, and still told
    assert "NotebookLM" not in names  # nothing to tell
