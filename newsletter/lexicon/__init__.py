"""Names in both languages, and the topics: what the whole service knows of its subject, read from data.

`data/lexicon.tsv` has one name a line; docs/words.md says what its columns mean. Further files of the same shape
are named by `settings.LEXICON_EXTRA`; editors add entries in the admin (`LexiconEntry`). A line of kind `word` is no
name: it hides one that it contains ("王者荣耀" is not the company 荣耀). A Latin spelling that stands under zh alone
counts in Chinese texts only ("Grab" is a verb in English).
"""

from newsletter.lexicon.folding import DATA, fold, simplify
from newsletter.lexicon.loading import (
    entries_of_files,
    entry_of,
    fields,
    join,
    load,
    read_entries,
    read_topics,
    refresh,
)
from newsletter.lexicon.matching import Lexicon
from newsletter.lexicon.renderings import renderings
from newsletter.lexicon.soundness import clashes, faults
from newsletter.lexicon.values import HIDES, HOMES, KINDS, Entry, Mention, Name, Topic, without

__all__ = [
    "DATA",
    "HIDES",
    "HOMES",
    "KINDS",
    "Entry",
    "Lexicon",
    "Mention",
    "Name",
    "Topic",
    "clashes",
    "entries_of_files",
    "entry_of",
    "faults",
    "fields",
    "fold",
    "join",
    "load",
    "read_entries",
    "read_topics",
    "refresh",
    "renderings",
    "simplify",
    "without",
]
