"""Nobody gets past the day's budget of checks (MATCH-6), however many windows they type in."""

import pytest

from accounts.models import User
from core.models import Event
from leads.models import FilingAttempt
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filers
from tests.races.worker import Call

BUDGET = 20


def checking(person: User, number: int) -> list[Call]:
    """Checks of customers whose mobiles all differ, while the address stays one's own."""
    mine = {"building_room": "", "outlet": person.unit_id}
    return [("check", {"filer": person.pk, "fields": fields | mine}) for fields in customers(number)]


def complaints(checks: int, mistake: str = "") -> list[str]:
    """One person checks other customers in each of sixteen processes."""
    [person] = filers(1)
    results = race([checking(person, checks) for _ in range(PROCESSES)], mistake=mistake)
    told = [result.answer for result in results if result.kind == "done"]
    tries = FilingAttempt.objects.filter(actor=person)
    alarms = Event.objects.filter(subject_type="accounts.user", subject_id=person.pk, action="check_alarm")
    return (
        errors(results)
        + unlike("answered", told.count("free"), BUDGET)
        + unlike("silent", told.count(""), PROCESSES * checks - BUDGET)
        + unlike("tries on record", (tries.exclude(verdict="").count(), tries.count()), (BUDGET, PROCESSES * checks))
        + unlike("alarms", alarms.count(), 1)
    )


@sizes("checks", small=3, full=25)
def test_sixteen_processes_on_a_budget_of_twenty_are_answered_twenty_times(checks: int) -> None:
    assert complaints(checks) == []


@pytest.mark.postgres
def test_counting_without_a_lock_is_caught() -> None:
    assert caught(lambda: complaints(3, "check_without_lock"))
