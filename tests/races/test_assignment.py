"""A lead goes to one showroom per order type (ASSIGN-1)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from accounts.models import Unit, User
from core.models import Event
from leads.models import Assignment, Lead
from tests.factories import LeadFactory, OrderTypeFactory
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike

ONCE = next(rule for rule in Assignment._meta.constraints if rule.name == "assignment_once_per_order_type")


def complaints(leads: int, manager: User, store: Unit, mistake: str = "") -> list[str]:
    """Sixteen processes make the same assignments, lead after lead."""
    wanted = OrderTypeFactory(name="欧派衣柜")
    made = [LeadFactory(filer=manager) for _ in range(leads)]
    fixed = {"store": store.pk, "order_type": wanted.pk, "by": manager.pk}
    calls = [("assign", {"lead": lead.pk, **fixed}) for lead in made]
    results = race([calls] * PROCESSES, mistake=mistake, in_step=True)
    refusals = [result for result in results if result.kind == "refused"]
    found = errors(results)
    for lead in Lead.objects.filter(pk__in=[lead.pk for lead in made]):
        found += unlike("assignments", lead.assignments.filter(standing=True).count(), 1)
        found += unlike("progress", lead.progress, "assigned")
        found += unlike("events", Event.objects.filter(subject_id=lead.pk, action="assign").count(), 1)
    found += unlike("losers", len(refusals), leads * (PROCESSES - 1))
    found += unlike("codes", {result.codes for result in refusals}, {("assigned",)})
    return found + [f"told: {one.answer}" for one in refusals if not {store.name, wanted.name} <= words(one.answer)]


def words(sentence: str) -> set[str]:
    return {name for name in ("琅东展厅", "欧派衣柜") if name in sentence}


@contextmanager
def without_the_constraint() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.remove_constraint(Assignment, ONCE)
    try:
        yield
    finally:
        Assignment.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Assignment, ONCE)


@sizes("leads", small=3, full=200)
def test_the_same_assignment_made_sixteen_times_stands_once(leads: int, manager: User, store: Unit) -> None:
    assert complaints(leads, manager, store) == []


@pytest.mark.postgres
def test_check_then_insert_is_caught(manager: User, store: Unit) -> None:
    with without_the_constraint():
        assert caught(lambda: complaints(3, manager, store, "check_then_insert"))
