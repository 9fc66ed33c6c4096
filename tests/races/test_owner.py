"""A customer belongs to whoever filed first, and every other is told so (LEAD-10)."""

from typing import Any

import pytest

from accounts.models import User
from customers.models import IdentityKey
from leads.models import Collision, FilingAttempt, Lead, Protection
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filers, filing

Fields = dict[str, Any]


def complaints(number: int, mistake: str = "") -> list[str]:
    """Sixteen people file the same customers, every other person in reverse order."""
    people, wanted = filers(PROCESSES), customers(number)
    results = race([[filing(one, fields) for fields in turn] for one, turn in turns(people, wanted)], mistake=mistake)
    losers = number * (PROCESSES - 1)
    refusals = [result.codes for result in results if result.kind == "refused"]
    tries = FilingAttempt.objects.filter(filer__in=people)
    return (
        errors(results)
        + owners(wanted)
        + unlike("accepted", sum(result.kind == "done" for result in results), number)
        + unlike("what losers were told", set(refusals), {("taken",)})
        + unlike("losers", len(refusals), losers)
        + unlike("tries on record", (tries.filter(accepted=True).count(), tries.count()), (number, number + losers))
        + unlike("collisions", Collision.objects.filter(attempt__in=tries).count(), losers)
    )


def complaints_of_imports(number: int, mistake: str = "") -> list[str]:
    """Sixteen files hold half of the customers each, so that all overlap; every other file is upside down."""
    people, wanted = filers(PROCESSES), customers(number)
    shares = []
    for place, (person, turn) in enumerate(turns(people, wanted)):
        start = place * number // PROCESSES
        rows = [{**fields, "outlet": person.unit_id} for fields in (turn + turn)[start : start + number // 2]]
        shares.append([("file_many", {"filer": person.pk, "rows": rows})])
    results = race(shares, mistake=mistake)
    rows_told = [codes for result in results if result.kind == "done" for codes in result.answer]
    found = errors(results) + owners(wanted) + unlike("imports done", {one.kind for one in results}, {"done"})
    found += unlike("rows refused", rows_told.count(("taken",)), PROCESSES * (number // 2) - number)
    return found + unlike("rows accepted", rows_told.count(()), number)


def turns(people: list[User], wanted: list[Fields]) -> list[tuple[User, list[Fields]]]:
    return [(person, wanted[:: -1 if place % 2 else 1]) for place, person in enumerate(people)]


def owners(wanted: list[Fields]) -> list[str]:
    """Complaints about customers that have not one lead, or whose keys, holder or protection are not the lead's."""
    found = []
    for fields in wanted:
        leads = list(Lead.objects.filter(mobile=fields["mobile"]).select_related("customer"))
        found += unlike(f"leads of {fields['mobile']}", len(leads), 1)
        for lead in leads:
            held = IdentityKey.objects.filter(customer=lead.customer, held=True)
            found += unlike(
                "keys held", sorted(held.values_list("kind", flat=True)), ["address", "address_name", "mobile"]
            )
            found += unlike("holder", lead.customer.holder_id, lead.filer_id)
            running = Protection.objects.active().filter(customer=lead.customer).values_list("pk", "filer", "state")
            found += unlike("protections", list(running), [(lead.protection_id, lead.filer_id, "protected")])
    return found


@sizes("number", small=8, full=200)
def test_a_customer_filed_by_sixteen_people_gets_one_owner(number: int) -> None:
    assert complaints(number) == []


@sizes("number", small=16, full=200)
def test_customers_in_sixteen_imports_get_one_owner_each(number: int) -> None:
    assert complaints_of_imports(number) == []


@pytest.mark.postgres
def test_not_hearing_of_being_overtaken_is_caught() -> None:
    assert caught(lambda: complaints(12, "overtaken_unheard"))


@pytest.mark.postgres
def test_unsorted_keys_are_caught() -> None:
    assert caught(lambda: complaints_of_imports(32, "unsorted_keys"))
