"""Which policy judges a filing: the first in order whose conditions fit, in its newest version (RULE-1)."""

from datetime import timedelta

import pytest

from policies.choosing import Facts, PolicyInForce, choose, fits, in_force, lies_in, reachable
from policies.models import Policy, PolicyVersion
from policies.terms import Conditions, Term, Terms
from tests.factories import MORNING

FACTS = Facts(
    source_id=1,
    order_type_id=2,
    outlet_path="/1/4/9/",
    region_code="450103",
    customer_kind="person",
    filing_kind="normal",
)


def policy(pk, **when):
    return PolicyInForce(pk, pk, f"P{pk}", pk, Terms(when=Conditions(**when)))


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        ({}, True),
        ({"sources": (3, 1)}, True),
        ({"sources": (3,)}, False),
        ({"order_types": (2,)}, True),
        ({"order_types": (1,)}, False),
        ({"units": (9,)}, True),
        ({"units": (4,)}, True),
        ({"units": (1,)}, True),
        ({"units": (2,)}, False),
        ({"units": (14,)}, False),
        ({"regions": ("450103",)}, True),
        ({"regions": ("450100",)}, True),
        ({"regions": ("450000",)}, True),
        ({"regions": ("440000", "450000")}, True),
        ({"regions": ("450200",)}, False),
        ({"customer_kinds": ("person",)}, True),
        ({"customer_kinds": ("company",)}, False),
        ({"filing_kinds": ("special", "normal")}, True),
        ({"filing_kinds": ("special",)}, False),
        ({"sources": (1,), "filing_kinds": ("normal",)}, True),
        ({"sources": (1,), "filing_kinds": ("special",)}, False),
    ],
)
def test_all_conditions_have_to_fit_and_each_by_one_of_its_values(when, answer):
    assert fits(Conditions(**when), FACTS) is answer


@pytest.mark.parametrize("name", ["sources", "order_types", "units", "regions", "customer_kinds", "filing_kinds"])
def test_what_is_not_known_fits_no_condition(name):
    value = "450000" if name == "regions" else "x" if "kinds" in name else 1

    assert not fits(Conditions(**{name: (value,)}), Facts())
    assert fits(Conditions(), Facts())


@pytest.mark.parametrize(
    ("code", "region", "answer"),
    [
        ("450103", "450103", True),
        ("450103", "450104", False),
        ("450100", "450103", False),
        ("450100", "450000", True),
        ("451000", "450000", True),
        ("451000", "451000", True),
        ("451002", "451000", True),
        ("441900", "441900", True),
        ("T00012", "T00012", True),
        ("T00012", "T00000", False),
        ("", "450000", False),
        ("450000", "000000", False),
    ],
)
def test_region_stands_for_all_that_lies_in_it(code, region, answer):
    assert lies_in(code, region) is answer


def test_first_policy_that_fits_is_chosen():
    special, person, rest = policy(1, filing_kinds=("special",)), policy(2, customer_kinds=("person",)), policy(3)

    assert choose([special, person, rest], FACTS) == person
    assert choose([special, rest, person], FACTS) == rest
    assert choose([special], FACTS) is None
    assert choose([], FACTS) is None


def test_policy_behind_one_for_all_filings_is_never_reached():
    special, rest, person = policy(1, filing_kinds=("special",)), policy(2), policy(3, customer_kinds=("person",))

    assert reachable([special, rest, person]) == [special, rest]
    assert reachable([special, person]) == [special, person]
    assert reachable([]) == []


def versions(*rows):
    """Unsaved versions from (policy, number, days from the morning or None) each."""
    return [
        PolicyVersion(
            pk=policy.pk * 100 + number,
            policy=policy,
            number=number,
            body={"term": [number, "day"]},
            starts_at=None if days is None else MORNING + timedelta(days=days),
        )
        for policy, number, days in rows
    ]


def test_each_active_policy_is_in_force_in_its_newest_version_that_has_begun():
    late, early = Policy(pk=1, name="后", position=2), Policy(pk=2, name="先", position=1)
    off, new = Policy(pk=3, name="停", active=False), Policy(pk=4, name="新", position=0)
    rows = versions(
        (late, 1, -9), (late, 2, 0), (late, 3, 1), (early, 2, None), (early, 1, -1), (off, 1, -1), (new, 1, 1)
    )

    found = in_force(rows, MORNING)

    assert found == (
        PolicyInForce(201, 2, "先", 1, Terms(term=Term(1))),
        PolicyInForce(102, 1, "后", 2, Terms(term=Term(2))),
    )
    assert [each.name for each in in_force(rows, MORNING + timedelta(days=1))] == ["新", "先", "后"]


@pytest.mark.parametrize(("moved", "version"), [(-1, 1), (0, 2), (1, 2)])
def test_version_judges_from_its_first_second(moved, version):
    rows = versions((Policy(pk=1, name="甲"), 1, -1), (Policy(pk=1, name="甲"), 2, 0))

    [found] = in_force(rows, MORNING + timedelta(seconds=moved))

    assert found.version_id == 100 + version
