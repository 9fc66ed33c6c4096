"""Drafts and versions of policies: added, dated, never changed (RULE-1)."""

from datetime import date, timedelta

import pytest

from approvals.models import CalendarDay
from core.clock import told
from core.models import Event
from core.verdicts import Refused
from policies.choosing import PolicyInForce
from policies.dictionaries import words
from policies.models import Policy
from policies.terms import Term, Terms
from policies.versions import add_version, policies_in_force, put_in_force, save_draft, versions_in_force
from tests.factories import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WEEK, MONTH = Terms(term=Term(7), required=("phone",)), Terms(term=Term(1, "month"))
TOMORROW = MORNING + timedelta(days=1)


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def policy():
    return Policy.objects.create(name="甲，乙", position=2)


def rows():
    return [(row.number, row.body, row.starts_at) for row in Policy.objects.get().versions.order_by("number")]


def test_draft_is_one_and_binds_nobody(policy, administrator):
    save_draft(policy, WEEK, note="试行", by=administrator)
    save_draft(policy, MONTH, note="再改", by=administrator)

    assert rows() == [(1, {"term": [1, "month"]}, None)]
    assert policies_in_force(MORNING) == ()
    assert list(Event.objects.order_by("pk").values_list("action", "after", "note", "by")) == [
        ("draft", "v1", "试行", administrator.pk),
        ("draft", "v1", "再改", administrator.pk),
    ]


def test_draft_put_in_force_judges_from_then_on(policy, administrator):
    save_draft(policy, WEEK)
    first = put_in_force(policy, None, by=administrator)
    save_draft(policy, MONTH)
    second = put_in_force(policy, TOMORROW)

    assert rows() == [(1, WEEK.to_json(), MORNING), (2, MONTH.to_json(), TOMORROW)]
    assert policies_in_force(MORNING) == (PolicyInForce(first.pk, policy.pk, "甲，乙", 2, WEEK),)
    assert policies_in_force(TOMORROW) == (PolicyInForce(second.pk, policy.pk, "甲，乙", 2, MONTH),)
    assert policies_in_force(MORNING - timedelta(seconds=1)) == ()
    told_of = Event.objects.filter(action="put_in_force").order_by("pk")
    assert list(told_of.values_list("after", "changes", "by")) == [
        ("v1", {"starts_at": ["", "2026-07-22 09:30"]}, administrator.pk),
        ("v2", {"starts_at": ["", "2026-07-23 09:30"]}, None),
    ]


def test_nothing_is_put_in_force_without_a_draft(policy):
    with pytest.raises(Refused) as caught:
        put_in_force(policy, None)

    assert [problem.code for problem in caught.value.problems] == ["draft"]


@pytest.mark.parametrize(
    ("starts_at", "code"), [(MORNING - timedelta(seconds=1), "past"), (TOMORROW, "order"), (None, "order")]
)
def test_version_begins_neither_in_the_past_nor_before_another(policy, starts_at, code):
    save_draft(policy, WEEK)
    put_in_force(policy, TOMORROW)
    save_draft(policy, MONTH)

    with pytest.raises(Refused) as caught:
        put_in_force(policy, starts_at)

    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("starts_at", code)]
    assert rows()[-1] == (2, MONTH.to_json(), None)


def test_inactive_policy_judges_nothing(policy):
    add_version(policy, WEEK)
    Policy.objects.update(active=False)

    assert policies_in_force(MORNING) == ()


def test_version_is_added_once_beside_a_draft(policy):
    save_draft(policy, MONTH)

    assert add_version(policy, WEEK) is not None
    assert add_version(policy, WEEK) is None
    assert rows() == [(1, MONTH.to_json(), None), (2, WEEK.to_json(), MORNING)]


def test_version_is_not_added_before_one_that_begins_later(policy):
    save_draft(policy, WEEK)
    put_in_force(policy, TOMORROW)

    with pytest.raises(Refused, match="The version before begins at 2026-07-23 09:30"):
        add_version(policy, WEEK)


def test_policies_and_calendar_are_read_with_the_lists(policy, django_assert_num_queries):
    add_version(policy, WEEK)
    add_version(Policy.objects.create(name="先", position=1), MONTH)
    CalendarDay.objects.create(day=date(2026, 10, 1), working=False)
    CalendarDay.objects.create(day=date(2026, 10, 10), working=True)

    with django_assert_num_queries(1):
        found = words(policies=versions_in_force(MORNING), calendar=CalendarDay.objects.all())

    assert found.policies == policies_in_force(MORNING)
    assert [each.name for each in found.policies] == ["先", "甲，乙"]
    assert found.calendar.exceptions == {date(2026, 10, 1): False, date(2026, 10, 10): True}
