"""A name from the text into the lexicon."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter import lexicon, workflow
from newsletter.lexicon import loading
from newsletter.models import Issue, LexiconEntry
from newsletter.review import glossary, proofread
from newsletter.review.proofread import check_issue

pytestmark = pytest.mark.django_db
FORM = {"en": "Qinghe", "zh": "青禾", "kind": "company", "home": "CN", "field": "", "never": "", "note": ""}


@pytest.fixture(autouse=True)
def own_lexicon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests add is nobody else's."""
    monkeypatch.setattr(loading, "_added", loading._NOTHING)


@pytest.fixture
def url(issue: Issue) -> str:
    return reverse("desk:glossary", args=[issue.date])


def test_the_form_comes_filled_in_from_the_selection(desk: Client, url: str) -> None:
    page = desk.get(url, {"en": " Qinghe ", "zh": "青禾"}).content.decode()
    assert re.search(r'name="en" value="Qinghe"', page)
    assert re.search(r'name="zh" value="青禾"', page)
    assert "1 block has the English words. 1 block has the Chinese words." in page
    assert "Nothing in this issue is rewritten" in page


def test_a_name_is_added_and_the_lexicon_has_it_at_once(issue: Issue, desk: Client, url: str) -> None:
    digest = workflow.content_hash(issue)
    answer = desk.post(url, FORM, follow=True)
    assert "“Qinghe” is in the lexicon" in answer.content.decode()
    assert LexiconEntry.objects.get().zh == "青禾"
    lexicon.refresh()
    assert lexicon.load().named("青禾") == lexicon.load().named("Qinghe")
    assert workflow.content_hash(issue) == digest


def test_the_issue_is_read_again_by_it(issue: Issue, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofread, "check_issue", check_issue)
    issue.blocks.filter(key="item-1").update(
        text_zh="绿稻正在融资[1]。", title_zh="绿稻融资", title_en="Qinghe raises"
    )
    glossary.add(issue, editor, LexiconEntry(**{**FORM, "never": "绿稻"}))
    assert "glossary" in set(issue.findings.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"en": "X"}, "has to have 2 to 60 characters"),
        ({"en": "青禾"}, "is no English spelling"),
        ({"en": "", "zh": ""}, "no spelling"),
        ({"zh": "英伟达"}, "is a spelling of"),
    ],
)
def test_what_contradicts_the_lexicon_is_refused_in_words(
    desk: Client, url: str, change: dict[str, str], words: str
) -> None:
    answer = desk.post(url, {**FORM, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not LexiconEntry.objects.exists()


def test_what_is_known_already_is_said(desk: Client, url: str) -> None:
    page = desk.get(url, {"en": "Nvidia", "zh": "英伟达"}).content.decode()
    assert "there is nothing to add" in page
    page = desk.get(url, {"en": "Nvidia", "zh": "老黄的公司"}).content.decode()
    assert "becomes another spelling of it" in page
    assert re.search(r'<option value="company" selected', page)  # what it is, is known too


def test_a_spelling_of_a_known_name_is_added_to_it(desk: Client, url: str) -> None:
    known = lexicon.load().named("英伟达")
    assert known is not None
    form = {
        **FORM,
        "en": known.en[0],
        "zh": "老黄的公司",
        "kind": known.kind,
        "home": known.home,
        "field": known.field,
    }
    assert desk.post(url, form).status_code == 302
    lexicon.refresh()
    assert lexicon.load().named("老黄的公司") == lexicon.load().named("英伟达")


def test_the_page_of_an_issue_that_is_out_sends_to_the_admin(issue: Issue, desk: Client, url: str) -> None:
    Issue.objects.filter(pk=issue.pk).update(state="sent")
    assert desk.get(url).status_code == 409
