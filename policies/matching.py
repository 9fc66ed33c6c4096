"""How firmly evidence says that two customers are one (MATCH-4): the defaults, and the rule that reads them."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from policies.models.matching import Evidence, Firmness


class Rule(NamedTuple):
    """A combination of evidence that is as firm as this."""

    evidence: frozenset[str]
    firmness: str


FIRM = (
    Evidence.MOBILE,
    Evidence.PHONE,
    Evidence.ADDRESS,
    Evidence.ADDRESS_NAME,
    Evidence.CREDIT_CODE,
    Evidence.COMPANY,
    Evidence.PROJECT,
)
LIKELY = (
    {Evidence.MASK_NAME},
    {Evidence.MASK45, Evidence.NAME},
    {Evidence.MASK34, Evidence.NAME},
    {Evidence.PHONE_PART, Evidence.NAME},
    {Evidence.ADDRESS_PART, Evidence.NAME},
    {Evidence.ADDRESS_PART, Evidence.SURNAME},
    {Evidence.BUILDING, Evidence.NAME},
    {Evidence.COMPANY_PART},
    {Evidence.PROJECT_PART},
)
POSSIBLE = (
    Evidence.MASK45,
    Evidence.MASK34,
    Evidence.PHONE_PART,
    Evidence.ADDRESS_PART,
)
DEFAULT_RULES = (
    *(Rule(frozenset({word}), Firmness.SAME) for word in FIRM),
    *(Rule(frozenset(words), Firmness.LIKELY) for words in LIKELY),
    *(Rule(frozenset({word}), Firmness.POSSIBLE) for word in POSSIBLE),
)
ORDER = {Firmness.SAME.value: 3, Firmness.LIKELY.value: 2, Firmness.POSSIBLE.value: 1}


def firmness_of(evidence: Collection[str], rules: Iterable[Rule] = DEFAULT_RULES) -> str:
    """The firmest that any combination contained in the evidence says; "" where none speaks."""
    found = (rule.firmness for rule in rules if rule.evidence <= set(evidence) and rule.firmness in ORDER)
    return max(found, key=lambda firmness: ORDER[firmness], default="")


def firm_kinds(rules: Iterable[Rule] = DEFAULT_RULES) -> frozenset[str]:
    """The evidence that is firm alone: only keys of these kinds are held (`domain.md`, HeldKey)."""
    return frozenset(
        next(iter(rule.evidence)) for rule in rules if rule.firmness == Firmness.SAME and len(rule.evidence) == 1
    )
