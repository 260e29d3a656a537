"""What a writer is told about names: how they are written, and what they are never called."""

import datetime as dt
import json

import pytest

from newsletter.compose.brief import brief_for
from newsletter.compose.material import for_items
from tests import factories as make
from tests.factories import DAY, NOON

CUTOFF = NOON + dt.timedelta(hours=6)


@pytest.mark.django_db
def test_the_glossary_has_both_spellings_and_the_renderings_that_are_wrong() -> None:
    source = make.source()
    told = make.story(make.article("豆包与苹果、OpenAI的一天", "豆包今天降价。", by=source))
    make.ranking(told)
    prompt, _ = for_items(brief_for(source.source_list.newsletter, DAY, CUTOFF).chosen)
    material = json.loads(prompt.partition("<material>")[2].partition("</material>")[0])
    names = {english: rest for english, *rest in material["names"]}
    assert names["Doubao"][0] == "豆包"
    assert "bean bun" in names["Doubao"]
    assert names["Apple"] == ["苹果公司"]
    assert "OpenAI" in names  # written alike, but never 开放人工智能
