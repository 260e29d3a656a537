"""Readers in and out as CSV: what other services export is understood, and nobody is brought in who had left."""

import csv
import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from subscribers import suppressing
from subscribers.models import ConsentEvent, Import, ImportState, State, Subscriber
from subscribers.transfer import importing, running
from subscribers.transfer.cells import plain, safe
from subscribers.transfer.exporting import export_readers
from subscribers.transfer.reasons import SUPPRESSED, Reason, Why
from tests import factories

pytestmark = pytest.mark.django_db

# Small files of our own with the columns that each service writes: who is brought in, and who had left there.
_MAILCHIMP = (
    "Email Address,First Name,Last Name,State,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,"
    "LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,{left}LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    "{email},Ana,Li,CA,2,2020-01-01 10:00:00,,2020-01-01 10:00:00,192.0.2.1,,,0,0,Europe/Madrid,ES,MD,{when}"
    '2024-01-01 10:00:00,1,ab,,"""news"""\n'
)
_BUTTONDOWN = (
    "email,notes,metadata,tags,referrer_url,creation_date,secondary_id,type,source,unsubscription_date,"
    "undeliverability_date\n"
)
EXPORTS: dict[str, tuple[str, list[str], list[str]]] = {
    "mailchimp": (_MAILCHIMP.format(email="ana@mail.example", left="", when=""), ["ana@mail.example"], []),
    "mailchimp, unsubscribed": (
        _MAILCHIMP.format(
            email="left@mail.example",
            left="UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,",
            when="2021-01-01 10:00:00,,,,,",
        ),
        [],
        ["UNSUB_TIME is set"],
    ),
    "mailchimp, cleaned": (
        _MAILCHIMP.format(
            email="dead@mail.example",
            left="CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,",
            when=",May news,77,",
        ),
        [],
        ["CLEAN_CAMPAIGN_TITLE is set"],
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        '1,ana@mail.example,Ana,"{""city"": ""Madrid""}",enabled,2020-01-01,2020-01-01\n'
        "2,left@mail.example,Leo,{},blocklisted,2020-01-01,2020-01-01\n"
        "3,off@mail.example,Olga,{},disabled,2020-01-01,2020-01-01\n",
        ["ana@mail.example"],
        ["status is blocklisted", "status is disabled"],
    ),
    "buttondown": (
        _BUTTONDOWN + "ana@mail.example,,{},news,,2020-01-01,1,regular,organic,,\n"
        "bo@mail.example,,{},,,2020-01-01,2,past_due,organic,,\n"
        "left@mail.example,,{},,,2020-01-01,3,unsubscribed,organic,2021-01-01,\n"
        "unsure@mail.example,,{},,,2020-01-01,4,unactivated,organic,,\n"
        "out@mail.example,,{},,,2020-01-01,5,removed,organic,,\n"
        "dead@mail.example,,{},,,2020-01-01,6,regular,organic,,2021-01-01\n",
        ["ana@mail.example", "bo@mail.example"],
        ["type is unsubscribed", "type is unactivated", "type is removed", "undeliverability_date is set"],
    ),
    "buttondown, as its API names it": (
        "email_address,subscriber_type,tags,notes\nana@mail.example,gifted,,\nleft@mail.example,unsubscribed,,\n",
        ["ana@mail.example"],
        ["subscriber_type is unsubscribed"],
    ),
    "substack": (
        "email,active_subscription,expiry,plan,email_disabled,digest_enabled,created_at,first_payment_at\n"
        "ana@mail.example,false,,other,false,false,2025-01-01T08:00:00Z,\n"
        "paid@mail.example,true,2027-01-01,yearly,false,true,2025-01-01T08:00:00Z,2025-01-02\n"
        "left@mail.example,false,,other,true,false,2025-01-01T08:00:00Z,\n",
        ["ana@mail.example", "paid@mail.example"],
        ["email_disabled is true"],
    ),
    "substack, in words": (
        "Email,Active subscription,Type,Email disabled\n"
        "ana@mail.example,False,Free,False\nleft@mail.example,True,Paid,True\n",
        ["ana@mail.example"],
        ["Email disabled is true"],
    ),
}

# What each says of when and from where its people had agreed: kept with them in the same words.
PROOFS = {
    "mailchimp": ("OPTIN_TIME: 2020-01-01 10:00:00", "CONFIRM_TIME: 2020-01-01 10:00:00", "CONFIRM_IP: 192.0.2.1"),
    "listmonk": ("created_at: 2020-01-01",),
    "buttondown": ("creation_date: 2020-01-01",),
    "substack": ("created_at: 2025-01-01T08:00:00Z",),
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def bring(path: Path, content: str | bytes, *arguments: str) -> dict[str, Any]:
    file = path / "readers.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    out = StringIO()
    call_command("import_readers", str(file), "--basis=Signed up at our old service", "--json", *arguments, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.mark.parametrize("service", EXPORTS)
def test_exports_of_other_services_are_understood_and_who_left_there_stays_out(tmp_path: Path, service: str) -> None:
    content, here, gone = EXPORTS[service]
    report = bring(tmp_path, content)
    readers = Subscriber.objects.order_by("email")
    assert [reader.email for reader in readers] == here
    assert sorted(report["reasons"]) == sorted(gone)
    for reader in readers:
        assert (reader.state, reader.source) == (State.ACTIVE, "import")
        assert reader.choices_hash
        event = reader.consents.get()
        assert (event.kind, event.how, event.wording) == ("admitted", "import", "Signed up at our old service")
        for said in PROOFS.get(service, ()):
            assert said in event.note.splitlines()
    if service == "mailchimp":
        assert readers[0].zone == "Europe/Madrid"


def test_excel_in_china_and_semicolons_are_understood(tmp_path: Path) -> None:
    assert bring(tmp_path, "姓名;email;language\n陈;chen@mail.example;zh-CN\n".encode("gb18030"))["added"] == 1
    assert Subscriber.objects.get().language == "zh"


def test_who_left_or_is_suppressed_stays_out_and_the_file_says_why(tmp_path: Path) -> None:
    suppressing.suppress("gone@mail.example", "complained", timezone.now())
    factories.reader("here@mail.example", language="zh")
    rows = (
        "email,status\nGone@mail.example,enabled\nold@mail.example,blocklisted\nhere@mail.example,enabled\nnonsense,\n"
    )
    report = bring(tmp_path, rows, f"--errors={tmp_path / 'errors.csv'}")
    assert (report["rows"], report["added"], report["known"], report["refused"]) == (4, 0, 1, 3)
    with (tmp_path / "errors.csv").open() as file:
        assert sorted(csv.reader(file)) == [
            ["2", "Gone@mail.example", "on the suppression list"],
            ["3", "old@mail.example", "status is blocklisted"],
            ["5", "nonsense", "not an address"],
            ["line", "email", "reason"],
        ]
    assert Subscriber.objects.get(email_key="here@mail.example").language == "zh"


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    rows = "email\na@mail.example\nA@mail.example\nb@mail.example\n"
    dry = bring(tmp_path, rows, "--dry-run")
    assert not Subscriber.objects.exists()
    real = bring(tmp_path, rows)
    assert {**dry, "dry_run": False} == real
    assert real["added"] == 2


def test_running_again_takes_up_where_a_run_broke_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "email\n" + "".join(f"r{n}@mail.example\n" for n in range(5))
    monkeypatch.setattr(importing, "BATCH", 2)
    batches = iter(range(2))

    def interrupted(*arguments: Any) -> importing.Report:
        if next(batches) == 1:
            raise KeyboardInterrupt
        return real(*arguments)

    real = importing.take
    monkeypatch.setattr(importing, "take", interrupted)
    with pytest.raises(CommandError, match="stopped"):
        bring(tmp_path, rows)
    monkeypatch.setattr(importing, "take", real)
    broken = Import.objects.get()
    assert (broken.state, broken.report["added"], broken.path.exists()) == (ImportState.CANCELLED, 2, False)
    again = bring(tmp_path, rows)
    assert (again["added"], again["known"]) == (3, 2)
    assert ConsentEvent.objects.count() == Subscriber.objects.count() == 5


def test_the_command_leaves_a_record_beside_those_of_the_admin_and_a_dry_run_leaves_none(tmp_path: Path) -> None:
    bring(tmp_path, "email\na@mail.example\nnonsense\n", "--dry-run")
    assert not Import.objects.exists()
    assert not list(Import.folder().iterdir())
    bring(tmp_path, "email\na@mail.example\n")
    done = Import.objects.get()
    assert (done.state, done.basis, done.report["added"]) == (
        ImportState.DONE,
        "Signed up at our old service",
        1,
    )
    assert not done.path.exists()


def test_a_wrongly_chosen_column_doesnt_give_a_million_reasons() -> None:
    report = importing.Report()
    for part in range(3):
        reasons = {Reason(Why.NOT_A_READER, "city", f"{part}-{n}"): 1 for n in range(100)} | {SUPPRESSED: 1}
        report.add(importing.Report(rows=101, refused=101, reasons=reasons))
    assert len(report.reasons) == importing.MOST_REASONS + 1
    assert report.reasons[SUPPRESSED] == 3
    assert sum(report.reasons.values()) == report.refused == 303


def test_nobody_is_imported_without_a_basis_of_consent(tmp_path: Path) -> None:
    (tmp_path / "readers.csv").write_text("email\na@mail.example\n")
    with pytest.raises(CommandError, match="basis"):
        call_command("import_readers", str(tmp_path / "readers.csv"), "--basis= ")


@pytest.mark.parametrize("content", ["", "name\nana\n"])
def test_a_file_without_addresses_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(CommandError, match=r"empty|no column"):
        bring(tmp_path, content)


def test_what_is_exported_comes_back_the_same_and_runs_in_no_spreadsheet(tmp_path: Path) -> None:
    factories.reader("=cmd@mail.example", lists=["china"], send_at=dt.time(6, 30), language="zh")
    factories.reader("+1@mail.example", state=State.LEFT)
    factories.reader("x@mail.example", state=State.ERASED)
    file = tmp_path / "out.csv"
    call_command("export_readers", str(file), stderr=StringIO())
    assert file.stat().st_mode & 0o077 == 0
    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["email"] for row in rows] == ["'=cmd@mail.example", "'+1@mail.example"]
    assert (rows[0]["lists"], rows[0]["topics"], rows[0]["send_at"]) == ("china", "", "06:30:00")
    assert plain(rows[0]["email"]) == "=cmd@mail.example"
    Subscriber.objects.all().delete()
    report = bring(tmp_path, file.read_text())
    assert (report["added"], report["refused"]) == (1, 1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_no_cell_is_a_formula_in_any_spreadsheet(start: str) -> None:
    assert safe(f"{start}1") == f"'{start}1"
    assert plain(safe(f"{start}1")) == f"{start}1"


def _readers_of_every_kind() -> None:
    today = timezone.now().date()
    factories.reader("all@mail.example")
    factories.reader("none@mail.example", lists=[], sections=[], topics=[])
    factories.reader("some@mail.example", lists=["china", "us-media"], topics=["chips"], language="en")
    factories.reader("often@mail.example", frequency="weekdays", send_at=dt.time(6, 30), zone="Europe/Paris")
    factories.reader("plain@mail.example", plain_text=True, language="zh", sections=["qa"])
    factories.reader("away@mail.example", state=State.PAUSED, paused_until=today + dt.timedelta(days=40))
    factories.reader("back@mail.example", state=State.PAUSED, paused_until=today)
    for state in (State.LEFT, State.BOUNCED, State.COMPLAINED, State.PENDING):
        factories.reader(f"{state}@mail.example", state=state)


def _chosen() -> dict[str | None, tuple[Any, ...]]:
    kept = ("language", "lists", "sections", "topics", "plain_text", "choices_hash", "frequency", "send_at", "zone")
    readers = Subscriber.objects.filter(state__in=(State.ACTIVE, State.PAUSED))
    return {reader.email: tuple(getattr(reader, name) for name in kept) for reader in readers}


def _states() -> dict[str | None, tuple[str, dt.date | None]]:
    return {reader.email: (reader.state, reader.paused_until) for reader in Subscriber.objects.all()}


@pytest.mark.parametrize("way", ["command", "admin"])
def test_our_own_export_brings_back_every_reader_with_all_their_choices(
    tmp_path: Path, way: str, admin_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _readers_of_every_kind()
    before, file = _chosen(), tmp_path / "out.csv"
    call_command("export_readers", str(file), stderr=StringIO())
    until = Subscriber.objects.get(email="away@mail.example").paused_until
    Subscriber.objects.all().delete()
    if way == "command":
        report = bring(tmp_path, file.read_bytes())
        assert (report["added"], report["refused"]) == (7, 4)
        assert sorted(report["reasons"]) == [
            f"state is {state}" for state in ("bounced", "complained", "left", "pending")
        ]
    else:
        monkeypatch.setattr("newsletter.schedules.wake_imports", lambda: None)
        page = "/admin/subscribers/import/"
        with file.open("rb") as opened:
            admin_client.post(f"{page}add/", {"file": opened})
        job = Import.objects.get()
        columns = {f"column-{place}": role for place, role in enumerate(job.roles)}
        admin_client.post(f"{page}{job.pk}/columns/", {"basis": "ours", "language": "both", **columns})
        running.run_due()
        admin_client.post(f"{page}{job.pk}/do/start/")
        running.run_due()
    assert _chosen() == before
    states = _states()
    assert states.pop("away@mail.example") == (State.PAUSED, until)
    assert set(states.values()) == {(State.ACTIVE, None)}  # the pause that ended today is over
    event = ConsentEvent.objects.get(subscriber__email="away@mail.example")
    assert (event.from_state, event.to_state) == ("", State.PAUSED)
    assert "created_at: " in event.note  # of the old database, said to be the file's word


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("frequency", "hourly"), ("send_at", "morning"), ("lists", "a,b"), ("plain_text", "perhaps")),
        *(("paused_until", "soon"), ("paused_until", "2999-01-01")),
    ],
)
def test_a_choice_that_cannot_be_read_refuses_its_row_and_names_the_cell(
    tmp_path: Path, column: str, value: str
) -> None:
    factories.reader("a@mail.example", state=State.PAUSED, paused_until=timezone.now().date() + dt.timedelta(days=9))
    out = StringIO(newline="")
    export_readers(out, Subscriber.objects.all())
    rows = list(csv.DictReader(StringIO(out.getvalue(), newline="")))
    Subscriber.objects.all().delete()
    changed = StringIO(newline="")
    writer = csv.DictWriter(changed, rows[0].keys())
    writer.writeheader()
    writer.writerow(rows[0] | {column: value})
    report = bring(tmp_path, changed.getvalue())
    assert report["reasons"] == {f"{column} can't be {value}": 1}
    assert not Subscriber.objects.exists()


def test_anothers_column_of_states_or_lists_is_not_taken_for_ours(tmp_path: Path) -> None:
    report = bring(tmp_path, "email,state,lists,frequency\na@mail.example,California,Friends,often\n")
    assert report["added"] == 1
    assert Subscriber.objects.get().lists is None


def test_the_command_puts_people_who_left_elsewhere_on_the_suppression_list(tmp_path: Path) -> None:
    rows = "email\nleft@mail.example\nLeft@mail.example\n"
    dry = bring(tmp_path, rows, "--gone", "--dry-run")
    assert not suppressing.is_suppressed("left@mail.example")
    real = bring(tmp_path, rows, "--gone")
    assert {**dry, "dry_run": False} == real
    assert (real["added"], real["known"]) == (1, 1)
    assert suppressing.is_suppressed("left@mail.example")
    assert not Subscriber.objects.exists()
