"""Corners that the machine found: where one rule meets another (`test_machine.py`)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from approvals.models import Request
from approvals.services import decide
from core.clock import database_now
from core.verdicts import Refused
from customers.models import Merge
from leads.history import happened
from leads.invariants import complaints
from leads.models import Assignment, Collision, Lead, Protection
from leads.services import assignments, filing, holding, merging, settling, work
from policies.terms import Term
from tests.factories import OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, file, held, lead_of, moment, policy
from tests.ownership.stories import ledgers_disagree
from tests.people import *  # noqa: F403

pytestmark = pytest.mark.django_db
MONTH: dict[str, Any] = {"term": Term(1, "month")}
OTHER = "13800138001"


def assign(lead: Lead, manager: Any, seller: Any, kind: str = "欧派橱柜") -> Assignment:
    order_type = OrderTypeFactory(name=kind)
    assignments.assign(lead, store_id=seller.unit_id, order_type_id=order_type.pk, note="", by=manager)
    return Assignment.objects.get(lead=lead, order_type=order_type)


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


WEEK: dict[str, Any] = {"term": Term(7), "deposit_term": Term(90)}


def reverse(case: Assignment, manager: Any) -> None:
    assignments.reverse_deposit(case, reason="记错了", by=manager)


def test_second_deposit_of_a_day_stands_when_the_first_is_reversed(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**WEEK)))
        first, second = assign(lead, manager, seller), assign(lead, manager, seller, "欧派衣柜")
    with at("2026-06-03"):
        pay(first, seller)
        pay(second, seller)

    with at("2026-06-20"):
        reverse(first, manager)

    assert (lead_of_pk(lead).hold, held(lead).ends_at) == ("protected", moment("2026-09-02", "00:00"))
    assert ledgers_disagree() == []


def test_both_deposits_reversed_end_what_has_run_out_but_for_them(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**WEEK)))
        first, second = assign(lead, manager, seller), assign(lead, manager, seller, "欧派衣柜")
    with at("2026-06-03"):
        pay(first, seller)
        pay(second, seller)

    with at("2026-06-20"):
        reverse(second, manager)
        reverse(first, manager)

    assert (lead_of_pk(lead).hold, held(lead).ended_why) == ("expired", "reversed")


def test_deposit_that_moves_nothing_takes_nothing(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(term=Term(90), deposit_term=Term(7))))
        case = assign(lead, manager, seller)
        pay(case, seller)
        before = held(lead).ends_at
        reverse(case, manager)

    assert held(lead).ends_at == before == moment("2026-08-31", "00:00")


def test_visit_stands_when_a_longer_deposit_is_reversed(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**WEEK, visit_term=Term(30))))
        case = assign(lead, manager, seller)
        pay(case, seller)
    with at("2026-06-03"):
        holding.confirm_visit(lead_of_pk(lead), note="", by=manager)

    with at("2026-06-20"):
        reverse(case, manager)

    assert held(lead).ends_at == moment("2026-07-04", "00:00")
    assert ledgers_disagree() == []


@pytest.mark.parametrize(("deal_term", "end"), [(None, None), (Term(40), moment("2026-07-13", "00:00"))])
def test_deal_stands_when_a_longer_deposit_is_reversed(
    agent: Any, manager: Any, seller: Any, deal_term: Term | None, end: Any
) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**WEEK, deal_term=deal_term)))
        case = assign(lead, manager, seller)
        pay(case, seller)
    with at("2026-06-02"):
        holding.win(lead_of_pk(lead), note="", by=manager)

    with at("2026-06-20"):
        reverse(case, manager)

    found = lead_of_pk(lead)
    assert (found.progress, found.hold, held(lead).ends_at) == ("won", "protected", end)
    assert ledgers_disagree() == []


def test_what_one_deposit_began_goes_on_by_another(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**WEEK)))
        first, second = assign(lead, manager, seller), assign(lead, manager, seller, "欧派衣柜")
    with at("2026-06-20"):
        pay(first, seller)
    with at("2026-06-22"):
        pay(second, seller)

    with at("2026-06-23"):
        reverse(first, manager)
        assert (lead_of_pk(lead).hold, held(lead).ends_at) == ("protected", moment("2026-09-21", "00:00"))
        assert ledgers_disagree() == []
        reverse(second, manager)

    assert lead_of_pk(lead).hold == "expired"


def test_deal_without_an_end_keeps_what_a_deposit_began(agent: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(**WEEK)))
        case = assign(lead, manager, seller)
    with at("2026-06-20"):
        pay(case, seller)
        holding.win(lead_of_pk(lead), note="", by=manager)
        reverse(case, manager)

    assert (lead_of_pk(lead).hold, held(lead).ends_at) == ("protected", None)


def test_longer_protection_alone_does_not_keep_what_a_deposit_began(agent: Any, manager: Any, seller: Any) -> None:
    rules = policy(**WEEK, extensions=1, extension_term=Term(10), extension_needs_approval=False)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager, seller)
    with at("2026-06-20"):
        pay(case, seller)
        joined = lead_of(file(agent, rules, order_type=OrderTypeFactory(name="欧派衣柜").pk))
        holding.extend(lead_of_pk(lead), until=None, reason="仍在比较", by=agent)
        reverse(case, manager)

    assert (lead_of_pk(lead).hold, lead_of_pk(joined).hold) == ("expired", "expired")


def test_longer_protection_granted_under_a_deposit_is_no_longer_than_asked_for(
    agent: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**MONTH, deposit_term=Term(90), extensions=1, extension_term=Term(10))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager, seller)
    with at("2026-06-20"):
        holding.extend(lead, until=None, reason="仍在比较", by=agent)
        pay(case, seller)
        decide(Request.objects.get().pk, "grant", by=manager, answer="")

    with at("2026-06-21"):
        reverse(case, manager)

    assert held(lead).ends_at == moment("2026-07-12", "00:00")


def test_deposit_counts_for_what_is_approved_later(agent: Any, manager: Any, seller: Any) -> None:
    rules = policy(**WEEK, needs_approval=True)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        decide(Request.objects.get().pk, "grant", by=manager, answer="")
        case = assign(lead, manager, seller)
    with at("2026-06-20"):
        again = lead_of(file(agent, rules))
        pay(case, seller)
    with at("2026-06-21"):
        decide(Request.objects.get(state="pending").pk, "grant", by=manager, answer="")
        assert held(again).ends_at == moment("2026-09-19", "00:00")

        reverse(case, manager)

    assert held(again).ends_at == moment("2026-06-29", "00:00")
    assert ledgers_disagree() == []


def two_customers(agent: Any, manager: Any, seller: Any, rules: Any) -> tuple[Lead, Lead, Assignment]:
    """Two customers of one filer; for the second one a deposit was paid."""
    first, second = (lead_of(file(agent, rules, mobile=mobile, community="")) for mobile in ("13800138000", OTHER))
    case = assign(second, manager, seller)
    pay(case, seller)
    return first, second, case


def merged(kept: Lead, gone: Lead, office: Any) -> Merge:
    with transaction.atomic():
        return merging.merge(kept.customer, gone.customer, by=office, reason="同一客户", at=database_now())


def test_deposit_is_reversed_in_full_after_a_merge(agent: Any, office: Any, manager: Any, seller: Any) -> None:
    with at("2026-06-01"):
        first, second, case = two_customers(agent, manager, seller, policy(**WEEK))
        merge = merged(first, second, office)
        assert held(second) == held(first) and held(first).ends_at == moment("2026-08-31", "00:00")

    with at("2026-06-02"):
        reverse(case, manager)
        assert held(second).ends_at == moment("2026-06-09", "00:00")
        assert ledgers_disagree() == []
        with transaction.atomic():
            merging.unmerge(merge, by=office, reason="不是同一客户", at=database_now())

    assert held(second) != held(first)
    assert held(second).ends_at == held(first).ends_at == moment("2026-06-09", "00:00")
    assert list(complaints()) == []


def test_deposit_of_a_merged_customer_outlasts_that_of_the_other(
    agent: Any, office: Any, manager: Any, seller: Any
) -> None:
    with at("2026-06-01"):
        first, second, _theirs = two_customers(agent, manager, seller, policy(**WEEK))
    with at("2026-06-02"):
        case = assign(first, manager, seller)
        pay(case, seller)
        merged(first, second, office)

    with at("2026-06-20"):
        reverse(case, manager)

    assert held(first) == held(second)
    assert held(first).ends_at == moment("2026-08-31", "00:00")
    assert ledgers_disagree() == []


def test_what_a_deposit_began_is_forgotten_under_a_merge(agent: Any, office: Any, manager: Any, seller: Any) -> None:
    rules = policy(**WEEK)
    with at("2026-06-01"):
        second = lead_of(file(agent, rules, mobile=OTHER, community=""))
        case = assign(second, manager, seller)
    with at("2026-06-20"):
        first = lead_of(file(agent, rules, community=""))
        pay(case, seller)
        merge = merged(first, lead_of_pk(second), office)
        reverse(case, manager)
        assert held(second).ends_at == moment("2026-06-28", "00:00")
        with transaction.atomic():
            merging.unmerge(merge, by=office, reason="不是同一客户", at=database_now())

    assert held(second).ends_at == held(first).ends_at == moment("2026-06-28", "00:00")
    assert list(complaints()) == []


LONGER: dict[str, Any] = {**MONTH, "extensions": 2, "extension_term": Term(10)}


def beside(lead: Lead, agent: Any, rules: Any) -> Lead:
    """Another filing of the same customer, which joins the protection."""
    other = lead_of(file(agent, rules, order_type=OrderTypeFactory(name="欧派衣柜").pk))
    assert other.protection_id == lead.protection_id
    return other


def extend(lead: Lead, agent: Any) -> None:
    holding.extend(lead, until=None, reason="仍在比较", by=agent)


def follow_up(lead: Lead, agent: Any) -> None:
    work.follow_up(lead, kind="call", status="continue", next_on=None, phone="", content="已联系", by=agent)


def sentence(refused: Any) -> str:
    return str(refused.value.problems[0].sentence)


def test_longer_protection_is_asked_for_once_at_a_time(in_english: None, agent: Any, manager: Any) -> None:
    rules = policy(**LONGER)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        other = beside(lead, agent, rules)
        extend(lead, agent)

        with pytest.raises(Refused) as refused:
            extend(other, agent)
        assert sentence(refused).startswith("Longer protection is asked for already")
        decide(Request.objects.get().pk, "refuse", by=manager, answer="没有进展")
        extend(other, agent)

    assert [each.subject_id for each in Request.objects.filter(state="pending")] == [other.pk]


def test_request_lapses_with_the_filing_that_asked_and_another_may_ask(agent: Any) -> None:
    rules = policy(**LONGER)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        other = beside(lead, agent, rules)
        extend(lead, agent)
        filing.withdraw(lead, by=agent)
        extend(other, agent)

    asked = Request.objects.order_by("pk").values_list("subject_id", "state")
    assert list(asked) == [(lead.pk, "lapsed"), (other.pk, "pending")]


def test_news_are_fresh_once_where_nobody_decides(in_english: None, agent: Any) -> None:
    rules = policy(**LONGER, extension_needs_news=True, extension_needs_approval=False)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        other = beside(lead, agent, rules)
    with at("2026-06-02"):
        follow_up(lead, agent)
    with at("2026-06-03"):
        extend(lead, agent)

    with at("2026-06-04"):
        with pytest.raises(Refused) as refused:
            extend(other, agent)
        assert "fresh information" in sentence(refused)
        follow_up(other, agent)
        extend(lead, agent)

    assert held(lead).extensions == 2


@pytest.fixture
def beside_won(agent: Any, manager: Any, seller: Any) -> tuple[Lead, Lead]:
    """A won filing and another one under its protection."""
    rules = policy(**WEEK)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        other = beside(lead, agent, rules)
        pay(assign(lead, manager, seller), seller)
        holding.win(lead_of_pk(lead), note="", by=manager)
    return lead, other


def test_sold_customer_is_not_let_go_by_another_filing(
    in_english: None, agent: Any, manager: Any, beside_won: tuple[Lead, Lead]
) -> None:
    won, other = beside_won
    with at("2026-06-02"):
        for why in ("let_go", "competitor"):
            with pytest.raises(Refused) as refused:
                holding.let_go(other, why=why, reason="不再联系", by=agent)
            assert sentence(refused).startswith("Another filing under this protection is won")
        with pytest.raises(Refused):
            holding.void(other, why="competitor", reason="签了别家", by=manager)

    assert (lead_of_pk(won).hold, lead_of_pk(other).hold, lead_of_pk(other).progress) == (
        "protected",
        "protected",
        "filed",
    )


def test_false_filing_of_a_sold_customer_is_voided(manager: Any, beside_won: tuple[Lead, Lead]) -> None:
    won, other = beside_won
    with at("2026-06-02"):
        holding.void(other, why="false", reason="资料不实", by=manager)

    assert (lead_of_pk(won).hold, lead_of_pk(won).progress) == ("voided", "won")


def test_deposit_on_a_lost_lead_is_money_only(agent: Any, colleague: Any, manager: Any, seller: Any) -> None:
    rules = policy(**WEEK)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        case = assign(lead, manager, seller)
        holding.void(lead_of_pk(lead), why="competitor", reason="签了别家", by=manager)
    with at("2026-06-02"):
        pay(case, seller)
        theirs = lead_of(file(colleague, rules))

    case.refresh_from_db()
    found = lead_of_pk(lead)
    assert (found.progress, found.hold, case.progress, case.deposit_amount) == ("lost", "released", "deposit", 5000)
    assert theirs.hold == "protected"


def test_contacts_are_asked_for_until_the_visit(agent: Any, manager: Any) -> None:
    rules = policy(term=Term(7), visit_term=Term(30), contact_every=Term(5))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    with at("2026-06-05"):
        holding.confirm_visit(lead_of_pk(lead), note="", by=manager)
    with at("2026-06-06"):
        follow_up(lead, agent)
    for day, hold in (("2026-07-05", "protected"), ("2026-07-06", "expired")):
        with at(day, "00:00:00"):
            settling.settle_all(database_now())
        assert lead_of_pk(lead).hold == hold


def test_visit_without_a_time_of_its_own_leaves_the_contacts(agent: Any, manager: Any) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(term=Term(30), contact_every=Term(5))))
        holding.confirm_visit(lead_of_pk(lead), note="", by=manager)

    assert held(lead).contact_by == moment("2026-06-07", "00:00")


def test_log_of_a_filing_that_a_deal_sent_away_ends_in_lost(
    agent: Any, stranger: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**WEEK, queue=1)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        waiting = lead_of(file(stranger, rules, queue=True))
        pay(assign(lead, manager, seller), seller)
        holding.win(lead_of_pk(lead), note="", by=manager)

    assert (lead_of_pk(waiting).hold, lead_of_pk(waiting).progress) == ("cancelled", "lost")
    assert list(complaints()) == []


def test_sold_customer_without_an_end_needs_no_longer_protection(
    in_english: None, agent: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**LONGER, deposit_term=Term(90))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        other = beside(lead, agent, rules)
        extend(lead, agent)
        pay(assign(lead, manager, seller), seller)
        holding.win(lead_of_pk(lead), note="", by=manager)

        for attempt in (
            lambda: decide(Request.objects.get().pk, "grant", by=manager, answer=""),
            lambda: extend(other, agent),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            assert sentence(refused).startswith("Only a protection that runs and has an end")


@pytest.mark.usefixtures("in_english")
def test_log_of_who_waited_in_vain_ends_where_the_filing_stands(
    agent: Any, colleague: Any, stranger: Any, manager: Any, seller: Any
) -> None:
    rules = policy(**MONTH, deposit_term=Term(90), queue=2)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        lost, withdrawn = (lead_of(file(who, rules, queue=True)) for who in (stranger, colleague))
    with at("2026-06-02"):
        filing.withdraw(withdrawn, by=colleague)
        pay(assign(lead, manager, seller), seller)
        holding.win(lead_of_pk(lead), note="", by=manager)

    assert list(complaints()) == []
    assert [story_of(each) for each in (lost, withdrawn)] == [
        ["Left the queue: filed → lost, queued → cancelled", "Filed:"],
        ["Left the queue: queued → cancelled", "Withdrawn: filed → withdrawn", "Filed:"],
    ]


def story_of(lead: Lead) -> list[str]:
    """What the page of a filing tells of it, the newest first."""
    return [
        f"{each.what}: {', '.join(f'{change.before} → {change.after}' for change in each.changes)}".rstrip()
        for each in happened(lead, [], full=True)
    ]
