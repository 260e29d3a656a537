"""What axe-core finds wrong with a page: WCAG 2.0 to 2.2, A and AA, and its best practices.

For the readers' pages, the desk and the mails alike.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A mail is a part of somebody else's page: landmarks, and a title in the head, are that page's.
MAIL_RULES_OFF = ("region", "landmark-one-main", "page-has-heading-one")
_RUN = """options => axe.run(document, options).then(found => found.violations.map(each =>
  `${each.id} (${each.impact}): ${each.help}` +
  each.nodes.map(node => `\\n  ${node.target} ${node.html}`).join('')))"""


# The rules that a page may keep in light and break in dark, for a second look that costs a third.
COLOURS = ("color-contrast", "link-in-text-block")


def violations(page: Page, *, only: tuple[str, ...] = (), off: tuple[str, ...] = ()) -> list[str]:
    """Each rule that the page breaks as it stands, with the elements that break it.

    `only` names the rules to ask, by default all; `off` those to leave out.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {
        "runOnly": {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS},
        "rules": {} if only else {rule: {"enabled": False} for rule in off} | {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    found: list[str] = page.evaluate(_RUN, options)
    return found
