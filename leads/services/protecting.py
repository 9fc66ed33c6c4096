"""Protections begin, move and end; the next in the queue takes over. All under the lock of the customer (the root).

Every end that is set or moved is an event of the protection with the rule that says so: the ledger (`policies.md`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy

from accounts.models import User
from approvals.calendar import Calendar
from core.events import event, note_event, subject
from core.models import Event
from customers.keys import Key
from customers.models import Customer, IdentityKey
from leads.choices import ACTIVE, Ending, Hold, Progress, Waiting
from leads.models import Lead, Protection, QueueEntry
from leads.services.ownership import KeyToKeep, hold_keys, move_keys, of_party
from leads.services.requesting import ask_for, calendar_from, lapse_requests, tell
from leads.spans import START, End, Start, contact_due, first_end
from policies.kinds import USUAL
from policies.models import FilingKind
from policies.terms import Terms

MOVE, END, TAKE_OVER = "move", "end", "take_over"
TOLD_OF_TURN = gettext_lazy("%s: your turn has come, the customer is yours now.")
TOLD_OF_DEAL = gettext_lazy("%s: somebody made a deal with this customer, so nobody waits for it any longer.")


def ledger_line(end: End, **more: Any) -> dict[str, Any]:
    """What an event of the ledger keeps of an end: the moment, the rule, the term and what it was counted from."""
    counted = end.counted_from.isoformat() if end.counted_from else None
    said = {"until": end.at.isoformat() if end.at else None, "rule": end.rule, "counted_from": counted}
    return said | ({"term": list(end.term)} if end.term else {}) | more


def new_protection(
    start: Start, at: datetime, terms: Terms, calendar: Calendar, *, promoted: bool = False, **columns: Any
) -> tuple[Protection, dict[str, Any]]:
    """A protection that is not saved yet, and the first line of its ledger."""
    end = first_end(at, terms, calendar, promoted=promoted) if start.counts else End(None, "waits")
    if start.hold == Hold.PENDING and not start.request:
        end = first_end(at, terms, calendar)
    protected = start.hold == Hold.PROTECTED
    made = Protection(
        state=start.hold,
        started_at=at if protected else None,
        ends_at=end.at,
        contact_by=contact_due(at, terms, calendar) if protected else None,
        contested=start.contested,
        promoted=promoted,
        **columns,
    )
    return made, ledger_line(end)


def protect(protection: Protection, since: datetime, *, by: User | None, at: datetime, note: str = "") -> None:
    """Begin a protection that was pending; its term counts from `since`."""
    calendar = calendar_from(since)
    end = first_end(since, protection.terms, calendar, promoted=protection.promoted)
    protection.state, protection.started_at, protection.ends_at = Hold.PROTECTED, since, end.at
    protection.contact_by = contact_due(since, protection.terms, calendar)
    protection.contested = False
    protection.save(update_fields=["state", "started_at", "ends_at", "contact_by", "contested"])
    note_event(protection, START, by=by, at=at, after=Hold.PROTECTED, note=note, changes=ledger_line(end))


def move_end(protection: Protection, end: End, *, by: User | None, at: datetime, note: str = "", **more: Any) -> None:
    """Set another end, with the line of the ledger that says why."""
    protection.ends_at = end.at
    protection.save(update_fields=["ends_at"])
    note_event(protection, MOVE, by=by, at=at, note=note, changes=ledger_line(end, **more))


def ledger_of(protection: Protection) -> list[Event]:
    return list(Event.objects.filter(**subject(protection)).select_related("by").order_by("pk"))


def end_protection(
    protection: Protection,
    why: Ending,
    *,
    at: datetime,
    by: User | None = None,
    note: str = "",
    state: Hold = Hold.RELEASED,
    barred_until: datetime | None = None,
    noted_at: datetime | None = None,
) -> None:
    """End a protection and let the next who waits take over. `at`: when it ended, `noted_at`: when that is noticed."""
    ended = Protection.objects.filter(pk=protection.pk, state=protection.state, joined=None)
    if not ended.update(state=state, ended_at=at, ended_why=why, barred_until=barred_until, contested=False):
        raise RuntimeError(f"protection {protection.pk} ended without the lock of its customer")
    before, protection.state = protection.state, state
    protection.ended_at, protection.ended_why, protection.barred_until = at, why, barred_until
    leads = Lead.objects.filter(protection=protection, hold__in=ACTIVE)
    lapse_requests(leads.values_list("pk", flat=True), at=noted_at or at)
    leads.update(hold=state)
    root_id = Customer.objects.get(pk=protection.customer_id).party_id
    let_go_of_scope(root_id, protection.scope, protection.filer_id)
    changes = {"why": why, "ended": at.isoformat()}
    if barred_until:
        changes["barred_until"] = barred_until.isoformat()
    note_event(protection, END, by=by, at=noted_at or at, before=before, after=state, note=note[:500], changes=changes)
    take_over(root_id, at=at, noted_at=noted_at or at)


def let_go_of_scope(root_id: int, scope: str, filer_id: int) -> None:
    """Nobody holds the keys of a scope any more, but as far as another protection of the customer does, or one of the
    filer's other customers whose leads have them, too."""
    active = Protection.objects.of_parties([root_id]).active().order_by("started_at", "pk")
    others = list(active.values_list("scope", "filer_id"))
    keys = IdentityKey.objects.filter(of_party(root_id), held=True).exclude(scope__in=[other for other, _id in others])
    if scope:
        keys = keys.filter(scope=scope)
    columns: Any = keys.values_list("pk", "kind", "value", "block", "detail", "exact")
    ended = {} if "" in {other for other, _id in others} else {pk: Key(*key) for pk, *key in columns}
    IdentityKey.objects.filter(pk__in=ended).update(held=False)
    holder = others[0][1] if others else None
    Customer.objects.filter(pk=root_id).update(holder=holder, stamp=F("stamp") + 1)
    move_keys(ended.values(), root_id, filer_id)


def take_over(root_id: int, *, at: datetime, noted_at: datetime) -> None:
    """Let the first who wait have what is free now (PROT-6). It asks no quota and no limit."""
    waiting = QueueEntry.objects.of_parties([root_id]).waiting().select_related("lead__policy_version", "filer")
    for entry in waiting.order_by("at", "pk"):
        held = Protection.objects.of_parties([root_id]).active()
        if entry.scope:
            held = held.filter(scope__in=["", entry.scope])
        if held.exists():
            continue
        if entry.filer.is_active:
            _promote(entry, root_id, at=max(at, entry.at), noted_at=noted_at)
        else:
            leave_queue(entry, at=noted_at)


def _promote(entry: QueueEntry, root_id: int, *, at: datetime, noted_at: datetime) -> None:
    if not _close(entry, Waiting.PROMOTED, noted_at):
        return
    lead, version = entry.lead, entry.lead.policy_version
    terms = Terms.from_json(version.body) if version else Terms()
    start = _start_of_promoted(lead, terms)
    made, line = new_protection(
        start,
        at,
        terms,
        calendar_from(at),
        promoted=True,
        customer_id=root_id,
        scope=entry.scope,
        filer_id=entry.filer_id,
        version=version,
    )
    made.save(force_insert=True)
    Lead.objects.filter(pk=lead.pk, hold=Hold.QUEUED).update(hold=start.hold, protection=made)
    lead.hold, lead.protection = start.hold, made
    _hold_waiting_keys(entry, root_id)
    Customer.objects.filter(pk=root_id).update(holder=entry.filer_id, stamp=F("stamp") + 1)
    told = [
        event(made, START, by=None, at=noted_at, after=start.hold, changes=line),
        event(lead, TAKE_OVER, by=None, at=noted_at, before=Hold.QUEUED, after=start.hold),
    ]
    Event.objects.bulk_create(told)
    if start.request:
        ask_for(start.request, lead, terms, by=lead.filer, at=noted_at)
    tell(lead, "took_over", TOLD_OF_TURN, at=noted_at)


def _start_of_promoted(lead: Lead, terms: Terms) -> Start:
    """A filing that needs approval waits for it when its turn has come."""
    treatment = FilingKind.objects.filter(kind=lead.filing_kind).values_list("needs_approval", flat=True).first()
    needed = USUAL.needs_approval if treatment is None else treatment
    if not (needed or terms.needs_approval):
        return Start(Hold.PROTECTED)
    return Start(Hold.PENDING, "filing", counts=False)


def _close(entry: QueueEntry, state: Waiting, at: datetime) -> bool:
    """End a place in the queue, once: by compare-and-set."""
    return bool(QueueEntry.objects.filter(pk=entry.pk, state=Waiting.WAITING).update(state=state, ended_at=at))


def leave_queue(entry: QueueEntry, *, at: datetime) -> None:
    """Give up a place in the queue; a filing that still stood is lost with it."""
    if _close(entry, Waiting.CANCELLED, at):
        standing = Lead.objects.filter(pk=entry.lead_id, hold=Hold.QUEUED)
        standing.update(hold=Hold.CANCELLED, progress=Progress.LOST)
        note_event(entry.lead, "leave_queue", by=None, at=at, before=Hold.QUEUED, after=Hold.CANCELLED)


def cancel_queue(root_id: int, scope: str, *, at: datetime) -> None:
    """A deal was made: whoever waits for the customer need not wait any longer, and is told."""
    waiting = QueueEntry.objects.of_parties([root_id]).waiting().select_related("lead__filer")
    if scope:
        waiting = waiting.filter(scope=scope)
    for entry in waiting:
        leave_queue(entry, at=at)
        tell(entry.lead, "queue_cancelled", TOLD_OF_DEAL, at=at)


def _hold_waiting_keys(entry: QueueEntry, root_id: int) -> None:
    """The keys that the filing waited with are held now, but those that somebody else holds."""
    wanted = [KeyToKeep(Key(*columns), root_id, scope=scope) for *columns, scope in entry.keys]
    hold_free_keys(wanted)


def hold_free_keys(wanted: Collection[KeyToKeep]) -> None:
    """Hold those keys that nobody else holds, and keep the others to be found by."""
    kinds, values = {kept.key.kind for kept in wanted}, {kept.key.value for kept in wanted}
    rows = IdentityKey.objects.filter(kind__in=kinds, value__in=values, held=True)
    columns = rows.values_list("kind", "value", "scope", "customer_id", "customer__root_id")
    holders = {(kind, value, scope): root or one for kind, value, scope, one, root in columns}
    missing = []
    for kept in wanted:
        holder = holders.get((kept.key.kind, kept.key.value, kept.scope))
        if holder != kept.customer_id:
            missing.append(kept._replace(held=kept.held and holder is None))
    if missing:
        hold_keys(missing)
