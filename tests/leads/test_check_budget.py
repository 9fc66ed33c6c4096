"""The budget of checks: so many customers a day that are asked about and not filed (MATCH-6, guarantees 2)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.clock import told
from core.models import Event
from leads.models import Collision, FilingAttempt, Lead
from policies.models import FilingSettings, Quota
from tests.factories import MORNING, LeadFactory, RegionFactory, SourceFactory
from tests.leads.filings import body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

CHECK = "/leads/check/"
JSON = {"Accept": "application/json"}
BUDGET = 3
SECOND = timedelta(seconds=1)
HALF_HOUR = timedelta(minutes=30)
MIDNIGHT = MORNING.replace(hour=0, minute=0)
SILENT = (429, {"verdict": None, "from": None, "next": [], "problems": {}})


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with told(MORNING):
        yield


@pytest.fixture(autouse=True)
def budget(db: None) -> FilingSettings:
    settings: FilingSettings = FilingSettings.objects.create(pk=1, check_budget=BUDGET)
    return settings


@pytest.fixture
def desk(client: Client, agent: User) -> Client:
    client.force_login(agent)
    return client


def number(place: int) -> str:
    return f"138001380{place:02}"


def sent(user: User, place: int, **changed: Any) -> dict[str, Any]:
    return body(user, mobile=number(place), **changed)


def check(client: Client, user: User, place: int, **changed: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(CHECK, sent(user, place, **changed), headers=JSON)
    return response.status_code, response.json()


def verdicts(client: Client, user: User, places: range) -> list[str | None]:
    return [check(client, user, place)[1]["verdict"] for place in places]


def test_twenty_customers_are_answered_and_the_next_is_not(desk: Client, agent: User):
    FilingSettings.objects.all().delete()

    assert verdicts(desk, agent, range(19)) == ["free"] * 19
    assert check(desk, agent, 19)[0] == 200
    assert check(desk, agent, 20) == SILENT


@pytest.mark.parametrize("most", [0, 2, 500])
def test_budget_is_a_setting(desk: Client, agent: User, most: int):
    FilingSettings.objects.update(check_budget=most)
    FilingAttempt.objects.bulk_create(attempt(agent, f"mobile:{place}") for place in range(most - 1))

    answers = [check(desk, agent, place)[0] for place in range(2)]

    assert answers == ([200, 429] if most else [429, 429])


def attempt(user: User, *keys: str) -> FilingAttempt:
    return FilingAttempt(actor=user, filer=user, keys=list(keys), at=MORNING, door="check", verdict="free")


def test_customer_asked_about_today_is_answered_beyond_the_budget(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET + 1))

    assert verdicts(desk, agent, range(BUDGET)) == ["free"] * BUDGET
    assert check(desk, agent, 0, building_room="3-2-1601")[0] == 200
    assert check(desk, agent, BUDGET) == SILENT


def test_answer_beyond_the_budget_is_the_same_for_every_customer(desk: Client, agent: User, colleague: User):
    LeadFactory(filer=colleague, mobile=number(BUDGET))
    LeadFactory(filer=agent, mobile=number(BUDGET + 1))
    verdicts(desk, agent, range(BUDGET))

    answers = {desk.post(CHECK, sent(agent, BUDGET + more), headers=JSON).content for more in range(3)}
    fragments = {desk.post(CHECK, sent(agent, BUDGET + more)).content for more in range(3)}

    assert (len(answers), len(fragments)) == (1, 1)


def test_fragment_beyond_the_budget_says_what_still_works(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET))

    response = desk.post(CHECK, sent(agent, BUDGET))

    drawn = response.content.decode()
    assert response.status_code == 429
    assert 'data-verdict=""' in drawn
    assert "<strong>Today&#x27;s checks are used up.</strong>" in drawn and "You can still file" in drawn


def test_faults_are_named_beyond_the_budget(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET))

    status, answer = check(desk, agent, BUDGET, estimated_amount="viel")

    assert (status, answer["verdict"], answer["problems"]) == (429, None, {"estimated_amount": ["Enter a number."]})


def test_form_files_beyond_the_budget(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET + 1))

    response = desk.post("/leads/new/", sent(agent, BUDGET))

    assert (response.status_code, Lead.objects.count()) == (302, 1)


def test_form_without_keys_is_answered_beyond_the_budget(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET))

    response = desk.post(CHECK, body(agent, mobile=""), headers=JSON)

    assert (response.status_code, response.json()["verdict"]) == (200, "unclear")


def test_own_address_does_not_make_fifty_mobiles_one_customer(desk: Client, agent: User):
    address = {"city": RegionFactory(name="南宁", area_code="0771").pk, "building_room": "3-2-1601"}

    answers = [check(desk, agent, place, **address)[0] for place in range(6)]

    assert answers == [200] * BUDGET + [429] * 3


def test_number_in_the_phone_field_counts_like_a_mobile(desk: Client, agent: User):
    FilingSettings.objects.update(check_budget=4)

    answers = [check(desk, agent, 2 * place, phone=number(2 * place + 1))[0] for place in range(3)]

    assert answers == [200, 200, 429]


def test_names_guessed_at_one_number_count_from_the_fourth(desk: Client, agent: User):
    answers = [check(desk, agent, 0, name=f"韦半夏{letter}")[0] for letter in "甲乙丙丁戊己"]

    assert answers == [200] * 5 + [429]


def test_number_that_is_still_typed_is_not_asked_about(desk: Client, agent: User):
    digits = number(0)

    answers = [desk.post(CHECK, body(agent, mobile=digits[:end]), headers=JSON) for end in range(3, 12)]

    assert [answer.json()["verdict"] for answer in answers] == ["unclear"] * 8 + ["free"]
    assert FilingAttempt.objects.count() == 1


@pytest.mark.parametrize(("after", "left"), [(HALF_HOUR - SECOND, 1), (HALF_HOUR + SECOND, 0)])
def test_customer_filed_within_half_an_hour_is_given_back(desk: Client, agent: User, after: timedelta, left: int):
    verdicts(desk, agent, range(BUDGET))

    with told(MORNING + after):
        desk.post("/leads/new/", sent(agent, 0))
        answers = [check(desk, agent, BUDGET + more)[0] for more in range(2)]

    assert answers == [200] * left + [429] * (2 - left)


def test_customer_somebody_else_files_is_not_given_back(client: Client, agent: User, colleague: User):
    client.force_login(agent)
    verdicts(client, agent, range(BUDGET))
    client.force_login(colleague)
    client.post("/leads/new/", sent(colleague, 0))

    client.force_login(agent)

    assert check(client, agent, BUDGET) == SILENT


def test_refused_filing_is_a_question(desk: Client, agent: User, colleague: User):
    for place in range(BUDGET):
        LeadFactory(filer=colleague, mobile=number(place))
        desk.post("/leads/new/", sent(agent, place))

    assert verdicts(desk, agent, range(BUDGET)) == ["taken"] * BUDGET
    assert check(desk, agent, BUDGET) == SILENT


def test_filing_that_is_refused_for_its_faults_opens_no_door_to_the_check(desk: Client, agent: User):
    """What was asked about is answered beyond the budget: a faulty form must not pass for a question."""
    needy = SourceFactory(name="家装公司推荐", decoration_company="required").pk
    assert desk.post("/leads/new/", sent(agent, BUDGET, source=needy)).status_code == 422
    verdicts(desk, agent, range(BUDGET))

    assert check(desk, agent, BUDGET) == SILENT


def test_filing_that_is_refused_for_the_quota_opens_no_door_to_the_check(desk: Client, agent: User):
    Quota.objects.create(scope="site", cap=0)
    assert desk.post("/leads/new/", sent(agent, BUDGET)).status_code == 422
    verdicts(desk, agent, range(BUDGET))

    assert check(desk, agent, BUDGET)[0] == 429


def test_budget_begins_anew_at_midnight_in_shanghai(desk: Client, agent: User):
    with told(MIDNIGHT - SECOND):
        verdicts(desk, agent, range(BUDGET))
        before = check(desk, agent, BUDGET)
    with told(MIDNIGHT):
        after = check(desk, agent, BUDGET)

    assert (before, after[0]) == (SILENT, 200)


def test_budget_is_each_persons_own(client: Client, agent: User, colleague: User):
    client.force_login(agent)
    verdicts(client, agent, range(BUDGET + 1))

    client.force_login(colleague)

    assert verdicts(client, colleague, range(BUDGET)) == ["free"] * BUDGET


def test_those_who_may_know_have_no_budget_and_no_alarm_but_are_logged(client: Client, office: User, agent: User):
    for place in range(12):
        LeadFactory(filer=agent, mobile=number(place))
    client.force_login(office)

    answers = verdicts(client, office, range(13))

    assert answers == ["taken"] * 12 + ["free"]
    assert FilingAttempt.objects.filter(actor=office, door="check").count() == 13
    assert not alarms(office)


def test_silent_check_is_logged_without_verdict(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET + 2))

    logged = FilingAttempt.objects.filter(actor=agent, door="check").order_by("pk")

    assert [one.verdict for one in logged] == ["free"] * BUDGET + ["", ""]
    assert all(one.keys and not one.accepted for one in logged)
    assert not Collision.objects.exists()


def test_log_has_digests_and_no_numbers(desk: Client, agent: User):
    check(desk, agent, 0)

    [logged] = FilingAttempt.objects.all()

    assert all(re.fullmatch(r"(mobile|name):[0-9a-f]{32}", key) for key in logged.keys)


def alarms(user: User) -> list[dict[str, int]]:
    events = Event.objects.filter(subject_type="accounts.user", subject_id=user.pk, action="check_alarm", by=user)
    return list(events.order_by("pk").values_list("changes", flat=True))


def test_alarm_is_raised_once_when_half_of_ten_are_hits(desk: Client, agent: User, colleague: User):
    FilingSettings.objects.update(check_budget=20)
    for place in range(5):
        LeadFactory(filer=colleague, mobile=number(place))

    verdicts(desk, agent, range(9))
    before = alarms(agent)
    verdicts(desk, agent, range(9, 10))
    raised = alarms(agent)
    verdicts(desk, agent, range(12))

    assert (before, raised, alarms(agent)) == ([], [{"asked": 10, "hits": 5}], raised)


def test_four_hits_of_ten_raise_no_alarm(desk: Client, agent: User, colleague: User):
    FilingSettings.objects.update(check_budget=20)
    for place in range(4):
        LeadFactory(filer=colleague, mobile=number(place))

    verdicts(desk, agent, range(10))

    assert alarms(agent) == []


def test_unclear_by_others_is_a_hit_and_by_oneself_is_none(desk: Client, agent: User, colleague: User):
    FilingSettings.objects.update(check_budget=20)
    for place in range(5):
        LeadFactory(filer=colleague, mobile=f"138****80{place:02}")
        LeadFactory(filer=agent, mobile=f"138****81{place:02}")

    answers = [check(desk, agent, place)[1]["verdict"] for place in range(5)]
    own = [desk.post(CHECK, body(agent, mobile=f"138001381{place:02}"), headers=JSON) for place in range(5)]

    assert answers == [answer.json()["verdict"] for answer in own] == ["unclear"] * 5
    assert alarms(agent) == [{"asked": 10, "hits": 5}]


def test_alarm_is_raised_once_a_day_when_the_budget_is_used_up(desk: Client, agent: User):
    verdicts(desk, agent, range(BUDGET + 3))
    first = alarms(agent)
    with told(MORNING + timedelta(days=1)):
        verdicts(desk, agent, range(BUDGET + 3))

    assert first == [{"asked": BUDGET, "hits": 0}]
    assert alarms(agent) == first * 2


def statements(client: Client, user: User, **changed: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.post(CHECK, body(user, **changed), headers=JSON)
    return len(captured)


def test_free_taken_and_unclear_cost_the_same_statements(desk: Client, agent: User, colleague: User):
    Quota.objects.create(scope="site", cap=50)
    LeadFactory(filer=colleague, mobile=number(1))
    LeadFactory(filer=colleague, mobile="138****8002")
    city = RegionFactory(name="南宁", area_code="0771").pk
    mobiles = (number(0), number(1), number(2))

    within = [statements(desk, agent, mobile=mobile, city=city) for mobile in mobiles]
    verdicts(desk, agent, range(3, BUDGET + 3))
    again = [statements(desk, agent, mobile=mobile, city=city) for mobile in mobiles]
    LeadFactory(filer=colleague, mobile=number(BUDGET + 4))
    LeadFactory(filer=colleague, mobile=f"138****80{BUDGET + 5}")
    beyond = [statements(desk, agent, mobile=number(BUDGET + more), city=city) for more in (3, 4, 5)]

    assert len(set(within)) == len(set(again)) == len(set(beyond)) == 1


def test_check_looks_up_once_and_reads_no_filing_of_others(desk: Client, agent: User, colleague: User):
    LeadFactory(filer=colleague, mobile=number(0))

    with CaptureQueriesContext(connection) as captured:
        check(desk, agent, 0)

    looked_up = [query["sql"] for query in captured if '"customers_identitykey"' in query["sql"]]
    standing = [query["sql"] for query in captured if '"leads_protection"' in query["sql"]]
    of_filings = [query["sql"] for query in captured if 'FROM "leads_lead"' in query["sql"]]
    assert (len(looked_up), len(standing)) == (1, 1)
    assert of_filings == standing and f'"leads_lead"."filer_id" IN ({agent.pk})' in standing[0]
