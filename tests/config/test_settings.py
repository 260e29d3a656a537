"""What an operator is told when a setting is missing or wrong, and what a real installation does without DEBUG."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment, first_env

ROOT = Path(__file__).parents[2]
REAL = {
    "SECRET_KEY": "k" * 60,
    "SUPPRESSION_KEY": "s" * 60,
    "SITE_URL": "https://news.example",
    "MAIL_DOMAIN": "news.example",
    "DEBUG": "0",
}


def manage(folder: Path, *arguments: str, given: bytes = b"", **changes: str) -> "subprocess.CompletedProcess[bytes]":
    """A command of a real installation, its settings all there but for `changes`."""
    own = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder), **REAL, **changes}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=own, input=given, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set: write SECRET_KEY="),
        ("SUPPRESSION_KEY", "", "SUPPRESSION_KEY is not set: write SUPPRESSION_KEY="),
        ("SITE_URL", "", "SITE_URL is not set: write SITE_URL=https://news.example into .env"),
        ("MAIL_DOMAIN", "", "MAIL_DOMAIN is not set"),
        ("SITE_URL", "news.example", "write an address such as https://news.example"),
        ("DATABASE_URL", "mysql://u:secret@h/n", "write postgres://user:password@host/name"),
        ("DISPOSABLE_DOMAINS_FILE", "/nowhere/x", "DISPOSABLE_DOMAINS_FILE: there is no file /nowhere/x"),
        ("LOG_LEVEL", "chatty", "LOG_LEVEL='chatty': write one of"),
        ("MAIL_FROM", "nobody", "MAIL_FROM='nobody': write a sender such as"),
        ("VAR_DIR", "/proc/nowhere", "VAR_DIR=/proc/nowhere: can't be made"),
        ("WORKERS", "two", "WORKERS='two': write a whole number"),
        ("CLAUDE_DAILY_BUDGET_USD", "much", "CLAUDE_DAILY_BUDGET_USD='much': write a number such as 5"),
        ("CLAUDE_PRICES", "qwen3", "CLAUDE_PRICES='qwen3': write MODEL=INPUT/OUTPUT"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_one_line(tmp_path: Path, name: str, value: str, told: str) -> None:
    done = manage(tmp_path, "check", given=b"", **{name: value})
    said = done.stderr.decode()
    assert done.returncode == 1
    assert told in said
    assert said.count("\n") == 1
    assert "secret@" not in said


def test_an_empty_variable_is_an_unset_one(tmp_path: Path) -> None:
    assert manage(tmp_path, "check", DATABASE_URL="", REDIS_URL="", LOG_LEVEL="", MAIL_FROM="").returncode == 0


def test_a_pipe_without_settings_asks_the_mail_server_to_keep_the_mail(tmp_path: Path) -> None:
    done = manage(tmp_path, "receive", given=b"From: a@b.example\n\nx", SITE_URL="")
    assert done.returncode == os.EX_TEMPFAIL
    assert b"SITE_URL is not set" in done.stderr


@pytest.mark.parametrize(("command", "option"), [("check_issue", "--file"), ("rank", "--articles")])
def test_what_only_reads_a_file_needs_no_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, option: str
) -> None:
    monkeypatch.setattr(f"{__name__}.REAL", {})
    done = manage(tmp_path, command, f"{option}={tmp_path / 'nothing'}")
    assert done.returncode == 1
    assert b"nothing" in done.stderr
    assert b"is not set" not in done.stderr
    assert not (tmp_path / "db.sqlite3").exists()


def test_check_deploy_says_what_a_new_installation_lacks(tmp_path: Path) -> None:
    before = manage(tmp_path, "check", "--deploy").stderr.decode()
    assert "collectstatic" in before
    assert "manage.py migrate" in before
    for command in (["migrate"], ["collectstatic", "--noinput"], ["install_schedule"]):
        assert manage(tmp_path, *command, "--verbosity", "0").returncode == 0
    after = manage(tmp_path, "check", "--deploy").stderr.decode()
    assert "the postal address in every mail is an example" in after
    assert "https://news.example/desk/masthead/" in after
    assert "load_sources" in after
    assert "collectstatic" not in after
    assert "install_schedule" not in after
    assert (tmp_path / "static" / "staticfiles.json").exists()
    assert list((tmp_path / "static").glob("chenbao.*.css.gz"))


class TestTheFile:
    @pytest.fixture(autouse=True)
    def real(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DEBUG", raising=False)
        for name in ("ONE", "TWO", "THREE"):
            monkeypatch.setenv(name, "")  # so that it is put back afterwards
            monkeypatch.delenv(name)

    def test_its_lines_are_read_and_the_environment_goes_before_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TWO", "mine")
        file = tmp_path / ".env"
        file.write_text('# keys\nONE = a=b#c\n\nTWO=theirs\nexport THREE="晨报 <n@x.example>"\n', "utf8")
        environment.read_file(file)
        assert [os.environ[name] for name in ("ONE", "TWO", "THREE")] == ["a=b#c", "mine", "晨报 <n@x.example>"]

    def test_a_development_machine_does_not_read_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Else the demo would write into the real database beside it."""
        monkeypatch.setenv("DEBUG", "1")
        (tmp_path / ".env").write_text("ONE=1")
        environment.read_file(tmp_path / ".env")
        assert "ONE" not in os.environ

    @pytest.mark.parametrize(("line", "told"), [("one two", "line 2: write NAME=value"), ("ONE='x", "never closed")])
    def test_a_line_that_is_none_is_named(self, tmp_path: Path, line: str, told: str) -> None:
        (tmp_path / ".env").write_text(f"#\n{line}\n")
        with pytest.raises(ImproperlyConfigured, match=told):
            environment.read_file(tmp_path / ".env")

    def test_the_first_one_has_new_keys_and_what_was_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(first_env, "FILE", tmp_path / ".env")
        monkeypatch.setenv("SITE_URL", "https://news.example/")
        monkeypatch.delenv("MAIL_DOMAIN", raising=False)
        first_env.main()
        text = (tmp_path / ".env").read_text("utf8")
        assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
        assert "\nSITE_URL=https://news.example\nMAIL_DOMAIN=news.example\n" in text
        keys = [line.partition("=")[2] for line in text.splitlines() if "KEY=" in line]
        assert len(set(keys)) == 2
        assert min(map(len, keys)) > 50
        first_env.main()
        assert (tmp_path / ".env").read_text("utf8") == text  # never made twice
