"""An issue as a reader sees it: values only, for the mail, its plain text and the web page.

`lay_out(issue, choices)` is the one way in; templates get the `Page` it returns and ask the database nothing.
"""

from newsletter.page.choices import SECTIONS, Choices
from newsletter.page.layout import lay_out, safe_url
from newsletter.page.mail import fitting, render_html
from newsletter.page.values import BUDGET_BYTES, Bar, Corrected, Item, Line, Mark, Page, Reference, Report, Words

__all__ = [
    "BUDGET_BYTES",
    "SECTIONS",
    "Bar",
    "Choices",
    "Corrected",
    "Item",
    "Line",
    "Mark",
    "Page",
    "Reference",
    "Report",
    "Words",
    "fitting",
    "lay_out",
    "render_html",
    "safe_url",
]
