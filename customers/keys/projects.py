"""Projects (工程报备): name with phase and lot, and site (MATCH-1)."""

import re
from typing import NamedTuple

from core.numerals import write_numerals
from core.text import fold
from customers.keys.key import Key, KeyKind, agree
from customers.keys.placeholders import says_nothing
from customers.keys.regions import NOWHERE, Place, read_place, related

LONGEST = 80
SHORTEST_NAME = 2
LONGEST_SLOT = 20
LONGEST_RANGE = 200
LONGEST_DETAIL = 120

ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
ROMAN_NUMERAL = re.compile(r"(?<![a-z])(viii|vii|iii|ix|iv|vi|ii|i|v|x)(?=期|标|包|地块)")
NUMBER = r"[0-9]+(?:[-.~、,][0-9]+)*"
SIGN = rf"(?:(?<![a-z])[a-z]-?{NUMBER}|{NUMBER}|(?<![a-z])[a-z](?:[-、,][a-z])*(?![a-z]))"
PARTS = {
    "plot": re.compile(rf"第?({SIGN})[号#]?地块|地块#?({SIGN})"),
    "lot": re.compile(rf"第?({SIGN})[号#]?(?:合同段|标段|标包|标|包)|(?:合同段|标段|lot)#?({SIGN})"),
    "phase": re.compile(rf"第?({SIGN})期|phase({NUMBER})"),
    "building": re.compile(rf"#?({SIGN})[号#]?(?:楼|栋|幢|座)|({SIGN})#|#({SIGN})"),
    "zone": re.compile(rf"第?({SIGN})[号#]?(?:区|组团)"),
}
"""What tells apart projects of one name. Missing on one side, nothing is certain."""
LIST_SIGNS = str.maketrans("~、", "-,")

GENERAL = re.compile(r"(?:建设工程|建设项目|工程项目|项目部|项目|工程|建设)$")
WORKS = """
    精装修 装饰装修 室内装修 装修 装饰 精装 软装 硬装 幕墙 门窗 机电 水电 安装 消防 景观 绿化 土建 改造 翻新 智能化 弱电
    采购 施工 设计 监理 总承包
"""
WORK = re.compile(rf"(?:{'|'.join(WORKS.split())})+$")
NO_NAME = re.compile(f"(?:{GENERAL.pattern.removesuffix('$')}|{'|'.join(WORKS.split())})+")
SAME_WORK = re.compile("装饰装修|室内装修|装饰")

REMARK = re.compile(r"[(\[{<【〔《「]([^()\[\]{}<>【】〔〕《》「」路街道巷号]*)[)\]}>】〕》」]")
CROSSING = re.compile(
    r"的?(?:十字|丁字|三岔)?(?:交叉路口|(?:交汇|交会|交叉|交界|交接|相交|汇合)[处口]?|(?<=[字岔])路口)"
)
CORNER = re.compile("路?路口")
SUBDISTRICT = re.compile(r"^\w{2,6}?(?:街道(?:办事处|办)?|镇(?!\w?[路街])|乡(?![路街镇]))")
ROAD = re.compile(r"[^\W号]{1,10}?(?:大道|大街|胡同|路|街|巷|弄|道(?![里外]区))")
CONNECTION = re.compile(r"^(?:与|及|和(?=\w{3})|跟(?=\w{3}))+")
HOUSE = re.compile(r"([0-9]+(?:-[0-9]+)*)(?:号院?|#|$)")
BESIDE = re.compile(r"^以|(?:附近|旁边|[旁处侧角内边口])+$")


class Site(NamedTuple):
    roads: tuple[str, ...] = ()
    house: str = ""
    rest: str = ""
    district: str = ""


def project_key(city_id: int | None, city_name: str, project_name: str, project_site: str) -> Key | None:
    """The key of a project, None where no name is left. Without city or site it is not exact."""
    city, _ = read_place(_plain(fold(city_name[:LONGEST])))
    name, parts, district = _read_name(project_name, city)
    if says_nothing(name):
        return None
    site = Site() if says_nothing(project_site) else _read_site(project_site, city)
    place = str(city_id or "")
    address = " ".join(filter(None, ("+".join(site.roads), site.house, site.rest)))
    called = "·".join((name, *(f"{part}{sign}" for part, sign in parts.items() if sign)))
    slots = (place, "+".join(site.roads)[:40], site.house[:12], site.rest[:12], *parts.values())
    return Key(
        KeyKind.PROJECT,
        f"{place}|{called}|{address}",
        block=name,
        detail="|".join((*slots, "" if address else district or site.district))[:LONGEST_DETAIL],
        exact=bool(place and address and len(name) >= SHORTEST_NAME and not NO_NAME.fullmatch(name)),
    )


def project_evidence(mine: Key, theirs: Key) -> str:
    """ "project" for one project, "project_part" where something is said on one side only; "" where a part differs."""
    if mine.exact and theirs.exact and mine.value == theirs.value:
        return KeyKind.PROJECT.value
    my_city, my_roads, *mine_too = mine.detail.split("|")
    their_city, their_roads, *theirs_too = theirs.detail.split("|")
    if mine.block != theirs.block or not agree("|".join((my_city, *mine_too)), "|".join((their_city, *theirs_too))):
        return ""
    roads = set(filter(None, my_roads.split("+"))), set(filter(None, their_roads.split("+")))
    return "project_part" if roads[0] <= roads[1] or roads[1] <= roads[0] else ""


def _plain(text: str, besides: str = "") -> str:
    return "".join(sign for sign in text if sign.isalnum() or sign in besides)


def _read_name(text: str, city: Place) -> tuple[str, dict[str, str], str]:
    """Name, its parts by kind, and the codes of the district that was said."""
    district, folded = _without_region(_plain(fold(text[:LONGEST])[:LONGEST], "-~#、,."), city)
    name = ROMAN_NUMERAL.sub(lambda match: ROMAN[match[1]], write_numerals(folded))
    parts = {}
    for part, pattern in PARTS.items():
        parts[part] = _signs([next(filter(None, match.groups())) for match in pattern.finditer(name)])
        name = pattern.sub("", name)
    name, parts["work"] = _without_work(_plain(name))
    return name, parts, district


def _signs(found: list[str]) -> str:
    """Signs in order, each once: 01 is 1, A-1 is A1, 1、2、3 is 1-3."""
    numbers: set[int] = set()
    others: set[str] = set()
    for text in found:
        plain = re.sub("(?<=[a-z])-(?=[0-9])", "", text.translate(LIST_SIGNS))
        for sign in re.sub("(?<![0-9.])0+(?=[0-9])", "", plain).split(","):
            first, _, last = sign.partition("-")
            if first.isdecimal() and (last or first).isdecimal():
                numbers |= {int(first), *range(int(first), min(int(last or first), int(first) + LONGEST_RANGE) + 1)}
            else:
                others.add(sign)
    return ",".join((*_runs(sorted(numbers)), *sorted(others)))[:LONGEST_SLOT]


def _runs(numbers: list[int]) -> list[str]:
    """1, 2, 3, 5 as 1-3 and 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]


def _without_work(name: str) -> tuple[str, str]:
    """The name without the general words at its end, and the kind of work."""
    work, before = "", None
    while name != before:
        before = name
        general = GENERAL.search(name, SHORTEST_NAME)
        name = name[: general.start()] if general else name
        special = WORK.search(name, SHORTEST_NAME)
        if special:
            name, work = name[: special.start()], special[0] + work
    return name, SAME_WORK.sub("装修", work)[:LONGEST_SLOT]


def _without_region(text: str, city: Place) -> tuple[str, str]:
    """Codes of the district in front, and the text without the region in front, if that is in or around the city."""
    inside, rest = read_place(text, city, short_counties=False) if city.codes else (NOWHERE, text)
    if not inside.codes:
        inside, rest = read_place(text, short_counties=False)
    if not inside.codes or not city.codes or not related(inside.codes, city.codes) or len(rest) < SHORTEST_NAME:
        return "", text
    return ",".join(inside.codes) if inside.level == "county" else "", rest


def _read_site(text: str, city: Place) -> Site:
    """Roads in the order of their signs, so that either road of a crossing may come first."""
    district, text = _without_region(fold(REMARK.sub("", fold(text[:LONGEST])))[:LONGEST], city)
    text = CORNER.sub("路", _plain(write_numerals(CROSSING.sub("", text)), "-#"))
    text = SUBDISTRICT.sub("", text)
    roads = {CONNECTION.sub("", road) for road in ROAD.findall(text)}
    text = BESIDE.sub("", ROAD.sub("", text))
    house = HOUSE.search(text)
    number = re.sub(r"(?<![0-9])0+(?=[0-9])", "", house[1]) if house else ""
    return Site(tuple(sorted(roads)), number, _plain(HOUSE.sub("", text, count=1)), district)
