"""Which customers hang together: the pointers that merges leave, as pure arithmetic.

A party is a tree. Every customer of it but the root points to another one, and all ways lead to the root. What these
functions see of it is a mapping from each customer of one party to the one it points to, None for the root.
"""

from collections.abc import Mapping
from itertools import pairwise

Pointers = Mapping[int, int | None]


def way_up(pointers: Pointers, one: int) -> list[int]:
    """From a customer to the root, both included. Raises `ValueError` if the pointers go in a circle."""
    way = [one]
    while (above := pointers[way[-1]]) is not None:
        if above in way:
            raise ValueError(f"circle of merged customers: {way}")
        way.append(above)
    return way


def turned(pointers: Pointers, top: int) -> list[tuple[int, int]]:
    """The pointers to reverse for `top` to become the root, as (who pointed, to whom), those next to the root first."""
    return list(pairwise(way_up(pointers, top)))[::-1]


def below(pointers: Pointers, one: int) -> set[int]:
    """A customer and all that hang on it."""
    return {other for other in pointers if one in way_up(pointers, other)}
