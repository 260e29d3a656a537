"""`manage.py rank --articles`: a file's articles ranked without a database."""

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
NEBIUS = [
    {
        "id": "en-1",
        "title": "Nvidia invests $2 billion in Nebius to fund AI data center buildout",
        "summary": "The AI cloud company will build data centers.",
        "url": "https://ledger.example/2026/05/06/nebius",
        "outlet": "Ledger",
        "lang": "en",
        "published_utc": "2026-05-06T10:00:00+00:00",
    },
    {
        "id": "zh-1",
        "title": "英伟达将向Nebius投资20亿美元",
        "summary": "双方将共同开发面向人工智能市场的云平台。",
        "url": "https://chenxing.example/1",
        "outlet": "晨星科技",
        "lang": "zh-CN",
        "published_utc": "2026-05-06T11:00:00Z",
    },
    {"id": "no", "title": "小龙虾大量上市，批发价比上月跌了三成"},
]
KEYS = ["id", "relevant", "reasons", "story", "hot", "quality", "impact", "score", "topics"]


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def ranked(path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    call_command("rank", "--articles", str(path), "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_for_each_article_in_the_order_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    english, chinese, crayfish = ranked(written(tmp_path, NEBIUS), capsys)
    assert list(english) == KEYS
    assert [english["id"], chinese["id"], crayfish["id"]] == ["en-1", "zh-1", "no"]
    assert english["story"] == chinese["story"] == "en-1"
    assert english["relevant"]
    assert "Nvidia" in english["reasons"]["impact"]["en"]
    assert "英伟达" in english["reasons"]["impact"]["zh"]
    assert all(0 <= english[key] <= 100 for key in ("hot", "quality", "impact", "score"))
    assert (crayfish["relevant"], crayfish["story"], crayfish["score"]) == (False, "", 0)
    assert crayfish["reasons"]["relevance"]["zh"].startswith("不相关")


def test_progress_and_counts_go_to_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rank", "--articles", str(written(tmp_path, NEBIUS)), "--json")
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert "3 articles, 2 relevant, 1 stories, 1 of them in both languages" in captured.err


def test_without_json_the_ten_are_printed_with_their_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rank", "--articles", str(written(tmp_path, NEBIUS)))
    out = capsys.readouterr().out
    assert out.startswith("1. Nvidia invests $2 billion")
    assert "2 independent outlets" in out
    assert "2 家独立媒体" in out


def test_standard_input_is_a_file_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"{json.dumps(row)}\n" for row in NEBIUS).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    call_command("rank", "--articles", "-", "--json")
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_no_database_is_needed_and_no_run_differs(tmp_path: Path) -> None:
    path = written(tmp_path, NEBIUS)
    outputs = set()
    for seed in ("1", "2"):
        environment = {
            **os.environ,
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "VAR_DIR": str(tmp_path / "var"),
            "DEBUG": "1",
            "PYTHONHASHSEED": seed,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, str(ROOT / "manage.py"), "rank", "--articles", str(path), "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert not list((tmp_path / "var").glob("*.sqlite3"))


def test_the_order_of_the_lines_decides_nothing_but_the_order_of_the_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("Nvidia", "OpenAI", "Meta", "Google", "AMD")
    rows = NEBIUS + [
        {"id": f"{n}", "title": f"{names[n % 5]} releases a new AI model for {n} languages", "lang": "en"}
        for n in range(40)
    ]
    straight = {row["id"]: row for row in ranked(written(tmp_path, rows), capsys)}
    random.Random(3).shuffle(rows)
    shuffled = ranked(written(tmp_path, rows), capsys)
    assert [row["id"] for row in shuffled] == [row["id"] for row in rows]
    assert {row["id"]: row for row in shuffled} == straight


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "is not JSON"),
        ("[1]", "is no object"),
        ('{"title": "T"}', "no id"),
        ('{"id": "2"}', "no title"),
        ('{"id": "2", "title": null}', "no title"),
        ('{"id": true, "title": "T"}', "id True is no text"),
        ('{"id": "2", "title": ["T"]}', "title is no text but list"),
        ('{"id": "2", "title": "T", "url": 5}', "url is no text but int"),
        ('{"id": "1", "title": "again"}', "id '1' stands in line 1 already"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_printed(
    line: str, wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(f'{{"id": "1", "title": "OpenAI ships a model"}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(CommandError, match=r"day\.jsonl, line 3: ") as error:
        call_command("rank", "--articles", str(path), "--json")
    assert wrong in str(error.value)
    assert capsys.readouterr().out == ""


def test_all_broken_lines_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text('{"id": "1", "title": "A"}\n{\n{"id": "1", "title": "B"}\n{"id": "2"}\n', encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("rank", "--articles", str(path), "--json")
    lines = str(error.value).splitlines()
    assert [line.partition(": ")[0][-6:] for line in lines] == ["line 2", "line 3", "line 4"]
    assert "stands in line 1 already" in lines[1]
    assert capsys.readouterr().out == ""


def test_a_file_of_something_else_is_not_named_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("no JSON\n" * 900, encoding="utf-8")
    with pytest.raises(CommandError, match="and 850 more lines"):
        call_command("rank", "--articles", str(path), "--json")


def test_a_reason_names_the_word_that_stands_in_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": "1", "title": "航空大赛用上机器人裁判"}, {"id": "2", "title": "A football club trains LLMs"}]
    chinese, english = (row["reasons"]["relevance"] for row in ranked(written(tmp_path, rows), capsys))
    assert "机器人" in chinese["en"]
    assert "机器人" in chinese["zh"]
    assert "破产" not in chinese["zh"]
    assert "LLMs" in english["en"]
    assert "bankruptcy" not in english["en"]


def test_fewer_than_ten_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rank", "--articles", str(written(tmp_path, NEBIUS)))
    assert "only 1 story is worth an item, not 10" in capsys.readouterr().err


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(b'{"id": "1", "title": "\xff"}\n')
    with pytest.raises(CommandError, match="line 1: is not UTF-8"):
        call_command("rank", "--articles", str(path))


def test_a_missing_file_and_options_of_the_database_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("rank", "--articles", str(tmp_path / "none.jsonl"))
    with pytest.raises(CommandError, match="--articles reads no database"):
        call_command("rank", "--articles", "-", "--date", "2026-05-06")
    with pytest.raises(CommandError, match="with --articles write a time"):
        call_command("rank", "--articles", str(written(tmp_path, NEBIUS)), "--cutoff", "24:00")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"id": "1", "title": ""}],
        [{"id": 1, "title": "OpenAI ships a model"}],
        [{"id": f"{n}", "title": "OpenAI ships an AI model", "url": "https://a.example/1"} for n in range(300)],
        [{"id": f"{n}", "title": f"第{n}家公司发布大模型", "lang": "zh"} for n in range(30)],
        [{"id": "1", "title": "OpenAI の新しい AI モデル"}, {"id": "2", "title": "KI-Modell", "lang": "de"}],
        [{"id": "1", "title": "OpenAI\x00 ships\x1b[31m a \ud800 model", "summary": "\x08" * 50}],
        [{"id": "1", "title": "OpenAI发布 a new AI模型 for everyone 龙虾", "summary": "混 mixed 語言 text " * 20}],
        [{"id": "1", "title": "AI " * 3000, "summary": "大模型 raises $3 billion. " * 40_000}],
        [{"id": "1", "title": "OpenAI ships", "published_utc": "N/A"}, {"id": "2", "title": "x", "published_utc": ""}],
        [{"id": "1", "title": "AI model", "url": "http://[broken", "published_utc": "0001-01-01T00:00:00+14:00"}],
    ],
    ids=["none", "empty", "one", "same", "zh", "ja-de", "control", "mixed", "huge", "undated", "broken-address"],
)
def test_whatever_feeds_carry_gets_an_answer_a_line(
    rows: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ranked(written(tmp_path, rows), capsys)
    assert [row["id"] for row in found] == [str(row["id"]) for row in rows]


def test_the_same_text_many_times_is_one_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": f"{n}", "title": "OpenAI ships an AI model for hospitals", "outlet": f"O{n}"} for n in range(300)]
    found = ranked(written(tmp_path, rows), capsys)
    assert len({row["story"] for row in found}) == 1
    assert "1 independent outlet" in found[0]["reasons"]["hot"]["en"]
    assert "299 reprints" in found[0]["reasons"]["hot"]["en"]
    assert "copy" in found[7]["reasons"]


def test_a_date_in_the_future_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*NEBIUS, {"id": "f", "title": "OpenAI ships an AI model", "published_utc": "2031-01-01T00:00:00Z"}]
    found = ranked(written(tmp_path, rows), capsys)
    assert "the latest 0 h before the cutoff" in found[0]["reasons"]["hot"]["en"]
    assert found[3]["reasons"]["age"]["en"] == "its feed gives no date"


def test_years_old_entries_are_kept_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = "OpenAI sues a chip maker over stolen AI weights"
    new = {"id": "new", "title": title, "url": "https://a.example/2026/05/06/x", **_at("2026-05-06T09:00:00Z")}
    old = {"id": "old", "title": "Meta releases an open AI model for songs", "url": "https://a.example/2024/01/06/y"}
    fresh, stale = ranked(written(tmp_path, [new, {**old, **_at("2026-05-06T09:00:00Z")}]), capsys)
    assert stale["relevant"]
    assert stale["score"] < fresh["score"] - 20
    assert stale["reasons"]["hot"]["en"] == "no news: its address is of 6 Jan 2024"


def _at(time: str) -> dict[str, str]:
    return {"published_utc": time}
