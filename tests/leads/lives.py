"""A random life of filings through the real services, at told moments: for what has to hold whatever happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import User
from approvals.models import Request
from approvals.services import decide
from core.clock import day_of, told
from core.verdicts import Refused
from leads.choices import ACTIVE
from leads.models import Assignment, FilingAttempt, Lead
from leads.services import assignments, audit, filing, holding, settling, work
from leads.services.requesting import calendar_from
from policies.choosing import Facts, PolicyInForce, choose
from policies.terms import Term
from tests.factories import OrderTypeFactory, RegionFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import moment

BEGIN = moment("2026-03-01", "08:00")

WEEK: dict[str, Any] = {"term": Term(7), "deposit_term": Term(20), "required": ("community",)}
RICH: dict[str, Any] = WEEK | {
    "queue": 2,
    "promoted_term": Term(5),
    "cool_down": Term(3),
    "void_ban": Term(10),
    "hold_limit": 12,
    "visit_term": Term(12),
    "deal_term": Term(40),
    "contact_every": Term(4),
    "extensions": 1,
    "extension_term": Term(6),
    "extension_term_waiting": Term(2),
    "extension_needs_approval": False,
    "tells_from": True,
    "past_holidays": True,
}
ASKED: dict[str, Any] = RICH | {"needs_approval": True, "extension_needs_approval": True, "promoted_extensions": 1}
SIDE: dict[str, Any] = ASKED | {"contest": "evidence", "contact_every": None, "extension_needs_news": True}


@dataclass
class People:
    """Who does what: `filers` file, the others do what they may."""

    filers: Sequence[User]
    office: User
    manager: User
    auditor: User
    seller: User


@dataclass
class Life:
    """`parties`: how many customers there are to be met; `hours`: the longest pause between two steps; `ticks`: what
    has run out is settled before each of them."""

    people: People
    policies: Sequence[PolicyInForce]
    seed: int = 1
    parties: int = 20
    hours: int = 20
    now: datetime = BEGIN
    counts: dict[str, int] = field(default_factory=dict)
    ticks: bool = False

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.kinds = [OrderTypeFactory(name=name).pk for name in ("欧派橱柜", "欧派衣柜")]
        self.city = RegionFactory(name="南宁")

    def run(self, tries: int) -> None:
        """Go on until there are so many tries to file, and settle what has run out by then."""
        while FilingAttempt.objects.filter(door="form").count() < tries:
            self.now += timedelta(minutes=self.dice.randint(1, self.hours * 60), seconds=self.dice.randint(0, 59))
            name, step = self.dice.choice(STEPS)
            if self.ticks:
                self.settle()
            with told(self.now):
                try:
                    step(self)
                    self.counts[name] = self.counts.get(name, 0) + 1
                except Refused:
                    self.counts[f"{name}: refused"] = self.counts.get(f"{name}: refused", 0) + 1
        self.settle()

    def settle(self) -> None:
        with told(self.now):
            settling.settle_all(self.now)

    def one(self, rows: Any) -> Any:
        """One of the rows; `Refused` where there is none."""
        found = list(rows.order_by("pk"))
        if not found:
            raise Refused("nobody")
        return self.dice.choice(found)

    def lead(self) -> Lead:
        found: Lead = self.one(Lead.objects.filter(hold__in=ACTIVE).select_related("filer"))
        return found

    def fields(self) -> dict[str, Any]:
        """A customer by mobile, by address or by both, as it comes."""
        party, flat = self.dice.randrange(self.parties), self.dice.randrange(self.parties)
        found: dict[str, Any] = {"mobile": f"1380013{party:04}", "community": "幸福里", "city": self.city.pk}
        found |= {"city_name": "南宁", "name": f"客户{party}"}
        if self.dice.random() < 0.4:
            found["building_room"] = f"3-2-{flat + 101}"
        found["order_type"] = self.dice.choice([None, *self.kinds])
        if self.dice.random() < 0.1:
            found["community"] = ""
        return found

    def policy(self, fields: dict[str, Any]) -> PolicyInForce | None:
        return choose(self.policies, Facts(order_type_id=fields["order_type"]))

    def file(self) -> None:
        filer, fields = self.dice.choice(self.people.filers), self.fields()
        queue, judged_by = self.dice.random() < 0.5, self.policy(fields)
        claim = claim_of(filer, policy=judged_by, calendar=calendar_from(BEGIN), queue=queue, **fields)
        filing.file_lead(claim, by=filer)

    def edit(self) -> None:
        lead = self.lead()
        judged_by = next((each for each in self.policies if each.version_id == lead.policy_version_id), None)
        fields = self.fields() | {"order_type": lead.order_type_id, "community": "幸福里"}
        claim = claim_of(lead.filer, policy=judged_by, calendar=calendar_from(BEGIN), **fields)
        filing.edit_lead(lead, claim, by=lead.filer)

    def withdraw(self) -> None:
        lead = self.one(Lead.objects.filter(progress="filed").select_related("filer"))
        filing.withdraw(lead, by=lead.filer)

    def release(self) -> None:
        lead = self.lead()
        holding.let_go(lead, why=self.dice.choice(["let_go", "competitor"]), reason="不再联系", by=lead.filer)

    def void(self) -> None:
        why = self.dice.choice(["false", "competitor"])
        holding.void(self.lead(), why=why, reason="资料不实", by=self.people.office)

    def assign(self) -> None:
        lead, kind = self.lead(), self.dice.choice(self.kinds)
        store_id = self.people.seller.unit_id or 0
        assignments.assign(lead, store_id=store_id, order_type_id=kind, note="", by=self.people.office)

    def take_back(self) -> None:
        case = self.one(Assignment.objects.filter(standing=True, progress="assigned"))
        assignments.take_back(case, reason="派错", by=self.people.office)

    def deposit(self) -> None:
        case = self.one(Assignment.objects.filter(standing=True, progress="assigned"))
        day: date = day_of(self.now)
        assignments.take_deposit(case, amount=Decimal(5000), paid_on=day, receipt="", by=self.people.seller)

    def reverse(self) -> None:
        case = self.one(Assignment.objects.filter(standing=True, progress="deposit"))
        assignments.reverse_deposit(case, reason="记错了", by=self.people.manager)

    def audit(self) -> None:
        case = self.one(Assignment.objects.filter(standing=True, progress="deposit"))
        audit.decide([case.pk], result="success", remark="", by=self.people.auditor)

    def win(self) -> None:
        holding.win(self.one(Lead.objects.filter(progress="deposit")), note="", by=self.people.office)

    def visit(self) -> None:
        holding.confirm_visit(self.lead(), note="", by=self.people.office)

    def follow_up(self) -> None:
        lead = self.lead()
        said = {"kind": "call", "status": "continue", "next_on": None, "phone": "", "content": "已联系"}
        work.follow_up(lead, by=lead.filer, **said)

    def extend(self) -> None:
        lead = self.lead()
        holding.extend(lead, until=None, reason="客户仍在比较", by=lead.filer)

    def decide(self) -> None:
        request = self.one(Request.objects.filter(state="pending"))
        decision = self.dice.choice(["grant", "grant", "grant", "refuse"])
        decide(request.pk, decision, by=self.people.office, answer="已核实")


STEPS: list[tuple[str, Callable[[Life], None]]] = [
    *[("file", Life.file)] * 10,
    *[("assign", Life.assign)] * 2,
    *[("deposit", Life.deposit)] * 2,
    *[("follow_up", Life.follow_up)] * 3,
    *[("decide", Life.decide)] * 3,
    ("edit", Life.edit),
    ("withdraw", Life.withdraw),
    ("release", Life.release),
    ("void", Life.void),
    ("take_back", Life.take_back),
    ("reverse", Life.reverse),
    ("audit", Life.audit),
    ("win", Life.win),
    ("visit", Life.visit),
    ("extend", Life.extend),
    ("extend", Life.extend),
    ("settle", Life.settle),
]
