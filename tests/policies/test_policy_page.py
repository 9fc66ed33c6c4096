"""The page on which people read what applies to their filings (RULE-1)."""

from datetime import timedelta

import pytest

from core.clock import told
from policies.models import Policy
from policies.presets import FURNISHING, QUEUE
from policies.terms import Conditions, Term, Terms
from policies.versions import add_version, put_in_force, save_draft
from tests.factories import MORNING, OrderTypeFactory, RegionFactory, SourceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PAGE = "/policies/"


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def policy(name, terms, position=0):
    made = Policy.objects.create(name=name, position=position)
    add_version(made, terms)
    return made


def names_of(response):
    return [told_policy.name for told_policy in response.context["policies"]]


def test_policies_in_force_are_told_in_order(desk):
    policy("后", FURNISHING.terms, 2)
    special = policy("先", Terms(when=Conditions(filing_kinds=("special",)), term=Term(3)), 1)
    save_draft(special, Terms())
    put_in_force(special, MORNING + timedelta(days=1))
    save_draft(Policy.objects.create(name="草稿", position=0), QUEUE.terms)

    response = desk.get(PAGE)

    assert names_of(response) == ["先", "后"]
    html = response.content.decode()
    assert html.count("<article") == 2
    assert "3 days. The first day does not count" in html
    assert "<dt>Filed today</dt>" in html and "held through 2026-07-29; others may file from 2026-07-30" in html


def test_conditions_are_told_by_their_names(desk):
    when = Conditions(
        sources=(SourceFactory(name="自然客户").pk,),
        order_types=(OrderTypeFactory(name="欧派橱柜").pk,),
        regions=(RegionFactory(name="南宁", code="450100").code,),
    )
    policy("甲", Terms(when=when))

    first = desk.get(PAGE).context["policies"][0]

    assert first.conditions == ["source: 自然客户", "order type: 欧派橱柜", "region: 南宁"]


def test_policy_behind_one_for_all_filings_is_not_told(desk):
    policy("甲", FURNISHING.terms, 1)
    policy("乙", QUEUE.terms, 2)

    assert names_of(desk.get(PAGE)) == ["甲"]


@pytest.mark.parametrize(("policies", "rest"), [(0, "All filings"), (1, "All other filings")])
def test_what_no_policy_is_for_is_told_as_well(desk, policies, rest):
    for _each in range(policies):
        policy("甲", Terms(when=Conditions(filing_kinds=("special",))))

    last = desk.get(PAGE).context["policies"][-1]

    assert (last.name, last.examples[0].result) == (rest, "held without an end")


@pytest.mark.parametrize("policies", [1, 3])
def test_page_costs_the_same_however_many_policies(desk, policies, django_assert_num_queries):
    source = SourceFactory()
    for number in range(policies):
        policy(f"甲{number}", Terms(when=Conditions(sources=(source.pk,)), term=Term(7)), number)
    desk.get(PAGE)

    with django_assert_num_queries(5):
        assert len(desk.get(PAGE).context["policies"]) == policies + 1


def test_page_is_for_those_who_file(client, auditor, partner):
    client.force_login(auditor)
    assert client.get(PAGE).status_code == 403
    client.force_login(partner)
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 405
