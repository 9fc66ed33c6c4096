"""Say of two filings that met whether they are one customer, and take it back."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now
from core.events import note_event
from core.verdicts import ALLOWED, Refused, Verdict
from leads.choices import CollisionState
from leads.models import Collision, Lead
from leads.services import merging
from leads.services.settling import again


def page_of(collision: Collision) -> str:
    return reverse("audit:collision", args=[collision.pk])


def filings_of(collision: Collision) -> list[Lead]:
    """The filings that stand: one where the second was turned away, else both, the first to arrive first."""
    second = collision.attempt.lead
    return sorted([collision.lead, second], key=lambda lead: (lead.arrived_at, lead.pk)) if second else [collision.lead]


def may_decide(user: User, collision: Collision) -> Verdict:
    """Whether a person may say what two filings are: an arbitrator is party to neither side (`domain.md`, rule 6)."""
    attempt = collision.attempt
    people = {pk for lead in filings_of(collision) for pk in (lead.filer_id, lead.filed_by_id)}
    if user.pk in people | {attempt.actor_id, attempt.filer_id}:
        return Verdict(_("One of the two filings is yours. Nobody decides on that: ask a colleague to do it."))
    return ALLOWED


def find_same(collision: Collision, *, by: User, reason: str, secret: str = "") -> str:
    """Two filings are of one customer: their customers are merged, unless only one stands or they are one already."""
    return again(lambda: _find_same(collision.pk, by=by, reason=reason, secret=secret))


def _find_same(pk: int, *, by: User, reason: str, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        collision = _read(pk, by)
        customers = [lead.customer for lead in filings_of(collision)]
        parties = merging.lock_parties(*(customer.pk for customer in customers))
        at = database_now()
        _decide(collision, CollisionState.SAME, by=by, remark=reason, at=at)
        if len({party.root_id for party in parties.values()}) > 1:
            kept, gone = customers
            merge = merging.merge(kept, gone, by=by, reason=reason, at=at)
            Collision.objects.filter(pk=pk).update(merge=merge)
        answer.location = page_of(collision)
    return answer.location


def find_different(collision: Collision, *, by: User, remark: str, secret: str = "") -> str:
    """Two filings are of different customers: nothing else happens."""
    with once.action(by.pk, secret) as answer:
        found = _read(collision.pk, by)
        _decide(found, CollisionState.DIFFERENT, by=by, remark=remark, at=database_now())
        answer.location = page_of(found)
    return answer.location


def take_back(collision: Collision, *, by: User, reason: str, secret: str = "") -> str:
    """Open a decided collision again; the merge that came of it is undone."""
    return again(lambda: _take_back(collision.pk, by=by, reason=reason, secret=secret))


def _take_back(pk: int, *, by: User, reason: str, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        collision = _read(pk, by)
        if collision.state == CollisionState.OPEN:
            raise Refused(_("Nobody has decided on this yet."))
        merging.lock_parties(*(lead.customer_id for lead in filings_of(collision)))
        at = database_now()
        if collision.merge:
            merging.unmerge(collision.merge, by=by, reason=reason, at=at)
        else:
            merging.reopen(collision, by=by, reason=reason, at=at)
        for lead in filings_of(collision):
            note_event(lead, "reconsider", by=by, at=at)
        answer.location = page_of(collision)
    return answer.location


def _read(pk: int, by: User) -> Collision:
    """The collision as it is now, for somebody who may decide on it."""
    collision = Collision.objects.select_related("lead__customer", "attempt__lead__customer", "merge").get(pk=pk)
    if not (verdict := may_decide(by, collision)):
        raise Refused(verdict.reason)
    return collision


def _decide(collision: Collision, state: CollisionState, *, by: User, remark: str, at: datetime) -> None:
    """Write the decision by compare-and-set, and what happened on both filings; they don't learn of each other."""
    undecided = Collision.objects.filter(pk=collision.pk, state=CollisionState.OPEN)
    if not undecided.update(state=state, decided_by=by, decided_at=at, remark=remark):
        raise Refused(_("Somebody was quicker: this has just changed. Look at it again."))
    note_event(collision, state, by=by, at=at, before=CollisionState.OPEN, after=state, note=remark)
    for lead in filings_of(collision):
        note_event(lead, state, by=by, at=at)
