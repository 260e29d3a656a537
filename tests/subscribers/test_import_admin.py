"""Bringing readers in by the admin: file, columns, dry run, run."""

import csv
import datetime as dt
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from subscribers import joining, suppressing
from subscribers.models import ConsentEvent, Import, ImportPurpose, ImportState, State, Subscriber
from subscribers.tidying import tidy
from subscribers.transfer import jobs, running
from tests import factories
from tests.subscribers.import_steps import BASIS, FILE, IMPORTS, READERS, do, many, ready, say, state_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("import_folder")]


def test_from_the_button_to_the_readers(operator: Client, import_folder: Path) -> None:
    assert f'href="{IMPORTS}add/"' in operator.get(READERS).content.decode()
    page = upload(operator).content.decode()
    assert "ana@mail.example" in page  # the first rows, as examples
    job = Import.objects.get()
    assert job.roles == ["email", "still", ""]
    assert (import_folder / f"{job.pk}.csv").stat().st_mode & 0o077 == 0

    page = say(operator, job, ["email", "still", "language"]).content.decode()
    assert "manage.py work" in page
    assert 'http-equiv="refresh"' in page
    assert not Subscriber.objects.exists()
    running.run_due()
    page = operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    assert "Import 1 reader" in page
    assert "unsubscribed" in page
    assert 'http-equiv="refresh"' not in page
    assert not Subscriber.objects.exists()

    page = do(operator, job, "start").content.decode()
    assert not Subscriber.objects.exists()  # the page's own request never does the rows
    running.run_due()
    reader = Subscriber.objects.get()
    assert (reader.email_key, reader.state, reader.language) == ("ana@mail.example", State.ACTIVE, "en")
    event = ConsentEvent.objects.get()
    assert (event.wording, event.note) == (BASIS, f"import {job.pk}")
    assert state_of(job) == ImportState.DONE
    assert job.report == job.foreseen | {"reasons": job.report["reasons"]}
    assert not job.path.exists()
    assert LogEntry.objects.filter(object_id=str(job.pk)).count() == 4  # uploaded, dry run, start, done


def test_the_refused_rows_are_downloaded_without_formulas(operator: Client) -> None:
    job = ready(operator, "email,status\n=cmd|x,\nleft@mail.example,@SUM(1)\nok@mail.example,active\n")
    response = operator.get(f"{IMPORTS}{job.pk}/errors.csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode())))
    assert rows == [
        ["line", "email", "reason"],
        ["2", "'=cmd|x", "not an address"],
        ["3", "left@mail.example", "status is @sum(1)"],
    ]


def zipped(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "email\na@mail.example\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "list.csv", "empty"),
        (b"email\n", "list.csv", "nobody below it"),
        (zipped("xl/workbook.xml"), "list.xlsx", "Excel workbook"),
        (zipped("subscribed.csv"), "export.zip", "unpack it"),
        (b"PK\x03\x04 and nothing more", "broken.zip", "unpack it"),
        (b"a," * 600 + b"\nx\n", "list.csv", "at most 500"),
        (b'"' + b"a" * 200_000 + b'"\nx\n', "list.csv", "at most 500"),
        (b"\x1f\x8b\x08\x00", "list.csv.gz", "unpack it"),
        (b"<!DOCTYPE html><p>Log in", "list.csv", "web page"),
        (b"\x00\x01\x02\x03" * 9, "list.csv", "no text file"),
        (b"a@mail.example\nb@mail.example\n", "list.csv", "must name the columns"),
        (b"name,city\nAna,Berlin\n", "list.csv", "no column of addresses among: name, city"),
        (b"email\n" + b"x" * 1_100_000, "list.csv", "more than a million"),
        (b"Email Address\na@mail.example\n", "unsubscribed_email_audience_export_1f.csv", "people who left"),
        (b"Email Address\na@mail.example\n", "cleaned_members_export_1f.csv", "people who left"),
        (b"Email Address\na@mail.example\n", "nonsubscribed_email_audience_export_1f.csv", "people who left"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    operator: Client, import_folder: Path, content: bytes, name: str, told: str
) -> None:
    assert told in upload(operator, content, name).content.decode()
    assert not Import.objects.exists()
    assert not list(import_folder.glob("*"))


def test_too_large_a_file_is_refused_with_another_way(operator: Client, settings: Any) -> None:
    settings.IMPORT_MAX_MB = 0
    assert "import_readers FILE.csv" in upload(operator).content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("名字,邮箱\n陈,chen@mail.example\n".encode("utf-8-sig"), "utf-8"),
        ("名字,邮箱\n陈,chen@mail.example\n".encode("gb18030"), "gb18030"),
        ("名字\t邮箱\r\n陈\tchen@mail.example\r\n".encode("utf-16"), "utf-16"),
        ("sep=;\nVorname;email\nJosé;chen@mail.example\nZoë;zoe@mail.example\n".encode("cp1252"), "cp1252"),
        (b"Name,email\rChen,chen@mail.example\r", "utf-8"),
    ],
)
def test_what_spreadsheets_write_is_read(operator: Client, content: bytes, encoding: str) -> None:
    page = upload(operator, content).content.decode()
    assert "�" not in page
    job = Import.objects.get()
    assert (job.encoding, job.roles) == (encoding, ["", "email"])
    say(operator, job)
    running.run_due()
    do(operator, job, "start")
    running.run_due()
    assert Subscriber.objects.filter(email_key="chen@mail.example").exists()


def test_without_a_column_of_addresses_or_a_basis_it_doesnt_go_on(operator: Client) -> None:
    upload(operator, "who,what\nana@mail.example,x\n")
    job = Import.objects.get()
    assert job.roles == ["email", ""]  # known by its look
    assert "one column must have the addresses" in say(operator, job, ["", ""]).content.decode()
    assert "one column must have the addresses" in say(operator, job, ["email", "email"]).content.decode()
    assert "on what basis" in say(operator, job, basis="  ").content.decode()
    assert state_of(job) == ImportState.UPLOADED


def test_a_broken_file_fails_at_its_line_and_can_be_given_up(operator: Client) -> None:
    upload(operator, many(60) + 'b@mail.example,"' + "y\n" * 80_000)
    job = Import.objects.get()
    say(operator, job)
    running.run_due()
    page = operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    assert state_of(job) == ImportState.FAILED
    assert "line 62" in page
    do(operator, job, "cancel")
    assert state_of(job) == ImportState.CANCELLED
    assert not job.path.exists()


def test_only_who_may_import_or_export_can(client: Client) -> None:
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_subscriber"))
    client.force_login(user)
    page = client.get(READERS).content.decode()
    assert "Import readers" not in page
    assert "Export readers" not in page
    job = jobs.receive(io.BytesIO(FILE.encode()), "list.csv")
    assert client.get(f"{READERS}export/").status_code == 403
    assert upload(client).status_code == 403
    assert say(client, job).status_code == 403
    assert do(client, job, "cancel").status_code == 403
    assert client.get(f"{IMPORTS}{job.pk}/errors.csv").status_code == 403
    assert client.get(f"{IMPORTS}{job.pk}/change/").status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="add_import"))
    assert say(client, job).status_code == 200
    assert state_of(job) == ImportState.CHECKING


def test_links_change_nothing(operator: Client) -> None:
    job = ready(operator)
    for act in ("start", "cancel", "resume"):
        assert operator.get(f"{IMPORTS}{job.pk}/do/{act}/").status_code == 405
    assert operator.post(f"{IMPORTS}{job.pk}/do/whatever/").status_code == 404
    assert state_of(job) == ImportState.CHECKED


def test_a_silent_worker_is_said(operator: Client) -> None:
    job = ready(operator, many(3))
    do(operator, job, "start")
    Import.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert "hasn’t been heard of" in operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()


def test_a_file_that_went_away_is_said(operator: Client) -> None:
    job = ready(operator)
    job.path.unlink()
    assert "VAR_DIR" in do(operator, job, "start").content.decode()
    assert state_of(job) == ImportState.CHECKED


def test_who_left_here_stays_out_and_who_is_here_stays_as_they_are(operator: Client) -> None:
    suppressing.suppress("gone@mail.example", "complained", timezone.now())
    factories.reader("here@mail.example", language="zh", state=State.PAUSED)
    job = ready(operator, "email,language\ngone@mail.example,en\nHERE@mail.example,en\nnew@mail.example,\n")
    page = operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    assert "Import 1 reader" in page
    do(operator, job, "start")
    running.run_due()
    assert Subscriber.objects.get(email_key="here@mail.example").state == State.PAUSED
    assert Subscriber.objects.get(email_key="new@mail.example").language == "zh"  # the language of rows with none
    assert not Subscriber.objects.filter(email_key="gone@mail.example").exists()


def test_columns_can_be_said_anew_after_a_dry_run(operator: Client) -> None:
    job = ready(operator, "email,status\na@mail.example,VIP\n")
    assert job.report["added"] == 0
    say(operator, job, ["email", ""])
    running.run_due()
    job.refresh_from_db()
    assert (job.report["rows"], job.report["added"], job.errors_size) == (1, 1, 0)


def test_files_and_lists_of_refused_rows_are_not_kept_for_ever(operator: Client, import_folder: Path) -> None:
    left, done = ready(operator), ready(operator)
    do(operator, done, "start")
    running.run_due()
    (import_folder / "x.part").touch()
    os.utime(import_folder / "x.part", (0, 0))
    tidy(timezone.now() + dt.timedelta(days=6))
    assert left.path.exists()
    assert done.errors_path.exists()
    tidy(timezone.now() + dt.timedelta(days=8))
    assert state_of(left) == ImportState.CANCELLED
    assert not left.path.exists()
    assert not (import_folder / "x.part").exists()
    tidy(timezone.now() + dt.timedelta(days=40))
    assert not list(import_folder.iterdir())
    assert operator.get(f"{IMPORTS}{done.pk}/errors.csv").status_code == 404


def test_nothing_is_edited_or_deleted_behind_the_imports_back(operator: Client) -> None:
    job = ready(operator)
    assert operator.post(f"{IMPORTS}{job.pk}/delete/", {"post": "yes"}).status_code == 403
    operator.post(f"{IMPORTS}{job.pk}/change/", {"state": "done"})
    assert state_of(job) == ImportState.CHECKED
    assert "list.csv" in operator.get(IMPORTS).content.decode()


def test_the_filtered_list_is_exported_streamed_and_audited(operator: Client) -> None:
    factories.reader("=cmd@mail.example", language="zh")
    factories.reader("b@mail.example", state=State.LEFT)
    assert f"{READERS}export/" in operator.get(READERS).content.decode()
    response = operator.get(f"{READERS}export/", {"q": "=cmd@mail.example"})
    assert response.streaming
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [row["email"] for row in rows] == ["'=cmd@mail.example"]
    entry = LogEntry.objects.get()
    assert "Exported readers" in entry.change_message
    assert "cmd" not in entry.change_message


def test_too_long_a_list_goes_by_command_and_never_comes_cut_off(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscribers.admin.exports.AT_MOST", 1)
    factories.reader("a@mail.example")
    assert operator.get(f"{READERS}export/").streaming
    factories.reader("b@mail.example")
    page = operator.get(f"{READERS}export/", follow=True).content.decode()
    assert "manage.py export_readers" in page


# ---- people who left elsewhere ---------------------------------------------------------------------------------


def test_another_services_unsubscribers_go_to_the_suppression_list_by_the_same_steps(operator: Client) -> None:
    imported = factories.reader("imported@mail.example", source="import")
    own = joining.join("own@mail.example", "en", joining.Proof("form"))
    joining.confirm(own, joining.Proof("page"))
    people = (
        "Email Address,UNSUB_TIME\nleft@mail.example,2021\nImported@mail.example,2021\nown@mail.example,2021\nx,\n"
    )
    file = SimpleUploadedFile("unsubscribed_audience_export.csv", people.encode())
    page = operator.post(f"{IMPORTS}add/", {"file": file, "gone": "on"}, follow=True).content.decode()
    assert "Where these people left" in page
    job = Import.objects.get()
    assert job.purpose == ImportPurpose.GONE
    say(operator, job)
    running.run_due()
    page = operator.get(f"{IMPORTS}{job.pk}/change/").content.decode()
    assert "Suppress 2 addresses" in page
    assert "by their own confirmation" in page
    assert not suppressing.is_suppressed("left@mail.example")
    do(operator, job, "start")
    running.run_due()
    imported.refresh_from_db()
    own.refresh_from_db()
    assert (imported.state, own.state) == (State.LEFT, State.ACTIVE)
    assert imported.consents.get(kind="left").note == f"import {job.pk}"
    assert suppressing.is_suppressed("left@mail.example")
    assert suppressing.is_suppressed("imported@mail.example")
    assert not suppressing.is_suppressed("own@mail.example")
    assert Subscriber.objects.count() == 2
    job.refresh_from_db()
    assert (job.report["added"], job.report["refused"]) == (2, 2)
    assert "2 put on the suppression list" in LogEntry.objects.latest("pk").change_message


def test_an_import_after_the_unsubscribers_brings_none_of_them_in(operator: Client) -> None:
    file = SimpleUploadedFile("list.csv", b"email,status\ngone@mail.example,blocklisted\nhere@mail.example,enabled\n")
    operator.post(f"{IMPORTS}add/", {"file": file, "gone": "on"}, follow=True)
    job = Import.objects.get()
    say(operator, job)
    running.run_due()
    do(operator, job, "start")
    running.run_due()
    assert suppressing.is_suppressed("gone@mail.example")
    assert not suppressing.is_suppressed("here@mail.example")  # the file itself says that they are still there
    ready(operator, "email\ngone@mail.example\nhere@mail.example\n")
    second = Import.objects.latest("pk")
    assert (second.report["added"], second.report["refused"]) == (1, 1)
