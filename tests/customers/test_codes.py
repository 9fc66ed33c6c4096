"""Unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.keys.codes import credit_code_key, is_credit_code, normalise_credit_code
from customers.keys.key import Key

CODE = "91350100M000100Y43"  # the example of GB 32100-2015


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "91 350100 M000100Y4 3",
        "91350100-M000100Y4-3",
        "统一社会信用代码：91350100M000100Y43",
        "91350100MOOO100Y43",
        "9I350100M000100y43",
    ],
)
def test_ways_of_writing_a_code(typed: str) -> None:
    assert credit_code_key(typed) == Key("credit_code", CODE)
    assert is_credit_code(typed)


@pytest.mark.parametrize("typed", ["", "无", "91350100M000100Y44", "91350100M000100Y4", "0" * 18, "91350100M000100Y4!"])
def test_wrong_code_has_no_key(typed: str) -> None:
    assert credit_code_key(typed) is None
    assert not is_credit_code(typed)


def test_wrong_code_stays_as_typed() -> None:
    assert normalise_credit_code("91350100 mO00100y44") == "91350100MO00100Y44"


@given(st.text() | st.text("0123456789OIoiABCMY -", max_size=30))
def test_normalising_any_text_is_idempotent(text: str) -> None:
    assert normalise_credit_code(normalise_credit_code(text)) == normalise_credit_code(text)
