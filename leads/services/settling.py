"""What has run out ends when somebody touches it, and again by the clock of `manage.py tick` (guarantees 1.9)."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.clock import database_now
from core.once import told_busy
from core.verdicts import Refused
from customers.models import Customer
from leads.choices import Ending, Hold
from leads.models import Lead, Protection
from leads.querysets import ProtectionQuerySet
from leads.services.ownership import Overtaken, lock_customers, wait_for
from leads.services.protecting import end_protection

log = logging.getLogger(__name__)

TRIES = 50
"""Each try but the last met another transaction that has committed, so this ends; a large import meets many."""

Given = TypeVar("Given")


def again(work: Callable[[], Given]) -> Given:
    """Run an action that may be overtaken: the second time it sees the winner's rows and answers accordingly.

    What has run out among its customers is ended in between, in transactions of its own.
    """
    for _try in range(TRIES):
        try:
            return work()
        except Overtaken as overtaken:
            with told_busy():
                for customer_id in sorted(overtaken.run_out):
                    settle(customer_id)
                wait_for(overtaken.busy)
    raise Refused(_("Many people are at work on the same records. Please send it again."))


def run_out(at: datetime) -> ProtectionQuerySet:
    """Protections that are over and not ended yet."""
    found: ProtectionQuerySet = Protection.objects.active().filter(Q(ends_at__lte=at) | Q(contact_by__lte=at))
    return found


def settle(customer_id: int) -> int:
    """End what has run out on a customer and let the next take over, as often as it takes; how many ended.

    Each ends at its own end, however late this is noticed, and the next begins there (PROT-6).
    """
    root_id = Customer.objects.get(pk=customer_id).party_id
    try:
        with transaction.atomic(durable=True):
            lock_customers([root_id])
            return _settle_locked(root_id, database_now())
    except Overtaken as overtaken:
        wait_for(overtaken.busy)
        return 0


def _settle_locked(root_id: int, at: datetime) -> int:
    count = 0
    while over := _next_over(root_id, at):
        moment = min(each for each in (over.ends_at, over.contact_by) if each)
        why = Ending.RUN_OUT if moment == over.ends_at else Ending.IDLE
        end_protection(over, why, at=moment, state=Hold.EXPIRED, noted_at=at)
        count += 1
    return count


def _next_over(root_id: int, at: datetime) -> Protection | None:
    found = run_out(at).of_parties([root_id]).select_related("version")
    return min(found, key=lambda each: min(one for one in (each.ends_at, each.contact_by) if one), default=None)


def settle_all(at: datetime) -> int:
    """What `manage.py tick` does: end all that has run out by now; how many ended.

    One customer that can't be settled keeps no other from it; raises `RuntimeError` at the end.
    """
    parties = run_out(at).values_list("customer_id", "customer__root_id").order_by("ends_at", "pk")
    count, failed = 0, []
    for root_id in dict.fromkeys(root or one for one, root in parties):
        try:
            count += settle(root_id)
        except Exception:
            log.exception("customer %s can't be settled", root_id)
            failed.append(root_id)
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(failed) + count} customers can't be settled")
    return count


def held_lead(pk: int) -> Lead:
    """A lead as it is now, locked with its customer; for what depends on who holds the customer.

    Raises `Overtaken` where a protection of the customer is over and nobody has ended it yet.
    """
    customer = Customer.objects.get(leads=pk)
    lock_customers([customer.party_id])
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("protection__version").get(pk=pk)
    demand_settled(customer.party_id)
    return lead


def demand_settled(root_id: int) -> None:
    """Raise `Overtaken` where a protection of a customer is over and nobody has ended it yet, whosever it is."""
    if run_out(database_now()).of_parties([root_id]).exists():
        raise Overtaken([root_id])


def parties_of_leads(lead_ids: Iterable[int]) -> set[int]:
    """The customers, after merges, of leads."""
    rows = Customer.objects.filter(leads__in=list(lead_ids)).values_list("pk", "root_id")
    return {root or pk for pk, root in rows}
