"""A case is decided once, and a lead gives its filer one unit of quota once (AUDIT-3, QUOTA-2)."""

from collections.abc import Sequence

import pytest
from django.db.models import Sum

from accounts import roles
from accounts.models import Unit, User
from leads.models import Assignment, AuditDecision, Lead, QuotaDay
from tests.factories import AssignmentFactory, LeadFactory, OrderTypeFactory
from tests.people import person
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import filers
from tests.races.worker import Call, Result


@pytest.fixture
def auditors(shipped_roles: None, branch: Unit) -> list[User]:
    return [person(roles.AUDITOR, branch, f"auditor{place}") for place in range(PROCESSES)]


def cases(number: int, people: Sequence[User]) -> list[tuple[Assignment, Assignment]]:
    """Leads with two assignments each, filed by each of the people in turn."""
    kinds = [OrderTypeFactory(name=name) for name in ("欧派橱柜", "欧派衣柜")]
    leads = [LeadFactory(filer=people[turn % len(people)], progress="assigned") for turn in range(number)]
    return [tuple(AssignmentFactory(lead=lead, order_type=kind) for kind in kinds) for lead in leads]


def complaints(number: int, auditors: list[User], mistake: str = "") -> list[str]:
    """Eight auditors decide one assignment of a lead and eight the other, lead after lead."""
    pairs = cases(number, filers(1))
    shares: list[list[Call]] = [
        [("decide", {"cases": [pair[place % 2].pk], "by": auditor.pk}) for pair in pairs]
        for place, auditor in enumerate(auditors)
    ]
    results = race(shares, mistake=mistake, in_step=True)
    refused = sum(result.kind == "refused" for result in results)
    return judged(pairs, results) + unlike("losers", refused, len(results) - 2 * number)


def complaints_of_bulk(number: int, auditors: list[User]) -> list[str]:
    """All auditors decide all cases at once, as ticked lists, every other list upside down."""
    pairs = cases(number, filers(4))
    ids = [case.pk for pair in pairs for case in pair]
    shares: list[list[Call]] = [
        [("decide", {"cases": ids[:: -1 if place % 2 else 1], "by": auditor.pk})]
        for place, auditor in enumerate(auditors)
    ]
    return judged(pairs, race(shares))


def judged(pairs: Sequence[tuple[Assignment, Assignment]], results: Sequence[Result]) -> list[str]:
    found = errors(results)
    for case in (case for pair in pairs for case in pair):
        found += unlike("decisions", AuditDecision.objects.filter(assignment=case).count(), 1)
    leads = Lead.objects.filter(pk__in=[pair[0].lead_id for pair in pairs])
    credit = QuotaDay.objects.filter(user__in=leads.values("filer")).aggregate(sum=Sum("credit"))["sum"]
    states = set(leads.values_list("audit_status", flat=True))
    decided = sum(result.answer for result in results if result.kind == "done")
    return (
        found
        + unlike("credit", credit, len(pairs))
        + unlike("leads credited", leads.exclude(credited_on=None).count(), len(pairs))
        + unlike("states", states, {"success"})
        + unlike("decided", decided, 2 * len(pairs))
    )


@sizes("number", small=3, full=200)
def test_a_case_decided_by_many_is_decided_once_and_credited_once(number: int, auditors: list[User]) -> None:
    assert complaints(number, auditors) == []


@sizes("number", small=3, full=100)
def test_lists_decided_by_many_at_once_are_decided_once(number: int, auditors: list[User]) -> None:
    assert complaints_of_bulk(number, auditors) == []


@pytest.mark.postgres
def test_read_then_save_is_caught(auditors: list[User]) -> None:
    assert caught(lambda: complaints(3, auditors, "read_then_save"))
