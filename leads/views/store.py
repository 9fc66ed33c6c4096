"""The showroom's desk: its list, one case, correction, deposit, receipt (ASSIGN-4)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.http import HtmxRequest, answer, photo_response
from core.tables import numbered_page
from leads.choices import AssignmentProgress
from leads.differences import FieldPair, differences_of
from leads.forms.store import CorrectionForm, DepositForm, StoreFilter
from leads.models import Assignment, FollowUp
from leads.services import assignments
from leads.sight import sees_case_in_full
from leads.views.work import say
from leads.workflow import Action, may

COUNT_TO = 99
FOLLOW_UPS = 10


def case_of(user: User, pk: int) -> Assignment:
    return get_object_or_404(Assignment.objects.in_store_of(user).with_names(), pk=pk)


@require_safe
@permission_required("leads.work_store", raise_exception=True)
def store_list(request: HtmxRequest) -> HttpResponse:
    """What was handed to this showroom, newest first."""
    asked = StoreFilter(request.GET)
    own = Assignment.objects.in_store_of(request.user)
    page = numbered_page(asked.narrow(own).with_names().order_by("-pk"), asked.number, request.GET)
    context = {"filter": asked, "rows": page.rows, "page": page, "views": _saved_views(own, request.GET)}
    return render(request, "store/store_list.html", context)


def _saved_views(own: QuerySet[Assignment], query: QueryDict) -> list[dict[str, Any]]:
    """The tabs; only the work still to be done is counted, and not beyond what its badge can say."""
    waiting = own.filter(progress=AssignmentProgress.ASSIGNED)[: COUNT_TO + 1].count()
    tabs = (
        (_("Deposit to be taken"), AssignmentProgress.ASSIGNED, f"{COUNT_TO}+" if waiting > COUNT_TO else waiting),
        (_("Deposit paid"), AssignmentProgress.DEPOSIT, None),
        (_("All"), "", None),
    )
    asked = query.get("progress", "")
    return [
        {"label": label, "url": "?" + urlencode({"progress": str(word)}), "active": asked == word, "count": count}
        for label, word, count in tabs
    ]


@require_safe
@permission_required("leads.work_store", raise_exception=True)
def store_case(request: HtmxRequest, assignment_id: int) -> HttpResponse:
    """As filed beside as found, and the two forms of a showroom."""
    return _show(request, case_of(request.user, assignment_id))


@require_POST
@permission_required("leads.work_store", raise_exception=True)
def store_correct(request: HtmxRequest, assignment_id: int) -> HttpResponse:
    """Keep the customer's real data; the filed data stay as filed."""
    case = case_of(request.user, assignment_id)
    form = CorrectionForm(request.POST, user=request.user, assignment=case)

    def do() -> str:
        return assignments.correct(case, fields=form.found, by=request.user, secret=form.secret)

    def then(location: str) -> None:
        say(request, _("{number}: the actual data are saved."), case.lead.number, location)

    return answer(form, do, then) or _show(request, _fresh(case), correction=form)


@require_POST
@permission_required("leads.work_store", raise_exception=True)
def store_deposit(request: HtmxRequest, assignment_id: int) -> HttpResponse:
    """Record the deposit with amount, day and receipt."""
    case = case_of(request.user, assignment_id)
    form = DepositForm(request.POST, request.FILES, user=request.user)

    def do() -> str:
        given = form.cleaned_data
        return assignments.take_deposit(
            case,
            amount=given["deposit_amount"],
            paid_on=given["deposit_paid_on"],
            receipt=given["deposit_receipt"],
            photo=given["receipt_photo"],
            by=request.user,
            secret=form.secret,
        )

    def then(location: str) -> None:
        done = _("{number}: the deposit is recorded.")
        if _fresh(case).paid_before_filing:
            done = _("{number}: the deposit is recorded, and marked since it was paid before the filing day.")
        say(request, done, case.lead.number, location)

    return answer(form, do, then) or _show(request, _fresh(case), deposit=form)


def _fresh(case: Assignment) -> Assignment:
    """The case as it is now: a refusal often means that somebody was quicker."""
    return Assignment.objects.with_names().get(pk=case.pk)


def _show(
    request: HtmxRequest,
    case: Assignment,
    correction: CorrectionForm | None = None,
    deposit: DepositForm | None = None,
) -> HttpResponse:
    """The page of a case. A form that was refused is shown again, whatever the case has become."""
    user = request.user
    may_correct, may_deposit = may(user, Action.CORRECT, case), may(user, Action.DEPOSIT, case)
    too_large = deposit is not None and deposit.has_error("receipt_photo", "heavy")
    status = 413 if too_large else 422 if correction or deposit else 200
    if correction is None and may_correct:
        correction = CorrectionForm(user=user, assignment=case)
    contacts = FollowUp.objects.visible_to(user).filter(lead=case.lead_id).select_related("by").order_by("-at", "-pk")
    context = {
        "case": case,
        "lead": case.lead,
        "cells": [(pair, _label(pair)) for pair in differences_of(case)],
        "may_correct": may_correct,
        "may_deposit": may_deposit,
        "correction": correction,
        "deposit": deposit or (DepositForm(user=user) if may_deposit else None),
        "contacts": contacts[:FOLLOW_UPS],
        "decisions": case.decisions.select_related("by"),
    }
    return render(request, "store/store_case.html", context, status=status)


def _label(pair: FieldPair) -> str:
    if pair.field == "address":
        return _("address")
    return str(Assignment._meta.get_field(f"actual_{pair.field}").verbose_name)  # type: ignore[union-attr]


@require_safe
def store_receipt(request: HtmxRequest, assignment_id: int) -> FileResponse:
    """The photo of the receipt, for whoever sees the case in full; never by an address of its own."""
    case = get_object_or_404(Assignment.objects.visible_to(request.user).with_names(), pk=assignment_id)
    if not sees_case_in_full(request.user, case):
        raise PermissionDenied
    if not case.receipt_photo:
        raise Http404
    return photo_response(case.receipt_photo, f"receipt-{case.pk}.jpg")
