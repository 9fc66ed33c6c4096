"""Leads, their protections, places in queues, requests and assignments tell the same story."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from approvals.choices import RequestState
from approvals.models import Request
from leads.choices import ACTIVE, CLOSED, ENDED, AssignmentProgress, AuditStatus, Hold, Progress, Waiting
from leads.claims import overlap
from leads.invariants.ownership import PARTY, running
from leads.models import Assignment, FilingAttempt, Lead, Protection, QueueEntry
from leads.services.requesting import EXTENSION
from leads.workflow import UNDECIDED_ON

RUNS = Q(protection__state__in=ACTIVE, protection__joined=None)


def leads_agree() -> Iterator[str]:
    """A lead is held as its protection is, and a protection that runs has a lead."""
    held = Lead.objects.filter(hold__in=ACTIVE)
    yield from _named(held.exclude(RUNS), "is held, but has no protection that runs")
    same_party = Q(protection__customer=F("customer")) | Q(protection__customer=F("customer__root"))
    same_party |= Q(protection__customer__root=F("customer")) | Q(protection__customer__root=F("customer__root"))
    wrong = held.exclude(same_party, protection__filer=F("filer"))
    yield from _named(wrong.filter(RUNS), "is held by a protection of another customer or person")
    waits = held.filter(RUNS, hold=Hold.PROTECTED).exclude(protection__state=Hold.PROTECTED)
    yield from _named(waits, "is protected, but its protection is not")
    protected = Lead.objects.filter(protection=OuterRef("pk"), hold=Hold.PROTECTED)
    bare = Protection.objects.active().filter(~Exists(protected), state=Hold.PROTECTED)
    for pk in bare.order_by("pk").values_list("pk", flat=True):
        yield f"protection {pk} is protected, but none of its leads is"
    ended = Lead.objects.filter(RUNS, hold__in=ENDED).exclude(progress__in=CLOSED)
    yield from _named(ended, "has ended, but its protection runs")
    without = ~Exists(Lead.objects.filter(protection=OuterRef("pk"), hold__in=ACTIVE))
    for pk in Protection.objects.active().filter(without).order_by("pk").values_list("pk", flat=True):
        yield f"protection {pk} runs without a lead"
    queued = Q(hold=Hold.QUEUED) ^ Q(queue_entry__state=Waiting.WAITING)
    yield from _named(Lead.objects.filter(queued, Q(hold=Hold.QUEUED) | Q(queue_entry__isnull=False)), NO_PLACE)


NO_PLACE = "is queued without a place, or has a place without being queued"


def _named(leads: QuerySet[Lead], what: str) -> Iterator[str]:
    for number in leads.order_by("pk").values_list("number", flat=True):
        yield f"lead {number} {what}"


def queues_are_in_order() -> Iterator[str]:
    """Places follow the time of arrival, and nobody waits for what is free."""
    before: tuple[int, int, datetime | None] = (0, 0, None)
    placed = QueueEntry.objects.waiting().order_by("customer", "place")
    rows = placed.values_list("customer_id", "place", "at", "lead__number")
    for customer_id, place, at, number in rows.iterator():
        if before[0] == customer_id and before[2] is not None and at <= before[2]:
            yield f"lead {number} has place {place} for customer {customer_id}, but came before place {before[1]}"
        before = (customer_id, place, at)
    by_party = running()
    waiting = QueueEntry.objects.waiting().annotate(party=PARTY).order_by("pk")
    for number, party_id, scope in waiting.values_list("lead__number", "party", "scope"):
        if not any(overlap(each.scope, scope) for each in by_party.get(party_id, ())):
            yield f"lead {number} waits for customer {party_id}, which is free"


def requests_have_subjects() -> Iterator[str]:
    """What waits for a decision is about a lead that waits for it; longer protection, about one that is held."""
    pending = Request.objects.filter(state=RequestState.PENDING, subject_type=Lead._meta.label_lower)
    leads = Lead.objects.filter(pk=OuterRef("subject_id"))
    longer = pending.filter(kind=EXTENSION).exclude(Exists(leads.filter(hold=Hold.PROTECTED)))
    yield from _open(longer, "asks for longer protection of a lead that is not protected")
    open_ones = leads.filter(hold__in=UNDECIDED_ON, progress=Progress.FILED)
    filings = pending.exclude(kind=EXTENSION).exclude(Exists(open_ones))
    yield from _open(filings, "waits for a decision on a lead that does not wait")


def waiting_leads_have_requests() -> Iterator[str]:
    """A filing whose number is whole and always was waits for nothing but a decision, so somebody has to be asked."""
    asked = Request.objects.filter(
        state=RequestState.PENDING, subject_type=Lead._meta.label_lower, subject_id=OuterRef("pk")
    )
    hid_digits = FilingAttempt.objects.filter(lead=OuterRef("pk"), facts__hidden=True)
    waiting = Lead.objects.filter(hold=Hold.PENDING, progress=Progress.FILED)
    alone = waiting.exclude(Exists(asked.exclude(kind=EXTENSION))).exclude(Exists(hid_digits))
    yield from _named(alone, "waits for a decision that nobody is asked for")


def _open(requests: QuerySet[Request], what: str) -> Iterator[str]:
    for pk, lead_id in requests.order_by("pk").values_list("pk", "subject_id"):
        yield f"request {pk} {what} (id {lead_id})"


def leads_follow_assignments() -> Iterator[str]:
    """Progress and audit status are those that the standing assignments say; as `workflow.derived`."""
    standing = Assignment.objects.filter(lead=OuterRef("pk"), standing=True)
    paid, any_one = Exists(standing.filter(progress=AssignmentProgress.DEPOSIT)), Exists(standing)
    success, failure = (
        Exists(standing.filter(audit_status=word)) for word in (AuditStatus.SUCCESS, AuditStatus.FAILURE)
    )
    stage = _case((paid, Progress.DEPOSIT), (any_one, Progress.ASSIGNED), default=Progress.FILED)
    audit = _case((success, AuditStatus.SUCCESS), (failure, AuditStatus.FAILURE), default=AuditStatus.UNAUDITED)
    leads = Lead.objects.annotate(stage=stage, audited=audit).order_by("pk")
    moving = Q(progress__in=(Progress.FILED, Progress.ASSIGNED, Progress.DEPOSIT)) & ~Q(progress=F("stage"))
    wrong = leads.filter(moving | ~Q(audit_status=F("audited")))
    for number, progress, status, stage_said, audit_said in wrong.values_list(
        "number", "progress", "audit_status", "stage", "audited"
    ):
        yield f"lead {number} is {progress}, {status}; its assignments say {stage_said}, {audit_said}"


def _case(*cases: tuple[Exists, str], default: str) -> Case:
    whens = [When(condition, then=Value(str(word))) for condition, word in cases]
    return Case(*whens, default=Value(str(default)), output_field=CharField())
