"""manage.py load_sources FILE.csv: all of it, or nothing."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsletter.models import Newsletter, Source
from tests import factories

pytestmark = pytest.mark.django_db
SHIPPED = settings.BASE_DIR / "newsletter" / "data" / "sources.csv"
HEADER = "name,language,region,url,scope,list,active,note\n"


def load(path: Path) -> str:
    out = io.StringIO()
    call_command("load_sources", str(path), stdout=out)
    return out.getvalue().strip()


def problems(path: Path) -> list[str]:
    err = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("load_sources", str(path), stderr=err)
    assert not Source.objects.exists()
    last = str(caught.value)
    assert last.endswith("; nothing was stored")
    return [*err.getvalue().splitlines(), last.removesuffix("; nothing was stored")]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "sources.csv"


def test_the_shipped_sources_load_and_load_again() -> None:
    assert load(SHIPPED) == "added 71, updated 0, unchanged 0"
    assert load(SHIPPED) == "added 0, updated 0, unchanged 71"
    assert Source.objects.filter(source_list__slug="china", active=True).count() > 15
    assert Source.objects.filter(source_list__slug="us", active=True).count() > 25
    assert not Source.objects.exclude(region__in=["CN", "US"]).filter(active=True).exists()


def test_a_changed_row_updates_its_source_and_leaves_its_visits_alone(csv: Path) -> None:
    csv.write_text(HEADER + "晨星,zh,CN,https://a.example/,ai,china,yes,ours\n")
    load(csv)
    Source.objects.update(
        etag='"1"', failures=2, note="ours; moved for good to https://b.example/: change the address"
    )
    csv.write_text(HEADER + "晨星科技,zh,CN,https://a.example/,general,us,no,ours\n")
    assert load(csv) == "added 0, updated 1, unchanged 0"
    source = Source.objects.get()
    assert (source.name, source.scope, source.source_list.slug, source.active) == ("晨星科技", "general", "us", False)
    assert (source.etag, source.failures, source.note[:20]) == ('"1"', 2, "ours; moved for good")


def test_other_separators_and_a_byte_order_mark_are_fine(csv: Path) -> None:
    csv.write_text("\ufeffname|language|url|list\r\n晨星|zh|https://a.example/?a=1,2|china\r\n||||\r\n")
    assert load(csv) == "added 1, updated 0, unchanged 0"
    assert Source.objects.get().url == "https://a.example/?a=1,2"


def test_every_problem_is_named_by_its_line_and_nothing_is_stored(csv: Path) -> None:
    rows = [
        "good,zh,CN,https://good.example/,ai,china,yes,",
        "a,english,CN,ftp://x,foo,china,maybe,",
        "b,zh,,https://a.example/,,nope,,",
        "c,zh,,https://a.example/,,china,,",
        f",zh,,https://c.example/,,china,,{'x' * 301}",
    ]
    csv.write_text(HEADER + "\n".join(rows))
    assert problems(csv) == [
        "line 3: language 'english': write en, zh or another two-letter code",
        "line 3: url 'ftp://x': not an http or https address",
        "line 3: scope 'foo': write ai or general",
        "line 3: active 'maybe': write yes or no",
        "line 4: no source list 'nope'; there are: china, us",
        "line 5: the address is in line 4 already",
        "line 6: no name",
        "line 6: note is longer than 300",
    ]


def test_a_missing_column_is_named(csv: Path) -> None:
    csv.write_text("name,url\na,https://a.example/\n")
    assert problems(csv) == [
        "line 1: no column language, list; the columns are name, name_en, name_zh, language, "
        "region, url, scope, list, active, note"
    ]


def test_an_unreadable_file_is_an_error_of_one_line(csv: Path) -> None:
    assert problems(csv) == [f"{csv}: No such file or directory"]
    csv.write_bytes("晨星".encode("gb18030"))
    assert problems(csv) == [f"{csv}: not UTF-8 text"]


def test_a_source_of_another_newsletter_is_not_taken_over(csv: Path) -> None:
    other = Newsletter.objects.create(slug="other", name_en="Other", name_zh="别的", sender_address="a@b.example")
    theirs = other.source_lists.create(slug="all", name_en="All", name_zh="全部")
    taken = factories.source(source_list=theirs)
    csv.write_text(HEADER + f"mine,zh,CN,{taken.url},ai,china,yes,\n")
    with pytest.raises(CommandError, match="line 2: the address is a source of another newsletter"):
        call_command("load_sources", str(csv), "--newsletter", "chenbao")


def test_what_somebody_switched_off_stays_off(csv: Path) -> None:
    off = factories.source(active=False, off_reason="a copy", off_at=timezone.now())
    csv.write_text(HEADER + f"Renamed,zh,CN,{off.url},ai,china,yes,\n")
    call_command("load_sources", str(csv))
    off.refresh_from_db()
    assert (off.name, off.active, off.off_reason) == ("Renamed", False, "a copy")
