"""One lead: data, follow-ups, assignments, history."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.clock import likely_now
from core.http import HtmxRequest
from core.verdicts import ALLOWED, Verdict
from leads.choices import Hold
from leads.facts import kind_facts, understood_address, what_it_waits_for
from leads.history import happened
from leads.models import Assignment, FollowUp, Lead, Measurement
from leads.panel import Panel, panel_of, with_protection
from leads.rows import address_of
from leads.services.holding import ASKED_ALREADY, SOLD, may_extend
from leads.services.papers import sees_papers
from leads.services.requesting import EXTENSION
from leads.services.settling import settle
from leads.services.work import note_reveal
from leads.sight import Shown, shown
from leads.workflow import Action, may, open_moves

SHOWN_FOLLOW_UPS = 20
RARE = {
    Action.EXTEND.value: ("extend", "clock", gettext_lazy("Ask for longer protection")),
    Action.CONFIRM_VISIT.value: ("visit", "store", gettext_lazy("Confirm the visit")),
    Action.WIN.value: ("won", "star", gettext_lazy("Record the deal")),
    Action.RELEASE.value: ("release", "hand", gettext_lazy("Let the customer go")),
    Action.VOID.value: ("void", "no", gettext_lazy("End the protection")),
}
"""The actions on a protection that stand in a menu: the name of the address, an icon, words."""


def open_lead(user: User, number: str) -> Any:
    """A filing in sight with its protection; what has run out on its customer is ended first, so that nobody reads a
    word that is no longer true."""
    now = likely_now()
    leads = with_protection(Lead.objects.visible_to(user).with_names().select_related("target_city"), now)
    lead: Any = get_object_or_404(leads, number=number)
    if lead.overdue and settle(lead.customer_id):
        lead = leads.get(pk=lead.pk)
    return lead


@require_safe
@permission_required("leads.view_lead", raise_exception=True)
def lead_detail(request: HtmxRequest, number: str) -> HttpResponse:
    lead = open_lead(request.user, number)
    return _draw(request, lead, shown(request.user, lead, case_open=True))


@require_POST
@permission_required("leads.reveal_lead", raise_exception=True)
def lead_reveal(request: HtmxRequest, number: str) -> HttpResponse:
    """Show the masked data of one lead; who looked is kept (ORG-6)."""
    lead = open_lead(request.user, number)
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


def moves_of(user: User, lead: Lead, panel: Panel, at: datetime) -> dict[str, Verdict]:
    """The person's actions on a filing by name, with why where one is shut."""
    moves = {action.value: verdict for action, verdict in open_moves(user, lead) if _makes_sense(action, lead, panel)}
    if moves.get(Action.EXTEND):
        asked = any(each.request.kind == EXTENSION for each in panel.asked)
        moves[Action.EXTEND.value] = may_prolong(lead, at, asked=asked)
    if moves.get(Action.RELEASE):
        moves[Action.RELEASE.value] = may_let_go(lead)
    return moves


def _makes_sense(action: Action, lead: Lead, panel: Panel) -> bool:
    """A visit is confirmed where the policy has a time for it; what waits for approval is refused, not ended."""
    protection = lead.protection
    if action == Action.CONFIRM_VISIT:
        return protection is not None and protection.terms.visit_term is not None
    merely_waits = lead.hold == Hold.PENDING and bool(panel.asked) and not _has_begun(lead)
    return action != Action.VOID or not merely_waits


def _has_begun(lead: Lead) -> bool:
    return lead.protection is not None and lead.protection.started_at is not None


def may_prolong(lead: Lead, at: datetime, *, asked: bool) -> Verdict:
    """Whether longer protection can be asked for; not twice at a time."""
    if asked:
        return Verdict(str(ASKED_ALREADY))
    return may_extend(lead.protection, at)


def may_let_go(lead: Any) -> Verdict:
    """Whether nothing under the protection of a lead read by `open_lead` is sold."""
    return Verdict(str(SOLD)) if lead.sold else ALLOWED


def rare_moves(moves: dict[str, Verdict]) -> list[tuple[Verdict, str, str, Any]]:
    """What stands in the menu; longer protection only where it is shut, since else it has a button."""
    listed = {action: verdict for action, verdict in moves.items() if action in RARE}
    return [(verdict, *RARE[action]) for action, verdict in listed.items() if action != Action.EXTEND or not verdict]


def _context(request: HtmxRequest, lead: Any, cells: Shown) -> dict[str, Any]:
    assignments = list(
        Assignment.objects.visible_to(request.user).filter(lead=lead).with_names().order_by("-standing", "pk")
    )
    now = likely_now()
    panel = panel_of(lead, request.user, now)
    moves = moves_of(request.user, lead, panel, now)
    follow_ups = FollowUp.objects.visible_to(request.user).filter(lead=lead).select_related("by")
    return {
        "lead": lead,
        "cells": cells,
        "address": address_of(lead, cells.building_room),
        "understood": understood_address(lead) if cells.full else "",
        "facts": kind_facts(lead),
        "waits_for": what_it_waits_for(lead, taken=lead.taken, begun=_has_begun(lead)),
        "panel": panel,
        "moves": moves,
        "rare": rare_moves(moves),
        "assignments": [
            (assignment, may(request.user, Action.TAKE_BACK, assignment), may(request.user, Action.REVERSE, assignment))
            for assignment in assignments
        ],
        "follow_ups": follow_ups[:SHOWN_FOLLOW_UPS],
        "measurements": Measurement.objects.visible_to(request.user).filter(lead=lead).select_related("designer"),
        "papers": sees_papers(request.user, lead),
        "history": happened(lead, assignments, panel.requests, full=cells.full),
    }
