"""Withdrawing the last lead of a customer against the same person filing that customer again, and a rival doing so."""

import pytest

from accounts import roles
from accounts.models import Unit, User
from customers.models import Customer, IdentityKey
from leads.choices import ACTIVE
from leads.models import Lead
from tests.factories import LeadFactory, OrderTypeFactory
from tests.people import person
from tests.races.harness import caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filing
from tests.races.worker import Call

TRIOS = 5
ROUND = iter(range(1000))


def complaints(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """Three processes at each customer: its filer withdraws, files it for another order type, and a rival files it."""
    shares: list[list[Call]] = []
    for _ in range(TRIOS):
        turn = next(ROUND)
        filer, rival = (person(roles.SALESPERSON, outlet, f"{word}{turn}") for word in ("filer", "rival"))
        leads, forms = filed(filer, number)
        shares.append([("withdraw", {"lead": lead.pk, "by": filer.pk}) for lead in leads])
        shares.append([filing(filer, fields) for fields in forms])
        shares.append([filing(rival, fields) for fields in forms])
    results = race(shares, mistake=mistake, in_step=True)
    told = {result.codes for result in results if result.kind == "refused"}
    withdrawn = sum(result.kind == "done" for result in results if result.call[0] == "withdraw")
    found = errors(results) + unlike("withdrawn", withdrawn, TRIOS * number)
    return found + unlike("what losers were told", told - {("taken",)}, set()) + strays()


def filed(filer: User, number: int) -> tuple[list[Lead], list[dict]]:
    """Leads, and the forms that file their customers again for another order type."""
    other, forms = OrderTypeFactory(name="欧派衣柜").pk, customers(number)
    leads = [
        LeadFactory(filer=filer, mobile=form["mobile"], city_id=form["city"], building_room=form["building_room"])
        for form in forms
    ]
    return leads, [{**form, "order_type": other} for form in forms]


def strays() -> list[str]:
    """Customers whose holder, protections, leads and held keys do not fit together."""
    found = []
    for customer in Customer.objects.prefetch_related("leads", "keys", "protections"):
        leads = [lead for lead in customer.leads.all() if lead.hold in ACTIVE]
        running = {each.pk for each in customer.protections.all() if each.state in ACTIVE}
        found += unlike("protections", running, {lead.protection_id for lead in leads})
        found += unlike("protected once", len(running) <= 1, True)
        owners = {lead.filer_id for lead in leads}
        held = {f"{key.kind}:{key.value}" for key in customer.keys.all() if key.held}
        found += unlike("holder", {customer.holder_id} - {None}, owners)
        found += unlike("keys held", held, {word for lead in leads for word in lead.identity_text.split("\n") if word})
    return found


@sizes("number", small=4, full=200)
def test_a_lead_under_protection_always_has_a_holder(number: int, shipped_roles: None, outlet: Unit) -> None:
    assert complaints(number, outlet) == []
    assert IdentityKey.objects.filter(held=True).exists()


@pytest.mark.postgres
def test_joining_without_a_lock_is_caught(shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints(5, outlet, "join_without_lock"))
