"""What a deposit does to the protection of its customer (`policies.md`, Counting time)."""

from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import User
from core.events import event, note_event
from core.models import Event
from customers.keys import Key
from customers.models import Customer, IdentityKey
from leads.choices import ACTIVE, CLOSED, Answer, Door, Ending, Hold
from leads.models import Assignment, Collision, FilingAttempt, Lead, Protection
from leads.querysets import ProtectionQuerySet
from leads.services.ownership import KeyToKeep, firm_now, of_party, word_of, words_of
from leads.services.protecting import END, START, end_protection, hold_free_keys, ledger_line, lines_of, move_end
from leads.services.requesting import calendar_from
from leads.services.settling import demand_settled
from leads.spans import End, LedgerLine, end_by_ledger, end_from, standing
from policies.terms import DEFAULT_TERMS, Terms, end_of

RULE = "deposit"


def protect_by_deposit(lead: Lead, assignment: Assignment, *, by: User, at: datetime) -> None:
    """The end moves to the policy's time after a deposit, from the server's day of recording, if that is later.

    After the protection of the lead has ended: where the customer is free, it is protected anew, unless its filer may
    not file it for a time or the lead is lost for good; where somebody else holds it, the money stays recorded and a
    collision opened, and the holder stays until that is ruled.
    """
    root_id = Customer.objects.get(pk=lead.customer_id).party_id
    protection = lead.protection
    if protection is None or protection.state not in ACTIVE:
        _protect_anew(lead, root_id, assignment, by=by, at=at)
    else:
        _prolong(protection, assignment, by=by, at=at)


def _prolong(protection: Protection, assignment: Assignment, *, by: User, at: datetime) -> None:
    terms = protection.terms
    if terms.deposit_term:
        end = end_from(at, terms.deposit_term, RULE, terms, calendar_from(at))
        move_end(protection, end, by=by, at=at, of=_mark(assignment, at), assignment=assignment.pk)


def _mark(assignment: Assignment, at: datetime) -> str:
    """Names one deposit in the ledger: an assignment may have several, all but the last reversed."""
    return f"{RULE}:{assignment.pk}:{at.isoformat()}"


def _protect_anew(lead: Lead, root_id: int, assignment: Assignment, *, by: User, at: datetime) -> None:
    scope = lead.protection.scope if lead.protection else ""
    protections = Protection.objects.filter(scope__in=["", scope]) if scope else Protection.objects.all()
    if rival := _rival(lead, root_id, protections):
        _note_collision(lead, rival, by=by, at=at)
        return
    if lead.progress in CLOSED:
        return
    here = protections.of_parties([root_id])
    held = here.active().order_by("pk").first()
    if held is None and here.filter(filer=lead.filer_id, barred_until__gt=at).exists():
        return
    if held is None:
        held = _new_protection(lead, root_id, scope, assignment, by=by, at=at)
    else:
        _prolong(held, assignment, by=by, at=at)
    Lead.objects.filter(pk=lead.pk).update(hold=held.state, protection=held)
    note_event(lead, "protect", by=by, at=at, before=lead.hold, after=held.state)
    lead.hold, lead.protection = held.state, held


def _rival(lead: Lead, root_id: int, protections: ProtectionQuerySet) -> Protection | None:
    """Somebody else's protection of the customer, or of another one that holds a key of the lead."""
    words = words_of(lead.identity_text)
    keys = IdentityKey.objects.filter(held=True, value__in=[word.partition(":")[2] for word in words])
    rows = keys.values_list("kind", "value", "customer_id", "customer__root_id")
    parties = {root_id, *(root or one for kind, value, one, root in rows if f"{kind}:{value}" in words)}
    rival = protections.of_parties(parties).active().exclude(filer=lead.filer_id).select_related("customer").first()
    if rival:
        demand_settled(rival.customer.party_id)
    return rival


def _new_protection(
    lead: Lead, root_id: int, scope: str, assignment: Assignment, *, by: User, at: datetime
) -> Protection:
    version = lead.policy_version
    terms = Terms.from_json(version.body) if version else DEFAULT_TERMS
    term = terms.deposit_term or terms.term
    until = end_of(at, term, calendar_from(at), past_holidays=terms.past_holidays) if term else None
    made = Protection.objects.create(
        customer_id=root_id,
        scope=scope,
        filer_id=lead.filer_id,
        version=version,
        state=Hold.PROTECTED,
        started_at=at,
        ends_at=until,
    )
    line = ledger_line(End(until, RULE, term, at), of=_mark(assignment, at), assignment=assignment.pk)
    Event.objects.bulk_create([event(made, START, by=by, at=at, after=Hold.PROTECTED, changes=line)])
    Customer.objects.filter(pk=root_id).update(holder=lead.filer_id)
    hold_free_keys(_keys_of(lead, root_id, scope))
    return made


def _keys_of(lead: Lead, root_id: int, scope: str) -> list[KeyToKeep]:
    """The complete keys that the lead was filed with, as its customer keeps them."""
    words = words_of(lead.identity_text)
    rows = IdentityKey.objects.filter(of_party(root_id), exact=True, kind__in=firm_now())
    keys = [Key(row.kind, row.value, row.block, row.detail, row.exact) for row in rows]
    return [KeyToKeep(key, root_id, scope=scope) for key in keys if word_of(key) in words]


def _note_collision(lead: Lead, held: Protection, *, by: User, at: datetime) -> None:
    """The money of one filer for a customer of another one: somebody has to rule on it."""
    attempt = FilingAttempt.objects.create(
        actor=by, filer_id=lead.filer_id, door=Door.DEPOSIT, verdict=Answer.TAKEN, accepted=True, lead=lead, at=at
    )
    first = held.leads.filter(hold__in=ACTIVE).order_by("pk").first()
    if first:
        Collision.objects.create(lead=first, attempt=attempt, at=at)


def unprotect_by_deposit(lead: Lead, assignment: Assignment, *, by: User, at: datetime, reason: str) -> None:
    """A deposit was reversed: the end goes back to what the rest of the ledger says; what is over by that ends now.

    One that joined the protection after a merge forgets the deposit as well, should that merge be taken back.
    """
    protection = lead.protection
    if protection is None or protection.state not in ACTIVE:
        return
    for each in (*protection.joining.filter(state__in=ACTIVE).order_by("pk"), protection):
        _forget(each, assignment, by=by, at=at, reason=reason)


class Without(NamedTuple):
    """A ledger without a deposit: the line that takes it back, and those that count still."""

    changes: dict[str, Any]
    left: list[LedgerLine]


def without_deposit(protection: Protection, assignment: Assignment) -> Without | None:
    """None where no deposit of the assignment counts for a protection."""
    lines = lines_of(protection)
    given = [changes["of"] for _action, changes in standing(lines) if changes.get("assignment") == assignment.pk]
    if not given:
        return None
    changes = {"reverses": given[-1], "assignment": assignment.pk, "rule": "reversed"}
    return Without(changes, standing([*lines, ("reverse", changes)]))


def _forget(protection: Protection, assignment: Assignment, *, by: User, at: datetime, reason: str) -> None:
    found = without_deposit(protection, assignment)
    if found is None:
        return
    changes, left = found
    end = end_by_ledger(left)
    over = not left or (end is not None and end <= at)
    if not over:
        changes["until"] = end.isoformat() if end else None
    note_event(protection, "reverse", by=by, at=at, note=reason, changes=changes)
    rows = Protection.objects.filter(pk=protection.pk)
    if not over:
        rows.update(ends_at=end)
    elif protection.joined_id:
        rows.update(state=Hold.EXPIRED, ended_at=at, ended_why=Ending.REVERSED)
        ended = {"why": Ending.REVERSED, "ended": at.isoformat()}
        note_event(protection, END, by=by, at=at, before=protection.state, after=Hold.EXPIRED, changes=ended)
    else:
        end_protection(protection, Ending.REVERSED, at=at, by=by, state=Hold.EXPIRED)
