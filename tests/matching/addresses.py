"""Flats, and the many ways in which people write down where they are."""

from dataclasses import dataclass, replace
from random import Random

from tests.matching.world import DISTRICTS, PROVINCES, ROADS, numeral, pick_city, pick_community, widen

ROMAN = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ")
Written = tuple[str, str]  # what stands in the community field and in the building-and-room field


@dataclass(frozen=True)
class Flat:
    """One flat. `building` is a number or a letter with or without one, `door` its number on the floor."""

    city: str
    district: str
    community: str
    building: str
    unit: int  # 0: the building has none
    floor: int
    door: int
    phase: int = 0
    section: str = ""

    @property
    def room(self) -> str:
        return f"{self.floor}{self.door:02}"


def pick_flat(rng: Random, unit: bool | None = None, city: str = "") -> Flat:
    city = city or pick_city(rng)
    with_unit = rng.random() < 0.7 if unit is None else unit
    return Flat(
        city=city,
        district=rng.choice(DISTRICTS[city]),
        community=pick_community(rng),
        building=str(rng.randint(1, 28)),
        unit=rng.randint(1, 4) if with_unit else 0,
        floor=rng.randint(2, 33),
        door=rng.randint(1, 6),
    )


def write_building(building: str, rng: Random) -> str:
    if not building.isdigit():
        return rng.choice((building, building.lower(), widen(building))) + rng.choice(("座", "栋", "幢"))
    number = int(building)
    shapes = [
        "{n}栋",
        "{n}幢",
        "{n}座",
        "{n}号楼",
        "{n}#",
        "{n}#楼",
        "{z}栋",
        "{z}幢",
        "{z}号楼",
        "{n} 栋",
        "{w}栋",
        "第{n}栋",
    ]
    return rng.choice(shapes).format(n=number, z=numeral(number), w=widen(building))


def write_unit(unit: int, rng: Random) -> str:
    shapes = ["{n}单元", "{n}单元", "{z}单元", "{w}单元", "{n} 单元", "第{z}单元", "{n}单"]
    return rng.choice(shapes).format(n=unit, z=numeral(unit), w=widen(str(unit)))


def write_room(flat: Flat, rng: Random) -> str:
    shapes = [
        "{r}",
        "{r}室",
        "{r}房",
        "{r}号",
        "{w}室",
        "{f}楼{r}",
        "{f}楼{r}房",
        "{f}层{r}室",
        "{f}层{d}室",
        "{f}楼{d}室",
        "{f}楼{d}号房",
        "{z}楼{r}室",
    ]
    values = {"r": flat.room, "w": widen(flat.room), "f": flat.floor, "z": numeral(flat.floor), "d": f"{flat.door:02}"}
    return rng.choice(shapes).format(**values)


def write_words(flat: Flat, rng: Random) -> str:
    """三栋二单元16楼1601房 and its sisters."""
    parts = [write_building(flat.building, rng), write_unit(flat.unit, rng) if flat.unit else "", write_room(flat, rng)]
    return rng.choice(("", "", " ")).join(part for part in parts if part)


def write_dashes(flat: Flat, rng: Random, zeros: bool = False) -> str:
    """3-2-1601 with one of the signs people take for a dash."""
    building = flat.building.zfill(2) if zeros and flat.building.isdigit() else flat.building
    unit = [f"{flat.unit:02}" if zeros else str(flat.unit)] if flat.unit else []
    return rng.choice(("-", "-", "-", "－", "—", "–", "/", " - ", "--")).join([building, *unit, flat.room])


def write_mixed(flat: Flat, rng: Random) -> str:
    """3#2-1601: the building named, the rest in dashes."""
    sign = rng.choice(("栋", "幢", "#", "#楼", "号楼", "栋-", "#-"))
    unit = f"{flat.unit}-" if flat.unit else ""
    return f"{flat.building}{sign}{unit}{flat.room}"


def write_inside(flat: Flat, rng: Random) -> str:
    """Building, unit and room, anyhow."""
    return rng.choice((write_words, write_words, write_dashes, write_mixed))(flat, rng)


def write_phase(phase: int, rng: Random) -> str:
    shapes = ["{n}期", "{z}期", "{r}期", "第{z}期", "（{z}期）", "({n}期)", "{w}期"]
    return rng.choice(shapes).format(n=phase, z=numeral(phase), r=ROMAN[phase], w=widen(str(phase)))


def write_section(section: str, rng: Random) -> str:
    return rng.choice((section, section.lower(), widen(section), f"({section})"))


def write(flat: Flat, rng: Random) -> Written:
    """Phase and section behind the community or in front of the building."""
    blocks = (write_phase(flat.phase, rng) if flat.phase else "") + (
        write_section(flat.section, rng) if flat.section else ""
    )
    inside = write_inside(flat, rng)
    if blocks and rng.random() < 0.5:
        return flat.community, f"{blocks}{inside}"
    return f"{flat.community}{blocks}", inside


def in_front(flat: Flat, rng: Random) -> str:
    """City, district or both, as typed before a community's name."""
    province = PROVINCES[flat.city][0]
    where = [flat.district, f"{flat.city}市{flat.district}", f"{flat.city}{flat.district}", f"{flat.city}市"]
    if province != flat.city:
        where += [f"{province}{flat.city}{flat.district}"]
    return rng.choice(where)


def on_road(rng: Random) -> str:
    return f"{rng.choice(ROADS)}{rng.randint(1, 299)}号"


def neighbour(flat: Flat, rng: Random) -> Flat:
    return replace(flat, door=flat.door + rng.choice((-1, 1)) if flat.door > 1 else 2)


@dataclass(frozen=True)
class LaneHouse:
    """Shanghai: a lane off a road, a house in the lane, a room in the house."""

    district: str
    road: str
    lane: int
    house: int
    room: str

    @property
    def name(self) -> str:
        return f"{self.road}{self.lane}弄"


def pick_lane_house(rng: Random) -> LaneHouse:
    room = f"{rng.randint(1, 18)}0{rng.randint(1, 6)}"
    return LaneHouse(rng.choice(DISTRICTS["上海"]), rng.choice(ROADS), rng.randint(20, 1999), rng.randint(1, 99), room)


def write_lane_house(where: LaneHouse, rng: Random) -> Written:
    house, room, floor = where.house, where.room, where.room[:-2]
    inside = rng.choice(
        (
            f"{house}号{room}室",
            f"{house}号{room}",
            f"{house}-{room}",
            f"{house}号楼{room}室",
            f"{house} 号 {room} 室",
            f"{house}号{floor}楼{room}室",
            f"{numeral(house)}号{room}室",
            f"{widen(str(house))}号{widen(room)}室",
        )
    )
    front = rng.choice(("", "", where.district, f"上海市{where.district}", f"上海{where.district}"))
    split = rng.choice(("lane", "lane", "road", "house"))
    if split == "road":
        return f"{front}{where.road}", f"{where.lane}弄{inside}"
    if split == "house":
        return f"{front}{where.name}{house}号", f"{room}室"
    return f"{front}{where.name}", inside


@dataclass(frozen=True)
class YardFlat:
    """Beijing: a numbered yard, in it buildings with doors that are units."""

    district: str
    place: str
    yard: int
    building: int
    unit: int
    room: str


def pick_yard_flat(rng: Random) -> YardFlat:
    place = rng.choice(("安翔里", "望河西里", "枣营北里", "槐柏东里", "松榆西里", "柳芳南里", "芳草园"))
    room = f"{rng.randint(1, 24)}0{rng.randint(1, 6)}"
    district = rng.choice(DISTRICTS["北京"])
    return YardFlat(district, place, rng.randint(2, 40), rng.randint(1, 18), rng.randint(1, 6), room)


def write_yard_flat(where: YardFlat, rng: Random) -> Written:
    yard = rng.choice((f"{where.yard}号院", f"{numeral(where.yard)}号院", f"{where.yard} 号院"))
    building, unit, room = where.building, where.unit, where.room
    inside = rng.choice(
        (
            f"{building}号楼{unit}单元{room}",
            f"{building}号楼{unit}门{room}",
            f"{building}-{unit}-{room}",
            f"{building}号楼{unit}-{room}",
            f"{building}#{unit}单元{room}室",
            f"{numeral(building)}号楼{numeral(unit)}单元{room}室",
        )
    )
    front = rng.choice(("", "", where.district, f"北京市{where.district}"))
    if rng.random() < 0.3:
        return f"{front}{where.place}", f"{yard}{inside}"
    return f"{front}{where.place}{yard}", inside
