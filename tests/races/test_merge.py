"""The same customers merged by several people at once, both ways round and in a ring."""

from itertools import count

import pytest
from django.db import transaction

from accounts import roles
from accounts.models import Unit, User
from customers.models import Customer, Merge
from tests.customers.merged import complaints as disorder
from tests.customers.merged import customer_of, join
from tests.factories import UserFactory
from tests.people import person
from tests.races.harness import caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filing
from tests.races.worker import Call

TURN = count(1)

RING = 3
"""Customers of a ring; each is merged with each, so that all but one come to point to another."""


def complaints(number: int, mistake: str = "") -> list[str]:
    """For every way to merge two of a ring a process of its own, at ring after ring in step."""
    office: User = UserFactory()
    rings = [[Customer.objects.create(name="韦半夏") for _ in range(RING)] for _ in range(number)]
    ways = [(one, other) for one in range(RING) for other in range(RING) if one != other]
    shares: list[list[Call]] = [
        [("merge", {"kept": ring[one].pk, "gone": ring[other].pk, "by": office.pk}) for ring in rings]
        for one, other in ways
    ]
    results = race(shares, mistake=mistake, in_step=True)
    told = {result.answer for result in results if result.kind == "refused"}
    parties = {each.party_id for ring in rings for each in Customer.objects.filter(pk__in=[one.pk for one in ring])}
    return (
        errors(results)
        + disorder()
        + unlike("parties", len(parties), number)
        + unlike("merges", sum(result.kind == "done" for result in results), number * (RING - 1))
        + unlike("what losers were told", len(told), 1)
    )


def complaints_of_life(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """Customers are merged and parted in the very moment in which they are withdrawn and filed again by two people."""
    filer, rival = (person(roles.SALESPERSON, outlet, f"{word}{next(TURN)}") for word in ("filer", "rival"))
    office: User = UserFactory()
    wanted = customers(2 * number)
    forms = zip(wanted[::2], wanted[1::2], strict=True)
    shares: dict[str, list[Call]] = {}
    for place, (one, other) in enumerate(forms):
        held, free = (customer_of(who, fields["mobile"], former=rival) for who, fields in ((filer, one), (None, other)))
        lead = held.leads.get()
        calls: dict[str, Call] = {"merge": ("merge", {"kept": free.pk, "gone": held.pk, "by": office.pk})}
        if place % 2:
            with transaction.atomic():
                calls["merge"] = ("unmerge", {"merge": join(free, held, office).pk, "by": office.pk})
        calls["withdraw"] = ("withdraw", {"lead": lead.pk, "by": filer.pk})
        calls["own"], calls["rival"] = filing(filer, other), filing(rival, other)
        calls["former"] = filing(rival, one)
        for name, call in calls.items():
            shares.setdefault(name, []).append(call)
    results = race(list(shares.values()), mistake=mistake, in_step=True)
    return errors(results) + disorder()


@sizes("number", small=10, full=200)
def test_merging_keeps_order_among_filings_and_withdrawals(number: int, shipped_roles: None, outlet: Unit) -> None:
    assert complaints_of_life(number, outlet) == []


@sizes("number", small=4, full=200)
def test_each_ring_becomes_one_party(number: int) -> None:
    assert complaints(number) == []
    assert Merge.objects.filter(undone_at=None).count() == number * (RING - 1)


@pytest.mark.postgres
def test_merging_without_a_lock_is_caught() -> None:
    assert caught(lambda: complaints(10, "merge_without_lock"))
