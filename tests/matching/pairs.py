"""Labelled pairs in any number: who is the same customer by the rules of the world, half of them *different*."""

from random import Random

from tests.matching import kinds_addresses, kinds_neighbours, kinds_numbers, kinds_parties
from tests.matching.registry import KINDS, Pair
from tests.matching.world import ALIASES

__all__ = ["ALIASES", "KINDS", "MODULES", "Pair", "labelled_pairs"]

MODULES = (kinds_numbers, kinds_addresses, kinds_neighbours, kinds_parties)  # importing them fills KINDS


def labelled_pairs(seed: int = 3, count: int = 4000) -> list[Pair]:
    """As many of each kind of *same* as of every other, likewise of *different*, in random order."""
    rng = Random(seed)
    kinds = [[kind for kind in KINDS if kind.same is label] for label in (True, False)]
    pairs = [kinds[number % 2][number // 2 % len(kinds[number % 2])].pair(rng) for number in range(count)]
    rng.shuffle(pairs)
    return pairs
