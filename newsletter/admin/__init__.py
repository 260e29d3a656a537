"""The operator's and editors' pages about the rows: Django finds them by this module's name."""

from newsletter.admin import rows
from newsletter.admin.lexicon import LexiconEntryAdmin

__all__ = ["LexiconEntryAdmin", "rows"]
