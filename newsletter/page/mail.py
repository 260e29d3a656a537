"""A page as the HTML of a mail, within the size that Gmail shows whole."""

from dataclasses import replace

from django.template.loader import render_to_string

from newsletter.page.values import BUDGET_BYTES, Page

TEMPLATE = "email/issue.mjml"


def render_html(page: Page, slots: dict[str, str] | None = None) -> str:
    """The mail's HTML. `slots` holds what stands for each reader's own addresses: preferences_url, leave_url.

    In both languages the analysis and the references stand on the web page, and every mark leads there. In one, where
    it would be larger than BUDGET_BYTES, the marks point at short addresses of this site that lead on to the articles;
    the references keep the articles' own. Where that isn't enough, the list of references holds those of the main line
    and the items, and leads to the whole list on the web. What is too large even then is for the caller to say.
    """
    return fitting(page, slots)[1]


def fitting(page: Page, slots: dict[str, str] | None = None) -> tuple[Page, str]:
    """As `render_html`, with the page as it was printed: it says what is shortened."""
    fullest, *lighter = _forms(page)
    printed, html = fullest, _render(fullest, slots)
    for each in lighter:
        if len(html.encode()) <= BUDGET_BYTES:
            break
        printed, html = each, _render(each, slots)
    return printed, html


def _forms(page: Page) -> tuple[Page, ...]:
    """The same page in one form or more, each lighter than the one before."""
    if len(page.languages) == 2:
        return (replace(page, on_web=True),)
    return page, replace(page, short_links=True), replace(page, short_links=True, front_references=True)


def _render(page: Page, slots: dict[str, str] | None) -> str:
    return render_to_string(TEMPLATE, {"page": page, **(slots or {})}, using="mjml")
