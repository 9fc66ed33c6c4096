"""Who waits for a customer, in which order, and who is next when its protection has ended (PROT-6)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Unit
from core.models import Event
from leads.models import Lead, Protection, QueueEntry
from notices.models import Outbox
from policies.terms import Term
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.owners import (
    MONTH,
    MONTH_AGO,
    doubles,
    file_all,
    filing_by,
    held_since,
    inversions,
    staff,
    strays,
    version,
)
from tests.races.scenes import customers
from tests.races.worker import Call, Result

ROOM, AHEAD = 12, 0.5


def told(results: list[Result]) -> set[tuple[str, ...]]:
    return {result.codes for result in results if result.kind == "refused"}


def complaints_of_places(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """Sixteen people queue for each customer at once; the clock of one process is half a second ahead."""
    holder, *people = staff(PROCESSES + 1, outlet)
    rules, wanted = version(**MONTH, queue=ROOM), customers(number)
    held_since(timezone.now() - timedelta(hours=1), holder, wanted, rules)
    clocks: list[Call] = [("take_the_real_clock", {"ahead": AHEAD if place == 5 else 0}) for place in range(PROCESSES)]
    queues = [[filing_by(one, fields, rules, queue=True) for fields in wanted] for one in people]
    results = race(
        [[clock, *queue] for clock, queue in zip(clocks, queues, strict=True)], mistake=mistake, in_step=True
    )
    waiting = sum(result.kind == "done" and result.answer == "queued" for result in results)
    return (
        errors(results)
        + inversions(wanted)
        + unlike("waiting", waiting, number * ROOM)
        + unlike("what the others were told", told(results), {("taken",)})
        + strays()
    )


@sizes("number", small=4, full=60)
def test_places_of_a_queue_are_in_the_order_of_arrival(number: int, shipped_roles: None, outlet: Unit) -> None:
    assert complaints_of_places(number, outlet) == []


@pytest.mark.postgres
@pytest.mark.parametrize("mistake", ["queue_by_web_clock", "queue_by_transaction_time", "stamps_not_compared"])
def test_other_orders_are_caught(mistake: str, shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_places(3, outlet, mistake))


def complaints_of_turns(number: int, outlet: Unit, task: str, mistake: str = "") -> list[str]:
    """All protections are over and two people wait for each customer, when sixteen schedulers begin at once."""
    holder, second, third = staff(3, outlet)
    rules, wanted = version(**MONTH, queue=2), customers(number)
    held_since(MONTH_AGO, holder, wanted, rules)
    for who in (second, third):
        file_all(MONTH_AGO + timedelta(days=1), [filing_by(who, fields, rules, queue=True) for fields in wanted])
    results = race([[(task, {})]] * PROCESSES, mistake=mistake)
    leads = Lead.objects.filter(filer=second)
    running = Protection.objects.active().filter(customer__in=leads.values("customer"))
    events = Event.objects.filter(subject_type="leads.lead", subject_id__in=leads.values("pk"), action="take_over")
    return (
        errors(results)
        + unlike("promoted", QueueEntry.objects.filter(filer=second, state="promoted").count(), number)
        + unlike("still waiting", QueueEntry.objects.filter(filer=third, state="waiting").count(), number)
        + unlike("owners", list(running.values_list("filer", flat=True)), [second.pk] * number)
        + unlike("protected", leads.filter(hold="protected").count(), number)
        + unlike("told in the log", events.count(), number)
        + unlike("told to the filer", Outbox.objects.filter(to=second, kind="took_over").count(), number)
        + strays()
        + doubles()
    )


@sizes("number", small=8, full=60)
@pytest.mark.parametrize("task", ["settle_all", "tick"])
def test_sixteen_schedulers_promote_each_queue_once(task: str, number: int, shipped_roles: None, outlet: Unit) -> None:
    assert complaints_of_turns(number, outlet, task) == []


@pytest.mark.postgres
@pytest.mark.parametrize("mistake", ["settle_without_lock", "end_forgets_the_queue"])
def test_other_promotions_are_caught(mistake: str, shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_turns(8, outlet, "settle_all", mistake))


def complaints_of_late_ends(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """The protections are over and no scheduler has run: sixteen people file the customers, the waiters among them."""
    holder, *people = staff(PROCESSES + 1, outlet)
    waiter, rules, wanted = people[0], version(**MONTH, queue=1), customers(2 * number)
    waited_for, free = wanted[:number], wanted[number:]
    held_since(MONTH_AGO, holder, wanted, rules)
    file_all(MONTH_AGO + timedelta(days=1), [filing_by(waiter, fields, rules, queue=True) for fields in waited_for])
    calls = [
        [filing_by(one, fields, rules) for fields in wanted[:: -1 if place % 2 else 1]]
        for place, one in enumerate(people)
    ]
    results = race(calls, mistake=mistake)
    mine = [result for result in results if result.call[1]["filer"] == waiter.pk and of(result, waited_for)]
    others = [result for result in results if result.call[1]["filer"] != waiter.pk and of(result, waited_for)]
    winners = [result for result in results if result.kind == "done"]
    leads = Lead.objects.filter(hold="protected")
    return (
        errors(results)
        + unlike("what the waiter is told", {each.codes for each in mine}, {("own",)})
        + unlike("what others are told", {each.codes for each in others}, {("taken",)})
        + unlike("owners of what was waited for", owners(waited_for), {waiter.pk: number})
        + unlike("accepted", len(winners), number)
        + unlike(
            "accepted once each", len({each.call[1]["fields"]["mobile"] for each in winners if of(each, free)}), number
        )
        + unlike("told of the free ones", {each.codes for each in results if of(each, free)} - {(), ("taken",)}, set())
        + unlike("owners", sum(owners(free).values()), number)
        + unlike("protected", leads.filter(mobile__in=[each["mobile"] for each in wanted]).count(), 2 * number)
        + strays()
        + doubles()
    )


def of(result: Result, wanted: list[dict]) -> bool:
    return result.call[1]["fields"]["mobile"] in {fields["mobile"] for fields in wanted}


def owners(wanted: list[dict]) -> dict[int, int]:
    """How many of these customers each person holds."""
    counts: dict[int, int] = {}
    leads = Lead.objects.filter(mobile__in=[fields["mobile"] for fields in wanted], hold="protected")
    for customer, filer in set(leads.values_list("customer", "filer")):
        counts[filer] = counts.get(filer, 0) + (1 if customer else 0)
    return counts


@sizes("number", small=5, full=60)
def test_waiter_owns_what_has_ended_before_anybody_noticed(number: int, shipped_roles: None, outlet: Unit) -> None:
    assert complaints_of_late_ends(number, outlet) == []


@pytest.mark.postgres
@pytest.mark.parametrize("mistake", ["stamps_not_compared", "end_forgets_the_queue"])
def test_other_ends_are_caught(mistake: str, shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_late_ends(6, outlet, mistake))


def complaints_of_the_moment(number: int, outlet: Unit, mistake: str = "") -> list[str]:
    """Sixteen people try again and again while the protections end; on PostgreSQL one clock is seconds ahead.

    Whose clock is ahead begins early enough to get the customers even on a busy machine, if that clock counted.
    """
    holder, *people = staff(PROCESSES + 1, outlet)
    rules, wanted, tries = version(term=Term(1, "hour")), customers(number), 4
    leads = held_since(timezone.now() - timedelta(minutes=50), holder, wanted, rules)
    ends = timezone.now() + timedelta(seconds=8)
    Protection.objects.filter(leads__in=leads).update(ends_at=ends)
    usual: Call = ("take_the_real_clock", {"until": ends - timedelta(seconds=1)})
    hasty: Call = ("take_the_real_clock", {"until": ends - timedelta(seconds=4), "ahead": 5})
    clocks = [usual] * PROCESSES
    if connection.vendor == "postgresql":
        clocks[5] = hasty
    turns = [[filing_by(one, fields, rules) for _try in range(tries) for fields in wanted] for one in people]
    results = race([[clock, *calls] for clock, calls in zip(clocks, turns, strict=True)], mistake=mistake)
    begun = Protection.objects.filter(customer__in=[lead.customer_id for lead in leads]).exclude(filer=holder)
    early = [each.started_at for each in begun if each.started_at and each.started_at < ends]
    return errors(results) + unlike("too early", early, []) + strays() + doubles()


@sizes("number", small=3, full=10)
def test_nobody_gets_a_customer_before_its_end(number: int, shipped_roles: None, outlet: Unit) -> None:
    assert complaints_of_the_moment(number, outlet) == []


@pytest.mark.postgres
def test_end_by_the_clock_of_the_web_process_is_caught(shipped_roles: None, outlet: Unit) -> None:
    assert caught(lambda: complaints_of_the_moment(3, outlet, "end_by_web_clock"))
