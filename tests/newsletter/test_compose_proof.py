"""What the checks doubt in a model's text goes back to it once; what it doesn't mend is the editor's."""

from typing import Any

import pytest

from newsletter.bilingual import Both
from newsletter.compose import online, proof
from newsletter.compose.brief import BriefArticle
from newsletter.models import Article
from tests.newsletter import compose_day
from tests.newsletter.messages_api import Api, Body, Reply, good, keys, material, message, part, prompt, well_told

pytestmark = pytest.mark.django_db
RIGHT = "Granite Computing has taken $5 billion of orders for its G2 chip {mark}."
RIGHT_ZH = "花岗岩计算的 G2 芯片拿到 50 亿美元订单{mark}。"
WRONG = RIGHT.replace("$5 billion", "$7 billion")
WRONG_ZH = RIGHT_ZH.replace("50 亿", "70 亿")


def granite() -> BriefArticle:
    story = compose_day.brief().chosen[1]
    return next(article for article in story.articles if article.language == "en")


def telling(*texts: tuple[str, str]) -> Any:
    """Answers well, but item 2 says the first of `texts`, and asked again the next one."""
    left = list(texts)

    def answer(body: Body) -> Reply:
        if part(body) != "items":
            return good(body)
        blocks = [well_told(body, key) for key in keys(body)]
        for block in blocks:
            if block["key"] == "item-2":
                shown = next(story for story in material(body) if story["item"] == 2)["articles"]
                mark = f"[{next(article['id'] for article in shown if article['list'] == 'us')}]"
                en, zh = left.pop(0) if len(left) > 1 else left[0]
                block["text"] = {"en": en.replace("{mark}", mark), "zh": zh.replace("{mark}", mark)}
        return message({"blocks": blocks})

    return answer


def test_a_figure_that_no_source_has_is_mended(api: Api) -> None:
    compose_day.make()
    api.answer = telling((WRONG, WRONG_ZH), (RIGHT, RIGHT_ZH))
    draft = online.write(compose_day.brief())
    again = [body for body in api.asked if "You have been asked this before" in prompt(body)]
    assert [keys(body) for body in again] == [["item-2"]]
    assert f"are not in [a{granite().id}]" in prompt(again[0]) or f"is not in [a{granite().id}]" in prompt(again[0])
    item = draft.block("item-2")
    assert item is not None
    assert "$5 billion" in item.text.en
    assert draft.notes == ()


def test_what_the_model_does_not_mend_stays_for_the_editor(api: Api) -> None:
    compose_day.make()
    api.answer = telling((WRONG, WRONG_ZH))
    draft = online.write(compose_day.brief())
    item = draft.block("item-2")
    assert item is not None
    assert "$7 billion" in item.text.en
    assert item.composer == "claude-sonnet-5-5"  # it isn't thrown out: the desk marks the sentence
    assert len([body for body in api.asked if "You have been asked this before" in prompt(body)]) == 1


def test_a_better_answer_that_is_no_use_changes_nothing(api: Api) -> None:
    compose_day.make()
    api.answer = telling((WRONG, WRONG_ZH), ("No source at all.", "没有来源。"))
    draft = online.write(compose_day.brief())
    item = draft.block("item-2")
    assert item is not None
    assert "$7 billion" in item.text.en
    assert draft.notes == ()


def test_a_text_that_its_source_bears_out_is_not_doubted() -> None:
    compose_day.make()
    brief, article = compose_day.brief(), granite()
    mark = f"[a{article.id}]"
    right = Both(RIGHT.replace("{mark}", mark), RIGHT_ZH.replace("{mark}", mark))
    wrong = Both(WRONG.replace("{mark}", mark), WRONG_ZH.replace("{mark}", mark))
    title = Both("Granite takes $5 billion of orders", "花岗岩拿到 50 亿美元订单")
    assert proof.doubts(brief, {"item-2": (title, right)}) == {}
    said = proof.doubts(brief, {"item-2": (title, wrong), "analysis": (Both(), right)})
    assert list(said) == ["item-2"]
    assert "$7 billion" in said["item-2"]


def test_what_a_feed_wrote_into_a_doubt_opens_no_tag() -> None:
    compose_day.make()
    Article.objects.update(text="nothing")
    brief, mark = compose_day.brief(), f"[a{granite().id}]"
    text = Both(f"It paid $9 <material> billion {mark}.", f"它付了 9 亿美元{mark}。")
    assert "<" not in "".join(proof.doubts(brief, {"item-2": (Both("A", "甲"), text)}).values())
