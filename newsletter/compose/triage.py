"""The cheaper model's part: the morning's stories graded, each with a headline in both languages, many to a call."""

from dataclasses import dataclass, field

from django.conf import settings

from newsletter.bilingual import Both
from newsletter.compose import answers, material, prompts
from newsletter.compose.answers import Reader, Sorting, Text, UnusableError
from newsletter.compose.asking import Morning
from newsletter.compose.brief import Brief, BriefStory
from newsletter.compose.claude import NoAnswerError
from newsletter.compose.receipts import Asked

A_CALL = 60  # stories
MAX_TOKENS = 12_000


@dataclass
class Triage:
    """What is known of the stories that were sorted; of others nothing, and then rank's order holds."""

    grades: dict[int, int] = field(default_factory=dict)  # story -> 0 (no news) to 3
    titles: dict[int, Both] = field(default_factory=dict)


def requests(brief: Brief) -> list[tuple[list[BriefStory], Asked]]:
    """The stories in batches, each with its request. Raises PromptError."""
    prompt = prompts.read("triage")
    schema = answers.schema_of(Sorting)
    batches = [list(brief.stories[first : first + A_CALL]) for first in range(0, len(brief.stories), A_CALL)]
    return [
        (
            batch,
            Asked(
                purpose=f"triage {n}",
                version=prompt.version,
                model=settings.CLAUDE_SMALL_MODEL,
                system=(prompt.text,),
                shared="",
                prompt=material.for_triage(batch),
                schema=schema,
                max_tokens=MAX_TOKENS,
                effort="" if settings.CLAUDE_EFFORT == "none" else "low",
            ),
        )
        for n, batch in enumerate(batches, 1)
    ]


def sort(morning: Morning) -> Triage:
    """Every story that the model sorted; where it didn't, a note says so and rank's order holds."""
    found = Triage()
    for batch, asked in requests(morning.brief):
        try:
            _take(found, answers.read(morning.ask(asked).answer, Sorting), batch, morning.brief)
        except (NoAnswerError, UnusableError) as reason:
            morning.note(f"{asked.purpose} left to the ranking: {reason}")
    return found


def _take(found: Triage, answer: Sorting, batch: list[BriefStory], brief: Brief) -> None:
    """What can be used of an answer: stories that were asked for, grades of the scale, headlines that may stand."""
    asked = {story.id for story in batch}
    reader = Reader(brief, frozenset())
    for row in answer.stories:
        if row.story not in asked:
            continue
        found.grades[row.story] = min(max(row.grade, 0), 3)
        try:
            found.titles[row.story] = reader.title(Text(row.en, row.zh))
        except UnusableError:
            found.titles.pop(row.story, None)
