"""Sixteen windows of one person save drafts when there is room for a few."""

import pytest

from leads.models import Draft
from leads.services.drafts import MOST_DRAFTS
from tests.factories import MORNING
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import filers
from tests.races.worker import Call


def complaints(people: int, room: int, mistake: str = "") -> list[str]:
    owners = filers(people)
    there = [Draft(owner=owner, typed={}, at=MORNING) for owner in owners for _ in range(MOST_DRAFTS - room)]
    Draft.objects.bulk_create(there)
    calls: list[Call] = [("save_draft", {"owner": owner.pk}) for owner in owners]
    results = race([calls] * PROCESSES, mistake=mistake, in_step=True)
    found = errors(results) + unlike("saved", sum(result.kind == "done" for result in results), people * room)
    counts = {Draft.objects.filter(owner=owner).count() for owner in owners}
    return found + unlike("drafts of each", counts, {MOST_DRAFTS})


@sizes("people", small=3, full=100)
def test_nobody_gets_more_drafts_than_the_most(people: int) -> None:
    assert complaints(people, room=3) == []


@pytest.mark.postgres
def test_counting_drafts_without_a_lock_is_caught() -> None:
    assert caught(lambda: complaints(5, 3, "count_drafts_unlocked"))
