"""What a decision on a filing or on a longer protection does: the handlers of the kinds of requests of this app."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from approvals.kinds import Kind, register
from approvals.models import Request
from core.verdicts import Refused
from customers.keys import Key
from customers.models import Customer, IdentityKey
from leads.choices import ACTIVE, Ending, Hold, Progress
from leads.claims import overlap
from leads.models import Lead, Protection, QueueEntry
from leads.services.filing import leave_protection
from leads.services.holding import prolong
from leads.services.ownership import (
    KeyToKeep,
    firm_now,
    held_by_others,
    hides_its_number,
    lock_customers,
    of_party,
    word_of,
    words_of,
)
from leads.services.papers import papers_missing
from leads.services.protecting import close_place, hold_free_keys, protect, wait_elsewhere
from leads.services.requesting import EXTENSION, tell
from leads.services.rivals import rival_requests
from leads.services.settling import again, demand_settled
from leads.workflow import Action, perform

FILING_KINDS = (
    ("filing", gettext_lazy("filing"), "leads.decide_filing"),
    ("special", gettext_lazy("special filing"), "leads.decide_special"),
    ("cross_region", gettext_lazy("cross-region filing"), "leads.decide_cross_region"),
)
GRANTED_TO_ANOTHER = gettext_lazy("%s: another filing of the same customer was granted. You may object.")


def register_kinds() -> None:
    """Called once, when the app is ready."""
    shared: dict[str, Any] = {
        "visible": _visible,
        "party": _party,
        "rival": rival_requests,
        "lock": _lock,
        "around": again,
    }
    for key, label, permission in FILING_KINDS:
        handlers: dict[str, Any] = {"on_granted": grant, "on_refused": refuse, "on_returned": send_back}
        register(Kind(key=key, label=label, permission=permission, **handlers, **shared))
    register(
        Kind(
            key=EXTENSION,
            label=gettext_lazy("longer protection"),
            permission="leads.decide_extension",
            on_granted=grant_extension,
            on_refused=refuse_extension,
            **shared,
        )
    )


def _visible(user: User) -> QuerySet[Any]:
    return Lead.objects.visible_to(user).values("pk")


def _party(user: User) -> Q:
    """Nobody decides on what they filed or entered, whoever asked (ORG-5)."""
    return Q(subject_id__in=Lead.objects.filter(Q(filer=user) | Q(filed_by=user)).values("pk"))


def _lock(request: Request) -> None:
    """The customers concerned, those that wait beside this one for the same decision among them."""
    lead = Lead.objects.select_related("protection", "customer").get(pk=request.subject_id)
    roots = {lead.customer.party_id}
    if lead.protection and lead.protection.contested:
        roots |= {each.customer.party_id for each in beside(lead.protection)}
    lock_customers(roots)
    demand_settled(lead.customer.party_id)


def _subject(request: Request) -> Lead:
    lead = Lead.objects.select_related("protection__version", "customer").get(pk=request.subject_id)
    return lead


def grant(request: Request, *, by: User, at: datetime) -> None:
    """The filing is accepted: from now its customer is protected, and others that waited beside it are told."""
    lead = _subject(request)
    if missing := papers_missing(lead):
        raise Refused(_("Papers are missing: %s. Return the filing, or have them attached first.") % missing)
    if lead.hold == Hold.QUEUED:
        perform(Action.APPROVE, lead, by=by, at=at, note=request.answer)
        return
    protection = lead.protection
    if lead.hold != Hold.PENDING or protection is None:
        raise Refused(_("This filing waits no longer: it is %s.") % lead.get_hold_display())
    if hides_its_number(lead):
        raise Refused(_("Digits of its number are hidden. Return the filing, so that its filer fills them in first."))
    if held_by_others(lead):
        raise Refused(_("Somebody else holds this customer by now. Refuse the filing, with that as the reason."))
    perform(Action.APPROVE, lead, by=by, at=at, note=request.answer, hold=Hold.PROTECTED)
    if protection.contested:
        rivals = beside(protection)
        _hold_keys_of(protection)
        for rival in rivals:
            _lose(rival, lead.customer.party_id, by=by, at=at)
    if protection.state == Hold.PENDING:
        protect(protection, at, by=by, at=at, note=request.answer)


def refuse(request: Request, *, by: User, at: datetime) -> None:
    """The filing is not accepted: the customer is free at once, or the place in its queue."""
    lead = _subject(request)
    note = request.answer
    if lead.hold == Hold.QUEUED:
        perform(Action.REJECT, lead, by=by, at=at, note=note, progress=Progress.REJECTED, hold=Hold.CANCELLED)
        close_place(lead.queue_entry, at)
        return
    perform(Action.REJECT, lead, by=by, at=at, note=note, progress=Progress.REJECTED, hold=Hold.RELEASED)
    leave_protection(lead, lead.customer.party_id, Ending.REFUSED, by=by, at=at, note=note, lapse=False)


def send_back(request: Request, *, by: User, at: datetime) -> None:
    """The filer corrects it; number, time and quota stay, and so does what it holds."""
    lead = _subject(request)
    perform(Action.RETURN, lead, by=by, at=at, note=request.answer, progress=Progress.RETURNED)


def grant_extension(request: Request, *, by: User, at: datetime) -> None:
    protection = _subject(request).protection
    if protection is None or protection.state not in ACTIVE:
        raise Refused(_("The protection has ended meanwhile."))
    prolong(protection, request.details, by=by, at=at, note=request.answer)


def refuse_extension(request: Request, *, by: User, at: datetime) -> None:
    """The end stays what it is."""


def beside(protection: Protection) -> list[Protection]:
    """Contested protections of other customers that have a complete key of this one's."""
    keys = IdentityKey.objects.filter(of_party(protection.customer_id), exact=True, kind__in=firm_now())
    same = Q(pk__in=[])
    for kind, value in keys.values_list("kind", "value"):
        same |= Q(kind=kind, value=value)
    others = IdentityKey.objects.filter(same).values("customer")
    found = Protection.objects.active().filter(contested=True, customer__in=others).exclude(pk=protection.pk)
    listed = found.select_related("customer").order_by("pk")
    return [each for each in listed if overlap(each.scope, protection.scope)]


def _hold_keys_of(protection: Protection) -> None:
    """Hold the complete keys of the filings under the one that was granted, but those that somebody else holds."""
    root_id = Customer.objects.get(pk=protection.customer_id).party_id
    texts = protection.leads.filter(hold__in=ACTIVE).values_list("identity_text", flat=True)
    words = {word for text in texts for word in words_of(text)}
    rows: Any = IdentityKey.objects.filter(of_party(root_id), exact=True, kind__in=firm_now())
    keys = [Key(*key) for key in rows.values_list("kind", "value", "block", "detail", "exact")]
    hold_free_keys({KeyToKeep(key, root_id, scope=protection.scope) for key in keys if word_of(key) in words})


def _lose(rival: Protection, winner_id: int, *, by: User, at: datetime) -> None:
    """Another filing of the same customer was granted: this one is rejected, and its filer may object.

    Whoever waits for it waits for the other customer from now on.
    """
    waiting = QueueEntry.objects.of_parties([rival.customer.party_id]).waiting().select_related("lead")
    wait_elsewhere(waiting, winner_id, at=at)
    note = str(_("Another filing of the same customer was granted."))
    for lead in rival.leads.filter(hold__in=ACTIVE).select_related("customer", "protection__version"):
        perform(Action.REJECT, lead, by=by, at=at, note=note, progress=Progress.REJECTED, hold=Hold.RELEASED)
        tell(lead, "granted_to_another", GRANTED_TO_ANOTHER, at=at)
        leave_protection(lead, lead.customer.party_id, Ending.REFUSED, by=by, at=at, note=note)
