"""A number that many unrelated customers have, such as a shop's own, is no evidence and held by nobody."""

from typing import Any

import pytest

from accounts.models import User
from core.clock import told
from customers.models import Customer, IdentityKey, SharedKey
from leads import rules
from leads.models import Lead
from leads.services import checking, filing
from policies.models import FilingSettings
from tests.factories import MORNING
from tests.leads.filings import MOBILE, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FEW = FilingSettings(shared_after=3)
NAMES = ("韦半夏", "苏白露", "陆见川", "何采薇")


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


def file(user: User, place: int, **fields: Any) -> Lead:
    """The customer of that place: a name and a flat of its own, with the shop's number."""
    given = {"name": NAMES[place], "community": f"小城{place}", "building_room": f"{place + 1}-101", "settings": FEW}
    lead: Lead = filing.file_lead(claim_of(user, **given | fields), by=user).lead
    return lead


def test_number_of_many_own_customers_stops_counting(agent, colleague):
    leads = [file(agent, place) for place in range(3)]
    assert len({lead.customer_id for lead in leads}) == 1

    fourth = file(agent, 3)

    assert fourth.customer_id != leads[0].customer_id
    assert SharedKey.objects.values_list("kind", "value", "active", "by").get() == ("mobile", MOBILE, True, None)
    assert not IdentityKey.objects.filter(kind="mobile", held=True).exists()
    assert checking.check(claim_of(colleague, name="宋惊蛰"), by=colleague).judgement.answer == "free"


def test_number_of_one_customer_with_many_orders_goes_on_counting(agent, colleague):
    for place in range(3):
        file(agent, place, name=NAMES[0])

    assert checking.check(claim_of(colleague, settings=FEW), by=colleague).judgement.answer == "taken"
    assert not SharedKey.objects.exists()


def test_number_of_many_customers_that_nobody_holds_stops_counting(agent):
    for name in NAMES:
        customer = Customer.objects.create(name=name)
        IdentityKey.objects.create(customer=customer, kind="mobile", value=MOBILE, block="138-8000", held=False)

    found = checking.check(claim_of(agent, settings=FEW), by=agent).judgement

    assert (found.answer, [key.value for key in found.shared]) == ("free", [MOBILE])


def test_shared_number_is_said_and_the_address_still_counts(agent, colleague):
    SharedKey.objects.create(kind="mobile", value=MOBILE)
    file(colleague, 0)
    near = claim_of(agent, name="宋惊蛰", community="小城0", building_room="1-101")

    checked = checking.check(claim_of(agent), by=agent)
    by_number = checked.judgement
    by_address = checking.check(near, by=agent).judgement

    assert by_number.answer == "free"
    assert [problem.code for problem in checked.problems] == ["shared"]
    [problem] = rules.refusal(claim_of(agent), by_number)
    assert (problem.code, problem.blocks) == ("shared", False)
    assert problem.sentence == "Does not count, since many customers share it: mobile."
    assert by_address.answer != "free"


def test_rule_switched_off_by_zero(agent, colleague):
    settings = FilingSettings(shared_after=0)
    for place in range(4):
        file(agent, place, settings=settings)

    assert checking.check(claim_of(colleague, settings=settings), by=colleague).judgement.answer == "taken"


def test_number_that_an_administrator_switched_off_goes_on_counting(agent, colleague):
    SharedKey.objects.create(kind="mobile", value=MOBILE, active=False)
    for place in range(4):
        file(agent, place)

    assert checking.check(claim_of(colleague, settings=FEW), by=colleague).judgement.answer == "taken"
