"""Kinds of *same* pairs that an address decides: the mobiles differ, a couple filed once by each or a new number."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.matching.addresses import (
    Flat,
    Written,
    in_front,
    on_road,
    pick_flat,
    pick_lane_house,
    pick_yard_flat,
    write,
    write_building,
    write_dashes,
    write_inside,
    write_lane_house,
    write_mixed,
    write_room,
    write_unit,
    write_words,
    write_yard_flat,
)
from tests.matching.kinds_numbers import write_mobile
from tests.matching.people import household, write_name, write_surname
from tests.matching.registry import Claim, Sides, claim, same
from tests.matching.world import ALIASES, ROADS, numeral, pick_mobile, pick_name, spell, widen


def filed(rng: Random, city: str, mine: Written, theirs: Written, names: tuple[str, str] | None = None) -> Sides:
    """Two claims at the two addresses, with unlike mobiles."""
    mobile = pick_mobile(rng)
    numbers = mobile, pick_mobile(rng, besides=mobile)
    sides: list[Claim] = []
    for name, number, (community, room) in zip(names or household(rng), numbers, (mine, theirs), strict=True):
        mobile_text = write_mobile(number, rng)
        sides.append(claim(name=name, mobile=mobile_text, city=city, community=community, building_room=room))
    return sides[0], sides[1]


def inside(rng: Random, flat: Flat, mine: str, theirs: str) -> Sides:
    return filed(rng, flat.city, (flat.community, mine), (flat.community, theirs))


@same("address: dashes and words")
def dashes(rng: Random) -> Sides:
    flat = pick_flat(rng)
    return inside(rng, flat, write_dashes(flat, rng), write_words(flat, rng))


@same("address: building sign, rest in dashes")
def mixed(rng: Random) -> Sides:
    flat = pick_flat(rng)
    return inside(rng, flat, write_mixed(flat, rng), write_inside(flat, rng))


@same("address: Chinese numerals")
def numerals(rng: Random) -> Sides:
    flat = pick_flat(rng)
    unit = f"{numeral(flat.unit)}单元" if flat.unit else ""
    room = rng.choice((flat.room, f"{flat.room}室", spell(flat.room), spell(flat.room).replace("零", "〇") + "室"))
    floor = rng.choice(("", f"{numeral(flat.floor)}楼", f"{numeral(flat.floor)}层"))
    building = numeral(int(flat.building)) + rng.choice(("栋", "幢", "号楼"))
    return inside(rng, flat, f"{building}{unit}{floor}{room}", write_inside(flat, rng))


@same("address: leading zeros")
def zeros(rng: Random) -> Sides:
    flat = replace(pick_flat(rng), building=str(rng.randint(1, 9)))
    return inside(rng, flat, write_dashes(flat, rng, zeros=True), write_inside(flat, rng))


@same("address: floor and door")
def floor_and_door(rng: Random) -> Sides:
    flat = pick_flat(rng)
    front = write_building(flat.building, rng) + (write_unit(flat.unit, rng) if flat.unit else "")
    shapes = ("{f}层{d}室", "{f}楼{d}号", "{f}楼{f}{d}房", "{f}层{f}{d}", "{z}楼{d}室", "{f}F-{d}", "{f}楼{d}")
    room = rng.choice(shapes).format(f=flat.floor, d=f"{flat.door:02}", z=numeral(flat.floor))
    return inside(rng, flat, front + room, write_inside(flat, rng))


@same("address: full width")
def full_width(rng: Random) -> Sides:
    flat = pick_flat(rng)
    return inside(rng, flat, widen(write_inside(flat, rng)).replace("#", "＃"), write_inside(flat, rng))


@same("address: phase")
def phase(rng: Random) -> Sides:
    flat = replace(pick_flat(rng), phase=rng.randint(1, 4))
    return filed(rng, flat.city, write(flat, rng), write(flat, rng))


@same("address: section")
def section(rng: Random) -> Sides:
    flat = replace(pick_flat(rng), section=rng.choice(("A区", "B区", "C区", "东区", "西区", "南区", "北区")))
    return filed(rng, flat.city, write(flat, rng), write(flat, rng))


@same("address: city or district in front")
def district(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine = f"{in_front(flat, rng)}{flat.community}", write_inside(flat, rng)
    return filed(rng, flat.city, mine, (flat.community, write_inside(flat, rng)))


@same("address: road in front")
def road(rng: Random) -> Sides:
    flat, street = pick_flat(rng), on_road(rng)
    front = rng.choice((street, f"{flat.district}{street}", rng.choice(ROADS)))
    mine = f"{front}{flat.community}", write_inside(flat, rng)
    return filed(rng, flat.city, mine, (flat.community, write_inside(flat, rng)))


@same("address: the word 小区")
def suffix(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine = f"{flat.community}小区", write_inside(flat, rng)
    return filed(rng, flat.city, mine, (flat.community, write_inside(flat, rng)))


@same("address: brackets and remarks")
def brackets(rng: Random) -> Sides:
    flat = pick_flat(rng)
    shape = rng.choice(("{c}（原纺织厂宿舍）", "{c}(北门进)", "【{c}】", "“{c}”", "「{c}」", "{c}（地铁口旁）", "{c}"))
    remark = rng.choice(("", "（复式）", "(毛坯)", "（电梯左手边）", "【精装】", "(已交房)", "（靠马路那栋）"))
    mine = shape.format(c=flat.community), write_inside(flat, rng) + remark
    return filed(rng, flat.city, mine, (flat.community, write_inside(flat, rng)))


@same("address: building in the community field")
def in_community_field(rng: Random) -> Sides:
    flat = pick_flat(rng)
    building = write_building(flat.building, rng)
    unit = write_unit(flat.unit, rng) if flat.unit else ""
    room = write_room(flat, rng)
    rest = f"{flat.unit}-{flat.room}" if flat.unit else flat.room
    mine = rng.choice(
        (
            (f"{flat.community}{building}", f"{unit}{room}"),
            (f"{flat.community}{building}", rest),
            (f"{flat.community}{building}{unit}", room),
            (f"{flat.community}{building}{unit}{room}", ""),
            (f"{flat.community} {write_dashes(flat, rng)}", ""),
            ("", f"{flat.community}{building}{unit}{room}"),
        )
    )
    return filed(rng, flat.city, mine, (flat.community, write_inside(flat, rng)))


@same("address: letters")
def letters(rng: Random) -> Sides:
    letter = rng.choice("ABCDEFG")
    building = rng.choice((letter, letter, f"{letter}{rng.randint(1, 9)}"))
    flat = replace(pick_flat(rng), building=building)
    written: list[Callable[[Flat, Random], str]] = [write_words, write_words, write_dashes]
    mine, theirs = (rng.choice(written)(flat, rng) for _ in "12")
    return inside(rng, flat, mine, theirs.lower() if rng.random() < 0.5 else theirs)


@same("address: Shanghai lane")
def lane(rng: Random) -> Sides:
    where = pick_lane_house(rng)
    return filed(rng, "上海", write_lane_house(where, rng), write_lane_house(where, rng))


@same("address: Beijing yard")
def yard(rng: Random) -> Sides:
    where = pick_yard_flat(rng)
    return filed(rng, "北京", write_yard_flat(where, rng), write_yard_flat(where, rng))


@same("address: 5号1楼 and 5-1")
def small_numbers(rng: Random) -> Sides:
    flat = pick_flat(rng)
    building, floor = rng.randint(1, 19), rng.randint(1, 7)
    words = f"{building}号{floor}楼", f"{numeral(building)}号{numeral(floor)}楼", f"{building} 号 {floor} 楼"
    dash = f"{building}-{floor}", f"{building:02}-{floor:02}", f"{building}－{floor}"
    return inside(rng, flat, rng.choice(words), rng.choice(words[1:] + dash))


@same("address: several at once")
def several(rng: Random) -> Sides:
    flat = replace(
        pick_flat(rng),
        phase=rng.choice((0, rng.randint(1, 3))),
        section=rng.choice(("", "", "A区", "B区", "南区")),
    )
    mine, theirs = write(flat, rng), write(flat, rng)
    front = in_front(flat, rng) + rng.choice(("", "", on_road(rng)))
    remark = rng.choice(("", "（毛坯）", " 有电梯", "(业主自住)"))
    return filed(rng, flat.city, (front + mine[0], mine[1] + remark), theirs)


@same("address: other names of the community")
def alias(rng: Random) -> Sides:
    city, names = rng.choice([entry for entry in ALIASES if entry[0] != "上海"])
    flat = pick_flat(rng, city=city)
    mine, theirs = rng.sample(names, 2)
    return filed(rng, city, (mine, write_inside(flat, rng)), (theirs, write_inside(flat, rng)))


@same("address: other name of the lane")
def lane_alias(rng: Random) -> Sides:
    city, names = rng.choice([entry for entry in ALIASES if entry[0] == "上海"])
    house, room = rng.randint(1, 60), f"{rng.randint(1, 18)}0{rng.randint(1, 4)}"
    shapes = [f"{house}号{room}室", f"{house}号{room}", f"{house}-{room}", f"{numeral(house)}号{room}室"]
    mine, theirs = rng.sample(shapes, 2)
    return filed(rng, city, (names[0], mine), (names[1], theirs))


def named_alike(rng: Random) -> tuple[str, str]:
    name = pick_name(rng)
    return write_name(name, rng), write_name(name, rng)


@same("address: unit left out, same name")
def no_unit(rng: Random) -> Sides:
    flat = pick_flat(rng, unit=True)
    short = write_inside(replace(flat, unit=0), rng)
    mine, theirs = (flat.community, write_inside(flat, rng)), (flat.community, short)
    return filed(rng, flat.city, mine, theirs, named_alike(rng))


@same("address: unit left out, same surname", firm=False)
def no_unit_surname(rng: Random) -> Sides:
    flat, name = pick_flat(rng, unit=True), pick_name(rng)
    short = write_inside(replace(flat, unit=0), rng)
    names = write_name(name, rng), write_surname(name, rng)
    return filed(rng, flat.city, (flat.community, write_inside(flat, rng)), (flat.community, short), names)


@same("address: phase left out, same name", firm=False)
def no_phase(rng: Random) -> Sides:
    flat = replace(pick_flat(rng), phase=rng.randint(1, 3))
    plain = flat.community, write_inside(flat, rng)
    return filed(rng, flat.city, write(flat, rng), plain, named_alike(rng))


@same("address: city unknown, same name", firm=False)
def no_city(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine, theirs = filed(rng, flat.city, write(flat, rng), write(flat, rng), named_alike(rng))
    return mine, theirs | {"city": ""}


@same("address: only the building, same name", firm=False)
def only_building(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine, theirs = (write_building(flat.building, rng) for _ in "12")
    return filed(rng, flat.city, (flat.community, mine), (flat.community, theirs), named_alike(rng))
