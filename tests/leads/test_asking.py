"""How tries add up to customers that were asked about (MATCH-6, guarantees 2)."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.asking import CROWD, Ask, Book, kinds_of
from tests.factories import MORNING

SECOND = timedelta(seconds=1)
HALF_HOUR = timedelta(minutes=30)


def ask(words: str, *, after: timedelta = timedelta(0), hit: bool = False, files: bool = False) -> Ask:
    """A try from digests written as `mobile:1 address:a`, made so long after the morning began."""
    return Ask(frozenset(words.split()), MORNING + after, hit=hit, files=files)


def book(*tries: str) -> Book:
    return Book(ask(words) for words in tries)


@pytest.mark.parametrize(
    ("tries", "used"),
    [
        ((), 0),
        (("mobile:1",), 1),
        (("mobile:1", "mobile:1"), 1),
        (("mobile:1", "mobile:2"), 2),
        (("mobile:1", "mobile:1 address:a", "mobile:1 address:a phone:p"), 1),
        (("address:a", "address:a mobile:1"), 1),
        (("mobile:1 address:a", "mobile:1", "address:a"), 1),
        (("mobile:1 address:a", "mobile:1 address:b"), 2),
        (("mobile:1 address:a", "mobile:2 address:a", "mobile:3 address:a"), 3),
        (("mobile:1", "mobile:1 mobile:2"), 2),
        (("mobile:1 mobile:2",), 2),
        (("mobile:1 mobile:2", "mobile:1", "mobile:2"), 2),
        (("mobile:1 mobile:2", "mobile:1 mobile:3"), 4),
        (("mobile:1 mobile:2 mobile:3",), 3),
        (("mobile:1 mobile:2", "mobile:1 mobile:2 mobile:3"), 5),
        (("mobile:1 mask_name:x", "mobile:1 mask_name:y"), 1),
        (("address:a address_name:x", "address:a address_name:y", "address:a"), 1),
        (("mask_name:x",), 0),
        (("address:a name:x", "address:a name:y", "address:a name:z"), 1),
        (("address:a name:x", "address:a name:y", "address:a name:z", "address:a name:v"), 2),
        (("mobile:1", "phone:p", "mobile:1 phone:p"), 2),
        (("company:c", "company:c credit_code:d", "company:e credit_code:d"), 2),
    ],
)
def test_used_counts_customers(tries: Sequence[str], used: int):
    assert book(*tries).used == used


@pytest.mark.parametrize(
    ("filed", "used"),
    [
        ("mobile:1 address:a", 0),
        ("mobile:1 address:a phone:p", 0),
        ("mobile:1", 1),
        ("address:a", 1),
        ("mobile:2 address:a", 1),
        ("mobile:2 address:b", 1),
    ],
)
def test_filing_pays_for_the_keys_it_names(filed: str, used: int):
    found = book("mobile:1", "mobile:1 address:a")

    found.note(ask(filed, after=SECOND, files=True))

    assert found.used == used


@pytest.mark.parametrize(
    ("after", "used"), [(HALF_HOUR - SECOND, 0), (HALF_HOUR, 1), (HALF_HOUR + SECOND, 1), (timedelta(hours=3), 1)]
)
def test_filing_pays_within_half_an_hour(after: timedelta, used: int):
    assert Book([ask("mobile:1"), ask("mobile:1", after=after, files=True)]).used == used


def test_customer_filed_first_and_asked_again_is_paid():
    filed = ask("mobile:1 address:a", files=True)

    assert Book([filed, ask("mobile:1", after=timedelta(hours=3))]).used == 0


def test_one_filing_with_a_constant_address_pays_for_one_mobile():
    tries = [ask(f"mobile:{number} address:own") for number in range(20)]

    found = Book([*tries, ask("mobile:0 address:own", files=True)])

    assert (found.used, found.filed) == (19, 1)


def test_one_filing_without_address_pays_for_no_address():
    """Else one lead with nothing but a mobile would open all addresses, asked about beside that mobile."""
    tries = [ask(f"mobile:0 address:{number}") for number in range(20)]

    assert Book([*tries, ask("mobile:0", files=True)]).used == 20


def test_names_tried_with_a_filed_customer_count():
    tries = [ask(f"address:a name:{number}") for number in range(9)]

    assert Book([*tries, ask("address:a name:0", files=True)]).used == 6


def test_hits_are_customers_with_a_hit():
    found = Book([ask("mobile:1", hit=True), ask("mobile:1"), ask("mobile:2"), ask("mobile:3", hit=True)])

    assert (len(found.groups), found.hits, found.filed) == (3, 2, 0)


@pytest.mark.parametrize(
    ("asked", "hits", "alarming"),
    [(9, 9, False), (10, 4, False), (10, 5, True), (11, 5, False), (11, 6, True), (40, 20, True)],
)
def test_alarm_needs_ten_customers_and_half_of_them_hits(asked: int, hits: int, alarming: bool):
    tries = [ask(f"mobile:{number}", hit=number < hits) for number in range(asked)]

    assert Book(tries).alarming == alarming


def test_key_of_a_crowd_no_longer_binds_but_repeats_stay_free():
    tries = [ask(f"mobile:{number} address:own") for number in range(CROWD)]
    found = Book(tries)

    assert found.price(ask("address:own phone:new")) == 1
    assert [found.price(each) for each in tries] == [0] * CROWD


def test_ten_thousand_tries_with_one_address_are_counted_at_once():
    found = Book(ask(f"mobile:{number} address:own") for number in range(10_000))

    assert found.used == 10_000


@pytest.mark.parametrize("order", list(permutations(["mobile:1", "address:a", "phone:p"])))
def test_kinds_added_one_by_one_in_any_order_are_one_customer(order: Sequence[str]):
    typed = [" ".join(order[: end + 1]) for end in range(len(order))]

    assert book(*typed, *order).used == 1


KINDS = ("mobile", "phone", "address", "project", "mask_name", "name")
DIGESTS = st.builds("{}:{}".format, st.sampled_from(KINDS), st.integers(0, 5))
TRIES = st.builds(
    Ask,
    keys=st.frozensets(DIGESTS, max_size=7),
    at=st.integers(0, 90).map(lambda minutes: MORNING + timedelta(minutes=minutes)),
    hit=st.booleans(),
)
DAYS = st.lists(TRIES, max_size=25)


def distinct(tries: Sequence[Ask], kind: str) -> set[str]:
    return {key for each in tries for key in kinds_of(each).get(kind, ())}


@given(DAYS)
def test_fisher_pays_for_every_key_of_a_kind(tries):
    used = Book(tries).used

    assert all(used >= len(distinct(tries, kind)) for kind in KINDS)


@given(DAYS, DAYS)
def test_filing_pays_for_no_key_but_its_own(tries, filings):
    filed = [Ask(each.keys, each.at, files=True) for each in filings]
    left = {kind: distinct(tries, kind) - distinct(filings, kind) for kind in KINDS}

    used = Book([*tries, *filed]).used

    assert all(used >= len(keys) for keys in left.values())
    assert used <= Book(tries).used


@given(DAYS, TRIES)
def test_price_is_what_noting_adds(tries, further):
    found = Book(tries)
    used, price = found.used, found.price(further)

    found.note(further)

    assert found.used == used + price


@given(DAYS)
def test_repeats_cost_nothing(tries):
    found = Book(tries)

    for each in tries:
        assert found.price(each) == 0
        found.note(each)


@given(DAYS, st.randoms(use_true_random=False))
def test_one_try_never_costs_more_than_its_keys_of_one_kind(tries, chance):
    found = Book()
    chance.shuffle(tries)

    for each in tries:
        most = max((len(keys) for keys in kinds_of(each).values()), default=0)
        names = sum(key.startswith("name:") for key in each.keys)
        assert 0 <= found.price(each) <= most + names
        found.note(each)
