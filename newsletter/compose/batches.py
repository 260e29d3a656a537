"""The Message Batches API, for mornings that leave time: half the price, and the draft waits for it, for a while.

A batch is a row (`ModelBatch`). The tick looks whether it has ended; its answers become receipts, and composing then
finds them as it finds those of an earlier run. What isn't there by then is asked directly.
"""

import datetime as dt
import re
from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.compose import claude, receipts, triage
from newsletter.compose.asking import Morning
from newsletter.compose.brief import Brief
from newsletter.compose.claude import Answered, NoAnswerError, Server
from newsletter.compose.parts import parts_of
from newsletter.compose.prompts import PromptError
from newsletter.compose.receipts import Asked
from newsletter.models import ModelBatch, Newsletter

State = ModelBatch.State


def begin(brief: Brief) -> ModelBatch | None:
    """Hand the day's prose to a batch, once a day; None where there is nothing to wait for.

    What comes before it (triage) is asked directly: the prose is written from it.
    """
    wait = dt.timedelta(minutes=settings.CLAUDE_BATCH_MINUTES)
    if not wait or ModelBatch.objects.filter(newsletter_id=brief.newsletter, date=brief.date).exists():
        return None
    morning = Morning(brief, settings.CLAUDE_PATIENCE)
    try:
        open_ones = [part.asked for part in parts_of(brief, triage.sort(morning))]
    except PromptError:
        return None  # composing says so
    open_ones = [asked for asked in open_ones if not receipts.find(asked)]
    if not open_ones or morning.gave_up:
        return None
    return _send(brief, {_name(asked): asked for asked in open_ones}, wait, morning.server)


def _send(brief: Brief, requests: dict[str, Asked], wait: dt.timedelta, server: Server) -> ModelBatch:
    """A row in any case: where the batch can't be had, it says why, and nobody asks for another today."""
    now = timezone.now()
    row = ModelBatch(newsletter_id=brief.newsletter, date=brief.date, sent_at=now, wait_until=now + wait, requests={})
    reason = receipts.over_budget(list(requests.values()), brief.newsletter, brief.date, batched=True)
    try:
        if reason:
            raise NoAnswerError(reason)
        row.batch_id = claude.send_batch(requests, server)
        row.requests = {name: _said(asked) for name, asked in requests.items()}
    except NoAnswerError as fault:
        row.state, row.wait_until, row.note = State.GIVEN_UP, now, f"no batch: {fault}"[:300]
    row.save()
    return row


def waiting(newsletter: Newsletter, date: dt.date, now: dt.datetime) -> bool:
    """Whether the draft of `date` still waits for its batch. Looks, and takes up what has come."""
    row = ModelBatch.objects.filter(newsletter=newsletter, date=date, state=State.SENT).first()
    if row is None:
        return False
    try:
        if claude.batch_ended(row.batch_id):
            _take_up(row)
        elif now >= row.wait_until:
            _give_up(row)
    except NoAnswerError as reason:
        if now < row.wait_until:
            return True  # perhaps the next look is answered
        _end(row, State.GIVEN_UP, f"the batch wasn't ready in time, and its server can't be asked: {reason}")
    return row.state == State.SENT


def notes(newsletter: Newsletter, date: dt.date) -> list[str]:
    """What there is to say of the batch of `date`: nothing where all went well, or none was sent."""
    return [row.note for row in ModelBatch.objects.filter(newsletter=newsletter, date=date) if row.note]


def was_sent(newsletter: Newsletter, date: dt.date) -> bool:
    """Whether a batch was made for `date`: what it was made from must not be ranked anew meanwhile."""
    return ModelBatch.objects.filter(newsletter=newsletter, date=date).exists()


def _take_up(row: ModelBatch) -> None:
    """Its answers become receipts; one that went wrong is asked for directly when the issue is composed."""
    wrong = 0
    for name, answered in claude.batch_answers(row.batch_id):
        said = row.requests.get(name)
        if said is None:
            continue
        if answered is None:
            wrong += 1
        else:
            _keep(row, said, answered)
    _end(row, State.ENDED, f"{wrong} of the batch's {len(row.requests)} requests went wrong" if wrong else "")


def _keep(row: ModelBatch, said: dict[str, str], answered: Answered) -> None:
    """One answer's receipt, unless there is one: another worker may look at the same moment."""
    with suppress(IntegrityError), transaction.atomic():
        receipts.keep(
            said,
            row.newsletter_id,
            row.date,
            outcome=answered.outcome,
            answer=answered.text,
            usage=answered.usage,
            batched=True,
        )


def _give_up(row: ModelBatch) -> None:
    minutes = round((row.wait_until - row.sent_at).total_seconds() / 60)
    _end(row, State.GIVEN_UP, f"the batch wasn't ready within {minutes} minutes: asked directly")
    claude.cancel_batch(row.batch_id)


def _end(row: ModelBatch, state: ModelBatch.State, note: str) -> None:
    row.state, row.note = state, note[:300]
    row.save(update_fields=["state", "note"])


def _said(asked: Asked) -> dict[str, str]:
    return {
        "purpose": asked.purpose,
        "prompt_version": asked.version,
        "model": asked.model,
        "prompt_hash": asked.digest(),
    }


def _name(asked: Asked) -> str:
    """A custom id, as the service allows it: letters, digits, - and _, 64 at the most."""
    return f"{re.sub(r'[^a-zA-Z0-9_-]', '-', asked.purpose)[:40]}-{asked.digest()[:16]}"
