"""Identity keys: which writings are the same customer."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from customers.keys import Key, asked_number, identity_keys, normalise_address, normalise_number, number_key
from customers.models import Customer, IdentityKey


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "008613800138000",
        "8613800138000",
        "１３８００１３８０００",
        "(138)00138000",
    ],
)
def test_ways_of_writing_a_mobile(typed):
    assert number_key(typed) == Key("mobile", "13800138000")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("0771-1234567", Key("phone", "07711234567")),
        ("0771 123 4567", Key("phone", "07711234567")),
        ("1234567", Key("phone", "1234567")),
        ("123456", None),
        ("8601234567", Key("phone", "8601234567")),
        ("", None),
        ("电话", None),
    ],
)
def test_other_numbers(typed, key):
    assert number_key(typed) == key


def test_country_code_goes_only_before_a_mobile():
    assert normalise_number("86" + "07711234567") == "8607711234567"


@pytest.mark.parametrize(
    ("one", "other"),
    [(("幸福里", "3-2-1601"), (" 幸 福 里", "３－２－１６０１")), (("ABC里", "a1"), ("abc里", "Ａ1"))],
)
def test_ways_of_writing_an_address(one, other):
    assert normalise_address(1, *one) == normalise_address(1, *other)


@pytest.mark.parametrize("parts", [(None, "幸福里", "1"), (1, "", "1"), (1, "幸福里", ""), (1, "幸福里", " ")])
def test_incomplete_address_is_none(parts):
    assert normalise_address(*parts) == ""


def test_keys_come_sorted_and_once():
    keys = identity_keys("13800138000", "0771-1234567", 1, "幸福里", "3-2-1601")

    assert [key.kind for key in keys] == ["address", "mobile", "phone"]
    assert identity_keys("13800138000", "+86 13800138000", None, "", "") == (Key("mobile", "13800138000"),)
    assert identity_keys("", "", None, "幸福里", "") == ()


@given(st.text())
def test_normalising_a_number_is_idempotent_and_leaves_digits(text):
    digits = normalise_number(text)

    assert digits == "" or digits.isdecimal()
    assert number_key(digits) == number_key(text)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138-0013", "1380013"),
        ("+86 138 0013", "1380013"),
        ("８６13800138000", "13800138000"),
        ("（0771）5507764", "07715507764"),
        ("3栋1601", ""),
        ("KH26070001", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_only_what_is_nothing_but_a_number_is_searched_as_one(typed, digits):
    assert asked_number(typed) == digits


@pytest.mark.django_db
def test_database_refuses_a_key_held_twice():
    one, other = Customer.objects.create(name="一"), Customer.objects.create(name="二")
    IdentityKey.objects.create(customer=one, kind="mobile", value="13800138000")

    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityKey.objects.create(customer=other, kind="mobile", value="13800138000")
    IdentityKey.objects.create(customer=other, kind="mobile", value="13800138000", held=False)

    assert IdentityKey.objects.count() == 2
