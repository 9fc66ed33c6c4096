"""Customers held by order type: what holds all of them, and what only one (`domain.md`, Scope)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from approvals.models import Request
from approvals.services import decide
from core.verdicts import Refused
from customers.models import Merge
from leads.choices import Door
from leads.claims import Outcome
from leads.invariants import complaints
from leads.models import Assignment, Lead
from leads.services import assignments, filing, holding, merging, settling
from policies.choosing import PolicyInForce
from policies.models import FilingSettings
from policies.terms import Term
from tests.factories import OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, held, lead_of, moment, policy
from tests.people import *  # noqa: F403

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
OTHER = "13800138001"
File = Callable[..., Outcome]


@pytest.fixture
def kinds() -> tuple[int, int]:
    return OrderTypeFactory(name="橱柜").pk, OrderTypeFactory(name="衣柜").pk


@pytest.fixture
def rules() -> PolicyInForce:
    return policy(term=Term(1, "month"), deposit_term=Term(90), queue=1)


def by_type(kinds: tuple[int, int]) -> dict[str, Any]:
    settings, _made = FilingSettings.objects.update_or_create(pk=1, defaults={"scope": "order_type"})
    return {"settings": settings, "order_types": kinds}


@pytest.fixture
def file(kinds: tuple[int, int], rules: PolicyInForce) -> File:
    """Files for an order type, None for all of them, on a site that holds customers by order type."""
    site = by_type(kinds)

    def work(filer: User, order_type: int | None, **fields: Any) -> Outcome:
        claim = claim_of(filer, policy=rules, order_type=order_type, **site, **fields)
        return filing.file_lead(claim, by=filer)

    return work


def wrong() -> list[str]:
    return [sentence for _name, sentence in complaints()]


def test_filing_for_all_does_not_go_beside_an_own_one_for_one(agent: User, file: File, kinds: Any) -> None:
    with at("2026-06-01"):
        file(agent, kinds[0])
        with pytest.raises(Refused, match="for some order types only") as refused:
            file(agent, None)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("order_type", "own")]
    assert wrong() == []


def test_filing_for_one_joins_an_own_one_for_all(agent: User, file: File, kinds: Any) -> None:
    with at("2026-06-01"):
        wide, narrow = (lead_of(file(agent, kind)) for kind in (None, kinds[0]))

    assert (narrow.protection, held(narrow).scope) == (wide.protection, "")
    assert wrong() == []


def test_rows_of_one_import_are_judged_alike(agent: User, kinds: Any, rules: PolicyInForce) -> None:
    types = (kinds[0], None, kinds[1])
    claims = [
        claim_of(agent, policy=rules, row=row, order_type=kind, **by_type(kinds)) for row, kind in enumerate(types)
    ]

    with at("2026-06-01"), transaction.atomic():
        outcomes = filing.file_batch(claims, by=agent, people={agent.pk: agent}, door=Door.IMPORT)

    assert [[problem.code for problem in outcome.problems] for outcome in outcomes] == [[], ["own"], []]
    assert wrong() == []


def test_site_that_holds_customers_whole_again_lets_all_join(agent: User, file: File, kinds: Any, rules: Any) -> None:
    with at("2026-06-01"):
        narrow = lead_of(file(agent, kinds[0]))
        whole = filing.file_lead(claim_of(agent, policy=rules), by=agent)

    assert lead_of(whole).protection == narrow.protection
    assert wrong() == []


def test_who_waits_for_all_waits_while_holding_one(agent: User, colleague: User, file: File, kinds: Any) -> None:
    with at("2026-06-01"):
        theirs = lead_of(file(agent, kinds[0]))
        waiting = lead_of(file(colleague, None, queue=True))
        own = lead_of(file(colleague, kinds[1]))
    with at("2026-06-02"):
        holding.let_go(theirs, why="let_go", reason="不再联系", by=agent)
        assert (Lead.objects.get(pk=waiting.pk).hold, wrong()) == ("queued", [])

    with at("2026-06-03"):
        holding.let_go(own, why="let_go", reason="不再联系", by=colleague)

    assert (Lead.objects.get(pk=waiting.pk).hold, held(waiting).scope) == ("protected", "")
    assert wrong() == []


def test_deposit_on_an_expired_filing_for_all_comes_under_the_own_one_for_one(
    agent: User, manager: User, seller: User, file: File, kinds: Any
) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, None))
        assignments.assign(lead, store_id=seller.unit_id, order_type_id=kinds[0], note="", by=manager)
    with at("2026-07-02"):
        settling.settle_all(moment("2026-07-02"))
        narrow = lead_of(file(agent, kinds[0]))

        given: dict[str, Any] = {"amount": Decimal(5000), "paid_on": date(2026, 7, 2), "receipt": ""}
        assignments.take_deposit(Assignment.objects.get(), by=seller, **given)

    assert held(lead) == narrow.protection
    assert wrong() == []


def merge(kept: Lead, gone: Lead, by: User) -> Merge:
    with transaction.atomic():
        return merging.merge(kept.customer, gone.customer, by=by, reason="同一人", at=moment("2026-06-02"))


def test_customers_of_which_two_people_hold_the_same_order_type_are_not_merged(
    agent: User, colleague: User, office: User, file: File, kinds: Any
) -> None:
    """The customer names one holder only, here the same one of both."""
    with at("2026-06-01"):
        file(colleague, kinds[1])
        one, other = lead_of(file(agent, kinds[0])), lead_of(file(agent, kinds[1], mobile=OTHER))

        with pytest.raises(Refused, match="Two people hold these two customers"):
            merge(one, other, office)

    assert (held(other).filer, wrong()) == (agent, [])


def test_customers_of_which_two_people_hold_different_order_types_are_merged(
    agent: User, colleague: User, office: User, file: File, kinds: Any
) -> None:
    with at("2026-06-01"):
        one, other = lead_of(file(colleague, kinds[1])), lead_of(file(agent, kinds[0], mobile=OTHER))

        made = merge(one, other, office)
        merged = wrong()
        with transaction.atomic():
            merging.unmerge(made, by=office, reason="看错了", at=moment("2026-06-03"))

    assert [merged, wrong()] == [[], []]
    assert [held(one).filer, held(other).filer] == [colleague, agent]


@pytest.mark.parametrize("wide_first", [True, False])
def test_what_is_held_for_all_stays_so_in_a_merge(
    agent: User, colleague: User, office: User, file: File, kinds: Any, wide_first: bool
) -> None:
    types = [None, *kinds] if wide_first else [*kinds, None]
    with at("2026-06-01"):
        leads = [lead_of(file(agent, kind, mobile=OTHER if kind is None else "13800138000")) for kind in types]
        wide, narrow = (leads[0], leads[1]) if wide_first else (leads[2], leads[0])

        merge(narrow, wide, office)
        third = OrderTypeFactory(name="木门").pk
        with pytest.raises(Refused) as refused:
            file(colleague, third)

    assert {held(lead).scope for lead in leads} == {""}
    assert [problem.code for problem in refused.value.problems] == ["taken"]
    assert wrong() == []


def test_what_waits_for_all_is_decided_before_a_merge_with_what_is_protected_for_one(
    agent: User, office: User, kinds: Any, file: File
) -> None:
    asks = policy("先批", 1, term=Term(7), needs_approval=True)
    with at("2026-06-01"):
        narrow = lead_of(file(agent, kinds[0]))
        claim = claim_of(agent, policy=asks, mobile=OTHER, **by_type(kinds))
        wide = lead_of(filing.file_lead(claim, by=agent))

        with pytest.raises(Refused, match="waits for a decision"):
            merge(narrow, wide, office)
        decide(Request.objects.get().pk, "grant", by=office, answer="")
        merge(narrow, wide, office)

    assert held(narrow) == held(wide)
    assert wrong() == []
