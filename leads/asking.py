"""How many customers has a person asked about today? The counting behind the budget of checks (MATCH-6, guarantees 2).

Pure: a try is known by digests of its keys, each `kind:hexdigest`, so that nothing here can tell whom it is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.keys import KeyKind

FILED_WITHIN = timedelta(minutes=30)
NAME = "name"
"""The kind of the digest of a name. Names are no keys, but with an address they are guessed at like keys."""

FOLLOWING = {KeyKind.ADDRESS_NAME.value, KeyKind.MASK_NAME.value, NAME}
"""Kinds that are made of others, so that they don't part one customer from another."""

NAMES = 3
"""Ways of writing the name that go with one customer. Each further one counts like a customer."""

NUMBERS = 2
"""Keys of one kind that one customer may have, a second mobile for example."""

CROWD = 50
"""A key in the tries about so many customers, such as one's own, no longer says that two tries belong together."""

ALARM_FROM = 10
ALARM_SHARE = 0.5

Kinds = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A try that was answered. `hit`: somebody else has the customer; `files`: it became a filing."""

    keys: frozenset[str]
    at: datetime
    hit: bool = False
    files: bool = False


@dataclass(eq=False, slots=True)
class Group:
    """Tries that are about one customer: the digests of its keys by kind, of its names, and when it was asked last."""

    kinds: dict[str, frozenset[str]]
    names: frozenset[str]
    last: datetime
    hit: bool = False

    def fits(self, kinds: Kinds) -> bool:
        """Whether a try that shares a key can be about this customer: no kind contradicts."""
        return all(_one(self.kinds[kind], keys) for kind, keys in kinds.items() if kind in self.kinds)

    def with_ask(self, kinds: Kinds, ask: Ask) -> "Group":
        joined = {kind: keys | self.kinds.get(kind, frozenset()) for kind, keys in kinds.items()}
        last, hit = max(self.last, ask.at), self.hit or ask.hit
        return Group({**self.kinds, **joined}, self.names | _names(ask), last, hit)


def _one(known: frozenset[str], asked: frozenset[str]) -> bool:
    return asked <= known or (known < asked and len(asked) <= NUMBERS)


def _names(ask: Ask) -> frozenset[str]:
    return frozenset(key for key in ask.keys if _kind(key) == NAME)


def _kind(key: str) -> str:
    return key.partition(":")[0]


def kinds_of(ask: Ask) -> Kinds:
    """The digests of a try that count, by kind."""
    found: dict[str, frozenset[str]] = {}
    for key in ask.keys:
        if (kind := _kind(key)) not in FOLLOWING:
            found[kind] = found.get(kind, frozenset()) | {key}
    return found


class Book:
    """What a person has asked in a day, put together to customers.

    A customer counts once for every key that it has of one kind: fifty mobiles are fifty, whatever stands in the other
    fields. A key counts no more once the person has filed it, within `FILED_WITHIN` of the last question.
    """

    def __init__(self, asks: Iterable[Ask] = ()) -> None:
        self.groups: list[Group] = []
        self._places: dict[str, list[int]] = {}
        self._seen: dict[frozenset[str], int] = {}
        self._filed: dict[str, datetime] = {}
        for ask in asks:
            self.note(ask)

    @property
    def used(self) -> int:
        return sum(self._cost(group) for group in self.groups)

    @property
    def hits(self) -> int:
        return sum(group.hit for group in self.groups)

    @property
    def filed(self) -> int:
        """The customers of which no key is left that was not filed."""
        return sum(not self._unfiled(group) for group in self.groups)

    @property
    def alarming(self) -> bool:
        """Whether an unusual share of the customers belongs to others."""
        asked = len(self.groups)
        return asked >= ALARM_FROM and self.hits >= asked * ALARM_SHARE

    def price(self, ask: Ask) -> int:
        """What answering a try would add to `used`; nothing for a customer that was asked about before."""
        place, group = self._find(kinds_of(ask), ask)
        return self._cost(group) - (0 if place is None else self._cost(self.groups[place]))

    def note(self, ask: Ask) -> None:
        if ask.files:
            for key in ask.keys:
                self._filed[key] = min(ask.at, self._filed.get(key, ask.at))
        elif kinds := kinds_of(ask):
            self._take(kinds, ask)

    def _take(self, kinds: Kinds, ask: Ask) -> None:
        place, group = self._find(kinds, ask)
        if place is None:
            place, fresh = len(self.groups), _all(group.kinds)
            self.groups.append(group)
        else:
            fresh = _all(kinds) - _all(self.groups[place].kinds)
            self.groups[place] = group
        self._seen[_all(kinds)] = place
        for key in fresh:
            self._places.setdefault(key, []).append(place)

    def _find(self, kinds: Kinds, ask: Ask) -> tuple[int | None, Group]:
        """The customer that a try is about, and what becomes of it; None for one that was not asked about before."""
        fitting = [(place, self.groups[place].with_ask(kinds, ask)) for place in self._fitting(kinds)]
        if not fitting:
            return None, Group(dict(kinds), _names(ask), ask.at, ask.hit)
        return min(fitting, key=lambda found: self._cost(found[1]) - self._cost(self.groups[found[0]]))

    def _fitting(self, kinds: Kinds) -> list[int]:
        if (place := self._seen.get(_all(kinds))) is not None:
            return [place]
        shared = (places for key in _all(kinds) if len(places := self._places.get(key, [])) < CROWD)
        near = sorted({place for places in shared for place in places})
        return [place for place in near if self.groups[place].fits(kinds)]

    def _cost(self, group: Group) -> int:
        return self._unfiled(group) + max(0, len(group.names) - NAMES)

    def _unfiled(self, group: Group) -> int:
        """The most keys of one kind that were not filed in time."""
        until = group.last + FILED_WITHIN
        filed = {key for key in _all(group.kinds) if key in self._filed and self._filed[key] < until}
        return max((len(keys - filed) for keys in group.kinds.values()), default=0)


def _all(kinds: Kinds) -> frozenset[str]:
    return frozenset().union(*kinds.values())
