"""Whose customer it is while people file, let go, void, prolong, approve and take deposits at once (guarantees 1)."""

from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest

from accounts.models import Unit, User
from approvals.models import Request
from core.models import Event
from customers.models import IdentityKey
from leads.models import Assignment, Lead, Protection, QueueEntry
from policies.terms import Term
from tests.factories import MORNING, AssignmentFactory, OrderTypeFactory
from tests.races.harness import PROCESSES, caught, errors, race, unlike
from tests.races.owners import (
    MONTH,
    MONTH_AGO,
    Fields,
    do,
    doubles,
    filing_by,
    held_since,
    office_of,
    seller,
    staff,
    strays,
    version,
    with_three_keys,
)
from tests.races.scenes import customers
from tests.races.worker import Call, Result

KINDS = ["address", "address_name", "mobile", "phone"]
DAY_AGO = MORNING - timedelta(days=1)


def sized(name: str, *, small: int, full: int, rounds: int) -> pytest.MarkDecorator:
    """Once and small in every run, some rounds of full size in `make drill`."""
    sizes = [pytest.param(small, 1, id="small"), pytest.param(full, rounds, id="full", marks=pytest.mark.drill)]
    return pytest.mark.parametrize((name, "rounds"), sizes)


def told(results: list[Result], task: str = "") -> Counter[tuple[str, ...]]:
    """The codes of the refusals, of one task or of all."""
    return Counter(each.codes for each in results if each.kind == "refused" and task in {"", each.call[0]})


def done(results: list[Result], task: str) -> int:
    return sum(each.kind == "done" and each.call[0] == task for each in results)


def leads_of(wanted: list[Fields]) -> list[Lead]:
    return list(Lead.objects.filter(mobile__in=[fields["mobile"] for fields in wanted]).select_related("customer"))


def complaints_of_three_keys(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """Sixteen people file the same customers by mobile, phone and address, every other person in reverse order.

    Where a mistake is to be caught, all are at the same customer at the same time.
    """
    people, rules, wanted = staff(PROCESSES, outlet), version(**MONTH), with_three_keys(number)
    turns = [wanted[:: -1 if place % 2 and not mistake else 1] for place in range(PROCESSES)]
    shares = [[filing_by(one, fields, rules) for fields in turn] for one, turn in zip(people, turns, strict=True)]
    results = race(shares, mistake=mistake, in_step=bool(mistake))
    leads = leads_of(wanted)
    running = Protection.objects.active().filter(customer__in=[lead.customer_id for lead in leads])
    held = IdentityKey.objects.filter(customer__in=[lead.customer_id for lead in leads], held=True)
    kinds = Counter(held.values_list("customer", "kind"))
    return (
        errors(results)
        + unlike("accepted", done(results, "file_by"), number)
        + unlike("what losers were told", told(results), Counter({("taken",): number * (PROCESSES - 1)}))
        + unlike("owned mobiles", len({lead.mobile for lead in leads}), number)
        + unlike("owners", sorted(running.values_list("customer", "filer")), owned(leads))
        + unlike("keys held", kinds, Counter((lead.customer_id, kind) for lead in leads for kind in KINDS))
        + strays()
        + doubles()
    )


def owned(leads: list[Lead]) -> list[tuple[int, int]]:
    return sorted((lead.customer_id, lead.filer_id) for lead in leads)


@sized("number", small=8, full=200, rounds=3)
def test_customers_with_three_keys_get_one_owner_each(
    number: int, rounds: int, shipped_roles: None, outlet: Unit
) -> None:
    assert [complaints_of_three_keys(number, outlet) for _round in range(rounds)] == [[]] * rounds


@pytest.mark.postgres
@pytest.mark.parametrize("mistake", ["look_then_hold", "keys_as_typed"])
def test_other_ways_to_hold_keys_are_caught(mistake: str, shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_three_keys(12, outlet, mistake))


def complaints_of_letting_go(number: int, outlet: Unit, task: str, mistake: str = "") -> list[str]:
    """At each customer half of the people have queued when its holder lets go, or somebody voids it, and all file it
    once more. Others are let go that nobody else wants."""
    holder, *people = staff(13, outlet)
    by = holder if task == "let_go" else office_of(outlet, [holder])
    rules, wanted = version(**MONTH, queue=3, void_ban=Term(3, "month"), cool_down=Term(30)), with_three_keys(number)
    leads = held_since(DAY_AGO, holder, wanted, rules)
    unwanted = held_since(DAY_AGO, holder, with_three_keys(number), rules)
    ended = chain(*zip(unwanted, leads, strict=True))
    shares: list[list[Call]] = [[(task, {"lead": lead.pk, "by": by.pk}) for lead in ended]]
    for place, one in enumerate(people):
        tries = [
            (queue_first(place, one, fields, rules), filing_by(one, fields, rules, queue=True)) for fields in wanted
        ]
        shares.append(list(chain(*tries)))
    results = race(shares, mistake=mistake, in_step=True)
    barred = Protection.objects.filter(filer=holder, barred_until__gt=MORNING, customer__in=of(leads))
    queue = QueueEntry.objects.filter(customer__in=of(leads))
    waiting = Counter(queue.waiting().values_list("customer", flat=True))
    running = Protection.objects.active()
    return (
        errors(results)
        + unlike("ended", done(results, task), 2 * number)
        + unlike("barred", barred.count(), number)
        + unlike("what losers were told", set(told(results)) - {("taken",), ("own",)}, set())
        + unlike("too many wait", [count for count in waiting.values() if count > 3], [])
        + unlike("owners", running.filter(customer__in=of(leads)).count(), number)
        + unlike("first in the queue", queue.filter(place=1, state="waiting").count(), 0)
        + unlike("owners of what nobody wants", running.filter(customer__in=of(unwanted)).count(), 0)
        + strays()
        + doubles()
    )


def queue_first(place: int, one: User, fields: Fields, rules: int) -> Call:
    """What a person does while the customer is still held: half of them queue, the others wait for the next step."""
    return filing_by(one, fields, rules, queue=True) if place % 2 else ("settle_all", {})


def of(leads: list[Lead]) -> list[int]:
    return [lead.customer_id for lead in leads]


@sized("number", small=4, full=60, rounds=1)
@pytest.mark.parametrize("task", ["let_go", "void"])
def test_customer_that_is_let_go_has_one_owner_and_one_queue(
    task: str, number: int, rounds: int, shipped_roles: None, outlet: Unit
) -> None:
    assert complaints_of_letting_go(number, outlet, task) == []


@pytest.mark.postgres
@pytest.mark.parametrize("mistake", ["keys_not_let_go", "end_forgets_the_queue", "stamps_not_compared"])
def test_other_ways_to_let_go_are_caught(mistake: str, shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_letting_go(4, outlet, "let_go", mistake))


def complaints_of_withdrawing(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """Each of five people withdraws filings while the same person, at other desks, files the customers for another
    order type."""
    rules, other = version(**MONTH), OrderTypeFactory(name="欧派衣柜").pk
    shares: list[list[Call]] = []
    for person in staff(5, outlet):
        wanted = customers(number)
        leads = held_since(DAY_AGO, person, wanted, rules)
        shares.append([("withdraw", {"lead": lead.pk, "by": person.pk}) for lead in leads])
        for _desk in range(2):
            shares.append([filing_by(person, fields | {"order_type": other}, rules) for fields in wanted])
    results = race(shares, mistake=mistake, in_step=True)
    return (
        errors(results)
        + unlike("withdrawn", done(results, "withdraw"), 5 * number)
        + unlike("what losers were told", set(told(results)) - {("own",)}, set())
        + strays()
        + doubles()
    )


@sized("number", small=4, full=60, rounds=1)
def test_withdrawing_and_filing_once_more_lock_in_one_order(
    number: int, rounds: int, shipped_roles: None, outlet: Unit
) -> None:
    assert complaints_of_withdrawing(number, outlet) == []


@pytest.mark.postgres
def test_other_order_of_locks_is_caught(shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_withdrawing(6, outlet, "customer_before_day"))


def complaints_of_prolonging(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """The holder asks for longer protection at sixteen desks at once, where nobody has to approve it."""
    [holder] = staff(1, outlet)
    longer = {"extensions": 1, "extension_term": Term(10), "extension_needs_approval": False}
    leads = held_since(DAY_AGO, holder, customers(number), version(**MONTH, **longer))
    ends = Protection.objects.filter(leads__in=leads).values_list("pk", "ends_at")
    before = {pk: end for pk, end in ends if end}
    calls: list[Call] = [("extend", {"lead": lead.pk, "by": holder.pk}) for lead in leads]
    results = race([calls] * PROCESSES, mistake=mistake, in_step=True)
    after = Protection.objects.filter(pk__in=before)
    moved = {(each.extensions, each.ends_at and (each.ends_at - before[each.pk]).days) for each in after}
    lines = Event.objects.filter(subject_type=Protection._meta.label_lower, subject_id__in=before, action="move")
    return (
        errors(results)
        + unlike("done", done(results, "extend"), number)
        + unlike("refused", sum(told(results).values()), number * (PROCESSES - 1))
        + unlike("extensions and days", moved, {(1, 10)})
        + unlike("lines of the ledgers", lines.count(), number)
    )


@sized("number", small=4, full=60, rounds=1)
def test_extension_counts_once_however_often_it_is_asked_for(
    number: int, rounds: int, shipped_roles: None, outlet: Unit
) -> None:
    assert complaints_of_prolonging(number, outlet) == []


@pytest.mark.postgres
def test_prolonging_without_a_lock_is_caught(shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_prolonging(4, outlet, "prolong_without_lock"))


def requests_of(holder: User, number: int, kind: str) -> list[Request]:
    """What waits for a decision on customers of one person: the filings, or longer protection."""
    longer = {"extensions": 2, "extension_term": Term(10)}
    rules = version(**MONTH, **longer, needs_approval=kind == "filing")
    leads = held_since(DAY_AGO, holder, customers(number), rules)
    if kind == "extension":
        for lead in leads:
            do(DAY_AGO + timedelta(hours=1), ("extend", {"lead": lead.pk, "by": holder.pk}))
    return list(Request.objects.filter(subject_id__in=[lead.pk for lead in leads], state="pending").order_by("pk"))


@sized("number", small=4, full=60, rounds=1)
@pytest.mark.parametrize("kind", ["filing", "extension"])
def test_request_is_decided_once(kind: str, number: int, rounds: int, shipped_roles: None, outlet: Unit) -> None:
    """Eight people grant it and eight refuse it, all at once."""
    [holder] = staff(1, outlet)
    office = office_of(outlet, [holder])
    asked = requests_of(holder, number, kind)
    words = ["grant", "refuse"] * (PROCESSES // 2)

    results = race(
        [[("answer", {"request": one.pk, "by": office.pk, "decision": word}) for one in asked] for word in words],
        in_step=True,
    )

    assert errors(results) + strays() + doubles() == []
    assert (len(asked), done(results, "answer")) == (number, number)
    granted = Counter(Request.objects.filter(pk__in=[one.pk for one in asked]).values_list("state", flat=True))
    said = Counter(each.call[1]["decision"] for each in results if each.kind == "done")
    assert (granted["granted"], granted["refused"]) == (said["grant"], said["refuse"])
    protected = Protection.objects.filter(filer=holder, state="protected")
    assert (protected if kind == "filing" else protected.filter(extensions=1)).count() == granted["granted"]


@sized("number", small=4, full=60, rounds=1)
def test_deposit_and_end_meet_in_one_second(number: int, rounds: int, shipped_roles: None, outlet: Unit) -> None:
    """A second before the end a deposit is taken, while others file the customer in the second of its end."""
    holder, *people = staff(9, outlet)
    shop, wanted = seller(), customers(number)
    rules = version(term=Term(7), deposit_term=Term(90))
    leads = held_since(MORNING - timedelta(days=8), holder, wanted, rules)
    Lead.objects.filter(pk__in=[lead.pk for lead in leads]).update(progress="assigned")
    cases = [AssignmentFactory(lead=Lead.objects.get(pk=lead.pk), store=shop.unit, at=DAY_AGO) for lead in leads]
    ends = {each.ends_at for each in Protection.objects.filter(leads__in=leads)}
    [end] = [each for each in ends if each]

    def at(late: int, call: Call) -> Call:
        task, arguments = call
        return "at_moment", {"moment": end + timedelta(seconds=late), "task": task, **arguments}

    paying = [[at(-1, ("pay", {"case": case.pk, "by": shop.pk})) for case in cases]] * 2
    filing = [[at(0, filing_by(one, fields, rules)) for fields in wanted] for one in people]
    results = race([*paying, *filing], in_step=True)

    assert errors(results) + strays() + doubles() == []
    assert Assignment.objects.filter(lead__in=leads, progress="deposit").count() == number
    running = Protection.objects.active().filter(customer__in=of(leads))
    assert running.count() == number
    longer = {each.ends_at for each in running.filter(filer=holder)}
    assert longer <= {end + timedelta(days=90)}


@sized("number", small=4, full=60, rounds=1)
def test_last_second_of_the_waiter_and_of_the_holder(
    number: int, rounds: int, shipped_roles: None, outlet: Unit
) -> None:
    """In the second of the end the holder and the waiter act on what they had, while others file the customers."""
    holder, waiter, *people = staff(10, outlet)
    rules, wanted = version(**MONTH, queue=2, extensions=1, extension_term=Term(5)), customers(number)
    leads = held_since(MONTH_AGO, holder, wanted, rules)
    waiting = held_since(MONTH_AGO + timedelta(days=1), waiter, wanted, rules, queue=True)
    shares: list[list[Call]] = [
        [("let_go", {"lead": lead.pk, "by": holder.pk}) for lead in leads],
        [("extend", {"lead": lead.pk, "by": holder.pk}) for lead in leads],
        [("withdraw", {"lead": lead.pk, "by": waiter.pk}) for lead in waiting],
    ]
    shares += [[filing_by(one, fields, rules) for fields in wanted] for one in people]

    results = race(shares, in_step=True)

    assert errors(results) + strays() + doubles() == []
    assert (done(results, "let_go"), done(results, "extend"), done(results, "withdraw")) == (0, 0, number)
    assert set(told(results, "file_by")) <= {("taken",)}
    assert {lead.hold for lead in Lead.objects.filter(pk__in=[each.pk for each in waiting])} == {"released"}
