"""Whose customer is this? What a second filing of a customer does (`domain.md`), and how it is recognised (MATCH)."""

import pytest

from customers.keys import Key
from customers.models import IdentityKey
from leads.choices import ACTIVE, CLOSED, Answer, Hold
from leads.claims import Claim, Held, Judgement
from leads.known import Known, known_of
from leads.matching import judge
from leads.services import filing
from tests.factories import MORNING, LeadFactory, OrderTypeFactory, RegionFactory
from tests.leads.filings import MOBILE, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def judged(claim: Claim, except_lead: str = "") -> Judgement:
    return judge(claim, known_of([claim]), MORNING, except_lead=except_lead)


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
        ({"mobile": "", "phone": "0771-5617382"}, {"mobile": "13900139000", "phone": "07715617382"}, "phone"),
        ({"building_room": "3-2-1601"}, {"mobile": "13900139000", "building_room": "3-2-1601"}, "address"),
    ],
)
def test_customer_of_another_filer_is_taken_by_any_key(agent, colleague, theirs, mine, kind):
    city = RegionFactory(name="南宁")
    lead = LeadFactory(filer=colleague, city=city, **theirs)

    found = judged(claim_of(agent, city=city.pk, **mine))

    assert (found.answer, found.next) == ("taken", ("ask",))
    assert [(match.customer_id, match.holders, match.firmness) for match in found.matches] == [
        (lead.customer_id, {colleague.pk}, "same")
    ]
    assert kind in found.matches[0].evidence
    assert found.own == () and found.customer_id is None


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"building_room": ""}, "free"),
        ({"building_room": "3-2-1602"}, "free"),
        ({"community": "星里"}, "free"),
        ({"city": None}, "taken"),
        ({"city": None, "name": "苏白露"}, "unclear"),
        ({"building_room": "3-1601"}, "taken"),
        ({"building_room": "3-1601", "name": "苏白露"}, "unclear"),
        ({"building_room": "三栋二单元1601室", "name": "苏白露"}, "taken"),
    ],
)
def test_address_matches_as_far_as_both_say_the_same(agent, colleague, changed, answer):
    city = RegionFactory(name="南宁")
    LeadFactory(filer=colleague, city=city, building_room="3-2-1601")
    address = {"city": city.pk, "city_name": "南宁", "building_room": "3-2-1601"} | changed

    assert judged(claim_of(agent, mobile="13900139000", **address)).answer == answer


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


@pytest.mark.parametrize("hold", Hold.values)
def test_only_leads_under_protection_are_repeated(agent, hold):
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=None, hold=hold)

    found = judged(claim_of(agent))

    assert found.customer_id == lead.customer_id
    if hold in ACTIVE:
        assert (found.answer, found.repeats.number, found.joins.protection_id) == (
            "own",
            lead.number,
            lead.protection_id,
        )
    else:
        assert (found.answer, found.repeats, found.joins) == ("free", None, None)


@pytest.mark.parametrize("progress", CLOSED)
def test_customer_let_go_is_free_and_found_again(agent, colleague, progress):
    lead = LeadFactory(filer=colleague, mobile=MOBILE, progress=progress)

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


@pytest.mark.parametrize("filers", [(), ("colleague",), ("agent",), ("colleague", "agent")])
def test_batch_is_known_in_one_statement_and_a_second_for_customers_met(
    request, agent, django_assert_num_queries, filers
):
    mobiles = (MOBILE, "13900139000")[: len(filers)]
    for mobile, filer in zip(mobiles, filers, strict=True):
        LeadFactory(filer=request.getfixturevalue(filer), mobile=mobile)
    claims = [claim_of(agent), claim_of(agent, mobile="13900139000"), claim_of(agent, mobile="13900139001")]

    with django_assert_num_queries(1 + bool(filers)):
        known = known_of(claims)

    assert {key.value for key in known.by_value} == set(mobiles)


def test_claims_without_keys_ask_nothing(agent, django_assert_num_queries):
    claim = claim_of(agent, mobile="")

    with django_assert_num_queries(0):
        known = known_of([claim])

    assert known == Known()


def test_later_claim_of_a_batch_sees_the_accepted_ones(agent, colleague):
    first, repeat, other = claim_of(agent), claim_of(agent), claim_of(colleague)
    known = known_of([first, repeat, other])

    made = Held(-1, -1, "", agent.pk, Hold.PROTECTED)
    known.add(first, -1, "row 2 of this file", made, holds=True)

    assert judge(repeat, known, MORNING).repeats.number == "row 2 of this file"
    assert not judge(repeat, known, MORNING).repeats.saved
    assert judge(repeat, known, MORNING).joins == made
    assert judge(other, known, MORNING).answer == Answer.TAKEN
    assert [(kept.customer_id, kept.held) for kept in known.by_value[Key("mobile", MOBILE)]] == [(-1, True)]
    assert known.holders(-1, "") == (made,)


def test_two_of_one_district_meet_though_a_third_of_another_holds_the_address(agent, colleague, stranger):
    city = RegionFactory(name="南宁")
    flat = {"city": city.pk, "city_name": "南宁", "building_room": "3-2-1601"}
    third, first, second = (
        claim_of(filer, name=name, mobile=mobile, community=community, **flat)
        for filer, name, mobile, community in (
            (stranger, "陆见川", "13700137000", "青秀区幸福里"),
            (colleague, "苏白露", "13800138000", "西乡塘区幸福里"),
            (agent, "宋惊蛰", "13900139000", "西乡塘区幸福里"),
        )
    )
    for claim, filer in ((third, stranger), (first, colleague)):
        filing.file_lead(claim, by=filer)

    found = judged(second)

    assert IdentityKey.objects.filter(kind="address", held=True).count() == 2
    assert (found.answer, [match.holders for match in found.matches]) == ("taken", [{colleague.pk}])


def test_crowded_block_says_nothing_and_costs_little(agent, colleague):
    batch = [
        claim_of(colleague, row=row, name=f"客户{row}", mobile=f"138{row:08}", community="幸福里", building_room="3栋")
        for row in range(1, 400)
    ]
    known = Known()
    for claim in batch:
        made = Held(-claim.row, -claim.row, "", colleague.pk, Hold.PROTECTED)
        known.add(claim, -claim.row, "", made, holds=True)

    found = judge(claim_of(agent, mobile="13900139000", building_room="3栋"), known, MORNING)
    assert found.matches == ()
