"""Rows for tests, with defaults that make sense: say only what the test is about."""

import datetime as dt
import itertools
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from newsletter import roles, workflow
from newsletter.models import (
    Article,
    Block,
    Citation,
    Issue,
    Newsletter,
    Ranking,
    Source,
    SourceList,
    Story,
    TrialMail,
)
from newsletter.review import links
from subscribers.models import Subscriber
from subscribers.models.subscriber import hash_choices

DAY = dt.date(2026, 5, 7)
NOON = dt.datetime(2026, 5, 6, 4, 0, tzinfo=dt.UTC)  # inside the window of DAY: 12:00 in Shanghai on the day before
_count = itertools.count(1)


def newsletter() -> Newsletter:
    """The one that `migrate` makes."""
    return Newsletter.objects.get()


def source_list(slug: str = "china") -> SourceList:
    return SourceList.objects.get(slug=slug)


def source(name: str = "晨星科技", language: str = "zh", list_slug: str = "china", **fields: Any) -> Source:
    defaults = {
        "source_list": source_list(list_slug),
        "language": language,
        "url": f"https://feed{next(_count)}.example/",
    }
    return Source.objects.create(name=name, **{**defaults, **fields})


def article(title: str, text: str = "", *, by: Source | None = None, at: dt.datetime = NOON, **fields: Any) -> Article:
    by = by or source(f"Outlet {next(_count)}")
    n = next(_count)
    defaults = {
        "guid": f"guid-{n}",
        "url": f"https://news.example/{n}",
        "language": by.language,
        "published_at": at,
        "first_seen_at": at,
        "dated_at": at,
        "content_hash": f"{n:064d}",
    }
    return Article.objects.create(source=by, title=title, text=text, **{**defaults, **fields})


def story(*articles: Article, **fields: Any) -> Story:
    titles = {f"title_{a.language}": a.title for a in reversed(articles) if a.language in ("en", "zh")}
    defaults = {"newsletter": newsletter(), "first_seen_at": NOON, "last_seen_at": NOON, **titles}
    made = Story.objects.create(**{**defaults, **fields})
    for each in articles:
        each.story, each.relevant, each.relevance = made, True, 1.0
        each.save()
    return made


def ranking(of: Story, position: int = 1, *, date: dt.date = DAY, **fields: Any) -> Ranking:
    defaults = {"chosen": position <= 10, "score": 90.0 - position, "hot": 80, "quality": 70, "impact": 75}
    return Ranking.objects.create(story=of, date=date, position=position, **{**defaults, **fields})


def issue(date: dt.date = DAY, **fields: Any) -> Issue:
    letter = newsletter()
    defaults = {
        "newsletter": letter,
        "number": next(_count),
        "cutoff": letter.cutoff(date),
        "title_en": "Rules tighten and prices rise",
        "title_zh": "规矩更严，价格更高",
        "subject_en": "Rules tighten and prices rise",
        "subject_zh": "规矩更严，价格更高",
        "composer": "offline",
    }
    return Issue.objects.create(date=date, **{**defaults, **fields})


def block(of: Issue, key: str = "item-1", kind: str = "item", **fields: Any) -> Block:
    return Block.objects.create(issue=of, key=key, kind=kind, **{"position": next(_count), **fields})


def citation(of: Issue, number: int, about: Article) -> Citation:
    return Citation.objects.create(
        issue=of,
        number=number,
        article=about,
        source_list=about.source.source_list,
        outlet=about.source.name,
        language=about.language,
        title=about.title,
        text=about.text,
        url=about.url,
        published_at=about.dated_at,
        dated=about.published_at is not None,
    )


def reader(email: str, **fields: Any) -> Subscriber:
    defaults: dict[str, Any] = {"state": "active", "email_key": email.lower(), "token": f"token{next(_count):027d}"}
    made = Subscriber(email=email, **{**defaults, **fields})
    made.choices_hash = hash_choices(made.choices())
    made.save()
    return made


def tried(of: Issue, by: User) -> None:
    """As the present text of `of` stands before approval once its links were asked and a test mail was sent."""
    links.follow(of)
    of.link_checks.update(outcome="ok", status=200, checked_at=timezone.now())
    shown = {"content_hash": workflow.content_hash(of), "language": "both", "address": "lin@paper.example"}
    TrialMail.objects.create(issue=of, by=by, at=timezone.now(), accepted=True, **shown)


def editor(username: str = "editor", role: str = "approver", **fields: Any) -> User:
    """Somebody at the desk; `role` empty: staff without any."""
    made = User.objects.create_user(username, password="a good password", is_staff=True, **fields)
    if role:
        roles.make_groups(Group.objects, Permission.objects)  # tests of whole transactions empty the migration's
        made.groups.add(Group.objects.get(name=role))
    return made
