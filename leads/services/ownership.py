"""Taking and letting go of customers by their keys. `Overtaken`: another transaction was quicker."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from core.constraints import violates
from customers.keys import Key, KeyKind
from customers.keys.key import agree
from customers.keys.numbers import read_mask
from customers.models import Customer, IdentityKey
from customers.parties import members_of
from leads.choices import ACTIVE
from leads.claims import Claim, overlap
from leads.models import Lead, Protection
from policies.matching import DEFAULT_RULES, Rule, firm_kinds
from policies.models import MatchRule
from policies.terms import DEFAULT_TERMS, Terms


class Overtaken(Exception):
    """Another transaction was quicker, or midnight passed: do it again and see what it left.

    `run_out` are customers on which a protection is over: what follows from it has to be done first. `busy` are those
    that somebody is at work on: that has to be waited for, with no other lock held.
    """

    def __init__(self, run_out: Iterable[int] = (), *, busy: Iterable[int] = ()) -> None:
        self.run_out, self.busy = frozenset(run_out), frozenset(busy)
        super().__init__(self.run_out, self.busy)


class KeyToKeep(NamedTuple):
    """A key to write for a customer; `held` keeps every other customer from it in its scope."""

    key: Key
    customer_id: int
    held: bool = True
    scope: str = ""


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
            scope=scope,
        )
        for key, customer_id, held, scope in sorted(wanted)
    ]
    try:
        IdentityKey.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["customer", "kind", "value", "scope"],
            update_fields=["held", "exact"],
        )
    except IntegrityError as error:
        if violates(error, IdentityKey, "key_held_once"):
            raise Overtaken from error
        raise


def take_customers(stamps: Mapping[int, int], hands: Mapping[int, int]) -> None:
    """Lock customers that are there already, each as it was read: whoever owns them or waits may have changed since.

    `hands` says whose they become; the others stay whose they are, somebody only queues.
    """
    if len(stamps) > 1:
        list(Customer.objects.filter(pk__in=stamps).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    groups: dict[tuple[int, int], list[int]] = {}
    for pk, stamp in stamps.items():
        groups.setdefault((stamp, hands.get(pk, 0)), []).append(pk)
    for (stamp, holder), ids in sorted(groups.items()):
        changes: dict[str, Any] = {"stamp": stamp + 1} | ({"holder": holder} if holder else {})
        if Customer.objects.filter(pk__in=ids, stamp=stamp, root=None).update(**changes) != len(ids):
            raise Overtaken


def lock_customers(customer_ids: Iterable[int]) -> None:
    """Lock customers by ascending id and let everybody notice who has read them before."""
    ids = sorted(set(customer_ids))
    found = Customer.objects.filter(pk__in=ids, root=None).order_by("pk").select_for_update(no_key=True)
    if len(found.values_list("pk", flat=True)) != len(ids):
        raise Overtaken
    Customer.objects.filter(pk__in=ids).update(stamp=F("stamp") + 1)


def lock_beside(customer_ids: Iterable[int], stamps: Mapping[int, int] | None = None) -> None:
    """Lock further customers, where others are locked already: out of their order, so without waiting for anybody.

    Raises `Overtaken` where somebody is at work on one of them, or where it is not as it was read with `stamps`.
    """
    ids = set(customer_ids)
    if not ids:
        return
    free = Customer.objects.filter(pk__in=ids, root=None).order_by("pk")
    found = dict(free.select_for_update(no_key=True, skip_locked=True).values_list("pk", "stamp"))
    if len(found) != len(ids) or (stamps and any(stamps[pk] != stamp for pk, stamp in found.items())):
        raise Overtaken(busy=ids - set(found))


def wait_for(customer_ids: Iterable[int]) -> None:
    """Wait until nobody is at work on customers, one after the other and without keeping them."""
    for pk in sorted(customer_ids):
        with transaction.atomic():
            list(Customer.objects.filter(pk=pk).select_for_update(no_key=True).values_list("pk"))


def words_of(identity_text: str) -> set[str]:
    """The keys of a lead, each as `kind:value`."""
    return set(identity_text.split("\n")) - {""}


def word_of(key: Key) -> str:
    """A key as a lead keeps it; a guard counts as the key that it guards."""
    return f"{key.kind}:{key.guarded.value}"


def of_party(customer_id: int) -> Q:
    """What belongs to a customer or to one that was merged into it."""
    return Q(customer__in=members_of([customer_id]))


def let_go_of_keys(customer_id: int, filer_id: int, lost: set[str], *, left: int | None = None) -> None:
    """After a lead was withdrawn or edited: let go of the keys that it lost and no other lead under protection has.

    A claim whose keys lie on two of the filer's own customers joins one of them, so a lead of another own customer may
    still have a key of this one: it moves there. A key that another filing of this customer ever had stays with it, so
    that it is found again; `left` is the lead that went and is not asked. The filer's day and the customer (the root)
    must be locked.
    """
    leads = Lead.objects.filter(of_party(customer_id))
    texts = list(leads.exclude(pk__in=[left] if left else []).values_list("hold", "identity_text"))
    gone = lost - {word for hold, text in texts if hold in ACTIVE for word in words_of(text)}
    ever = {word for _hold, text in texts for word in words_of(text)}
    ended = {pk: (key, held) for pk, key, held in _keys_of(customer_id) if word_of(key) in gone}
    forgotten = [pk for pk, (key, _held) in ended.items() if word_of(key) not in ever]
    IdentityKey.objects.filter(pk__in=forgotten).delete()
    IdentityKey.objects.filter(pk__in=ended).update(held=False)
    move_keys([key for key, held in ended.values() if held], customer_id, filer_id)


def _keys_of(customer_id: int) -> list[tuple[int, Key, bool]]:
    rows = IdentityKey.objects.filter(of_party(customer_id))
    columns: QuerySet[Any] = rows.values_list("pk", "held", "kind", "value", "block", "detail", "exact")
    return [(pk, Key(*key), held) for pk, held, *key in columns]


def move_keys(keys: Iterable[Key], customer_id: int, filer_id: int) -> None:
    """Hold keys that were let go for the filer's other customers whose leads have them.

    Those are locked, or one of them could end in this moment and leave its key held for nobody.
    """
    lines = {f"\n{word_of(key)}\n": key for key in keys}
    if not lines:
        return
    if others := {party for party, _scope, _text in _having(lines, filer_id)} - {customer_id}:
        lock_beside(others)
    found: dict[Key, KeyToKeep] = {}
    for party, scope, text in _having(lines, filer_id) if others else ():
        for line, key in lines.items():
            if line in text and party in others:
                found.setdefault(key, KeyToKeep(key, party, scope=scope or ""))
    if found:
        hold_keys(found.values())


def _having(lines: Iterable[str], filer_id: int) -> list[tuple[int, str | None, str]]:
    """Customer (root), scope and keys of a filer's leads under protection that have some keys."""
    having = reduce(or_, (Q(identity_text__contains=line) for line in lines))
    leads: QuerySet[Any] = Lead.objects.filter(having, filer=filer_id, hold__in=ACTIVE).order_by("pk")
    rows = leads.values_list("customer_id", "customer__root_id", "protection__scope", "identity_text")
    return [(root or one, scope, text) for one, root, scope, text in rows]


def held_by_others(lead: Lead) -> bool:
    """Whether somebody else holds a complete key of a lead, as its customer keeps it."""
    party_id, words = lead.customer.party_id, words_of(lead.identity_text)
    mine = {(key.kind, key.value): key for _pk, key, _held in _keys_of(party_id) if key.exact and word_of(key) in words}
    scope = lead.protection.scope if lead.protection else ""
    rows = IdentityKey.objects.filter(held=True, value__in={value for _kind, value in mine}).exclude(of_party(party_id))
    columns = rows.values_list("kind", "value", "detail", "scope", "customer_id", "customer__root_id")
    parties = {
        root or one
        for kind, value, detail, held_scope, one, root in columns
        if (kind, value) in mine and agree(mine[kind, value].detail, detail) and overlap(held_scope, scope)
    }
    return Protection.objects.of_parties(parties).active().exclude(filer=lead.filer_id).exists()


def hides_its_number(lead: Lead) -> bool:
    """Whether digits of a lead's number are hidden and its policy lets nothing else hold; as `spans.hides_digits`."""
    if not read_mask(lead.mobile):
        return False
    terms = Terms.from_json(lead.policy_version.body) if lead.policy_version else DEFAULT_TERMS
    return not (terms.mask_holds and f"\n{KeyKind.MASK_NAME}:" in lead.identity_text)


def firm_now() -> frozenset[str]:
    """The kinds of keys that are firm by the matching rules in force."""
    rows = [Rule(frozenset(rule.words), rule.firmness) for rule in MatchRule.objects.all()]
    return firm_kinds(rows or DEFAULT_RULES)
