"""Telephone numbers: mobiles, masks, landlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.keys.key import Key
from customers.keys.numbers import (
    agrees,
    asked_number,
    is_number,
    mask_name_key,
    mobile_evidence,
    normalise_number,
    number_keys,
    phone_evidence,
    read_mask,
)

NUMBERISH = st.text("0123456789+-()*#xX转.分机ext /、＊１ ", max_size=40)


def read(text: str, area_code: str = "") -> list[tuple[str, str]]:
    """Kind and value of the keys of a text, which field it stands in making no difference."""
    keys = number_keys("", text, area_code)
    assert number_keys(text, "", area_code) == keys
    return [(str(key.kind), key.value) for key in keys]


def key_of(text: str, area_code: str = "") -> Key:
    [key] = number_keys("", text, area_code)
    return key


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "1380013-8000",
        "138.0013.8000",
        "+8613800138000",
        "+86 138 0013 8000",
        "+86-138-0013-8000",
        "008613800138000",
        "00861380 0138 000",
        "8613800138000",
        "（86）13800138000",
        "(138)00138000",
        "１３８００１３８０００",
        "013800138000",
        "手机：13800138000（微信同号）",
        "13800138000（3栋）",
        "13800138000/13800138000",
    ],
)
def test_ways_of_writing_a_mobile(typed: str) -> None:
    assert read(typed) == [("mobile", "13800138000")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0771-5512345", "0771-5512345"),
        ("(0771)5512345", "0771-5512345"),
        ("（0771）5512345", "0771-5512345"),
        ("07715512345", "0771-5512345"),
        ("0771 551 2345", "0771-5512345"),
        ("0771/5512345", "0771-5512345"),
        ("+86 771 5512345", "0771-5512345"),
        ("86 0771 5512345", "0771-5512345"),
        ("00860771 5512345", "0771-5512345"),
        ("+86 (0)771 5512345", "0771-5512345"),
        ("7715512345", "0771-5512345"),
        ("010-8888 6666", "010-88886666"),
        ("02158881234", "021-58881234"),
        ("0771-1234576", "0771-1234576"),
        ("0771-5512345-801", "0771-5512345-801"),
        ("07715512345-8", "0771-5512345-8"),
        ("0771-5512345 ext. 801", "0771-5512345-801"),
        ("0771 5512345 转分机 801", "0771-5512345-801"),
        ("0771-5512345#801", "0771-5512345-801"),
        ("5512345转801", "5512345#801"),
        ("551-2345", "5512345"),
        ("1234576", "1234576"),
        ("8888-6666", "88886666"),
        ("400-810-8888", "4008108888"),
        ("4008108888转1", "4008108888#1"),
        ("+852 2345 6789", "+85223456789"),
        ("8601234567", "8601234567"),
        ("13800138000-801", "13800138000#801"),
    ],
)
def test_ways_of_writing_a_landline(typed: str, value: str) -> None:
    assert read(typed) == [("phone", value)]


@pytest.mark.parametrize(
    "typed",
    ["", "电话", "无", "123456", "138", "138****", "0771-551****", "0771-", "0" * 11, "1" * 11, "0000000", "9" * 40],
)
def test_what_is_no_whole_number_has_no_key(typed: str) -> None:
    assert read(typed) == []


@pytest.mark.parametrize(
    "typed",
    ["13800138", "138001380", "1380013800", "138 0013 800", "138-0013-800", "+86 1380013800", "1380013", "013800138"],
)
def test_incomplete_mobile_is_no_landline(typed: str) -> None:
    assert read(typed, "0771") == []


@pytest.mark.parametrize(
    "typed", ["110", "12345", "95588", "10086", "96110", "10000", "95588转1", "+86 95588", "+8610086", "0771-12345"]
)
def test_service_number_says_nothing_of_a_customer(typed: str) -> None:
    assert read(typed, "0771") == []


@pytest.mark.parametrize(
    "typed",
    [
        "12345678901",
        "10987654321",
        "13333333333",
        "13888888888",
        "13800000000",
        "12312312312",
        "123123123",
        "12121212121",
        "1234567",
        "12345678",
        "7654321",
        "87654321",
        "8888888",
        "0771-88888888",
        "0771-1234567",
        "01234567890",
    ],
)
def test_row_along_the_keys_is_no_number(typed: str) -> None:
    assert read(typed, "0771") == []


@pytest.mark.parametrize("typed", ["12300102251", "12345678910", "12388886666", "13812345678", "13800138000"])
def test_number_with_a_part_along_the_keys_is_one(typed: str) -> None:
    assert read(typed) == [("mobile", typed)]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("0771-5512345/13800138000", ["0771-5512345", "13800138000"]),
        ("13800138000、13900139000", ["13800138000", "13900139000"]),
        ("138 0013 8000 139 0013 9000", ["13800138000", "13900139000"]),
        ("5512345 13800138000", ["5512345", "13800138000"]),
        ("138****8000（13800138000）", ["138****8000", "13800138000"]),
        ("138****5678；0771-5512345", ["138****5678", "0771-5512345"]),
    ],
)
def test_two_numbers_in_one_field_are_two_keys(typed: str, values: list[str]) -> None:
    assert [value for _, value in read(typed)] == values


def test_landline_without_area_is_one_of_the_city() -> None:
    assert read("5512345转801", "0771") == [("phone", "0771-5512345-801")]
    assert read("0772-5512345", "0771") == [("phone", "0772-5512345")]
    assert read("4008108888", "0771") == [("phone", "4008108888")]
    assert read("5512345", "Nanning") == [("phone", "5512345")]


def test_key_of_a_landline_says_what_is_known() -> None:
    known, unknown = key_of("0771-5512345-801"), key_of("5512345")

    assert (known.block, known.detail, known.exact) == ("5512345", "0771|801", True)
    assert (unknown.block, unknown.detail, unknown.exact) == ("5512345", "|", False)


@pytest.mark.parametrize(
    ("mine", "theirs", "word"),
    [
        ("0771-5512345", "(0771) 5512345", "phone"),
        ("0771-5512345-801", "0771-5512345转801", "phone"),
        ("0771-5512345-801", "0771-5512345", "phone_part"),
        ("0771-5512345", "5512345", "phone_part"),
        ("5512345", "5512345", "phone_part"),
        ("0771-5512345", "0772-5512345", ""),
        ("0771-5512345-801", "0771-5512345-802", ""),
        ("0771-5512345", "0771-5512346", ""),
        ("4008108888转1", "4008108888转2", ""),
    ],
)
def test_phone_evidence_is_symmetric(mine: str, theirs: str, word: str) -> None:
    one, other = key_of(mine), key_of(theirs)

    assert (phone_evidence(one, other), phone_evidence(other, one)) == (word, word)


@pytest.mark.parametrize(
    "typed",
    [
        "138****5678",
        "138xxxx5678",
        "138XXXX5678",
        "138××××5678",
        "138····5678",
        "138••••5678",
        "138####5678",
        "138----5678",
        "138…5678",
        "１３８＊＊＊＊５６７８",
        "138-****-5678",
        "138 **** 5678",
        "138***5678",
        "138******5678",
        "+86 138****5678",
        "0138****5678",
    ],
)
def test_ways_of_masking_a_mobile(typed: str) -> None:
    assert read_mask(typed) == "138****5678"
    assert read(typed) == [("mobile", "138****5678")]
    assert is_number(typed)


@pytest.mark.parametrize(
    "typed", ["", "13812345678", "13****5678", "138****678", "238****5678", "0771****345", "1380*0138000", "****", "x"]
)
def test_what_is_no_masked_mobile(typed: str) -> None:
    assert read_mask(typed) == ""


def test_mask_of_four_and_five_digits() -> None:
    key = key_of("1380xx05678")

    assert (key.value, key.block, key.exact) == ("1380**05678", "138-5678", False)


@pytest.mark.parametrize(
    ("mine", "theirs", "word"),
    [
        ("13800105678", "13800105678", "mobile"),
        ("13800105678", "13800205678", ""),
        ("138****5678", "13800105678", "mask34"),
        ("138****5678", "138****5678", "mask34"),
        ("1380**05678", "13801105678", "mask45"),
        ("1380**05678", "1380**05678", "mask45"),
        ("1380**05678", "138****5678", "mask34"),
        ("1380**05678", "13810105678", ""),
        ("138****5678", "138****5679", ""),
    ],
)
def test_mobile_evidence_is_symmetric(mine: str, theirs: str, word: str) -> None:
    one, other = key_of(mine), key_of(theirs)

    assert (mobile_evidence(one, other), mobile_evidence(other, one)) == (word, word)


def test_full_number_agrees_with_every_digit_shown() -> None:
    assert agrees("138****5678", "13800005678")
    assert not agrees("138****5678", "13900005678")
    assert not agrees("138****5678", "1380000567")


def test_mask_name_key_needs_four_and_five_digits_name_and_gender() -> None:
    full, mask, short = key_of("13801105678"), key_of("1380**05678"), key_of("138****5678")
    expected = Key("mask_name", "1380**05678|王小明|male")

    assert mask_name_key(full, "王小明先生", "male") == mask_name_key(mask, "王小明", "male") == expected
    assert mask_name_key(short, "王小明", "male") is None
    assert mask_name_key(full, "王先生", "male") is None
    assert mask_name_key(full, "王小明", "") is None
    assert mask_name_key(key_of("0771-5512345"), "王小明", "male") is None


def test_mask_name_key_remembers_the_digits_that_are_known() -> None:
    details = [mask_name_key(key_of(text), "王小明", "male") for text in ("13801105678", "1380**05678")]

    assert [key and key.detail for key in details] == ["1|1", "|"]


def test_country_code_goes_only_before_a_mobile() -> None:
    assert normalise_number("86" + "07711234567") == "8607711234567"
    assert normalise_number("+86 013800138000") == "13800138000"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138-0013", "1380013"),
        ("+86 138 0013", "1380013"),
        ("８６13800138000", "13800138000"),
        ("（0771）5507764", "07715507764"),
        ("3栋1601", ""),
        ("1/3", ""),
        ("5512345、5512346", ""),
        ("5512345 ext 801", ""),
        ("KH26070001", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_only_what_is_nothing_but_a_number_is_searched_as_one(typed: str, digits: str) -> None:
    assert asked_number(typed) == digits


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0771-5512345转801", True),
        ("0771-5512345 ext. 801", True),
        ("0771-5512345转分机801", True),
        ("13800138000/0771-5512345", True),
        ("13800138000、13900139000", True),
        ("13800138000，13900139000；5512345", True),
        ("", True),
        ("x", False),
        ("ext", False),
        ("3栋1601", False),
        ("王先生", False),
        ("王先生5512345", False),
    ],
)
def test_number_has_number_signs_only(typed: str, number: bool) -> None:
    assert is_number(typed) == number


@given(st.text() | NUMBERISH)
def test_normalising_a_number_is_idempotent_and_leaves_digits(text: str) -> None:
    digits = normalise_number(text)

    assert digits == "" or digits.isdecimal()
    assert normalise_number(digits) == digits


@given(st.text() | NUMBERISH)
def test_reading_a_mask_is_idempotent(text: str) -> None:
    assert read_mask(read_mask(text)) == read_mask(text)


@given(st.text() | NUMBERISH, st.sampled_from(["", "0771", "010"]))
def test_reading_the_value_of_a_key_gives_the_key_again(text: str, area_code: str) -> None:
    for key in number_keys("", text, area_code):
        assert number_keys("", key.value, area_code) == [key]


@pytest.mark.parametrize("sign", ["1", "*", "1*", "x1", "转1", "1 ", "-", "+8", "(", "0771-5512345 "])
def test_hostile_text_is_read_at_once(sign: str) -> None:
    keys = number_keys(sign * 100_000, sign * 100_000)

    assert all(len(key.value) <= 40 for key in keys)


@pytest.mark.parametrize("typed", ["138781539 26", "1387815392 6", "1 3878153926"])
def test_mobile_parted_anywhere_is_one_number(typed: str) -> None:
    assert [key.value for key in number_keys(typed, "")] == ["13878153926"]
