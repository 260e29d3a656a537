"""What is judged of the issue as a whole: headlines, age of its sources, balance of its outlets, the disclaimer."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from newsletter.bilingual import LANGUAGES
from newsletter.check.finding import HIGH, LOW, MEDIUM, FindingValue, about
from newsletter.check.reading import Reading, whole
from newsletter.check.sentence import Sentence, block_citations, read
from newsletter.check.values import ArticleValue
from newsletter.quantities import agrees

_STALE = dt.timedelta(days=3)
_SHARES = {"articles": 0.6, "cited articles": 0.5}  # of a list's articles; of what its report cites
_WORTH_SHARING = 6  # articles below which a share says nothing
_ITEMS_FOR_ONE = 4
_ITEMS = 10
_MADE_BY = ("ai", "a.i.", "artificial", "machine", "automat", "人工智能", "自动", "机器")


def check_whole(reading: Reading) -> Iterator[FindingValue]:
    """`headline`, `stale`, `concentration`, `length` of the whole, `disclaimer`."""
    yield from _headlines(reading)
    yield from _stale(reading)
    yield from _one_outlet_of_a_list(reading)
    yield from _one_outlet_of_the_items(reading)
    yield from _few_items(reading)
    yield from _disclaimer(reading)


def _headlines(reading: Reading) -> Iterator[FindingValue]:
    """A headline that has nothing in common with its text, nor with the articles the text cites."""
    for title in reading.titles:
        block, lang = title.block, title.lang
        if block.kind not in ("item", "main_line") or lang in block.foreign:
            continue
        texts = _told(reading, title)
        if not any(text.strip() for text in texts) or _related(reading, title, texts):
            continue
        if _can_tell(reading, title):
            # A motto ("Longer memory, older laws") names nothing that could be missing.
            telling = block.kind == "item" or _tells(reading, title)
            yield FindingValue(
                *(block.id, lang, title.text, "headline", MEDIUM if telling else LOW),
                "The headline has nothing in common with its text.",
                "标题与正文无关。",
                " ".join(texts[0].split())[:160],
            )


def _told(reading: Reading, title: Sentence) -> list[str]:
    """What a headline is held to: its text and sources; for the issue's own, the whole issue."""
    block, lang = title.block, title.lang
    if block.kind == "main_line":
        return [block.text[lang], *(f"{b.title[lang]}\n{b.text[lang]}" for b in reading.document.blocks if b != block)]
    return [block.text[lang], *map(whole, reading.articles(block_citations(block, lang)))]


def _can_tell(reading: Reading, title: Sentence) -> bool:
    """A source in the headline's language was read; or else the other language's headline fits no better."""
    block, lang = title.block, title.lang
    if block.kind == "main_line" or any(a.lang == lang for a in reading.articles(block_citations(block, lang))):
        return True
    other = next((t for t in reading.titles if t.block is block and t.lang != lang), None)
    return other is None or not _related(reading, other, _told(reading, other))


def _related(reading: Reading, title: Sentence, texts: list[str]) -> bool:
    """Share a name, a figure, or a fair part of the headline's words with one of the texts."""
    words = reading.words(title.text)
    if not words:
        return True
    own_names = {name for name in reading.names(title.text) if name.kind != "place"}
    own_figures = [q for q in reading.quantities(title.text) if not q.soft]
    for text in texts:
        if own_names & reading.names(text) or len(words & reading.words(text)) >= max(1, len(words) / 5):
            return True
        if any(agrees(q, other) for q in own_figures for other in reading.quantities(text)):
            return True
    return False


def _tells(reading: Reading, title: Sentence) -> bool:
    """It names somebody, gives a figure, or is what another article of the day says."""
    if any(name.kind != "place" for name in reading.names(title.text)):
        return True
    words = reading.words(title.text)
    alike = any(len(words & reading.words(a.title)) >= max(2, len(words) / 2) for a in reading.document.articles)
    return alike or any(not q.soft for q in reading.quantities(title.text))


def _stale(reading: Reading) -> Iterator[FindingValue]:
    """A sentence that tells as news what an article more than three days old says."""
    midnight = dt.datetime.combine(reading.document.date, dt.time(), dt.UTC)
    for sentence in reading.prose:
        for article in reading.articles(sentence.cited):
            if article.published and article.published < midnight - _STALE:
                day = article.published.date().isoformat()
                yield FindingValue(
                    *(sentence.block.id, sentence.lang, sentence.text, "stale", MEDIUM),
                    f"Old news: [{article.n}] is of {day}.",
                    f"旧闻：[{article.n}] 发表于 {day}。",
                    f"{about(article)} {article.title}",
                )


def _one_outlet_of_a_list(reading: Reading) -> Iterator[FindingValue]:
    """One outlet with more than six in ten of a list's articles, or more than half of what its report cites."""
    for listed in reading.document.lists:
        blocks = [block for block in reading.document.blocks if block.list == listed.slug]
        numbers = {n for block in blocks for lang in LANGUAGES for n in block_citations(block, lang)}
        every = [a for a in reading.document.articles if a.list == listed.slug]
        cited = [a for a in every if a.n in numbers]
        for some, en, zh in ((every, "articles", "文章"), (cited, "cited articles", "引用文章")):
            if found := _leader(some, _SHARES[en]):
                outlet, count = found
                yield FindingValue(
                    *(blocks[0].id if blocks else None, "both", "", "concentration", MEDIUM),
                    f"{listed.name.en}: {outlet} has {count} of {len(some)} {en}.",
                    f"{listed.name.zh}：{len(some)} 篇{zh}里有 {count} 篇来自{outlet}。",
                    f"{outlet} {count / len(some):.0%}",
                )
                break


def _leader(articles: list[ArticleValue], most: float) -> tuple[str, int] | None:
    if len(articles) < _WORTH_SHARING:
        return None
    outlet, count = Counter(a.outlet for a in articles).most_common(1)[0]
    return (outlet, count) if count > most * len(articles) else None


def _one_outlet_of_the_items(reading: Reading) -> Iterator[FindingValue]:
    """One outlet that alone carries more than four of the items."""
    items = [block for block in reading.document.blocks if block.kind == "item"]
    counts: Counter[str] = Counter()
    for item in items:
        numbers = {n for lang in LANGUAGES for n in block_citations(item, lang)}
        outlets = {article.outlet for article in reading.articles(numbers)}
        counts.update(outlets if len(outlets) == 1 else ())
    for outlet, count in counts.items():
        if count > _ITEMS_FOR_ONE:
            yield FindingValue(
                *(None, "both", "", "concentration", MEDIUM),
                f"{outlet} alone carries {count} of {len(items)} items.",
                f"{len(items)} 条要闻里有 {count} 条只来自{outlet}。",
                outlet,
            )


def _few_items(reading: Reading) -> Iterator[FindingValue]:
    """A daily issue, known by its overviews, with fewer items than it promises."""
    kinds = Counter(block.kind for block in reading.document.blocks)
    if kinds["overview"] and kinds["item"] < _ITEMS:
        yield FindingValue(
            *(None, "both", "", "length", LOW),
            f"Only {kinds['item']} of {_ITEMS} items: no further story was worth one.",
            f"要闻只有 {kinds['item']} 条，不足 {_ITEMS} 条：没有更多够得上要闻的消息。",
        )


def _disclaimer(reading: Reading) -> Iterator[FindingValue]:
    blocks = [block for block in reading.document.blocks if block.kind == "disclaimer"]
    for lang in LANGUAGES:
        text = " ".join(block.text[lang] for block in blocks).strip()
        words = ("English", "英文") if lang == "en" else ("Chinese", "中文")
        if not text:
            yield FindingValue(
                *(blocks[0].id if blocks else None, lang, "", "disclaimer", HIGH),
                f"The {words[0]} disclaimer is missing.",
                f"缺少{words[1]}免责声明。",
            )
        elif not any(word in text.lower() for word in _MADE_BY):
            yield FindingValue(
                *(blocks[0].id, lang, next((s.text for s in read(blocks[0], lang)), ""), "disclaimer", LOW),
                "The disclaimer doesn’t say that a machine wrote the issue.",
                "免责声明没有说明内容由 AI 生成。",
            )
