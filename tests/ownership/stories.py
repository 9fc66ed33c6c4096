"""What happens to a customer before its boundary: one step after another, each at a moment of the site's own clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from approvals import services as approvals
from approvals.models import Request
from core.clock import told
from core.verdicts import Refused
from leads.models import Assignment, Lead, Protection
from leads.services import assignments, holding, settling, work
from leads.services.protecting import ledger_of
from leads.services.requesting import calendar_from
from leads.spans import end_by_ledger
from policies.choosing import PolicyInForce
from tests.factories import OrderTypeFactory
from tests.ownership.scenes import file, lead_of

SERIAL = iter(range(10_000))


def local(said: str) -> datetime:
    """A moment by the clock of the site, wherever it is: `local("2026-06-01 23:59:59")`."""
    return datetime.fromisoformat(said).replace(tzinfo=timezone.get_default_timezone())


@dataclass
class Story:
    """One customer, held by `filer`, for whom a `waiter` may queue; the `rival` comes at the end."""

    policy: PolicyInForce
    filer: User
    waiter: User
    rival: User
    office: User
    seller: User
    mobile: str = field(default_factory=lambda: f"1380013{next(SERIAL):04}")
    lead: Any = None
    waiting: Any = None

    def file(self, who: User, **more: Any) -> Lead:
        calendar = calendar_from(local("2026-01-01 00:00"))
        return lead_of(file(who, self.policy, calendar, mobile=self.mobile, **more))

    def tried(self, who: User, moment: datetime) -> str:
        """Who owns the customer after somebody has filed it at a moment, or the code of the refusal."""
        with told(moment):
            try:
                return self.file(who).filer.username
            except Refused as refused:
                return refused.problems[0].code

    def owner(self) -> str:
        """Who holds the customer, "" for nobody."""
        running = Protection.objects.active().filter(customer=self.lead.customer_id).select_related("filer").first()
        return running.filer.username if running else ""

    def last_ended(self) -> datetime | None:
        """When the customer's last protection ended that has run out."""
        ended = Protection.objects.filter(customer=self.lead.customer_id, state="expired").order_by("-pk")
        return ended.values_list("ended_at", flat=True).first()


Step = Callable[[Story], Any]


def filed(story: Story) -> None:
    story.lead = story.file(story.filer)


def queued(story: Story) -> None:
    story.waiting = story.file(story.waiter, queue=True)


def granted(story: Story) -> None:
    """Whatever waits for a decision on the customer is granted."""
    leads = Lead.objects.filter(customer=story.lead.customer_id)
    for request in Request.objects.filter(state="pending", subject_id__in=leads.values("pk")):
        approvals.decide(request.pk, "grant", by=story.office, answer="")


def assigned(story: Story) -> None:
    kind, store = OrderTypeFactory(), story.seller.unit_id
    assert store
    assignments.assign(story.lead, store_id=store, order_type_id=kind.pk, note="", by=story.office)


def deposited(story: Story) -> None:
    assigned(story)
    paid(story)


def paid(story: Story) -> None:
    """Said to have been paid on the day of filing: what counts is the day of recording."""
    case, day = Assignment.objects.get(lead=story.lead), story.lead.filed_on
    assignments.take_deposit(case, amount=Decimal(5000), paid_on=day, receipt="", by=story.seller)


def reversed_(story: Story) -> None:
    assignments.reverse_deposit(Assignment.objects.get(lead=story.lead), reason="记错了", by=story.office)


def visited(story: Story) -> None:
    holding.confirm_visit(lead_of_story(story), note="", by=story.office)


def extended(story: Story) -> None:
    holding.extend(story.lead, until=None, reason="客户仍在比较", by=story.filer)


def followed_up(story: Story) -> None:
    said = {"kind": "call", "status": "continue", "next_on": None, "phone": "", "content": "已联系"}
    work.follow_up(story.lead, by=story.filer, **said)


def released(story: Story) -> None:
    holding.let_go(story.lead, why="let_go", reason="不再联系", by=story.filer)


def voided(story: Story) -> None:
    holding.void(story.lead, why="false", reason="资料不实", by=story.office)


def won(story: Story) -> None:
    holding.win(lead_of_story(story), note="", by=story.office)


def ticked(story: Story) -> None:
    settling.settle_all(settling.database_now())


def lead_of_story(story: Story) -> Lead:
    return Lead.objects.get(pk=story.lead.pk)


def ledgers_disagree() -> list[str]:
    """Protections whose end is not what their ledger comes to; of one that a reversal ended nothing is left to say."""
    found = []
    for each in Protection.objects.exclude(ended_why="reversed").order_by("pk"):
        said = end_by_ledger([(line.action, line.changes) for line in ledger_of(each)])
        if said != each.ends_at:
            found.append(f"{each}: {each.ends_at}, but {said} by its ledger")
    return found
