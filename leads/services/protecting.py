"""Protections begin, move and end; the next in the queue takes over. All under the lock of the customer (the root).

Every end that is set or moved is an event of the protection with the rule that says so: the ledger (`policies.md`).
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext_lazy

from accounts.models import User
from approvals.calendar import Calendar
from core.events import event, note_event, subject
from core.models import Event
from customers.keys import Key
from customers.models import Customer, IdentityKey
from customers.shared import let_go
from leads.choices import ACTIVE, Ending, Hold, Progress, Waiting
from leads.models import Lead, Protection, QueueEntry
from leads.services.ownership import KeyToKeep, hold_keys, move_keys, of_party, words_of
from leads.services.requesting import calendar_from, lapse_requests, tell
from leads.spans import START, End, LedgerLine, Start, contact_due, end_by_ledger, first_end
from policies.terms import Terms, later

MOVE, END, TAKE_OVER, LEAVE_QUEUE = "move", "end", "take_over", "leave_queue"
SUSPEND, RESUME = "suspend", "resume"
TOLD_OF_TURN = gettext_lazy("%s: your turn has come, the customer is yours now.")
NOT_DECIDED = gettext_lazy("Its turn in the queue came before anybody decided, so it took over by itself.")
TOLD_OF_OTHER = gettext_lazy(
    "%s: somebody else holds this customer by now, so its place in the queue is given up. File it again later."
)
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
    """Begin a protection that was pending; its term counts from `since`, and so does what was paid meanwhile.

    What had begun before goes on to its end.
    """
    if protection.started_at:
        protection.state = Hold.PROTECTED
        protection.save(update_fields=["state"])
        note_event(protection, RESUME, by=by, at=at, before=Hold.PENDING, after=Hold.PROTECTED, note=note)
        return
    calendar = calendar_from(since)
    line = ledger_line(first_end(since, protection.terms, calendar, promoted=protection.promoted))
    protection.state, protection.started_at = Hold.PROTECTED, since
    protection.ends_at = end_by_ledger([*lines_of(protection), (START, line)])
    protection.contact_by = contact_due(since, protection.terms, calendar)
    protection.contested = False
    protection.save(update_fields=["state", "started_at", "ends_at", "contact_by", "contested"])
    note_event(protection, START, by=by, at=at, after=Hold.PROTECTED, note=note, changes=line)


def move_end(protection: Protection, end: End, *, by: User | None, at: datetime, note: str = "", **more: Any) -> None:
    """Write into the ledger what gives another end, and why. An earlier one moves nothing, but counts once that which
    gave the later one is reversed."""
    protection.ends_at = later(protection.ends_at, end.at)
    protection.save(update_fields=["ends_at"])
    note_event(protection, MOVE, by=by, at=at, note=note, changes=ledger_line(end, **more))


def ledger_of(protection: Protection) -> list[Event]:
    return list(Event.objects.filter(**subject(protection)).select_related("by").order_by("pk"))


def lines_of(protection: Protection) -> list[LedgerLine]:
    """The ledger as `spans.end_by_ledger` reads it."""
    return list(Event.objects.filter(**subject(protection)).order_by("pk").values_list("action", "changes"))


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


def suspend(protection: Protection, *, by: User, at: datetime) -> None:
    """Nothing approved stands under a protection any more, so it waits; what was granted of its time runs on."""
    standing = protection.leads.filter(hold__in=ACTIVE)
    if protection.state == Hold.PROTECTED and not standing.exclude(hold=Hold.PENDING).exists():
        protection.state = Hold.PENDING
        protection.save(update_fields=["state"])
        note_event(protection, SUSPEND, by=by, at=at, before=Hold.PROTECTED, after=Hold.PENDING)


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
    wanted = [KeyToKeep(Key(*columns), root_id, scope=scope) for *columns, scope in entry.keys]
    if wanted and all(holder not in {None, root_id} for holder in holders_of(wanted).values()):
        leave_queue(entry, at=noted_at)
        tell(entry.lead, "queue_overtaken", TOLD_OF_OTHER, at=noted_at)
        return
    if not close_place(entry, noted_at, Waiting.PROMOTED):
        return
    lead, version = entry.lead, entry.lead.policy_version
    terms = Terms.from_json(version.body) if version else Terms()
    made, line = new_protection(
        Start(Hold.PROTECTED),
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
    Lead.objects.filter(pk=lead.pk, hold=Hold.QUEUED).update(hold=Hold.PROTECTED, protection=made)
    lead.hold, lead.protection = Hold.PROTECTED, made
    lapse_requests([lead.pk], at=noted_at, why=NOT_DECIDED)
    hold_free_keys(wanted)
    Customer.objects.filter(pk=root_id).update(holder=entry.filer_id, stamp=F("stamp") + 1)
    told = [
        event(made, START, by=None, at=noted_at, after=Hold.PROTECTED, changes=line),
        event(lead, TAKE_OVER, by=None, at=noted_at, before=Hold.QUEUED, after=Hold.PROTECTED),
    ]
    Event.objects.bulk_create(told)
    tell(lead, "took_over", TOLD_OF_TURN, at=noted_at)


def close_place(entry: QueueEntry, at: datetime, state: Waiting = Waiting.CANCELLED) -> bool:
    """End a place in the queue, once: by compare-and-set."""
    return bool(QueueEntry.objects.filter(pk=entry.pk, state=Waiting.WAITING).update(state=state, ended_at=at))


def leave_queue(entry: QueueEntry, *, at: datetime) -> None:
    """Give up a place in the queue; a filing that still stood is lost with it."""
    if not close_place(entry, at):
        return
    lapse_requests([entry.lead_id], at=at)
    before, after = str(Hold.QUEUED), str(Hold.CANCELLED)
    changes: dict[str, Any] = {}
    standing = Lead.objects.filter(pk=entry.lead_id, hold=Hold.QUEUED)
    if standing.update(hold=Hold.CANCELLED, progress=Progress.LOST):
        changes = {"hold": [before, after]}
        before, after = entry.lead.progress, Progress.LOST
    note_event(entry.lead, LEAVE_QUEUE, by=None, at=at, before=before, after=after, changes=changes)


def wait_elsewhere(coming: Iterable[QueueEntry], to_id: int, *, at: datetime) -> None:
    """Places in the queue of another customer, among those who wait there in the order of arrival.

    Whoever holds that one or waits for it already needs no second place. Both customers must be locked.
    """
    there = list(QueueEntry.objects.of_parties([to_id]).waiting().select_related("lead"))
    known = set(Protection.objects.of_parties([to_id]).active().values_list("filer_id", flat=True))
    known |= {entry.filer_id for entry in there}
    for entry in coming:
        if entry.filer_id in known:
            leave_queue(entry, at=at)
        else:
            there.append(entry)
            Lead.objects.filter(pk=entry.lead_id).update(customer=to_id)
    place = QueueEntry.objects.filter(customer=to_id).aggregate(last=Max("place"))["last"] or 0
    for count, entry in enumerate(sorted(there, key=lambda each: (each.at, each.pk)), start=place + 1):
        QueueEntry.objects.filter(pk=entry.pk).update(customer=to_id, place=count)


def part_waiters(root_id: int, *, at: datetime) -> list[int]:
    """Whoever waits for a number or address that the customer does not have any more waits for a customer of its own;
    those customers. They are free once the keys are let go. The customer must be locked."""
    waiting = list(QueueEntry.objects.of_parties([root_id]).waiting().select_related("lead").order_by("at", "pk"))
    if not waiting:
        return []
    texts = Lead.objects.filter(of_party(root_id), hold__in=ACTIVE).values_list("identity_text", flat=True)
    words, parted = {word for text in texts for word in words_of(text)}, []
    for entry in waiting:
        lead = entry.lead
        if not words_of(lead.identity_text) & words:
            alone = Customer.objects.create(name=lead.name, kind=lead.customer_kind, gender=lead.gender)
            wait_elsewhere([entry], alone.pk, at=at)
            parted.append(alone.pk)
    return parted


def cancel_queue(root_id: int, scope: str, *, at: datetime) -> None:
    """A deal was made: whoever waits for the customer need not wait any longer, and is told."""
    waiting = QueueEntry.objects.of_parties([root_id]).waiting().select_related("lead__filer")
    if scope:
        waiting = waiting.filter(scope=scope)
    for entry in waiting:
        leave_queue(entry, at=at)
        tell(entry.lead, "queue_cancelled", TOLD_OF_DEAL, at=at)


def holders_of(wanted: Collection[KeyToKeep]) -> dict[KeyToKeep, int | None]:
    """The customer that holds each of these keys now; None what nobody holds."""
    kinds, values = {kept.key.kind for kept in wanted}, {kept.key.value for kept in wanted}
    rows = IdentityKey.objects.filter(kind__in=kinds, value__in=values, held=True)
    columns = rows.values_list("kind", "value", "scope", "customer_id", "customer__root_id")
    holders = {(kind, value, scope): root or one for kind, value, scope, one, root in columns}
    return {kept: holders.get((kept.key.kind, kept.key.value, kept.scope)) for kept in wanted}


def hold_free_keys(wanted: Collection[KeyToKeep]) -> None:
    """Hold those keys that nobody else holds, and keep the others to be found by."""
    holders = holders_of(wanted)
    missing = [kept for kept in wanted if holders[kept] != kept.customer_id]
    if missing:
        hold_keys(kept._replace(held=kept.held and holders[kept] is None) for kept in missing)
        let_go(kept.key for kept in missing)
