"""What is missing in a claim (LEAD-3, -4), and what a second filing of a customer does (`domain.md`)."""

import pytest

from customers.keys import Key
from leads import rules
from leads.choices import OPEN, Answer, Progress
from leads.claims import Claim, OpenLead
from policies.models import EXTRA_FIELDS, FilingSettings
from tests.factories import LeadFactory, OrderTypeFactory, RegionFactory, SourceFactory
from tests.leads.filings import MOBILE, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

UNKNOWN = "12300000001"
GIVEN = {
    "decoration_company": 1,
    "designer": 1,
    "designer_phone": "12300007788",
    "referrer_name": "陆之恒",
    "referrer_mobile": MOBILE,
    "referrer_card": "VIP-1",
    "referring_employee": 1,
}


def said(claim: Claim) -> list[tuple[str, str, bool]]:
    return [(problem.field, problem.code, problem.blocks) for problem in rules.information(claim)]


@pytest.mark.parametrize("name", EXTRA_FIELDS)
def test_field_that_the_source_requires_is_named_when_missing(agent, name):
    source = SourceFactory(name="推荐", **{name: "required"})

    [problem] = rules.information(claim_of(agent, source=source))

    assert (problem.field, problem.code, problem.blocks) == (name, "required", True)
    assert problem.sentence == rules.MISSING[name]
    assert said(claim_of(agent, source=source, **{name: GIVEN[name]})) == []


@pytest.mark.parametrize("state", ["closed", "open"])
def test_field_that_the_source_does_not_require_may_be_empty(agent, state):
    source = SourceFactory(name="推荐", **dict.fromkeys(EXTRA_FIELDS, state))

    assert said(claim_of(agent, source=source)) == []


def test_source_that_requires_all_names_all(agent):
    source = SourceFactory(name="推荐", **dict.fromkeys(EXTRA_FIELDS, "required"))

    assert said(claim_of(agent, source=source)) == [(name, "required", True) for name in EXTRA_FIELDS]


@pytest.mark.parametrize(
    ("mobile", "check", "problems"),
    [
        (MOBILE, "refuse", []),
        ("+86 138 0013 8000", "refuse", []),
        (UNKNOWN, "refuse", [("mobile", "mobile_unknown", True)]),
        (UNKNOWN, "warn", [("mobile", "mobile_unknown", False)]),
        ("1380013800", "warn", [("mobile", "mobile", True)]),
        ("23800138000", "warn", [("mobile", "mobile", True)]),
        ("07711234567", "warn", [("mobile", "mobile", True)]),
        ("", "warn", [("mobile", "required", True)]),
    ],
)
def test_mobile_is_checked_as_the_settings_say(agent, mobile, check, problems):
    assert said(claim_of(agent, mobile=mobile, settings=FilingSettings(mobile_check=check))) == problems


@pytest.mark.parametrize(
    ("allowed", "mobile", "phone", "problems"),
    [
        (False, "", "0771-1234567", [("mobile", "required", True)]),
        (True, "", "0771-1234567", []),
        (True, "", "", [("mobile", "required", True)]),
        (True, MOBILE, "", []),
        (True, UNKNOWN, "0771-1234567", [("mobile", "mobile_unknown", True)]),
    ],
)
def test_phone_is_enough_where_the_settings_allow_it(agent, allowed, mobile, phone, problems):
    settings = FilingSettings(phone_instead_of_mobile=allowed)

    assert said(claim_of(agent, mobile=mobile, phone=phone, settings=settings)) == problems


@pytest.mark.parametrize(
    ("mobile", "problems"),
    [
        (MOBILE, []),
        (UNKNOWN, [("referrer_mobile", "mobile_unknown", False)]),
        ("138", [("referrer_mobile", "mobile", True)]),
    ],
)
def test_referrers_mobile_must_be_one_but_need_not_be_known(agent, mobile, problems):
    assert said(claim_of(agent, referrer_mobile=mobile)) == problems


def judged(claim: Claim, except_lead: str = "") -> rules.Judgement:
    return rules.judge(claim, rules.known_of([claim]), except_lead=except_lead)


def test_customer_held_by_nobody_is_free(agent):
    found = judged(claim_of(agent))

    assert (found.answer, found.matches, found.customer_id, found.next) == ("free", (), None, ("file",))
    assert found.repeats is None


def test_claim_without_a_key_is_unclear(agent):
    found = judged(claim_of(agent, mobile="", phone="123"))

    assert (found.answer, found.next, found.repeats) == ("unclear", (), None)


@pytest.mark.parametrize(
    ("theirs", "mine", "kind"),
    [
        ({"mobile": MOBILE}, {"mobile": MOBILE}, "mobile"),
        ({"mobile": MOBILE}, {"mobile": "", "phone": "+86 138-0013-8000"}, "mobile"),
        ({"mobile": "", "phone": "0771-1234567"}, {"mobile": "13900139000", "phone": "07711234567"}, "phone"),
        ({"building_room": "3-2-1601"}, {"mobile": "13900139000", "building_room": "3-2-1601"}, "address"),
    ],
)
def test_customer_of_another_filer_is_taken_by_any_key(agent, colleague, theirs, mine, kind):
    city = RegionFactory(name="南宁")
    lead = LeadFactory(filer=colleague, city=city, **theirs)

    found = judged(claim_of(agent, city=city.pk, **mine))

    assert (found.answer, found.next) == ("taken", ("ask",))
    assert [(match.key.kind, match.customer_id, match.holder_id) for match in found.matches] == [
        (kind, lead.customer_id, colleague.pk)
    ]
    assert found.own == () and found.customer_id is None


@pytest.mark.parametrize("missing", [{"city": None}, {"building_room": ""}, {"community": "星里"}])
def test_incomplete_or_other_address_is_no_match(agent, colleague, missing):
    city = RegionFactory(name="南宁")
    LeadFactory(filer=colleague, city=city, building_room="3-2-1601")
    address = {"city": city.pk, "building_room": "3-2-1601"} | missing

    assert judged(claim_of(agent, mobile="13900139000", **address)).answer == "free"


def test_taken_counts_more_than_own(agent, colleague):
    LeadFactory(filer=agent, mobile=MOBILE)
    LeadFactory(filer=colleague, mobile="13900139000")

    found = judged(claim_of(agent, mobile=MOBILE, phone="13900139000"))

    assert (found.answer, found.own) == ("taken", ())


@pytest.mark.parametrize("typed", ["欧派橱柜", None])
@pytest.mark.parametrize("room", ["3-2-1601", ""])
def test_own_customer_with_same_type_and_address_is_a_repeat(agent, typed, room):
    kind = OrderTypeFactory(name=typed) if typed else None
    city = RegionFactory(name="南宁")
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=kind, city=city, building_room=room)

    found = judged(claim_of(agent, order_type=kind.pk if kind else None, city=city.pk, building_room=room))

    assert (found.answer, found.next) == ("own", ("open",))
    assert found.repeats.number == lead.number


@pytest.mark.parametrize("other", ["type", "no type", "address", "no address"])
def test_own_customer_with_other_type_or_address_joins(agent, other):
    city = RegionFactory(name="南宁")
    cabinet, wardrobe = OrderTypeFactory(name="欧派橱柜"), OrderTypeFactory(name="欧派衣柜")
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=cabinet, city=city, building_room="3-2-1601")
    filed = {"order_type": cabinet.pk, "city": city.pk, "building_room": "3-2-1601"}
    changed = {
        "type": {"order_type": wardrobe.pk},
        "no type": {"order_type": None},
        "address": {"building_room": "5-1-101"},
        "no address": {"building_room": ""},
    }

    found = judged(claim_of(agent, **filed | changed[other]))

    assert (found.answer, found.next) == ("own", ("file", "open"))
    assert (found.repeats, found.customer_id) == (None, lead.customer_id)
    assert [own.number for own in found.own] == [lead.number]


@pytest.mark.parametrize("progress", Progress.values)
def test_only_open_leads_are_repeated(agent, progress):
    LeadFactory(filer=agent, mobile=MOBILE, order_type=None, progress=progress)

    found = judged(claim_of(agent))

    assert bool(found.repeats) == (progress in OPEN)


def test_customer_let_go_is_free_and_found_again(agent, colleague):
    lead = LeadFactory(filer=colleague, mobile=MOBILE, progress="withdrawn")
    lead.customer.keys.update(held=False)
    lead.customer.holder = None
    lead.customer.save()

    found = judged(claim_of(agent))

    assert (found.answer, found.customer_id, found.repeats) == ("free", lead.customer_id, None)


def test_lead_being_edited_does_not_stand_in_its_own_way(agent):
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=None)

    found = judged(claim_of(agent), except_lead=lead.number)

    assert (found.answer, found.customer_id, found.repeats) == ("free", lead.customer_id, None)


def test_edit_into_another_own_lead_is_a_repeat(agent):
    first = LeadFactory(filer=agent, mobile=MOBILE, order_type=None)
    second = LeadFactory(filer=agent, mobile="13900139000", order_type=None)

    found = judged(claim_of(agent), except_lead=second.number)

    assert found.repeats.number == first.number


@pytest.mark.parametrize("others", [0, 1])
def test_batch_is_known_in_one_statement_and_a_second_for_own(agent, colleague, django_assert_num_queries, others):
    LeadFactory(filer=colleague, mobile=MOBILE)
    if others:
        LeadFactory(filer=agent, mobile="13900139000")
    claims = [claim_of(agent), claim_of(agent, mobile="13900139000"), claim_of(agent, mobile="13900139001")]

    with django_assert_num_queries(1 + others):
        known = rules.known_of(claims)

    assert {key.value for key in known.holders} == {MOBILE, *["13900139000"] * others}


def test_claims_without_keys_ask_nothing(agent, django_assert_num_queries):
    claim = claim_of(agent, mobile="")

    with django_assert_num_queries(0):
        known = rules.known_of([claim])

    assert known == rules.Known()


def test_later_claim_of_a_batch_sees_the_accepted_ones(agent, colleague):
    first, repeat, other = claim_of(agent), claim_of(agent), claim_of(colleague)
    known = rules.known_of([first, repeat, other])

    known.add(first, -1, "row 2 of this file")

    assert rules.judge(repeat, known).repeats == OpenLead("row 2 of this file", -1, None, "", saved=False)
    assert rules.judge(other, known).answer == Answer.TAKEN
    assert known.holders[Key("mobile", MOBILE)].holder_id == agent.pk


def test_taken_is_said_of_the_whole_form_and_names_nobody(agent, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)
    claim = claim_of(agent)

    [problem] = rules.refusal(claim, judged(claim))

    assert (problem.field, problem.code, problem.path) == ("__all__", "taken", "")
    assert problem.sentence == "This customer is already filed. File another customer, or ask your manager."


def test_repeat_is_said_with_the_way_to_the_own_lead(agent):
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=None)
    claim = claim_of(agent)

    [problem] = rules.refusal(claim, judged(claim))

    assert (problem.field, problem.code, problem.path) == ("__all__", "own", f"/leads/{lead.number}/")
    assert problem.sentence == f"You have already filed this customer for this order type: see {lead.number}."


def test_repeat_within_a_batch_has_no_page_to_open(agent):
    claim = claim_of(agent)
    known = rules.known_of([claim])
    known.add(claim, -1, "row 2 of this file")

    [problem] = rules.refusal(claim, rules.judge(claim, known))

    assert (problem.code, problem.path) == ("own", "")
    assert "row 2 of this file" in problem.sentence


@pytest.mark.parametrize("answer", ["free", "unclear", "joined"])
def test_accepting_answers_refuse_nothing(agent, answer):
    if answer == "joined":
        LeadFactory(filer=agent, mobile=MOBILE, order_type=OrderTypeFactory())
    claim = claim_of(agent, mobile="" if answer == "unclear" else MOBILE)

    assert list(rules.refusal(claim, judged(claim))) == []


def test_quota_problem_says_what_is_left_and_what_to_do():
    problem = rules.quota_problem()

    assert (problem.field, problem.code, problem.blocks) == ("__all__", "quota", True)
    assert problem.sentence == (
        "Today's quota is used up, 0 left. Ask your manager to audit one of your leads, which gives one back, or file"
        " it after midnight."
    )
