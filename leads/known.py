"""What the system knows of the keys of claims: who has them, who holds the customers, who waits for them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from customers.keys import Key, KeyKind, evidence
from customers.models import IdentityKey, SharedKey
from customers.parties import members_of
from leads.choices import ACTIVE, Progress, Waiting
from leads.claims import Claim, Held, OpenLead, Waiter, overlap
from leads.models import Lead, Protection, QueueEntry
from policies.terms import DEFAULT_TERMS, Terms

AT_ONCE = 4_000
"""Keys that are looked up in one statement."""

CROWD = 100
"""A block with more keys in it, such as a building of which nobody gives the room, says nothing."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A key that is kept, and the customer it belongs to now: after merges, that of the root."""

    key: Key
    customer_id: int
    held: bool
    scope: str
    name: str
    gender: str
    customer_kind: str


@dataclass
class Known:
    """What the system knows of a batch's keys: read once, then kept up as the batch's own claims are accepted.

    `shared` keys do not count; `counted` ones do however many have them, because an administrator said so. `stamps` are
    those of the customers as they were read, `held`, `waiting` and `leads` are by customer.
    """

    by_value: dict[Key, list[Kept]] = field(default_factory=dict)
    by_block: dict[tuple[str, str], list[Kept]] = field(default_factory=dict)
    shared: set[Key] = field(default_factory=set)
    counted: set[Key] = field(default_factory=set)
    stamps: dict[int, int] = field(default_factory=dict)
    held: dict[int, list[Held]] = field(default_factory=dict)
    waiting: dict[int, list[Waiter]] = field(default_factory=dict)
    leads: dict[int, list[OpenLead]] = field(default_factory=dict)

    def keep(self, kept: Kept) -> None:
        if kept in self.by_value.get(kept.key, ()):
            return
        self.by_value.setdefault(kept.key, []).append(kept)
        if kept.key.block:
            self.by_block.setdefault((kept.key.kind, kept.key.block), []).append(kept)

    def near(self, key: Key, scope: str) -> Iterator[Kept]:
        """What could be the same as a key: of equal value, then of equal block unless that is a crowd.

        Beside the one who holds the key, those who have it without holding it don't count.
        """
        same = self.by_value.get(key, [])
        holding = [kept for kept in self._holding(key, scope) if evidence(key, kept.key)]
        yield from holding or same
        block = self.by_block.get((key.kind, key.block), []) if key.block else []
        if len(block) <= CROWD:
            yield from (kept for kept in block if kept.key != key)

    def _holding(self, key: Key, scope: str) -> list[Kept]:
        return [kept for kept in self.by_value.get(key, ()) if kept.held and overlap(kept.scope, scope)]

    def is_held(self, key: Key, scope: str) -> bool:
        return bool(self._holding(key, scope))

    def claimed(self, key: Key, scope: str) -> bool:
        """Whether somebody holds this very thing, no detail speaking against it."""
        return any(evidence(key, kept.key) for kept in self._holding(key, scope))

    def held_by(self, key: Key, scope: str, filer_id: int) -> bool:
        """Whether a person holds a key already, for this customer or another one."""
        return any(
            held.filer_id == filer_id
            for kept in self._holding(key, scope)
            for held in self.holders(kept.customer_id, scope)
        )

    def of(self, key: Key, customer_id: int, scope: str) -> bool:
        """Whether a customer has a key already."""
        return any(kept.customer_id == customer_id and kept.scope == scope for kept in self.by_value.get(key, ()))

    def holders(self, customer_id: int, scope: str) -> tuple[Held, ...]:
        """The protections of a customer that run and have something in common with a scope."""
        return tuple(held for held in self.held.get(customer_id, ()) if held.active and overlap(held.scope, scope))

    def waiters(self, customer_id: int, scope: str) -> list[Waiter]:
        return [waiter for waiter in self.waiting.get(customer_id, ()) if overlap(waiter.scope, scope)]

    def barred(self, customer_id: int, scope: str, filer_id: int, at: datetime) -> datetime | None:
        """Until when a person may not file a customer again."""
        moments = (
            held.barred_until
            for held in self.held.get(customer_id, ())
            if held.filer_id == filer_id and held.barred_until and overlap(held.scope, scope)
        )
        return max((moment for moment in moments if moment > at), default=None)

    def run_out(self, at: datetime) -> set[int]:
        """The customers on which a protection is over that nobody has ended yet."""
        return {
            customer_id
            for customer_id, some in self.held.items()
            for held in some
            if held.active and held.runs_out_at and held.runs_out_at <= at
        }

    def add(self, claim: Claim, customer_id: int, number: str, made: Held | None, *, holds: bool) -> None:
        """Let a later claim of the batch see an accepted one; `number` names its row, `made` is its protection."""
        given = claim.identity
        for key in claim.kept:
            for scope in claim.scopes:
                held = holds and can_be_held(key, claim) and key not in self.shared and not self.is_held(key, scope)
                self.keep(Kept(key, customer_id, held, scope, given.name, given.gender, given.customer_kind))
        if made:
            self.held.setdefault(customer_id, []).append(made)
        keys = frozenset(f"{key.kind}:{key.value}" for key in claim.keys)
        order_type = claim.fields.get("order_type")
        lead = OpenLead(number, customer_id, order_type, claim.address, given.name, keys, saved=False)
        self.leads.setdefault(customer_id, []).append(lead)


def can_be_held(key: Key, claim: Claim) -> bool:
    """Only complete keys of a kind that is firm alone are held."""
    return key.exact and key.kind in claim.firm


def known_of(claims: Iterable[Claim], *, evenly: bool = False) -> Known:
    """What is known of all keys of a batch: one statement, a second where it meets customers that are there already.

    `evenly`: the second one in any case, so that the time tells nobody whether the customer is known (guarantees 2).
    """
    claims, known = list(claims), Known()
    asked = sorted({key for claim in claims for key in claim.asked})
    for start in range(0, len(asked), AT_ONCE):
        for kept in _look_up(set(asked[start : start + AT_ONCE]), known):
            known.keep(kept)
    found = chain(*known.by_value.values(), *known.by_block.values())
    customers = {kept.customer_id for kept in found}
    if customers or evenly:
        _standing(customers or {0}, {claim.filer_id for claim in claims}, known)
    return known


COLUMNS = (
    "row",
    "kind",
    "value",
    "block",
    "detail",
    "exact",
    "is_held",
    "of",
    "one",
    "above",
    "count",
    "who",
    "sex",
    "sort",
)


def _look_up(asked: set[Key], known: Known) -> Iterator[Kept]:
    """One UNION of indexed look-ups: by value, by block, and of the keys that do not count."""
    first, *others = [_columns(rows) for rows in _by_value(asked)] + [_columns(rows) for rows in _by_block(asked)]
    seen: set[int] = set()
    for pk, kind, value, block, detail, exact, held, scope, one, root, stamp, who, sex, sort in first.union(
        *others, _shared(asked), all=True
    ):
        key = Key(kind, value, block, detail, bool(exact)).guarded
        if not pk:
            (known.shared if held else known.counted).add(key)
        elif pk not in seen:
            seen.add(pk)
            known.stamps[root or one] = stamp
            yield Kept(key, root or one, bool(held), scope, who, sex, sort)


def _by_value(asked: set[Key]) -> Iterator[QuerySet]:
    for kind in sorted({key.kind for key in asked}):
        values = {word for key in asked if key.kind == kind for word in (key.value, key.guard.value)}
        yield IdentityKey.objects.filter(kind=kind, value__in=values)


def _by_block(asked: set[Key]) -> Iterator[QuerySet]:
    """Near writings. A full mobile only asks for masked ones; among full ones its value says all."""
    for kind in sorted({key.kind for key in asked if key.block}):
        blocks = {key.block for key in asked if key.kind == kind and key.block}
        if kind != KeyKind.MOBILE:
            yield IdentityKey.objects.filter(kind=kind, block__in=blocks)
            continue
        yield IdentityKey.objects.filter(kind=kind, block__in=blocks, exact=False)
        if masked := {key.block for key in asked if key.kind == kind and not key.exact}:
            yield IdentityKey.objects.filter(kind=kind, block__in=masked, exact=True)


def _columns(rows: QuerySet) -> QuerySet:
    named: dict[str, Any] = {
        "row": F("pk"),
        "is_held": F("held"),
        "of": F("scope"),
        "one": F("customer_id"),
        "above": F("customer__root_id"),
        "count": Coalesce("customer__root__stamp", "customer__stamp"),
        "who": F("customer__name"),
        "sex": F("customer__gender"),
        "sort": F("customer__kind"),
    }
    return rows.order_by().annotate(**named).values_list(*COLUMNS)


def _shared(asked: set[Key]) -> QuerySet:
    kinds, values = {key.kind for key in asked}, {key.value for key in asked}
    rows = SharedKey.objects.filter(kind__in=kinds, value__in=values)
    none, empty = Value(None, IntegerField()), Value("", CharField())
    said: dict[str, Any] = {
        "row": Value(0, IntegerField()),
        **dict.fromkeys(("block", "detail", "of", "who", "sex", "sort"), empty),
        "exact": Value(False, BooleanField()),
        "is_held": F("active"),
        **dict.fromkeys(("one", "above", "count"), none),
    }
    return rows.order_by().annotate(**said).values_list(*COLUMNS)


STANDING = (
    "what",
    "one",
    "root",
    "row",
    "in_scope",
    "person",
    "word",
    "end",
    "contact",
    "bar",
    "side",
    "deal",
    "text",
    "sort_of",
    "address",
    "called",
)


def _standing(customers: set[int], filers: set[int], known: Known) -> None:
    """Who holds and who waits for customers, and the filers' own leads of them, in one statement."""
    of_them = Q(customer__in=members_of(customers))
    bars = Q(barred_until__isnull=False, filer__in=filers)
    held = Protection.objects.filter(of_them, Q(state__in=ACTIVE) | bars, joined=None)
    waiting = QueueEntry.objects.filter(of_them, state=Waiting.WAITING).order_by()
    leads = Lead.objects.filter(of_them, filer__in=filers, hold__in=ACTIVE)
    rows = _held_columns(held).union(_waiting_columns(waiting), _lead_columns(leads), all=True)
    for what, one, root, pk, scope, filer, word, *ending, text, order_type, address, name in sorted(
        rows, key=lambda row: (row[0], row[3])
    ):
        of = root or one
        if what == "held":
            end, contact, bar, side, deal = ending
            how = (end, contact, bar, bool(side), bool(deal), terms_in(text))
            known.held.setdefault(of, []).append(Held(pk, of, scope, filer, word, *how))
        elif what == "waiting":
            known.waiting.setdefault(of, []).append(Waiter(of, scope, filer, word))
        else:
            keys = frozenset(text.split("\n")) - {""}
            known.leads.setdefault(of, []).append(OpenLead(word, of, order_type, address, name, keys))


@lru_cache(maxsize=256)
def terms_in(text: str) -> Terms:
    """The terms of a version, "" for none."""
    return Terms.from_json(json.loads(text)) if text else DEFAULT_TERMS


def _held_columns(rows: QuerySet) -> QuerySet:
    named: dict[str, Any] = {
        "what": Value("held", CharField()),
        "one": F("customer_id"),
        "root": F("customer__root_id"),
        "row": F("pk"),
        "in_scope": F("scope"),
        "person": F("filer_id"),
        "word": F("state"),
        "end": F("ends_at"),
        "contact": F("contact_by"),
        "bar": F("barred_until"),
        "side": F("contested"),
        "deal": Exists(Lead.objects.filter(protection=OuterRef("pk"), progress=Progress.WON)),
        "text": Coalesce(Cast("version__body", TextField()), Value("", TextField())),
        "sort_of": Cast(Value(None), BigIntegerField()),
        "address": Value("", CharField()),
        "called": Value("", CharField()),
    }
    return rows.order_by().annotate(**named).values_list(*STANDING)


def _waiting_columns(rows: QuerySet) -> QuerySet:
    none = Value(None, DateTimeField())
    named: dict[str, Any] = {
        "what": Value("waiting", CharField()),
        "one": F("customer_id"),
        "root": F("customer__root_id"),
        "row": F("place"),
        "in_scope": F("scope"),
        "person": F("filer_id"),
        "word": F("lead__number"),
        **dict.fromkeys(("end", "contact", "bar"), none),
        "side": Value(False, BooleanField()),
        "deal": Value(False, BooleanField()),
        "text": Value("", TextField()),
        "sort_of": Cast(Value(None), BigIntegerField()),
        "address": Value("", CharField()),
        "called": Value("", CharField()),
    }
    return rows.annotate(**named).values_list(*STANDING)


def _lead_columns(rows: QuerySet) -> QuerySet:
    none = Value(None, DateTimeField())
    named: dict[str, Any] = {
        "what": Value("lead", CharField()),
        "one": F("customer_id"),
        "root": F("customer__root_id"),
        "row": F("pk"),
        "in_scope": Value("", CharField()),
        "person": F("filer_id"),
        "word": F("number"),
        **dict.fromkeys(("end", "contact", "bar"), none),
        "side": Value(False, BooleanField()),
        "deal": Value(False, BooleanField()),
        "text": F("identity_text"),
        "sort_of": F("order_type_id"),
        "address": F("canonical_address"),
        "called": F("name"),
    }
    return rows.order_by().annotate(**named).values_list(*STANDING)
