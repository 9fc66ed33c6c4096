"""What a labelled pair is, and the list of the kinds the generator knows."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Claim = dict[str, str]
Sides = tuple[Claim, Claim]
Maker = Callable[[Random], Sides]

FIELDS = (
    "name",
    "gender",
    "customer_kind",
    "mobile",
    "phone",
    "city",
    "community",
    "building_room",
    "credit_code",
    "project_name",
    "project_site",
)


@dataclass(frozen=True)
class Pair:
    """Two raw claims and the truth about them.

    `firm` is False on a *same* pair that an honest judge could only call likely or possible.
    """

    kind: str
    same: bool
    mine: Claim
    theirs: Claim
    firm: bool = True
    why: str = ""


@dataclass(frozen=True)
class Kind:
    name: str
    same: bool
    firm: bool
    make: Maker

    def pair(self, rng: Random) -> Pair:
        while True:
            mine, theirs = self.make(rng)
            if mine != theirs:
                break
        if rng.random() < 0.5:
            mine, theirs = theirs, mine
        return Pair(self.name, self.same, mine, theirs, self.firm)


KINDS: list[Kind] = []


def claim(**fields: str) -> Claim:
    """All fields of a claim; what is not given is empty, and the customer a person."""
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise ValueError(unknown)
    return {field: fields.get(field, "") for field in FIELDS} | {"customer_kind": fields.get("customer_kind", "person")}


def same(name: str, firm: bool = True) -> Callable[[Maker], Maker]:
    return _register(name, same=True, firm=firm)


def different(name: str) -> Callable[[Maker], Maker]:
    return _register(name, same=False, firm=True)


def _register(name: str, *, same: bool, firm: bool) -> Callable[[Maker], Maker]:
    def register(make: Maker) -> Maker:
        KINDS.append(Kind(name, same, firm, make))
        return make

    return register
