"""What somebody wants to file, before there is a row for it, and what the system answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from core.verdicts import Problem
from customers.keys import Identity, Key, KeyKind, identity_keys, other_keys
from customers.keys.addresses import canonical_address
from customers.keys.numbers import read_mask
from leads.choices import Answer
from policies.kinds import USUAL, Treatment
from policies.matching import DEFAULT_RULES, Rule
from policies.models import FilingSettings, Firmness


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The cleaned fields of a filing, references as ids under the names of `screens.md`.

    `needs` says of each field that is not always there whether it is closed, open or required; `known_as` are the names
    of the community in the dictionary, the one to keep first.
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


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that the claim could be: who holds it, how firmly, and on what evidence."""

    customer_id: int
    holder_id: int | None
    firmness: str = Firmness.SAME
    evidence: tuple[str, ...] = ()

    @property
    def firm(self) -> bool:
        return self.firmness == Firmness.SAME


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
    lead it would double; `own` what else the person has of this customer. `shared` are keys that did not count because
    many customers have them, `overshared` those among them that were found out by this very claim.
    """

    answer: Answer
    matches: tuple[Match, ...] = ()
    customer_id: int | None = None
    own: tuple[OpenLead, ...] = ()
    repeats: OpenLead | None = None
    next: tuple[str, ...] = ()
    shared: tuple[Key, ...] = ()
    overshared: tuple[Key, ...] = ()

    def rivals(self, filer_id: int) -> tuple[Match, ...]:
        """The customers among the matches that others hold."""
        return tuple(match for match in self.matches if match.holder_id not in {None, filer_id})


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
    def blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)
