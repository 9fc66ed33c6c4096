"""Taking, joining and letting go of customers by their keys. `Overtaken`: another transaction was quicker."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.constraints import violates
from core.verdicts import Refused
from customers.keys import Key
from customers.models import Customer, IdentityKey
from leads.choices import OPEN
from leads.claims import Claim
from leads.models import Lead

TRIES = 50
"""Each try but the last met another transaction that has committed, so this ends; a large import meets many."""

Given = TypeVar("Given")


class Overtaken(Exception):
    """Another transaction was quicker at a key, or midnight passed: do it again and see what it left."""


class KeyToKeep(NamedTuple):
    """A key to write for a customer; `held` keeps every other customer from it."""

    key: Key
    customer_id: int
    held: bool = True


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
    made = [
        Customer(
            name=claim.identity.name,
            kind=claim.identity.customer_kind,
            gender=claim.identity.gender,
            holder_id=claim.filer_id,
        )
        for claim in claims.values()
    ]
    Customer.objects.bulk_create(made)
    return {placeholder: customer.pk for placeholder, customer in zip(claims, made, strict=True)}


def hold_keys(wanted: Iterable[KeyToKeep]) -> None:
    """Write keys. The partial unique index decides between two customers that hold the same one."""
    rows = [
        IdentityKey(
            kind=key.kind,
            value=key.value,
            block=key.block,
            detail=key.detail,
            exact=key.exact,
            customer_id=customer_id,
            held=held,
        )
        for key, customer_id, held in sorted(wanted)
    ]
    try:
        IdentityKey.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["customer", "kind", "value"], update_fields=["held", "exact"]
        )
    except IntegrityError as error:
        if violates(error, IdentityKey, "key_held_once"):
            raise Overtaken from error
        raise


def take_free(customer_ids: Iterable[int], filer_id: int) -> None:
    """Become the holder of known customers that nobody holds, by compare-and-set."""
    ids = set(customer_ids)
    if ids and Customer.objects.filter(pk__in=ids, holder=None, root=None).update(holder=filer_id) != len(ids):
        raise Overtaken


def stay_holder(customer_ids: Iterable[int], filer_id: int) -> None:
    """Lock own customers that a further filing joins; the last lead of one may be withdrawn at this moment."""
    ids = set(customer_ids)
    if ids and Customer.objects.filter(pk__in=ids, holder=filer_id, root=None).update(holder=filer_id) != len(ids):
        raise Overtaken


def words_of(identity_text: str) -> set[str]:
    """The keys of a lead, each as `kind:value`."""
    return set(identity_text.split("\n")) - {""}


def let_go(customer_id: int, filer_id: int, lost: set[str]) -> None:
    """After a lead was withdrawn or edited: let go of the keys that it lost and no other open lead of the customer has.

    A claim whose keys lie on two of the filer's own customers joins one of them, so another own customer's open lead
    may still have a key of this one: it moves there. A part of the customer, or the whole, that has no open lead left
    keeps its keys, so that it is found again; without any open lead nobody holds the customer. The filer's day and the
    customer's row (the root's) must be locked.
    """
    parts = Q(customer=customer_id) | Q(customer__root=customer_id)
    standing = Lead.objects.filter(parts, progress__in=OPEN)
    texts = dict(standing.values_list("pk", "identity_text"))
    gone = lost - {word for text in texts.values() for word in words_of(text)}
    ended = {pk: (key, held) for pk, key, held in _keys_of(parts) if word_of(key) in gone}
    rows = IdentityKey.objects.filter(pk__in=ended)
    if texts:
        rows.filter(customer__in=standing.values("customer")).delete()
        rows.update(held=False)
    else:
        IdentityKey.objects.filter(parts, held=True).update(held=False)
        Customer.objects.filter(pk=customer_id).update(holder=None)
    _move([key for key, held in ended.values() if held], customer_id, filer_id)


def word_of(key: Key) -> str:
    """A key as a lead keeps it; a guard counts as the key that it guards."""
    return f"{key.kind}:{key.guarded.value}"


def _keys_of(parts: Q) -> list[tuple[int, Key, bool]]:
    rows = IdentityKey.objects.filter(parts)
    columns: QuerySet[Any] = rows.values_list("pk", "held", "kind", "value", "block", "detail", "exact")
    return [(pk, Key(*key), held) for pk, held, *key in columns]


def _move(keys: Iterable[Key], customer_id: int, filer_id: int) -> None:
    """Hold keys that were let go for the filer's other customers whose open leads have them."""
    lines = {f"\n{word_of(key)}\n": key for key in keys}
    if not lines:
        return
    having = reduce(or_, (Q(identity_text__contains=line) for line in lines))
    others: QuerySet[Any] = Lead.objects.filter(having, filer=filer_id, progress__in=OPEN).order_by("pk")
    found: dict[Key, int] = {}
    for one, root, text in others.values_list("customer_id", "customer__root_id", "identity_text"):
        for line, key in lines.items():
            if line in text and (root or one) != customer_id:
                found.setdefault(key, root or one)
    if found:
        hold_keys([KeyToKeep(key, pk) for key, pk in found.items()])
