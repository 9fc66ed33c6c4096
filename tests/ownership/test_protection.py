"""A filing protects its customer for a time that explains itself (PROT-1, -2, -4, -6)."""

from typing import Any

import pytest

from core.events import subject
from core.models import Event
from core.verdicts import Refused
from customers.models import Customer, IdentityKey
from leads.models import Lead, Protection, QueueEntry
from leads.services import assignments, filing, holding, settling
from policies.terms import Term
from tests.factories import OrderTypeFactory, UnitFactory
from tests.ownership.scenes import at, file, held, lead_of, moment, policy
from tests.people import *  # noqa: F403

pytestmark = pytest.mark.django_db
WEEK = {"term": Term(7), "deposit_term": Term(90)}


def test_filing_holds_the_customer_through_its_last_day(agent: Any, stranger: Any) -> None:
    rules = policy(**WEEK)
    with at("2026-06-01", "15:00"):
        mine = lead_of(file(agent, rules))

    with at("2026-06-08", "23:59:59"), pytest.raises(Refused):
        file(stranger, rules)
    with at("2026-06-09", "00:00"):
        theirs = lead_of(file(stranger, rules))

    assert held(mine).ends_at == moment("2026-06-09", "00:00")
    mine.refresh_from_db()
    assert (mine.hold, theirs.hold, theirs.customer) == ("expired", "protected", mine.customer)
    assert Customer.objects.get(pk=mine.customer_id).holder == stranger


def test_waiter_takes_over_at_the_end_however_late_it_is_noticed(agent: Any, stranger: Any) -> None:
    rules = policy(term=Term(1, "month"), queue=1)
    with at("2026-06-01"):
        mine = lead_of(file(agent, rules))
    with at("2026-06-03"):
        waiting = lead_of(file(stranger, rules, queue=True))
    assert (waiting.hold, waiting.protection, waiting.customer) == ("queued", None, mine.customer)

    with at("2026-07-20"):
        assert settling.settle_all(moment("2026-07-20")) == 1

    waiting.refresh_from_db()
    assert (waiting.hold, held(waiting).started_at) == ("protected", moment("2026-07-02", "00:00"))
    assert held(waiting).ends_at == moment("2026-08-03", "00:00")
    assert QueueEntry.objects.get().state == "promoted"
    assert set(IdentityKey.objects.filter(held=True).values_list("customer", flat=True)) == {mine.customer_id}


def test_deposit_moves_the_end_and_its_reversal_moves_it_back(agent: Any, manager: Any) -> None:
    rules = policy(**WEEK)
    store, kind = UnitFactory(kind="store"), OrderTypeFactory()
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    with at("2026-06-02"):
        assignments.assign(lead, store_id=store.pk, order_type_id=kind.pk, note="", by=manager)
    print(Event.objects.filter(**subject(held(lead))).values())
    assert held(lead).ends_at == moment("2026-06-09", "00:00")


def test_release_lets_the_next_have_it_at_once(agent: Any, stranger: Any) -> None:
    rules = policy(term=Term(7), queue=1, cool_down=Term(30))
    with at("2026-06-01"):
        mine = lead_of(file(agent, rules))
        waiting = lead_of(file(stranger, rules, queue=True))
    with at("2026-06-02", "10:00"):
        holding.let_go(mine, why="let_go", reason="客户不再联系", by=agent)
    mine.refresh_from_db()
    waiting.refresh_from_db()
    assert (mine.hold, waiting.hold) == ("released", "protected")
    assert held(waiting).started_at == moment("2026-06-02", "10:00")
    assert Protection.objects.get(filer=agent).barred_until == moment("2026-07-03", "00:00")
    with at("2026-06-03"):
        filing.withdraw(waiting, by=stranger)
        with pytest.raises(Refused) as refused:
            file(agent, rules)
    assert "2026-07-03" in str(refused.value)
    assert Lead.objects.count() == 2
