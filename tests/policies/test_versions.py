"""Drafts and versions of policies: added, dated, never changed (RULE-1)."""

from datetime import date, timedelta

import pytest

from approvals.models import CalendarDay
from core.clock import told
from core.models import Event
from core.verdicts import Refused
from policies.choosing import PolicyInForce, in_force
from policies.dictionaries import words
from policies.models import Policy, PolicyVersion
from policies.terms import Term, Terms
from policies.versions import add_version, policies_in_force, put_in_force, save_draft, take_back, versions_in_force
from tests.factories import MORNING, LeadFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
WEEK, MONTH = Terms(term=Term(7), required=("phone",)), Terms(term=Term(1, "month"))
HOUR = timedelta(hours=1)
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


def test_draft_older_than_a_loaded_version_judges_once_it_is_in_force(policy):
    add_version(policy, Terms(term=Term(3)))
    save_draft(policy, MONTH)
    with told(MORNING + HOUR):
        add_version(policy, WEEK)

    with told(MORNING + 2 * HOUR):
        begun = put_in_force(policy, None)

    later = MORNING + 3 * HOUR
    assert [(number, body) for number, body, _starts_at in rows()] == [
        (1, {"term": [3, "day"]}),
        (3, WEEK.to_json()),
        (4, MONTH.to_json()),
    ]
    assert begun.number == 4
    every_way = (
        words(policies=versions_in_force(later)).policies,
        policies_in_force(later),
        in_force(PolicyVersion.objects.select_related("policy"), later),
    )
    assert [[found.terms for found in way] for way in every_way] == [[MONTH]] * 3


def test_older_number_that_began_later_judges(policy):
    """As it could be written before numbers were given anew."""
    add_version(policy, WEEK)
    with told(MORNING + HOUR):
        add_version(policy, MONTH)
    policy.versions.filter(number=1).update(starts_at=MORNING + 2 * HOUR)

    assert [found.terms for found in policies_in_force(MORNING + 3 * HOUR)] == [WEEK]


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


def test_version_that_has_not_begun_is_taken_back(policy, administrator):
    add_version(policy, WEEK)
    save_draft(policy, MONTH, note="放宽")
    far = put_in_force(policy, MORNING + timedelta(days=36_500))

    take_back(policy, far.pk, by=administrator)

    assert rows() == [(1, WEEK.to_json(), MORNING), (2, MONTH.to_json(), None)]
    done = Event.objects.get(action="take_back")
    assert (done.by, done.before, done.after) == (administrator, "v2", "draft")
    assert done.changes == {"starts_at": ["2126-06-28 09:30", ""], "term": [[1, "month"], ""]}
    with told(TOMORROW):
        assert put_in_force(policy, None).number == 2
    assert [found.terms for found in policies_in_force(TOMORROW)] == [MONTH]


def test_version_taken_back_beside_a_draft_is_gone_but_for_the_log(policy):
    save_draft(policy, WEEK)
    far = put_in_force(policy, TOMORROW)
    save_draft(policy, MONTH)

    take_back(policy, far.pk)

    assert rows() == [(2, MONTH.to_json(), None)]
    assert Event.objects.get(action="take_back").changes["term"] == [[7, "day"], ""]
    assert put_in_force(policy, None).number == 2


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_version_that_has_begun_is_not_taken_back(policy, later):
    save_draft(policy, WEEK)
    version = put_in_force(policy, TOMORROW)

    with told(TOMORROW + later), pytest.raises(Refused) as caught:
        take_back(policy, version.pk)

    assert [problem.code for problem in caught.value.problems] == ["begun"]
    assert rows() == [(1, WEEK.to_json(), TOMORROW)]


def test_version_by_which_a_filing_was_judged_is_not_taken_back(policy, agent):
    """Its beginning was in the past for the host whose clock went fast."""
    save_draft(policy, WEEK)
    version = put_in_force(policy, TOMORROW)
    LeadFactory(filer=agent, policy_version=version)

    with pytest.raises(Refused):
        take_back(policy, version.pk)


def test_draft_or_version_of_another_policy_is_not_taken_back(policy):
    draft, other = save_draft(policy, WEEK), Policy.objects.create(name="乙")
    save_draft(other, WEEK)
    version = put_in_force(other, TOMORROW)

    for pk in (draft.pk, version.pk, 0):
        with pytest.raises(Refused):
            take_back(policy, pk)
