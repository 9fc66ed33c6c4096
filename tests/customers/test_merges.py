"""Two customers that are one: merging them and taking it back, with nothing lost (MATCH-4, decision 10)."""

from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from approvals.models import Request
from approvals.services import decide
from core.verdicts import Refused
from customers.merges import below, turned, way_up
from customers.models import Customer, IdentityKey, Merge
from leads.choices import OPEN
from leads.known import known_of
from leads.matching import judge
from leads.models import Lead, Protection
from leads.services import filing
from leads.services.ownership import Overtaken
from tests.customers.merged import (
    complaints,
    components,
    customer_of,
    digest,
    join,
    part,
    parties,
    undone_afterwards,
)
from tests.factories import MORNING, LeadFactory, OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TREE = {1: None, 2: 1, 3: 1, 4: 2, 5: 4}
NUMBERS = [f"1390013900{n}" for n in range(8)]


def now(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def verdict(filer: User, mobile: str) -> str:
    claim = claim_of(filer, mobile=mobile)
    return str(judge(claim, known_of([claim]), MORNING).answer)


def test_way_up_and_what_hangs_below():
    assert way_up(TREE, 5) == [5, 4, 2, 1]
    assert below(TREE, 2) == {2, 4, 5}
    assert below(TREE, 1) == {1, 2, 3, 4, 5}


def test_circle_is_told_instead_of_walked_for_ever():
    with pytest.raises(ValueError, match="circle"):
        way_up({1: 2, 2: 1}, 1)


def test_turning_reverses_the_way_up_and_nothing_else():
    assert turned(TREE, 4) == [(2, 1), (4, 2)]
    assert turned(TREE, 1) == []


def test_merge_points_to_the_kept_one_and_flattens_the_root(agent, office):
    one, other, third = (customer_of(agent, mobile) for mobile in NUMBERS[:3])

    join(other, third, office)
    join(one, other, office)

    assert [(now(each).merged_into_id, now(each).root_id) for each in (one, other, third)] == [
        (None, None),
        (one.pk, one.pk),
        (other.pk, one.pk),
    ]
    assert complaints() == []


def test_merging_one_from_the_middle_of_a_party_brings_all_of_it(agent, office):
    root, middle, leaf, kept = (customer_of(agent, mobile) for mobile in NUMBERS[:4])
    join(root, middle, office)
    join(middle, leaf, office)

    join(kept, middle, office)

    assert [now(each).merged_into_id for each in (root, middle, leaf, kept)] == [middle.pk, kept.pk, middle.pk, None]
    assert parties() == {kept.pk: {root.pk, middle.pk, leaf.pk, kept.pk}}
    assert complaints() == []


def test_taking_a_merge_back_parts_exactly_what_it_joined(agent, office):
    root, middle, kept = (customer_of(agent, mobile) for mobile in NUMBERS[:3])
    first = join(root, middle, office)
    join(kept, middle, office)

    part(first, office)

    assert parties() == {root.pk: {root.pk}, kept.pk: {middle.pk, kept.pk}}
    assert complaints() == []


def test_merge_is_kept_with_who_and_why(agent, office):
    made = join(customer_of(agent, NUMBERS[0]), customer_of(agent, NUMBERS[1]), office)

    part(made, office)

    made.refresh_from_db()
    assert (made.by, made.reason, made.at) == (office, "同一手机", MORNING)
    assert (made.undone_by, made.undone_reason, made.undone_at) == (office, "看错了", MORNING)


def test_whoever_holds_one_of_the_two_holds_both(agent, colleague, office):
    kept, gone = customer_of(None, NUMBERS[0], former=colleague), customer_of(agent, NUMBERS[1])

    made = join(kept, gone, office)

    assert (now(kept).holder, now(gone).holder) == (agent, None)
    part(made, office)
    assert (now(kept).holder, now(gone).holder) == (None, agent)


def test_customers_of_two_people_are_not_merged(agent, colleague, office):
    kept, gone = customer_of(agent, NUMBERS[0]), customer_of(colleague, NUMBERS[1])
    before = digest()

    with pytest.raises(Refused, match="Decide first who keeps the customer"):
        join(kept, gone, office)

    assert (digest(), Merge.objects.count()) == (before, 0)


def test_filing_that_waits_to_be_compared_is_decided_before_its_customer_is_merged(agent, office):
    compares = policy(needs_approval=True, contest="evidence")
    protected, waits = (
        filing.file_lead(claim_of(agent, mobile=mobile, policy=rules), by=agent).lead
        for mobile, rules in zip(NUMBERS[:2], (None, compares), strict=True)
    )

    for kept, gone in ((protected, waits), (waits, protected)):
        with pytest.raises(Refused, match="waits for a decision"):
            join(kept.customer, gone.customer, office)
    decide(Request.objects.get().pk, "grant", by=office, answer="")
    join(protected.customer, waits.customer, office)

    assert [Protection.objects.active().count(), Lead.objects.filter(hold="protected").count()] == [1, 2]
    assert complaints() == []


def test_what_is_one_already_is_not_merged_again(agent, office):
    one, other, third = (customer_of(agent, mobile) for mobile in NUMBERS[:3])
    join(one, other, office)
    join(one, third, office)

    for kept, gone in ((one, other), (other, one), (other, third)):
        with pytest.raises(Refused, match="one customer already"):
            join(kept, gone, office)
    with pytest.raises(Refused, match="with itself"):
        join(one, one, office)


def test_merge_is_taken_back_once(agent, office):
    made = join(customer_of(agent, NUMBERS[0]), customer_of(agent, NUMBERS[1]), office)
    part(made, office)

    with pytest.raises(Refused, match="taken back already"):
        part(made, office)


def test_second_merge_of_what_was_merged_is_stopped_by_the_database(agent, office):
    one, other, third = (customer_of(agent, mobile) for mobile in NUMBERS[:3])
    Merge.objects.create(kept=third, gone=other, by=office, reason="", at=MORNING)

    with pytest.raises(Overtaken):
        join(one, other, office)


def test_number_of_a_merged_customer_belongs_to_the_party(agent, colleague, stranger, office):
    kept, gone = customer_of(agent, NUMBERS[0]), customer_of(None, NUMBERS[1], former=colleague)
    before = [verdict(person, NUMBERS[1]) for person in (agent, stranger)]

    made = join(kept, gone, office)
    merged = [verdict(person, NUMBERS[1]) for person in (agent, stranger)]
    part(made, office)

    assert (before, merged) == (["free", "free"], ["own", "taken"])
    assert [verdict(person, NUMBERS[1]) for person in (agent, stranger)] == before


def test_filing_of_a_merged_customer_goes_to_its_root(agent, colleague, office):
    kept, gone = customer_of(agent, NUMBERS[0]), customer_of(None, NUMBERS[1], former=colleague)
    join(kept, gone, office)

    lead = filing.file_lead(claim_of(agent, mobile=NUMBERS[1]), by=agent).lead

    assert lead.customer == kept
    assert complaints() == []


def test_number_filed_while_merged_stays_with_its_filing(agent, colleague, office):
    kept, gone = customer_of(agent, NUMBERS[0]), customer_of(None, NUMBERS[1], former=colleague)
    made = join(kept, gone, office)
    filing.file_lead(claim_of(agent, mobile=NUMBERS[1]), by=agent)

    part(made, office)

    assert complaints() == []
    assert (verdict(colleague, NUMBERS[1]), now(gone).holder) == ("taken", None)


def test_protection_whose_leads_all_lie_at_the_other_part_ends_with_the_merge(agent, colleague, office):
    kept, gone = customer_of(None, NUMBERS[0], former=colleague), customer_of(agent, NUMBERS[1])
    made = join(kept, gone, office)
    own = filing.file_lead(claim_of(agent, mobile=NUMBERS[0]), by=agent).lead
    first = Lead.objects.get(customer=gone)
    assert own.protection == first.protection
    filing.withdraw(first, by=agent)

    part(made, office)

    assert complaints() == []
    assert list(Protection.objects.order_by("pk").values_list("customer", "state", "ended_why")) == [
        (gone.pk, "released", "merged"),
        (kept.pk, "protected", ""),
    ]
    assert [verdict(colleague, number) for number in NUMBERS[:2]] == ["taken", "free"]


def test_number_edited_while_merged_goes_with_its_filing(agent, office):
    kept, gone = customer_of(agent, NUMBERS[0]), customer_of(agent, NUMBERS[1])
    made = join(kept, gone, office)
    filing.edit_lead(Lead.objects.get(customer=gone), claim_of(agent, mobile=NUMBERS[2]), by=agent)

    part(made, office)

    assert complaints() == []
    assert [IdentityKey.objects.get(value=NUMBERS[2]).customer, now(gone).holder] == [gone, agent]


@pytest.fixture
def eight(agent: User, colleague: User) -> list[Customer]:
    """Customers of two people and of nobody, some with more than one lead."""
    people = [agent, agent, agent, colleague, colleague]
    held = [customer_of(person, mobile) for person, mobile in zip(people, NUMBERS[:5], strict=True)]
    free = [customer_of(None, mobile, former=colleague) for mobile in NUMBERS[5:]]
    LeadFactory(filer=agent, customer=held[0], mobile=NUMBERS[0], phone="0771-5512345")
    LeadFactory(filer=agent, customer=held[1], mobile=NUMBERS[2], progress="lost")
    return held + free


Step = tuple[str, int, int]
PLACES = st.integers(0, 7)
MERGES = st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=14)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(merges=MERGES, undone=st.lists(st.integers(0, 13), max_size=6), randomly=st.randoms(use_true_random=False))
@example(merges=[(6, 2), (1, 6), (0, 1)], undone=[], randomly=Random(1))
@example(merges=[(6, 2), (1, 6), (0, 1)], undone=[], randomly=Random(2))
def test_undoing_every_merge_in_any_order_leaves_everything_as_it_was(eight, office, merges, undone, randomly):
    before, edges = digest(), {}

    with undone_afterwards():
        for turn, (one, other) in enumerate(merges):
            with suppress(Refused):
                edges[join(eight[one], eight[other], office)] = (eight[one].pk, eight[other].pk)
            check(eight, edges)
            if turn in undone and edges:
                take_back(edges, randomly.choice(sorted(edges, key=lambda merge: merge.pk)), office)
                check(eight, edges)
        for merge in randomly.sample(sorted(edges, key=lambda merge: merge.pk), len(edges)):
            take_back(edges, merge, office)
            check(eight, edges)
        assert digest() == before


def take_back(edges: dict[Merge, Any], merge: Merge, by: User) -> None:
    part(merge, by)
    del edges[merge]


def check(customers: list[Customer], edges: dict[Merge, tuple[int, int]]) -> None:
    """Parties are what was said to be one, and all of what belongs to them is in order."""
    assert set(parties().values()) == components([each.pk for each in customers], edges.values())
    assert complaints() == []


STEPS = st.one_of(
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("undo"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("file"), st.integers(0, 4), st.integers(0, 1)),
    st.tuples(st.just("edit"), st.integers(0, 9), st.integers(0, 4)),
    st.tuples(st.just("withdraw"), st.integers(0, 9), st.just(0)),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
@example(steps=[("withdraw", 1, 0), ("merge", 1, 0), ("edit", 0, 1), ("undo", 0, 0)])
def test_life_goes_on_with_merged_customers(agent, colleague, office, steps):
    with undone_afterwards():
        for number in NUMBERS[:2]:
            filing.file_lead(claim_of(agent, mobile=number), by=agent)
        for turn, step in enumerate(steps):
            with suppress(Refused):
                live(step, turn, [agent, colleague], office)
            assert complaints() == [], step


def live(step: Step, turn: int, people: list[User], office: User) -> None:
    """One step of a history: places are taken from what there is at the moment."""
    kind, one, other = step
    customers, leads = (
        list(Customer.objects.order_by("pk")),
        list(Lead.objects.filter(progress__in=OPEN).order_by("pk")),
    )
    standing = list(Merge.objects.filter(undone_at=None).order_by("pk"))
    if kind == "merge":
        join(customers[one % len(customers)], customers[other % len(customers)], office)
    elif kind == "undo" and standing:
        part(standing[one % len(standing)], office)
    elif kind == "file":
        order_type = OrderTypeFactory(name=f"品类{turn}").pk
        filing.file_lead(claim_of(people[other], mobile=NUMBERS[one], order_type=order_type), by=people[other])
    elif kind == "edit" and leads:
        lead = leads[one % len(leads)]
        changed = claim_of(lead.filer, mobile=NUMBERS[other], order_type=lead.order_type_id)
        filing.edit_lead(lead, changed, by=lead.filer)
    elif kind == "withdraw" and leads:
        lead = leads[one % len(leads)]
        filing.withdraw(lead, by=lead.filer)
