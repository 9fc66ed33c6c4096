"""Corners that the machine found: where one rule meets another (`test_machine.py`)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from approvals.models import Request
from approvals.services import decide
from core.verdicts import Refused
from leads.models import Assignment, Collision, Lead, Protection
from leads.services import assignments, filing, holding
from policies.terms import Term
from tests.factories import OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, file, held, lead_of, moment, policy
from tests.ownership.stories import ledgers_disagree
from tests.people import *  # noqa: F403

pytestmark = pytest.mark.django_db
MONTH: dict[str, Any] = {"term": Term(1, "month")}
OTHER = "13800138001"


def assign(lead: Lead, manager: Any, seller: Any) -> Assignment:
    assignments.assign(lead, store_id=seller.unit_id, order_type_id=OrderTypeFactory().pk, note="", by=manager)
    return Assignment.objects.get(lead=lead)


def pay(case: Assignment, seller: Any) -> None:
    assignments.take_deposit(case, amount=Decimal(5000), paid_on=date(2026, 6, 1), receipt="", by=seller)


def test_reversal_of_a_deposit_after_an_approval_leaves_an_end(agent: Any, manager: Any, seller: Any) -> None:
    rules = policy(**MONTH, needs_approval=True, deposit_term=Term(90))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    with at("2026-06-02"):
        decide(Request.objects.get().pk, "grant", by=manager, answer="")
        case = assign(lead, manager, seller)
        pay(case, seller)

    with at("2026-06-03"):
        assignments.reverse_deposit(case, reason="记错了", by=manager)

    assert held(lead).ends_at == moment("2026-07-03", "00:00")


def test_extension_granted_after_a_deposit_does_not_shorten_the_protection(
    agent: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**MONTH, deposit_term=Term(90), extensions=1, extension_term=Term(10))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager, seller)
    with at("2026-06-20"):
        holding.extend(lead, until=None, reason="仍在比较", by=agent)
        pay(case, seller)

    with at("2026-06-21"):
        decide(Request.objects.get().pk, "grant", by=manager, answer="")

    assert (held(lead).ends_at, held(lead).extensions) == (moment("2026-09-19", "00:00"), 1)
    assert ledgers_disagree() == []


def test_waiter_whose_turn_has_come_may_assign_before_anybody_noticed(
    agent: Any, colleague: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**MONTH, queue=1)
    with at("2026-06-01"):
        file(agent, rules)
        waiting = lead_of(file(colleague, rules, queue=True))

    with at("2026-07-02", "00:00"):
        assign(waiting, manager, seller)

    waiting.refresh_from_db()
    assert (waiting.hold, waiting.progress) == ("protected", "assigned")


def test_waiter_whose_turn_has_come_lets_the_next_have_it_only_now(agent: Any, colleague: Any, stranger: Any) -> None:
    rules = policy(**MONTH, queue=2)
    with at("2026-06-01"):
        file(agent, rules)
        second, third = (lead_of(file(who, rules, queue=True)) for who in (colleague, stranger))

    with at("2026-07-10", "10:00"):
        filing.withdraw(second, by=colleague)

    assert (lead_of_pk(second).hold, lead_of_pk(third).hold) == ("released", "protected")
    assert held(third).started_at == moment("2026-07-10", "10:00")


def lead_of_pk(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def test_waiter_whose_turn_has_come_may_change_the_number(agent: Any, colleague: Any) -> None:
    rules = policy(**MONTH, queue=1)
    with at("2026-06-01"):
        file(agent, rules)
        waiting = lead_of(file(colleague, rules, queue=True))

    with at("2026-07-02"):
        filing.edit_lead(waiting, claim_of(colleague, policy=rules, mobile=OTHER), by=colleague)

    assert (lead_of_pk(waiting).mobile, lead_of_pk(waiting).hold) == (OTHER, "protected")


def test_who_is_barred_may_not_queue_either(agent: Any, colleague: Any, manager: Any) -> None:
    rules = policy(**MONTH, queue=1, void_ban=Term(3, "month"))
    with at("2026-06-01"):
        holding.void(lead_of(file(agent, rules)), why="false", reason="资料不实", by=manager)
        file(colleague, rules)

    with at("2026-06-02"), pytest.raises(Refused) as refused:
        file(agent, rules, queue=True)

    assert [problem.code for problem in refused.value.problems] == ["taken"]


def test_refused_filing_may_be_filed_again_at_once(agent: Any, manager: Any) -> None:
    rules = policy(**MONTH, needs_approval=True, cool_down=Term(30))
    with at("2026-06-01"):
        file(agent, rules)
        decide(Request.objects.get().pk, "refuse", by=manager, answer="资料不全")

    with at("2026-06-02"):
        again = lead_of(file(agent, rules))

    assert again.hold == "pending"


def test_deposit_under_a_ban_protects_nothing(agent: Any, colleague: Any, manager: Any, seller: Any) -> None:
    rules = policy(**MONTH, deposit_term=Term(90), void_ban=Term(3, "month"))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager, seller)
    with at("2026-06-02"):
        holding.void(lead, why="false", reason="资料不实", by=manager)

    with at("2026-06-03"):
        pay(case, seller)
        theirs = lead_of(file(colleague, rules))

    assert (lead_of_pk(lead).hold, lead_of_pk(lead).progress, theirs.hold) == ("voided", "deposit", "protected")


def test_deposit_collides_with_whoever_holds_the_number_for_another_customer(
    agent: Any, colleague: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**MONTH, deposit_term=Term(90))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager, seller)
    with at("2026-07-02"):
        other = lead_of(file(colleague, rules, mobile=OTHER))
        filing.edit_lead(other, claim_of(colleague, policy=rules), by=colleague)

    with at("2026-07-03"):
        pay(case, seller)

    assert [each.filer for each in Protection.objects.active()] == [colleague]
    assert [each.lead for each in Collision.objects.filter(attempt__door="deposit")] == [other]


@pytest.mark.parametrize("end", ["release", "void"])
def test_request_of_a_filing_that_was_let_go_lapses(agent: Any, manager: Any, end: str) -> None:
    rules = policy(**MONTH, needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))

    with at("2026-06-02"):
        if end == "release":
            holding.let_go(lead, why="let_go", reason="不再联系", by=agent)
        else:
            holding.void(lead, why="false", reason="资料不实", by=manager)

    assert Request.objects.get().state == "lapsed"
