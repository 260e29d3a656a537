"""The prompts: files in `templates/prompts/` that an operator may read and edit, each with a version of its own.

A file begins with `version: N` and a blank line; what follows is the prompt. `{words}` in braces are filled in.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_HEAD = re.compile(r"version:[ \t]*(\S{1,20})[ \t]*\n\s*\n")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class PromptError(Exception):
    """A prompt's file is missing or broken; the message says which, and what to mend."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt as it stands in its file."""

    name: str
    version: str  # "3 (a1b2c3)": as the file says, and of what its bytes are, should nobody have counted up
    text: str

    def filled(self, **values: str) -> str:
        """The text with its placeholders filled; a value is put in as it is, never read for placeholders itself.

        Raises PromptError where the file has lost a placeholder, or has one that nothing fills.
        """
        there = set(_PLACEHOLDER.findall(self.text))
        if wrong := there ^ set(values):
            what = "lacks" if wrong - there else "has an unknown"
            raise PromptError(f"templates/prompts/{self.name}.txt {what} {{{sorted(wrong)[0]}}}")
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.text)


def folder() -> Path:
    """Where the prompts lie."""
    return Path(settings.BASE_DIR) / "templates" / "prompts"


def read(name: str) -> Prompt:
    """The prompt `name`, read anew each time: an edit counts from the next call. Raises PromptError."""
    try:
        text = (folder() / f"{name}.txt").read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise PromptError(f"templates/prompts/{name}.txt can't be read ({type(error).__name__})") from None
    head = _HEAD.match(text)
    if head is None:
        raise PromptError(f"templates/prompts/{name}.txt must begin with “version: N” and a blank line")
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return Prompt(name, f"{head[1]} ({digest})", text[head.end() :].strip())
