"""The official calendar against the State Council's notices for 2024 to 2026, and what is done by hand (APPR-3)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from approvals.calendar import Calendar
from approvals.days import chinese_days, is_announced, load_calendar, load_chinese_days
from approvals.models import CalendarDay

# Days off and days worked as announced: (first, last) of each holiday, weekends within included.
NOTICES = {
    2024: (
        ["01-01 01-01", "02-10 02-17", "04-04 04-06", "05-01 05-05", "06-10 06-10", "09-15 09-17", "10-01 10-07"],
        {"02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"},
    ),
    2025: (
        ["01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"],
        {"01-26", "02-08", "04-27", "09-28", "10-11"},
    ),
    2026: (
        ["01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05", "06-19 06-21", "09-25 09-27", "10-01 10-07"],
        {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"},
    ),
}
UNANNOUNCED = 2060


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def whole(year: int) -> list[date]:
    return days_between(date(year, 1, 1), date(year, 12, 31))


def off_in(year: int) -> set[date]:
    ranges = [[date.fromisoformat(f"{year}-{end}") for end in each.split()] for each in NOTICES[year][0]]
    return {day for first, last in ranges for day in days_between(first, last)}


def worked_in(year: int) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in NOTICES[year][1]}


@pytest.mark.django_db
@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_year_is_worked_or_off_as_announced(year):
    load_chinese_days([year])
    off, made_up = off_in(year), worked_in(year)

    calendar = load_calendar(date(year, 1, 1), date(year, 12, 31))

    expected = {day for day in whole(year) if day in made_up or (day.weekday() < 5 and day not in off)}
    assert {day for day in whole(year) if calendar.works(day)} == expected


@pytest.mark.parametrize("year", NOTICES)
def test_worked_weekends_are_those_announced_and_no_other_years(year):
    days = chinese_days([year])

    assert {day for day, row in days.items() if row.working} == worked_in(year)
    assert {row.name for row in days.values() if row.working} == {"调休上班"}
    assert {day.year for day in days} == {year}


def test_days_bear_their_names():
    days = chinese_days([2026])

    assert days[date(2026, 2, 17)].name == "春节"
    assert days[date(2026, 9, 25)].name == "中秋节"
    assert days[date(2026, 2, 23)].name == "休息日（由 2026-02-28 调休）"


@pytest.mark.django_db
def test_terms_run_over_a_year_end_and_over_spring_festival():
    load_chinese_days([2025, 2026])

    calendar = load_calendar(date(2025, 12, 1), date(2026, 3, 31))

    assert calendar.add_working(date(2025, 12, 31), 1) == date(2026, 1, 4)
    assert calendar.next_working(date(2026, 1, 1)) == date(2026, 1, 4)
    assert calendar.add_working(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert calendar.add_working(date(2026, 2, 13), 2) == date(2026, 2, 24)


@pytest.mark.django_db
def test_calendar_is_read_in_one_statement(django_assert_num_queries):
    load_chinese_days([2026])

    with django_assert_num_queries(1):
        calendar = load_calendar(date(2026, 10, 7), date(2026, 10, 10))

    assert calendar == Calendar({date(2026, 10, 7): False, date(2026, 10, 10): True})


@pytest.mark.django_db
def test_second_load_changes_nothing_and_writes_nothing(django_assert_num_queries):
    assert load_chinese_days([2025, 2026]) == len(chinese_days([2025, 2026]))

    with django_assert_num_queries(1):
        assert load_chinese_days([2025, 2026]) == 0


@pytest.mark.django_db
def test_load_leaves_what_was_done_by_hand():
    load_chinese_days([2026])
    CalendarDay.objects.filter(day="2026-10-07").update(working=True, name="盘点", by_hand=True)
    CalendarDay.objects.create(day="2026-12-24", name="厂休")

    assert load_chinese_days([2026]) == 0

    kept = CalendarDay.objects.filter(by_hand=True).order_by("day").values_list("day", "working", "name")
    assert list(kept) == [(date(2026, 10, 7), True, "盘点"), (date(2026, 12, 24), False, "厂休")]


@pytest.mark.django_db
def test_load_mends_official_days_that_were_known_otherwise():
    """What a newer package brings once the make-up days are announced."""
    load_chinese_days([2026])
    CalendarDay.objects.filter(working=True).delete()
    CalendarDay.objects.create(day="2026-10-08", name="国庆节（补假）", by_hand=False)
    CalendarDay.objects.filter(day="2026-10-07").update(name="国庆节")

    assert load_chinese_days([2026]) == len(worked_in(2026)) + 2

    rows = CalendarDay.objects.values_list("day", "working", "name")
    assert {row[0]: row[1:] for row in rows} == {
        day: (row.working, row.name) for day, row in chinese_days([2026]).items()
    }


@pytest.mark.django_db
def test_a_year_is_announced_once_a_weekend_of_it_is_worked():
    load_chinese_days([2026, UNANNOUNCED])
    CalendarDay.objects.create(day=date(UNANNOUNCED, 7, 5), working=True)  # a Monday
    assert (is_announced(2026), is_announced(UNANNOUNCED)) == (True, False)

    CalendarDay.objects.create(day=date(UNANNOUNCED, 5, 8), working=True)

    assert is_announced(UNANNOUNCED) is True


def load(*years: str) -> list[str]:
    said = StringIO()
    call_command("load_calendar", *years, stdout=said)
    return said.getvalue().splitlines()


@pytest.mark.django_db
def test_command_says_what_it_did_and_what_is_not_announced():
    assert load("2026", str(UNANNOUNCED)) == [
        "calendar 2026: 28 special days, 28 changed",
        f"calendar {UNANNOUNCED}: {len(chinese_days([UNANNOUNCED]))} special days, "
        f"{len(chinese_days([UNANNOUNCED]))} changed; its make-up days are not announced yet",
    ]
    assert load("2026") == ["calendar 2026: 28 special days, kept"]


@pytest.mark.django_db
def test_command_refuses_years_beyond_what_is_known():
    with pytest.raises(CommandError, match="unknown years: 1998, 2150"):
        load("2026", "1998", "2150")

    assert not CalendarDay.objects.exists()
