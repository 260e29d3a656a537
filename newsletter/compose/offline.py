"""The writer that needs no network: the articles' own sentences, chosen, ordered and cited. Same brief, same draft."""

from newsletter.compose import analysis, essay, frontpage, items, passages, reports, sections, wording
from newsletter.compose.brief import Brief
from newsletter.compose.draft import Draft, DraftBlock, cited, place_of
from newsletter.compose.own_words import spoken
from newsletter.compose.pool import Pool

NAME = "offline"
TAGS = 5


def write(brief: Brief) -> Draft:
    """The whole issue of `brief`. What a thin day leaves empty is left out.

    The parts are written in the order of their need, not of their place: items take the best sentences, then insights
    and analysis those that say why, then the reports and what is said across them; no sentence is given out twice.
    """
    pool = Pool(brief)
    title = frontpage.write_title(pool)
    blocks: list[DraftBlock | None] = [frontpage.write_main_line(pool, title), *items.write_items(pool)]
    insights = {desk.slug: reports.write_insights(pool, desk) for desk in brief.lists}
    blocks.append(analysis.write_analysis(pool))
    for desk in brief.lists:
        blocks += reports.write_report(pool, desk, insights[desk.slug])
    blocks += [essay.write_comparison(pool), *essay.write_answers(pool)]
    blocks += [_tags(pool), DraftBlock("disclaimer", "disclaimer", wording.disclaimer(brief), parity="translated")]
    place = place_of(desk.slug for desk in brief.lists)
    kept = (spoken(block) for block in blocks if block and not _is_no_original(pool, block))
    written = sorted(kept, key=lambda block: place(block.key))
    return Draft(title, frontpage.write_subject(pool, title), tuple(written), NAME)


def _is_no_original(pool: Pool, block: DraftBlock) -> bool:
    """Whether a half would print as its original what was only rendered: the articles are of its own language."""
    for language in block.foreign:
        articles = cited(block.text[language])
        if block.kind != "item" and articles and all(pool.articles[a].language == language for a in articles):
            return True
    return False


def _tags(pool: Pool) -> DraftBlock:
    """The issue's tags: its three leading topics and the two names that most chosen stories are about."""
    chosen = pool.brief.chosen
    slugs = passages.leading_topics(chosen, 3)
    titles = [" ".join(article.title for article in story.articles) for story in chosen]
    names = reports.frequent_names(pool, titles, TAGS - len(slugs))
    return reports.tag_block("tags", [*(sections.name(slug) for slug in slugs), *names])
