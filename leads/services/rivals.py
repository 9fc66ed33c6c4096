"""Who would gain by a decision on somebody else's customer, and so may not make it (`domain.md`, rule 6)."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from core.verdicts import ALLOWED, Refused, Verdict
from customers.models import IdentityKey
from customers.parties import members_of
from leads.choices import ACTIVE, Hold
from leads.models import Lead
from leads.querysets import LeadQuerySet
from leads.services.ownership import firm_now

PARTY = Coalesce("customer__root", "customer")


def may_judge(user: User, lead: Lead) -> Verdict:
    """Whether a person may decide on who keeps the customer of a filing."""
    return _neutral(lead, contended_by(Lead.objects.filter(_made(user)).exclude(pk=lead.pk)))


def _neutral(lead: Lead, contended: set[int]) -> Verdict:
    if lead.customer.party_id in contended:
        return Verdict(_("You wait for this customer, or have filed it as well. Ask a colleague to do it."))
    return ALLOWED


def demand_neutral(user: User, lead: Lead) -> None:
    """Raise `Refused` unless a person may decide on who keeps the customer of a filing."""
    if not (verdict := may_judge(user, lead)):
        raise Refused(verdict.reason)


def demand_no_gain(user: User, lead: Lead) -> None:
    """Raise `Refused` where somebody gives up for its filer what would become their own."""
    if user.pk == lead.filer_id:
        return
    if not (verdict := _neutral(lead, contended_by(Lead.objects.filter(filer=user)))):
        raise Refused(verdict.reason)


def rival_requests(user: User) -> Q:
    """The requests about customers for which another filing waits that a person made or entered."""
    customers = contended_by(Lead.objects.filter(_made(user)))
    if not customers:
        return Q(pk__in=[])
    return Q(subject_id__in=Lead.objects.filter(customer__in=members_of(customers)).values("pk"))


def _made(user: User) -> Q:
    return Q(filer=user) | Q(filed_by=user)


def contended_by(leads: LeadQuerySet) -> set[int]:
    """The customers (roots) for which some of these filings wait: in their queue, or to be compared with filings that
    have one of their keys."""
    waiting = leads.filter(Q(hold=Hold.QUEUED) | Q(hold__in=ACTIVE, protection__contested=True))
    rows = list(waiting.values_list("hold", PARTY))
    beside = {party for hold, party in rows if hold != Hold.QUEUED}
    return {party for _hold, party in rows} | (_sharing_keys(beside) if beside else set())


def _sharing_keys(root_ids: set[int]) -> set[int]:
    """The customers that have a complete key of some."""
    complete = IdentityKey.objects.filter(exact=True, kind__in=firm_now())
    keys = set(complete.filter(customer__in=members_of(root_ids)).values_list("kind", "value"))
    same: Any = complete.filter(value__in=[value for _kind, value in keys])
    return {party for kind, value, party in same.values_list("kind", "value", PARTY) if (kind, value) in keys}
