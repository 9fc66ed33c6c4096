"""The first page: what waits for a person today, as far as their roles go."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q, QuerySet, Window
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from approvals import views as approvals
from approvals.kinds import decided_by
from approvals.models import Request
from core.clock import likely_now
from core.http import HtmxRequest
from core.periods import month_to_date
from leads.choices import AssignmentProgress, AuditStatus, Progress
from leads.models import Assignment, AuditDecision, Lead, Measurement
from leads.protections import SOON, listed, rows_of, with_leads
from reports.queries import share
from reports.tables import NO_ROWS, per_cent

SHOWN = 6
SHOWN_ENDING = 5
LATELY = timedelta(days=7)
"""How long a decision on an own request stays on the first page."""
PAID = (Progress.DEPOSIT, Progress.WON)
NOON, EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class Card:
    """The first few of what waits, and how many there are in all."""

    rows: list[Any] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """The month's leads as tiles show them, each figure with the list that it counts.

    These are leads, not the rows of the statistics: not everybody with a workbench may see those.
    """

    query: dict[str, Any]
    total: int
    unaudited: int
    deposit: int
    success: int

    @property
    def deposit_share(self) -> str:
        return per_cent(share(self.deposit, self.total)) or NO_ROWS

    @property
    def success_share(self) -> str:
        return per_cent(share(self.success, self.total)) or NO_ROWS

    @property
    def url(self) -> str:
        return self._listed()

    @property
    def deposit_url(self) -> str:
        return self._listed(progress=[str(progress) for progress in PAID])

    @property
    def success_url(self) -> str:
        return self._listed(audit_status=str(AuditStatus.SUCCESS))

    def _listed(self, **narrower: Any) -> str:
        return f"{reverse('leads:list')}?{urlencode(self.query | narrower, doseq=True)}"


def first_of(rows: QuerySet, shown: int = SHOWN) -> Card:
    """Rows and count in one statement."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:shown])
    return Card(found, found[0].in_all if found else 0)


@require_safe
@login_required
def workbench(request: HtmxRequest) -> HttpResponse:
    user = request.user
    now = timezone.localtime()
    context = {
        "greeting": greeting(now.hour) % {"name": user},
        "now": now,
        "cards": cards_of(user, now),
        "month": month_of(user, now.date()),
    }
    return render(request, "reports/workbench.html", context)


def greeting(hour: int) -> str:
    if hour < NOON:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < EVENING else _("Good evening, %(name)s")


def cards_of(user: User, now: datetime) -> dict[str, Card]:
    """Only what the person's roles give them to do."""
    cards = {}
    if decided_by(user):
        cards["todo"] = waiting_for_decision(user)
    if approvals.may_ask(user):
        cards["asked"] = own_requests(user, now)
    if user.has_perm("leads.add_lead"):
        cards["ending"] = ending_protections(user)
        cards["due"] = due_follow_ups(user, now.date())
        cards["decided"] = recent_decisions(user)
    if user.has_perm("leads.work_store"):
        cards["store"] = waiting_for_deposit(user)
    if user.has_perm("leads.audit_lead"):
        cards["audit"] = waiting_for_audit(user)
    if user.has_perm("leads.report_measurement"):
        cards["measure"] = open_measurements(user)
    return cards


def month_of(user: User, today: date) -> Month | None:
    """This month's figures: of the person's own filings, or of all they see where they file none."""
    if not user.has_perm("leads.view_lead"):
        return None
    period = month_to_date(today)
    leads = Lead.objects.listed_for(user).filter(filed_on__range=(period.first, period.last))
    query: dict[str, Any] = {"filed_from": period.first, "filed_to": period.last}
    if user.has_perm("leads.add_lead"):
        leads, query = leads.filter(filer=user), {"filer": user.pk} | query
    counts = leads.aggregate(
        total=Count("pk"),
        unaudited=Count("pk", filter=Q(audit_status=AuditStatus.UNAUDITED)),
        deposit=Count("pk", filter=Q(progress__in=PAID)),
        success=Count("pk", filter=Q(audit_status=AuditStatus.SUCCESS)),
    )
    return Month(query, **counts)


def ending_protections(user: User) -> Card:
    """The first protections to end, as the page of protections lists them."""
    now = likely_now()
    soon = with_leads(listed(SOON, user, now), user).order_by("ends_at", "pk")
    found = first_of(soon, SHOWN_ENDING)
    return Card(rows_of(found.rows, user, now), found.count)


def waiting_for_decision(user: User) -> Card:
    found = first_of(Request.objects.waiting_for(user).with_names())
    return Card(approvals.rows_of(found.rows), found.count)


def own_requests(user: User, now: datetime) -> Card:
    """What the person asked for: all that waits, and what was decided lately."""
    found = first_of(Request.objects.recent_of(user, now - LATELY).with_names())
    return Card(approvals.rows_of(found.rows), found.count)


def due_follow_ups(user: User, today: date) -> Card:
    mine = Lead.objects.listed_for(user).filter(filer=user).due_on(today)
    return first_of(mine.order_by("next_follow_up_on", "pk"))


def recent_decisions(user: User) -> Card:
    mine = Assignment.objects.visible_to(user).filter(lead__filer=user)
    decisions = AuditDecision.objects.filter(assignment__in=mine).order_by("-at", "-pk")
    return Card(list(decisions.select_related("assignment__lead", "assignment__order_type")[:SHOWN]))


def waiting_for_deposit(user: User) -> Card:
    waiting = Assignment.objects.in_store_of(user).filter(
        progress=AssignmentProgress.ASSIGNED, audit_status=AuditStatus.UNAUDITED
    )
    return first_of(waiting.select_related("lead", "order_type").order_by("at", "pk"))


def waiting_for_audit(user: User) -> Card:
    waiting = Assignment.objects.waiting_for_audit(user)
    return first_of(waiting.select_related("lead__filer", "order_type").order_by(F("deposit_at"), "pk"))


def open_measurements(user: User) -> Card:
    mine = Measurement.objects.visible_to(user).filter(designer=user, reported_at=None)
    return first_of(mine.select_related("lead__city").order_by("scheduled_at", "pk"))
