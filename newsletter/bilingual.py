"""The two languages of everything that is written, and a text that stands in both."""

from dataclasses import dataclass

LANGUAGES = ("en", "zh")  # in the order in which they are read and numbered


@dataclass(frozen=True, slots=True)
class Both:
    """The same thing in both languages; "" where one is missing."""

    en: str = ""
    zh: str = ""

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    def to_json(self) -> dict[str, str]:
        return {"en": self.en, "zh": self.zh}
