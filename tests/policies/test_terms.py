"""How long terms run (PROT-1, `policies.md`, Counting time), and settings as JSON and back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from approvals.calendar import Calendar
from core.clock import start_of
from policies.terms import (
    DEFAULT_TERMS,
    Conditions,
    Term,
    Terms,
    end_of,
    extended_end,
    last_day,
    last_day_to_ask,
    protected_until,
)
from tests.factories import SHANGHAI

PLAIN = Calendar()
SECOND = timedelta(seconds=1)
NATIONAL = Calendar({date(2026, 10, day): day == 10 for day in (1, 2, 5, 6, 7, 10)})
"""The first week of October 2026 is off, the Saturday after it is worked."""
ZONES = {"Asia/Shanghai": SHANGHAI, "UTC": UTC}


@pytest.fixture(params=ZONES)
def zone(request, settings):
    settings.TIME_ZONE = request.param
    return ZONES[request.param]


@pytest.mark.parametrize(
    ("moved", "ends"), [(-SECOND, date(2026, 6, 8)), (0 * SECOND, date(2026, 6, 9)), (SECOND, date(2026, 6, 9))]
)
def test_first_day_is_that_of_the_site_and_does_not_count(zone, moved, ends):
    midnight = datetime(2026, 6, 1, tzinfo=zone)

    assert end_of(midnight + moved, Term(7), PLAIN) == datetime(ends.year, ends.month, ends.day, tzinfo=zone)


def test_one_instant_is_two_days_in_two_zones(settings):
    late = datetime(2026, 6, 1, 20, tzinfo=UTC)
    settings.TIME_ZONE = "UTC"
    in_london = end_of(late, Term(7), PLAIN)
    settings.TIME_ZONE = "Asia/Shanghai"

    assert in_london == datetime(2026, 6, 9, tzinfo=UTC)
    assert end_of(late, Term(7), PLAIN) == datetime(2026, 6, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize("moved", [-SECOND, 0 * SECOND, SECOND])
def test_hours_run_from_the_moment(zone, moved):
    evening = datetime(2026, 12, 31, 23, 30, tzinfo=zone) + moved

    assert end_of(evening, Term(1, "hour"), PLAIN) == datetime(2027, 1, 1, 0, 30, tzinfo=zone) + moved


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        ("2026-06-01", (7, "day"), "2026-06-08"),
        ("2026-12-28", (7, "day"), "2027-01-04"),
        ("2026-02-22", (7, "day"), "2026-03-01"),
        ("2028-02-22", (7, "day"), "2028-02-29"),
        ("2028-02-23", (7, "day"), "2028-03-01"),
        ("2027-12-01", (90, "day"), "2028-02-29"),
        ("2026-06-01", (0, "day"), "2026-06-01"),
        ("2026-07-15", (1, "month"), "2026-08-15"),
        ("2026-01-31", (1, "month"), "2026-02-28"),
        ("2026-01-28", (1, "month"), "2026-02-28"),
        ("2028-01-31", (1, "month"), "2028-02-29"),
        ("2028-02-29", (12, "month"), "2029-02-28"),
        ("2028-02-29", (48, "month"), "2032-02-29"),
        ("2026-02-28", (1, "month"), "2026-03-28"),
        ("2026-12-31", (2, "month"), "2027-02-28"),
        ("2026-10-15", (3, "month"), "2027-01-15"),
        ("2026-11-30", (1, "month"), "2026-12-30"),
        ("2026-12-31", (12, "month"), "2027-12-31"),
        ("2026-09-28", (5, "working_day"), "2026-10-10"),
        ("2026-09-30", (1, "working_day"), "2026-10-08"),
        ("2026-10-09", (1, "working_day"), "2026-10-10"),
        ("2026-10-10", (1, "working_day"), "2026-10-12"),
        ("2026-10-03", (1, "working_day"), "2026-10-08"),
    ],
)
def test_last_day_of_a_term(first, term, last):
    start, expected = date.fromisoformat(first), date.fromisoformat(last)

    assert last_day(start, Term(*term), NATIONAL) == expected
    assert end_of(start_of(start), Term(*term), NATIONAL) == start_of(expected + timedelta(days=1))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-09-01", "2026-10-08"),
        ("2026-09-10", "2026-10-10"),
        ("2026-09-11", "2026-10-12"),
        ("2026-08-30", "2026-09-30"),
    ],
)
def test_term_goes_past_days_off_where_the_policy_says_so(first, last):
    start = date.fromisoformat(first)

    assert last_day(start, Term(1, "month"), NATIONAL, past_holidays=True) == date.fromisoformat(last)


def test_hours_have_no_last_day():
    with pytest.raises(ValueError, match="hours have no last day"):
        last_day(date(2026, 6, 1), Term(1, "hour"), PLAIN)


MORNING = datetime(2026, 7, 22, 9, 30, tzinfo=SHANGHAI)
OPENING = Terms(named_day=date(2026, 10, 1), term=Term(7))


@pytest.mark.parametrize(
    ("terms", "start", "end"),
    [
        (DEFAULT_TERMS, MORNING, None),
        (Terms(term=Term(2, "hour")), MORNING, datetime(2026, 7, 22, 11, 30, tzinfo=SHANGHAI)),
        (Terms(term=Term(7)), MORNING, datetime(2026, 7, 30, tzinfo=SHANGHAI)),
        (OPENING, MORNING, datetime(2026, 10, 2, tzinfo=SHANGHAI)),
        (OPENING, datetime(2026, 10, 2, tzinfo=SHANGHAI) - SECOND, datetime(2026, 10, 2, tzinfo=SHANGHAI)),
        (OPENING, datetime(2026, 10, 2, tzinfo=SHANGHAI), datetime(2026, 10, 10, tzinfo=SHANGHAI)),
        (Terms(named_day=date(2026, 7, 1)), MORNING, None),
    ],
)
def test_protection_ends_by_itself(terms, start, end):
    assert protected_until(start, terms, PLAIN) == end


EXTENDED = Terms(extensions=1, extension_term=Term(1, "month"), extension_term_waiting=Term(15))


@pytest.mark.parametrize(
    ("ends", "waiting", "end"),
    [
        ("2026-09-01", False, "2026-10-01"),
        ("2026-09-01", True, "2026-09-16"),
        ("2026-03-01", False, "2026-03-29"),
        ("2027-01-01", False, "2027-02-01"),
        ("2028-02-01", False, "2028-03-01"),
    ],
)
def test_extension_goes_on_from_the_last_day(ends, waiting, end):
    before, expected = start_of(date.fromisoformat(ends)), start_of(date.fromisoformat(end))

    assert extended_end(before, EXTENDED, PLAIN, waiting=waiting) == expected


def test_extension_is_the_same_for_all_where_nothing_is_said_of_those_who_wait():
    terms = Terms(extensions=1, extension_term=Term(7))
    ends = datetime(2026, 9, 1, tzinfo=SHANGHAI)

    assert extended_end(ends, terms, PLAIN, waiting=True) == extended_end(ends, terms, PLAIN, waiting=False)


def test_extension_of_hours_goes_on_from_the_moment():
    terms = Terms(extensions=1, extension_term=Term(2, "hour"))

    assert extended_end(MORNING, terms, PLAIN, waiting=False) == MORNING + timedelta(hours=2)


def test_what_is_not_extended_has_no_later_end():
    with pytest.raises(ValueError, match="extends nothing"):
        extended_end(MORNING, DEFAULT_TERMS, PLAIN, waiting=False)


@pytest.mark.parametrize(
    ("ends", "before", "last"),
    [
        (datetime(2026, 9, 1, tzinfo=SHANGHAI), 0, date(2026, 8, 31)),
        (datetime(2026, 9, 1, tzinfo=SHANGHAI), 20, date(2026, 8, 11)),
        (datetime(2026, 3, 1, tzinfo=SHANGHAI), 28, date(2026, 1, 31)),
        (MORNING, 0, date(2026, 7, 22)),
    ],
)
def test_last_day_to_ask_for_an_extension(ends, before, last):
    assert last_day_to_ask(ends, Terms(extension_days_before=before)) == last


FULL = Terms(
    when=Conditions(sources=(1, 2), regions=("450000",), filing_kinds=("special",)),
    required=("phone", "style"),
    contact_within=Term(30),
    signed_within=Term(5, "working_day"),
    minutes_ahead=60,
    needs_approval=True,
    contest="evidence",
    hold_limit=0,
    term=Term(3, "month"),
    named_day=date(2026, 10, 1),
    queue=1,
)


@pytest.mark.parametrize("terms", [DEFAULT_TERMS, FULL])
def test_settings_come_back_from_json_as_they_were(terms):
    assert Terms.from_json(terms.to_json()) == terms


def test_json_has_what_differs_from_the_defaults():
    assert DEFAULT_TERMS.to_json() == {}
    assert Terms(term=Term(7), when=Conditions(sources=(3,))).to_json() == {
        "when": {"sources": [3]},
        "term": [7, "day"],
    }


@pytest.mark.parametrize("body", [{"nonsense": 1}, {"term": [7, "weeks"]}, {"term": ["x", "day"]}, {"named_day": "x"}])
def test_what_no_policy_says_is_refused(body):
    with pytest.raises(ValueError):
        Terms.from_json(body)


def test_limits_ask_for_the_dates_they_count_from():
    terms = Terms(required=("phone", "first_contact_on"), contact_within=Term(30), signed_within=Term(5), days_ahead=1)

    assert terms.asks == ("phone", "first_contact_on", "contract_signed_on", "visit_planned_at")
    assert DEFAULT_TERMS.asks == ()
