"""One lead: data, follow-ups, assignments, history."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from core.http import HtmxRequest
from leads.facts import kind_facts, understood_address, what_it_waits_for
from leads.history import happened
from leads.models import Assignment, FollowUp, Lead, Measurement
from leads.rows import address_of
from leads.services.papers import sees_papers
from leads.services.work import note_reveal
from leads.sight import Shown, shown
from leads.workflow import Action, may, open_moves

SHOWN_FOLLOW_UPS = 20


def _lead(request: HtmxRequest, number: str) -> Lead:
    leads = Lead.objects.visible_to(request.user).with_names().select_related("target_city")
    return get_object_or_404(leads, number=number)


@require_safe
@permission_required("leads.view_lead", raise_exception=True)
def lead_detail(request: HtmxRequest, number: str) -> HttpResponse:
    lead = _lead(request, number)
    return _draw(request, lead, shown(request.user, lead, case_open=True))


@require_POST
@permission_required("leads.reveal_lead", raise_exception=True)
def lead_reveal(request: HtmxRequest, number: str) -> HttpResponse:
    """Show the masked data of one lead; who looked is kept (ORG-6)."""
    lead = _lead(request, number)
    note_reveal(lead, by=request.user)
    full = Shown(lead.mobile, lead.phone, lead.building_room, full=True, revealable=False)
    if request.htmx and request.htmx.target != "drawer":
        return HttpResponse(lead.mobile or lead.phone, content_type="text/plain; charset=utf-8")
    return _draw(request, lead, full)


def _draw(request: HtmxRequest, lead: Lead, cells: Shown) -> HttpResponse:
    template = "leads/lead_detail.html"
    if request.htmx and request.htmx.target == "drawer":
        template += "#drawer"
    response = render(request, template, _context(request, lead, cells))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _context(request: HtmxRequest, lead: Lead, cells: Shown) -> dict[str, Any]:
    assignments = list(
        Assignment.objects.visible_to(request.user).filter(lead=lead).with_names().order_by("-standing", "pk")
    )
    follow_ups = FollowUp.objects.visible_to(request.user).filter(lead=lead).select_related("by")
    return {
        "lead": lead,
        "cells": cells,
        "address": address_of(lead, cells.building_room),
        "understood": understood_address(lead) if cells.full else "",
        "facts": kind_facts(lead),
        "waits_for": what_it_waits_for(lead),
        "moves": {action.value: verdict for action, verdict in open_moves(request.user, lead)},
        "assignments": [
            (assignment, may(request.user, Action.TAKE_BACK, assignment), may(request.user, Action.REVERSE, assignment))
            for assignment in assignments
        ],
        "follow_ups": follow_ups[:SHOWN_FOLLOW_UPS],
        "measurements": Measurement.objects.visible_to(request.user).filter(lead=lead).select_related("designer"),
        "papers": sees_papers(request.user, lead),
        "history": happened(lead, assignments, full=cells.full),
    }
