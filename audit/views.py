"""The deciding side: the queue, one case, its reopening (AUDIT-1…4)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from audit.filters import ORDERS, QueueFilter
from audit.forms import BulkForm, DecisionForm, ReopenForm
from audit.rows import cells_of, rows_of
from core.http import HtmxRequest, answer
from core.tables import numbered_page
from leads.choices import AuditStatus
from leads.history import happened
from leads.models import Assignment, AuditDecision, FollowUp
from leads.querysets import AssignmentQuerySet
from leads.services import audit
from leads.workflow import Action, may

COUNT_TO = 99
FOLLOW_UPS = 20
AUDITED = [AuditStatus.SUCCESS, AuditStatus.FAILURE]


def in_sight(user: User) -> AssignmentQuerySet:
    """The cases a person may know of: what is still with a showroom."""
    return Assignment.objects.visible_to(user).standing()


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.audit_lead", raise_exception=True)
def queue(request: HtmxRequest) -> HttpResponse:
    """The queue; a POST decides on all ticked cases at once."""
    form = BulkForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and (response := answer(form, lambda: decide_ticked(request, form))):
        return response
    context = listed(request, form) | {"bulk": form, "views": saved_views(request)}
    return render(request, "audit/queue.html", context, status=422 if form.is_bound else 200)


def decide_ticked(request: HtmxRequest, form: BulkForm) -> str:
    known = set(in_sight(request.user).filter(pk__in=form.ticked).values_list("pk", flat=True))
    if not known:
        raise Http404
    ids = [pk for pk in form.ticked if pk in known]
    result, remark = form.cleaned_data["result"], form.cleaned_data["remark"]
    decided = audit.decide(
        ids, result=result, remark=remark, by=request.user, secret=form.secret, location=reverse("audit:queue")
    )
    tell(request, decided, str(AuditStatus(result).label), gone=len(form.ticked) - len(ids))
    return decided.location


def tell(request: HtmxRequest, decided: audit.Decided, result: str, gone: int) -> None:
    """How many were decided, and for every reason how many were not."""
    count = len(decided.done)
    if count:
        sentence = ngettext("%(count)d case decided: %(result)s.", "%(count)d cases decided: %(result)s.", count)
        messages.success(request, sentence % {"count": count, "result": result})
    left_out: dict[str, int] = {}
    for _case, reason in decided.skipped:
        left_out[str(reason)] = left_out.get(str(reason), 0) + 1
    if gone:
        left_out[_("They are no longer in your queue.")] = gone
    for reason, times in left_out.items():
        sentence = ngettext("%(count)d case left out: %(reason)s", "%(count)d cases left out: %(reason)s", times)
        messages.warning(request, sentence % {"count": times, "reason": reason})


def listed(request: HtmxRequest, form: BulkForm) -> dict[str, Any]:
    """The rows of one page, with the links to its neighbours; the length of the list is never counted."""
    asked = QueueFilter(request.GET, request.user)
    newest = AuditDecision.objects.filter(assignment=OuterRef("pk")).order_by("-at", "-pk").values("remark")[:1]
    cases = asked.narrow(in_sight(request.user)).with_names().annotate(remark=Subquery(newest))
    page = numbered_page(cases, asked.number, request.GET)
    return {"filter": asked, "rows": rows_of(page.rows, request.user, form.ticked), "page": page}


def saved_views(request: HtmxRequest) -> list[dict[str, Any]]:
    """The tabs; only the first is counted, and not beyond what its badge can say."""
    count = Assignment.objects.waiting_for_audit(request.user)[: COUNT_TO + 1].count()
    every = [AuditStatus.UNAUDITED, *AUDITED]
    asked = set(request.GET.getlist("audit_status")) - {""} or {AuditStatus.UNAUDITED}
    tabs = ((_("Unaudited"), [AuditStatus.UNAUDITED]), (_("Audited"), AUDITED), (_("All cases"), every))
    views = [
        {
            "label": label,
            "url": "?" + urlencode({"audit_status": [str(s) for s in statuses], "deposit_only": "0"}, doseq=True),
            "active": asked == set(statuses),
        }
        for label, statuses in tabs
    ]
    views[0] |= {"url": request.path, "count": f"{COUNT_TO}+" if count > COUNT_TO else str(count)}
    return views


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.audit_lead", raise_exception=True)
def case(request: HtmxRequest, pk: int) -> HttpResponse:
    """One case; a POST decides on it."""
    assignment = get_object_or_404(in_sight(request.user).with_names(), pk=pk)
    if request.method != "POST":
        return show(request, assignment)
    form = DecisionForm(request.POST, user=request.user)
    if response := answer(form, lambda: decide_one(request, pk, form)):
        return response
    return show(request, fresh(assignment), decision=form)


def decide_one(request: HtmxRequest, pk: int, form: DecisionForm) -> str:
    result, remark = form.cleaned_data["result"], form.cleaned_data["remark"]
    decided = audit.decide([pk], result=result, remark=remark, by=request.user, secret=form.secret)
    lead = decided.done[0].lead
    sentence = _("%(number)s decided: %(result)s.")
    messages.success(request, sentence % {"number": lead.number, "result": AuditStatus(result).label})
    return decided.location


@require_POST
@permission_required("leads.reopen_lead", raise_exception=True)
def reopen(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take a decision back, with a reason."""
    assignment = get_object_or_404(in_sight(request.user).with_names(), pk=pk)
    form = ReopenForm(request.POST, user=request.user)
    if response := answer(form, lambda: reopen_one(request, assignment, form)):
        return response
    return show(request, fresh(assignment), reopening=form)


def reopen_one(request: HtmxRequest, assignment: Assignment, form: ReopenForm) -> str:
    reason = form.cleaned_data["reason"]
    location = audit.reopen(assignment, reason=reason, by=request.user, secret=form.secret)
    messages.success(request, _("The decision is taken back; the case waits in the queue again."))
    return location


def fresh(assignment: Assignment) -> Assignment:
    """The case as it is now: a refusal often means that somebody was quicker."""
    return Assignment.objects.with_names().get(pk=assignment.pk)


def show(
    request: HtmxRequest,
    assignment: Assignment,
    decision: DecisionForm | None = None,
    reopening: ReopenForm | None = None,
) -> HttpResponse:
    """The page of a case. A form that was refused is shown again, whatever the case has become."""
    user = request.user
    follow_ups = FollowUp.objects.visible_to(user).filter(lead=assignment.lead_id).select_related("by")
    context = {
        "case": assignment,
        "lead": assignment.lead,
        "cells": cells_of(assignment),
        "may_decide": (verdict := may(user, Action.DECIDE, assignment)),
        "decision": decision or (DecisionForm(user=user) if verdict else None),
        "reopening": reopening or (ReopenForm(user=user) if may(user, Action.REOPEN, assignment) else None),
        "decisions": assignment.decisions.select_related("by"),
        "follow_ups": follow_ups.order_by("-at", "-pk")[:FOLLOW_UPS],
        "events": happened(assignment.lead, [assignment], full=True),
        "next": next_case(user, assignment),
    }
    return render(request, "audit/case.html", context, status=422 if decision or reopening else 200)


def next_case(user: User, assignment: Assignment) -> int | None:
    """The one that waits longest of those that this person may decide on."""
    others = Assignment.objects.waiting_for_audit(user).exclude(pk=assignment.pk)
    return others.order_by(*ORDERS["date"]).values_list("pk", flat=True).first()
