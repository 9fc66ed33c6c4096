"""What pages and filing cost in statements: pinned, and the same however long the list (`performance.md`).

Counted from the session to the last statement; BEGIN, COMMIT, SAVEPOINT and SET are not counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from policies.models import Quota
from tests.factories import AssignmentFactory, LeadFactory
from tests.leads.filings import body

pytestmark = pytest.mark.django_db
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "PRAGMA")


@contextmanager
def costs(count: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    counted = [query["sql"] for query in captured if not query["sql"].startswith(NOT_COUNTED)]
    assert len(counted) == count, "\n".join(counted)


@pytest.fixture
def desk(client, agent):
    Quota.objects.create(scope="site", cap=50)
    client.force_login(agent)
    return client


@pytest.mark.parametrize("leads", [1, 3])
def test_lead_list(desk, agent, leads):
    LeadFactory.create_batch(leads, filer=agent)

    with costs(6):
        response = desk.get("/leads/")

    assert len(response.context["rows"]) == leads


@pytest.mark.parametrize("leads", [1, 3])
def test_lead_list_of_a_manager_with_grants(client, manager, agent, colleague, leads):
    for filer in (agent, colleague):
        LeadFactory.create_batch(leads, filer=filer)
    client.force_login(manager)

    with costs(6):
        response = client.get("/leads/")

    assert len(response.context["rows"]) == 2 * leads


def test_filing(desk, agent):
    sent = body(agent)

    with costs(12):
        response = desk.post("/leads/new/", sent)

    assert response.status_code == 302


def test_filing_form(desk):
    with costs(3):
        response = desk.get("/leads/new/")

    assert response.status_code == 200


def test_check(desk, agent):
    sent = body(agent)

    with costs(8):
        response = desk.post("/leads/check/", sent)

    assert response.status_code == 200


@pytest.mark.parametrize("assignments", [1, 3])
def test_lead_page(desk, agent, store, assignments):
    lead = LeadFactory(filer=agent, progress="assigned")
    for number in range(assignments):
        AssignmentFactory(lead=lead, store=store, order_type__name=f"类型{number}")

    with costs(8):
        response = desk.get(f"/leads/{lead.number}/")

    assert len(response.context["assignments"]) == assignments


@pytest.mark.parametrize("cases", [1, 3])
def test_showrooms_desk(client, seller: User, agent, store, cases):
    AssignmentFactory.create_batch(cases, lead__filer=agent, store=store)
    client.force_login(seller)

    with costs(3):
        response = client.get("/store/")

    assert response.content.count(b"data-number") >= cases


@pytest.mark.parametrize("cases", [1, 3])
def test_audit_queue(client, auditor, agent, store, cases):
    AssignmentFactory.create_batch(cases, lead__filer=agent, store=store, paid=True)
    client.force_login(auditor)

    with costs(4):
        response = client.get("/audit/")

    assert response.content.count(b"<tbody data-assignment") == cases
