"""A second before an end, at it and after it: whose customer is it? In Shanghai and in UTC (`policies.md`)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts import roles
from accounts.models import Grant, Unit
from approvals.days import load_chinese_days
from policies.choosing import PolicyInForce
from policies.terms import Term
from tests.ownership import stories
from tests.ownership.scenes import held, policy
from tests.ownership.stories import Step, Story, local
from tests.people import *  # noqa: F403
from tests.people import person

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
SHANGHAI = "Asia/Shanghai"
WEEK, MONTH = {"term": Term(7)}, {"term": Term(1, "month")}
FURNISHING = WEEK | {"deposit_term": Term(90)}
LONGER = {"extensions": 1, "extension_needs_approval": False, "extension_term": Term(1, "month")}
SHORTER = LONGER | {"extension_term_waiting": Term(15), "queue": 1, "promoted_term": Term(2, "month")}
AGENCY = MONTH | SHORTER
ESTATE = WEEK | {"visit_term": Term(30)}
CONTACT = {"term": Term(30), "contact_every": Term(5)}
OPENING = {"named_day": date(2026, 10, 1), "term": Term(7)}
IN_HOURS = {"term": Term(48, "hour")}
IN_WORKING_DAYS = {"term": Term(5, "working_day")}
FREE_WORKING_DAY = {"past_holidays": True}
APPROVED = MONTH | {"needs_approval": True}

Terms = dict[str, Any]
Steps = dict[str, Step]
"""What happens, by when."""


def in_both_zones(names: Iterable[str], *, at_once: Iterable[str] = ()) -> pytest.MarkDecorator:
    """Each case in a site of Shanghai and in one of UTC; there all but those named `at_once` are left to the drill."""
    there = {name: () if name in set(at_once) else pytest.mark.drill for name in names}
    here = [pytest.param(SHANGHAI, name, id=name) for name in there]
    elsewhere = [pytest.param("UTC", name, id=f"{name}, in UTC", marks=marks) for name, marks in there.items()]
    return pytest.mark.parametrize(("zone", "name"), here + elsewhere, indirect=["zone"])


@pytest.fixture
def zone(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The site's own zone: its days begin at this midnight."""
    settings.TIME_ZONE = request.param
    assert timezone.get_default_timezone_name() == request.param
    return str(request.param)


@pytest.fixture
def calendar(zone: str) -> None:
    load_chinese_days([2026, 2027])


@pytest.fixture
def new_story(calendar: None, shipped_roles: None, outlet: Unit, store: Unit) -> Iterator[Callable[..., Story]]:
    """Stories of customers under one policy. When they are told, the ledgers say what the protections do."""
    people = {
        name: person(role, unit, name)
        for name, role, unit in (
            ("filer", roles.SALESPERSON, outlet),
            ("waiter", roles.SALESPERSON, outlet),
            ("rival", roles.SALESPERSON, outlet),
            ("office", roles.MANAGER, outlet),
            ("seller", roles.SHOWROOM, store),
        )
    }
    for name in ("filer", "waiter"):
        Grant.objects.create(manager=people["office"], person=people[name])

    def tell(judged_by: PolicyInForce, steps: Steps) -> Story:
        story = Story(judged_by, **people)
        for moment, step in steps.items():
            with stories.told(local(moment)):
                step(story)
        return story

    yield tell
    assert stories.ledgers_disagree() == []


HOURS = ["00:00:00", "00:00:01", "07:59:59", "08:00:00", "09:30:15", "15:59:59", "16:00:00", "23:59:59"]
"""The edges of the site's day, and those of the day in UTC and in Shanghai."""

ENDS: dict[str, tuple[Terms, Steps, str]] = {
    **{f"a week from {hour}": (WEEK, {f"2026-06-01 {hour}": stories.filed}, "2026-06-09 00:00") for hour in HOURS},
    "a week over the year's end": (WEEK, {"2026-12-25 23:59:59": stories.filed}, "2027-01-02 00:00"),
    "a week to the year's end": (WEEK, {"2026-12-24 00:00": stories.filed}, "2027-01-01 00:00"),
    "a day from the last of the year": ({"term": Term(1)}, {"2026-12-31 23:59:59": stories.filed}, "2027-01-02 00:00"),
    "a day from 28 February": ({"term": Term(1)}, {"2028-02-28 12:00": stories.filed}, "2028-03-01 00:00"),
    "a month from 31 January": (MONTH, {"2026-01-31 12:00": stories.filed}, "2026-03-01 00:00"),
    "a month from 31 January of a leap year": (MONTH, {"2028-01-31 12:00": stories.filed}, "2028-03-01 00:00"),
    "a month from 29 February": (MONTH, {"2028-02-29 23:59:59": stories.filed}, "2028-03-30 00:00"),
    "a month from 31 December": (MONTH, {"2026-12-31 23:59:59": stories.filed}, "2027-02-01 00:00"),
    "two months from 31 December": (
        {"term": Term(2, "month")},
        {"2026-12-31 00:00": stories.filed},
        "2027-03-01 00:00",
    ),
    "a year from 29 February": ({"term": Term(12, "month")}, {"2028-02-29 12:00": stories.filed}, "2029-03-01 00:00"),
    "hours": (IN_HOURS, {"2026-06-01 09:30:15": stories.filed}, "2026-06-03 09:30:15"),
    "hours over the year's end": (IN_HOURS, {"2026-12-30 23:59:59": stories.filed}, "2027-01-01 23:59:59"),
    "hours over 29 February": (IN_HOURS, {"2028-02-28 08:00": stories.filed}, "2028-03-01 08:00"),
    "working days over the National Day": (IN_WORKING_DAYS, {"2026-09-30 18:00": stories.filed}, "2026-10-14 00:00"),
    "working days from the National Day": (IN_WORKING_DAYS, {"2026-10-03 12:00": stories.filed}, "2026-10-14 00:00"),
    "working days over the Spring Festival": (
        IN_WORKING_DAYS,
        {"2026-02-13 00:00": stories.filed},
        "2026-02-28 00:00",
    ),
    "a working day that makes up": (
        {"term": Term(1, "working_day")},
        {"2026-02-27 12:00": stories.filed},
        "2026-03-01 00:00",
    ),
    "the end stays on a day off": (MONTH, {"2026-09-01 12:00": stories.filed}, "2026-10-02 00:00"),
    "the end moves past the National Day": (
        MONTH | FREE_WORKING_DAY,
        {"2026-09-01 12:00": stories.filed},
        "2026-10-09 00:00",
    ),
    "the end moves past the Spring Festival": (
        WEEK | FREE_WORKING_DAY,
        {"2026-02-08 23:59:59": stories.filed},
        "2026-02-25 00:00",
    ),
    "the end stays on a Saturday that makes up": (
        WEEK | FREE_WORKING_DAY,
        {"2026-10-03 12:00": stories.filed},
        "2026-10-11 00:00",
    ),
    "the end moves past a Sunday": (WEEK | FREE_WORKING_DAY, {"2026-06-07 12:00": stories.filed}, "2026-06-16 00:00"),
    "filed before the named day": (OPENING, {"2026-09-10 12:00": stories.filed}, "2026-10-02 00:00"),
    "filed at the end of the named day": (OPENING, {"2026-10-01 23:59:59": stories.filed}, "2026-10-02 00:00"),
    "filed after the named day": (OPENING, {"2026-10-02 00:00": stories.filed}, "2026-10-10 00:00"),
    "a named day alone": (
        {"named_day": date(2026, 10, 1)},
        {"2026-10-01 00:00": stories.filed},
        "2026-10-02 00:00",
    ),
    "approved": (APPROVED, {"2026-01-10 12:00": stories.filed, "2026-01-31 23:59:59": stories.granted}, "2026-03-01"),
    "approved on 29 February": (
        APPROVED,
        {"2028-01-30 12:00": stories.filed, "2028-02-29 00:00": stories.granted},
        "2028-03-30 00:00",
    ),
    "a deposit": (
        FURNISHING,
        {"2026-06-01 12:00": stories.filed, "2026-06-02 23:59:59": stories.deposited},
        "2026-09-01 00:00",
    ),
    "a deposit in the last second": (
        FURNISHING,
        {"2026-06-01 12:00": stories.filed, "2026-06-08 23:59:59": stories.deposited},
        "2026-09-07 00:00",
    ),
    "a deposit over 29 February": (
        FURNISHING,
        {"2027-12-01 00:00": stories.filed, "2027-12-02 00:00": stories.deposited},
        "2028-03-02 00:00",
    ),
    "a deposit past a holiday": (
        FURNISHING | FREE_WORKING_DAY,
        {"2026-07-01 12:00": stories.filed, "2026-07-05 12:00": stories.deposited},
        "2026-10-09 00:00",
    ),
    "a deposit that moves nothing": (
        MONTH | {"deposit_term": Term(3)},
        {"2026-06-01 12:00": stories.filed, "2026-06-02 12:00": stories.deposited},
        "2026-07-02 00:00",
    ),
    "a deposit that was reversed": (
        FURNISHING,
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.deposited,
            "2026-06-03 12:00": stories.reversed_,
        },
        "2026-06-09 00:00",
    ),
    "a deposit after an approval, reversed": (
        APPROVED | {"deposit_term": Term(90)},
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.granted,
            "2026-06-03 12:00": stories.deposited,
            "2026-06-04 12:00": stories.reversed_,
        },
        "2026-07-03 00:00",
    ),
    "a deposit on what has run out": (
        FURNISHING,
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-08 12:00": stories.assigned,
            "2026-06-09 00:00": stories.paid,
        },
        "2026-09-08 00:00",
    ),
    "a deal with a term": (
        FURNISHING | {"deal_term": Term(12, "month")},
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.deposited,
            "2026-06-30 12:00": stories.won,
        },
        "2027-07-01 00:00",
    ),
    "a visit": (
        ESTATE,
        {"2026-06-01 12:00": stories.filed, "2026-06-08 23:59:59": stories.visited},
        "2026-07-09 00:00",
    ),
    "a visit over the year's end": (
        ESTATE,
        {"2026-12-01 12:00": stories.filed, "2026-12-02 00:00": stories.visited},
        "2027-01-02 00:00",
    ),
    "an extension": (
        AGENCY,
        {"2026-06-01 12:00": stories.filed, "2026-07-01 23:59:59": stories.extended},
        "2026-08-02 00:00",
    ),
    "an extension from 31 January": (
        AGENCY,
        {"2026-12-31 12:00": stories.filed, "2027-01-31 12:00": stories.extended},
        "2027-03-01 00:00",
    ),
    "an extension of hours": (
        IN_HOURS | LONGER | {"extension_term": Term(24, "hour")},
        {"2026-06-01 09:30:15": stories.filed, "2026-06-03 09:30:14": stories.extended},
        "2026-06-04 09:30:15",
    ),
    "an extension granted after the end was near": (
        MONTH | LONGER | {"extension_needs_approval": True},
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-20 12:00": stories.extended,
            "2026-07-01 23:59:59": stories.granted,
        },
        "2026-08-02 00:00",
    ),
    "no follow-up": (CONTACT, {"2026-06-01 23:59:59": stories.filed}, "2026-06-07 00:00"),
    "a follow-up": (
        CONTACT,
        {"2026-06-01 12:00": stories.filed, "2026-06-06 23:59:59": stories.followed_up},
        "2026-06-12 00:00",
    ),
    "follow-ups to the end": (
        CONTACT | {"term": Term(7)},
        {"2026-06-01 12:00": stories.filed, "2026-06-06 12:00": stories.followed_up},
        "2026-06-09 00:00",
    ),
    "contact over the year's end": (CONTACT, {"2026-12-28 00:00": stories.filed}, "2027-01-03 00:00"),
}


@in_both_zones(ENDS, at_once=[*(f"a week from {hour}" for hour in HOURS), "hours", "a deposit", "an extension"])
def test_customer_is_the_filers_until_its_end_and_nobodys_from_it(name: str, new_story: Any) -> None:
    terms, steps, said = ENDS[name]
    rules, end = policy(**terms), local(said)
    story, later = new_story(rules, steps), new_story(rules, steps)

    before = story.tried(story.rival, end - SECOND)
    due = [moment for moment in (held(story.lead).ends_at, held(story.lead).contact_by) if moment]
    tried = [before, story.tried(story.rival, end), later.tried(later.rival, end + SECOND)]

    assert tried == ["taken", "rival", "rival"]
    assert min(due) == end
    assert [each.last_ended() for each in (story, later)] == [end, end]


TURNS: dict[str, tuple[Terms, Steps, str, str]] = {
    "the term": (
        AGENCY,
        {"2026-06-01 12:00": stories.filed, "2026-06-02 12:00": stories.queued},
        "2026-07-02 00:00",
        "2026-09-03 00:00",
    ),
    "the term from 31 January": (
        AGENCY,
        {"2027-12-31 12:00": stories.filed, "2028-01-31 23:59:59": stories.queued},
        "2028-02-01 00:00",
        "2028-04-02 00:00",
    ),
    "an extension, shorter since somebody waits": (
        AGENCY,
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.queued,
            "2026-07-01 12:00": stories.extended,
        },
        "2026-07-17 00:00",
        "2026-09-18 00:00",
    ),
    "no term of its own": (
        MONTH | {"queue": 1},
        {"2026-06-01 12:00": stories.filed, "2026-06-02 12:00": stories.queued},
        "2026-07-02 00:00",
        "2026-08-03 00:00",
    ),
    "hours": (
        IN_HOURS | {"queue": 1},
        {"2026-06-01 09:30:15": stories.filed, "2026-06-02 12:00": stories.queued},
        "2026-06-03 09:30:15",
        "2026-06-05 09:30:15",
    ),
    "past the National Day": (
        AGENCY | FREE_WORKING_DAY,
        {"2026-09-01 12:00": stories.filed, "2026-09-02 12:00": stories.queued},
        "2026-10-09 00:00",
        "2026-12-10 00:00",
    ),
    "noticed a month late": (
        AGENCY,
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.queued,
            "2026-08-01 12:00": stories.ticked,
        },
        "2026-07-02 00:00",
        "2026-09-03 00:00",
    ),
    "released": (
        AGENCY,
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.queued,
            "2026-06-10 23:59:59": stories.released,
        },
        "2026-06-10 23:59:59",
        "2026-08-11 00:00",
    ),
    "voided": (
        AGENCY,
        {
            "2026-06-01 12:00": stories.filed,
            "2026-06-02 12:00": stories.queued,
            "2026-06-10 12:00": stories.voided,
        },
        "2026-06-10 12:00",
        "2026-08-11 00:00",
    ),
}


@in_both_zones(TURNS, at_once=["the term"])
def test_waiter_has_it_from_the_end_for_a_term_of_its_own(name: str, new_story: Any) -> None:
    terms, steps, turn, said = TURNS[name]
    rules, end = policy(**terms), local(said)
    story, later = new_story(rules, steps), new_story(rules, steps)

    before = story.tried(story.rival, end - SECOND)
    had = held(story.waiting)
    tried = [before, story.tried(story.rival, end), later.tried(later.rival, end + SECOND)]

    assert tried == ["taken", "rival", "rival"]
    assert (had.started_at, had.ends_at) == (local(turn), end)


@in_both_zones([name for name in TURNS if name not in {"noticed a month late", "released", "voided"}])
def test_waiter_takes_over_in_the_second_of_the_end(name: str, new_story: Any) -> None:
    terms, steps, turn, _end = TURNS[name]
    story, later = (new_story(judged_by, steps) for judged_by in [policy(**terms)] * 2)

    tried = [story.tried(story.rival, local(turn) - SECOND)]
    owners = [story.owner()]
    tried += [story.tried(story.rival, local(turn)), later.tried(later.rival, local(turn) + SECOND)]
    owners += [story.owner(), later.owner()]

    assert tried == ["taken"] * 3
    assert owners == ["filer", "waiter", "waiter"]


BARS: dict[str, tuple[Terms, Steps, str]] = {
    "ban": (
        MONTH | {"void_ban": Term(3, "month")},
        {"2026-11-30 12:00": stories.filed, "2026-11-30 23:59:59": stories.voided},
        "2027-03-01 00:00",
    ),
    "cool-down": (
        MONTH | {"cool_down": Term(30)},
        {"2026-12-02 12:00": stories.filed, "2026-12-02 23:59:59": stories.released},
        "2027-01-02 00:00",
    ),
    "cool-down over 29 February": (
        MONTH | {"cool_down": Term(1, "month")},
        {"2028-01-31 12:00": stories.filed, "2028-01-31 12:30": stories.released},
        "2028-03-01 00:00",
    ),
    "hours": (
        MONTH | {"cool_down": Term(24, "hour")},
        {"2026-06-01 12:00": stories.filed, "2026-06-01 12:30:15": stories.released},
        "2026-06-02 12:30:15",
    ),
}


@in_both_zones(BARS, at_once=["ban"])
def test_last_owner_is_barred_until_the_end_of_the_ban_or_cool_down(name: str, new_story: Any) -> None:
    terms, steps, said = BARS[name]
    rules, end = policy(**terms), local(said)
    story, later, another = (new_story(rules, steps) for _ in range(3))

    tried = [story.tried(story.filer, end - SECOND), story.tried(story.filer, end)]
    tried += [later.tried(later.filer, end + SECOND), another.tried(another.rival, end - SECOND)]

    assert tried == ["taken", "filer", "filer", "rival"]


@pytest.mark.parametrize("zone", [SHANGHAI, "UTC"], indirect=True)
@pytest.mark.parametrize(("asked", "result"), [("2026-06-11 23:59:59", ""), ("2026-06-12 00:00", "2026-06-11")])
def test_extension_is_asked_for_by_its_last_day(asked: str, result: str, new_story: Any) -> None:
    rules = policy(**MONTH, **LONGER, extension_days_before=20)
    story = new_story(rules, {"2026-06-01 12:00": stories.filed})

    with stories.told(local(asked)):
        said = ""
        try:
            stories.extended(story)
        except stories.Refused as refused:
            said = str(refused)

    assert (said == "", result in said) == (result == "", True)
    assert held(story.lead).ends_at == local("2026-08-02 00:00" if not result else "2026-07-02 00:00")
