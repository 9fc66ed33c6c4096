"""Whose customer is this? What is known of the keys of claims, and the verdict on each (MATCH-1 to -4, LEAD-10)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from django.db.models import BooleanField, CharField, F, IntegerField, Q, QuerySet, Value

from core.text import fold
from customers.keys import Key, KeyKind, evidence, personal_evidence
from customers.models import IdentityKey, SharedKey
from leads.choices import OPEN, Answer
from leads.claims import Claim, Judgement, Match, OpenLead
from leads.models import Lead
from policies.matching import ORDER, firm_kinds, firmness_of
from policies.models import CustomerKind

AT_ONCE = 4_000
"""Keys that are looked up in one statement."""

CROWD = 100
"""A block with more keys in it, such as a building of which nobody gives the room, says nothing."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A key that is kept, and the customer it belongs to now: after merges, that of the root."""

    key: Key
    customer_id: int
    holder_id: int | None
    held: bool
    name: str
    gender: str
    customer_kind: str


@dataclass
class Known:
    """What the system knows of a batch's keys: read once, then kept up as the batch's own claims are accepted.

    `shared` keys do not count; `counted` ones do however many have them, because an administrator said so.
    """

    by_value: dict[Key, list[Kept]] = field(default_factory=dict)
    by_block: dict[tuple[str, str], list[Kept]] = field(default_factory=dict)
    shared: set[Key] = field(default_factory=set)
    counted: set[Key] = field(default_factory=set)
    leads: dict[int, list[OpenLead]] = field(default_factory=dict)

    def keep(self, kept: Kept) -> None:
        if kept in self.by_value.get(kept.key, ()):
            return
        self.by_value.setdefault(kept.key, []).append(kept)
        if kept.key.block:
            self.by_block.setdefault((kept.key.kind, kept.key.block), []).append(kept)

    def near(self, key: Key) -> Iterator[Kept]:
        """What could be the same as a key: of equal value, then of equal block unless that is a crowd.

        Beside the one who holds the key, those who have it without holding it don't count.
        """
        same = self.by_value.get(key, [])
        holding = [kept for kept in same if kept.held and evidence(key, kept.key)]
        yield from holding or same
        block = self.by_block.get((key.kind, key.block), []) if key.block else []
        if len(block) <= CROWD:
            yield from (kept for kept in block if kept.key != key)

    def held(self, key: Key) -> bool:
        return any(kept.held for kept in self.by_value.get(key, ()))

    def claimed(self, key: Key) -> bool:
        """Whether somebody holds this very thing, no detail speaking against it."""
        return any(kept.held and evidence(key, kept.key) for kept in self.by_value.get(key, ()))

    def held_by(self, key: Key, filer_id: int) -> bool:
        """Whether a person holds a key already, for this customer or another one."""
        return any(kept.held and kept.holder_id == filer_id for kept in self.by_value.get(key, ()))

    def of(self, key: Key, customer_id: int) -> bool:
        """Whether a customer has a key already."""
        return any(kept.customer_id == customer_id for kept in self.by_value.get(key, ()))

    def add(self, claim: Claim, customer_id: int, number: str) -> None:
        """Let a later claim of the batch see an accepted one."""
        given, firm = claim.identity, firm_kinds(claim.rules)
        for key in claim.kept:
            held = can_be_held(key, firm) and key not in self.shared and not self.held(key)
            self.keep(
                Kept(key, customer_id, claim.filer_id, held, given.name, given.gender, given.customer_kind),
            )
        keys = frozenset(f"{key.kind}:{key.value}" for key in claim.keys)
        order_type = claim.fields.get("order_type")
        lead = OpenLead(number, customer_id, order_type, claim.address, given.name, keys, saved=False)
        self.leads.setdefault(customer_id, []).append(lead)


def can_be_held(key: Key, firm: frozenset[str]) -> bool:
    """Only complete keys of a kind that is firm alone are held."""
    return key.exact and key.kind in firm


def known_of(claims: Iterable[Claim]) -> Known:
    """What is known of all keys of a batch: one statement, a second where a filer meets customers of their own."""
    claims, known = list(claims), Known()
    asked = sorted({key for claim in claims for key in claim.asked})
    for start in range(0, len(asked), AT_ONCE):
        for kept in _look_up(set(asked[start : start + AT_ONCE]), known):
            known.keep(kept)
    filers = {claim.filer_id for claim in claims}
    found = chain(*known.by_value.values(), *known.by_block.values())
    own = {kept.customer_id for kept in found if kept.holder_id in filers}
    if own:
        known.leads = open_leads_of(own)
    return known


COLUMNS = (
    "row",
    "kind",
    "value",
    "block",
    "detail",
    "exact",
    "held",
    "one",
    "root",
    "mine",
    "theirs",
    "who",
    "sex",
    "sort",
)


def _look_up(asked: set[Key], known: Known) -> Iterator[Kept]:
    """One UNION of indexed look-ups: by value, by block, and of the keys that do not count."""
    first, *others = [_columns(rows) for rows in _by_value(asked)] + [_columns(rows) for rows in _by_block(asked)]
    seen: set[int] = set()
    for pk, kind, value, block, detail, exact, held, one, root, mine, theirs, who, sex, sort in first.union(
        *others, _shared(asked), all=True
    ):
        key = Key(kind, value, block, detail, bool(exact)).guarded
        if not pk:
            (known.shared if held else known.counted).add(key)
        elif pk not in seen:
            seen.add(pk)
            yield Kept(key, root or one, theirs if root else mine, bool(held), who, sex, sort)


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
        "one": F("customer_id"),
        "root": F("customer__root_id"),
        "mine": F("customer__holder_id"),
        "theirs": F("customer__root__holder_id"),
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
        **dict.fromkeys(("block", "detail", "who", "sex", "sort"), empty),
        "exact": Value(False, BooleanField()),
        "held": F("active"),
        **dict.fromkeys(("one", "root", "mine", "theirs"), none),
    }
    return rows.order_by().annotate(**said).values_list(*COLUMNS)


def open_leads_of(customer_ids: Iterable[int]) -> dict[int, list[OpenLead]]:
    """The open leads of customers and of what was merged into them."""
    ids = set(customer_ids)
    found: dict[int, list[OpenLead]] = {}
    leads = Lead.objects.filter(Q(customer__in=ids) | Q(customer__root__in=ids), progress__in=OPEN).order_by("pk")
    for number, one, root, order_type_id, address, name, keys in leads.values_list(
        "number", "customer_id", "customer__root_id", "order_type_id", "canonical_address", "name", "identity_text"
    ):
        lead = OpenLead(number, root or one, order_type_id, address, name, frozenset(keys.split("\n")) - {""})
        found.setdefault(root or one, []).append(lead)
    return found


def judge(claim: Claim, known: Known, *, except_lead: str = "") -> Judgement:
    """The verdict on one claim (`domain.md`, "What a second filing of a customer does").

    `except_lead` is the number of the lead that is being edited: it does not stand in its own way.
    """
    if not claim.keys:
        return Judgement(Answer.UNCLEAR)
    ruled = known.shared | known.counted
    overshared = tuple(key for key in claim.keys if key not in ruled and _many(key, claim, known))
    shared = (*(key for key in claim.keys if key in known.shared), *overshared)
    matches = _matches(claim, known, set(shared) | known.shared)
    if except_lead:
        matches = tuple(match for match in matches if match.firm or not _only(match, known, except_lead))
    said = Judgement(Answer.FREE, matches, next=("file",), shared=shared, overshared=overshared)
    firm = [match for match in matches if match.firm]
    if any(match.holder_id not in {None, claim.filer_id} for match in firm):
        return replace(said, answer=Answer.TAKEN, next=("ask",))
    mine = sorted(match.customer_id for match in firm if match.holder_id == claim.filer_id)
    if mine:
        return _own(claim, known, mine, except_lead, said)
    said = replace(said, customer_id=min((match.customer_id for match in firm), default=None))
    if all(match.holder_id is None for match in matches):
        return said
    own = tuple(
        lead
        for match in matches
        for lead in known.leads.get(match.customer_id, ())
        if match.holder_id == claim.filer_id
    )
    return replace(said, answer=Answer.UNCLEAR, own=own, next=("file", "open") if own else ("file",))


def _own(claim: Claim, known: Known, mine: list[int], except_lead: str, said: Judgement) -> Judgement:
    own = tuple(lead for pk in mine for lead in known.leads.get(pk, []) if lead.number != except_lead)
    said = replace(said, customer_id=mine[0])
    if not own and except_lead:
        return said
    repeats = next((lead for lead in own if _same(claim, lead)), None)
    return replace(said, answer=Answer.OWN, own=own, repeats=repeats, next=("open",) if repeats else ("file", "open"))


def _same(claim: Claim, lead: OpenLead) -> bool:
    """Same order type, or both without one, and same address: the same filing twice."""
    return lead.order_type_id == claim.fields.get("order_type") and lead.address == claim.address


def _only(match: Match, known: Known, number: str) -> bool:
    leads = known.leads.get(match.customer_id)
    return leads is not None and all(lead.number == number for lead in leads)


def _matches(claim: Claim, known: Known, shared: set[Key]) -> tuple[Match, ...]:
    """Every customer that shares evidence with a claim, the firmest first."""
    found: dict[int, tuple[int | None, set[str]]] = {}
    given = claim.identity
    for key in claim.asked:
        if key in shared:
            continue
        for kept in known.near(key):
            if kept.key in shared or not (word := evidence(key, kept.key)):
                continue
            _holder, words = found.setdefault(kept.customer_id, (kept.holder_id, set()))
            words.add(word)
            if CustomerKind.COMPANY not in {given.customer_kind, kept.customer_kind}:
                words |= personal_evidence(given.name, given.gender, kept.name, kept.gender)
    matches = (
        Match(pk, holder_id, firmness, tuple(sorted(words)))
        for pk, (holder_id, words) in found.items()
        if (firmness := firmness_of(words, claim.rules))
    )
    return tuple(sorted(matches, key=lambda match: (-ORDER[match.firmness], match.customer_id)))


KINDS = {
    "address_name": KeyKind.ADDRESS,
    "address_part": KeyKind.ADDRESS,
    "building": KeyKind.ADDRESS,
    "company_part": KeyKind.COMPANY,
    "mask34": KeyKind.MOBILE,
    "mask45": KeyKind.MOBILE,
    "mask_name": KeyKind.MOBILE,
    "phone_part": KeyKind.PHONE,
    "project_part": KeyKind.PROJECT,
} | {kind.value: kind for kind in KeyKind if kind not in {KeyKind.ADDRESS_NAME, KeyKind.MASK_NAME}}
PERSONAL = frozenset({"name", "surname", "gender"})


def firmness_by_kind(match: Match, claim: Claim) -> dict[str, str]:
    """Which kinds of keys matched, and how firmly each says so by itself with name and gender beside it (MATCH-4)."""
    found: dict[str, str] = {}
    beside = PERSONAL & set(match.evidence)
    for word in match.evidence:
        firmness = firmness_of(beside | {word}, claim.rules) if word in KINDS else ""
        if firmness and ORDER[firmness] > ORDER.get(found.get(KINDS[word].value, ""), 0):
            found[KINDS[word].value] = firmness
    return found


def _many(key: Key, claim: Claim, known: Known) -> bool:
    """Whether a key is shared by so many unrelated customers that it says nothing any more.

    Unrelated: customers of different names, or own filings whose names and addresses both differ. What somebody else
    holds is never found out by a claim, or one could free it by inventing customers.
    """
    most = claim.settings.shared_after
    rows = known.by_value.get(key, [])
    rivals = any(kept.held and kept.holder_id != claim.filer_id for kept in rows)
    if not most or not key.exact or rivals:
        return False
    if len({fold(kept.name) for kept in rows}) >= most:
        return True
    word = f"{key.kind}:{key.value}"
    leads = [lead for kept in rows for lead in known.leads.get(kept.customer_id, ()) if word in lead.keys]
    return min(len({fold(lead.name) for lead in leads}), len({lead.address for lead in leads})) >= most
