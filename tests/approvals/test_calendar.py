"""Working days: what counts, and what a day that is no weekday changes."""

from datetime import date

import pytest

from approvals.calendar import Calendar

WEEK = Calendar()
SPRING = Calendar({date(2026, 2, 14): True, date(2026, 2, 16): False, date(2026, 2, 17): False})


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 15), False),
        (date(2026, 2, 16), False),
        (date(2026, 2, 18), True),
    ],
)
def test_weekdays_are_worked_but_for_the_exceptions(day, worked):
    assert SPRING.works(day) is worked


def test_next_working_day_is_the_day_itself_or_the_first_that_is_worked():
    assert SPRING.next_working(date(2026, 2, 14)) == date(2026, 2, 14)
    assert SPRING.next_working(date(2026, 2, 15)) == date(2026, 2, 18)
    assert WEEK.next_working(date(2026, 2, 14)) == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("count", "last"),
    [(0, date(2026, 2, 12)), (1, date(2026, 2, 13)), (2, date(2026, 2, 14)), (3, date(2026, 2, 18))],
)
def test_working_days_are_counted_from_the_day_after(count, last):
    assert SPRING.add_working(date(2026, 2, 12), count) == last


def test_the_day_that_a_term_begins_on_need_not_be_worked():
    assert WEEK.add_working(date(2026, 2, 14), 1) == date(2026, 2, 16)
