"""Finds names in texts: every spelling at once, by an Aho-Corasick automaton; then whether it is a name there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from newsletter.lexicon.folding import fold, simplify
from newsletter.lexicon.values import Mention, Name, Topic
from newsletter.typography import has_han

_STATES = frozenset({"CN", "US"})  # homes whose agencies go by names that other states' have too: 央行, Supreme Court
_LAW = " Act"  # a law goes by a name that other states' have too: "Japan's AI Act" is not the EU's
_DENIES = ("non-", "not-for-")  # what follows is just what it is not: "non-profit"
_OWNS = frozenset({"", " ", "'s ", "’s ", "的"})


@dataclass(frozen=True, slots=True)
class _Spelling:
    written: str
    name: Name | None  # None: an ordinary word that hides a name

    @property
    def chinese_only(self) -> bool:
        """An English word, but a name where it stands in Chinese."""
        return self.name is not None and self.written.isascii() and self.written not in self.name.en


class Lexicon:
    """All names, ready to be found in texts of either language."""

    def __init__(self, names: Iterable[Name], hiding: Iterable[str] = (), topics: Iterable[Topic] = ()) -> None:
        self.names = tuple(names)
        self.hiding = tuple(hiding)
        self.topics: dict[str, Topic] = {topic.slug: topic for topic in topics}
        self._by_spelling: dict[str, Name] = {}
        spellings: defaultdict[str, list[_Spelling]] = defaultdict(list)
        for written in self.hiding:  # first: an editor's word switches off a spelling that the files give a name
            spellings[fold(written)].append(_Spelling(written, None))
        for name in self.names:
            for written in dict.fromkeys(name.en + name.zh):
                spellings[fold(written)].append(_Spelling(written, name))
                self._by_spelling.setdefault(fold(written), name)
        self._automaton = ahocorasick.Automaton()
        for folded, alike in spellings.items():
            self._automaton.add_word(folded, (len(folded), tuple(alike)))
        self._automaton.make_automaton()

    def find(self, text: str) -> tuple[Name, ...]:
        """The names in `text` in order of first mention, each once."""
        return tuple(dict.fromkeys(mention.name for mention in self.mentions(text)))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every mention, left to right, never overlapping; of two spellings at one place the longer counts."""
        if not self._automaton:
            return
        plain = simplify(text)
        found = [(last - length + 1, length, alike) for last, (length, alike) in self._automaton.iter(fold(text))]
        found.sort(key=lambda hit: (hit[0], -hit[1]))  # what begins first, and of those the longest
        taken, place = 0, None
        for at, length, alike in found:
            if at < taken or (spelling := _first(alike, plain, at, at + length)) is None:
                continue
            taken = at + length
            mention = Mention(spelling.name, at, taken) if spelling.name else None
            if mention and not (place and _of_elsewhere(mention, place, plain)):
                yield mention
            place = mention if mention and mention.name.kind == "place" else None

    def named(self, spelling: str) -> Name | None:
        """The name that is spelled so, in any casing; None where there is none."""
        return self._by_spelling.get(fold(spelling))


def _first(alike: Iterable[_Spelling], plain: str, at: int, end: int) -> _Spelling | None:
    """Of spellings that differ in casing only, the one that stands at `plain[at:end]`."""
    for spelling in alike:
        if _fits(plain, at, end, spelling) and not (spelling.chinese_only and not has_han(plain)):
            return spelling
    return None


def _of_elsewhere(agency: Mention, place: Mention, plain: str) -> bool:
    """Whether `place` right before it says that the agency is another state's: 荷兰央行, "the UK Supreme Court"."""
    return (
        agency.name.kind == "agency"
        and (agency.name.home in _STATES or agency.name.en[0].endswith(_LAW))
        and place.name.home != agency.name.home
        and plain[place.end : agency.start] in _OWNS
    )


def _fits(plain: str, at: int, end: int, spelling: _Spelling) -> bool:
    """Whether the spelling at `at` is a word of its own there, and cased like a name."""
    written = spelling.written
    if at and _latin(written[0]) and (_latin(plain[at - 1]) or plain[max(0, at - 8) : at].lower().endswith(_DENIES)):
        return False
    if _latin(written[-1]) and not _ends(plain, end, spelling):
        return False
    return _cased(plain[at:end], written)


def _ends(plain: str, end: int, spelling: _Spelling) -> bool:
    """Whether a word may end here: "GPT-5" doesn't in "GPT-5.4"; "Qwen" does in "Qwen3"."""
    after = plain[end : end + 2]
    if not after or not _latin(after[0]):
        return not (spelling.written[-1].isdigit() and after[:1] == "." and after[1:].isdigit())
    takes_number = spelling.name is not None and spelling.name.kind == "model" and spelling.written[-1].isalpha()
    return takes_number and after[0].isdigit()


def _cased(found: str, written: str) -> bool:
    """Ordinary words must not pass for names: "meta", "us" and "scale AI" are not "Meta", "US" and "Scale AI".

    All capitals are matched exactly; a single word with a capital inside ("OpenAI") in any casing; otherwise each word
    that the spelling begins with a capital must begin with one in the text ("META", "Meta").
    """
    if found == written:
        return True
    letters = [char for char in written if char.isascii() and char.isalpha()]
    if not letters:
        return True
    if all(char.isupper() for char in letters):
        return False
    if " " not in written and any(char.isupper() for char in written[1:]):
        return True
    starts = (i for i, char in enumerate(written) if char.isupper() and (i == 0 or not written[i - 1].isalnum()))
    return all(found[i].isupper() for i in starts)


def _latin(char: str) -> bool:
    return char.isalnum() and ord(char) < 0x2E80
