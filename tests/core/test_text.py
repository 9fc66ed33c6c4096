"""Cleaning and folding of what people type, masks and periods: the small values everything rests on."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from core.masks import mask_phone, mask_room
from core.periods import Period, month_to_date, quarter_to_date, week_to_date
from core.text import clean_text, fold, search_text


@pytest.mark.parametrize(
    ("typed", "clean"),
    [("  韦半夏 ", "韦半夏"), ("e\u0301", "é"), ("𠮷田", "𠮷田"), ("\ue863", "\ue863"), ("", ""), ("a b", "a b")],
)
def test_text_is_composed_and_trimmed(typed, clean):
    assert clean_text(typed) == clean


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\u202e", "\u200b", "\ufeff", "\ufffe", "\ud800", "\n", "\t"])
def test_invisible_character_is_refused_and_named(sign):
    with pytest.raises(ValidationError) as caught:
        clean_text(f"韦{sign}半夏")

    assert caught.value.code == "invisible"
    assert caught.value.params == {"code": f"{ord(sign):04X}"}


def test_lines_may_break_where_lines_are_meant():
    assert clean_text("一\r\n二\t三", lines=True) == "一\n二\t三"
    with pytest.raises(ValidationError):
        clean_text("一\x0b二", lines=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＡＢＣ１２３", "abc 123"), ("Ｋｈ　１", "kh1"), ("ß", "SS"), ("幸 福\u3000里", "幸福里"), ("①", "1")],
)
def test_two_ways_of_writing_fold_alike(one, other):
    assert fold(one) == fold(other)


@given(st.text())
@example("A´")
def test_folding_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


def test_search_text_keeps_parts_apart():
    assert search_text("韦 半夏", "", "KH1") == "韦半夏|kh1"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("138****8000", "138****8000"),
        ("1380**38000", "138****8000"),
        ("0771-1234567", "0771-***4567"),
        ("07711234567", "077****4567"),
        ("+8613800138000", "+861380***8000"),
        ("1234567", "***67"),
        ("12", "***"),
        ("", ""),
    ],
)
def test_masked_number_keeps_what_tells_it_apart(number, masked):
    assert mask_phone(number) == masked


@given(st.text(alphabet="0123456789-+ ", min_size=3))
def test_mask_never_shows_the_whole_number(number):
    assert number not in mask_phone(number)


def test_masked_room_keeps_its_shape():
    assert mask_room("３栋2单元1601") == "*栋*单元****"


@pytest.mark.parametrize(
    ("period", "today", "first"),
    [
        (week_to_date, date(2026, 7, 22), date(2026, 7, 20)),
        (week_to_date, date(2026, 7, 20), date(2026, 7, 20)),
        (week_to_date, date(2026, 1, 1), date(2025, 12, 29)),
        (month_to_date, date(2026, 7, 31), date(2026, 7, 1)),
        (quarter_to_date, date(2026, 7, 1), date(2026, 7, 1)),
        (quarter_to_date, date(2026, 12, 31), date(2026, 10, 1)),
        (quarter_to_date, date(2026, 3, 1), date(2026, 1, 1)),
    ],
)
def test_periods_begin_where_people_expect(period, today, first):
    assert period(today) == Period(first, today)
