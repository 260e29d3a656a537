"""manage.py gather --from DIR: a folder of feed files, one source a file."""

import datetime as dt
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsletter.models import Article, Source
from tests import factories
from tests.shared import shared

pytestmark = pytest.mark.django_db
FEEDS = Path(__file__).parents[1] / "fixtures" / "feeds"


def gather(*arguments: str) -> tuple[dict[str, Any], list[str]]:
    """The counts and the lines on stderr of one run."""
    out, err = io.StringIO(), io.StringIO()
    call_command("gather", *arguments, "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue().splitlines()[-1]), err.getvalue().splitlines()


def test_each_file_is_a_source_named_by_its_title() -> None:
    counts, lines = gather("--from", str(FEEDS))
    assert (counts["files"], counts["failed"], counts["new"]) == (4, 0, 9)
    assert lines == ["outlet.rss: 1 of 3 entries with neither headline nor text"]
    rows = Source.objects.order_by("url").values_list("url", "name", "language", "source_list__slug")
    assert list(rows) == [
        ("file:chenxing.rss", "晨星科技", "zh", "china"),
        ("file:journal.atom", "Werkstatt & Labor", "de", "us"),
        ("file:outlet.rss", "Morning Wire", "en", "us"),
        ("file:slash.rdf", "Slash", "en", "us"),
    ]


def test_twice_adds_nothing() -> None:
    gather("--from", str(FEEDS))
    counts, _ = gather("--from", str(FEEDS))
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 0, 9)
    assert Source.objects.count() == 4


def test_the_same_file_of_another_days_folder_is_the_same_source(tmp_path: Path) -> None:
    for day in ("one", "two"):
        shutil.copytree(FEEDS, tmp_path / day)
        gather("--from", str(tmp_path / day))
    assert Source.objects.count() == 4


def test_two_files_of_one_title_are_two_sources(tmp_path: Path) -> None:
    for name in ("wire.xml", "more/wire.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(FEEDS / "outlet.rss", tmp_path / name)
    assert gather("--from", str(tmp_path))[0]["new"] == 4
    urls = Source.objects.filter(name="Morning Wire").order_by("url").values_list("url", flat=True)
    assert list(urls) == ["file:more/wire.xml", "file:wire.xml"]


def test_list_and_language_may_be_said_also_afterwards() -> None:
    gather("--from", str(FEEDS))
    gather("--from", str(FEEDS), "--list", "China media", "--language", "zh")
    assert set(Source.objects.values_list("source_list__slug", "language")) == {("china", "zh")}


def test_an_unknown_list_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(
        CommandError, match=r"no source list 'sports'; there are: china \(China media\), us \(US media\)"
    ):
        gather("--from", str(FEEDS), "--list", "sports")


def test_an_unknown_folder_is_an_error() -> None:
    with pytest.raises(CommandError, match="no folder /nowhere"):
        gather("--from", "/nowhere")


def test_list_without_folder_is_an_error() -> None:
    with pytest.raises(CommandError, match="go with --from"):
        gather("--list", "us")


def test_bad_files_are_named_and_the_good_ones_read(tmp_path: Path) -> None:
    shutil.copy(FEEDS / "chenxing.rss", tmp_path / "good.xml")
    (tmp_path / "empty.xml").write_bytes(b"")
    (tmp_path / "gate.xml").write_text("<html><title>Log\nin</title></html>")
    (tmp_path / "notes.md").write_text("# Notes")
    (tmp_path / ".hidden").write_text("not looked at")
    (tmp_path / "locked.xml").symlink_to(tmp_path / "nowhere")
    counts, lines = gather("--from", str(tmp_path))
    assert (counts["files"], counts["failed"], counts["new"]) == (4, 3, 4)
    assert lines == [
        "empty.xml: empty",
        "gate.xml: a web page, not a feed: “Log in”",
        "notes.md: not XML: begins with “# Notes”",
    ]


def test_undated_entries_of_a_past_day_count_at_its_cutoff(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<rss><channel><item><title>No date here</title></item></channel></rss>")
    gather("--from", str(tmp_path), "--date", "2026-03-12", "--cutoff", "24:00")
    midnight = dt.datetime(2026, 3, 12, 16, 0, tzinfo=dt.UTC)  # in Shanghai, at the end of the day
    assert Article.objects.get().dated_at == midnight


def test_undated_entries_of_today_count_now(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<rss><channel><item><title>No date here</title></item></channel></rss>")
    before = timezone.now()
    gather("--from", str(tmp_path))
    assert before <= Article.objects.get().dated_at <= timezone.now()


def test_a_live_run_with_nothing_due_says_so() -> None:
    factories.source(next_visit_at=timezone.now() + dt.timedelta(hours=1))
    counts, lines = gather()
    assert (counts["sources"], counts["waiting"], lines) == (0, 1, [])


def test_a_real_day_is_read_whole_and_only_once() -> None:
    folder = shared("data/a_feeds_reserialised/2026-03-12")
    arguments = ("--from", str(folder), "--date", "2026-03-12", "--cutoff", "24:00")
    counts, lines = gather(*arguments)
    assert (counts["files"], counts["failed"], lines) == (28, 0, [])
    assert counts["new"] > 1900
    assert gather(*arguments)[0]["new"] == 0


@pytest.mark.parametrize("folder", ["not_a_feed", "SYNTHETIC_attack", "miniflux", "podcastparser"])
def test_hard_feeds_get_one_line_each_or_articles(folder: str) -> None:
    root = shared(f"data/b_hard_feeds/{folder}")
    counts, lines = gather("--from", str(root))
    named = {line.partition(": ")[0] for line in lines}
    silent = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - named
    assert len(named) == len(lines)
    assert all(Article.objects.filter(source__url=f"file:{name}").exists() for name in silent)
    assert counts["files"] == len(silent) + len(named)


def test_chinas_own_english_papers_are_china_media(tmp_path: Path) -> None:
    item = "<item><title>Robots on show</title><link>https://www.paper.{}/{}</link></item>"
    for name, domain in (("home.xml", "cn"), ("abroad.xml", "example")):
        items = "".join(item.format(domain, n) for n in range(3))
        (tmp_path / name).write_text(f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>")
    call_command("gather", "--from", str(tmp_path))
    assert dict(Source.objects.values_list("name", "source_list__slug")) == {"home.xml": "china", "abroad.xml": "us"}
