"""Which policy a filing is judged by: the first in order whose conditions fit (RULE-1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from policies.models import Policy, PolicyVersion
from policies.terms import Conditions, Terms

CODE_LENGTH = 6
"""Of a region: two digits each for province, city and county; 00 where it is all of them."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the conditions of policies ask of a filing.

    `outlet_path` is the unit's path, such as /1/4/9/. `region_code` is that of the customer's city; where none is
    given, that of the outlet.
    """

    source_id: int | None = None
    order_type_id: int | None = None
    outlet_path: str = ""
    region_code: str = ""
    customer_kind: str = ""
    filing_kind: str = ""


@dataclass(frozen=True)
class PolicyInForce:
    """A policy as it stands at a moment, in the version that judges."""

    version_id: int
    policy_id: int
    name: str
    position: int
    terms: Terms


def choose(policies: Sequence[PolicyInForce], facts: Facts) -> PolicyInForce | None:
    """The first policy that fits, or none."""
    return next((policy for policy in policies if fits(policy.terms.when, facts)), None)


def reachable(policies: Sequence[PolicyInForce]) -> Sequence[PolicyInForce]:
    """Those that can judge at all: none that stands behind one for all filings."""
    last = next((place for place, policy in enumerate(policies) if policy.terms.when == Conditions()), len(policies))
    return policies[: last + 1]


def fits(when: Conditions, facts: Facts) -> bool:
    return (
        (not when.sources or facts.source_id in when.sources)
        and (not when.order_types or facts.order_type_id in when.order_types)
        and (not when.units or any(f"/{unit}/" in facts.outlet_path for unit in when.units))
        and (not when.regions or any(lies_in(facts.region_code, region) for region in when.regions))
        and (not when.customer_kinds or facts.customer_kind in when.customer_kinds)
        and (not when.filing_kinds or facts.filing_kind in when.filing_kinds)
    )


def lies_in(code: str, region: str) -> bool:
    """Whether a region is another one or part of it: 450000 is all of 45…, 450100 all of 4501…"""
    if not (region.isdigit() and len(region) == CODE_LENGTH):
        return code == region
    while region.endswith("00"):
        region = region[:-2]
    return bool(region) and code.startswith(region)


class Frame(NamedTuple):
    """What of a policy is in no version: its place in the order, and whether it is asked at all."""

    position: int
    active: bool


def in_force(
    versions: Iterable[PolicyVersion], at: datetime, frames: Mapping[int, Frame] | None = None
) -> tuple[PolicyInForce, ...]:
    """The active policies in order, each in its newest version that has begun. The versions come with their policy.

    `frames` are by policy those of the moment; without one it has that of today.
    """
    known = frames or {}
    begun = [(version.starts_at, version) for version in versions if version.starts_at and version.starts_at <= at]
    begun.sort(key=lambda pair: (pair[0], pair[1].number))
    newest = {version.policy_id: version for _moment, version in begun}
    found = [(version, known.get(version.policy_id) or frame_of(version.policy)) for version in newest.values()]
    return in_order(_as_it_stands(version, frame.position) for version, frame in found if frame.active)


def frame_of(policy: Policy) -> Frame:
    return Frame(policy.position, policy.active)


def in_order(policies: Iterable[PolicyInForce]) -> tuple[PolicyInForce, ...]:
    return tuple(sorted(policies, key=lambda policy: (policy.position, policy.policy_id)))


def _as_it_stands(version: PolicyVersion, position: int) -> PolicyInForce:
    return PolicyInForce(version.pk, version.policy_id, version.policy.name, position, Terms.from_json(version.body))
