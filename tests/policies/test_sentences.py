"""What policies say in words, and their examples in dates."""

from datetime import date, datetime, timedelta

import pytest

from approvals.calendar import Calendar
from approvals.days import chinese_days
from core.clock import start_of
from policies.examples import Example, examples, last_of_long_month
from policies.presets import FURNISHING, PROJECT, QUEUE, opening
from policies.sentences import (
    Change,
    describe,
    describe_conditions,
    differences,
    free_from,
    term_words,
    through,
)
from policies.terms import DEFAULT_TERMS, Conditions, Term, Terms
from tests.factories import MORNING, SHANGHAI

pytestmark = pytest.mark.usefixtures("in_english")
CALENDAR = Calendar({day: row.working for day, row in chinese_days([2026, 2027]).items()})


def parts(terms: Terms) -> dict[str, list[str]]:
    return {part.heading: part.sentences for part in describe(terms)}


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Term(1), "1 day"),
        (Term(7), "7 days"),
        (Term(1, "hour"), "1 hour"),
        (Term(2, "working_day"), "2 working days"),
        (Term(3, "month"), "3 months"),
    ],
)
def test_term_in_words(term, words):
    assert term_words(term) == words


def test_end_of_a_day_is_told_as_days_and_any_other_as_a_moment():
    midnight, noon = datetime(2026, 6, 9, tzinfo=SHANGHAI), datetime(2026, 6, 9, 12, 5, tzinfo=SHANGHAI)

    assert (through(midnight), free_from(midnight)) == ("2026-06-08", "2026-06-09")
    assert through(noon) == free_from(noon) == "2026-06-09 12:05"


def test_policy_that_says_nothing():
    assert parts(DEFAULT_TERMS) == {
        "What is needed": ["Nothing beyond what every filing needs."],
        "Approval": ["Nobody has to approve it: the customer is protected from the moment of filing."],
        "How long it is held": ["There is no fixed end."],
        "Waiting in line": ["Nobody waits in line."],
        "Early ends": [
            "It ends when the filer lets go, the customer signs with a competitor, or the filing proves false."
        ],
    }


def test_furnishing_in_sentences():
    assert parts(FURNISHING.terms) == {
        "What is needed": ["It has to say: mobile, community."],
        "Approval": ["Nobody has to approve it: the customer is protected from the moment of filing."],
        "How long it is held": [
            "7 days. The first day does not count, and the last one ends at midnight.",
            "Once a deposit is recorded: 90 days from the day of recording, where that is later.",
            "Once a deal is made it has no end.",
            "A reminder comes 3 days before the end.",
        ],
        "Longer protection": ["It is not extended. After its end it can be filed anew."],
        "Waiting in line": ["Nobody waits in line."],
        "Early ends": [
            "It ends when the filer lets go, the customer signs with a competitor, or the filing proves false."
        ],
    }


def test_queue_in_sentences():
    found = parts(QUEUE.terms)

    assert found["Longer protection"] == [
        "At most 1 time, by 1 month.",
        "While somebody waits in line: by 15 days.",
        "Asked for before the end.",
        "Somebody has to approve it.",
    ]
    assert found["Waiting in line"] == [
        "1 other person may wait and takes over as soon as the protection has ended.",
        "Whoever takes over has 1 month.",
        "That is not extended.",
    ]


SETTINGS = [
    (Terms(contact_within=Term(30)), "Filed within 30 days of the first contact."),
    (Terms(signed_within=Term(5, "working_day")), "Filed within 5 working days of signing the contract."),
    (Terms(days_ahead=1), "Filed at least 1 day before the visit; later it is refused."),
    (Terms(minutes_ahead=60), "Filed at least 60 minutes before the visit."),
    (
        Terms(mask_holds=True),
        "A mobile with hidden digits holds the customer like a whole one, together with name and gender.",
    ),
    (Terms(needs_approval=True), "While it waits nobody else can file the customer."),
    (
        Terms(needs_approval=True, contest="evidence"),
        "Until then others may file the customer as well. One filing is granted, the others are told.",
    ),
    (Terms(needs_approval=True, decide_within=Term(1, "hour")), "It is decided within 1 hour."),
    (
        Terms(unclear_waits=True),
        "A filing that could be of a customer filed already waits until a person has compared the two.",
    ),
    (Terms(hold_limit=50), "One person holds at most 50 customers."),
    (Terms(term=Term(2, "hour")), "2 hours, counted from the minute."),
    (Terms(past_holidays=True), "An end on a day off moves to the end of the next working day."),
    (Terms(visit_term=Term(30)), "Once the visit is confirmed: 30 days from then on, where that is later."),
    (Terms(deal_term=Term(12, "month")), "Once a deal is made: 12 months from then on, where that is later."),
    (Terms(named_day=date(2026, 10, 1)), "What begins by 2026-10-01 is held through that day."),
    (Terms(named_day=date(2026, 10, 1)), "What begins later has no end."),
    (Terms(named_day=date(2026, 10, 1), term=Term(7)), "What begins later is held for 7 days."),
    (Terms(tells_from=True), "Others who ask for the customer are told the day from which they may file."),
    (Terms(term=Term(7), remind_days=1), "A reminder comes 1 day before the end."),
    (
        Terms(extensions=2, extension_term=Term(7), extension_days_before=20, extension_needs_news=True),
        "Asked for at least 20 days before the end.",
    ),
    (Terms(extensions=2, extension_term=Term(7)), "At most 2 times, by 7 days each."),
    (
        Terms(extensions=1, extension_term=Term(7), extension_needs_news=True),
        "What is new about the customer has to be said.",
    ),
    (Terms(queue=3), "3 other people may wait; the first takes over as soon as the protection has ended."),
    (Terms(queue=1, promoted_extensions=2), "It is extended 2 times at most."),
    (Terms(contact_every=Term(5)), "It ends when no follow-up was recorded for 5 days."),
    (
        Terms(contact_every=Term(5), visit_term=Term(30)),
        "Until the visit is confirmed, it ends when no follow-up was recorded for 5 days.",
    ),
    (Terms(remind_idle=Term(3)), "After 3 days without follow-up there is a reminder."),
    (Terms(void_ban=Term(3, "month")), "After a false filing its filer can't file the customer for 3 months."),
    (Terms(cool_down=Term(30)), "Whoever lets a customer go can't file it again for 30 days."),
]


@pytest.mark.parametrize(("terms", "sentence"), SETTINGS)
def test_every_setting_is_said(terms, sentence):
    assert [each for said in parts(terms).values() for each in said].count(sentence) == 1


def test_extension_without_approval_says_nothing_of_one():
    terms = Terms(extensions=1, extension_term=Term(7), extension_needs_approval=False)

    assert "Somebody has to approve it." not in parts(terms)["Longer protection"]


def test_conditions_are_named():
    when = Conditions(sources=(1, 2), units=(9,), regions=("450100",), filing_kinds=("special",))
    names = {"sources": {1: "自然客户"}, "units": {9: "办公室"}, "regions": {"450100": "南宁"}}

    assert describe_conditions(when, names) == [
        "source: 自然客户, 2",
        "outlet: 办公室",
        "region: 南宁",
        "filing kind: special filing",
    ]
    assert describe_conditions(Conditions(), {}) == ["All filings that no policy before this one is for."]


def test_differences_are_the_sentences_that_went_and_came():
    before, after = Terms(term=Term(7)), Terms(term=Term(7), queue=1, when=Conditions(customer_kinds=("person",)))

    assert differences(before, before, {}) == []
    assert differences(before, after, {}) == [
        Change(False, "For which filings: All filings that no policy before this one is for."),
        Change(False, "Waiting in line: Nobody waits in line."),
        Change(True, "For which filings: kind of customer: individual"),
        Change(True, "Waiting in line: 1 other person may wait and takes over as soon as the protection has ended."),
    ]


HELD = "held through {}; others may file from {}"


@pytest.mark.parametrize(
    ("terms", "at", "expected"),
    [
        (DEFAULT_TERMS, MORNING, [("Filed today", "held without an end")]),
        (
            FURNISHING.terms,
            MORNING,
            [
                ("Filed today", HELD.format("2026-07-29", "2026-07-30")),
                ("Filed on 2026-07-31", HELD.format("2026-08-07", "2026-08-08")),
                ("Began today, deposit recorded today", HELD.format("2026-10-20", "2026-10-21")),
            ],
        ),
        (
            PROJECT.terms,
            start_of(date(2026, 11, 30)),
            [
                ("Filed today", "decided by 2026-12-09"),
                ("Approved today", HELD.format("2027-02-28", "2027-03-01")),
                ("Approved on 2026-12-31", HELD.format("2027-03-31", "2027-04-01")),
                ("Extension of what began today", "asked for by 2027-02-08"),
                ("Extended", HELD.format("2027-05-28", "2027-05-29")),
            ],
        ),
        (
            QUEUE.terms,
            start_of(date(2026, 9, 1)) + timedelta(hours=9),
            [
                ("Filed today", "decided by 2026-09-01 10:00"),
                ("Approved today", HELD.format("2026-10-08", "2026-10-09")),
                ("Approved on 2026-10-31", HELD.format("2026-11-30", "2026-12-01")),
                ("Extension of what began today", "asked for by 2026-10-08"),
                ("Extended", HELD.format("2026-11-09", "2026-11-10")),
                ("Extended while somebody waits", HELD.format("2026-10-23", "2026-10-24")),
                ("Whoever waits takes over on 2026-10-09", HELD.format("2026-11-09", "2026-11-10")),
            ],
        ),
        (
            opening(date(2026, 10, 1)).terms,
            MORNING,
            [
                ("Filed today", HELD.format("2026-10-01", "2026-10-02")),
                ("Filed on 2026-07-31", HELD.format("2026-10-01", "2026-10-02")),
                ("Filed on 2026-10-02, the day after the day named", HELD.format("2026-10-09", "2026-10-10")),
            ],
        ),
        (
            Terms(term=Term(2, "hour"), visit_term=Term(30), deal_term=Term(1, "month"), contact_every=Term(5)),
            MORNING,
            [
                ("Filed today", HELD.format("2026-07-22 11:30", "2026-07-22 11:30")),
                ("Began today, visit confirmed today", HELD.format("2026-08-21", "2026-08-22")),
                ("Began today, deal made today", HELD.format("2026-08-22", "2026-08-23")),
                ("Last follow-up today", "the next one by 2026-07-27, or the protection ends"),
            ],
        ),
        (
            Terms(term=Term(1, "month"), deposit_term=Term(3), visit_term=Term(1, "month"), deal_term=Term(32)),
            MORNING,
            [
                ("Filed today", HELD.format("2026-08-22", "2026-08-23")),
                ("Filed on 2026-07-31", HELD.format("2026-08-31", "2026-09-01")),
                ("Began today, deposit recorded today", HELD.format("2026-08-22", "2026-08-23")),
                ("Began today, visit confirmed today", HELD.format("2026-08-22", "2026-08-23")),
                ("Began today, deal made today", HELD.format("2026-08-23", "2026-08-24")),
            ],
        ),
        (
            Terms(deposit_term=Term(90), deal_term=Term(7)),
            MORNING,
            [
                ("Filed today", "held without an end"),
                ("Began today, deposit recorded today", "held without an end"),
                ("Began today, deal made today", "held without an end"),
            ],
        ),
    ],
)
def test_examples_are_reckoned_like_real_filings(terms, at, expected):
    assert examples(terms, at, CALENDAR) == [Example(*pair) for pair in expected]


@pytest.mark.parametrize(
    ("day", "found"), [("2026-07-31", "2026-07-31"), ("2026-08-31", "2026-08-31"), ("2026-09-01", "2026-10-31")]
)
def test_next_31st_from_a_day_on(day, found):
    assert last_of_long_month(date.fromisoformat(day)) == date.fromisoformat(found)
