"""What readers are offered, as the values that `subscribers` understands: it knows no newsletter."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from newsletter import lexicon, workflow
from newsletter.models import Issue, Newsletter
from newsletter.models.issue import PUBLIC, BlockKind
from subscribers.offers import LatestIssue, Offers, Option

_LATELY = dt.timedelta(days=2)  # older issues are over in every zone

# The slugs are those of newsletter.page.SECTIONS; the fixed ones can't be left out as such.
SECTIONS = (
    Option("items", "Ten stories", "今日十条", fixed=True, of_topics=True),
    Option("reports", "Reports", "媒体报告", of_lists=True),
    Option("comparison", "Side by side", "两相对照"),
    Option("analysis", "Analysis", "深度分析"),
    Option("qa", "Questions", "问与答"),
    Option("references", "References", "参考来源", fixed=True),
)


def current() -> Offers:
    """The offers of the newsletter; the oldest, where there are several."""
    newsletter = Newsletter.objects.order_by("pk")[:1].get()
    public = Issue.objects.filter(newsletter=newsletter, state__in=PUBLIC)
    today = timezone.now().astimezone(newsletter.tz).date()
    return Offers(
        name_en=newsletter.name_en,
        name_zh=newsletter.name_zh,
        postal_address=newsletter.postal_address,
        reply_address=newsletter.reply_address,
        privacy_en=newsletter.privacy_en,
        privacy_zh=newsletter.privacy_zh,
        counts_clicks=newsletter.count_clicks,
        zone=newsletter.tz,
        hour=newsletter.send_at,
        lists=tuple(Option(each.slug, each.name_en, each.name_zh) for each in newsletter.source_lists.all()),
        sections=SECTIONS,
        topics=tuple(Option(each.slug, each.en, each.zh) for each in lexicon.load().topics.values()),
        latest=_latest(public.filter(kind="daily").order_by("-date").first()),
        weekly=public.filter(kind="weekly").exists(),
        sent_today=public.filter(kind="daily", date=today).exists(),
        open_dates=frozenset(
            issue.date
            for issue in public.filter(kind="daily", date__gte=today - _LATELY)
            if workflow.takes_late_readers(issue)
        ),
    )


def _latest(issue: Issue | None) -> LatestIssue | None:
    if issue is None:
        return None
    urls = {language: f"{settings.SITE_URL}/{language}/issues/{issue.date}/" for language in ("en", "zh", "both")}
    items = issue.blocks.filter(kind=BlockKind.ITEM, dropped=False).order_by("position")
    titles = list(items.values_list("title_en", "title_zh"))
    return LatestIssue(
        issue.date,
        issue.title_en,
        issue.title_zh,
        urls,
        headlines_en=tuple(english for english, _chinese in titles if english),
        headlines_zh=tuple(chinese for _english, chinese in titles if chinese),
    )
