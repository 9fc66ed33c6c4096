"""Who waited for a merged customer, after the merge was taken back."""

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from customers.models import Merge
from leads.invariants import complaints
from leads.models import Lead, QueueEntry
from leads.services import filing, holding, merging
from policies.choosing import PolicyInForce
from policies.terms import Term
from tests.ownership.scenes import at, file, held, lead_of, moment, policy
from tests.people import *  # noqa: F403

pytestmark = pytest.mark.django_db
FREE, HELD = {"mobile": "13800138001", "community": "甲"}, {"mobile": "13800138002", "community": "乙"}


@pytest.fixture
def rules() -> PolicyInForce:
    return policy(term=Term(30), queue=3)


@pytest.fixture
def free(agent: User, rules: PolicyInForce) -> Lead:
    """A withdrawn filing, whose customer nobody holds."""
    with at("2026-05-01"):
        lead = lead_of(file(agent, rules, **FREE))
        filing.withdraw(lead, by=agent)
    return lead


@pytest.fixture
def theirs(colleague: User, rules: PolicyInForce) -> Lead:
    with at("2026-06-01"):
        return lead_of(file(colleague, rules, **HELD))


def merge(kept: Lead, gone: Lead, by: User) -> Merge:
    with at("2026-06-02"), transaction.atomic():
        return merging.merge(kept.customer, gone.customer, by=by, reason="同一人", at=moment("2026-06-02"))


def part(made: Merge, by: User) -> None:
    with at("2026-06-05"), transaction.atomic():
        merging.unmerge(made, by=by, reason="看错了", at=moment("2026-06-05"))


def now(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


@pytest.mark.parametrize("held_is_kept", [True, False])
def test_who_waits_goes_with_the_held_part_and_takes_it_over(
    office: User, stranger: User, rules: Any, free: Lead, theirs: Lead, held_is_kept: bool
) -> None:
    made = merge(theirs, free, office) if held_is_kept else merge(free, theirs, office)
    with at("2026-06-03"):
        waiting = lead_of(file(stranger, rules, queue=True, **HELD))

    part(made, office)

    assert (now(waiting).hold, now(waiting).customer_id) == ("queued", theirs.customer_id)
    assert QueueEntry.objects.get().customer_id == theirs.customer_id
    assert list(complaints()) == []
    with at("2026-06-06"):
        holding.let_go(theirs, why="let_go", reason="不再联系", by=theirs.filer)
    assert (now(waiting).hold, held(waiting).customer_id) == ("protected", theirs.customer_id)
    assert list(complaints()) == []


@pytest.mark.parametrize("held_is_kept", [True, False])
def test_who_waits_gets_the_part_that_comes_free(
    office: User, stranger: User, rules: Any, free: Lead, theirs: Lead, held_is_kept: bool
) -> None:
    made = merge(theirs, free, office) if held_is_kept else merge(free, theirs, office)
    with at("2026-06-03"):
        waiting = lead_of(file(stranger, rules, queue=True, **FREE))
        assert waiting.hold == "queued"

    part(made, office)

    assert (now(waiting).hold, held(waiting).customer_id) == ("protected", free.customer_id)
    assert held(waiting).started_at == moment("2026-06-05")
    assert (held(theirs).state, list(complaints())) == ("protected", [])


def test_who_waited_before_the_merge_stays_ahead(
    office: User, stranger: User, agent: User, rules: Any, free: Lead, theirs: Lead
) -> None:
    with at("2026-06-01", "10:00"):
        first = lead_of(file(stranger, rules, queue=True, **HELD))
    made = merge(free, theirs, office)
    with at("2026-06-03"):
        second = lead_of(file(agent, rules, queue=True, **HELD))

    part(made, office)

    places = QueueEntry.objects.filter(customer=theirs.customer_id).order_by("place")
    assert [entry.lead for entry in places] == [first, second]
    assert list(complaints()) == []


def test_who_moves_takes_the_place_of_the_time_of_arrival(
    office: User, stranger: User, agent: User, partner: User, rules: Any, free: Lead, theirs: Lead
) -> None:
    """Others came to the held part meanwhile: it was parted, and merged anew."""
    made = merge(free, theirs, office)
    with at("2026-06-02", "10:00"):
        early = lead_of(file(stranger, rules, queue=True, **HELD))
    with at("2026-06-02", "11:00"):
        late = lead_of(file(agent, rules, queue=True, **HELD))
    QueueEntry.objects.filter(lead=late).update(customer=theirs.customer, place=1)
    Lead.objects.filter(pk=late.pk).update(customer=theirs.customer)

    part(made, office)

    places = QueueEntry.objects.filter(customer=theirs.customer_id).order_by("place")
    assert [entry.lead for entry in places] == [early, late]
    assert list(complaints()) == []
