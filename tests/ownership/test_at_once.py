"""Two own customers share a key: what happens to both at once leaves it with one of them, or free."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from accounts.models import User
from customers.models import IdentityKey
from leads.invariants import complaints
from leads.models import Lead
from leads.services import filing, holding, protecting
from policies.choosing import PolicyInForce
from policies.terms import Term
from tests.factories import OrderTypeFactory, RegionFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import file, lead_of, policy
from tests.people import *  # noqa: F403

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ONE, TWO = "13800000001", "13800000002"
PATIENCE = 30


@pytest.fixture
def rules() -> PolicyInForce:
    return policy(term=Term(30))


@pytest.fixture
def home(db: None) -> dict[str, Any]:
    city = RegionFactory(name="南宁")
    return {"city": city.pk, "city_name": "南宁", "community": "幸福里", "building_room": "3-2-1601"}


@pytest.fixture
def pair(agent: User, rules: PolicyInForce, home: dict[str, Any]) -> tuple[Lead, Lead]:
    """Filings of two own customers: one known by its number, the other one by another number and its address."""
    one = lead_of(file(agent, rules, mobile=ONE, community="甲"))
    return one, lead_of(file(agent, rules, mobile=TWO, **home))


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, work: Callable[[], Any]) -> Iterator[None]:
    """Starts `work` in another connection right after the first call of a function, and leaves it a second's start."""
    real, threads = getattr(owner, name), []

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    def then(*given: Any, **named: Any) -> Any:
        said = real(*given, **named)
        if not threads:
            threads.append(threading.Thread(target=run))
            threads[0].start()
            threads[0].join(1)
        return said

    monkeypatch.setattr(owner, name, then)
    yield
    threads[0].join(PATIENCE)
    assert not threads[0].is_alive()


def let_go(lead: Lead) -> None:
    holding.let_go(lead, why="let_go", reason="不再联系", by=lead.filer)


def test_customers_that_end_at_once_leave_no_key_behind(
    agent: User, rules: PolicyInForce, pair: tuple[Lead, Lead], home: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    both = lead_of(file(agent, rules, mobile=ONE, order_type=OrderTypeFactory().pk, **home))
    assert both.customer_id == one.customer_id

    with meanwhile(monkeypatch, protecting, "move_keys", lambda: let_go(one)):
        let_go(two)

    assert set(Lead.objects.values_list("hold", flat=True)) == {"released"}
    assert list(complaints()) == []


def test_filing_keeps_the_key_of_an_own_customer_that_ends_at_once(
    agent: User, rules: PolicyInForce, pair: tuple[Lead, Lead], home: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes under the first customer; the address was held for the second one, which ends."""
    claim = claim_of(agent, policy=rules, mobile=ONE, order_type=OrderTypeFactory().pk, **home)

    with meanwhile(monkeypatch, filing, "judge_batch", lambda: let_go(pair[1])):
        filing.file_lead(claim, by=agent)

    assert list(Lead.objects.order_by("pk").values_list("hold", flat=True)) == ["protected", "released", "protected"]
    assert IdentityKey.objects.get(kind="address", held=True).customer_id == pair[0].customer_id
    assert list(complaints()) == []


def test_edit_keeps_the_key_of_an_own_customer_that_ends_at_once(
    agent: User, rules: PolicyInForce, pair: tuple[Lead, Lead], home: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    claim = claim_of(agent, policy=rules, mobile=ONE, order_type=OrderTypeFactory().pk, **home)

    with meanwhile(monkeypatch, filing.matching, "judge", lambda: let_go(two)):
        filing.edit_lead(one, claim, by=agent)

    assert list(Lead.objects.order_by("pk").values_list("hold", flat=True)) == ["protected", "released"]
    assert IdentityKey.objects.get(kind="address", held=True).customer_id == one.customer_id
    assert list(complaints()) == []
