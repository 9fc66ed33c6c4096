"""What must always be true of the data: it is after a random life, and each breach of it is found by its name alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from approvals.models import Request
from approvals.services import decide
from core.events import note_event
from core.models import Event, Serial
from customers.models import Customer, IdentityKey, Merge
from leads.invariants import INVARIANTS, complaints
from leads.models import Lead, Protection, QueueEntry, QuotaDay
from leads.services import assignments, filing, merging
from leads.services.protecting import START, ledger_line
from leads.spans import End
from policies.terms import Conditions, Term
from tests.factories import OrderTypeFactory
from tests.leads.lives import ASKED, RICH, Life, People
from tests.ownership.scenes import at, file, moment, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def people(agent: Any, colleague: Any, partner: Any, office: Any, manager: Any, auditor: Any, seller: Any) -> People:
    return People([agent, colleague, partner], office, manager, auditor, seller)


@dataclass
class House:
    """Filings in every state: `held` by two leads with two who wait, `free` again, `asked` and `assigned`."""

    held: Lead
    second: Lead
    waiting: list[Lead]
    free: Lead
    asked: Lead
    granted: Lead
    assigned: Lead
    merged: Customer
    other: User

    @property
    def protection(self) -> Protection:
        found: Protection = Protection.objects.get(leads=self.held)
        return found


@pytest.fixture
def house(agent: Any, colleague: Any, partner: Any, office: Any, seller: Any) -> House:
    plain = policy("一般", 1, term=Term(7), queue=2)
    asks = policy("审批", 0, term=Term(7), needs_approval=True)
    kind = OrderTypeFactory()
    with at("2026-06-01"):
        held = file(agent, plain, mobile="13800138001").lead
        second = file(agent, plain, mobile="13800138001", order_type=kind.pk).lead
        assigned = file(agent, plain, mobile="13800138002").lead
        asked, granted = (file(agent, asks, mobile=f"1380013800{digit}").lead for digit in "34")
        free, gone, kept = (file(agent, plain, mobile=f"1380013800{digit}").lead for digit in "567")
    with at("2026-06-02", "10:00"):
        waiting = [file(who, plain, mobile="13800138001", queue=True).lead for who in (colleague, partner)]
        for lead in (free, gone, kept):
            filing.withdraw(lead, by=agent)
        decide(Request.objects.get(subject_id=granted.pk).pk, "grant", by=office, answer="")
        assignments.assign(assigned, store_id=seller.unit_id, order_type_id=kind.pk, note="", by=office)
        with transaction.atomic():
            merging.merge(kept.customer, gone.customer, by=office, reason="同一人", at=moment("2026-06-02", "10:00"))
    return House(held, second, waiting, free, asked, granted, assigned, gone.customer, colleague)


def test_nothing_is_wrong_in_a_house_in_order(house: House) -> None:
    assert list(complaints()) == []


@pytest.mark.parametrize(("terms", "seed"), [(RICH, 3), (ASKED, 4)], ids=["protected at once", "approved first"])
def test_nothing_is_wrong_after_a_random_life(
    agent: Any,
    colleague: Any,
    partner: Any,
    office: Any,
    manager: Any,
    auditor: Any,
    seller: Any,
    terms: Any,
    seed: int,
) -> None:
    people = People([agent, colleague, partner], office, manager, auditor, seller)
    life = Life(people, [], seed)
    first = {"when": Conditions(order_types=(life.kinds[0],)), "contest": "evidence", "needs_approval": True}
    life.policies = [policy("橱柜", 0, **RICH | first), policy("其余", 1, **terms)]

    life.run(50)

    assert list(complaints()) == []


def stand_beside(house: House) -> None:
    """The second lead of the customer gets a protection of its own, of one order type."""
    one = house.protection
    made = Protection.objects.create(
        customer=one.customer, scope="7", filer=one.filer, started_at=one.started_at, ends_at=one.ends_at
    )
    note_event(made, START, by=None, at=one.started_at, changes=ledger_line(End(one.ends_at, "term")))
    Lead.objects.filter(pk=house.second.pk).update(protection=made)


def hold_what_is_free(house: House) -> None:
    IdentityKey.objects.filter(customer=house.free.customer_id, kind="mobile").update(held=True)


def let_go_of_a_key(house: House) -> None:
    IdentityKey.objects.filter(customer=house.held.customer_id, kind="mobile").update(held=False)


def name_another_holder(house: House) -> None:
    Customer.objects.filter(pk=house.held.customer_id).update(holder=house.other)


def forget_the_holder(house: House) -> None:
    Customer.objects.filter(pk=house.held.customer_id).update(holder=None)


def point_elsewhere(house: House) -> None:
    Customer.objects.filter(pk=house.merged.pk).update(root=house.free.customer_id)


def forget_the_merge(house: House) -> None:
    Merge.objects.filter(gone=house.merged).delete()


def take_back_the_pointer_only(house: House) -> None:
    Customer.objects.filter(pk=house.merged.pk).update(root=None, merged_into=None)


def end_the_lead_only(house: House) -> None:
    Lead.objects.filter(pk=house.second.pk).update(hold="expired")


def end_the_last_lead_only(house: House) -> None:
    Lead.objects.filter(pk=house.assigned.pk).update(hold="released")


def move_to_another_filer(house: House) -> None:
    Protection.objects.filter(leads=house.assigned).update(filer=house.other)
    Customer.objects.filter(pk=house.assigned.customer_id).update(holder=house.other)


def call_it_pending(house: House) -> None:
    Protection.objects.filter(leads=house.assigned).update(state="pending")


def drop_the_place(house: House) -> None:
    QueueEntry.objects.filter(lead=house.waiting[1]).update(state="cancelled")


def jump_the_queue(house: House) -> None:
    QueueEntry.objects.filter(lead=house.waiting[1]).update(at=F("at") - timedelta(minutes=1))


def wait_for_nothing(house: House) -> None:
    QueueEntry.objects.filter(lead=house.waiting[1]).update(customer=house.free.customer_id)


def reopen_the_request(house: House) -> None:
    Request.objects.filter(subject_id=house.granted.pk).update(state="pending", decided_at=None)


def ask_for_more_of_what_waits(house: House) -> None:
    beside = Request.objects.get(subject_id=house.asked.pk)
    beside.pk, beside.kind = None, "extension"
    beside.save(force_insert=True)


def say_it_succeeded(house: House) -> None:
    Lead.objects.filter(pk=house.assigned.pk).update(audit_status="success")


def use_one_more(house: House) -> None:
    QuotaDay.objects.filter(user=house.held.filer, day=date(2026, 6, 1)).update(used=F("used") + 1)


def credit_one_more(house: House) -> None:
    QuotaDay.objects.filter(user=house.held.filer, day=date(2026, 6, 1)).update(credit=1)


def forget_the_day(house: House) -> None:
    QuotaDay.objects.filter(user=house.held.filer, day=date(2026, 6, 1)).delete()


def skip_a_number(house: House) -> None:
    Serial.objects.filter(day=date(2026, 6, 1)).update(last=F("last") + 1)


def number_twice(house: House) -> None:
    Lead.objects.filter(pk=house.held.pk).update(number="KH202606010099")


def forget_the_serial(house: House) -> None:
    Serial.objects.filter(day=date(2026, 6, 1)).delete()


def log_of(lead: Lead) -> Any:
    return Event.objects.filter(subject_type="leads.lead", subject_id=lead.pk)


def forget_an_event(house: House) -> None:
    log_of(house.assigned).filter(action="progress").delete()


def break_the_chain(house: House) -> None:
    log_of(house.assigned).filter(action="assign").update(before="deposit", after="deposit")


def make_a_move_that_is_none(house: House) -> None:
    log_of(house.free).filter(action="withdraw").update(action="resubmit")


def stretch_the_end(house: House) -> None:
    Protection.objects.filter(pk=house.protection.pk).update(ends_at=F("ends_at") + timedelta(days=1))


def forget_the_request(house: House) -> None:
    Request.objects.filter(subject_id=house.asked.pk).delete()


def decide_without_a_decision(house: House) -> None:
    """The request is closed, but the lead goes on waiting."""
    Request.objects.filter(subject_id=house.asked.pk).update(state="lapsed", decided_at=moment("2026-06-02"))


def prolong_without_a_line(house: House) -> None:
    Protection.objects.filter(pk=house.protection.pk).update(extensions=2)


def end_later(house: House) -> None:
    Protection.objects.filter(leads=house.free).update(ended_at=F("ended_at") + timedelta(days=3))


def end_for_another_reason(house: House) -> None:
    Protection.objects.filter(leads=house.free).update(ended_why="let_go")


def forget_the_end(house: House) -> None:
    pk = house.free.protection_id
    Event.objects.filter(subject_type="leads.protection", subject_id=pk, action="end").delete()


PLANTED: dict[str, tuple[Callable[[House], None], ...]] = {
    "one protection per customer and scope": (stand_beside,),
    "held keys belong to whoever holds the customer": (hold_what_is_free,),
    "whoever holds a customer holds its keys": (let_go_of_a_key,),
    "customers know their holder": (name_another_holder, forget_the_holder),
    "merged customers point to one": (point_elsewhere, forget_the_merge, take_back_the_pointer_only),
    "leads stand as their protection does": (
        end_the_lead_only,
        end_the_last_lead_only,
        move_to_another_filer,
        call_it_pending,
        drop_the_place,
    ),
    "queues are in order and wait for somebody": (jump_the_queue, wait_for_nothing),
    "requests wait for leads that wait": (reopen_the_request, ask_for_more_of_what_waits),
    "leads that wait for a decision have a request": (forget_the_request, decide_without_a_decision),
    "leads stand as their assignments do": (say_it_succeeded,),
    "quota counts the filings of the day": (use_one_more, credit_one_more, forget_the_day),
    "numbers have no gaps": (skip_a_number, number_twice, forget_the_serial),
    "the log of a lead ends where it stands": (forget_an_event, break_the_chain, make_a_move_that_is_none),
    "the ledger of a protection comes to its end": (stretch_the_end,),
    "protections are prolonged as often as their ledger says": (prolong_without_a_line,),
    "protections end when their log says": (end_later, end_for_another_reason, forget_the_end),
}


def test_every_invariant_has_a_breach_planted() -> None:
    assert PLANTED.keys() == INVARIANTS.keys()


@pytest.mark.parametrize(
    ("name", "plant"),
    [pytest.param(name, plant, id=plant.__name__) for name, plants in PLANTED.items() for plant in plants],
)
def test_a_planted_breach_is_found_by_its_own_invariant_alone(
    house: House, name: str, plant: Callable[[House], None]
) -> None:
    plant(house)

    found = list(complaints())

    assert {invariant for invariant, _complaint in found} == {name}
    assert not [text for _invariant, text in found if "1380013" in text or "韦半夏" in text]


def test_invariants_take_as_many_statements_for_one_lead_as_for_many(agent: Any) -> None:
    plain = policy(term=Term(7))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert list(complaints()) == []
        return len(captured)

    with at("2026-06-01"):
        file(agent, plain, mobile="13800138001")
        first = cost()
        for digit in range(2, 9):
            file(agent, plain, mobile=f"1380013800{digit}")

    assert (first, cost()) == (38, 38)


def checked(*options: str) -> tuple[int, str]:
    """How the command ends and what it says."""
    out = StringIO()
    try:
        call_command("check_invariants", *options, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_command_says_that_all_is_well_or_nothing_at_all(house: House) -> None:
    code, said = checked()

    assert (code, said.splitlines()) == (0, [f"{name}: ok" for name in INVARIANTS])
    assert checked("--quiet") == (0, "")


def test_command_names_every_complaint_and_fails(house: House) -> None:
    name_another_holder(house)
    skip_a_number(house)

    code, said = checked("--quiet")

    assert (code, said.splitlines()) == (
        1,
        [
            f"customers know their holder: customer {house.held.customer_id} names person {house.other.pk} as its"
            " holder, who has no protection of it",
            "numbers have no gaps: KH 2026-06-01: the serial stands at 9, but there are 8 numbers, 1 to 8",
        ],
    )
