"""What `compare` says of two identities is what the look-up in the table finds: labelled pairs, really kept."""

from typing import Any

import pytest

from accounts.models import Region, User
from customers.keys import Identity
from customers.models import Customer
from leads import matching
from leads.claims import Claim
from leads.known import can_be_held, known_of
from leads.models import Protection
from leads.services.ownership import KeyToKeep, hold_keys
from tests.factories import MORNING, RegionFactory
from tests.leads.filings import claim_of
from tests.matching.figures import identity_of, judge
from tests.matching.pairs import labelled_pairs

pytestmark = pytest.mark.django_db

TAKEN = {"same": "taken", "likely": "unclear", "possible": "unclear", "": "free"}
EACH = 130


def claim(user: User, given: Identity, cities: dict[str, Region], **more: Any) -> Claim:
    city = cities.get(given.city_name)
    return claim_of(
        user,
        customer_kind=given.customer_kind,
        name=given.name,
        gender=given.gender,
        mobile=given.mobile,
        phone=given.phone,
        city=city.pk if city else None,
        community=given.community,
        building_room=given.building_room,
        credit_code=given.credit_code,
        project_name=given.project_name,
        project_site=given.project_site,
        city_name=given.city_name,
        area_code=given.area_code,
        known_as=given.known_as,
        **more,
    )


def keep(filed: Claim, holder: User) -> Customer:
    given = filed.identity
    customer = Customer.objects.create(name=given.name, kind=given.customer_kind, gender=given.gender, holder=holder)
    Protection.objects.create(customer=customer, filer=holder, started_at=MORNING)
    hold_keys([KeyToKeep(key, customer.pk, can_be_held(key, filed)) for key in filed.keys])
    return customer


def test_the_table_says_what_compare_says(agent: User, stranger: User) -> None:
    """The keys of each pair's one side are kept for one person, and the other side is asked about by another."""
    cities: dict[str, Region] = {}
    said = []
    for pair in labelled_pairs(seed=11, count=EACH):
        for side in (pair.mine, pair.theirs):
            if side["city"] and side["city"] not in cities:
                cities[side["city"]] = RegionFactory(name=side["city"])
        customer = keep(claim(agent, identity_of(pair.theirs), cities), agent)
        asked = claim(stranger, identity_of(pair.mine), cities)

        found = matching.judge(asked, known_of([asked]), MORNING).answer

        if asked.keys:
            said.append(found)
            assert found == TAKEN[judge(pair)], pair
        customer.protections.all().delete()
        customer.delete()
    assert {"taken", "unclear", "free"} == set(said)
