"""The one table of the workflow, and the only writer of a status."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.events import note_event
from core.models import Event
from core.verdicts import ALLOWED, Refused, Verdict
from customers.keys.numbers import read_mask
from leads.choices import ACTIVE, ENDED, AuditStatus, Hold, Progress
from leads.models import Assignment, Lead


class Action(StrEnum):
    EDIT = "edit"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    FOLLOW_UP = "follow_up"
    DISPATCH = "dispatch"
    TAKE_BACK = "take_back"
    CORRECT = "correct"
    DEPOSIT = "deposit"
    REVERSE = "reverse"
    DECIDE = "decide"
    REOPEN = "reopen"
    RELEASE = "release"
    VOID = "void"
    EXTEND = "extend"
    CONFIRM_VISIT = "confirm_visit"
    WIN = "win"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    RESUBMIT = "resubmit"


class Actor(StrEnum):
    FILER = "filer"
    HOLDER_OF_RIGHT = "right"
    STORE = "store"
    AUDITOR = "auditor"


class State(StrEnum):
    """Where an assignment stands, as one word."""

    ASSIGNED = "assigned"
    DEPOSIT = "deposit"
    DECIDED = "decided"
    ENDED = "ended"


class Move(NamedTuple):
    """Who may make it and from where. Without a `right` the one who decides on the request has it; see `approvals`.

    `holds`: the holds of a lead from which it is possible, empty for all but the queue.
    """

    actor: Actor
    right: str
    sources: frozenset[str]
    needs_note: bool = False
    holds: frozenset[str] = frozenset()


def at(*sources: str) -> frozenset[str]:
    return frozenset(sources)


UNTOUCHED = at(Progress.FILED, Progress.RETURNED)
GOING_ON = at(Progress.FILED, Progress.RETURNED, Progress.ASSIGNED, Progress.DEPOSIT, Progress.WON)
UNSOLD = at(Progress.FILED, Progress.RETURNED, Progress.ASSIGNED, Progress.DEPOSIT)
UNDECIDED = at(State.ASSIGNED, State.DEPOSIT)
UNDECIDED_ON = at(Hold.PENDING, Hold.QUEUED)

MOVES: dict[Action, Move] = {
    Action.EDIT: Move(Actor.FILER, "leads.change_lead", UNTOUCHED),
    Action.WITHDRAW: Move(Actor.FILER, "leads.delete_lead", UNTOUCHED),
    Action.ASSIGN: Move(
        Actor.HOLDER_OF_RIGHT, "leads.assign_lead", at(Progress.FILED, Progress.ASSIGNED, Progress.DEPOSIT)
    ),
    Action.FOLLOW_UP: Move(Actor.HOLDER_OF_RIGHT, "leads.follow_up_lead", GOING_ON),
    Action.DISPATCH: Move(Actor.HOLDER_OF_RIGHT, "leads.dispatch_designer", GOING_ON),
    Action.TAKE_BACK: Move(Actor.HOLDER_OF_RIGHT, "leads.assign_lead", at(State.ASSIGNED), needs_note=True),
    Action.CORRECT: Move(Actor.STORE, "leads.work_store", UNDECIDED),
    Action.DEPOSIT: Move(Actor.STORE, "leads.work_store", at(State.ASSIGNED)),
    Action.REVERSE: Move(Actor.HOLDER_OF_RIGHT, "leads.reverse_deposit", at(State.DEPOSIT), needs_note=True),
    Action.DECIDE: Move(Actor.AUDITOR, "leads.audit_lead", UNDECIDED),
    Action.REOPEN: Move(Actor.AUDITOR, "leads.reopen_lead", at(State.DECIDED), needs_note=True),
    Action.RELEASE: Move(Actor.FILER, "leads.release_lead", UNSOLD, needs_note=True, holds=at(*ACTIVE)),
    Action.VOID: Move(Actor.AUDITOR, "leads.void_lead", UNSOLD, needs_note=True, holds=at(*ACTIVE)),
    Action.EXTEND: Move(Actor.FILER, "leads.extend_lead", UNSOLD, needs_note=True, holds=at(Hold.PROTECTED)),
    Action.CONFIRM_VISIT: Move(Actor.AUDITOR, "leads.confirm_visit", UNSOLD, holds=at(Hold.PROTECTED)),
    Action.WIN: Move(Actor.AUDITOR, "leads.win_lead", at(Progress.DEPOSIT)),
    Action.APPROVE: Move(Actor.AUDITOR, "", at(Progress.FILED), holds=UNDECIDED_ON),
    Action.REJECT: Move(Actor.AUDITOR, "", UNTOUCHED, needs_note=True, holds=UNDECIDED_ON),
    Action.RETURN: Move(Actor.AUDITOR, "", at(Progress.FILED), needs_note=True, holds=UNDECIDED_ON),
    Action.RESUBMIT: Move(Actor.FILER, "leads.change_lead", at(Progress.RETURNED)),
}

STATE_WORDS = {
    State.ASSIGNED: gettext_lazy("assigned, without deposit"),
    State.DEPOSIT: gettext_lazy("deposit paid"),
    State.DECIDED: gettext_lazy("audited"),
    State.ENDED: gettext_lazy("taken back"),
}


def state_of(assignment: Assignment) -> State:
    if not assignment.standing:
        return State.ENDED
    if assignment.audit_status != AuditStatus.UNAUDITED:
        return State.DECIDED
    return State(assignment.progress)


def may(user: User, action: Action, record: Lead | Assignment) -> Verdict:
    """Whether this person may do this to a record in their sight now, and if not, why not. Asks no database."""
    move = MOVES[action]
    if move.right and not user.has_perm(move.right):
        return Verdict(_("You have no right to do this. Ask your administrator."))
    wrong = _wrong_state(action, record, move)
    return wrong if wrong is not None else _wrong_person(user, action, record, move)


def _wrong_state(action: Action, record: Lead | Assignment, move: Move) -> Verdict | None:
    if isinstance(record, Assignment):
        state = state_of(record)
        if state in move.sources:
            return None
        if state == State.DECIDED:
            return Verdict(_("Already audited: the decision has to be reopened first."))
        if action == Action.TAKE_BACK and state == State.DEPOSIT:
            return Verdict(_("The deposit is paid: a manager has to reverse it first."))
        return Verdict(_("Not possible while the assignment is: %s.") % STATE_WORDS[state])
    if action in {Action.EDIT, Action.WITHDRAW} and record.credited_on:
        return Verdict(_("Already audited: the filed data can't be changed any more."))
    if (wrong := _wrong_hold(action, record, move)) is not None:
        return wrong
    if record.progress in move.sources:
        return None
    if action in {Action.EDIT, Action.WITHDRAW} and record.progress == Progress.ASSIGNED:
        return Verdict(_("Already assigned to a showroom: the filed data can't be changed any more."))
    if action == Action.WIN and record.progress in UNTOUCHED | {Progress.ASSIGNED}:
        return Verdict(_("A deal can be recorded once the deposit is paid."))
    return Verdict(_("Not possible while the lead is: %s.") % record.get_progress_display())


WHILE_QUEUED = {
    Action.EDIT,
    Action.WITHDRAW,
    Action.FOLLOW_UP,
    Action.APPROVE,
    Action.REJECT,
    Action.RETURN,
    Action.RESUBMIT,
}


def _wrong_hold(action: Action, lead: Lead, move: Move) -> Verdict | None:
    """What the hold of a lead does not allow (`domain.md`, QueueEntry and Counting time)."""
    if lead.hold == Hold.QUEUED and action not in WHILE_QUEUED:
        return Verdict(
            _("It waits in the queue for a customer that somebody else holds. Wait until its turn has come.")
        )
    if action == Action.ASSIGN and lead.hold == Hold.PENDING:
        return _pending(lead)
    if action == Action.ASSIGN and lead.hold == Hold.CANCELLED:
        return Verdict(_("Its place in the queue was given up, so it goes to no showroom. File the customer again."))
    if action == Action.ASSIGN and lead.hold in ENDED and lead.progress == Progress.FILED:
        return Verdict(
            _("Its protection has ended (%s), so it goes to no showroom. File the customer again.")
            % lead.get_hold_display()
        )
    if move.holds and lead.hold not in move.holds:
        return Verdict(_("Not possible while the customer is: %s.") % lead.get_hold_display())
    return None


def _pending(lead: Lead) -> Verdict:
    """What is not protected yet goes to no showroom."""
    if read_mask(lead.mobile):
        return Verdict(
            _("Digits of its number are hidden, so it is not protected yet: fill in the whole number first.")
        )
    return Verdict(
        _("It waits for a person to approve it, or to compare it with another filing, before it is assigned.")
    )


def _wrong_person(user: User, action: Action, record: Lead | Assignment, move: Move) -> Verdict:
    lead = record.lead if isinstance(record, Assignment) else record
    match move.actor:
        case Actor.FILER if user.pk not in {lead.filer_id, lead.filed_by_id}:
            return Verdict(_("Only the person who filed the lead can do this."))
        case Actor.AUDITOR if user.pk in {lead.filer_id, lead.filed_by_id}:
            return Verdict(_("Nobody decides on a filing of their own. Ask a colleague to do it."))
        case Actor.STORE if not (isinstance(record, Assignment) and works_in(user, record)):
            return Verdict(_("Only the showroom it is assigned to can do this."))
    return ALLOWED


def works_in(user: User, assignment: Assignment) -> bool:
    """Whether a person belongs to the showroom of an assignment."""
    if not user.unit or not user.standing.has("leads.scope_store"):
        return False
    return assignment.store.path.startswith(user.unit.path)


def demand(user: User, action: Action, record: Lead | Assignment, note: str = "") -> None:
    """Raise `Refused` unless the move is allowed now and its reason, where one is needed, is given."""
    if not (verdict := may(user, action, record)):
        raise Refused(verdict.reason)
    if MOVES[action].needs_note and not note.strip():
        raise Refused(_("Please say why."))


def perform(
    action: Action,
    record: Lead | Assignment,
    *,
    by: User,
    at: datetime,
    note: str = "",
    changes: Any = None,
    **fields: Any,
) -> Event:
    """Make the move and record it. With `settle_lead`, which follows from it, the only writer of a status.

    `fields` go into one UPDATE that matches only the row as it was read: compare-and-set (guarantees 1.4).
    """
    demand(by, action, record, note)
    guard = {name: getattr(record, name) for name in ("progress", *_also_guarded(record))}
    won = type(record)._default_manager.filter(pk=record.pk, **guard).update(**fields) if fields else 1
    if not won:
        raise Refused(_("Somebody was quicker: this has just changed. Look at it again."))
    before = record.progress
    for name, value in fields.items():
        setattr(record, name, value)
    return note_event(
        record, action, by=by, at=at, before=before, after=record.progress, note=note, changes=changes or {}
    )


def _also_guarded(record: Lead | Assignment) -> tuple[str, ...]:
    return ("audit_status", "standing") if isinstance(record, Assignment) else ("hold",)


def derived(assignments: list[Assignment], lead: Lead) -> dict[str, str]:
    """The progress and audit status of a lead, from its standing assignments (`domain.md`, States)."""
    standing = [assignment for assignment in assignments if assignment.standing]
    results = {assignment.audit_status for assignment in standing}
    if lead.progress in {Progress.FILED, Progress.ASSIGNED, Progress.DEPOSIT}:
        paid = any(assignment.progress == "deposit" for assignment in standing)
        progress = Progress.DEPOSIT if paid else Progress.ASSIGNED if standing else Progress.FILED
    else:
        progress = Progress(lead.progress)
    audited = next((word for word in (AuditStatus.SUCCESS, AuditStatus.FAILURE) if word in results), None)
    return {"progress": progress, "audit_status": audited or AuditStatus.UNAUDITED}


def settle_lead(lead: Lead, *, at: datetime, by: User) -> None:
    """Bring a locked lead to what its assignments say, with an event when its progress moves."""
    fields = derived(list(lead.assignments.all()), lead)
    if all(getattr(lead, name) == value for name, value in fields.items()):
        return
    before = lead.progress
    Lead.objects.filter(pk=lead.pk).update(**fields)
    for name, value in fields.items():
        setattr(lead, name, value)
    if before != lead.progress:
        note_event(lead, "progress", by=by, at=at, before=before, after=lead.progress)


def open_moves(user: User, record: Lead | Assignment) -> list[tuple[Action, Verdict]]:
    """The buttons of a record: the moves of its kind that the person has the right to, with why where one is shut."""
    kinds: tuple[Action, ...] = (
        Action.EDIT,
        Action.WITHDRAW,
        Action.FOLLOW_UP,
        Action.DISPATCH,
        Action.ASSIGN,
        Action.EXTEND,
        Action.RELEASE,
        Action.CONFIRM_VISIT,
        Action.WIN,
        Action.VOID,
    )
    if isinstance(record, Assignment):
        kinds = (Action.CORRECT, Action.DEPOSIT, Action.TAKE_BACK, Action.REVERSE, Action.DECIDE, Action.REOPEN)
    return [(action, may(user, action, record)) for action in kinds if user.has_perm(MOVES[action].right)]
