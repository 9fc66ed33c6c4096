"""Roads by which two people could come to own one customer, or one of them for ever: all are closed."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from accounts import roles
from accounts.models import Unit, User
from approvals import services as approvals
from approvals.models import Request
from approvals.services import decide
from core.verdicts import Refused
from leads import quotas
from leads.invariants import complaints
from leads.models import Assignment, Lead
from leads.services import assignments, filing, holding, reminding, settling
from notices.models import Outbox
from policies.terms import Term
from tests.factories import OrderTypeFactory, RegionFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, file, held, lead_of, moment, policy
from tests.people import *  # noqa: F403
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MOBILE, SECOND, THIRD = "13800138000", "13800138001", "13800138002"
MONTH: dict[str, Any] = {"term": Term(1, "month")}
BESIDE: dict[str, Any] = {"term": Term(30), "needs_approval": True, "contest": "evidence"}
MASK: dict[str, Any] = {"mobile": "138****8000", "filing_kind": "masked", "gender": "male"}
MASK_45: dict[str, Any] = {"mobile": "1380**38000", "filing_kind": "masked", "gender": "male"}


@pytest.fixture
def boss(shipped_roles: None, headquarters: Unit) -> User:
    """Decides on filings of the whole company."""
    return person(roles.OFFICE, headquarters, "boss")


def home() -> dict[str, Any]:
    city = RegionFactory(name="南宁")
    return {"city": city.pk, "city_name": "南宁", "community": "幸福里", "building_room": "3-2-1601"}


def now(lead: Lead) -> Lead:
    return Lead.objects.select_related("protection").get(pk=lead.pk)


def owners(mobile: str) -> list[str]:
    """Everybody whose protected filing has this number."""
    leads = Lead.objects.filter(mobile=mobile, hold="protected", protection__state="protected")
    return sorted(leads.values_list("filer__username", flat=True).distinct())


def asked(lead: Lead) -> Request:
    return Request.objects.get(subject_id=lead.pk, state="pending")


def edit(lead: Lead, rules: Any, **fields: Any) -> None:
    filing.edit_lead(now(lead), claim_of(lead.filer, policy=rules, **fields), by=lead.filer)


def sound() -> list[tuple[str, str]]:
    return list(complaints())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_filing_beside_one_that_is_being_granted_is_not_granted_too(
    agent: Any, colleague: Any, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = policy(**BESIDE)
    lead = lead_of(file(agent, beside))
    claim, close = claim_of(colleague, policy=beside), approvals._close
    filed: list[Lead] = []

    def file_beside() -> None:
        filed.append(filing.file_lead(claim, by=colleague).lead)
        connections.close_all()

    def close_late(*args: Any, **more: Any) -> None:
        if not filed:
            thread = threading.Thread(target=file_beside)
            thread.start()
            thread.join(20)
        close(*args, **more)

    monkeypatch.setattr(approvals, "_close", close_late)
    decide(asked(lead).pk, "grant", by=office, answer="")

    with pytest.raises(Refused, match="Somebody else holds this customer by now"):
        decide(asked(filed[0]).pk, "grant", by=office, answer="")
    assert owners(MOBILE) == ["agent"]
    assert connection.vendor == "postgresql"


def test_filing_beside_a_deposit_is_not_granted_too(
    agent: Any, colleague: Any, stranger: Any, manager: Any, seller: Any, boss: Any
) -> None:
    first, beside = policy(term=Term(7), deposit_term=Term(90)), policy("并列", 1, **BESIDE)
    with at("2026-06-01"):
        lead = lead_of(file(agent, first))
        kind = OrderTypeFactory()
        assignments.assign(lead, store_id=seller.unit_id, order_type_id=kind.pk, note="", by=manager)
    with at("2026-06-20"):
        other, third = lead_of(file(colleague, beside)), lead_of(file(stranger, beside))
        filing.withdraw(other, by=colleague)
        case = Assignment.objects.get(lead=lead)
        assignments.take_deposit(case, amount=Decimal(5000), paid_on=date(2026, 6, 20), receipt="", by=seller)

        with pytest.raises(Refused, match="Somebody else holds this customer by now"):
            decide(asked(third).pk, "grant", by=boss, answer="")

    assert owners(MOBILE) == ["agent"]


def test_whoever_waits_for_a_filing_waits_for_the_one_that_was_granted(
    agent: Any, colleague: Any, stranger: Any, office: Any
) -> None:
    beside, first = policy("并列", 0, **BESIDE, queue=1), policy("先到", 1, term=Term(7))
    with at("2026-06-01"):
        one, other = lead_of(file(agent, beside)), lead_of(file(colleague, beside))
        waiter = lead_of(file(stranger, first, queue=True))
    with at("2026-06-02"):
        granted = other if waiter.customer_id == one.customer_id else one
        decide(asked(granted).pk, "grant", by=office, answer="")

    assert owners(MOBILE) == [granted.filer.username]
    assert (now(waiter).hold, now(waiter).customer_id) == ("queued", granted.customer_id)
    assert sound() == []
    with at("2026-07-03"):
        settling.settle_all(moment("2026-07-03"))
    assert owners(MOBILE) == ["stranger"]


def test_hidden_digits_are_not_granted(agent: Any, office: Any) -> None:
    rules = policy(**MONTH, needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules, **MASK))

        with pytest.raises(Refused, match="Digits of its number are hidden"):
            decide(asked(lead).pk, "grant", by=office, answer="")
        decide(asked(lead).pk, "return", by=office, answer="请补全号码")
        edit(lead, rules, **MASK | {"mobile": MOBILE})
        decide(asked(lead).pk, "grant", by=office, answer="")

    assert owners(MOBILE) == ["agent"]


def test_number_completed_after_another_filed_it_waits(agent: Any, colleague: Any, office: Any) -> None:
    rules = policy(term=Term(7), mask_holds=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules, **MASK_45))
    with at("2026-06-02"):
        file(colleague, rules, mobile=MOBILE, name="苏白露", gender="female")
    with at("2026-06-03"):
        edit(lead, rules, **MASK_45 | {"mobile": MOBILE})

        assert (owners(MOBILE), now(lead).hold) == (["colleague"], "pending")
        with pytest.raises(Refused, match="Somebody else holds this customer by now"):
            decide(asked(lead).pk, "grant", by=office, answer="")
    assert sound() == []


def test_held_mask_is_firm_by_whatever_policy_a_rival_files(agent: Any, colleague: Any) -> None:
    holds, plain = policy("经纪", 0, term=Term(7), mask_holds=True), policy("其余", 1, term=Term(7))
    with at("2026-06-01"):
        file(agent, holds, **MASK_45)

        with pytest.raises(Refused, match="already filed"):
            file(colleague, plain, mobile=MOBILE, gender="male")


def test_hidden_digits_do_not_queue(agent: Any, colleague: Any) -> None:
    rules, place = policy(term=Term(7), queue=1), home()
    with at("2026-06-01"):
        file(agent, rules, **place)

        with pytest.raises(Refused, match="already filed"):
            file(colleague, rules, **MASK | place | {"mobile": "139****8000"}, queue=True)
        assert lead_of(file(colleague, rules, **place | {"mobile": THIRD}, queue=True)).hold == "queued"


def test_number_that_is_hidden_and_shown_again_has_no_later_end(agent: Any) -> None:
    rules, whole = policy(term=Term(7)), MASK | {"mobile": MOBILE}
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules, **MASK))
        edit(lead, rules, **whole)
    with at("2026-06-08"):
        edit(lead, rules, **MASK)
        edit(lead, rules, **whole)

    assert (now(lead).hold, held(lead).ends_at) == ("protected", moment("2026-06-09", "00:00"))
    assert sound() == []


@pytest.mark.parametrize("road", ["file", "edit"])
def test_ban_is_not_evaded_by_another_own_customer(agent: Any, manager: Any, road: str) -> None:
    rules, place = policy(**MONTH, void_ban=Term(3, "month")), home()
    with at("2026-06-01"):
        holding.void(lead_of(file(agent, rules, community="x")), why="false", reason="资料不实", by=manager)
        other = lead_of(file(agent, rules, **place | {"mobile": SECOND}))
    with at("2026-06-02"), pytest.raises(Refused, match="2026-09-02"):
        if road == "file":
            file(agent, rules, mobile=MOBILE, order_type=OrderTypeFactory().pk, **place)
        else:
            edit(other, rules, mobile=MOBILE, **place)


def test_returned_filing_that_needs_no_decision_any_more_is_protected(agent: Any, colleague: Any, office: Any) -> None:
    rules = policy(**MONTH, unclear_waits=True)
    with at("2026-06-01"):
        file(colleague, rules, **MASK)
        lead = lead_of(file(agent, rules))
        decide(asked(lead).pk, "return", by=office, answer="号码有误？")
    with at("2026-06-02"):
        edit(lead, rules, mobile="13912345678")

    assert (now(lead).hold, now(lead).progress) == ("protected", "filed")
    assert sound() == []


def test_edit_to_what_is_unclear_waits_as_a_filing_would(agent: Any, colleague: Any, office: Any) -> None:
    rules = policy(**MONTH, unclear_waits=True)
    with at("2026-06-01"):
        file(colleague, rules, **MASK)
        lead = lead_of(file(agent, rules, mobile="13912345678"))
    with at("2026-06-20"):
        edit(lead, rules, mobile=MOBILE)
        assert (now(lead).hold, held(lead).ends_at) == ("pending", moment("2026-07-02", "00:00"))
        decide(asked(lead).pk, "grant", by=office, answer="")

    assert (now(lead).hold, held(lead).ends_at) == ("protected", moment("2026-07-02", "00:00"))
    assert sound() == []


def test_approved_filing_whose_number_changes_waits_for_approval_again(agent: Any, office: Any) -> None:
    rules = policy(**MONTH, needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        decide(asked(lead).pk, "grant", by=office, answer="")
    with at("2026-06-20"):
        edit(lead, rules, mobile=SECOND)
        assert now(lead).hold == "pending"
        decide(asked(lead).pk, "grant", by=office, answer="")

    assert held(lead).ends_at == moment("2026-07-02", "00:00")
    assert sound() == []


def test_own_filing_with_hidden_digits_brings_no_approval(agent: Any) -> None:
    asks, plain, place = policy("审批", 0, **MONTH, needs_approval=True), policy("隐号", 1, **MONTH), home()
    with at("2026-06-01"):
        first = lead_of(file(agent, asks, **place))
        masked = lead_of(file(agent, plain, **MASK | place, order_type=OrderTypeFactory().pk))
        assert masked.protection_id == first.protection_id
        edit(masked, plain, **MASK | {"mobile": "13812348000", "order_type": masked.order_type_id})

    assert (now(first).hold, now(masked).hold, held(first).state) == ("pending", "pending", "pending")
    assert asked(masked).kind == "filing"


def test_hidden_digits_keep_no_customer_that_their_filer_gave_up(agent: Any, colleague: Any) -> None:
    rules, place = policy(term=Term(7), remind_days=3), home()
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules, **place))
        masked = lead_of(file(agent, rules, **MASK | place, order_type=OrderTypeFactory().pk))
        filing.withdraw(lead, by=agent)
        assert now(masked).hold == "released"

        assert lead_of(file(colleague, rules, **place | {"mobile": SECOND})).hold == "protected"
    assert sound() == []


def test_protection_left_with_what_nobody_approved_waits(agent: Any, office: Any) -> None:
    plain, asks = policy("直接", 0, term=Term(7), remind_days=3), policy("审批", 1, term=Term(7), needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, plain))
        second = lead_of(file(agent, asks, order_type=OrderTypeFactory().pk))
        filing.withdraw(lead, by=agent)
    assert (held(second).state, sound()) == ("pending", [])
    with at("2026-06-06"):
        reminding.remind(moment("2026-06-06"))
        decide(asked(second).pk, "grant", by=office, answer="")

    assert (now(second).hold, held(second).ends_at) == ("protected", moment("2026-06-09", "00:00"))


def test_waiter_for_a_number_that_was_edited_away_has_it_at_once(agent: Any, colleague: Any, stranger: Any) -> None:
    rules = policy(term=Term(30), queue=1)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        waiter = lead_of(file(colleague, rules, queue=True))
    with at("2026-06-02"):
        edit(lead, rules, mobile=SECOND)
        assert (owners(MOBILE), owners(SECOND)) == (["colleague"], ["agent"])
        with pytest.raises(Refused, match="already filed"):
            file(stranger, rules)

    assert held(waiter).ends_at == moment("2026-07-03", "00:00")
    assert sound() == []


def test_sold_customer_takes_no_queue(agent: Any, stranger: Any, manager: Any, seller: Any) -> None:
    rules = policy(deposit_term=Term(90), queue=1, deal_term=Term(365))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        kind = OrderTypeFactory()
        assignments.assign(lead, store_id=seller.unit_id, order_type_id=kind.pk, note="", by=manager)
        case = Assignment.objects.get(lead=lead)
        assignments.take_deposit(case, amount=Decimal(5000), paid_on=date(2026, 6, 1), receipt="", by=seller)
        holding.win(now(lead), note="", by=manager)

        with pytest.raises(Refused, match="already filed"):
            file(stranger, rules, queue=True)


@pytest.mark.parametrize("decision", ["grant", "refuse", ""])
def test_whoever_queues_is_decided_on_while_waiting_and_takes_over_by_itself(
    agent: Any, stranger: Any, boss: Any, decision: str
) -> None:
    rules = policy(**MONTH, needs_approval=True, queue=1)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        decide(asked(lead).pk, "grant", by=boss, answer="")
        waiter = lead_of(file(stranger, rules, queue=True))
        request = asked(waiter)
        if decision:
            decide(request.pk, decision, by=boss, answer="核实过了")
        assert sound() == []
    with at("2026-07-02"):
        settling.settle_all(moment("2026-07-02"))

    if decision == "refuse":
        assert (now(waiter).hold, now(waiter).progress, owners(MOBILE)) == ("cancelled", "rejected", [])
    else:
        assert (now(waiter).hold, held(waiter).ends_at) == ("protected", moment("2026-08-03", "00:00"))
        assert Request.objects.get(pk=request.pk).state == ("granted" if decision else "lapsed")
    assert sound() == []


def test_filer_of_a_returned_filing_is_reminded_once(agent: Any, office: Any) -> None:
    rules = policy(**MONTH, needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        decide(asked(lead).pk, "return", by=office, answer="号码有误？")

    assert [reminding.remind(moment(day)) for day in ("2026-06-03", "2026-06-05", "2026-06-06")] == [0, 1, 0]
    assert list(Outbox.objects.filter(kind="returned").values_list("to", flat=True)) == [agent.pk]


def test_refusal_that_cannot_be_counted_asks_to_send_it_again(
    agent: Any, colleague: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = policy(**MONTH)

    def locked(*_asked: Any) -> None:
        raise OperationalError("database is locked")

    with at("2026-06-01"):
        file(agent, rules)
        monkeypatch.setattr(quotas, "lock_today", locked)

        with pytest.raises(Refused, match="Many people are at work"):
            file(colleague, rules)
