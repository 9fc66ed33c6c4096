"""The daily quota (QUOTA-1 to -5): whose cap counts, and that nobody gets past it."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts import roles
from core.clock import told
from core.verdicts import Refused
from leads import quotas
from leads.choices import Door
from leads.models import Lead, QuotaDay
from leads.quotas import QuotaState, cap_from, quota_of, quotas_of, take
from leads.services import assignments, audit, filing
from policies.models import Quota
from tests.factories import MORNING, SHANGHAI, AssignmentFactory, LeadFactory, OrderTypeFactory, UserFactory
from tests.leads.filings import claim_of

DAY = date(2026, 7, 22)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def use_of(user, day=DAY) -> tuple[int, int]:
    return QuotaDay.objects.values_list("used", "credit").get(user=user, day=day)


@pytest.mark.parametrize(
    ("rows", "cap"),
    [
        ({}, None),
        ({"site": [5]}, 5),
        ({"site": [5], "unit": [3]}, 3),
        ({"site": [5], "unit": [3], "role": [2]}, 2),
        ({"site": [5], "unit": [3], "role": [2, 9, 4]}, 9),
        ({"site": [5], "unit": [3], "role": [2, None]}, None),
        ({"site": [5], "unit": [3], "role": [0]}, 0),
        ({"site": [5], "unit": [3], "role": [9], "person": [1]}, 1),
        ({"site": [5], "person": [0]}, 0),
        ({"site": [5], "person": [None]}, None),
        ({"site": [None]}, None),
        ({"site": [0], "unit": []}, 0),
    ],
)
def test_nearest_cap_counts(rows, cap):
    assert cap_from(rows) == cap


@pytest.mark.parametrize(
    ("state", "left", "total"),
    [
        (QuotaState(None, 3, 9), None, None),
        (QuotaState(5), 5, 5),
        (QuotaState(5, 2, 3), 4, 7),
        (QuotaState(5, 0, 5), 0, 5),
        (QuotaState(2, 0, 5), 0, 2),
        (QuotaState(0, 1, 0), 1, 1),
    ],
)
def test_what_is_left_is_never_negative(state, left, total):
    assert (state.left, state.total) == (left, total)


def test_caps_are_read_for_many_people_in_one_statement(agent, colleague, manager, django_assert_num_queries):
    Quota.objects.create(scope="site", cap=5)
    Quota.objects.create(scope="unit", unit=colleague.unit, cap=7)
    Quota.objects.create(scope="role", role=Group.objects.get(name=roles.MANAGER), cap=20)
    Quota.objects.create(scope="person", person=agent, cap=1)
    QuotaDay.objects.create(user=agent, day=DAY, used=1, credit=2)
    QuotaDay.objects.create(user=colleague, day=DAY - timedelta(days=1), used=4, credit=4)
    nobody = UserFactory(unit=None)

    with django_assert_num_queries(1):
        found = quotas_of([agent, colleague, manager, nobody], DAY)

    assert found == {
        agent.pk: QuotaState(1, 2, 1),
        colleague.pk: QuotaState(7),
        manager.pk: QuotaState(20),
        nobody.pk: QuotaState(5),
    }


def test_highest_of_several_roles_counts(agent):
    agent.groups.add(Group.objects.get(name=roles.PARTNER))
    Quota.objects.create(scope="role", role=Group.objects.get(name=roles.SALESPERSON), cap=3)
    Quota.objects.create(scope="role", role=Group.objects.get(name=roles.PARTNER), cap=8)

    assert quota_of(agent, DAY).cap == 8


def test_without_any_row_there_is_no_limit(agent):
    assert quota_of(agent, DAY) == QuotaState(None)


@pytest.mark.parametrize(
    ("cap", "credit", "used", "wanted", "granted"),
    [
        (None, 0, 9, 3, 3),
        (5, 0, 0, 1, 1),
        (5, 0, 4, 1, 1),
        (5, 0, 5, 1, 0),
        (5, 1, 5, 1, 1),
        (5, 1, 6, 1, 0),
        (0, 0, 0, 1, 0),
        (0, 2, 0, 3, 2),
        (5, 0, 2, 10, 3),
        (5, 2, 2, 10, 5),
        (5, 0, 9, 2, 0),
        (5, 0, 0, 5, 5),
    ],
)
def test_batch_gets_what_is_left(agent, cap, credit, used, wanted, granted):
    QuotaDay.objects.create(user=agent, day=DAY, used=used, credit=credit)

    assert take(agent.pk, DAY, cap, wanted)[0] == granted
    assert use_of(agent) == (used + granted, credit)


@pytest.mark.parametrize(("cap", "granted"), [(None, 3), (2, 2), (3, 3), (0, 0)])
def test_first_filing_of_a_day_makes_its_row(agent, cap, granted):
    assert take(agent.pk, DAY, cap, 3)[0] == granted
    assert use_of(agent) == (granted, 0)


def test_days_and_people_are_counted_apart(agent, colleague):
    take(agent.pk, DAY, 1, 1)

    assert take(agent.pk, DAY, 1, 1)[0] == 0
    assert take(agent.pk, DAY + timedelta(days=1), 1, 1)[0] == 1
    assert take(colleague.pk, DAY, 1, 1)[0] == 1


def test_what_was_not_needed_goes_back(agent):
    take(agent.pk, DAY, 5, 4)

    quotas.give_back(agent.pk, DAY, 3)
    quotas.give_back(agent.pk, DAY, 0)

    assert use_of(agent) == (1, 0)


@pytest.mark.parametrize("column", ["used", "credit"])
def test_database_refuses_negative_counts(agent, column):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuotaDay.objects.create(user=agent, day=DAY, **{column: -1})


def test_locking_leaves_counts_as_they_are(agent, colleague):
    QuotaDay.objects.create(user=agent, day=DAY, used=3, credit=1)

    quotas.lock_days([colleague.pk, agent.pk, agent.pk], DAY)

    assert (use_of(agent), use_of(colleague)) == ((3, 1), (0, 0))


def file(agent, number: int, moment: datetime = MORNING) -> Lead:
    with told(moment):
        lead: Lead = filing.file_lead(claim_of(agent, mobile=f"1380013{number:04}"), by=agent).lead
    return lead


def refusals(agent, number: int, moment: datetime = MORNING) -> list[str]:
    with pytest.raises(Refused) as caught:
        file(agent, number, moment)
    return [problem.code for problem in caught.value.problems]


def test_filing_beyond_the_cap_is_refused(agent):
    Quota.objects.create(scope="person", person=agent, cap=2)
    file(agent, 1)
    file(agent, 2)

    assert refusals(agent, 3) == ["quota"]
    assert (Lead.objects.count(), use_of(agent)) == (2, (2, 0))


def test_cap_of_nothing_may_not_file_and_empty_is_unlimited(agent, colleague):
    Quota.objects.create(scope="site", cap=0)
    Quota.objects.create(scope="person", person=colleague, cap=None)

    assert refusals(agent, 1) == ["quota"]
    assert file(colleague, 1).filer == colleague


def test_withdrawn_filing_still_counts(agent):
    Quota.objects.create(scope="site", cap=1)
    lead = file(agent, 1)
    with told(MORNING):
        filing.withdraw(lead, by=agent)

    assert refusals(agent, 1) == ["quota"]
    assert use_of(agent) == (1, 0)


def test_refused_filing_uses_nothing(agent, colleague):
    Quota.objects.create(scope="site", cap=1)
    file(colleague, 1)

    assert refusals(agent, 1) == ["taken"]
    assert not QuotaDay.objects.filter(user=agent, used__gt=0).exists()
    assert file(agent, 2).filer == agent


def test_lowered_cap_holds_from_the_next_filing(agent):
    quota = Quota.objects.create(scope="site", cap=3)
    file(agent, 1)
    file(agent, 2)
    quota.cap = 1
    quota.save()

    assert refusals(agent, 3) == ["quota"]


def test_quota_and_credit_end_at_midnight_of_the_site(agent):
    Quota.objects.create(scope="site", cap=1)
    midnight = datetime(2026, 7, 23, 0, 0, tzinfo=SHANGHAI)
    file(agent, 1, midnight - timedelta(seconds=1))
    QuotaDay.objects.filter(user=agent).update(credit=1)

    second = file(agent, 2, midnight - timedelta(seconds=1))
    late = refusals(agent, 3, midnight - timedelta(seconds=1))
    next_day = file(agent, 3, midnight)

    assert (late, refusals(agent, 4, midnight)) == (["quota"], ["quota"])
    assert (second.filed_on, next_day.filed_on) == (DAY, date(2026, 7, 23))
    assert (second.number, next_day.number) == ("KH202607220002", "KH202607230001")
    assert (use_of(agent), use_of(agent, date(2026, 7, 23))) == ((2, 1), (1, 0))


def beyond(agent, *numbers: int, cap: int | None = 1) -> list[list[str]]:
    """File a batch as the import does; the codes that refused each row."""
    Quota.objects.create(scope="site", cap=cap)
    claims = [claim_of(agent, mobile=f"1380013{number:04}", row=row) for row, number in enumerate(numbers, start=2)]
    with told(MORNING), transaction.atomic():
        outcomes = filing.file_batch(claims, by=agent, people={agent.pk: agent}, door=Door.IMPORT)
    return [[problem.code for problem in outcome.problems] for outcome in outcomes]


def test_batch_is_filed_as_far_as_the_quota_goes(agent):
    assert beyond(agent, 1, 2, 3, cap=2) == [[], [], ["quota"]]
    assert (Lead.objects.count(), use_of(agent)) == (2, (2, 0))


def test_rows_refused_for_themselves_use_no_quota(agent, colleague):
    LeadFactory(filer=colleague, mobile="13800130001")

    assert beyond(agent, 1, 2, 2, 3, cap=2) == [["taken"], [], ["own"], []]
    assert use_of(agent) == (2, 0)


def test_batch_beyond_quota_is_counted_all_the_same(agent):
    Quota.objects.create(scope="site", cap=1)
    claims = [claim_of(agent, mobile=f"1380013000{number}") for number in range(3)]

    with told(MORNING), transaction.atomic():
        filing.file_batch(claims, by=agent, people={agent.pk: agent}, door=Door.IMPORT, caps={agent.pk: None})

    assert (Lead.objects.count(), use_of(agent)) == (3, (3, 0))


def decide(case, by, result: str = "success", moment: datetime = MORNING) -> None:
    with told(moment):
        audit.decide([case.pk], result=result, remark="", by=by)


@pytest.mark.parametrize("result", ["success", "failure"])
def test_first_decision_gives_one_unit_for_that_day(agent, auditor, store, result):
    case = AssignmentFactory(lead__filer=agent, store=store)

    decide(case, auditor, result, MORNING + timedelta(days=3))

    case.lead.refresh_from_db()
    assert use_of(agent, DAY + timedelta(days=3)) == (0, 1)
    assert case.lead.credited_on == DAY + timedelta(days=3)
    assert QuotaDay.objects.filter(user=auditor).count() == 0


def test_credit_is_given_once_per_lead_for_ever(agent, auditor, store, other_store):
    case = AssignmentFactory(lead__filer=agent, store=store)
    second = AssignmentFactory(lead=case.lead, store=other_store, order_type=OrderTypeFactory(name="欧派衣柜"))
    decide(case, auditor)
    with told(MORNING):
        audit.reopen(case, reason="看错了", by=auditor)

    decide(case, auditor, "failure", MORNING + timedelta(days=1))
    decide(second, auditor, "success", MORNING + timedelta(days=1))

    assert use_of(agent) == (0, 1)
    assert use_of(agent, DAY + timedelta(days=1)) == (0, 0)


def test_several_cases_of_a_lead_decided_at_once_give_one_unit(agent, colleague, auditor, store, other_store):
    case = AssignmentFactory(lead__filer=agent, store=store)
    second = AssignmentFactory(lead=case.lead, store=other_store, order_type=OrderTypeFactory(name="欧派衣柜"))
    another = AssignmentFactory(lead__filer=colleague, store=store)

    with told(MORNING):
        decided = audit.decide([case.pk, second.pk, another.pk], result="success", remark="", by=auditor)

    assert len(decided.done) == 3
    assert (use_of(agent), use_of(colleague)) == ((0, 1), (0, 1))


def test_credit_lets_one_more_be_filed(agent, auditor, store):
    Quota.objects.create(scope="site", cap=0)
    case = AssignmentFactory(lead__filer=agent, store=store)
    before = refusals(agent, 1)
    decide(case, auditor)

    lead = file(agent, 1)

    assert (before, refusals(agent, 2)) == (["quota"], ["quota"])
    assert lead.number == "KH202607220001"


def test_taking_back_gives_no_second_credit(agent, manager, auditor, store):
    case = AssignmentFactory(lead__filer=agent, store=store)
    decide(case, auditor)
    with told(MORNING):
        audit.reopen(case, reason="看错了", by=auditor)
        assignments.take_back(case, reason="派错了", by=manager)
        assignments.assign(case.lead, store_id=store.pk, order_type_id=case.order_type_id, note="", by=manager)
    again = Lead.objects.get().assignments.get(standing=True)

    decide(again, auditor)

    assert use_of(agent) == (0, 1)
