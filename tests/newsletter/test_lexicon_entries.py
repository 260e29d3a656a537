"""Editors add names in the admin: judged as the files are, and taken up by the next act in any process."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from newsletter import lexicon
from newsletter.lexicon import loading
from newsletter.models import LexiconEntry
from newsletter.runs import recorded
from newsletter.subject import load_vocabulary
from tests import factories as make

pytestmark = pytest.mark.django_db
ADD = "admin:newsletter_lexiconentry_add"
YUNFAN = {"en": "Yunfan AI|Yunfan", "zh": "云帆智能|云帆", "kind": "company", "home": "CN", "field": "lab"}


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator"))
    return client


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_added", loading._NOTHING)


def found(text: str) -> list[str]:
    return [str(name) for name in lexicon.load().find(text)]


def test_a_name_added_in_the_admin_is_known_to_the_next_act(operator: Client) -> None:
    assert found("云帆开源大模型") == []
    assert operator.post(reverse(ADD), YUNFAN).status_code == 302
    assert found("云帆开源大模型") == []  # an act keeps the lexicon that it began with
    newsletter = make.newsletter()
    with recorded(newsletter, "rank", newsletter.today()):
        assert found("云帆开源大模型") == ["Yunfan AI"]
        assert load_vocabulary().weight("云帆今天宣布") > 2  # its field says so


def test_more_spellings_are_added_to_a_known_name(operator: Client) -> None:
    cells = {"en": "OpenClaw", "zh": "钳子侠", "kind": "product", "home": "", "never": "pincer man"}
    assert operator.post(reverse(ADD), cells).status_code == 302
    lexicon.refresh()
    assert found("钳子侠与龙虾") == ["OpenClaw"]
    ((_, name),) = lexicon.renderings(lexicon.load()).find("Pincer-men? No: pincer man.")
    assert str(name) == "OpenClaw"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({**YUNFAN, "zh": "豆包"}, "is a spelling of Doubao (lexicon.tsv, line"),
        ({**YUNFAN, "en": "Devin"}, "is product US in Devin (lexicon.tsv, line"),
        ({**YUNFAN, "en": "云帆"}, "is no English spelling"),
        ({**YUNFAN, "never": "Doubao"}, "is a spelling of Doubao"),
        ({**YUNFAN, "en": ""}, "no English name"),
        ({**YUNFAN, "zh": "AI"}, "“AI” is an ordinary word (subject.tsv, line 2)"),
        ({**YUNFAN, "zh": "仓库"}, "“仓库” is an ordinary word (news.tsv, line"),
        ({**YUNFAN, "zh": "YF"}, "“YF” is too short for a name"),
        ({**YUNFAN, "field": "planets"}, "Select a valid choice"),
    ],
)
def test_what_contradicts_the_lexicon_is_refused_naming_the_other(
    operator: Client, cells: dict[str, str], reason: str
) -> None:
    page = operator.post(reverse(ADD), cells)
    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not LexiconEntry.objects.exists()


def test_a_shipped_spelling_can_be_switched_off_and_its_others_stay(operator: Client) -> None:
    assert "switches that spelling off" in operator.get(reverse(ADD)).content.decode()
    assert found("扣子") == found("Coze") == ["Coze"]
    assert operator.post(reverse(ADD), {"zh": "扣子", "kind": "word"}).status_code == 302
    lexicon.refresh()
    assert (found("扣子"), found("Coze")) == ([], ["Coze"])


def test_two_entries_of_editors_are_judged_against_each_other(operator: Client) -> None:
    operator.post(reverse(ADD), YUNFAN)
    page = operator.post(reverse(ADD), {**YUNFAN, "en": "Cloudsail", "zh": "云帆"})
    first = LexiconEntry.objects.get()
    assert f"Yunfan AI (editors’ entry {first.pk})" in page.content.decode()
    change = reverse("admin:newsletter_lexiconentry_change", args=[first.pk])
    assert operator.post(change, {**YUNFAN, "note": "not against itself"}).status_code == 302


def test_changes_and_removals_are_seen_and_an_unchanged_table_costs_one_query(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = LexiconEntry.objects.create(**YUNFAN)
    lexicon.refresh()
    assert found("云帆") == ["Yunfan AI"]
    known = lexicon.load()
    with django_assert_num_queries(1):
        lexicon.refresh()
    assert lexicon.load() is known
    row.zh = "云帆智能"
    row.save()
    lexicon.refresh()
    assert found("云帆") == []
    row.delete()
    lexicon.refresh()
    assert found("云帆智能") == []
