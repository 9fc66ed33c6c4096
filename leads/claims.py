"""What somebody wants to file, before there is a row for it, and what the system answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.verdicts import Problem
from customers.keys import Key, identity_keys, normalise_address
from leads.choices import Answer
from policies.models import FilingSettings


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The cleaned fields of a filing, references as ids under the names of `screens.md`."""

    row: int = 0
    filer_id: int
    city_name: str = ""
    fields: Mapping[str, Any]
    needs: Mapping[str, str]
    settings: FilingSettings

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The identity keys, sorted."""
        return identity_keys(
            self.fields.get("mobile") or "",
            self.fields.get("phone") or "",
            self.fields.get("city"),
            self.fields.get("community") or "",
            self.fields.get("building_room") or "",
        )

    @property
    def address(self) -> str:
        """The complete address as one value, or "" where it is not complete."""
        return normalise_address(
            self.fields.get("city"), self.fields.get("community") or "", self.fields.get("building_room") or ""
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A key of the claim that is known: whose customer it belongs to and who holds it."""

    key: Key
    customer_id: int
    holder_id: int | None


@dataclass(frozen=True, slots=True)
class OpenLead:
    """A filing that stands, as far as a second filing of its customer is judged by it.

    One that is not `saved` is an earlier row of the same batch, and its number the name of that row.
    """

    number: str
    customer_id: int
    order_type_id: int | None
    address: str
    saved: bool = True


@dataclass(frozen=True)
class Judgement:
    """The verdict on a claim. `next` is what the person can do; `repeats` the own lead it would double."""

    answer: Answer
    matches: tuple[Match, ...] = ()
    customer_id: int | None = None
    own: tuple[OpenLead, ...] = ()
    repeats: OpenLead | None = None
    next: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What became of a claim: its lead, or the problems that refused it. Warnings come with either."""

    claim: Claim
    judgement: Judgement = Judgement(Answer.UNCLEAR)
    lead: Any = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def blocked(self) -> bool:
        return any(problem.blocks for problem in self.problems)
