"""manage.py rank: the day's articles become stories with a place in the day; or a file's, without the database."""

import datetime as dt
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from newsletter.management.base import ActCommand, Progress, cutoff_of
from newsletter.models import Newsletter
from newsletter.rank import choose, jsonl, paper
from newsletter.rank.day import rank_and_tell
from newsletter.rank.results import Result, judge, results


class Command(ActCommand):
    help = (
        "Judge which articles are on the subject, group them into stories in both languages, and rank these. "
        "With --articles: those of a file, without the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        self.add_cutoff(parser)
        parser.add_argument(
            "--articles",
            metavar="FILE.jsonl",
            help="rank this file's articles, one JSON object a line (id, title; summary, url, outlet, lang, "
            "published_utc); - is standard input. No database is read or written. With --json one object is printed "
            "for each; without it, the ten with their reasons",
        )
        parser.add_argument("--export", type=Path, metavar="FILE", help="write what was found, one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["articles"] is None:
            super().handle(*args, **options)
            return
        if options["date"] or options["newsletter"] or options["export"]:
            raise CommandError("--articles reads no database: leave --date, --newsletter and --export away")
        self._rank_file(options["articles"], options["cutoff"], options["json"])

    def act(self, newsletter: Newsletter, progress: Progress, options: dict[str, Any]) -> dict[str, Any]:
        cutoff = cutoff_of(newsletter, options["date"], options["cutoff"])
        counts, found = rank_and_tell(newsletter, options["date"], cutoff, progress)
        if options["export"]:
            options["export"].write_text(_lines(found), encoding="utf-8")
        self._say_few(counts["chosen"])
        return counts

    def _rank_file(self, name: str, cutoff: str | None, as_json: bool) -> None:
        shown = "standard input" if name == "-" else name
        try:
            with ExitStack() as stack:
                file = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
                articles = jsonl.read_articles(file, shown, self._complain)
        except OSError as error:
            raise CommandError(f"{shown}: {error.strerror or error}") from None
        except jsonl.LineError as error:
            raise CommandError(str(error)) from None
        until = _moment(cutoff) if cutoff else jsonl.cutoff_of(a.at for a in articles)
        judged = judge(articles, until, progress=Progress())
        self.stdout.write(_lines(results(judged)) if as_json else paper.the_items(judged.day), ending="")
        self._complain(
            f"{len(articles)} articles, {len(judged.day.relevant)} relevant, {len(judged.day.stories)} stories, "
            f"{sum(len(story.cluster.languages) > 1 for story in judged.day.stories)} of them in both languages"
        )
        self._say_few(judged.day.chosen)

    def _say_few(self, chosen: int) -> None:
        if chosen < choose.ITEMS:
            worth = "story is" if chosen == 1 else "stories are"
            self._complain(f"only {chosen} {worth} worth an item, not {choose.ITEMS}: docs/ranking.md says what is")

    def _complain(self, line: str) -> None:
        self.stderr.write(line)


def _lines(found: Iterable[Result]) -> str:
    return "".join(f"{json.dumps(result.to_json(), ensure_ascii=False)}\n" for result in found)


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--cutoff {text!r}: with --articles write a time as 2026-03-13T00:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
