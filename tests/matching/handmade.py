"""Labelled pairs written by hand, in the voice of hurried salespeople, clerks and old lists."""

from tests.matching.handmade_homes import MAYBE_HOMES, SAME_HOMES, SAME_NAME_HOMES
from tests.matching.handmade_neighbours import DIFFERENT_HOMES, TWO_PLACES
from tests.matching.handmade_numbers import DIFFERENT_NUMBERS, MAYBE_NUMBERS, SAME_NUMBERS
from tests.matching.handmade_parties import (
    DIFFERENT_FIRMS,
    DIFFERENT_PROJECTS,
    MAYBE_FIRMS,
    MAYBE_PROJECTS,
    SAME_FIRMS,
    SAME_PROJECTS,
)
from tests.matching.registry import Claim, Pair, claim

COUPLE = ("韦半夏", "黄知秋")
MOBILES = ("13977120458", "18607738611")


def handmade_pairs() -> list[Pair]:
    return [*home_pairs(), *number_pairs(), *party_pairs()]


def home_pairs() -> list[Pair]:
    """Claims with unlike mobiles; the names are a couple's unless the pair is about names."""
    pairs = []
    for rows, same, firm, names in (
        (SAME_HOMES, True, True, COUPLE),
        (SAME_NAME_HOMES, True, True, None),
        (MAYBE_HOMES, True, False, None),
        (DIFFERENT_HOMES, False, True, None),
    ):
        for kind, city, mine, theirs, why, *given in rows:
            sides = [
                claim(name=name, mobile=mobile, city=city, community=community, building_room=room)
                for name, mobile, (community, room) in zip(
                    given[0] if given else names or COUPLE, MOBILES, (mine, theirs), strict=True
                )
            ]
            pairs.append(Pair(kind, same, sides[0], sides[1], firm, why))
    for cities, community, room, why in TWO_PLACES:
        sides = [
            claim(name=name, mobile=mobile, city=city, community=community, building_room=room)
            for name, mobile, city in zip(COUPLE, MOBILES, cities, strict=True)
        ]
        pairs.append(Pair("home: other city", False, sides[0], sides[1], True, why))
    return pairs


def number_pairs() -> list[Pair]:
    """Each side gives only what the row gives; people without a name are a couple, or strangers."""
    pairs = []
    for rows, same, firm in (
        (SAME_NUMBERS, True, True),
        (MAYBE_NUMBERS, True, False),
        (DIFFERENT_NUMBERS, False, True),
    ):
        for kind, mine, theirs, why in rows:
            sides = [_named(side, name) for side, name in zip((mine, theirs), COUPLE, strict=True)]
            pairs.append(Pair(kind, same, sides[0], sides[1], firm, why))
    return pairs


def _named(side: Claim, name: str) -> Claim:
    return claim(**{"name": name, "city": "南宁"} | side)


def party_pairs() -> list[Pair]:
    """Companies and projects, filed with unlike mobiles."""
    pairs = []
    for firms, same, firm in ((SAME_FIRMS, True, True), (MAYBE_FIRMS, True, False), (DIFFERENT_FIRMS, False, True)):
        for kind, mine, theirs, why, *codes in firms:
            sides = [
                claim(name=name, customer_kind="company", mobile=mobile, city="南宁", credit_code=code)
                for name, mobile, code in zip((mine, theirs), MOBILES, codes[0] if codes else ("", ""), strict=True)
            ]
            pairs.append(Pair(kind, same, sides[0], sides[1], firm, why))
    for works, same, firm in (
        (SAME_PROJECTS, True, True),
        (MAYBE_PROJECTS, True, False),
        (DIFFERENT_PROJECTS, False, True),
    ):
        for kind, mine, theirs, why, *given in works:
            sides = [
                claim(name=name, mobile=mobile, city=city, project_name=project, project_site=site)
                for name, mobile, city, (project, site) in zip(
                    COUPLE, MOBILES, given[0] if given else ("南宁", "南宁"), (mine, theirs), strict=True
                )
            ]
            pairs.append(Pair(kind, same, sides[0], sides[1], firm, why))
    return pairs
