"""Customers that are merged and parted: what is said of them, and what is true of them in the database."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from customers.models import Customer, IdentityKey, Merge
from leads.choices import ACTIVE
from leads.models import Lead, Protection
from leads.services import merging
from tests.factories import MORNING, LeadFactory


def join(kept: Customer, gone: Customer, by: User) -> Merge:
    return merging.merge(kept, gone, by=by, reason="同一手机", at=MORNING)


def part(merge: Merge, by: User) -> None:
    merging.unmerge(merge, by=by, reason="看错了", at=MORNING)


def customer_of(filer: User | None, mobile: str, *, former: User | None = None, **fields: Any) -> Customer:
    """A customer with a lead of its holder, under protection; without one, with a withdrawn one of a former filer."""
    lead = LeadFactory(filer=filer or former, mobile=mobile, progress="filed" if filer else "withdrawn", **fields)
    found: Customer = lead.customer
    return found


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """Takes back what is written inside; services that must be outermost may run in it, as in any test."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def digest() -> str:
    """Of every row of customers, keys, leads and protections, but for the stamps, which only ever grow."""
    rows = []
    for model in (Customer, IdentityKey, Lead, Protection):
        columns = [field.attname for field in model._meta.concrete_fields if field.attname != "stamp"]
        rows.append(sorted(str(row) for row in model._default_manager.values_list(*columns)))
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def components(ids: Iterable[int], edges: Iterable[tuple[int, int]]) -> set[frozenset[int]]:
    """What hangs together by what was said to be one, found without any pointer."""
    parties = {pk: {pk} for pk in ids}
    for one, other in edges:
        joined = parties[one] | parties[other]
        for pk in joined:
            parties[pk] = joined
    return {frozenset(party) for party in parties.values()}


def parties() -> dict[int, frozenset[int]]:
    """The members by root."""
    found: dict[int, set[int]] = {}
    for customer in Customer.objects.all():
        found.setdefault(customer.party_id, set()).add(customer.pk)
    return {root: frozenset(members) for root, members in found.items()}


def complaints() -> list[str]:
    """What is wrong with pointers, merges, holders, protections and held keys; nothing may ever be."""
    pointers = dict(Customer.objects.values_list("pk", "merged_into_id"))
    holders = dict(Customer.objects.values_list("pk", "holder_id"))
    standing = dict(Merge.objects.filter(undone_at=None).values_list("gone_id", "kept_id"))
    found = []
    if standing != {one: above for one, above in pointers.items() if above}:
        found.append(f"merges {standing}, pointers {pointers}")
    for root, members in parties().items():
        found += [f"{pk} does not lead to {root}" for pk in members if _top(pointers, pk) != root]
        found += [f"{pk} is held beside its root" for pk in members - {root} if holders[pk]]
        leads = Lead.objects.filter(customer__in=members, hold__in=ACTIVE)
        if {holders[root]} - {None} != set(leads.values_list("filer_id", flat=True)):
            found.append(f"holder of {root}: {holders[root]}")
        found += _unprotected(root, members, list(leads.select_related("protection")))
        known = {lead.pk for lead in Lead.objects.filter(Q(customer=root) | Q(customer__root=root))}
        if known != {lead.pk for lead in Lead.objects.filter(customer__in=members)}:
            found.append(f"leads of {root}: {known}")
        held = IdentityKey.objects.filter(customer__in=members, held=True)
        strays = {f"{key.kind}:{key.value}" for key in held} - words_of(leads)
        found += [f"{root} holds {word} for nobody" for word in strays]
    return found + _unguarded(holders)


def _unprotected(root: int, members: frozenset[int], leads: list[Lead]) -> list[str]:
    """Leads that stand under no running protection of their party and filer, and protections without such leads."""
    running = Protection.objects.filter(customer__in=members, state__in=ACTIVE, joined=None)
    over = {lead.protection for lead in leads}
    found = [f"{lead.number} is under {lead.protection}" for lead in leads if lead.protection not in set(running)]
    found += [f"{one} protects nothing of {root}" for one in running if one not in over]
    found += [
        f"{lead.number} of {lead.filer_id} is {lead.hold} under {lead.protection}"
        for lead in leads
        if lead.protection and (lead.protection.filer_id, lead.protection.state) != (lead.filer_id, lead.hold)
    ]
    scopes = [one.scope for one in running]
    return found + [f"{root} is protected twice: {scopes}"] * (len(set(scopes)) != len(scopes))


def words_of(leads: Iterable[Lead]) -> set[str]:
    return {word for lead in leads for word in lead.identity_text.split("\n") if word}


def _unguarded(holders: dict[int, int | None]) -> list[str]:
    """Leads under protection whose mobile is not held by a customer of their filer."""
    held = {
        f"{key.kind}:{key.value}": holders[key.customer.party_id]
        for key in IdentityKey.objects.filter(held=True).select_related("customer")
    }
    return [
        f"{lead.number}: {word} is held for {held.get(word)}"
        for lead in Lead.objects.filter(hold__in=ACTIVE)
        for word in words_of([lead])
        if word.startswith("mobile:") and held.get(word) != lead.filer_id
    ]


def _top(pointers: dict[int, int | None], one: int) -> int | None:
    """The end of the way up, None where it goes in a circle."""
    for _step in pointers:
        above = pointers[one]
        if above is None:
            return one
        one = above
    return None
