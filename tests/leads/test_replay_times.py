"""What a replay takes from the time of a filing: the order of policies, the calendar, who was there, the present."""

from datetime import date
from typing import Any

import pytest

from approvals.days import load_chinese_days
from core.events import note_event
from core.periods import Period
from core.verdicts import Refused
from leads.choices import Hold
from leads.models import Lead
from leads.replay import Comparison, replay
from leads.replaying import read_past, try_version
from leads.services import holding, settling
from leads.services.requesting import calendar_from
from policies.choosing import PolicyInForce
from policies.models import Policy, PolicyVersion
from policies.presets import CONTRACT
from policies.terms import Conditions, Term, Terms
from policies.versions import CHANGE, save_draft, set_active
from tests.leads.test_replay import differences
from tests.ownership.scenes import at, file, moment, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


def same_draft(judged_by: PolicyInForce) -> PolicyVersion:
    """A draft that says what is in force."""
    return save_draft(Policy.objects.get(pk=judged_by.policy_id), judged_by.terms)


def tried(draft: PolicyVersion, now: str = "2026-07-31", period: Period = JUNE) -> tuple[Comparison, list[Any]]:
    """The replay of a draft at a later day, and where that of the policies of their time is not what happened."""
    with at(now):
        settling.settle_all(moment(now))
        past = read_past(period)
        listed = replay(past.attempts, past.happenings, past.setting)
        return try_version(draft, period), differences(past, listed)


def moved(policy_id: int, place: int) -> None:
    """As the list in the admin does it."""
    found = Policy.objects.get(pk=policy_id)
    changes = {"position": [str(found.position), str(place)]}
    Policy.objects.filter(pk=policy_id).update(position=place)
    note_event(found, CHANGE, by=None, at=moment("2026-06-20"), changes=changes)


def switched_off(policy_id: int) -> None:
    with at("2026-06-20"):
        set_active(Policy.objects.get(pk=policy_id), active=False)


@pytest.mark.parametrize("change", [lambda pk: moved(pk, 5), switched_off], ids=["moved", "switched_off"])
@pytest.mark.parametrize("of", [0, 1], ids=["draft_of_it", "draft_of_the_other"])
def test_policies_are_asked_in_the_order_of_the_time(agent: Any, stranger: Any, change: Any, of: int) -> None:
    short, long = policy("甲", 0, term=Term(3)), policy("乙", 1, term=Term(30))
    with at("2026-06-01"):
        file(agent, short, mobile="13800138001")
    with at("2026-06-05"):
        file(stranger, short, mobile="13800138001")
    change(short.policy_id)
    with at("2026-06-21"):
        file(agent, long, mobile="13800138001")
    with at("2026-06-25"), pytest.raises(Refused):
        file(stranger, long, mobile="13800138001")

    found, differing = tried(same_draft((short, long)[of]))

    assert (found.tries, found.as_recorded, differing) == (4, 4, [])
    if of == 1:
        assert found.changes == ()


def test_policy_that_was_on_before_it_was_off_before_it_was_on(agent: Any) -> None:
    """Several changes are gone back one by one."""
    short, rest = policy("甲", 0, term=Term(3)), policy("乙", 1, term=Term(30))
    one = Policy.objects.get(pk=short.policy_id)
    with at("2026-06-01"):
        file(agent, short, mobile="13800138001")
    with at("2026-06-02"):
        set_active(one, active=False)
    with at("2026-06-03"):
        file(agent, rest, mobile="13800138002")
    with at("2026-06-04"):
        set_active(one, active=True)
    with at("2026-06-05"):
        file(agent, short, mobile="13800138003")

    found, differing = tried(same_draft(rest))

    assert (found.as_recorded, differing, found.changes) == (3, [], ())


def test_limit_is_counted_by_the_holidays_before_the_first_filing(agent: Any) -> None:
    load_chinese_days([2025, 2026, 2027])
    terms = {name: getattr(CONTRACT.terms, name) for name in ("signed_within", "needs_approval")}
    rules = policy("签约", **terms)
    with at("2026-10-10"):
        calendar = calendar_from(moment("2026-08-01"))
        file(agent, rules, calendar=calendar, mobile="13800138001", contract_signed_on=date(2026, 9, 28))

    found, differing = tried(same_draft(rules), "2026-10-31", Period(date(2026, 10, 8), date(2026, 10, 30)))

    assert (found.as_recorded, differing) == (1, [])


def test_whoever_left_before_their_turn_is_passed_over(agent: Any, stranger: Any, colleague: Any) -> None:
    rules = policy("甲", term=Term(7), queue=2)
    with at("2026-06-01"):
        file(agent, rules, mobile="13800138001")
    with at("2026-06-02"):
        first = file(stranger, rules, mobile="13800138001", queue=True).lead
    with at("2026-06-03"):
        next_one = file(colleague, rules, mobile="13800138001", queue=True).lead
    stranger.is_active = False
    stranger.save()

    found, differing = tried(same_draft(rules), "2026-06-10")

    assert [Lead.objects.get(pk=lead.pk).hold for lead in (first, next_one)] == [Hold.CANCELLED, Hold.PROTECTED]
    assert (found.as_recorded, differing) == (3, [])


def test_same_replay_up_to_the_same_moment_is_identical_on_a_later_day(agent: Any, stranger: Any) -> None:
    longer = {"extensions": 1, "extension_term": Term(7), "extension_needs_approval": False}
    rules = policy("甲", term=Term(7), queue=1, **longer)
    with at("2026-06-01"):
        lead = file(agent, rules, mobile="13800138001").lead
    draft = save_draft(Policy.objects.get(), Terms(term=Term(5), when=Conditions(customer_kinds=("person",))))
    until = moment("2026-06-04")
    with at("2026-06-04"):
        at_once, by_default = try_version(draft, JUNE, until), try_version(draft, JUNE)
    with at("2026-06-05"):
        holding.extend(lead, until=None, reason="客户仍在比较", by=agent)
    with at("2026-06-06"):
        file(stranger, rules, mobile="13800138001", queue=True)
    with at("2026-07-01"):
        settling.settle_all(moment("2026-07-01"))
        later, present = try_version(draft, JUNE, until), try_version(draft, JUNE)

    assert at_once.digest == by_default.digest == later.digest
    assert (later.tries, present.tries) == (1, 2)
    assert present.digest != later.digest
