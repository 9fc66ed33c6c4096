"""Numbers with hidden digits (MATCH-3, guarantees 2): they hold nothing until the whole number comes."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from core.clock import told
from core.verdicts import Refused
from customers.models import IdentityKey
from leads.models import Collision, Lead
from leads.services import checking, filing
from tests.factories import MORNING, OrderTypeFactory, RegionFactory
from tests.leads.filings import claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MASK = {"mobile": "138****8000", "filing_kind": "masked", "gender": "male"}
WHOLE = {**MASK, "mobile": "13800138000"}


def file(user: User, minutes: int = 0, **fields: Any) -> Lead:
    with told(MORNING + timedelta(minutes=minutes)):
        lead: Lead = filing.file_lead(claim_of(user, **fields), by=user).lead
    return lead


def fill_in(lead: Lead, minutes: int = 60, **fields: Any) -> Lead:
    with told(MORNING + timedelta(minutes=minutes)):
        filing.edit_lead(lead, claim_of(lead.filer, **WHOLE | fields), by=lead.filer)
    lead.refresh_from_db()
    return lead


def held() -> dict[str, str]:
    rows = IdentityKey.objects.filter(held=True).values_list("value", "customer__holder__username")
    return dict(rows)


def answer(user: User, **fields: Any) -> str:
    return str(checking.check(claim_of(user, **fields), by=user).judgement.answer)


def test_masked_number_waits_and_holds_nothing(agent):
    lead = file(agent, **MASK)

    assert (lead.hold, lead.filed_at, lead.arrived_at) == ("pending", MORNING, MORNING)
    assert held() == {}


def test_masked_number_blocks_nobody_and_is_shown_as_a_collision(agent, colleague):
    masked = file(agent, **MASK)

    whole = file(colleague, 5, mobile="13800138000", name="苏白露")

    assert whole.hold == "protected" and held()["13800138000"] == "colleague"
    [met] = Collision.objects.all()
    assert (met.lead, met.attempt.lead, met.firmness, met.evidence) == (masked, whole, "possible", ["mask34"])


def test_mask_of_a_held_number_is_unclear_and_likely_with_the_name(agent, colleague):
    file(colleague, mobile="13800138000", name="苏白露")

    other, same = answer(agent, **MASK), answer(agent, **MASK | {"name": "苏白露"})
    lead = file(agent, 5, **MASK | {"name": "苏白露"})

    assert (other, same, lead.hold) == ("unclear", "unclear", "pending")
    assert Collision.objects.get().firmness == "likely"


def test_mask_that_contradicts_a_digit_is_free(agent, colleague):
    file(colleague, mobile="13800138000")

    assert answer(agent, **MASK | {"mobile": "1381**38000", "name": "苏白露"}) == "free"
    assert answer(agent, **MASK | {"mobile": "1380**38000", "name": "苏白露"}) == "unclear"


def test_whole_number_that_agrees_keeps_the_first_time_and_is_protected(agent):
    lead = fill_in(file(agent, **MASK))

    assert (lead.hold, lead.arrived_at, lead.mobile) == ("protected", MORNING, "13800138000")
    assert held()["13800138000"] == "agent"


def test_whole_number_waits_where_an_earlier_mask_fits(agent, colleague):
    earlier = file(agent, **MASK)
    later = fill_in(file(colleague, 5, **MASK | {"name": "苏白露"}))

    assert (later.hold, later.arrived_at) == ("pending", MORNING + timedelta(minutes=5))
    assert earlier in {met.lead for met in Collision.objects.all()}

    first = fill_in(earlier, 90)

    assert (first.hold, first.arrived_at) == ("pending", MORNING)


def test_earlier_mask_is_protected_though_a_later_one_fits(agent, colleague):
    earlier = file(agent, **MASK)
    file(colleague, 5, **MASK | {"name": "苏白露"})

    lead = fill_in(earlier)

    assert (lead.hold, held()["13800138000"]) == ("protected", "agent")


def test_whole_number_held_by_another_is_kept_and_waits_for_a_person(agent, colleague):
    masked = file(agent, **MASK)
    whole = file(colleague, 5, mobile="13800138000", name="苏白露")

    lead = fill_in(masked)

    assert (lead.hold, lead.arrived_at, lead.mobile) == ("pending", MORNING, "13800138000")
    assert held()["13800138000"] == "colleague"
    assert (whole, lead) in {(met.lead, met.attempt.lead) for met in Collision.objects.all()}


def test_number_that_disagrees_with_a_shown_digit_is_a_new_arrival(agent, colleague):
    masked = file(agent, **MASK)

    lead = fill_in(masked, mobile="13800138001")

    assert (lead.hold, lead.arrived_at, lead.filed_at) == ("protected", MORNING + timedelta(minutes=60), MORNING)


def test_wrong_number_corrected_to_one_that_is_held_is_refused(agent, colleague):
    masked = file(agent, **MASK)
    file(colleague, 5, mobile="13900139000", name="苏白露")

    with pytest.raises(Refused) as refused:
        fill_in(masked, mobile="13900139000")

    assert [problem.code for problem in refused.value.problems] == ["taken"]
    assert Lead.objects.get(pk=masked.pk).mobile == "138****8000"


def test_hidden_digits_need_their_kind(agent):
    with pytest.raises(Refused) as refused:
        file(agent, **MASK | {"filing_kind": "normal"})

    [problem] = refused.value.problems
    assert (problem.field, problem.code) == ("mobile", "masked")


def test_own_mask_twice_is_not_refused_but_shown(agent):
    first = file(agent, **MASK)

    found = checking.check(claim_of(agent, **MASK), by=agent).judgement

    assert (found.answer, [lead.number for lead in found.own]) == ("unclear", [first.number])


def test_hidden_digits_keep_the_address_from_being_held_too(agent, colleague):
    flat = {"community": "幸福里", "building_room": "3-2-1601", "city": RegionFactory(name="南宁").pk}
    file(agent, **MASK | flat)

    assert held() == {}
    assert answer(colleague, mobile="13900139000", name="苏白露", **flat) == "unclear"


def test_unchanged_mask_completes_nothing(agent, colleague):
    """Nor does a whole number that brings another one along: both would pass by whoever holds that other number."""
    file(colleague, mobile="13900139000", name="苏白露")
    masked = file(agent, 5, **MASK)

    for mobile in ("138****8000", "13800138000"):
        with pytest.raises(Refused) as refused:
            fill_in(masked, mobile=mobile, phone="13900139000")
        assert [problem.code for problem in refused.value.problems] == ["taken"]

    assert answer(colleague, mobile="13900139000", name="苏白露", order_type=OrderTypeFactory().pk) == "own"


def test_completed_with_another_key_is_a_new_arrival(agent):
    lead = fill_in(file(agent, **MASK), phone="13700137000")

    assert (lead.hold, lead.arrived_at) == ("protected", MORNING + timedelta(minutes=60))


def test_who_holds_a_number_edits_on_though_a_rival_completed_it(agent, colleague):
    masked = file(agent, **MASK)
    whole = file(colleague, 5, mobile="13800138000", name="苏白露")
    fill_in(masked)

    filing.edit_lead(whole, claim_of(colleague, mobile="13800138000", name="苏白露", budget_note="三房"), by=colleague)

    assert Lead.objects.get(pk=whole.pk).budget_note == "三房"
    assert held()["13800138000"] == "colleague"
