"""Lines to mail servers: what is written when, what each answer means, and what is sure when a line falls."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from newsletter.deliver import checks, servers
from newsletter.deliver.envelope import Envelope
from newsletter.deliver.outcome import Kind, judge
from newsletter.deliver.servers import Server, ServerError
from newsletter.deliver.session import UnreachableError
from newsletter.deliver.transport import Transport
from newsletter.runs import ActError
from tests.newsletter.deliver.handing import BODY, handed_over, mail
from tests.newsletter.deliver.raw_server import DROP, Answer, RawServer, running


@pytest.fixture
def raw(settings: Settings) -> Iterator[RawServer]:
    """The server that the settings name, over one line."""
    told = RawServer()
    with running(told) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 60
        settings.SMTP_CONNECTIONS = 1
        yield told


def answering(command: str, *replies: str | float, to: str = "") -> Answer:
    """These replies, one after the other, to `command`; then the usual ones."""
    left = list(replies)

    def answer(said: str, recipient: str) -> str | float | None:
        return left.pop(0) if said == command and left and to in (recipient, "") else None

    return answer


# ---- what is written ---------------------------------------------------------------------------------------------


def test_mail_rcpt_and_data_go_in_one_write_and_the_message_only_after_all_three_answers(raw: RawServer) -> None:
    outcomes = handed_over(mail("ana@a.example"), mail("bo@a.example"))

    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2
    assert outcomes[0].reply == "250 2.0.0 OK: queued"
    assert raw.mails == [("ana@a.example", BODY), ("bo@a.example", BODY)], "dots and all"
    groups = [write for write in raw.written if write.startswith(b"MAIL")]
    assert [group.count(b"\r\n") for group in groups] == [3, 3]
    assert groups[0].endswith(b"RCPT TO:<ana@a.example>\r\nDATA\r\n")
    assert f"SIZE={len(BODY)}".encode() in groups[0]
    assert raw.sessions == 1


def test_a_server_that_does_not_offer_pipelining_is_asked_one_thing_at_a_time(raw: RawServer) -> None:
    raw.extensions = ("SIZE 10000000",)
    raw.answer = answering("rcpt", "550 5.1.1 nobody")

    assert [o.kind for o in handed_over(mail(), mail("bo@a.example"))] == [Kind.REFUSED, Kind.ACCEPTED]
    assert all(write.count(b"\r\n") == 1 for write in raw.written if write[:4] in (b"MAIL", b"RCPT", b"DATA"))
    assert b"RSET\r\n" in raw.written, "the refused one's MAIL is taken back"
    assert raw.recipients == ["bo@a.example"]


def test_a_mail_larger_than_the_system_takes_at_once_is_followed_by_others_on_its_line(raw: RawServer) -> None:
    text = b"Subject: x\r\n\r\n" + b"x" * 6_000_000 + b"\r\n"
    large = Envelope("news@b.example", "large@a.example", text, may_have_dots=False)
    outcomes = handed_over(mail(), large, mail("bo@a.example"))

    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 3
    assert raw.mails[1] == ("large@a.example", text)
    assert raw.sessions == 1


def test_several_lines_carry_as_many_mails_at_once(raw: RawServer, settings: Settings) -> None:
    settings.SMTP_CONNECTIONS = 3
    bodies, meeting = itertools.count(), threading.Barrier(3)

    def the_first_three_wait_for_each_other(command: str, recipient: str) -> None:
        if command == "body" and next(bodies) < 3:
            meeting.wait(60)

    raw.answer = the_first_three_wait_for_each_other
    outcomes = handed_over(*(mail(f"r{n}@a.example") for n in range(9)))

    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}
    assert not meeting.broken
    assert raw.most_sessions == 3


# ---- what is answered --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "body"])
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("451 4.3.0 later", Kind.DEFERRED),
        ("554 5.6.0 never", Kind.REFUSED),
        ("550 5.7.26 who are you", Kind.OUR_FAULT),
        ("550 Ip frequency limited", Kind.DEFERRED),  # QQ
    ],
)
@pytest.mark.parametrize("pipelining", [True, False])
def test_a_refusal_at_any_command_is_the_mails_outcome_and_no_message_leaves(
    raw: RawServer, command: str, reply: str, kind: Kind, pipelining: bool
) -> None:
    raw.extensions = ("PIPELINING", "SIZE 10000000") if pipelining else ("SIZE 10000000",)
    raw.answer = answering(command, reply)
    kind = Kind.OUR_FAULT if (command, kind) == ("mail", Kind.REFUSED) else kind

    first, second = handed_over(mail(), mail("bo@a.example"))
    assert (first.kind, first.reply) == (kind, reply)
    assert second.kind is Kind.ACCEPTED
    assert raw.recipients == ["bo@a.example"]
    # a server that takes the recipient of a refused sender, and DATA too, is left with no more than the line's end
    assert raw.sessions == (2 if command == "mail" and pipelining else 1)
    assert not raw.strays, "this server says 354 without a recipient too (RFC 2920 §3.1)"


@pytest.mark.parametrize("command", ["rcpt", "data", "body"])
def test_421_ends_the_session_and_the_next_mail_begins_another(raw: RawServer, command: str) -> None:
    raw.answer = answering(command, "421 4.3.2 going down", to="bo@a.example")
    outcomes = handed_over(mail("ana@a.example"), mail("bo@a.example"), mail("cy@a.example"))

    assert [o.kind for o in outcomes] == [Kind.ACCEPTED, Kind.ACCEPTED, Kind.ACCEPTED]
    assert raw.sessions == 2
    assert raw.recipients == ["ana@a.example", "bo@a.example", "cy@a.example"], "each once"


def test_a_server_that_ends_each_session_at_once_is_left_in_peace(raw: RawServer) -> None:
    raw.answer = lambda command, recipient: "421 4.7.0 too many" if command == "mail" else None
    with Transport() as transport:
        assert transport.send(mail()).kind is Kind.DEFERRED
        with pytest.raises(UnreachableError, match="too many"):
            transport.send(mail())
    assert raw.sessions == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 Connection frequency limited. http://service.mail.qq.com/cgi-bin/help?id=1000722", Kind.DEFERRED),
        ("550 Domain frequency limited [abc]", Kind.DEFERRED),
        ("550 RP:TRC 163 mx4,UMmowEBJbUxyZoNdAAAAAA--.1", Kind.DEFERRED),
        ("451 MI:SFQ 163 mx19,TsCowEBZ1UZ4", Kind.DEFERRED),
        ("421 HL:ICC 163 mx4", Kind.DEFERRED),
    ],
)
def test_the_chinese_providers_words_for_too_fast_are_known(reply: str, kind: Kind) -> None:
    code, _, text = reply.partition(" ")
    outcome = judge(int(code), text)
    assert (outcome.kind, outcome.too_fast) == (kind, True)


@pytest.mark.parametrize(
    ("reply", "kind", "blames_us"),
    [
        ("554 Message rejected: Email address is not verified.", Kind.REFUSED, True),  # Amazon SES
        ("550 relay not permitted", Kind.REFUSED, True),
        ("550 5.0.0 This message was classified as spam", Kind.REFUSED, True),
        ("553 5.1.8 sender address rejected: domain not found", Kind.OUR_FAULT, False),
        ("550 5.1.1 rejected by policy: no such user", Kind.REFUSED, False),
        ("552 5.2.2 over the limit that policy sets", Kind.REFUSED, False),
        ("550 no such user [203.5.7.26]", Kind.REFUSED, False),
        ("550 no such user spam@a.example", Kind.REFUSED, False),
    ],
)
def test_what_is_wrong_with_us_is_known_by_words_too(reply: str, kind: Kind, blames_us: bool) -> None:
    code, _, text = reply.partition(" ")
    outcome = judge(int(code), text)
    assert (outcome.kind, outcome.blames_us) == (kind, blames_us)


def test_a_greylisting_or_full_mailbox_is_not_ours_to_slow_down() -> None:
    assert not judge(452, "4.2.2 mailbox full").too_fast
    assert not judge(250, "2.0.0 OK, rate limit 5").too_fast


# ---- lines that fall ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["mail", "rcpt", "data"])
def test_a_line_that_falls_before_the_message_surely_sent_nothing(raw: RawServer, command: str) -> None:
    raw.answer = answering(command, DROP)
    (outcome,) = handed_over(mail())
    assert (outcome.kind, outcome.lost) == (Kind.DEFERRED, True)
    assert not raw.mails


def test_a_line_that_falls_after_the_message_is_uncertain(raw: RawServer) -> None:
    raw.answer = answering("body", DROP)
    first, second = handed_over(mail(), mail("bo@a.example"))
    assert (first.kind, first.lost) == (Kind.UNCERTAIN, True)
    assert second.kind is Kind.ACCEPTED, "over a new line"


def test_a_line_that_falls_within_a_message_surely_sent_nothing(raw: RawServer) -> None:
    """The server ends while the message is being written: its last byte was never taken by the system."""
    large = Envelope("a@b.example", "ana@a.example", b"Subject: x\r\n\r\n" + b"x" * 70_000_000)

    class Closing(list[bytes]):
        def append(self, chunk: bytes) -> None:
            if sum(map(len, self)) > 200_000:
                raise OSError("the server dies")
            super().append(chunk)

    raw.written = Closing()
    (outcome,) = handed_over(large)
    assert outcome.kind is Kind.DEFERRED


def test_a_mail_that_meets_a_dead_line_goes_over_another_at_once(raw: RawServer) -> None:
    raw.answer = answering("rcpt", DROP, to="bo@a.example")
    outcomes = handed_over(mail("ana@a.example"), mail("bo@a.example"))
    assert [o.kind for o in outcomes] == [Kind.ACCEPTED, Kind.ACCEPTED]
    assert raw.sessions == 2


@pytest.mark.parametrize("command", ["mail", "rcpt", "data"])
def test_a_silent_server_is_given_up_after_a_while(raw: RawServer, settings: Settings, command: str) -> None:
    settings.EMAIL_TIMEOUT = 0.8
    raw.answer = answering(command, 2.0)
    (outcome,) = handed_over(mail())
    assert (outcome.kind, outcome.text.endswith("timed out")) == (Kind.DEFERRED, True)


def test_a_server_may_take_its_time_over_a_message(raw: RawServer, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 1.5
    raw.answer = answering("body", 2.0)
    (outcome,) = handed_over(mail())
    assert outcome.kind is Kind.ACCEPTED


@pytest.mark.parametrize("reply", ["hello", "250 OK instead of 354", "99"])
def test_what_is_no_answer_ends_the_line_and_hands_nothing_over(
    raw: RawServer, settings: Settings, reply: str
) -> None:
    settings.EMAIL_TIMEOUT = 1  # for the one whose answer never ends
    raw.answer = answering("data", reply)
    (outcome,) = handed_over(mail())
    assert outcome.kind is Kind.DEFERRED
    assert not raw.mails


def test_what_must_be_noted_first_can_stop_a_message(raw: RawServer) -> None:
    noted: list[int] = []

    def note(ref: int) -> None:
        noted.append(ref)
        if ref == 1:
            raise ActError("disk full")

    def until_it_raises() -> None:
        transport.offer(1, mail("bo@a.example"))
        while transport.busy:
            transport.turn()

    with Transport(note) as transport:
        assert transport.send(mail("ana@a.example")).kind is Kind.ACCEPTED
        with pytest.raises(ActError, match="disk full"):
            until_it_raises()
        assert not transport.busy
    assert noted == [0, 1]
    assert raw.recipients == ["ana@a.example"]


# ---- several servers ---------------------------------------------------------------------------------------------


@pytest.fixture
def two(settings: Settings) -> Iterator[tuple[RawServer, RawServer]]:
    """Two servers, the first with three times the second's weight."""
    told = RawServer(), RawServer()
    with ExitStack() as stack:
        first, second = [stack.enter_context(running(each)) for each in told]
        settings.SMTP_CONNECTIONS, settings.EMAIL_TIMEOUT = 1, 60
        settings.MAIL_SERVERS = [f"smtp://127.0.0.1:{first}?weight=3", f"smtp://127.0.0.1:{second}?connections=2"]
        yield told


def test_mail_is_shared_out_by_weight(two: tuple[RawServer, RawServer]) -> None:
    with Transport() as transport:
        assert all(transport.send(mail()).kind is Kind.ACCEPTED for _ in range(40))
    assert [len(each.mails) for each in two] == [30, 10]


def test_a_server_that_is_down_leaves_its_share_to_the_others(
    two: tuple[RawServer, RawServer], settings: Settings
) -> None:
    settings.MAIL_SERVERS = ["smtp://127.0.0.1:1?weight=9", settings.MAIL_SERVERS[1]]
    assert {outcome.kind for outcome in handed_over(*[mail()] * 5)} == {Kind.ACCEPTED}
    assert len(two[1].mails) == 5


def test_without_any_server_the_mail_is_surely_not_sent(settings: Settings) -> None:
    settings.MAIL_SERVERS = ["smtp://127.0.0.1:1", "smtp://127.0.0.1:2"]
    with Transport() as transport, pytest.raises(UnreachableError, match=r"127\.0\.0\.1:1"):
        transport.send(mail())


def test_servers_are_read_from_one_setting(settings: Settings) -> None:
    settings.MAIL_SERVERS = [
        "smtp+starttls://me%40b:p%2Fw@relay.example?weight=2&connections=8&per_minute=600",
        "smtps://relay2.example",
    ]
    assert servers.configured() == (
        Server("relay.example", 587, "starttls", "me@b", "p/w", weight=2, connections=8, per_minute=600),
        Server("relay2.example", 465, "tls"),
    )
    assert "p/w" not in repr(servers.configured())


@pytest.mark.parametrize(
    "entry",
    [
        "relay.example:587",
        "http://a:secret@b.example",
        "smtp://a:secret@b?weight=x",
        "smtp://a:secret@b:x",
        "smtp://a:secret@b?weight=0",
        "smtp://a:secret@b?colour=1",
    ],
)
def test_a_server_that_cannot_be_read_is_named_without_its_password(settings: Settings, entry: str) -> None:
    settings.MAIL_SERVERS = ["smtp://fine", entry]
    with pytest.raises(ServerError, match="MAIL_SERVERS, entry 2") as caught:
        servers.configured()
    assert "secret" not in str(caught.value)
    (error,) = checks.transport(None)
    assert error.id == "chenbao.E7"


def test_passwords_and_readers_in_the_clear_over_the_network_are_warned_of(settings: Settings) -> None:
    settings.MAIL_SERVERS = ["smtp://127.0.0.1:25", "smtp+starttls://relay.example"]
    assert checks.transport(None) == []
    settings.MAIL_SERVERS = ["smtp://relay.example"]
    (warning,) = checks.transport(None)
    assert "relay.example:25" in warning.msg


# ---- TLS ---------------------------------------------------------------------------------------------------------


def test_where_starttls_is_wanted_and_not_offered_nothing_leaves_in_the_clear(
    raw: RawServer, settings: Settings
) -> None:
    settings.EMAIL_USE_TLS = True
    with Transport() as transport, pytest.raises(UnreachableError, match="SMTP_STARTTLS"):
        transport.send(mail())
    assert not any(write.startswith(b"MAIL") for write in raw.written)
