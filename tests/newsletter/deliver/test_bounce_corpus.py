"""Seven hundred real bounces, complaints and answers: none makes `receive --explain` fall, and they are read right."""

from pathlib import Path

import pytest
from django.utils import timezone

from newsletter.deliver import inbound
from newsletter.deliver.bounces import Kind
from tests.benchmarks import bounces as benchmark
from tests.shared import shared


@pytest.fixture(scope="module")
def folder() -> Path:
    return shared("data/c_bounces")


@pytest.mark.django_db
def test_every_real_message_is_explained_and_changes_nothing(folder: Path) -> None:
    messages = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".tsv"]
    assert len(messages) > 700
    for path in messages:
        decision = inbound.explain(
            path.read_bytes(), envelope_sender=None, envelope_recipient=None, now=timezone.now()
        )
        told = decision.as_json()
        assert told["kind"] in set(Kind), path
        assert "nothing is changed" in told["decision"] or told["decision"].startswith("nothing"), path


def test_kinds_and_statuses_agree_with_what_the_messages_say_themselves(folder: Path) -> None:
    scores = benchmark.measure(folder)
    # Figures of 2026-11: all 1.0 on the messages with a delivery-status part. A floor, not an aim.
    assert scores["kind: bounce"].precision >= 0.98
    assert scores["kind: bounce"].recall >= 0.98
    assert scores["kind: delay"].recall >= 0.95
    assert scores["kind: complaint"].recall >= 0.95
    assert scores["kind: auto_reply"].recall >= 0.95
    assert scores["status"].recall >= 0.99
    assert scores["dead"].precision > scores["dead, baseline"].precision + 0.3
