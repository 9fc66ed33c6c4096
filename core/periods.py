"""Spans of days, both ends included, and those that people ask for by name."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date


def week_to_date(today: date) -> Period:
    """From Monday."""
    return Period(today - timedelta(days=today.weekday()), today)


def month_to_date(today: date) -> Period:
    return Period(today.replace(day=1), today)


def quarter_to_date(today: date) -> Period:
    return Period(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today)
