"""Places inside names: provinces, cities and counties as people write them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import accounts

DATA = Path(accounts.__file__).parent / "data"
SOURCE = DATA / "regions.json"
LEVELS = ("province", "city", "county")
WAYS_TO_SAY = {"province": ("省", "自治区"), "city": ("市", "州"), "county": ("县",)}
GO_ON = {"市": "政场民容", "县": "城域", "区": "域", "省": "道"}
"""After these signs a suffix belongs to the next word: 海口市政工程 is 海口 + 市政工程."""
ROAD = re.compile("[东南西北中一二三四五六七八九十]?(?:路(?![南北桥]区)|街(?!道)|大道|大街|巷|道(?![里外]区))")
"""What makes a road of a place's short name: 北京西路, but not 唐山路南区."""
LONGEST_WORD = 15
MOST_PLACES = 8
COMMON = 4
"""A word that more regions share, such as 高新区, says nothing without its city."""


class Region(NamedTuple):
    code: str
    name: str
    full_name: str
    level: str
    parent: str


class Place(NamedTuple):
    """`codes` of the regions that a writing can mean, of one level; `name` is the short word of the first."""

    codes: tuple[str, ...]
    name: str
    level: str = ""

    @property
    def depth(self) -> int:
        return LEVELS.index(self.level) if self.level else -1


NOWHERE = Place((), "")


@cache
def area_codes() -> frozenset[str]:
    """All telephone area codes, e.g. 0771."""
    return frozenset(json.loads((DATA / "area_codes.json").read_text("utf-8")).values())


@cache
def known_regions() -> dict[str, Region]:
    """All regions by code."""
    return {row[0]: Region(*row) for row in json.loads(SOURCE.read_text("utf-8"))}


@cache
def _codes_by_word() -> dict[str, tuple[str, ...]]:
    """Codes of all regions that a word can mean, by short name, full name and short name with the usual suffix."""
    found: dict[str, set[str]] = {}
    for code, name, full_name, level, _ in known_regions().values():
        short = name if name == full_name else ""
        words = {name, full_name} | ({name + suffix for suffix in WAYS_TO_SAY[level]} if not short else set())
        for word in words:
            found.setdefault(word, set()).add(code)
    return {word: tuple(sorted(codes)) for word, codes in found.items()}


def read_place(text: str, inside: Place = NOWHERE, *, short_counties: bool = True) -> tuple[Place, str]:
    """The place that a folded text begins with, down to its finest region, and the rest.

    Without `short_counties`, one must be said in full: 新民市 and not 新民.
    """
    place, outer = NOWHERE, inside
    for _ in LEVELS:
        found = _first_place(text, outer)
        if found is None:
            break
        nearer, length = found
        if not short_counties and _is_short_county(nearer, length):
            break
        place = outer = nearer
        text = text[length:]
    return place, text


def related(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two places can be one, or one lie inside the other."""
    return any(one in _chain(other) or other in _chain(one) for one in mine for other in theirs)


def _first_place(text: str, outer: Place) -> tuple[Place, int] | None:
    """The longest word at the front that means a region, inside the outer place if there is one."""
    for length in range(min(LONGEST_WORD, len(text)), 1, -1):
        word, after = text[:length], text[length : length + 1]
        codes = _codes_by_word().get(word, ())
        if after and after in GO_ON.get(word[-1], ""):
            continue
        if word[-1] not in GO_ON and ROAD.match(text, length):
            continue
        if codes and (place := _narrow(word, codes, outer)):
            return place, length
    return None


def _narrow(word: str, codes: tuple[str, ...], outer: Place) -> Place | None:
    """What a word means inside a place; 长沙 in 长沙 is the city again, not its county 长沙县."""
    if outer.level == "city" and word == outer.name:
        return None
    if outer.codes:
        codes = tuple(code for code in codes if set(_chain(code)[1:]) & set(outer.codes))
    elif len(codes) > COMMON or (len(word) == 2 and word.endswith("区")):
        return None
    if not codes:
        return None
    level = min((known_regions()[code].level for code in codes), key=LEVELS.index)
    codes = tuple(sorted({_city_itself(code) for code in codes if known_regions()[code].level == level})[:MOST_PLACES])
    name = known_regions()[codes[0]].name
    return Place(codes, name, level)


def _is_short_county(place: Place, length: int) -> bool:
    """Whether the word of so many signs leaves out 县 or 市."""
    said_in_full = len(place.name) < length or known_regions()[place.codes[0]].full_name == place.name
    return place.level == "county" and not said_in_full


@cache
def _city_itself(code: str) -> str:
    """The one city of a municipality: 北京 the province is 北京 the city."""
    cities = [other for other, region in known_regions().items() if region.parent == code]
    alone = len(cities) == 1 and known_regions()[cities[0]].name == known_regions()[code].name
    return cities[0] if alone else code


def _chain(code: str) -> list[str]:
    """The region and those it lies in."""
    chain = []
    while code:
        chain.append(code)
        code = known_regions()[code].parent
    return chain
