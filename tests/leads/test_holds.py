"""The hold of a filing as sign and word, with the time that is left (design.md, hold family)."""

from datetime import date
from typing import Any

import pytest

from leads.holds import Mark, days_left, first_after, last_of, mark_of, mark_of_protection
from leads.models import Lead, Protection
from tests.ownership.scenes import moment
from tests.people import in_english  # noqa: F401

pytestmark = pytest.mark.usefixtures("in_english")
ENDS = moment("2026-06-09", "00:00")


def protection(**columns: Any) -> Protection:
    return Protection(**{"state": "protected", "started_at": moment("2026-06-01"), "ends_at": ENDS} | columns)


@pytest.mark.parametrize(
    ("day", "time", "mark"),
    [
        ("2026-06-01", "09:30", Mark("protected", "shield", "7 days left")),
        ("2026-06-06", "23:59:59", Mark("protected", "shield", "2 days left")),
        ("2026-06-07", "00:00", Mark("ending", "clock", "1 day left")),
        ("2026-06-08", "00:00", Mark("ending", "clock", "ends today")),
        ("2026-06-08", "23:59:59", Mark("ending", "clock", "ends today")),
        ("2026-06-09", "00:00", Mark("expired", "no", "expired")),
    ],
)
def test_time_left_counts_to_the_last_day(day: str, time: str, mark: Mark) -> None:
    assert mark_of_protection(protection(), moment(day, time)) == mark


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"ends_at": None}, ("protected", "without an end")),
        ({"contact_by": moment("2026-06-02", "00:00")}, ("ending", "follow up today")),
        ({"contact_by": moment("2026-06-03", "00:00")}, ("ending", "follow up by tomorrow")),
        ({"contact_by": moment("2026-06-04", "00:00")}, ("protected", "7 days left")),
        ({"contact_by": moment("2026-06-10", "00:00")}, ("protected", "7 days left")),
        ({"state": "pending", "started_at": None, "ends_at": None}, ("pending", "waits for approval")),
        ({"state": "voided"}, ("voided", "voided")),
    ],
)
def test_mark_says_what_comes_first(columns: dict[str, Any], words: tuple[str, str]) -> None:
    mark = mark_of_protection(protection(**columns), moment("2026-06-01"))

    assert (mark.tone, mark.words) == words


@pytest.mark.parametrize(
    ("lead", "place", "words"),
    [
        (Lead(hold="queued"), 2, "queued, place 2"),
        (Lead(hold="queued"), 0, "queued"),
        (Lead(hold="released"), 0, "released"),
        (Lead(hold="protected"), 0, "without an end"),
    ],
)
def test_mark_of_a_filing_goes_by_its_hold(lead: Lead, place: int, words: str) -> None:
    assert mark_of(lead, moment("2026-06-01"), place).words == words


def test_end_in_the_course_of_a_day_is_told_to_the_minute() -> None:
    noon = moment("2026-06-09", "12:00")

    assert (last_of(ENDS), first_after(ENDS)) == (date(2026, 6, 8), date(2026, 6, 9))
    assert (last_of(noon), first_after(noon)) == (noon, noon)
    assert days_left(noon, moment("2026-06-08")) == 1
