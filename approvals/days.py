"""The Chinese calendar as rows: statutory holidays and the days that make up for them, as the State Council set them.

The `holidays` package knows the arrangement of a year from its announcement in November on; before that only the
holidays of the law. Days entered or changed by hand win over it.
"""

from collections.abc import Iterable
from datetime import date

import holidays
from django.db import transaction
from django.db.models import QuerySet

from approvals.calendar import SATURDAY, Calendar
from approvals.models import CalendarDay

MADE_UP = "调休上班"
LANGUAGE = "zh_CN"
KNOWN = range(2000, holidays.China.end_year + 1)


def chinese_days(years: Iterable[int]) -> dict[date, CalendarDay]:
    """The official special days of these years, unsaved."""
    asked = set(years)
    official = holidays.country_holidays("CN", years=asked, language=LANGUAGE)
    named = {day: (False, name) for day, name in official.items()}
    named |= dict.fromkeys(official.weekend_workdays, (True, MADE_UP))
    return {
        day: CalendarDay(day=day, working=working, name=name[:60], by_hand=False)
        for day, (working, name) in sorted(named.items())
        if day.year in asked
    }


def load_chinese_days(years: Iterable[int]) -> int:
    """Bring the rows of these years to the official state, but for what was done by hand; how many days changed."""
    asked = set(years)
    official = chinese_days(asked)
    there = {row.day: row for row in days_of(asked)}
    outdated = {day: row.pk for day, row in there.items() if not row.by_hand and not _alike(row, official.get(day))}
    missing = [row for day, row in official.items() if day not in there or day in outdated]
    if outdated or missing:
        with transaction.atomic():
            CalendarDay.objects.filter(pk__in=outdated.values(), by_hand=False).delete()
            CalendarDay.objects.bulk_create(missing, ignore_conflicts=True)
    return len(outdated.keys() | {row.day for row in missing})


def _alike(one: CalendarDay, other: CalendarDay | None) -> bool:
    return other is not None and (one.working, one.name) == (other.working, other.name)


def years_around(today: date) -> range:
    """Last, this and next year: what running terms can reach."""
    return range(today.year - 1, today.year + 2)


def days_of(years: Iterable[int]) -> QuerySet[CalendarDay]:
    return CalendarDay.objects.filter(day__year__in=set(years))


def load_calendar(first: date, last: date) -> Calendar:
    """The calendar of the days from `first` to `last`, in one statement; outside of them it knows weekdays only."""
    days = CalendarDay.objects.filter(day__range=(first, last)).order_by()
    return Calendar(dict(days.values_list("day", "working")))


def is_announced(year: int) -> bool:
    """Whether the rows of a year hold its make-up days: there has been no year without any."""
    return any(row.working for row in days_of([year]) if row.day.weekday() >= SATURDAY)
