"""What is done with one lead: follow up, assign, take back, reverse a deposit, dispatch a designer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.clock import likely_now
from core.http import HtmxRequest, answer
from core.masks import mask_phone
from leads.consequences import of_reversal
from leads.forms.work import AssignForm, DispatchForm, FollowUpForm, ReasonForm
from leads.models import Assignment, FollowUp, Lead, Measurement
from leads.rows import address_of
from leads.services import assignments, work
from leads.sight import Shown, shown
from leads.workflow import Action, may

NEWEST = 50


def lead_in_sight(user: User, number: str) -> Lead:
    return get_object_or_404(Lead.objects.visible_to(user).with_names(), number=number)


def say(request: HtmxRequest, sentence: str, number: str, address: str) -> None:
    """The toast after a success; `{number}` in the sentence becomes a link."""
    messages.success(request, format_html(sentence, number=format_html('<a href="{}">{}</a>', address, number)))


def sees_follow_ups(user: Any) -> bool:
    if user.has_perm("leads.view_lead") or user.has_perm("leads.follow_up_lead"):
        return True
    raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@user_passes_test(sees_follow_ups)
def follow_ups(request: HtmxRequest, number: str) -> HttpResponse:
    """The contacts with a customer, newest first, and the next one (FOLLOW-1)."""
    user = request.user
    if request.method == "POST" and not user.has_perm("leads.follow_up_lead"):
        raise PermissionDenied
    lead = lead_in_sight(user, number)
    case = Assignment.objects.in_store_of(user).filter(lead=lead).order_by("pk").first()
    cells = shown(user, lead, case_open=user.has_perm("leads.follow_up_lead"))
    back = _after_follow_up(user, lead, case)
    phone = _number_to_call(cells, case) if cells.full else ""
    form = FollowUpForm(request.POST if request.method == "POST" else None, user=user, phone=phone)
    if form.is_bound and (response := _follow_up(request, form, lead, back)):
        return response
    verdict = may(user, Action.FOLLOW_UP, lead)
    contacts = FollowUp.objects.visible_to(user).filter(lead=lead).select_related("by").order_by("-at", "-pk")[:NEWEST]
    context = {
        "lead": lead,
        "form": form if verdict or form.is_bound else None,
        "reason": verdict.reason,
        "contacts": [(contact, _phone_of(contact, cells)) for contact in contacts],
        "back": back,
    }
    return render(request, "leads/follow_ups.html", context, status=422 if form.is_bound else 200)


def _after_follow_up(user: User, lead: Lead, case: Assignment | None) -> str:
    """The lead's page; a showroom has none and goes back to its case."""
    if user.has_perm("leads.view_lead"):
        return lead.get_absolute_url()
    if case and user.has_perm("leads.work_store"):
        return reverse("leads:store_case", args=[case.pk])
    return reverse("leads:follow_ups", args=[lead.number])


def _number_to_call(cells: Shown, case: Assignment | None) -> str:
    return (case and (case.actual_mobile or case.actual_phone)) or cells.mobile or cells.phone


def _phone_of(contact: FollowUp, cells: Shown) -> str:
    return contact.phone if cells.full else mask_phone(contact.phone)


def _follow_up(request: HtmxRequest, form: FollowUpForm, lead: Lead, back: str) -> HttpResponse | None:
    def do() -> str:
        fields = {name: form.cleaned_data[name] for name in ("kind", "status", "next_on", "phone", "content")}
        return work.follow_up(lead, **fields, by=request.user, secret=form.secret, location=back)

    return answer(
        form, do, then=lambda location: say(request, _("{number}: follow-up recorded."), lead.number, location)
    )


def assignments_in_sight(user: User, lead: Lead) -> list[Assignment]:
    return list(
        Assignment.objects.visible_to(user).filter(lead=lead).with_names().select_related("ended_by").order_by("pk")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.assign_lead", raise_exception=True)
def lead_assign(request: HtmxRequest, number: str) -> HttpResponse:
    """Hand a lead to showrooms, each order type once (ASSIGN-1)."""
    user = request.user
    lead = lead_in_sight(user, number)
    cases = assignments_in_sight(user, lead)
    taken = {case.order_type_id for case in cases if case.standing}
    order_type = lead.order_type_id if lead.order_type_id not in taken else None
    data = request.POST if request.method == "POST" else None
    form = AssignForm(data, user=user, initial={"order_type": order_type})
    if form.is_bound and (response := _assign(request, form, lead)):
        return response
    verdict = may(user, Action.ASSIGN, lead)
    context = {
        "lead": lead,
        "form": form if verdict or form.is_bound else None,
        "reason": verdict.reason,
        "cases": [_with_moves(user, case) for case in cases],
        "cells": (cells := shown(user, lead)),
        "address": address_of(lead, cells.building_room),
    }
    return render(request, "leads/assign.html", context, status=422 if form.is_bound else 200)


def _with_moves(user: User, case: Assignment) -> tuple[Assignment, bool, bool]:
    """An assignment, whether it can be taken back and whether its deposit can be reversed."""
    return case, bool(may(user, Action.TAKE_BACK, case)), bool(may(user, Action.REVERSE, case))


def _assign(request: HtmxRequest, form: AssignForm, lead: Lead) -> HttpResponse | None:
    def do() -> str:
        store, order_type, note = (form.cleaned_data[name] for name in ("store", "order_type", "note"))
        return assignments.assign(
            lead, store_id=store, order_type_id=order_type, note=note, by=request.user, secret=form.secret
        )

    return answer(
        form, do, then=lambda location: say(request, _("{number} is assigned to the showroom."), lead.number, location)
    )


def assignment_of(user: User, number: str, pk: int) -> Assignment:
    found = Assignment.objects.visible_to(user).with_names()
    return get_object_or_404(found, pk=pk, lead__number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.assign_lead", raise_exception=True)
def take_back(request: HtmxRequest, number: str, assignment_id: int) -> HttpResponse:
    """End an assignment without deposit, with a reason (ASSIGN-5)."""
    case = assignment_of(request.user, number, assignment_id)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, user=request.user)

    def do() -> str:
        reason = form.cleaned_data["reason"]
        return assignments.take_back(case, reason=reason, by=request.user, secret=form.secret)

    def then(location: str) -> None:
        say(request, _("{number}: the assignment is taken back."), number, location)

    if form.is_bound and (response := answer(form, do, then)):
        return response
    words = {
        "title": _("Take the assignment back"),
        "consequence": _("The showroom loses the case; the order type can be assigned anew."),
        "action": _("Take back"),
    }
    return _ask_why(request, case, form, Action.TAKE_BACK, words)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.reverse_deposit", raise_exception=True)
def reverse_deposit(request: HtmxRequest, number: str, assignment_id: int) -> HttpResponse:
    """Take a wrongly recorded deposit back while the case is undecided (ASSIGN-5)."""
    case = assignment_of(request.user, number, assignment_id)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, user=request.user)

    def do() -> str:
        reason = form.cleaned_data["reason"]
        return assignments.reverse_deposit(case, reason=reason, by=request.user, secret=form.secret)

    def then(location: str) -> None:
        say(request, _("{number}: the deposit is reversed."), number, location)

    if form.is_bound and (response := answer(form, do, then)):
        return response
    words = {
        "title": _("Reverse the deposit"),
        "consequence": " ".join(
            [
                _("Amount, day and receipt are removed; the showroom can record a deposit anew."),
                *of_reversal(case, likely_now()),
            ]
        ),
        "action": _("Reverse"),
    }
    return _ask_why(request, case, form, Action.REVERSE, words)


def _ask_why(
    request: HtmxRequest, case: Assignment, form: ReasonForm, action: Action, words: dict[str, str]
) -> HttpResponse:
    verdict = may(request.user, action, case)
    context = {
        "case": case,
        "lead": case.lead,
        "form": form if verdict or form.is_bound else None,
        "reason": verdict.reason,
        **words,
    }
    return render(request, "leads/reason.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.dispatch_designer", raise_exception=True)
def lead_measure(request: HtmxRequest, number: str) -> HttpResponse:
    """Send one of our designers to measure the site (ASSIGN-3)."""
    user = request.user
    lead = lead_in_sight(user, number)
    form = DispatchForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and (response := _dispatch(request, form, lead)):
        return response
    verdict = may(user, Action.DISPATCH, lead)
    context = {
        "lead": lead,
        "cells": (cells := shown(user, lead)),
        "address": address_of(lead, cells.building_room),
        "form": form if verdict or form.is_bound else None,
        "reason": verdict.reason,
        "measurements": Measurement.objects.visible_to(user).filter(lead=lead).select_related("designer", "by"),
    }
    return render(request, "leads/measure.html", context, status=422 if form.is_bound else 200)


def _dispatch(request: HtmxRequest, form: DispatchForm, lead: Lead) -> HttpResponse | None:
    def do() -> str:
        designer, moment, note = (form.cleaned_data[name] for name in ("designer", "scheduled_at", "note"))
        return work.dispatch(
            lead, designer_id=designer, scheduled_at=moment, note=note, by=request.user, secret=form.secret
        )

    return answer(
        form, do, then=lambda location: say(request, _("{number}: the designer is dispatched."), lead.number, location)
    )
