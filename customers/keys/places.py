"""What stands in front of a community's name: province, city, district, road and number."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from core.numerals import NUMERALS
from customers.keys.regions import Region, known_regions
from policies.communities import is_name

LONGEST_REGION = 15
ZONES = "经济技术开发区|高新技术开发区|开发区|高新区|经开区"
ZONE = re.compile(rf"\w{{2,4}}?(?:{ZONES}|新区)|{ZONES}")
CENTRAL_DISTRICT = re.compile("市[东西南北中]区")
TOWN = re.compile(r"\w{2,4}?(?:街道办事处|街道办|街道|(?<![小古新名])镇)\s?")
JUNCTION = re.compile(r"[\w ]{3,24}?(?:交汇处?|交叉口|交界处?|交会处?|路口)[东西南北侧旁边]*\s?")
ROAD_WORDS = "大道|大街|公路|路|街|道|巷|胡同"
HOUSE_NUMBER = rf"(?:[0-9]{{1,5}}|[{NUMERALS}]{{1,5}})(?:[ 之][0-9]{{1,3}})?\s?"
ROAD = re.compile(
    rf"\w{{1,12}}?(?:{ROAD_WORDS})\s?{HOUSE_NUMBER}(?:(?:号(?:之(?:[0-9]{{1,3}}|[{NUMERALS}]))?|号大?院|弄|#)\s?)+"
)
NUMBER = re.compile(rf"[0-9]|[{NUMERALS}]+[栋幢座号期单楼]")
BUILDING_NUMBER = re.compile(rf"[0-9]+(?!号(?:[^楼栋幢]|$))|[{NUMERALS}]+(?:[栋幢座期单楼]|号楼)")
LEADING_NUMBER = re.compile(r"^[0-9]+号?")
ROAD_ALONE = re.compile(r"\w{1,4}?(?:大道|大街|(?<![铁公丝马网电思出一])路|(?<!天)街)(?![局段桥口站线由道区坊])\s?")
PART_OF_A_ROAD = re.compile(
    f"宿舍|局|厂|大院|家属|公司|学校|^[0-9{NUMERALS}]+(?:[里村街巷坊条组队区]|支路|胡同)(?=[0-9{NUMERALS}]|$)"
)
ROAD_ONLY = re.compile(rf"\w{{1,12}}(?:{ROAD_WORDS})\s?(?:{HOUSE_NUMBER}号)?")
ROAD_END = re.compile(rf"\w(?:{ROAD_WORDS})$")


class Place(NamedTuple):
    """What was cut off in front: a known district, or a zone such as 大鹏新区 that may lie across districts."""

    district: str = ""
    zone: str = ""

    def around(self, other: "Place") -> "Place":
        return Place(self.district or other.district, self.zone or other.zone)


@cache
def _named() -> dict[str, tuple[Region, ...]]:
    """Regions by full name and by the ways in which people lengthen the short one."""
    named: dict[str, tuple[Region, ...]] = {}
    for region in known_regions().values():
        ends = {"province": ("省", "自治区"), "city": ("市", "州"), "county": ()}[region.level]
        for name in {region.full_name, *(region.name + end for end in ends)}:
            named[name] = (*named.get(name, ()), region)
    return named


@cache
def _last_signs() -> frozenset[str]:
    return frozenset(name[-1] for name in _named())


@lru_cache(maxsize=512)
def _home(city_name: str) -> frozenset[str]:
    """Codes of the city, or of the county filed as one, with all above and below it; empty if it is not known."""
    own = {
        region.code for region in known_regions().values() if city_name and city_name in (region.name, region.full_name)
    }
    own |= {region.code for region in _named().get(city_name, ())}
    above = {known_regions()[code].parent for code in own}
    above |= {known_regions()[code].parent for code in above if code}
    below = {region.code for region in known_regions().values() if region.parent in own}
    return frozenset(own | above | below) - {""}


@lru_cache(maxsize=512)
def _short_names(city_name: str) -> tuple[str, ...]:
    """Short names that may go off in front of a name: of the city and what is above it, or of all if it is unknown."""
    upper = (region for region in known_regions().values() if region.level != "county")
    home = _home(city_name)
    names = {region.name for region in upper if not city_name or region.code in home}
    return tuple(sorted({*names, city_name} - {""}, key=lambda name: (-len(name), name)))


def cut_regions(text: str, city_name: str, *, behind: bool = False) -> tuple[Place, str]:
    """Regions in front of a tidy text, and the rest. With `behind` a name follows elsewhere, so all of it may go.

    Another city's name stays: it is either part of the name or an address elsewhere.
    """
    place = Place()
    while cut := _first_region(text, city_name):
        rest = text[cut[0] :].lstrip()
        if not (is_name(_bare(rest)) or (behind and not rest)):
            break
        place, text = place.around(cut[1]), rest
    if (town := TOWN.match(text)) and is_name(_bare(text[town.end() :])):
        text = text[town.end() :]
    return place, text


def _bare(text: str) -> str:
    """The text up to its first number behind the beginning: what must be a name."""
    return NUMBER.split(LEADING_NUMBER.sub("", text), maxsplit=1)[0]


def _first_region(text: str, city_name: str) -> tuple[int, Place] | None:
    """How many characters of a text are a region, and what that says."""
    for length in range(min(LONGEST_REGION, len(text)), 1, -1):
        if text[length - 1] not in _last_signs():
            continue
        regions = [region for region in _named().get(text[:length], ()) if _may_go(region, city_name)]
        if regions and not (text[length - 1] == "市" and CENTRAL_DISTRICT.match(text, length - 1)):
            if ZONE.fullmatch(text[:length]) and not any(region.code in _home(city_name) for region in regions):
                return length, Place(zone=text[:length])
            district = text[:length] if regions[0].level == "county" else ""
            return length, Place(district if district != city_name else "")
    if text.startswith("中国") and (found := _first_region(text[2:], city_name)):
        return found[0] + 2, found[1]
    if short := next((name for name in _short_names(city_name) if text.startswith(name)), ""):
        rest = text[len(short) :].lstrip()
        central = CENTRAL_DISTRICT.match(rest)
        if central and short == city_name:
            return len(short) + central.end(), Place(central[0])
        if short == city_name or _is_region(rest, city_name) or rest.startswith(city_name or "\0"):
            return len(short), Place()
    if zone := ZONE.match(text):
        return zone.end(), Place(zone=zone[0])
    return _district_apart(text, city_name) or _renamed_district(text, city_name)


def _is_region(text: str, city_name: str) -> bool:
    lengths = range(3, min(LONGEST_REGION, len(text)) + 1)
    return any(text[:length] in _named() for length in lengths) or bool(ZONE.match(text))


def _may_go(region: Region, city_name: str) -> bool:
    """A district's name is no other city's, wherever it is; two characters such as 东区 may be part of a community."""
    if len(region.full_name) < 3 and not region.full_name.endswith("县"):
        return False
    urban = region.level == "county" and region.full_name.endswith("区")
    return urban or not _home(city_name) or region.code in _home(city_name)


def _district_apart(text: str, city_name: str) -> tuple[int, Place] | None:
    """A district without its last character, where a blank parts it from the rest: 南宁 青秀 幸福里."""
    word, _blank, rest = text.partition(" ")
    for end in ("区", "县", "市") if rest else ():
        if any(region.code in _home(city_name) for region in _named().get(word + end, ())):
            return len(word), Place(word + end)
    return None


def _renamed_district(text: str, city_name: str) -> tuple[int, Place] | None:
    """A district as it was called before it became one: 武鸣县 is 武鸣区."""
    for length in range(3, 5):
        if text[length - 1 : length] in ("县", "市"):
            now = text[: length - 1] + "区"
            if any(region.code in _home(city_name) for region in _named().get(now, ())):
                return length, Place(now)
    return None


def cut_road(text: str) -> str:
    """Without a crossing, or a road with or without a number, in front of a name."""
    for front in (JUNCTION, ROAD):
        while (found := front.match(text)) and is_name(_bare(text[found.end() :])):
            text = text[found.end() :]
    alone = ROAD_ALONE.match(text)
    rest = text[alone.end() :] if alone and len(alone[0].strip()) > 2 else ""
    name = BUILDING_NUMBER.split(rest, maxsplit=1)[0]
    return rest if len(name) > 2 and is_name(_bare(rest)) and not PART_OF_A_ROAD.search(name) else text


def cut_district_behind(text: str, city_name: str) -> tuple[Place, str]:
    """A district that stands apart behind the name, as in 幸福里(青秀区)."""
    name, _blank, last = text.rpartition(" ")
    known = any(region.level == "county" and _may_go(region, city_name) for region in _named().get(last, ()))
    return (Place(last), name) if known and is_name(_bare(name)) else (Place(), text)
