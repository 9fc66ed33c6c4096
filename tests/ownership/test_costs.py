"""What each way of filing costs in statements, the whole request counted (`performance.md`: twelve at most)."""

from typing import Any

import pytest

from leads.models import Lead
from leads.services import filing
from policies.models import Quota
from policies.terms import Term
from tests.leads.filings import body
from tests.ownership.scenes import file, policy
from tests.people import *  # noqa: F403
from tests.test_statements import costs

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Any, agent: Any) -> Any:
    Quota.objects.create(scope="site", cap=50)
    policy(term=Term(7), deposit_term=Term(90), queue=1)
    client.force_login(agent)
    return client


def test_new_customer(desk: Any, agent: Any) -> None:
    sent = body(agent, phone="0771-5512345")

    with costs(12):
        response = desk.post("/leads/new/", sent)

    assert response.status_code == 302
    assert Lead.objects.get().protection.ends_at is not None


def test_own_customer_again(desk: Any, agent: Any) -> None:
    file(agent)
    sent = body(agent, building_room="3-2-1601")

    with costs(12):
        response = desk.post("/leads/new/", sent)

    assert response.status_code == 302
    assert Lead.objects.values("protection").distinct().count() == 1


def test_customer_that_nobody_holds_any_more(desk: Any, agent: Any, stranger: Any) -> None:
    filing.withdraw(file(stranger).lead, by=stranger)
    sent = body(agent)

    with costs(13):
        response = desk.post("/leads/new/", sent)

    assert response.status_code == 302
