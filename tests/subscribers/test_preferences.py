"""The page of choices: what is stored, what is refused, and what is said about it."""

import dataclasses
import datetime as dt
import re
from email import message_from_bytes
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from newsletter.deliver import editions
from subscribers import forms, joining, limits, links, offers, preferences, tickets
from subscribers.joining import Proof
from subscribers.models import Notice, State, Subscriber
from subscribers.preferences import Gap
from tests import factories
from tests.newsletter.full_issue import make_full_issue
from tests.subscribers.pages import local, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


def url(reader: Subscriber) -> str:
    return local(links.preferences_url(reader))


def data(reader: Subscriber, **changes: Any) -> dict[str, Any]:
    return {**forms.present_choices(reader, offers.current()), **changes}


def test_choices_are_stored_with_their_hash_and_shown_as_stored(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    before = reader.choices_hash
    choices = data(reader, language="zh", lists=["china"], send_at="06:30", zone="Europe/London", plain_text="1")
    answer = client.post(url(reader), choices)
    assert answer.status_code == 303
    assert 'role="status"' in client.get(answer["Location"]).content.decode()
    reader.refresh_from_db()
    assert (reader.language, reader.lists, reader.send_at) == ("zh", ["china"], dt.time(6, 30))
    assert (reader.zone, reader.plain_text, reader.topics) == ("Europe/London", True, None)
    assert reader.choices_hash not in ("", before)


def test_everything_ticked_is_stored_as_all_so_that_new_ones_are_included(client: Client) -> None:
    reader = factories.reader("a@mail.example", lists=["china"])
    every = [option.slug for option in offers.current().lists]
    client.post(url(reader), data(reader, lists=every))
    reader.refresh_from_db()
    assert reader.lists is None


def test_nothing_ticked_is_a_choice_too(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    client.post(url(reader), data(reader, topics=[]))
    reader.refresh_from_db()
    assert reader.topics == []


def test_a_date_pauses_and_an_empty_one_resumes(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    until = timezone.now().date() + dt.timedelta(days=9)
    client.post(url(reader), data(reader, paused_until=until.isoformat()))
    reader.refresh_from_db()
    assert (reader.state, reader.paused_until) == (State.PAUSED, until)
    client.post(url(reader), data(reader, paused_until=""))
    reader.refresh_from_db()
    assert (reader.state, reader.paused_until) == (State.ACTIVE, None)


def test_once_a_pause_is_over_its_day_stands_in_no_field_and_choices_are_saved(client: Client) -> None:
    reader = factories.reader("a@mail.example")
    today = timezone.now().date()
    joining.pause(reader, today + dt.timedelta(days=1), Proof("page"))
    joining.end_pauses(timezone.now() + dt.timedelta(days=2))
    Subscriber.objects.update(paused_until=today - dt.timedelta(days=1))  # two days later
    reader.refresh_from_db()
    page = client.get(url(reader)).content.decode()
    assert re.search(r'name="paused_until" value=""', page)
    assert client.post(url(reader), data(reader, language="zh")).status_code == 303
    reader.refresh_from_db()
    assert (reader.state, reader.language) == (State.ACTIVE, "zh")


def test_a_pause_whose_end_no_clock_has_written_down_yet_is_over_on_the_page(client: Client) -> None:
    reader = factories.reader("a@mail.example", state="paused", paused_until=timezone.now().date())
    assert client.post(url(reader), data(reader)).status_code == 303
    reader.refresh_from_db()
    assert reader.state == State.ACTIVE


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"paused_until": "2020-01-01"},
        {"frequency": "weekly"},
        {"lists": ["moon"]},
        {"language": "fr"},
        {"send_at": "25:00"},
    ],
)
def test_what_is_not_on_offer_is_refused_and_nothing_is_saved(client: Client, wrong: dict[str, Any]) -> None:
    reader = factories.reader("a@mail.example")
    before = snapshot()
    assert client.post(url(reader), data(reader, **wrong)).status_code == 422
    assert snapshot() == before


def test_the_link_in_a_forwarded_mail_shows_no_address(client: Client) -> None:
    page = client.get(url(factories.reader("someone@company.example"))).content.decode()
    assert "someone@company.example" not in page
    assert "s***@c***.example" in page


@pytest.mark.parametrize(
    ("choices", "gap", "words"),
    [
        ({"topics": []}, Gap.STORIES, "the mail has no stories"),
        ({"lists": []}, Gap.REPORTS, "the mail has no reports"),
        ({"topics": [], "sections": []}, Gap.EVERYTHING, "the main line alone"),
        ({"topics": [], "sections": ["reports"], "lists": []}, Gap.EVERYTHING, "the main line alone"),
    ],
)
def test_what_is_left_out_for_want_of_a_choice_is_said_on_saving(
    client: Client, choices: dict[str, Any], gap: Gap, words: str
) -> None:
    reader = factories.reader("a@mail.example", language="en")
    answer = client.post(url(reader), data(reader, **choices))
    reader.refresh_from_db()
    assert preferences.gaps(reader, offers.current()) == {gap}
    for page in (client.get(answer["Location"]), client.get(url(reader))):
        assert words in page.content.decode()


@pytest.mark.parametrize("choices", [{}, {"sections": []}, {"sections": ["qa"], "lists": []}, {"topics": ["models"]}])
def test_nothing_is_said_where_nothing_that_was_chosen_is_empty(choices: dict[str, Any]) -> None:
    assert preferences.gaps(factories.reader("a@mail.example", **choices), offers.current()) == frozenset()


def test_the_mail_keeps_the_word_of_the_page_and_brings_the_main_line_alone() -> None:
    issue = make_full_issue(state="approved")
    reader = factories.reader("a@mail.example", language="en", topics=[], sections=["reports"], lists=[])
    assert preferences.gaps(reader, offers.current()) == {Gap.EVERYTHING}
    sent = message_from_bytes(editions.render(issue, reader.choices()).mime, policy=default)
    body = sent.get_body(("plain",))
    assert body
    text = " ".join(body.get_content().split())
    main_line = issue.blocks.get(kind="main_line").text_en
    assert " ".join(main_line.split())[:60] in text
    for left_out in issue.blocks.filter(kind__in=("item", "overview", "analysis", "qa")):
        assert left_out.text_en[:40] not in text


def test_a_pause_ends_with_one_press_that_touches_no_choice(client: Client) -> None:
    until = timezone.now().date() + dt.timedelta(days=9)
    reader = factories.reader("a@mail.example", state=State.PAUSED, paused_until=until, lists=["china"])
    assert 'value="resume"' in client.get(url(reader)).content.decode()
    client.post(url(reader), {"act": "resume"})
    reader.refresh_from_db()
    assert (reader.state, reader.paused_until, reader.lists) == (State.ACTIVE, None, ["china"])
    assert 'value="resume"' not in client.get(url(reader)).content.decode()


def test_each_wrong_answer_is_named_and_tied_to_its_field(client: Client) -> None:
    reader = factories.reader("a@mail.example", language="en")
    wrong = {"zone": "Mars/Olympus", "paused_until": "soon", "topics": ["moon"], "language": "fr", "send_at": "noon"}
    page = client.post(url(reader), data(reader, **wrong)).content.decode()
    for name in wrong:
        assert f'href="#wrong-{name}"' in page
        assert f'id="wrong-{name}"' in page
        assert re.search(rf'aria-describedby="[^"]*wrong-{name}\b', page)
    assert "%(" not in page


def test_the_hour_is_shown_by_the_readers_own_clock(client: Client) -> None:
    reader = factories.reader("a@mail.example", language="en", zone="America/New_York")
    page = client.get(url(reader)).content.decode()
    now = timezone.now().astimezone(ZoneInfo("America/New_York"))
    assert re.search(rf"By the clock of New York, where it is {now:%H}:\d\d now", page)
    assert " in New York" in page.partition("Next mail")[2]


def test_an_hour_that_no_menu_lists_survives_an_untouched_save(client: Client) -> None:
    reader = factories.reader("a@mail.example", send_at=dt.time(6, 15))
    menu = client.get(url(reader)).content.decode().partition('<select name="send_at"')[2].partition("</select>")[0]
    assert re.findall(r"<option selected>([^<]+)", menu) == ["06:15"]
    client.post(url(reader), data(reader))
    reader.refresh_from_db()
    assert reader.send_at == dt.time(6, 15)


def test_the_weekly_issue_is_offered_only_once_there_is_one(client: Client) -> None:
    reader = factories.reader("a@mail.example", language="en")
    assert 'value="weekly"' not in client.get(url(reader)).content.decode()
    factories.issue(kind="weekly", state="sent")
    assert 'value="weekly"' in client.get(url(reader)).content.decode()


def test_whoever_asks_too_often_is_told_that_no_new_link_comes(client: Client) -> None:
    reader = factories.reader("a@mail.example", language="en")
    answers = [client.post(url(reader) + "/ask", {"wish": "copy"}) for _ in range(tickets.PER_PURPOSE.count + 1)]
    said = [client.get(answer["Location"].partition("#")[0]).content.decode() for answer in answers]
    assert all("A link is on its way" in page for page in said[:-1])
    assert "No mail goes out now" in said[-1]
    assert re.search(r"ask again after \w+day \d+ \w+ \d{4}, \d\d:00 in Shanghai", said[-1])
    assert Notice.objects.count() == tickets.PER_PURPOSE.count


def test_all_is_no_gap_even_before_there_is_anything_to_choose() -> None:
    nothing = dataclasses.replace(offers.current(), lists=(), topics=())
    assert preferences.gaps(factories.reader("a@mail.example"), nothing) == frozenset()


def test_without_a_topic_the_stories_are_not_shown_as_chosen(client: Client) -> None:
    """What the page says and what the mail brings are one: see the main line alone, above."""
    reader = factories.reader("a@mail.example", language="en", topics=[], sections=[])
    page = client.get(url(reader)).content.decode()
    assert re.search(r'<input type="checkbox" disabled> Ten stories', page)
    assert re.search(r'<input type="checkbox" checked disabled> References', page)
    assert "always there" not in page
    reader.topics = None
    reader.save()
    assert re.search(r'<input type="checkbox" checked disabled> Ten stories', client.get(url(reader)).content.decode())


@pytest.mark.parametrize(("language", "day"), [("en", "Friday 4 December 2026"), ("zh", "12月4日星期五")])
def test_who_is_paused_is_told_so_in_a_sentence(client: Client, language: str, day: str) -> None:
    until = dt.date(2026, 12, 4)
    reader = factories.reader("a@mail.example", language=language, state=State.PAUSED, paused_until=until)

    def said() -> list[str]:
        return re.findall(r'<p class="gap-said">(.*?)</p>', client.get(url(reader)).content.decode())

    (sentence,) = said()
    assert day in sentence
    reader.state = State.ACTIVE
    reader.save()
    assert said() == []


class TestOffTheList:
    """Who gets no mail can choose for later and come back, and is promised nothing else."""

    def test_there_is_nothing_to_pause_or_to_leave(self, client: Client) -> None:
        page = client.get(url(factories.reader("a@mail.example", language="en", state=State.LEFT))).content.decode()
        assert "paused_until" not in page
        assert "Leave the list" not in page

    def test_a_date_that_a_page_from_before_sends_is_refused_in_words(self, client: Client) -> None:
        reader = factories.reader("a@mail.example", language="en", state=State.LEFT)
        before = snapshot()
        until = timezone.now().date() + dt.timedelta(days=9)
        answer = client.post(url(reader), data(reader, paused_until=until.isoformat()))
        assert answer.status_code == 422
        assert "no mail to pause" in answer.content.decode()
        assert snapshot() == before

    def test_choices_are_saved_for_later_and_said_so(self, client: Client) -> None:
        reader = factories.reader("a@mail.example", language="en", state=State.LEFT)
        answer = client.post(url(reader), data(reader, lists=["china"]))
        page = client.get(answer["Location"]).content.decode()
        assert "It counts once this address is on the list." in page
        assert "It counts from the next mail on." not in page
        reader.refresh_from_db()
        assert reader.lists == ["china"]

    def test_within_a_day_the_way_back_is_the_undo(self, client: Client) -> None:
        reader = factories.reader("a@mail.example", language="en")
        client.post(local(links.leave_url(reader)))
        page = client.get(url(reader)).content.decode()
        form = re.search(r'action="([^"]+)"[^>]*><input type="hidden" name="act" value="undo"', page)
        assert form
        assert 'value="return"' not in page
        client.post(form[1], {"act": "undo"})
        reader.refresh_from_db()
        assert reader.state == State.ACTIVE

    @pytest.mark.parametrize("state", [State.PENDING, State.LEFT, State.BOUNCED, State.COMPLAINED])
    def test_later_it_is_a_mail_that_asks_to_confirm(self, client: Client, state: State) -> None:
        reader = factories.reader("a@mail.example", language="en", state=state)
        assert 'value="return"' in client.get(url(reader)).content.decode()
        answer = client.post(url(reader), {"act": "return"})
        reader.refresh_from_db()
        assert reader.state == state, "nobody comes back by a link that lies in forwarded mails"
        assert Notice.objects.get().kind == Notice.Kind.CONFIRM
        assert "A mail is on its way to" in client.get(answer["Location"]).content.decode()

    def test_only_so_many_of_these_go_out_in_a_day_and_the_page_says_so(self, client: Client) -> None:
        reader = factories.reader("a@mail.example", language="en", state=State.LEFT)
        answers = [client.post(url(reader), {"act": "return"}) for _ in range(limits.PER_ADDRESS.count + 1)]
        assert Notice.objects.count() == limits.PER_ADDRESS.count
        page = client.get(answers[-1]["Location"]).content.decode()
        assert "No mail goes out now" in page
        assert "A mail is on its way" not in page

    def test_who_is_on_the_list_is_sent_nothing(self, client: Client) -> None:
        client.post(url(factories.reader("a@mail.example")), {"act": "return"})
        assert not Notice.objects.exists()
