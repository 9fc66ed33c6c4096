"""Random lives of three customers under five policies: the system and a plain model say the same, and why."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from accounts import roles
from accounts.models import Grant, Unit, User
from approvals.models import CalendarDay, Request
from approvals.services import decide
from core.clock import told
from core.verdicts import Refused
from customers.models import Customer, IdentityKey
from leads.claims import Claim
from leads.models import Assignment, Lead, Protection, QueueEntry
from leads.services import assignments, audit, filing, holding, settling
from leads.services.requesting import calendar_from
from policies.choosing import PolicyInForce
from policies.terms import Term
from tests.factories import OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership import model
from tests.ownership.model import Filing, Rules, Span, World
from tests.ownership.scenes import SHANGHAI, policy, taken_back
from tests.ownership.stories import ledgers_disagree
from tests.people import *  # noqa: F403
from tests.people import person

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 9, 10, 9, 0)
PEOPLE, KINDS, CASES = 4, 2, ("欧派橱柜", "欧派衣柜")
KEYS = {f"1380013800{digit}": f"1380013801{digit}" for digit in range(3)}
"""The numbers of three customers, each with the other one that it has, too."""

POLICIES = (
    Rules(term=(7, "day"), deposit=(90, "day")),
    Rules(
        term=(1, "month"),
        queue=1,
        own_turn=(2, "month"),
        extensions=1,
        longer=(1, "month"),
        longer_waiting=(15, "day"),
        days_before=5,
        extension_approved=True,
        ban=(3, "month"),
    ),
    Rules(
        term=(1, "month"),
        queue=2,
        deposit=(40, "day"),
        visit=(45, "day"),
        deal=(60, "day"),
        extensions=2,
        longer=(10, "day"),
        turn_extensions=1,
        cool_down=(20, "day"),
        ban=(2, "month"),
    ),
    Rules(term=(1, "month"), approval=True, queue=1, cool_down=(10, "day"), deposit=(90, "day")),
    Rules(
        term=(5, "working_day"),
        past_days_off=True,
        queue=1,
        extensions=1,
        longer=(3, "working_day"),
        deposit=(30, "day"),
        visit=(10, "day"),
    ),
)
SENTENCES = {
    "taken": "This customer is already filed. File another",
    "may queue": "This customer is already filed. You can queue",
    "barred": "You had this customer before",
    "own": "You have already filed this customer",
    "waits already": "You already wait for this customer",
    "keys wait": "While it waits, its numbers",
    "keys ended": "Its protection has ended, so its numbers",
    "assigned": "Already assigned to a showroom",
    "audited": "Already audited",
    "closed": "Not possible while the lead is|A deal can be recorded once",
    "queued": "It waits in the queue",
    "pending": "It waits for a person|Not possible while the customer is: waits for approval",
    "ended": "Its protection has ended \\(",
    "given up": "Its place in the queue was given up",
    "assigned already": "欧派.柜 is already assigned",
    "sold": "Another filing under this protection is won",
    "paid already": "Not possible while the assignment is: deposit paid",
    "not paid": "Not possible while the assignment is: assigned",
    "not holding": "This filing does not hold|Not possible while the customer is",
    "no end": "Only a protection that runs",
    "none": "The policy knows no longer protection|What was taken over from the queue",
    "too often": "It was prolonged",
    "too late": "Longer protection has to be asked for by",
    "asked already": "Longer protection is asked for already",
    "not open": "This is no longer open|This has lapsed",
}
"""What each reason of the model is called on the screen."""

SELDOM = {"no end", "sold"}
"""What hardly comes up by chance; `test_corners.py` has it."""


def reason(refused: Refused) -> str:
    sentence = str(refused.problems[0].sentence)
    return next((word for word, said in SENTENCES.items() if re.match(said, sentence)), sentence)


def terms_of(rules: Rules) -> dict[str, Any]:
    """The policy's settings in the words of the system."""

    def term(span: Span | None) -> Term | None:
        return Term(*span) if span else None

    return {
        "term": term(rules.term),
        "deposit_term": term(rules.deposit),
        "visit_term": term(rules.visit),
        "deal_term": term(rules.deal),
        "queue": rules.queue,
        "promoted_term": term(rules.own_turn),
        "needs_approval": rules.approval,
        "past_holidays": rules.past_days_off,
        "extensions": rules.extensions,
        "extension_term": term(rules.longer),
        "extension_term_waiting": term(rules.longer_waiting),
        "extension_days_before": rules.days_before,
        "extension_needs_approval": rules.extension_approved,
        "promoted_extensions": rules.turn_extensions,
        "void_ban": term(rules.ban),
        "cool_down": term(rules.cool_down),
    }


class Site:
    """Who is there and by which policies; made once."""

    def __init__(self, outlet: Unit, store: Unit) -> None:
        self.people = [person(roles.SALESPERSON, outlet, f"person {place}") for place in range(PEOPLE)]
        self.places = {one.pk: place for place, one in enumerate(self.people)}
        self.office = person(roles.MANAGER, outlet, "office")
        for one in self.people:
            Grant.objects.create(manager=self.office, person=one)
        self.seller: User = person(roles.SHOWROOM, store, "seller")
        self.store = store
        self.kinds = [OrderTypeFactory(name=f"订货 {place}") for place in range(KINDS)]
        self.cases = [OrderTypeFactory(name=name) for name in CASES]
        self.policies: list[PolicyInForce] = [
            policy(f"试行 {place}", **terms_of(one)) for place, one in enumerate(POLICIES)
        ]
        CalendarDay.objects.bulk_create(
            [
                *(CalendarDay(day=day, working=False) for day in model.OFF),
                *(CalendarDay(day=day, working=True) for day in model.MADE_UP),
            ]
        )


def aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=SHANGHAI) if moment else None


class Step(NamedTuple):
    """What is tried next, and what it needs to know: which filing or person, which number, order type and policy."""

    name: str
    place: int
    who: int
    key: str
    other: bool
    kind: int
    by: int
    hours: int
    yes: bool


OFTEN = {
    "file": 3,
    "queue": 4,
    "assign": 3,
    "deposit": 3,
    "win": 3,
    "decide": 3,
    "extend": 2,
    "pass_time": 2,
    "pass_to_an_end": 2,
}
NAMES = [*OFTEN, "withdraw", "edit", "release", "void", "reverse", "audit", "visit"]
MONEY = OFTEN | {"file": 2, "queue": 2, "assign": 5, "deposit": 6, "reverse": 4, "win": 2, "visit": 2, "release": 2}


def steps_of(often: dict[str, int], *, people: int = PEOPLE, customers: int = len(KEYS)) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        name=st.sampled_from([name for name in NAMES for _each in range(often.get(name, 1))]),
        place=st.integers(0, 5),
        who=st.integers(0, people - 1),
        key=st.sampled_from(list(KEYS)[:customers]),
        other=st.booleans(),
        kind=st.integers(0, KINDS - 1),
        by=st.integers(0, len(POLICIES) - 1),
        hours=st.sampled_from([1, 12, 24, 72, 168, 480, 744]),
        yes=st.booleans(),
    )


LIVES = {"many": steps_of(OFTEN), "money": steps_of(MONEY, people=2, customers=1)}
"""Several customers whom all want, and one of two people for whom deposits are paid and reversed."""


class Lives:
    """Every step is taken in both, the system and the model."""

    def __init__(self, site: Site, counts: Counter[tuple[str, str]]) -> None:
        self.site, self.counts = site, counts
        self.world, self.at = World(), BEGIN
        self.leads: list[int] = []

    def live(self, steps: Iterable[Step]) -> None:
        for step in steps:
            note(f"→ {step}")
            getattr(self, step.name)(step)
        assert ledgers_disagree() == []

    # Time

    def pass_time(self, step: Step) -> None:
        self.go_to(self.at + timedelta(hours=step.hours), ticks=step.yes)

    def pass_to_an_end(self, step: Step) -> None:
        """To the next end, or to a second before or after it."""
        ends = [one.claim.end for one in self.world.customers if one.claim and one.claim.end]
        later = [end + timedelta(seconds=step.place % 3 - 1) for end in ends]
        self.go_to(min((each for each in later if each > self.at), default=self.at), ticks=step.yes)

    def go_to(self, at: datetime, *, ticks: bool) -> None:
        self.at = at
        self.world.settle(at)
        self.counts["time", "tick" if ticks else ""] += 1
        if ticks:
            with told(self.now):
                settling.settle_all(self.now)

    @property
    def now(self) -> datetime:
        return self.at.replace(tzinfo=SHANGHAI)

    # Steps

    def both(self, name: str, expected: Callable[[], str], work: Callable[[], Any]) -> None:
        self.world.settle(self.at)
        before = len(self.world.filings)
        wanted = expected()
        with told(self.now):
            try:
                found, done = "", work()
            except Refused as refused:
                found = reason(refused)
        self.counts[name, wanted] += 1
        note(f"{self.at} {name}: {wanted or 'done'}")
        assert found == wanted, f"{name} at {self.at}: {found or 'done'}, but by the model {wanted or 'done'}"
        if len(self.world.filings) > before:
            self.leads.append(done)
        self.compare()
        self.at += timedelta(minutes=1)

    def pick(self, place: int, *, wanted: Callable[[Filing], Any] = bool) -> Filing | None:
        """One of the filings, those that go on first."""
        listed = [each for each in self.world.filings if wanted(each)]
        listed.sort(key=lambda each: (not each.active, each.hold != "queued", -each.number))
        return listed[place % len(listed)] if listed else None

    def lead(self, one: Filing) -> Lead:
        return Lead.objects.get(pk=self.leads[one.number])

    def file(self, step: Step, *, queue: bool = False) -> None:
        key = KEYS[step.key] if step.other and step.kind else step.key
        alike = self.world.alike(key)
        own = next((one.claim.rules for one in alike if one.claim and one.claim.filer == step.who), None)
        rules = own or POLICIES[step.by]
        who, kind = self.site.people[step.who], self.site.kinds[step.kind].pk

        def work() -> int:
            given = {"mobile": key, "community": "", "order_type": kind, "queue": queue}
            return int(filing.file_lead(self.claim(who, rules, **given), by=who).lead.pk)

        self.both(
            "queue" if queue else "file",
            lambda: self.world.file(step.who, key, step.kind, rules, self.at, queue=queue),
            work,
        )

    def queue(self, step: Step) -> None:
        self.file(step, queue=True)

    def claim(self, who: User, rules: Rules, **fields: Any) -> Claim:
        judged_by = self.site.policies[POLICIES.index(rules)]
        return claim_of(who, policy=judged_by, calendar=calendar_from(self.now), **fields)

    def withdraw(self, step: Step) -> None:
        if one := self.pick(step.place):
            by = self.site.people[one.filer]
            self.both(
                "withdraw", lambda: self.world.withdraw(one, self.at), lambda: filing.withdraw(self.lead(one), by=by)
            )

    def edit(self, step: Step) -> None:
        one = self.pick(step.place)
        if one is None:
            return
        swapped = KEYS | {value: name for name, value in KEYS.items()}
        key = step.key if step.other and step.key != one.key else swapped[one.key]
        if self.has_elsewhere(one, key):
            return
        by = self.site.people[one.filer]
        given = {"mobile": key, "community": "", "order_type": self.site.kinds[one.order_type].pk}
        self.both(
            "edit",
            lambda: self.world.edit(one, key, self.at),
            lambda: filing.edit_lead(self.lead(one), self.claim(by, one.rules, **given), by=by),
        )

    def has_elsewhere(self, one: Filing, key: str) -> bool:
        """Whether a number is that of another customer of the same person: whose it is then, nobody has said."""
        others = [each for each in self.world.alike(key) if each is not one.customer]
        return any(each.claim and each.claim.filer == one.filer for each in others)

    def release(self, step: Step) -> None:
        if one := self.pick(step.place):
            why = "competitor" if step.other else "let_go"
            said = {"why": why, "reason": "不再联系", "by": self.site.people[one.filer]}
            self.both(
                "release",
                lambda: self.world.release(one, self.at, competitor=step.other),
                lambda: holding.let_go(self.lead(one), **said),
            )

    def void(self, step: Step) -> None:
        if one := self.pick(step.place):
            said = {"why": "false", "reason": "资料不实", "by": self.site.office}
            self.both("void", lambda: self.world.void(one, self.at), lambda: holding.void(self.lead(one), **said))

    def assign(self, step: Step) -> None:
        if one := self.pick(step.place):
            to = {"store_id": self.site.store.pk, "order_type_id": self.site.cases[step.kind].pk}
            self.both(
                "assign",
                lambda: self.world.assign(one, step.kind),
                lambda: assignments.assign(self.lead(one), **to, note="", by=self.site.office),
            )

    def case(self, one: Filing, kind: int) -> Assignment:
        cases = Assignment.objects.select_related("lead")
        found: Assignment = cases.get(lead=self.leads[one.number], order_type=self.site.cases[kind])
        return found

    def kind(self, one: Filing, step: Step) -> int:
        """One of the order types for which a filing went to a showroom."""
        return step.kind if step.kind in one.cases else next(iter(one.cases))

    def win(self, step: Step) -> None:
        if one := self.pick(step.place, wanted=lambda each: each.progress == "deposit" or (step.other and step.yes)):
            said = {"note": "", "by": self.site.office}
            self.both("win", lambda: self.world.win(one, self.at), lambda: holding.win(self.lead(one), **said))

    def visit(self, step: Step) -> None:
        if one := self.pick(step.place):
            said = {"note": "", "by": self.site.office}
            self.both(
                "visit", lambda: self.world.visit(one, self.at), lambda: holding.confirm_visit(self.lead(one), **said)
            )

    def deposit(self, step: Step) -> None:
        if one := self.pick(step.place, wanted=lambda each: each.cases and not self.joins_what_is_pending(each)):
            kind = self.kind(one, step)
            said = {"amount": Decimal(100), "paid_on": self.at.date(), "receipt": "", "by": self.site.seller}
            self.both(
                "deposit",
                lambda: self.world.deposit(one, kind, self.at),
                lambda: assignments.take_deposit(self.case(one, kind), **said),
            )

    def joins_what_is_pending(self, one: Filing) -> bool:
        claim = one.customer.claim
        return not one.active and claim is not None and claim.state == "pending"

    def reverse(self, step: Step) -> None:
        if one := self.pick(step.place, wanted=lambda each: each.cases):
            kind, said = self.kind(one, step), {"reason": "记错了", "by": self.site.office}
            self.both(
                "reverse",
                lambda: self.world.reverse(one, kind, self.at),
                lambda: assignments.reverse_deposit(self.case(one, kind), **said),
            )

    def audit(self, step: Step) -> None:
        if one := self.pick(step.place, wanted=lambda each: each.cases):
            kind = self.kind(one, step)
            said = {"result": "success", "remark": "", "by": self.site.office}
            self.both(
                "audit", lambda: self.world.audit(one, kind), lambda: audit.decide([self.case(one, kind).pk], **said)
            )

    def extend(self, step: Step) -> None:
        if one := self.pick(step.place):
            said: dict[str, Any] = {"until": None, "reason": "仍在比较", "by": self.site.people[one.filer]}
            self.both("extend", lambda: self.world.extend(one, self.at), lambda: holding.extend(self.lead(one), **said))

    def decide(self, step: Step) -> None:
        asked = Request.objects.filter(subject_id__in=self.leads).order_by("-pk")
        numbers = {self.leads.index(pk) for pk in asked.values_list("subject_id", flat=True)}
        one = self.pick(step.place, wanted=lambda each: each.number in numbers)
        if one is None:
            return
        waiting = sorted(asked.filter(subject_id=self.leads[one.number]), key=lambda each: each.state != "pending")
        said = {"by": self.site.office, "answer": "核实过了"}
        self.both(
            "grant" if step.yes else "refuse",
            lambda: self.world.decide(one, self.at, grant=step.yes),
            lambda: decide(waiting[0].pk, "grant" if step.yes else "refuse", **said),
        )

    # What both look like afterwards

    def compare(self) -> None:
        """Whoever touches a customer now sees what the model says."""
        with taken_back(), told(self.now):
            settling.settle_all(self.now)
            assert self.found() == self.wanted()

    def wanted(self) -> dict[str, Any]:
        filings = self.world.filings
        claims = [one.claim for one in self.world.customers if one.claim]
        return {
            "filings": [(each.progress, each.hold, each.customer.place) for each in filings],
            "owners": [
                (each.customer.place, each.filer, each.state, aware(each.started), aware(each.end)) for each in claims
            ],
            "queues": [(one.place, [each.filer for each in one.queue]) for one in self.world.customers if one.queue],
            "keys": sorted((key, one.place) for key, one in self.world.held.items()),
        }

    def found(self) -> dict[str, Any]:
        leads = list(Lead.objects.filter(pk__in=self.leads).order_by("pk").values_list("progress", "hold", "customer"))
        customers: dict[int, int] = {pk: place for place, pk in enumerate(sorted({pk for _p, _h, pk in leads}))}
        people = self.site.places
        running = Protection.objects.active().filter(customer__in=customers).order_by("customer")
        waiting: dict[int, list[int]] = {}
        for pk, filer in QueueEntry.objects.waiting().order_by("customer", "place").values_list("customer", "filer"):
            waiting.setdefault(customers[pk], []).append(people[filer])
        held = IdentityKey.objects.filter(held=True).values_list("value", "customer")
        holders = dict(Customer.objects.filter(holder__isnull=False).values_list("pk", "holder"))
        assert holders == {each.customer_id: each.filer_id for each in running}
        return {
            "filings": [(progress, hold, customers[pk]) for progress, hold, pk in leads],
            "owners": [
                (customers[each.customer_id], people[each.filer_id], each.state, each.started_at, each.ends_at)
                for each in running
            ],
            "queues": sorted(waiting.items()),
            "keys": sorted((value[-11:], customers[pk]) for value, pk in held),
        }


def lives_of(site: Site, kind: str, *, examples: int, steps: int) -> Counter[tuple[str, str]]:
    """Let many lives be lived, of a kind in `LIVES`; how often each step was taken, by what was said."""
    counts: Counter[tuple[str, str]] = Counter()

    # What differs is told by the notes of the life in which it did: to shorten it would take minutes.
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(taken=st.lists(LIVES[kind], min_size=steps, max_size=steps))
    def live(taken: list[Step]) -> None:
        with taken_back():
            Lives(site, counts).live(taken)

    live()
    for (step, why), count in sorted(counts.items()):
        print(f"{step:10} {why or 'done':16} {count}")
    return counts


@pytest.fixture
def site(in_english: None, shipped_roles: None, outlet: Unit, store: Unit) -> Site:
    return Site(outlet, store)


DONE = {
    "many": {"file", "queue", "assign", "release", "edit", "extend"},
    "money": {"file", "assign", "deposit", "reverse", "win", "visit"},
}


@pytest.mark.parametrize("kind", LIVES)
def test_system_and_model_agree_in_result_and_reason(site: Site, kind: str) -> None:
    counts = lives_of(site, kind, examples=15, steps=25)

    assert {step for step, why in counts if not why} >= DONE[kind]


@pytest.mark.drill
def test_system_and_model_agree_for_long(site: Site) -> None:
    counts = lives_of(site, "many", examples=300, steps=40) + lives_of(site, "money", examples=200, steps=40)

    assert set(SENTENCES) - SELDOM - {why for _step, why in counts} == set()
