"""The operator's and editors' pages about the rows: Django finds them by this module's name."""

from newsletter.admin import rows
from newsletter.admin.lexicon import LexiconEntryAdmin
from newsletter.admin.source_lists import SourceListAdmin
from newsletter.admin.sources import SourceAdmin

__all__ = ["LexiconEntryAdmin", "SourceAdmin", "SourceListAdmin", "rows"]
