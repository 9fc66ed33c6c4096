"""Record numbers (LEAD-5), and the clock they are given by."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from core.clock import database_now, day_of, likely_today, told
from core.models import Serial
from core.serials import next_numbers
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
DAY = date(2018, 1, 16)


def test_numbers_run_on_within_a_day_and_prefix():
    assert next_numbers("KH", DAY)[0] == ["KH201801160001"]
    assert next_numbers("KH", DAY, 3)[0] == ["KH201801160002", "KH201801160003", "KH201801160004"]
    assert next_numbers("XX", DAY)[0] == ["XX201801160001"]
    assert next_numbers("KH", DAY + timedelta(days=1))[0] == ["KH201801170001"]


def test_serial_grows_when_four_digits_are_full():
    Serial.objects.create(prefix="KH", day=DAY, last=9998)

    assert next_numbers("KH", DAY, 3)[0] == ["KH201801169999", "KH2018011610000", "KH2018011610001"]


def test_rolled_back_number_is_given_again():
    with pytest.raises(RuntimeError), transaction.atomic():
        next_numbers("KH", DAY)
        raise RuntimeError

    assert next_numbers("KH", DAY)[0] == ["KH201801160001"]


def test_moment_of_numbering_is_told_or_the_databases():
    with told(MORNING):
        assert next_numbers("KH", DAY)[1] == MORNING
    before = database_now()
    given = next_numbers("KH", DAY)[1]
    assert before <= given <= database_now()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 21, 15, 59, 59, tzinfo=UTC), date(2026, 7, 21)),
        (datetime(2026, 7, 21, 16, 0, tzinfo=UTC), date(2026, 7, 22)),
    ],
)
def test_day_is_the_sites(moment, day):
    assert day_of(moment) == day
    with told(moment):
        assert (likely_today(), database_now()) == (day, moment)


def test_clock_is_told_only_for_a_while():
    with pytest.raises(RuntimeError), told(MORNING):
        raise RuntimeError

    assert database_now() != MORNING
