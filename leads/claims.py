"""What somebody wants to file, before there is a row for it, and what the system answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from approvals.calendar import Calendar
from core.verdicts import Problem
from customers.keys import Identity, Key, KeyKind, identity_keys, other_keys
from customers.keys.addresses import canonical_address
from customers.keys.numbers import read_mask
from leads.choices import ACTIVE, Answer
from policies.choosing import PolicyInForce
from policies.kinds import USUAL, Treatment
from policies.matching import DEFAULT_RULES, Rule, firm_kinds
from policies.models import Evidence, FilingSettings, Firmness, Scope
from policies.terms import DEFAULT_TERMS, Terms

MASK_HOLDS = Rule(frozenset({Evidence.MASK_NAME.value}), Firmness.SAME)


def overlap(one: str, other: str) -> bool:
    """Whether two scopes have something in common."""
    return not one or not other or one == other


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The cleaned fields of a filing, references as ids under the names of `screens.md`.

    `needs` says of each field that is not always there whether it is closed, open or required; `known_as` are the names
    of the community in the dictionary, the one to keep first. `policy` is the one that judges it, None where none fits;
    `queue` says that the person would wait for a customer that is taken; `order_types` are all there are.
    """

    row: int = 0
    filer_id: int
    city_name: str = ""
    area_code: str = ""
    known_as: tuple[str, ...] = ()
    fields: Mapping[str, Any]
    needs: Mapping[str, str]
    settings: FilingSettings
    treatment: Treatment = USUAL
    rules: tuple[Rule, ...] = DEFAULT_RULES
    policy: PolicyInForce | None = None
    calendar: Calendar = field(default_factory=Calendar)
    queue: bool = False
    order_types: tuple[int, ...] = ()

    @property
    def terms(self) -> Terms:
        return self.policy.terms if self.policy else DEFAULT_TERMS

    @cached_property
    def judged_by(self) -> tuple[Rule, ...]:
        """The matching rules; a policy may let hidden digits with name and gender hold (guarantees 2)."""
        return (*self.rules, MASK_HOLDS) if self.terms.mask_holds else self.rules

    @cached_property
    def firm(self) -> frozenset[str]:
        """The kinds of keys that are firm alone, and so are held."""
        return firm_kinds(self.judged_by)

    @cached_property
    def scope(self) -> str:
        """What of the customer the filing would hold: "" for all of it, else an order type."""
        if self.settings.scope == Scope.CUSTOMER:
            return ""
        return str(self.fields.get("order_type") or "")

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The scopes in which its keys are held: without an order type those of all, so that each one meets it."""
        if self.scope or self.settings.scope == Scope.CUSTOMER:
            return (self.scope,)
        return ("", *map(str, self.order_types))

    @cached_property
    def identity(self) -> Identity:
        return Identity(
            name=self.text("name"),
            customer_kind=self.text("customer_kind") or "person",
            gender=self.text("gender"),
            mobile=self.text("mobile"),
            phone=self.text("phone"),
            city_id=self.fields.get("city"),
            city_name=self.city_name,
            area_code=self.area_code,
            community=self.text("community"),
            building_room=self.text("building_room"),
            known_as=self.known_as,
            credit_code=self.text("credit_code"),
            project_name=self.text("project_name"),
            project_site=self.text("project_site"),
        )

    def text(self, name: str) -> str:
        return self.fields.get(name) or ""

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The identity keys to keep, sorted."""
        return identity_keys(self.identity)

    @cached_property
    def kept(self) -> tuple[Key, ...]:
        """The keys as they are kept: with hidden digits none is exact, so that nothing is held and nobody is kept out
        (guarantees 2), but that of mask, name and gender, which a policy may call firm."""
        if not read_mask(self.text("mobile")):
            return self.keys
        return tuple(key if key.kind == KeyKind.MASK_NAME else replace(key, exact=False) for key in self.keys)

    @cached_property
    def asked(self) -> tuple[Key, ...]:
        """The keys to look up: those to keep, and the address under the community's other names."""
        return (*self.keys, *other_keys(self.identity)) if self.known_as else self.keys

    @cached_property
    def address(self) -> str:
        """The address as one value, "" where there is none."""
        given = self.identity
        known_as = self.known_as[0] if self.known_as else ""
        place = (given.city_id, given.city_name, given.community, given.building_room)
        return canonical_address(*place, known_as, self.known_as)


class Held(NamedTuple):
    """A protection as far as a second filing of its customer is judged by it: it runs, or it bars its filer.

    Made by an earlier row of the same batch, its id is a negative placeholder. `sold`: a deal was made.
    """

    protection_id: int
    customer_id: int
    scope: str
    filer_id: int
    state: str
    ends_at: datetime | None = None
    contact_by: datetime | None = None
    barred_until: datetime | None = None
    contested: bool = False
    sold: bool = False
    terms: Terms = DEFAULT_TERMS

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def runs_out_at(self) -> datetime | None:
        return min((moment for moment in (self.ends_at, self.contact_by) if moment), default=None)


class Waiter(NamedTuple):
    """Somebody who waits for a customer, and by which lead."""

    customer_id: int
    scope: str
    filer_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that the claim could be: who holds what the claim is about, how firmly, and on what evidence."""

    customer_id: int
    held: tuple[Held, ...] = ()
    firmness: str = Firmness.SAME
    evidence: tuple[str, ...] = ()

    @property
    def firm(self) -> bool:
        return self.firmness == Firmness.SAME

    @property
    def holders(self) -> set[int]:
        """The people who hold it; none where it is free."""
        return {held.filer_id for held in self.held}


@dataclass(frozen=True, slots=True)
class OpenLead:
    """A filing that stands, as far as a second filing of its customer is judged by it.

    One that is not `saved` is an earlier row of the same batch, and its number the name of that row. `keys` are its
    identity keys as `kind:value`.
    """

    number: str
    customer_id: int
    order_type_id: int | None
    address: str
    name: str = ""
    keys: frozenset[str] = frozenset()
    saved: bool = True


@dataclass(frozen=True)
class Judgement:
    """The verdict on a claim: the one value behind check, form, import, audit and arbitration.

    `matches` are all customers that it could be, the firmest first. `next` is what the person can do; `repeats` the own
    lead it would double, or (`waits`) already waits by; `own` what else the person has of this customer, `joins` the
    protection it would come under; `narrower`: the own ones are for order types, the filing would be for all. `room`:
    the queue takes one more. `free_from`: when others may file it, as far as the policy tells; `barred_until`: when
    this filer may. `shared` are keys that did not count because many customers have them, `overshared` those among them
    that were found out by this very claim.
    """

    answer: Answer
    matches: tuple[Match, ...] = ()
    customer_id: int | None = None
    own: tuple[OpenLead, ...] = ()
    repeats: OpenLead | None = None
    joins: Held | None = None
    narrower: bool = False
    room: bool = False
    waits: bool = False
    free_from: datetime | None = None
    barred_until: datetime | None = None
    next: tuple[str, ...] = ()
    shared: tuple[Key, ...] = ()
    overshared: tuple[Key, ...] = ()

    def rivals(self, filer_id: int) -> tuple[Match, ...]:
        """The customers among the matches that others hold."""
        return tuple(match for match in self.matches if match.holders - {filer_id})


@dataclass
class Outcome:
    """What became of a claim: its lead, or the problems that refused it. Warnings come with either.

    `silent`: nothing was asked, since the claim is faulty or the day's checks are used up.
    """

    claim: Claim
    judgement: Judgement = Judgement(Answer.UNCLEAR)
    lead: Any = None
    problems: list[Problem] = field(default_factory=list)
    silent: bool = False

    @property
    def queued(self) -> bool:
        """Accepted to wait for a customer that somebody holds."""
        return self.judgement.answer == Answer.TAKEN and self.judgement.room and self.claim.queue

    @property
    def blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)
