"""A recorded try as a claim that the rules of real filings understand."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from customers.keys import Identity, Key, KeyKind
from leads.claims import Claim
from leads.forms.fields import needs_of
from leads.replay.values import Attempt
from policies.choosing import Facts, PolicyInForce, choose
from policies.dictionaries import Words
from policies.models import CustomerKind, Kind

FILLED, HIDDEN = "·", "138****0000"
"""Stand for a value that was filled in, and for a mobile with hidden digits."""

PARSED: dict[str, Any] = {
    "first_contact_on": date.fromisoformat,
    "contract_signed_on": date.fromisoformat,
    "visit_planned_at": datetime.fromisoformat,
}


@dataclass(frozen=True, kw_only=True)
class RecordedClaim(Claim):
    """A claim whose keys are digests. `name` is a digest, too."""

    digests: tuple[Key, ...] = ()
    name: str = ""
    place: str = ""

    @cached_property
    def identity(self) -> Identity:
        """A digest of a name is no evidence, so nobody is a person here."""
        return Identity(name=self.name, customer_kind=CustomerKind.COMPANY)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        return self.digests

    @cached_property
    def kept(self) -> tuple[Key, ...]:
        return self.digests

    @cached_property
    def asked(self) -> tuple[Key, ...]:
        return self.digests

    @cached_property
    def address(self) -> str:
        return self.place

    @cached_property
    def words(self) -> frozenset[tuple[str, str]]:
        """The keys as kind and value."""
        return frozenset((key.kind, key.value) for key in self.digests)


@lru_cache(maxsize=200_000)
def key_of(digest: str, detail: str = "") -> Key:
    kind, _colon, value = digest.partition(":")
    return Key(KeyKind(kind).value, value, detail=detail)


class Reader:
    """Makes claims of recorded tries; what their policies need is found out once for each kind of filing."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.order_types = tuple(word.pk for word in words["order_type"])
        self.facts: dict[tuple[Any, ...], Facts] = {}
        self.needs: dict[tuple[Any, ...], dict[str, str]] = {}

    def claim(self, attempt: Attempt, policies: Any, *, queue: bool = False, judged_by: Any = None) -> RecordedClaim:
        """`judged_by`: the claim that it changes, whose policy goes on judging."""
        said, words = attempt.facts, self.words
        facts = self._facts(said)
        policy = judged_by.policy if judged_by else choose(policies, facts)
        return RecordedClaim(
            filer_id=attempt.filer_id,
            fields=self._fields(said),
            needs=self._needs(facts, policy),
            settings=words.settings,
            treatment=words.kinds.treatment(facts.filing_kind)._replace(active=True),
            rules=words.rules,
            policy=policy,
            calendar=words.calendar,
            queue=queue or bool(said.get("queue")),
            order_types=self.order_types,
            digests=tuple(sorted(key_of(each, said.get("details", {}).get(each, "")) for each in said.get("firm", ()))),
            name=attempt.name,
            place=said.get("address", ""),
        )

    def _fields(self, said: Any) -> dict[str, Any]:
        fields: dict[str, Any] = dict.fromkeys(said.get("filled", ()), FILLED)
        if said.get("hidden"):
            fields["mobile"] = HIDDEN
        for name in ("source", "order_type", "outlet", "city", "customer_kind", "filing_kind"):
            fields[name] = said.get(name)
        fields |= {name: read(said[name]) for name, read in PARSED.items() if said.get(name)}
        return fields | {"filing_kind": said.get("filing_kind") or Kind.NORMAL.value}

    def _facts(self, said: Any) -> Facts:
        given = {
            name: said.get(name) for name in ("source", "order_type", "city", "outlet", "customer_kind", "filing_kind")
        }
        asked = tuple(given.values())
        if asked not in self.facts:
            self.facts[asked] = self.words.facts(given)
        return self.facts[asked]

    def _needs(self, facts: Facts, policy: PolicyInForce | None) -> dict[str, str]:
        asked = (facts.source_id, facts.filing_kind, facts.customer_kind, policy)
        place = (*asked[:3], policy.version_id if policy else None)
        if place not in self.needs:
            self.needs[place] = needs_of(self.words, facts, policy)
        return self.needs[place]
