"""The finished mail: facts about its HTML and its plain text that mail clients and readers depend on."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from newsletter.models import Issue
from newsletter.page import BUDGET_BYTES, Choices, Page, lay_out, plain, render_html
from newsletter.templatetags.newsprint import by_list
from subscribers import links
from tests.newsletter.full_issue import make_full_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    return make_full_issue(number=128)


def mail(page: Page) -> str:
    return render_html(page)


def text(page: Page) -> str:
    return render_to_string("email/issue.txt", {"page": page})


VOID = {"br", "img", "hr", "meta", "col", "input"}


class Reader(HTMLParser):
    """What a mail says and where it points."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hrefs: list[str] = []
        self.tags: set[str] = set()
        self.spoken: list[tuple[str, str]] = []  # the language that each text is declared to be in, and the text
        self.langs = [("html", re.findall(r'<html lang="([^"]+)"', html)[0])]
        self.feed(html[html.index("<body") : html.index("</body>") + len("</body>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.langs.append((tag, dict(attrs).get("lang") or self.langs[-1][1]))
        self.hrefs += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.langs.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        self.spoken.append((self.langs[-1][1], data))


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_it_is_whole_html_that_mail_clients_keep(issue: Issue, language: str) -> None:
    html = mail(lay_out(issue, Choices(language)))
    assert html.startswith(f'<!DOCTYPE html><html lang="{"zh-Hans" if language == "zh" else "en"}"')
    assert html.lower().count("<!doctype") == 1
    for forbidden in ("<mj-", "{{", "{%", "<script", "display:flex", "display:grid", "@import", "<link", "var(--"):
        assert forbidden not in html
    assert "<!--[if mso" in html
    assert 'width="640"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    # premailer drops these by default
    assert "@media (prefers-color-scheme:dark){" in html
    dark = html.split("@media (prefers-color-scheme:dark){", 1)[1]
    assert ".in,.in>table{background:#15181a !important}" in dark
    assert "[data-ogsc] .in .s" in html
    assert "@media (max-width:480px){" in html
    # Gmail drops a sheet of more than 16 KB, and clips the whole near 102
    assert len(html[: html.index("<body")].encode()) < 8_000
    assert len(html.encode()) <= BUDGET_BYTES


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_at_its_foot_nobody_is_told_of_a_confirmation_that_an_import_never_had(issue: Issue, language: str) -> None:
    page = lay_out(issue, Choices(language))
    for told in (" ".join(Reader(mail(page)).words), text(page)):
        said = "".join(told.split())
        assert "confirmedyouraddress" not in said
        assert "确认过邮箱" not in said
        for line in page.why:
            assert "".join(str(line).split()) in said
        if "en" in page.languages:
            assert "onthelistofreadersofChenbao:signedupat" in said
            assert "orbroughtoverfromanotherlistwithyourconsent." in said


def test_reports_four_times_as_long_still_fit_in_both_languages() -> None:
    html = mail(lay_out(make_full_issue(length=4), Choices("both")))
    assert len(html.encode()) <= BUDGET_BYTES


def test_in_both_languages_analysis_and_references_stand_on_the_web_and_every_mark_leads_there(issue: Issue) -> None:
    page = lay_out(issue, Choices("both"))
    html = mail(page)
    hrefs = Reader(html).hrefs
    marks = [int(n) for n in re.findall(r">\[(\d+)\]</a>", html)]
    assert set(marks) >= page.front
    assert [href for href in hrefs if "#ref-" in href] == [f"{page.web_url}#ref-{n}" for n in marks]
    assert not [reference.url for reference in page.references if reference.url in hrefs]
    assert {f"{page.web_url}#analysis", f"{page.web_url}#references"} <= set(hrefs)
    assert str(page.analysis[0].en)[:40] not in html
    assert str(page.analysis[0].en)[:40] in text(page), "the plain text has room for all of it"


def test_a_mail_that_would_be_clipped_points_at_short_addresses_instead() -> None:
    page = lay_out(make_full_issue(number=7, length=8), Choices("en"))
    html = mail(page)
    assert len(html.encode()) <= BUDGET_BYTES
    hrefs = Reader(html).hrefs
    assert hrefs.count(f"{page.site_url}/c/7/3") > 10
    assert {reference.url for reference in page.references} <= set(hrefs), "the references keep the articles' own"


def test_a_mail_that_fits_points_at_the_articles_themselves() -> None:
    page = lay_out(make_full_issue(number=7, length=4), Choices("en"))
    assert not [href for href in Reader(mail(page)).hrefs if "/c/7/" in href]


def test_a_mail_that_is_still_too_long_lists_the_front_and_leads_to_the_rest() -> None:
    page = lay_out(make_full_issue(number=7, length=13), Choices("en"))
    html = mail(page)
    hrefs = set(Reader(html).hrefs)
    front = {each.url for each in page.references if each.number in page.front}
    rest = {each.url for each in page.references} - front
    assert front <= hrefs
    assert rest
    assert not rest & hrefs
    assert f"{page.web_url}#references" in hrefs
    assert f"All {len(page.references)} references are on the web" in html
    assert all(f"{page.site_url}/c/7/{each.number}" in hrefs for each in page.references), (
        "every mark is one click away"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_its_links_go_where_they_should(issue: Issue, language: str) -> None:
    page = lay_out(issue, Choices(language))
    hrefs = Reader(mail(page)).hrefs
    assert hrefs[0] == page.web_url
    assert hrefs[-3:] == ["@@PREFERENCES_URL@@", "@@LEAVE_URL@@", page.privacy_url]
    assert page.privacy_url == links.privacy_url(language)
    articles = {citation.url for citation in issue.citations.all()}
    cited = [href for href in hrefs if href in articles]
    assert set(cited) == {reference.url for reference in page.references}
    assert [href for href in hrefs if "#item-" in href] == [
        f"{page.web_url}#item-{item.number}" for item in page.items for _ in page.languages
    ]
    others = set(hrefs) - articles - {page.web_url, *hrefs[-3:]} - {h for h in hrefs if "#item-" in h}
    assert not others


def test_slots_are_whoever_fills_thems_own(issue: Issue) -> None:
    page = lay_out(issue, Choices("en"))
    context = {"page": page, "preferences_url": "https://slot.invalid/P/1", "leave_url": "https://slot.invalid/L/1"}
    html = render_html(page, {name: url for name, url in context.items() if isinstance(url, str)})
    assert Reader(html).hrefs[-3:-1] == ["https://slot.invalid/P/1", "https://slot.invalid/L/1"]
    assert "https://slot.invalid/L/1" in render_to_string("email/issue.txt", context)


def test_each_edition_is_in_its_language(issue: Issue) -> None:
    english = "".join(Reader(mail(lay_out(issue, Choices("en")))).words)
    han = re.findall(r"[\u4e00-\u9fff]+", english)
    outlets = {citation.outlet for citation in issue.citations.all()}
    titles = "".join(citation.title for citation in issue.citations.all())
    assert {word for word in han if word not in titles} <= outlets | {"晨报", "年", "月", "日", "星期四"}
    both = mail(lay_out(issue, Choices("both")))
    text = both[: both.rindex("References")]
    assert text.count('<p class="zh" lang="zh-Hans">') == text.count("<p>")
    for heading in ("Ten stories", "China media", "Side by side", "Analysis", "Questions", "References"):
        assert f">{heading} " in both


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_every_passage_is_declared_in_its_own_language(issue: Issue, language: str) -> None:
    page = lay_out(issue, Choices(language))
    spoken = Reader(mail(page)).spoken
    chinese = [(lang, text) for lang, text in spoken if len(re.findall(r"[\u4e00-\u9fff]", text)) > len(text) / 2]
    assert [text for lang, text in chinese if lang != "zh-Hans" and text.strip() != page.preheader] == []
    english = {lang for lang, text in spoken if re.fullmatch(r"[A-Z][A-Za-z ,.’]{60,}", text.strip())}
    assert english <= {"en"}
    assert chinese
    assert english or language == "zh"


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_what_stands_beside_the_subject_comes_first_and_is_not_shown(issue: Issue, language: str) -> None:
    page = lay_out(issue, Choices(language))
    words = Reader(mail(page)).words
    assert "".join(words).strip().startswith(page.preheader)
    assert 60 <= len(page.preheader) <= 141
    html = mail(page)
    hidden = html[html.index('<div style="display:none') : html.index("</div>")]
    assert "color" not in hidden, "white on white is what spam has"
    assert "mso-hide:all" in hidden


def test_nothing_is_fetched_when_it_is_opened(issue: Issue) -> None:
    html = mail(lay_out(issue, Choices("both")))
    assert not re.findall(r"<(?:img|link|script|iframe|video|source|object|embed)\b|url\(|background=|srcset=", html)


def test_letters_have_fonts_on_every_system_and_latin_ones_come_before_chinese(issue: Issue) -> None:
    """A Chinese font sets ’ as wide as a character; so every stack names Latin fonts for each system first."""
    html = mail(lay_out(issue, Choices("zh"))).replace('"', "'").replace(", ", ",")
    stacks = [stack.replace("'", "").split(",") for stack in re.findall(r"font-family:([^;}]*CJK[^;}]*)", html)]
    assert len(stacks) == 2, "one for reading, one for what stands small beside it"
    for names in stacks:
        chinese = [name for name in names if re.search("YaHei|CJK|PingFang|Songti|Han", name)]
        assert set(names[: names.index(chinese[0])]) & {"Noto Sans", "Noto Serif"}, "for Linux"
        assert set(names[: names.index(chinese[0])]) & {"Arial", "Georgia"}, "for Windows and Apple's"
        assert "Microsoft YaHei" in chinese
        assert {"PingFang SC", "Songti SC"} & set(chinese)


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_without_its_style_sheet_it_fits_a_phone(issue: Issue, language: str) -> None:
    """QQ Mail and 163 drop the sheet, and then what is inlined is all there is."""
    html = re.sub(r"<style.*?</style>", "", mail(lay_out(issue, Choices(language))), flags=re.DOTALL)
    assert max(int(px) for px in re.findall(r"font-size:(\d+)px", html)) <= 40
    assert re.search(r'<h1[^>]* style="[^"]*font-size:28px', html)
    assert "padding:0px 24px" in html
    assert len(re.findall(r'<h[123](?![^>]*style="[^"]*margin:0)', html)) == 0


@pytest.mark.parametrize(("language", "colon"), [("en", ":"), ("zh", "："), ("both", ":")])
def test_the_plain_texts_links_stand_on_lines_of_their_own(issue: Issue, language: str, colon: str) -> None:
    page = lay_out(issue, Choices(language))
    foot = text(page).rsplit("=" * plain.WIDTH, 1)[1].splitlines()
    addresses = (page.web_url, "@@PREFERENCES_URL@@", "@@LEAVE_URL@@", page.privacy_url)
    labels = ("read_on_web", "preferences", "leave", "privacy")
    for name, address in zip(labels, addresses, strict=True):
        assert foot[foot.index(address) - 1] == f"{page.labels[name]}{colon}"
    assert text(page).rstrip().endswith(f"\n\n{page.postal_address}")


def test_the_chinese_edition_has_no_english_label(issue: Issue) -> None:
    for content in (mail(lay_out(issue, Choices("zh"))), text(lay_out(issue, Choices("zh")))):
        for word in ("stories", "Highlights", "Insights", "Quality", "Impact", "References", "Leave", "You get this"):
            assert word not in content
        for word in ("第128期", "今日十条", "选自 219 篇", "要点", "洞察", "热度", "参考来源", "北京时间", "退订"):
            assert word in content


def test_the_number_of_stories_is_true() -> None:
    page = lay_out(make_full_issue(items=7), Choices("en"))
    assert ">Seven stories<" in mail(page)


def test_choices_that_leave_nothing_give_a_short_mail(issue: Issue) -> None:
    page = lay_out(issue, Choices("en", sections=(), topics=("no-such-topic",)))
    for content in (mail(page), text(page)):
        assert "Rules tighten" in content
        assert "Nothing else in this issue is among your choices." in content
        assert "References" not in content
        assert "@@LEAVE_URL@@" in content


def test_a_foreign_text_is_marked(issue: Issue) -> None:
    issue.blocks.filter(key="item-1").update(text_zh="English only [1].", foreign_zh=True)
    html = mail(lay_out(issue, Choices("zh")))
    assert re.search(r'<p lang="en">English only.*?<span class="fo" lang="zh-Hans">', html)


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[1](javascript:alert(1))",
    "</td></table><p>open <b>",
    "bell\x07 and \x1b[31m and \ufffe",
    "{{ page.number }}{% include 'x' %}<mj-raw>",
    "<div>" * 1_000,
    "@@LEAVE_URL@@ ]]> --> <!--[if mso]>",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(hostile: str) -> None:
    issue = make_full_issue()
    issue.blocks.filter(kind__in=["item", "highlights", "insight", "comparison", "qa", "disclaimer", "tags"]).update(
        title_en=hostile[:300], title_zh=hostile[:300], text_en=f"{hostile} [1].", text_zh=f"{hostile}[1]。"
    )
    issue.citations.update(outlet=hostile[:200], title=hostile[:500])
    issue.blocks.filter(kind="overview").update(extra={"articles": 5, "sources": [[hostile, 5]]})
    Issue.objects.filter(pk=issue.pk).update(title_en=hostile[:300], subject_en=hostile[:200])
    expected = {"div", "table", "tbody", "tr", "td", "h1", "h2", "h3", "p", "a", "b", "span", "body"}
    for language in ("en", "zh", "both"):
        page = lay_out(Issue.objects.get(pk=issue.pk), Choices(language))
        reader = Reader(mail(page))
        assert reader.tags <= expected
        assert all(href.startswith(("http", "@@")) for href in reader.hrefs)
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", "".join(reader.words) + text(page))


def test_addresses_that_are_none_become_no_links(issue: Issue) -> None:
    issue.citations.filter(number=1).update(url="javascript:alert(1)")
    issue.citations.filter(number=2).update(url="https://例子.example/新闻?甲=1&乙=\"'<")
    html = mail(lay_out(issue, Choices("en")))
    assert "javascript:" not in html
    assert "[1]<a href" in html
    assert 'href="https://例子.example/新闻?甲=1&amp;乙=&quot;&#x27;&lt;"' in html


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_the_plain_text_keeps_to_72_columns_and_lists_its_references(issue: Issue, language: str) -> None:
    page = lay_out(issue, Choices(language))
    content = text(page)
    lines = content.splitlines()
    addresses = {reference.url for reference in page.references} | {page.web_url}
    for line in lines:
        assert plain.columns(line) <= plain.WIDTH or any(url in line for url in addresses)
        assert line == line.rstrip()
    assert "\n\n\n\n" not in content
    for reference in page.references:
        assert f"[{reference.number}]" in content
        assert f"      {reference.url}" in lines
    assert "&" not in re.sub(r"Policy & safety|Chips & compute|Business & funding", "", content), "nothing is escaped"
    assert page.date_en in content
    assert page.date_zh in content


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_references_stand_under_the_names_of_their_lists(issue: Issue, language: str) -> None:
    issue.citations.filter(number=3).update(source_list=None)
    page = lay_out(issue, Choices(language))
    groups = by_list(page.references)
    assert [str(name) for name, _ in groups][-1] == ""
    assert len(groups) == 3
    listed = [reference.number for _, rows in groups for reference in rows]
    assert sorted(listed) == [reference.number for reference in page.references]
    content = text(page)
    assert [int(n) for n in re.findall(r"^\[(\d+)\] ", content, re.MULTILINE)] == listed
    assert [int(n) for n in re.findall(r"<b>\[(\d+)\]</b>", mail(page))] == ([] if language == "both" else listed)
    for name, rows in groups[:2]:
        assert content.index(f"\n{name}\n[{rows[0].number}]")


@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_the_plain_text_names_an_undated_article_without_a_time(issue: Issue, language: str) -> None:
    issue.citations.update(dated=False)
    content = text(lay_out(issue, Choices(language)))
    references = content[content.index("\n[1] ") :]
    assert not re.search(r"\d\d:\d\d", references[: references.index("====")])


def test_the_plain_text_of_an_original_has_number_headline_and_note_together(issue: Issue) -> None:
    original = {"title_en": "", "title_zh": "题目在此", "text_en": "正文[1]。", "text_zh": "正文[1]。"}
    issue.blocks.filter(key="item-1").update(**original, foreign_en=True)
    content = text(lay_out(issue, Choices("both")))
    assert "\n 1  题目在此\n    正文[1]。\n    (Original in Chinese)\n" in content
    assert content.count("\n 1  题目在此") == 1


def test_an_original_printed_once_has_one_number_and_its_note_with_it(issue: Issue) -> None:
    once = {"title_en": "", "title_zh": "题目在此", "text_en": "正文[1]。", "text_zh": "正文[1]。", "foreign_en": True}
    issue.blocks.filter(key="item-4").update(**once)
    issue.blocks.filter(key="insight-us-1").update(**once)
    html = mail(lay_out(issue, Choices("both")))
    assert html.count("Original in Chinese") == 2
    assert html.count("题目在此") == 2
    assert re.search(r'>4</td><td class="it"[^>]*>\s*<h3 class="zh"', html)
    assert ">四</td>" not in html
