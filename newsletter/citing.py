"""An article as a citation: what stays of it in an issue, whatever becomes of it afterwards."""

from newsletter.models import Article, Citation, Issue
from newsletter.outlets import names_of


def snapshot(issue: Issue, number: int, article: Article) -> Citation:
    """`article`, with its source at hand, as it is now, under `number`; not saved."""
    source = article.source
    names = names_of(source.name, en=source.name_en, zh=source.name_zh)
    return Citation(
        issue=issue,
        number=number,
        article=article,
        source_list_id=source.source_list_id,
        outlet=source.name,
        outlet_en=names.en,
        outlet_zh=names.zh,
        language=article.language,
        title=article.title,
        text=article.text,
        url=article.url,
        published_at=article.dated_at,
        dated=article.published_at is not None,
    )
