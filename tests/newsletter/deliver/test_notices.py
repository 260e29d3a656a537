"""Notices as servers, programs and people write them: what each is, what it leads to, and whom it names.

They are our own, made by hand after the shapes that qmail, Exim, Exchange, QQ, NetEase, Coremail, Domino, iCloud and
others send, and written before the patterns were looked at: 62 of 68 were read right at first.
"""

from pathlib import Path

import pytest

from newsletter.deliver import bounces, second_reader
from newsletter.deliver.bounces import Kind, Measure
from newsletter.deliver.wording import Reason
from tests.newsletter.deliver.incoming import DOMAIN, words_of_a_server

FOLDER = Path(__file__).parents[2] / "fixtures" / "notices"
CASES = [
    line.split("\t") for line in (FOLDER / "expected.tsv").read_text("utf8").splitlines() if not line.startswith("#")
]


@pytest.mark.parametrize(("name", "kinds", "measures", "address"), CASES, ids=[case[0] for case in CASES])
def test_a_notice_is_read_for_what_it_is(name: str, kinds: str, measures: str, address: str) -> None:
    report = bounces.read((FOLDER / f"{name}.eml").read_bytes(), domain="chenbao.example")
    assert str(report.kind) in kinds.split("|"), report
    assert report.measure.name in measures.split("|"), report
    assert not address or report.recipients == (address,)


def test_every_notice_has_its_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == {case[0] for case in CASES}


IN_BETWEEN = ["{}", " {} ", "<{}>", "：<{}> ", "「{}」", "“{}”", "‘{}’", '"{}"', "'{}'", "（{}）", "【{}】 ", " {}\n"]
LONG = "a.person.with.many.names@mail.department.university.example"


@pytest.mark.parametrize("address", ["ana@a.example", LONG])
@pytest.mark.parametrize("around", IN_BETWEEN)
@pytest.mark.parametrize(
    ("before", "after", "reason", "measure"),
    [
        ("收件人", "不存在，邮件无法送达", Reason.NO_USER, Measure.SUPPRESS),
        ("您输入的地址", "不存在", Reason.NO_USER, Measure.SUPPRESS),
        ("用户", "已不存在", Reason.NO_USER, Measure.SUPPRESS),
        ("邮箱地址", "无效", Reason.NO_USER, Measure.SUPPRESS),
        ("账号", "无此用户", Reason.NO_USER, Measure.SUPPRESS),
        ("账户", "已注销", Reason.DISABLED, Measure.COUNT),
        ("该用户的邮箱", "已被停用", Reason.DISABLED, Measure.COUNT),
        ("收件人邮箱", "已满", Reason.FULL, Measure.COUNT),
        ("用户", "的邮箱空间不足", Reason.FULL, Measure.COUNT),
    ],
)
def test_an_address_may_stand_between_the_words(
    before: str, after: str, reason: Reason, measure: Measure, around: str, address: str
) -> None:
    notice = words_of_a_server(f"{before}{around.format(address)}{after}", **{"from": "postmaster@qq.com"})
    report = bounces.read(notice, domain=DOMAIN, envelope_sender="")
    assert (report.kind, report.reason, report.measure) == (Kind.BOUNCE, reason, measure)
    assert report.recipients == (address,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"Recipient {LONG} does not exist", Reason.NO_USER),
        (f"User [{LONG}] does not exist", Reason.NO_USER),
        (f"Mailbox {LONG} is full", Reason.FULL),
    ],
)
def test_so_it_may_in_english(text: str, reason: Reason) -> None:
    assert bounces.read(words_of_a_server(text), domain=DOMAIN).reason is reason


@pytest.mark.parametrize(
    "whose", ["发件人地址", "发件人的邮箱", "发送人邮箱", "发件地址", "发信人邮箱地址", "发件人的电子邮件地址"]
)
@pytest.mark.parametrize("address", ["", " <news@chenbao.example> "])
def test_that_there_is_no_such_sender_says_nothing_of_the_reader(whose: str, address: str) -> None:
    report = bounces.read(words_of_a_server(f"邮件无法送达：{whose}{address}不存在"), domain=DOMAIN)
    assert (report.kind, report.measure) == (Kind.BOUNCE, Measure.COUNT)


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"Subject: x\n\nno From, no sender", b"\xff\xfe\x00" * 100])
def test_the_second_reader_falls_over_nothing(raw: bytes) -> None:
    assert second_reader.recipients(raw) == ()


SCREEN_NAME = b"""From: Mail Delivery Subsystem <MAILER-DAEMON@AOL.com>
Subject: Mail Delivery Problem
Content-Type: text/plain

Your mail to the following recipients could not be delivered because they are not accepting mail from news@x.test:
\tana

"""


def test_a_format_that_only_the_second_reader_knows_names_the_reader_too() -> None:
    assert bounces.read(SCREEN_NAME, domain="x.test").recipients == ("ana@aol.com",)


def test_where_we_name_one_address_the_second_reader_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(raw: bytes) -> tuple[str, ...]:
        raise AssertionError

    monkeypatch.setattr(second_reader, "recipients", asked)
    assert second_reader.agreed(("ana@a.example",), b"") == ("ana@a.example",)


@pytest.mark.parametrize(
    ("ours", "theirs", "named"),
    [
        ((), ("a@x.test",), ("a@x.test",)),
        (("a@x.test", "b@x.test"), ("a@x.test",), ("a@x.test",)),
        (
            ("a@x.test", "b@x.test"),
            ("A@x.test", "b@x.test", "c@x.test"),
            ("a@x.test", "b@x.test"),
        ),
        (("a@x.test", "b@x.test"), (), ("a@x.test", "b@x.test")),
    ],
)
def test_what_it_adds(
    monkeypatch: pytest.MonkeyPatch, ours: tuple[str, ...], theirs: tuple[str, ...], named: tuple[str, ...]
) -> None:
    monkeypatch.setattr(second_reader, "recipients", lambda raw: theirs)
    assert second_reader.agreed(ours, b"") == named
