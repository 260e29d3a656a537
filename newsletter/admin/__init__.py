"""The operator's and editors' pages about the rows: Django finds them by this module's name."""

from newsletter.admin import rows
from newsletter.admin.lexicon import LexiconEntryAdmin
from newsletter.admin.sources import SourceAdmin, SourceListAdmin

__all__ = ["LexiconEntryAdmin", "SourceAdmin", "SourceListAdmin", "rows"]
