"""Identity keys: which writings are the same customer."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from customers.keys import Identity, Key, compare, evidence, identity_keys, other_keys, personal_evidence
from customers.models import Customer, IdentityKey

HOME = Identity(city_id=1, city_name="南宁", area_code="0771", community="幸福里", building_room="3-2-1601")
PERSON = replace(HOME, name="王小明", gender="male", mobile="13800138000", phone="0771-5512345")
COMPANY = Identity(customer_kind="company", name="南宁青瓦装饰有限公司", credit_code="91350100M000100Y43")
TEXT = st.text(max_size=30) | st.text("王小明先生138*0转幸福里栋单元-/ ", max_size=30)
IDENTITIES = st.builds(
    Identity,
    name=TEXT,
    customer_kind=st.sampled_from(["person", "company"]),
    gender=st.sampled_from(["", "male"]),
    mobile=TEXT,
    phone=TEXT,
    city_id=st.sampled_from([None, 1]),
    city_name=st.sampled_from(["", "南宁"]),
    area_code=st.sampled_from(["", "0771"]),
    community=TEXT,
    building_room=TEXT,
    credit_code=TEXT,
    project_name=TEXT,
    project_site=TEXT,
)


def kinds_of(identity: Identity) -> list[str]:
    return [str(key.kind) for key in identity_keys(identity)]


def test_keys_come_sorted_and_once() -> None:
    assert kinds_of(PERSON) == ["address", "address_name", "mask_name", "mobile", "phone"]
    assert identity_keys(Identity(mobile="13800138000", phone="+86 13800138000")) == (Key("mobile", "13800138000"),)
    assert identity_keys(Identity()) == ()


def test_company_has_no_key_of_a_person() -> None:
    assert kinds_of(replace(COMPANY, gender="male", mobile="13800138000")) == ["company", "credit_code", "mobile"]


def test_project_has_a_key_of_its_own() -> None:
    project = Identity(city_id=1, city_name="南宁", project_name="青瓦广场二期", project_site="民族大道100号")

    assert kinds_of(project) == ["project"]


@pytest.mark.parametrize(
    ("one", "other"),
    [(("幸福里", "3-2-1601"), (" 幸 福 里", "３－２－１６０１")), (("ABC里", "1-1-101"), ("abc里", "１-1-101"))],
)
def test_ways_of_writing_an_address(one: tuple[str, str], other: tuple[str, str]) -> None:
    mine, theirs = (replace(HOME, community=community, building_room=room) for community, room in (one, other))

    assert compare(mine, theirs) == {"address"}


@pytest.mark.parametrize("given", [{"city_id": None}, {"community": ""}, {"building_room": ""}, {"building_room": " "}])
def test_incomplete_address_is_not_exact(given: dict[str, str]) -> None:
    assert [key for key in identity_keys(replace(HOME, **given)) if key.exact] == []


def test_area_code_of_the_city_completes_a_landline() -> None:
    assert compare(replace(HOME, community="", phone="5512345"), Identity(phone="0771-5512345")) == {"phone"}


def test_names_and_genders_add_to_a_key_only() -> None:
    masked = Identity(name="王先生", gender="male", mobile="138****8000")

    assert compare(PERSON, masked) == {"mask34", "surname", "gender"}
    assert compare(PERSON, replace(masked, mobile="")) == frozenset()
    assert compare(PERSON, replace(masked, customer_kind="company")) == {"mask34"}
    assert personal_evidence("王小明", "", "王小明先生", "male") == {"name"}


def test_two_full_numbers_that_differ_are_no_masked_match() -> None:
    """13801138000 and 13800138000 are one number when masked 4 + 5."""
    mine, theirs = (Identity(name="王小明", gender="male", mobile=f"1380{digits}38000") for digits in ("01", "11"))

    assert compare(mine, theirs) == frozenset()
    assert compare(mine, replace(theirs, mobile="1380**38000")) == {"mask45", "mask_name", "name", "gender"}


def test_keys_of_two_kinds_are_no_evidence() -> None:
    assert evidence(Key("mobile", "13800138000"), Key("phone", "13800138000")) == ""


def test_other_names_of_a_community_are_only_looked_up() -> None:
    named = replace(HOME, community="幸福里一期", known_as=("幸福里", "快乐里"))
    kept, others = set(identity_keys(named)), set(other_keys(named))

    assert kept & others == set()
    assert {str(key.kind) for key in others} == {"address"}


@given(IDENTITIES, IDENTITIES)
def test_comparison_is_total_and_symmetric(mine: Identity, theirs: Identity) -> None:
    assert compare(mine, theirs) == compare(theirs, mine)


@given(IDENTITIES)
def test_keys_of_any_text_fit_the_table(identity: Identity) -> None:
    for key in identity_keys(identity):
        assert 0 < len(key.value) <= 250
        assert len(key.block) <= 200
        assert len(key.detail) <= 120


@pytest.mark.django_db
def test_database_refuses_a_key_held_twice() -> None:
    one, other = Customer.objects.create(name="一"), Customer.objects.create(name="二")
    IdentityKey.objects.create(customer=one, kind="mobile", value="13800138000")

    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityKey.objects.create(customer=other, kind="mobile", value="13800138000")
    IdentityKey.objects.create(customer=other, kind="mobile", value="13800138000", held=False)

    assert IdentityKey.objects.count() == 2
