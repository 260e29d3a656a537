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
from subscribers.models import State, Subscriber
from subscribers.transfer.cells import plain
from tests import factories

pytestmark = pytest.mark.django_db

EXPORTS = {
    "mailchimp": "Email Address,First Name,LANGUAGE,OPTIN_TIME,CONFIRM_TIME\nana@mail.example,Ana,en,2020-01-01,x\n",
    "listmonk": 'uuid,email,name,attributes,status,created_at\n1,ana@mail.example,Ana,"{""a"": 1}",enabled,2020\n',
    "buttondown": "email,notes,creation_date,type\nana@mail.example,,2020-01-01,regular\n",
    "substack": "Email,active_subscription,expiry,email_disabled,created_at\nana@mail.example,false,,false,2020\n",
}


def bring(path: Path, content: str | bytes, *arguments: str) -> dict[str, Any]:
    file = path / "readers.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    out = StringIO()
    call_command("import_readers", str(file), "--basis=Signed up at our old service", "--json", *arguments, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.mark.parametrize("service", EXPORTS)
def test_exports_of_other_services_are_understood(tmp_path: Path, service: str) -> None:
    assert bring(tmp_path, EXPORTS[service])["added"] == 1
    reader = Subscriber.objects.get()
    assert (reader.email_key, reader.state, reader.source) == ("ana@mail.example", State.ACTIVE, "import")
    assert reader.choices_hash
    event = reader.consents.get()
    assert (event.kind, event.how, event.wording) == ("admitted", "import", "Signed up at our old service")


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


def test_running_again_takes_up_where_a_run_broke_off(tmp_path: Path) -> None:
    rows = "email\n" + "".join(f"r{n}@mail.example\n" for n in range(5))
    bring(tmp_path, rows[:60])
    again = bring(tmp_path, rows)
    assert again["added"] + again["known"] + again["refused"] == 5
    assert Subscriber.objects.filter(state=State.ACTIVE).count() >= 5


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
