"""The matcher against labelled pairs: the figures the issue asks for, and that a planted mistake misses them."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from customers.keys import compare
from tests.matching.companies import build_code, check_sign, near_code, pick_code
from tests.matching.figures import Judge, Row, draw_table, figures, find_shortcomings, identity_of, judge
from tests.matching.handmade import handmade_pairs
from tests.matching.pairs import KINDS, Pair, labelled_pairs
from tests.matching.registry import FIELDS, Claim


@cache
def generated() -> tuple[Pair, ...]:
    return tuple(labelled_pairs())


@cache
def few() -> tuple[Pair, ...]:
    """Enough for a control: nine or so of every kind."""
    return tuple(labelled_pairs(seed=5, count=900))


def missed_by(pairs: list[Pair] | tuple[Pair, ...], with_judge: Judge = judge) -> list[str]:
    """Prints the table, so that `pytest -s` and a failure show it."""
    rows = figures(pairs, with_judge)
    print(f"\n{draw_table(rows)}")
    return find_shortcomings(rows)


def test_generated_pairs_are_judged_well_enough() -> None:
    assert missed_by(generated()) == []


def test_handmade_pairs_are_judged_well_enough() -> None:
    assert missed_by(handmade_pairs()) == []


@pytest.mark.drill
def test_pairs_of_twenty_seeds_are_judged_well_enough() -> None:
    assert missed_by([pair for seed in range(100, 120) for pair in labelled_pairs(seed)]) == []


def test_order_of_the_two_sides_does_not_matter() -> None:
    turned = [
        pair
        for pair in [*few(), *handmade_pairs()]
        if compare(identity_of(pair.mine), identity_of(pair.theirs))
        != compare(identity_of(pair.theirs), identity_of(pair.mine))
    ]

    assert turned == []


# Controls: mistakes that these figures must not let pass.


def judge_by_digits(pair: Pair) -> str:
    """Reads nothing but digits, wherever they stand."""
    mine, theirs = (re.sub(r"\D", "", claim["mobile"] + claim["phone"]) for claim in (pair.mine, pair.theirs))
    rooms = [re.sub(r"\D", "", claim["community"] + claim["building_room"]) for claim in (pair.mine, pair.theirs)]
    return "same" if mine[-11:] == theirs[-11:] != "" or rooms[0] == rooms[1] != "" else ""


def without_unit(claim: Claim) -> Claim:
    room = re.sub(r"[第 ]*[0-9０-９一二三四五六A-D东西]+\s*(单元|单|门|梯)", "", claim["building_room"])
    return claim | {"building_room": re.sub(r"(\d+)(\D+)\d+(\D+)(\d{3,4})$", r"\1\2\4", room)}


def judge_without_unit(pair: Pair) -> str:
    return judge(replace(pair, mine=without_unit(pair.mine), theirs=without_unit(pair.theirs)))


def judge_without_city(pair: Pair) -> str:
    return judge(replace(pair, mine=pair.mine | {"city": "南宁"}, theirs=pair.theirs | {"city": "南宁"}))


def judge_by_name(pair: Pair) -> str:
    return "same" if pair.mine["name"] == pair.theirs["name"] else judge(pair)


def judge_masks_as_numbers(pair: Pair) -> str:
    return "same" if judge(pair) in {"same", "likely", "possible"} else ""


@pytest.mark.parametrize(
    ("mistaken", "kind"),
    [
        (judge_by_digits, "neighbour: digits regrouped"),
        (judge_without_unit, "neighbour: other unit"),
        (judge_without_city, "community: other city"),
        (judge_by_name, "mobile: common name, other number"),
        (judge_masks_as_numbers, "mask: agrees by chance, other name"),
        (lambda pair: "", "mobile: country code"),
    ],
    ids=["digits only", "no unit", "no city", "names", "masks", "never"],
)
def test_planted_mistake_misses_the_figures(mistaken: Judge, kind: str) -> None:
    missed = missed_by(few(), mistaken)

    assert kind in {words.rpartition(": ")[0] for words in missed}


# The pairs themselves.


def test_pairs_of_one_seed_are_always_the_same() -> None:
    assert labelled_pairs(seed=7, count=300) == labelled_pairs(seed=7, count=300)
    assert labelled_pairs(seed=7, count=300) != labelled_pairs(seed=8, count=300)


def test_half_of_the_pairs_are_different_customers_and_every_kind_has_many() -> None:
    counts = Counter((pair.same, pair.kind) for pair in generated())

    assert Counter(pair.same for pair in generated()) == {True: 2000, False: 2000}
    assert counts.keys() == {(kind.same, kind.name) for kind in KINDS}
    assert min(counts.values()) >= 35


def test_every_side_gives_every_field_and_the_two_sides_differ() -> None:
    pairs = [*generated(), *handmade_pairs()]

    assert {tuple(side) for pair in pairs for side in (pair.mine, pair.theirs)} == {FIELDS}
    assert [pair for pair in generated() if pair.mine == pair.theirs] == []


def test_different_pairs_share_no_whole_number() -> None:
    """A mobile on both sides would make the label a lie."""

    def numbers(claim: Claim) -> set[str]:
        text = re.sub(r"[\s.\-－]", "", claim["mobile"] + "|" + claim["phone"]).translate(
            str.maketrans("０１２３４５６７８９＋", "0123456789+")
        )
        return set(re.findall(r"1[3-9]\d{9}", text))

    assert [pair for pair in generated() if not pair.same and numbers(pair.mine) & numbers(pair.theirs)] == []


def test_handmade_pairs_are_many_and_half_of_them_different() -> None:
    pairs = handmade_pairs()
    labels = Counter(pair.same for pair in pairs)

    assert len(pairs) >= 260
    assert 0.4 <= labels[False] / len(pairs) <= 0.6
    assert len({(str(pair.mine), str(pair.theirs)) for pair in pairs}) == len(pairs)
    assert [pair for pair in pairs if not pair.why] == []


def test_check_sign_of_known_codes_is_right() -> None:
    """Codes printed in public: Huawei, Tencent, Alibaba and the example of GB 32100-2015."""
    codes = ["914403001922038216", "9144030071526726XG", "91330100799655058B", "91350100M000100Y43"]

    assert [check_sign(code[:17]) for code in codes] == [code[17] for code in codes]


def test_near_code_is_valid_and_another() -> None:
    rng = Random(1)
    codes = [pick_code(rng) for _ in range(200)]
    near = [near_code(code, rng) for code in codes]

    assert [check_sign(code[:17]) for code in near] == [code[17] for code in near]
    assert [code for code, other in zip(codes, near, strict=True) if code == other] == []
    assert build_code(near[0][2:8], near[0][8:16]) == near[0]


def test_row_without_pairs_has_no_share() -> None:
    empty = Row("none", same=0, firm=0, right=0, right_of_firm=0, wrong=0, found=0, seen=0, different=0)

    assert (empty.precision, empty.recall, empty.found_share, empty.wrong_share) == (None, None, None, None)
