"""Deposits, extensions, approvals, bans and deals, one after another (PROT-3, -4; `policies.md`, Counting time)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from approvals.models import Request
from approvals.services import decide
from core.verdicts import Refused
from leads.consequences import of_reversal
from leads.models import Assignment, Collision, Lead, Protection
from leads.services import assignments, filing, holding, settling, work
from notices.models import Outbox
from policies.terms import Contest, Term
from tests.factories import OrderTypeFactory, UnitFactory, UserFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, file, held, lead_of, moment, policy
from tests.people import *  # noqa: F403

pytestmark = pytest.mark.django_db
FURNISHING: dict[str, Any] = {"term": Term(7), "deposit_term": Term(90)}


def assign(lead: Lead, manager: Any) -> Assignment:
    store, kind = UnitFactory(kind="store"), OrderTypeFactory()
    assignments.assign(lead, store_id=store.pk, order_type_id=kind.pk, note="", by=manager)
    return Assignment.objects.select_related("store").get(lead=lead, order_type=kind)


def seller_of(case: Assignment, seller: Any) -> Any:
    type(seller).objects.filter(pk=seller.pk).update(unit=case.store)
    return type(seller).objects.get(pk=seller.pk)


def pay(case: Assignment, seller: Any, day: str) -> None:
    given = {"amount": Decimal(5000), "paid_on": date.fromisoformat(day), "receipt": "SJ1"}
    assignments.take_deposit(case, by=seller_of(case, seller), **given)


def test_deposit_moves_the_end_to_ninety_days_and_reversal_back(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**FURNISHING)))
    with at("2026-06-03"):
        case = assign(lead, manager)
        pay(case, seller, "2026-06-02")
    paid = held(lead).ends_at

    with at("2026-06-04"):
        assignments.reverse_deposit(case, reason="记错了", by=manager)

    assert (paid, held(lead).ends_at) == (moment("2026-09-02", "00:00"), moment("2026-06-09", "00:00"))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-04", "The end of the protection goes back from 2026-09-01 to 2026-06-08."),
        ("2026-07-01", "Without this deposit the protection is over: it ends at once."),
    ],
)
def test_reversal_is_foreseen(agent: Any, manager: Any, seller: Any, in_english: Any, day: str, said: str) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**FURNISHING)))
    with at("2026-06-03"):
        case = assign(lead, manager)
        pay(case, seller, "2026-06-02")

    assert of_reversal(Assignment.objects.get(pk=case.pk), moment(day)) == [said]


def test_reversal_after_the_term_ends_the_protection_at_once(
    agent: Any, manager: Any, seller: Any, stranger: Any
) -> None:
    rules = policy(**FURNISHING, queue=1)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    with at("2026-06-03"):
        case = assign(lead, manager)
        pay(case, seller, "2026-06-03")
        waiting = lead_of(file(stranger, rules, queue=True))

    with at("2026-07-01", "11:00"):
        assignments.reverse_deposit(case, reason="客户退订", by=manager)

    assert (lead_of_pk(lead).hold, lead_of_pk(waiting).hold) == ("expired", "protected")
    assert held(waiting).started_at == moment("2026-07-01", "11:00")


def lead_of_pk(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def test_deposit_on_a_lead_that_ran_out_protects_a_free_customer_anew(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**FURNISHING)))
        case = assign(lead, manager)
    with at("2026-06-20"):
        settling.settle_all(moment("2026-06-20"))
        pay(case, seller, "2026-06-20")

    assert (lead_of_pk(lead).hold, held(lead).ends_at) == ("protected", moment("2026-09-19", "00:00"))
    assert Protection.objects.count() == 2


def test_deposit_for_a_customer_that_another_holds_by_now_opens_a_collision(
    agent: Any, manager: Any, seller: Any, stranger: Any
) -> None:
    rules = policy(**FURNISHING)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager)
    with at("2026-06-20"):
        theirs = lead_of(file(stranger, rules))
        pay(case, seller, "2026-06-20")

    case.refresh_from_db()
    assert (case.progress, lead_of_pk(lead).hold, held(theirs).filer) == ("deposit", "expired", stranger)
    assert Collision.objects.get().lead == theirs


def test_lead_whose_hold_ended_goes_to_no_showroom(agent: Any, manager: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**FURNISHING)))

    with at("2026-06-09", "00:00"), pytest.raises(Refused):
        assign(lead, manager)
    assert lead_of_pk(lead).hold == "expired"


def test_approval_starts_the_term_and_refusal_frees_at_once(agent: Any, office: Any, colleague: Any) -> None:
    rules = policy(term=Term(3, "month"), needs_approval=True, decide_within=Term(7, "working_day"))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        with pytest.raises(Refused):
            file(colleague, rules)
    request = Request.objects.get()
    with at("2026-06-05", "10:00"):
        decide(request.pk, "grant", by=office, answer="")

    assert (lead_of_pk(lead).hold, held(lead).ends_at) == ("protected", moment("2026-09-06", "00:00"))
    with at("2026-06-06"):
        holding.void(lead, why="false", reason="客户不存在", by=office)
        again = lead_of(file(colleague, rules))
        decide(Request.objects.get(state="pending").pk, "refuse", by=office, answer="资料不实")
    assert (lead_of_pk(again).hold, lead_of_pk(again).progress) == ("released", "rejected")
    assert held(again).ended_why == "refused"


def test_returned_filing_is_corrected_and_asked_for_again(agent: Any, office: Any) -> None:
    rules = policy(term=Term(7), needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        decide(Request.objects.get().pk, "return", by=office, answer="补全地址")
    assert lead_of_pk(lead).progress == "returned"

    with at("2026-06-02"):
        filing.edit_lead(lead, claim_of(agent, policy=rules, building_room="3-2-1601"), by=agent)

    assert (lead_of_pk(lead).progress, Request.objects.filter(state="pending").count()) == ("filed", 1)
    assert lead_of_pk(lead).filed_at == moment("2026-06-01")


def test_of_filings_side_by_side_one_is_granted(agent: Any, office: Any, colleague: Any) -> None:
    rules = policy(term=Term(3, "month"), needs_approval=True, contest=Contest.EVIDENCE.value)
    with at("2026-06-01"):
        first = lead_of(file(agent, rules))
        second = lead_of(file(colleague, rules))
    assert first.customer_id != second.customer_id

    with at("2026-06-03"):
        decide(Request.objects.get(subject_id=second.pk).pk, "grant", by=office, answer="材料更全")

    assert (lead_of_pk(first).hold, lead_of_pk(first).progress, lead_of_pk(second).hold) == (
        "released", "rejected", "protected",
    )  # fmt: skip
    assert "granted_to_another" in set(Outbox.objects.filter(to=agent).values_list("kind", flat=True))
    third = UserFactory(unit=agent.unit)
    with at("2026-06-04"), pytest.raises(Refused):
        file(third, policy("另一", term=Term(7)))


def test_extension_is_asked_for_in_time_granted_once_and_shorter_where_somebody_waits(
    agent: Any, manager: Any, stranger: Any
) -> None:
    rules = policy(
        term=Term(1, "month"), queue=1, extensions=1, extension_term=Term(1, "month"), extension_term_waiting=Term(15)
    )
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        lead_of(file(stranger, rules, queue=True))
    with at("2026-06-20"):
        holding.extend(lead, until=None, reason="客户下月定样", by=agent)
        with pytest.raises(Refused):
            holding.extend(lead, until=None, reason="再延", by=agent)
        decide(Request.objects.get().pk, "grant", by=manager, answer="")
        with pytest.raises(Refused) as refused:
            holding.extend(lead, until=None, reason="再延", by=agent)

    assert held(lead).ends_at == moment("2026-07-17", "00:00")
    assert held(lead).extensions == 1
    assert refused.value.problems[0].sentence


def test_contact_keeps_a_protection_alive(agent: Any, stranger: Any) -> None:
    rules = policy(term=Term(30), contact_every=Term(5))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    with at("2026-06-05"):
        work.follow_up(lead, kind="call", status="active", next_on=None, phone="", content="已联系", by=agent)
    with at("2026-06-10", "23:59:59"), pytest.raises(Refused):
        file(stranger, rules)

    with at("2026-06-11", "00:00"):
        file(stranger, rules)

    assert (lead_of_pk(lead).hold, held(lead).ended_why) == ("expired", "idle")


def test_deal_keeps_the_customer_and_cancels_the_queue(agent: Any, manager: Any, seller: Any, stranger: Any) -> None:
    rules = policy(**FURNISHING, queue=1)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        waiting = lead_of(file(stranger, rules, queue=True))
        pay(assign(lead, manager), seller, "2026-06-01")
        holding.win(lead_of_pk(lead), note="合同已签", by=manager)

    assert (lead_of_pk(lead).progress, held(lead).ends_at) == ("won", None)
    assert (lead_of_pk(waiting).hold, lead_of_pk(waiting).progress) == ("cancelled", "lost")
    assert list(Outbox.objects.filter(to=stranger).values_list("kind", flat=True)) == ["queue_cancelled"]


def test_filing_that_joins_one_which_waits_for_approval_waits_as_well(agent: Any, office: Any) -> None:
    asks = policy("审批", term=Term(7), needs_approval=True)
    with at("2026-06-01"):
        first = lead_of(file(agent, asks))
        second = lead_of(file(agent, policy("免审", 1, term=Term(7)), building_room="3-2-1601"))
        decide(Request.objects.get(subject_id=second.pk).pk, "grant", by=office, answer="")

    assert (second.hold, second.protection) == ("pending", first.protection)
    assert (lead_of_pk(first).hold, lead_of_pk(second).hold) == ("pending", "protected")
    assert held(second).ends_at == moment("2026-06-09", "00:00")
