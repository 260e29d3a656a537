"""A page as the HTML of a mail, within the size that Gmail shows whole."""

from dataclasses import replace

from django.template.loader import render_to_string

from newsletter.page.values import BUDGET_BYTES, Page

TEMPLATE = "email/issue.mjml"


def render_html(page: Page, slots: dict[str, str] | None = None) -> str:
    """The mail's HTML. `slots` holds what stands for each reader's own addresses: preferences_url, leave_url.

    Where it would be larger than BUDGET_BYTES, the marks in the text point at short addresses of this site that lead
    on to the articles; the references keep the articles' own. Where that isn't enough, the list of references holds
    those of the main line and the items, and leads to the whole list on the web. What is too large even then is for
    the caller to say.
    """
    html = ""
    for lighter in (page, replace(page, short_links=True), replace(page, short_links=True, front_references=True)):
        html = _render(lighter, slots)
        if len(html.encode()) <= BUDGET_BYTES:
            break
    return html


def _render(page: Page, slots: dict[str, str] | None) -> str:
    return render_to_string(TEMPLATE, {"page": page, **(slots or {})}, using="mjml")
