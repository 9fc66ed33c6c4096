"""Taking, joining and letting go of customers by their keys. `Overtaken`: another transaction was quicker."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.constraints import violates
from core.verdicts import Refused
from customers.keys import Key, identity_keys
from customers.models import Customer, IdentityKey, KeyKind
from leads.choices import OPEN
from leads.claims import Claim
from leads.models import Lead

TRIES = 50
"""Each try but the last met another transaction that has committed, so this ends; a large import meets many."""

Given = TypeVar("Given")


class Overtaken(Exception):
    """Another transaction was quicker at a key, or midnight passed: do it again and see what it left."""


def again(work: Callable[[], Given]) -> Given:
    """Run an action that may be overtaken: the second time it sees the winner's rows and answers accordingly."""
    for _try in range(TRIES):
        try:
            return work()
        except Overtaken:
            continue
    raise Refused(_("Many people are at work on the same records. Please send it again."))


def new_customers(claims: Mapping[int, Claim]) -> dict[int, int]:
    """A customer for each placeholder; the ids by placeholder."""
    made = [Customer(name=claim.fields["name"], holder_id=claim.filer_id) for claim in claims.values()]
    Customer.objects.bulk_create(made)
    return {placeholder: customer.pk for placeholder, customer in zip(claims, made, strict=True)}


def hold_keys(wanted: Mapping[Key, int]) -> None:
    """Hold each key for its customer. The partial unique index decides between two that hold the same one."""
    rows = [
        IdentityKey(kind=key.kind, value=key.value, customer_id=customer_id, held=True)
        for key, customer_id in sorted(wanted.items())
    ]
    try:
        IdentityKey.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["customer", "kind", "value"], update_fields=["held"]
        )
    except IntegrityError as error:
        if violates(error, IdentityKey, "key_held_once"):
            raise Overtaken from error
        raise


def take_free(customer_ids: Iterable[int], filer_id: int) -> None:
    """Become the holder of known customers that nobody holds, by compare-and-set."""
    ids = set(customer_ids)
    if ids and Customer.objects.filter(pk__in=ids, holder=None).update(holder=filer_id) != len(ids):
        raise Overtaken


def stay_holder(customer_ids: Iterable[int], filer_id: int) -> None:
    """Lock own customers that a further filing joins; the last lead of one may be withdrawn at this moment."""
    ids = set(customer_ids)
    if ids and Customer.objects.filter(pk__in=ids, holder=filer_id).update(holder=filer_id) != len(ids):
        raise Overtaken


def let_go(customer_id: int, filer_id: int) -> None:
    """After a lead was withdrawn or edited: release the customer's keys that no open lead has any more.

    A claim whose keys lie on two of the filer's own customers joins one of them, so another own customer's open lead
    may still have a key of this one: it moves there. Without an open lead left nobody holds the customer. The filer's
    day and the customer's row must be locked.
    """
    held = {Key(kind, value): pk for pk, kind, value in _held(customer_id)}
    kept = _keys_of(Lead.objects.filter(customer=customer_id, progress__in=OPEN))
    ended = {key: pk for key, pk in held.items() if key not in kept}
    if ended:
        elsewhere = _keys_of(_like(ended, filer_id).exclude(customer=customer_id))
        IdentityKey.objects.filter(pk__in=ended.values()).update(held=False)
        if moved := {key: elsewhere[key] for key in ended if key in elsewhere}:
            hold_keys(moved)
    if not Lead.objects.filter(customer=customer_id, progress__in=OPEN).exists():
        Customer.objects.filter(pk=customer_id).update(holder=None)


def _held(customer_id: int) -> QuerySet:
    return IdentityKey.objects.filter(customer=customer_id, held=True).values_list("pk", "kind", "value")


def _keys_of(leads: QuerySet[Lead]) -> dict[Key, int]:
    """The identity keys of leads, each with the customer of the oldest lead that has it."""
    found: dict[Key, int] = {}
    rows: QuerySet[Any] = leads.order_by("pk").values_list(
        "customer_id", "mobile", "phone", "city_id", "community", "building_room"
    )
    for customer_id, *fields in rows:
        for key in identity_keys(*fields):
            found.setdefault(key, customer_id)
    return found


def _like(keys: Iterable[Key], filer_id: int) -> QuerySet[Lead]:
    """A filer's open leads that may have one of the keys; which of them do is for `identity_keys` to say."""
    near = ~Q(phone="")
    for key in keys:
        near |= Q(city=key.value.split("|")[0]) if key.kind == KeyKind.ADDRESS else Q(mobile=key.value)
    return Lead.objects.filter(near, filer=filer_id, progress__in=OPEN)
