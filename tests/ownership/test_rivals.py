"""Nobody decides on who keeps a customer that they wait for or have filed as well (`domain.md`, rule 6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from approvals.models import Request
from approvals.services import decide, may_decide
from core.verdicts import Refused
from leads.models import Assignment, Lead
from leads.services import assignments, filing, holding
from policies.terms import Term
from tests.factories import OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, file, held, lead_of, policy
from tests.people import *  # noqa: F403

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TERMS: dict[str, Any] = {"term": Term(7), "deposit_term": Term(90), "extensions": 1, "extension_term": Term(7)}
FILED_IT_TOO = "You wait for this customer, or have filed it as well"
WOULD_GAIN = "You would gain by this decision yourself"


@pytest.fixture
def rules() -> Any:
    return policy(**TERMS, queue=2)


@pytest.fixture
def lead(agent: User, rules: Any) -> Lead:
    with at("2026-06-01"):
        return lead_of(file(agent, rules))


@pytest.fixture
def waiting(lead: Lead, manager: User, rules: Any) -> Lead:
    """The manager waits for the customer of somebody they are set over."""
    with at("2026-06-02"):
        return lead_of(file(manager, rules, queue=True))


def void(lead: Lead, by: User) -> None:
    with at("2026-06-03"):
        holding.void(lead, why="false", reason="资料不实", by=by)


def test_who_waits_does_not_void_the_holder(lead: Lead, waiting: Lead, manager: User, office: User) -> None:
    with pytest.raises(Refused, match=FILED_IT_TOO):
        void(lead, manager)
    assert held(lead).state == "protected"

    void(lead, office)

    assert held(waiting).state == "protected"


def test_who_entered_the_filing_that_waits_does_not_either(
    lead: Lead, colleague: User, manager: User, rules: Any
) -> None:
    with at("2026-06-02"):
        filing.file_lead(claim_of(colleague, policy=rules, queue=True), by=manager, filer=colleague)

    with pytest.raises(Refused, match=FILED_IT_TOO):
        void(lead, manager)


def test_who_waits_decides_on_no_longer_protection(lead: Lead, waiting: Lead, manager: User, office: User) -> None:
    with at("2026-06-02"):
        holding.extend(lead, until=None, reason="仍在比较", by=lead.filer)
        request = Request.objects.get()

        with pytest.raises(Refused, match=WOULD_GAIN):
            decide(request.pk, "refuse", by=manager, answer="不同意")
        assert [list(Request.objects.waiting_for(user)) for user in (manager, office)] == [[], [request]]
        decide(request.pk, "grant", by=office, answer="")

    assert held(lead).extensions == 1


def test_who_has_filed_it_beside_decides_on_neither(agent: User, manager: User, office: User) -> None:
    compares = policy("比较", term=Term(30), needs_approval=True, contest="evidence")
    with at("2026-06-01"):
        theirs, own = lead_of(file(agent, compares)), lead_of(file(manager, compares))
        elsewhere = lead_of(file(agent, compares, mobile="13800138001", community="乙"))
        requests = {each: Request.objects.get(subject_id=each.pk) for each in (theirs, own, elsewhere)}

        for decision in ("refuse", "grant", "return"):
            with pytest.raises(Refused, match=WOULD_GAIN):
                decide(requests[theirs].pk, decision, by=manager, answer="资料不全")
        with pytest.raises(Refused, match=FILED_IT_TOO):
            holding.void(theirs, why="false", reason="资料不实", by=manager)

    assert list(Request.objects.waiting_for(manager)) == [requests[elsewhere]]
    assert [bool(may_decide(office, requests[each])) for each in (theirs, own, elsewhere)] == [True, True, True]


@pytest.mark.parametrize("end", ["let_go", "withdraw"])
def test_who_entered_a_filing_and_waits_does_not_give_it_up(agent: User, manager: User, rules: Any, end: str) -> None:
    with at("2026-06-01"):
        filing.file_lead(claim_of(agent, policy=rules), by=manager, filer=agent)
        lead, waits = Lead.objects.get(), lead_of(file(manager, rules, queue=True))

        with pytest.raises(Refused, match=FILED_IT_TOO):
            give_up(lead, end, manager)
        give_up(lead, end, agent)

    assert held(waits).state == "protected"


def give_up(lead: Lead, end: str, by: User) -> None:
    if end == "withdraw":
        filing.withdraw(lead, by=by)
    else:
        holding.let_go(lead, why="let_go", reason="不再联系", by=by)


def test_who_waits_takes_no_deposit_back(lead: Lead, waiting: Lead, manager: User, office: User, seller: User) -> None:
    with at("2026-06-02"):
        case = paid(lead, office, seller)

        with pytest.raises(Refused, match=FILED_IT_TOO):
            assignments.reverse_deposit(case, reason="记错了", by=manager)

    case.refresh_from_db()
    assert case.progress == "deposit"


def paid(lead: Lead, by: User, seller: User) -> Assignment:
    assignments.assign(lead, store_id=seller.unit_id, order_type_id=OrderTypeFactory().pk, note="", by=by)
    case = Assignment.objects.get(lead=lead)
    assignments.take_deposit(case, amount=Decimal(5000), paid_on=date(2026, 6, 1), receipt="", by=seller)
    return case


def test_deal_is_recorded_by_somebody_else_than_its_filer(
    manager: User, office: User, seller: User, rules: Any
) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(manager, rules))
        paid(lead, office, seller)

        with pytest.raises(Refused, match="Nobody decides on a filing of their own"):
            holding.win(Lead.objects.get(pk=lead.pk), note="", by=manager)
        assert held(lead).ends_at is not None
        holding.win(Lead.objects.get(pk=lead.pk), note="", by=office)

    assert (Lead.objects.get(pk=lead.pk).progress, held(lead).ends_at) == ("won", None)
