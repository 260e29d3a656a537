"""Segments: the readers' list as it was filtered, under a name; and what an operator's search finds."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from subscribers.admin import finding, segments
from subscribers.admin.filters import FILTERS
from subscribers.models import Segment, State, Subscriber
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/subscribers/subscriber/"
SEGMENTS = "/admin/subscribers/segment/"


def save(client: Client, name: str, query: str) -> Any:
    return client.post(f"{SEGMENTS}add/?{query}", {"name": name}, follow=True)


def html(client: Client, path: str, **headers: str) -> str:
    page = client.get(path, headers=headers, follow=True)
    assert page.status_code == 200
    return str(page.content.decode())


def test_a_filtered_list_is_saved_and_found_again_in_the_sidebar(operator: Client) -> None:
    factories.reader("one@mail.example", language="zh", source="form")
    factories.reader("two@mail.example", language="zh", source="import")
    assert "Save as segment" not in html(operator, LIST)
    query = "language__exact=zh&source=form"
    assert f"{SEGMENTS}add/?{query}" in html(operator, f"{LIST}?{query}").replace("&amp;", "&")
    page = save(operator, "Chinese by form", query + "&o=1&p=1")
    segment = Segment.objects.get()
    assert segment.filters == {"language__exact": "zh", "source": "form"}
    assert page.redirect_chain[-1][0] == f"{LIST}?{query}"
    assert "Chinese by form (1)" in page.content.decode()
    listed = html(operator, f"{LIST}?{query}")
    assert "one@mail.example" in listed
    assert "two@mail.example" not in listed


def test_the_filters_are_told_in_words_before_a_name_is_asked_for(operator: Client) -> None:
    page = html(operator, f"{SEGMENTS}add/?language__exact=zh&age=older&q=%40qq.com")
    for told in ("language: 中文", "reader since: Longer than a year", "search: @qq.com"):
        assert told in page


def test_every_filter_of_the_list_can_be_kept_and_means_the_same_in_a_segment(operator: Client) -> None:
    long_ago = timezone.now() - dt.timedelta(days=400)
    factories.reader("a@mail.example", state="left", language="en", source="mail", frequency="weekdays")
    factories.reader("b@other.example", confirmed_at=long_ago, plain_text=True, source="import")
    factories.reader("c@mail.example", confirmed_at=timezone.now(), state="paused")
    wanted = [(each.parameter_name, value) for each in segments._filters({}) for value in each.offered()]
    assert len(wanted) > len(FILTERS)
    for name, value in [*wanted, ("q", "@mail.example")]:
        filters = {str(name): value}
        assert segments.read(filters).doubts == ()
        listed = operator.get(LIST, filters).context["cl"].result_count
        assert segments.readers_of(filters).count() == listed, filters


def test_what_the_list_does_not_know_is_not_saved_and_said(operator: Client) -> None:
    for query, doubt in (
        ("state__exact=sleeping", "has no “sleeping”"),
        ("colour=red", "has no filter “colour”"),
        ("q=wang%40mail.example", "a domain only"),
        ("", "Filter this list first"),
    ):
        assert doubt in save(operator, "Mine", query).content.decode()
    assert not Segment.objects.exists()


def test_a_segment_that_went_out_of_date_says_so_and_counts_nobody(operator: Client) -> None:
    factories.reader("a@mail.example")
    segment = Segment.objects.create(name="Old", filters={"source": "carrier pigeon"})
    listed = html(operator, LIST)
    assert "Old (out of date)" in listed
    page = html(operator, f"{SEGMENTS}{segment.pk}/change/")
    assert "The filter “source” has no “carrier pigeon”." in page
    assert "Show these readers" not in page
    segment.refresh_from_db()
    assert segment.readers is None


def test_opening_a_segment_counts_it(operator: Client) -> None:
    segment = Segment.objects.create(name="Active", filters={"state__exact": "active"})
    factories.reader("a@mail.example")
    page = html(operator, f"{SEGMENTS}{segment.pk}/change/")
    segment.refresh_from_db()
    assert segment.readers == 1
    assert f'href="{LIST}?state__exact=active"' in page


def test_a_segment_is_renamed_but_its_filters_are_not_edited(operator: Client) -> None:
    segment = Segment.objects.create(name="Active", filters={"state__exact": "active"})
    operator.post(f"{SEGMENTS}{segment.pk}/change/", {"name": "Living", "filters": '{"state__exact": "left"}'})
    segment.refresh_from_db()
    assert (segment.name, segment.filters) == ("Living", {"state__exact": "active"})
    Segment.objects.create(name="Gone", filters={"state__exact": "left"})
    page = operator.post(f"{SEGMENTS}{segment.pk}/change/", {"name": "Gone"})
    assert "already exists" in page.content.decode()


def test_a_segment_is_deleted_after_a_question_and_no_reader_with_it(operator: Client) -> None:
    reader = factories.reader("a@mail.example")
    segment = Segment.objects.create(name="Active", filters={"state__exact": "active"})
    assert "Are you sure" in html(operator, f"{SEGMENTS}{segment.pk}/delete/")
    assert Segment.objects.exists()
    operator.post(f"{SEGMENTS}{segment.pk}/delete/", {"post": "yes"})
    assert not Segment.objects.exists()
    assert Subscriber.objects.get() == reader


def test_saving_renaming_and_deleting_stand_in_the_admins_log(operator: Client) -> None:
    save(operator, "Active", "state__exact=active")
    path = f"{SEGMENTS}{Segment.objects.get().pk}/"
    operator.post(f"{path}change/", {"name": "Living"})
    operator.post(f"{path}delete/", {"post": "yes"})
    entries = LogEntry.objects.order_by("pk").values_list("user__username", "action_flag")
    assert list(entries) == [("operator", 1), ("operator", 2), ("operator", 3)]


def test_who_may_only_look_is_offered_no_saving(client: Client) -> None:
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_subscriber"))
    client.force_login(user)
    page = html(client, f"{LIST}?state__exact=active")
    assert "Save as segment" not in page
    assert client.post(f"{SEGMENTS}add/?state__exact=active", {"name": "x"}).status_code == 403


# ---- the search ------------------------------------------------------------------------------------------------

PEOPLE = (
    "wang@qq.com",
    "wang.li@163.com",
    "li.wang@qq.com",
    "Ada@münchen.example",
    "q@wang.example",
    "100%@x.example",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wang", {"wang@qq.com", "wang.li@163.com", "q@wang.example"}),
        ("WANG@QQ.com ", {"wang@qq.com"}),
        ("wang@q", {"wang@qq.com"}),
        ("@qq.com", {"wang@qq.com", "li.wang@qq.com"}),
        ("@q", {"wang@qq.com", "li.wang@qq.com"}),
        ("@münchen.example", {"Ada@münchen.example"}),
        ("ada@MÜNCHEN.example", {"Ada@münchen.example"}),
        ("*wang", {"wang@qq.com", "wang.li@163.com", "li.wang@qq.com", "q@wang.example"}),
        ("*0%", {"100%@x.example"}),
        ("100%", {"100%@x.example"}),
        ("%", set()),
        ("nobody", set()),
        ("#", set()),
        ("#99999999999999999999", set()),
    ],
)
def test_a_search_finds_beginnings_of_addresses_and_domains(text: str, found: set[str]) -> None:
    _people()
    assert set(Subscriber.objects.filter(finding.matching(text)).values_list("email", flat=True)) == found


def test_a_number_finds_the_reader_that_logs_call_so() -> None:
    _people()
    reader = Subscriber.objects.order_by("pk")[2]
    assert list(Subscriber.objects.filter(finding.matching(f"#{reader.pk}"))) == [reader]


def test_a_search_within_filters_finds_the_same_ones(operator: Client) -> None:
    _people()
    Subscriber.objects.filter(email="wang@qq.com").update(state=State.LEFT)
    cl = operator.get(LIST, {"q": "wang", "state__exact": "left"}).context["cl"]
    assert [reader.email for reader in cl.result_list] == ["wang@qq.com"]


@pytest.mark.parametrize("text", ["wang", "wang@qq.com", "@qq.com"])
def test_a_search_reads_an_index_and_not_every_reader(text: str) -> None:
    _people()
    plan = Subscriber.objects.filter(finding.matching(text)).explain()
    if connection.vendor == "sqlite":
        assert "SCAN" not in plan, plan


def _people() -> None:
    from subscribers import addresses

    for email in PEOPLE:
        factories.reader(email, email_key=addresses.normalise(email).key)
