"""The page of checks: who asked about how many customers, per person and day (MATCH-6)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.clock import told
from core.events import note_event
from leads.models import FilingAttempt
from leads.services.watching import ALARM
from tests.factories import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with told(MORNING):
        yield


def tried(who: User, *keys: str, at: datetime = MORNING, verdict: str = "free", **fields: Any) -> FilingAttempt:
    given: dict[str, Any] = {"door": "check"} | fields
    return FilingAttempt.objects.create(actor=who, filer=who, keys=list(keys), at=at, verdict=verdict, **given)


def page(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    response = client.get(f"/audit/checks/{query}")
    assert response.status_code == 200
    return response.content.decode()


def rows(client: Client, user: User, query: str = "") -> list[tuple[str, ...]]:
    """Person, day and alarm of each row, then its figures."""
    found = re.findall(
        r'<tr data-person="(\d+)" data-day="([\d-]+)" data-alarm="(1?)">(.*?)</tr>', page(client, user, query), re.S
    )
    return [(*head, *re.findall(r'data-column="\w+">([^<]+)<', cells)) for *head, cells in found]


def people(client: Client, user: User) -> set[int]:
    return {int(row[0]) for row in rows(client, user)}


def test_figures_are_those_of_the_budget(client: Client, auditor: User, agent: User):
    tried(agent, "mobile:1", verdict="taken")
    tried(agent, "mobile:1", "address:a", verdict="taken")
    tried(agent, "mobile:2", verdict="unclear", reasons=["met"])
    tried(agent, "mobile:3", verdict="unclear")
    tried(agent, "mobile:4", "name:x")
    tried(agent, "mobile:4", "name:x", door="form", accepted=True, at=MORNING + timedelta(minutes=5))
    tried(agent, "mobile:5", verdict="")
    tried(agent, "mobile:6", verdict="", door="preview")

    assert rows(client, auditor) == [(str(agent.pk), "2026-07-22", "", "4", "2", "50 %", "2", "1")]


def test_filings_refused_as_taken_are_questions_and_others_are_not(client: Client, auditor: User, agent: User):
    tried(agent, "mobile:1", verdict="taken", door="form")
    for verdict in ("", "free", "unclear"):
        tried(agent, "mobile:2", verdict=verdict, door="form", at=MORNING - DAY)
    tried(agent, "mobile:3", door="form", accepted=True, at=MORNING - DAY)

    assert rows(client, auditor) == [(str(agent.pk), "2026-07-22", "", "1", "1", "100 %", "0", "0")]


def test_filing_after_midnight_belongs_to_the_question_before_it(client: Client, auditor: User, agent: User):
    midnight = MORNING.replace(hour=0, minute=0)
    tried(agent, "mobile:1", at=midnight - timedelta(minutes=10))
    tried(agent, "mobile:1", at=midnight + timedelta(minutes=10), door="form", accepted=True)

    assert rows(client, auditor) == [(str(agent.pk), "2026-07-21", "", "1", "0", "0 %", "0", "1")]


def test_alarms_come_first_then_the_newest(client: Client, auditor: User, agent: User, colleague: User):
    for days in range(4):
        tried(agent, "mobile:1", at=MORNING - days * DAY)
    tried(colleague, "mobile:1", at=MORNING)
    note_event(agent, ALARM, by=agent, at=MORNING - 2 * DAY)
    note_event(agent, "edit", by=agent, at=MORNING - DAY)

    found = [row[:3] for row in rows(client, auditor)]

    one, other = str(agent.pk), str(colleague.pk)
    assert found == [
        (one, "2026-07-20", "1"),
        (one, "2026-07-22", ""),
        (other, "2026-07-22", ""),
        (one, "2026-07-21", ""),
        (one, "2026-07-19", ""),
    ]


def test_last_week_is_shown_by_itself_and_other_days_when_asked_for(client: Client, auditor: User, agent: User):
    for days in (0, 6, 7, 30):
        tried(agent, "mobile:1", at=MORNING.replace(hour=0, minute=0) - days * DAY)

    assert [row[1] for row in rows(client, auditor)] == ["2026-07-22", "2026-07-16"]
    assert [row[1] for row in rows(client, auditor, "?from=2026-07-01&to=2026-07-16")] == ["2026-07-16", "2026-07-15"]
    assert [row[1] for row in rows(client, auditor, "?to=2026-06-22")] == ["2026-06-22"]
    assert [row[1] for row in rows(client, auditor, "?from=2026-07-16")] == ["2026-07-22", "2026-07-16"]


def test_search_by_person(client: Client, auditor: User, agent: User, colleague: User):
    tried(agent, "mobile:1")
    tried(colleague, "mobile:1")

    assert [row[0] for row in rows(client, auditor, f"?person={colleague.pk}")] == [str(colleague.pk)]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?person=999999", "Person: "),
        ("?person=x", "Person: "),
        ("?from=0001-01-01&to=0001-01-02", "from: "),
        ("?to=9999-12-31", "to: "),
        ("?from=2026-07-22&to=2026-07-01", "The period ends before it begins."),
        ("?from=2026-01-01&to=2026-07-01", "At most 92 days can be listed at once."),
        ("?from=yesterday", "from: "),
        ("?page=0", "page: "),
    ],
)
def test_what_is_not_understood_lists_nothing_and_says_so(client: Client, auditor: User, agent: User, query, sentence):
    tried(agent, "mobile:1")

    html = page(client, auditor, query)

    assert "data-person" not in html
    assert sentence.lower() in html.lower() and "data-problem=" in html


@pytest.fixture
def everybody(
    agent, colleague, stranger, manager, partner, auditor, office, executive, administrator
) -> dict[str, int]:
    them = (agent, colleague, stranger, manager, partner, auditor, office, executive, administrator)
    for one in them:
        tried(one, "mobile:1")
    return {one.username: one.pk for one in them}


OF_THE_BRANCH = {"agent", "colleague", "manager", "partner", "auditor", "office"}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("auditor", OF_THE_BRANCH),
        ("office", OF_THE_BRANCH),
        ("administrator", OF_THE_BRANCH | {"stranger", "executive", "administrator"}),
    ],
)
def test_people_of_the_unit_and_below_are_seen(client: Client, request, everybody, who: str, seen: set[str]):
    assert people(client, request.getfixturevalue(who)) == {everybody[name] for name in seen}


def test_scope_all_sees_everybody(client: Client, everybody, auditor: User, stranger: User):
    auditor.user_permissions.add(Permission.objects.get(codename="scope_all"))

    assert people(client, auditor) == set(everybody.values())


def test_somebody_without_unit_sees_nobody(client: Client, everybody, auditor: User):
    User.objects.filter(pk=auditor.pk).update(unit=None)

    assert people(client, User.objects.get(pk=auditor.pk)) == set()


def test_person_out_of_sight_can_neither_be_chosen_nor_asked_for(client: Client, auditor: User, stranger: User):
    tried(stranger, "mobile:1")

    html = page(client, auditor, f"?person={stranger.pk}")

    assert "data-person" not in html and "stranger" not in html


@pytest.mark.parametrize("who", ["agent", "partner", "manager", "seller", "measurer", "executive"])
def test_page_is_for_those_with_the_right(client: Client, request, who: str):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/audit/checks/").status_code == 403


def test_customers_are_not_told(client: Client, auditor: User, agent: User):
    tried(agent, "mobile:0b1b9bda74041c83854c0fe6f1988f84", "name:3bc884eea6177dbcf0e95b507ee56e82", verdict="taken")

    html = page(client, auditor)

    assert "0b1b9bda" not in html and "3bc884ee" not in html


def test_without_checks_the_page_says_what_would_be_listed(client: Client, auditor: User):
    assert "Nobody checked in these days." in page(client, auditor)


def test_second_page(client: Client, auditor: User, agent: User, colleague: User):
    for days in range(30):
        tried(agent, "mobile:1", at=MORNING - days * DAY)
        tried(colleague, "mobile:1", at=MORNING - days * DAY)

    first = rows(client, auditor, "?from=2026-06-01&to=2026-07-22")
    second = rows(client, auditor, "?from=2026-06-01&to=2026-07-22&page=2")

    assert (len(first), len(second), len({row[:2] for row in first + second})) == (50, 10, 60)


@pytest.mark.parametrize("days", [1, 5])
def test_statements_do_not_grow_with_the_rows(client: Client, auditor: User, agent: User, colleague: User, days: int):
    for back in range(days):
        tried(agent, "mobile:1", at=MORNING - back * DAY)
        tried(colleague, "mobile:1", at=MORNING - back * DAY)
    client.force_login(auditor)

    with CaptureQueriesContext(connection) as statements:
        client.get("/audit/checks/")

    assert len(statements) == 4, "\n".join(query["sql"] for query in statements)
