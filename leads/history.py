"""What happened to a lead and its assignments, in words for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.choices import RequestState
from approvals.models import Request
from core.events import subject
from core.models import Event
from leads.asked import label_of
from leads.choices import (
    AssignmentProgress,
    CrossRegionCase,
    CustomerCategory,
    FollowUpStatus,
    Gender,
    Hold,
    PaperKind,
    Progress,
)
from leads.models import Assignment, Lead
from leads.sight import masked
from policies.models import CustomerKind

NEWEST = 50
ACTIONS = {
    "file": _("Filed"),
    "edit": _("Edited"),
    "withdraw": _("Withdrawn"),
    "assign": _("Assigned"),
    "take_back": _("Assignment taken back"),
    "correct": _("Corrected by the showroom"),
    "deposit": _("Deposit taken"),
    "reverse": _("Deposit reversed"),
    "decide": _("Audited"),
    "reopen": _("Audit reopened"),
    "dispatch": _("Designer dispatched"),
    "report": _("Measurement reported"),
    "attach_paper": _("Paper attached"),
    "remove_paper": _("Paper removed"),
    "reveal": _("Looked at the full number"),
    "progress": _("Progress"),
    "same": _("Found to be one customer with another filing"),
    "different": _("Found to be another customer than a similar filing's"),
    "reconsider": _("Such a finding was taken back"),
    "extend": _("Longer protection asked for"),
    "release": _("Customer let go"),
    "void": _("Protection ended by somebody else"),
    "confirm_visit": _("Visit confirmed"),
    "win": _("Deal made"),
    "approve": _("Approved"),
    "reject": _("Not approved"),
    "return": _("Returned to be corrected"),
    "resubmit": _("Sent again"),
    "protect": _("Protected again"),
    "take_over": _("Took over from the queue"),
    "leave_queue": _("Left the queue"),
}
REQUESTED = {"ask": pgettext_lazy("request", "asked for")} | dict(RequestState.choices)
WORDS = dict(Progress.choices) | dict(AssignmentProgress.choices) | dict(Hold.choices)
LABELS = {
    column.name: column.verbose_name for model in (Assignment, Lead) for column in model._meta.concrete_fields
} | {"dispatched_designer": _("dispatched designer"), "paper": _("paper"), "until": _("until")}
CHOICES = {
    "hold": dict(Hold.choices),
    "follow_up_status": dict(FollowUpStatus.choices),
    "paper": dict(PaperKind.choices),
    "customer_kind": dict(CustomerKind.choices),
    "gender": dict(Gender.choices),
    "customer_category": dict(CustomerCategory.choices),
    "cross_region_case": dict(CrossRegionCase.choices),
}


@dataclass(frozen=True, slots=True)
class Change:
    label: Any
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    by: Any
    what: Any
    changes: list[Change]
    note: str


def happened(
    lead: Lead, assignments: Iterable[Assignment], requests: Sequence[Request] = (), *, full: bool
) -> list[Happened]:
    """The newest events of a lead, of these assignments and requests, in one statement; personal values masked unless
    `full`."""
    about = Q(**subject(lead))
    for record in (*assignments, *requests):
        about |= Q(**subject(record))
    events = list(Event.objects.filter(about).select_related("by").order_by("-at", "-pk")[:NEWEST])
    labels = {request.pk: label_of(request) for request in requests}
    return [_told(event, labels, full=full) for event in events if not _said_by_another(event, events)]


def _of_request(event: Event) -> bool:
    return event.subject_type == Request._meta.label_lower


def _said_by_another(event: Event, events: Iterable[Event]) -> bool:
    """Whether the lead tells of the same deed itself: whoever approves a filing approves its request."""
    deed = (event.at, event.by_id)
    return (
        _of_request(event)
        and event.by_id is not None
        and any((each.at, each.by_id) == deed and not _of_request(each) for each in events)
    )


def _told(event: Event, labels: Mapping[int, Any], *, full: bool) -> Happened:
    if _of_request(event):
        step = {"what": labels.get(event.subject_id, ""), "step": REQUESTED.get(event.action, event.action)}
        return Happened(event.at, event.by, _("%(what)s: %(step)s") % step, [], event.note)
    what = ACTIONS.get(event.action, event.action)
    return Happened(event.at, event.by, what, list(_changes(event, full=full)), event.note)


def _changes(event: Event, *, full: bool) -> Iterable[Change]:
    if event.before and event.before != event.after:
        yield Change("", WORDS.get(event.before, event.before), WORDS.get(event.after, event.after))
    for name, (before, after) in event.changes.items():
        if not full:
            before, after = masked(name, before), masked(name, after)
        words = CHOICES.get(name, {})
        yield Change(LABELS.get(name, name), words.get(before, before), words.get(after, after))
