"""The services of filing: file, edit, withdraw, check, each with what it leaves in the database."""

from datetime import date, datetime, timedelta

import pytest

from core.clock import told
from core.models import Event, OneTimeKey
from core.once import AlreadyDone, new_key, secret_of
from core.verdicts import Refused
from customers.models import Customer, IdentityKey
from leads import known
from leads.choices import Door
from leads.models import Collision, FilingAttempt, Lead, Protection, QuotaDay
from leads.services import checking, filing
from leads.services.ownership import Overtaken
from leads.services.settling import TRIES, again
from tests.factories import MORNING, SHANGHAI, LeadFactory, OrderTypeFactory, RegionFactory
from tests.leads.filings import MOBILE, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

OTHER = "13900139000"


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


def file(user, **changed) -> Lead:
    lead: Lead = filing.file_lead(claim_of(user, **changed), by=user).lead
    return lead


def codes(caught) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def held() -> set[tuple[str, str]]:
    return set(IdentityKey.objects.filter(held=True).values_list("kind", "value"))


def test_filing_writes_lead_customer_keys_event_attempt_and_quota(agent):
    city = RegionFactory(name="南宁")
    lead = file(agent, phone="0771-5617382", city=city.pk, building_room="3-2-1601")

    assert (lead.number, lead.progress, lead.hold, lead.audit_status) == (
        "KH202607220001",
        "filed",
        "protected",
        "unaudited",
    )
    assert (lead.filer, lead.filed_by, lead.filed_at, lead.filed_on) == (agent, agent, MORNING, date(2026, 7, 22))
    assert lead.customer.holder == agent
    assert held() == {
        ("mobile", MOBILE),
        ("phone", "0771-5617382"),
        ("address", f"{city.pk}|幸福里|||3|2|1601"),
        ("address_name", "幸福里|3|1601|韦半夏"),
    }
    protection = Protection.objects.get()
    assert (lead.protection, protection.customer, protection.scope) == (protection, lead.customer, "")
    assert (protection.filer, protection.state, protection.started_at) == (agent, "protected", MORNING)
    assert list(
        Event.objects.order_by("pk").values_list("action", "subject_type", "subject_id", "after", "by", "at")
    ) == [
        ("file", "leads.lead", lead.pk, "filed", agent.pk, MORNING),
        ("start", "leads.protection", protection.pk, "protected", agent.pk, MORNING),
    ]
    attempt = FilingAttempt.objects.get()
    assert (attempt.verdict, attempt.accepted, attempt.door, attempt.lead) == ("free", True, "form", lead)
    assert QuotaDay.objects.get().used == 1


def test_numbers_run_on_by_the_day_of_the_site(agent):
    numbers = [file(agent, mobile=f"1380013800{number}").number for number in range(2)]
    with told(datetime(2026, 7, 22, 23, 59, 59, tzinfo=SHANGHAI)):
        numbers.append(file(agent, mobile="13800138002").number)
    with told(datetime(2026, 7, 23, 0, 0, tzinfo=SHANGHAI)):
        numbers.append(file(agent, mobile="13800138003").number)

    assert numbers == ["KH202607220001", "KH202607220002", "KH202607220003", "KH202607230001"]


def test_faulty_filing_is_recorded_and_tells_nothing_of_its_customer(agent, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)

    with pytest.raises(Refused) as caught:
        file(agent, referrer_mobile="138")

    assert codes(caught) == ["mobile"]
    assert (Lead.objects.count(), Customer.objects.count(), Event.objects.count()) == (1, 1, 0)
    attempt = FilingAttempt.objects.get()
    assert (attempt.actor, attempt.verdict, attempt.accepted, attempt.reasons) == (
        agent,
        "",
        False,
        ["mobile"],
    )


def test_taken_writes_a_collision_with_the_lead_that_stands(agent, colleague):
    lead = LeadFactory(filer=colleague, mobile=MOBILE)

    with pytest.raises(Refused):
        file(agent)

    collision = Collision.objects.get()
    assert (collision.lead, collision.attempt.actor, collision.evidence) == (lead, agent, ["mobile", "name"])
    assert MOBILE not in str(collision.attempt.keys)


def test_collision_is_only_with_the_other_filers_part(agent, colleague):
    LeadFactory(filer=agent, mobile=OTHER)
    theirs = LeadFactory(filer=colleague, mobile=MOBILE)

    with pytest.raises(Refused):
        file(agent, phone=OTHER)

    assert [(found.lead, found.evidence) for found in Collision.objects.all()] == [(theirs, ["mobile", "name"])]


def test_own_repeat_is_refused_without_a_collision(agent):
    lead = file(agent)

    with pytest.raises(Refused, match=f"see {lead.number}"):
        file(agent)

    assert (Lead.objects.count(), Collision.objects.count(), QuotaDay.objects.get().used) == (1, 0, 1)
    assert list(FilingAttempt.objects.order_by("pk").values_list("verdict", "accepted")) == [
        ("free", True),
        ("own", False),
    ]


def test_own_customer_with_other_order_type_joins_with_number_and_quota_of_its_own(agent):
    first = file(agent)
    second = file(agent, order_type=OrderTypeFactory().pk, phone="0771-5617382")

    assert (second.number, second.customer) == ("KH202607220002", first.customer)
    assert held() == {("mobile", MOBILE), ("phone", "0771-5617382")}
    assert (Customer.objects.count(), QuotaDay.objects.get().used) == (1, 2)


def test_claim_that_joins_two_own_customers_goes_to_the_first(agent):
    first, second = file(agent), file(agent, mobile=OTHER)

    third = file(agent, mobile=OTHER, phone=MOBILE, order_type=OrderTypeFactory().pk)

    assert third.customer == first.customer
    assert second.customer != first.customer
    assert held() == {("mobile", MOBILE), ("mobile", OTHER)}


def test_one_key_serves_once_and_repeats_its_answer(agent):
    secret = secret_of(new_key(agent.pk, "FilingForm"), agent.pk, "FilingForm")
    lead = filing.file_lead(claim_of(agent), by=agent, secret=secret).lead

    with pytest.raises(AlreadyDone) as replay:
        filing.file_lead(claim_of(agent, mobile=OTHER), by=agent, secret=secret)

    assert replay.value.location == f"/leads/{lead.number}/"
    assert (Lead.objects.count(), OneTimeKey.objects.get().location) == (1, f"/leads/{lead.number}/")


def test_refused_filing_leaves_its_key_unused(agent, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)
    secret = secret_of(new_key(agent.pk, "FilingForm"), agent.pk, "FilingForm")

    with pytest.raises(Refused):
        filing.file_lead(claim_of(agent), by=agent, secret=secret)

    assert not OneTimeKey.objects.exists()
    assert filing.file_lead(claim_of(agent, mobile=OTHER), by=agent, secret=secret).lead.mobile == OTHER


def test_filing_for_another_is_theirs_and_remembers_who_entered_it(agent, manager):
    lead = filing.file_lead(claim_of(agent), by=manager, filer=agent).lead

    assert (lead.filer, lead.filed_by, lead.customer.holder) == (agent, manager, agent)
    assert list(QuotaDay.objects.values_list("user", "used")) == [(agent.pk, 1)]


def test_withdrawn_lead_lets_its_customer_go(agent, colleague):
    lead = file(agent)

    location = filing.withdraw(lead, by=agent)

    lead.refresh_from_db()
    assert (location, lead.progress, lead.hold, lead.customer.holder) == ("/leads/", "withdrawn", "released", None)
    assert held() == set()
    later = file(colleague)
    assert (later.number, later.customer) == ("KH202607220002", lead.customer)
    assert Customer.objects.get().holder == colleague


def test_withdrawing_one_of_two_keeps_customer_and_common_keys(agent):
    first = file(agent, phone="0771-5617382")
    file(agent, order_type=OrderTypeFactory().pk)

    filing.withdraw(first, by=agent)

    assert Customer.objects.get().holder == agent
    assert held() == {("mobile", MOBILE)}


def test_withdrawing_twice_is_refused(agent):
    lead = file(agent)
    filing.withdraw(lead, by=agent)

    with pytest.raises(Refused, match=r"^Not possible while the lead is: withdrawn\.$"):
        filing.withdraw(lead, by=agent)

    assert Event.objects.filter(action="withdraw").count() == 1


def test_withdrawing_after_assignment_is_refused(agent):
    lead = file(agent)
    Lead.objects.filter(pk=lead.pk).update(progress="assigned")

    with pytest.raises(Refused, match=r"^Already assigned to a showroom"):
        filing.withdraw(lead, by=agent)

    assert held() == {("mobile", MOBILE)}


def test_edit_changes_data_keys_and_search_but_not_the_filing(agent):
    lead = file(agent)
    with told(MORNING + timedelta(hours=1)):
        filing.edit_lead(lead, claim_of(agent, name="覃佩兰", mobile=OTHER), by=agent)

    changed = Lead.objects.get()
    assert (changed.name, changed.mobile, changed.number, changed.filed_at) == ("覃佩兰", OTHER, lead.number, MORNING)
    assert changed.search_text == f"覃佩兰|幸福里|{lead.number.lower()}"
    assert held() == {("mobile", OTHER)}
    assert QuotaDay.objects.get().used == 1
    event = Event.objects.get(action="edit")
    assert event.changes == {"name": ["韦半夏", "覃佩兰"], "mobile": [MOBILE, OTHER]}
    assert (event.before, event.after) == ("filed", "filed")


def test_edit_without_keys_changed_is_not_its_own_repeat(agent):
    lead = file(agent)

    filing.edit_lead(lead, claim_of(agent, member_card="VIP-1"), by=agent)

    assert Lead.objects.get().member_card == "VIP-1"
    assert held() == {("mobile", MOBILE)}


def test_edit_empties_what_is_left_out(agent):
    lead = file(agent, order_type=OrderTypeFactory().pk, member_card="VIP-1", estimated_amount=5)

    filing.edit_lead(lead, claim_of(agent), by=agent)

    changed = Lead.objects.get()
    assert (changed.order_type, changed.member_card, changed.estimated_amount) == (None, "", None)


@pytest.mark.parametrize(
    ("changed", "code"), [({"mobile": OTHER}, "taken"), ({"mobile": ""}, "required"), ({"mobile": "138"}, "mobile")]
)
def test_edit_is_judged_like_a_filing(agent, colleague, changed, code):
    LeadFactory(filer=colleague, mobile=OTHER)
    lead = file(agent)

    with pytest.raises(Refused) as caught:
        filing.edit_lead(lead, claim_of(agent, **changed), by=agent)

    assert codes(caught) == [code]
    assert Lead.objects.get(pk=lead.pk).mobile == MOBILE
    assert held() == {("mobile", MOBILE), ("mobile", OTHER)}


def test_edit_into_a_repeat_of_another_own_lead_is_refused(agent):
    first, second = file(agent), file(agent, mobile=OTHER)

    with pytest.raises(Refused, match=f"see {first.number}"):
        filing.edit_lead(second, claim_of(agent), by=agent)

    assert Lead.objects.get(pk=second.pk).mobile == OTHER


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"progress": "assigned"}, "Already assigned to a showroom"),
        ({"credited_on": date(2026, 7, 22)}, "Already audited"),
        ({"progress": "withdrawn"}, "Not possible while the lead is: withdrawn"),
    ],
)
def test_edit_is_refused_once_the_lead_moved_on(agent, fields, reason):
    lead = file(agent)
    Lead.objects.filter(pk=lead.pk).update(**fields)

    with pytest.raises(Refused, match=f"^{reason}"):
        filing.edit_lead(lead, claim_of(agent, name="覃佩兰"), by=agent)

    assert Lead.objects.get().name == "韦半夏"


def test_check_answers_like_filing_and_writes_only_the_try(agent, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)

    outcome = checking.check(claim_of(agent), by=agent)

    assert outcome.judgement.answer == "taken"
    attempt = FilingAttempt.objects.get()
    assert (attempt.door, attempt.verdict, attempt.accepted) == ("check", "taken", False)
    assert (Collision.objects.count(), QuotaDay.objects.filter(used__gt=0).count(), Lead.objects.count()) == (0, 0, 1)


def test_check_of_nothing_is_not_recorded(agent):
    assert checking.check(claim_of(agent, mobile=""), by=agent).judgement.answer == "unclear"
    assert not FilingAttempt.objects.exists()


def test_batch_sees_its_own_earlier_rows(agent, colleague):
    people = {agent.pk: agent, colleague.pk: colleague}
    claims = [claim_of(agent, row=2), claim_of(agent, row=3), claim_of(colleague, row=4)]

    outcomes = filing.file_batch(claims, by=agent, people=people, door=Door.IMPORT)

    assert [[problem.code for problem in outcome.problems] for outcome in outcomes] == [[], ["own"], ["taken"]]
    assert "row 2 of this file" in str(outcomes[1].problems[0].sentence)
    assert list(QuotaDay.objects.filter(used__gt=0).values_list("user", "used")) == [(agent.pk, 1)]
    assert FilingAttempt.objects.count() == 3


def test_action_overtaken_again_and_again_is_refused_at_last():
    tries = []

    def work() -> None:
        tries.append(1)
        raise Overtaken

    with pytest.raises(Refused, match=r"^Many people are at work on the same records"):
        again(work)
    assert len(tries) == TRIES


def test_filing_overtaken_at_a_key_gets_the_answer_of_a_second_later(agent, colleague, monkeypatch):
    seen = iter([lambda claims: known.Known(), known.known_of])
    LeadFactory(filer=colleague, mobile=MOBILE)
    monkeypatch.setattr(known, "known_of", lambda claims: next(seen)(claims))

    with pytest.raises(Refused) as caught:
        file(agent)

    assert codes(caught) == ["taken"]
    assert (Lead.objects.count(), Customer.objects.count()) == (1, 1)


def test_filing_that_crosses_midnight_counts_for_the_new_day(agent, monkeypatch):
    days = iter([date(2026, 7, 21), date(2026, 7, 22)])
    monkeypatch.setattr(filing, "likely_today", lambda: next(days))

    lead = file(agent)

    assert (lead.number, lead.filed_on) == ("KH202607220001", date(2026, 7, 22))
    assert list(QuotaDay.objects.values_list("day", "used")) == [(date(2026, 7, 22), 1)]
