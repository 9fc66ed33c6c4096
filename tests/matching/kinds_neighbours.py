"""Kinds of *different* pairs that live near each other, or seem to."""

from dataclasses import replace
from random import Random

from tests.matching.addresses import (
    Flat,
    pick_flat,
    pick_lane_house,
    pick_yard_flat,
    write,
    write_inside,
    write_lane_house,
    write_yard_flat,
)
from tests.matching.kinds_addresses import filed
from tests.matching.people import other_city, strangers, write_name
from tests.matching.registry import Sides, different
from tests.matching.world import ALIASES, COMMON_NAMES, DISTRICTS, LOOK_ALIKES, pick_community, pick_name, surname_of


def neighbours(rng: Random, mine: Flat, theirs: Flat) -> Sides:
    """Two households with other names."""
    return filed(rng, mine.city, write(mine, rng), write(theirs, rng), strangers(rng))


def other_of(rng: Random, number: int, low: int, high: int) -> int:
    return rng.choice([other for other in range(low, high + 1) if other != number])


@different("neighbour: next door")
def next_door(rng: Random) -> Sides:
    flat = pick_flat(rng)
    return neighbours(rng, flat, replace(flat, door=other_of(rng, flat.door, 1, 6)))


@different("neighbour: other floor")
def other_floor(rng: Random) -> Sides:
    flat = pick_flat(rng)
    return neighbours(rng, flat, replace(flat, floor=other_of(rng, flat.floor, 2, 33)))


@different("neighbour: other unit")
def other_unit(rng: Random) -> Sides:
    flat = pick_flat(rng, unit=True)
    return neighbours(rng, flat, replace(flat, unit=other_of(rng, flat.unit, 1, 4)))


@different("neighbour: other building")
def other_building(rng: Random) -> Sides:
    flat = pick_flat(rng)
    return neighbours(rng, flat, replace(flat, building=str(other_of(rng, int(flat.building), 1, 28))))


@different("neighbour: other phase")
def other_phase(rng: Random) -> Sides:
    flat = replace(pick_flat(rng), phase=rng.randint(1, 4))
    return neighbours(rng, flat, replace(flat, phase=other_of(rng, flat.phase, 1, 4)))


@different("neighbour: other section")
def other_section(rng: Random) -> Sides:
    mine, theirs = rng.choice((("A区", "B区"), ("东区", "西区"), ("南区", "北区"), ("B区", "C区"), ("北区", "东区")))
    flat = replace(pick_flat(rng), section=mine)
    return neighbours(rng, flat, replace(flat, section=theirs))


@different("neighbour: other letter")
def other_letter(rng: Random) -> Sides:
    mine, theirs = rng.sample("ABCDEF", 2)
    number = rng.choice(("", "", str(rng.randint(1, 6))))
    flat = replace(pick_flat(rng), building=mine + number)
    return neighbours(rng, flat, replace(flat, building=theirs + number))


@different("neighbour: digits regrouped")
def regrouped(rng: Random) -> Sides:
    """12-1-601 and 1-21-601: the same digits, cut elsewhere."""
    flat = pick_flat(rng, unit=False)
    one, two, room = rng.randint(1, 2), rng.randint(1, 3), f"{rng.randint(2, 9)}0{rng.randint(1, 4)}"
    mine, theirs = rng.choice(
        (
            (f"{one}{two}-1-{room}", f"{one}-{two}1-{room}"),
            (f"{one}-{two}-1{room}", f"{one}{two}-1{room}"),
            (f"{one}-{two}-1{room}", f"{one}-{two}1-{room}"),
            (f"{one}{two}栋{room}", f"{one}栋{two}{room}"),
            (f"{one}{two}栋1单元{room}", f"{one}栋{two}1单元{room}"),
            (f"{one}-1{room}", f"{one}1-{room}"),
        )
    )
    community = flat.community
    return filed(rng, flat.city, (community, mine), (community, theirs), strangers(rng))


@different("neighbour: 5号1楼 and 1栋5号")
def turned_round(rng: Random) -> Sides:
    flat = pick_flat(rng)
    building, floor = rng.sample(range(1, 9), 2)
    mine = rng.choice((f"{building}号{floor}楼", f"{building}-{floor}", f"{building}号{floor}楼"))
    theirs = rng.choice((f"{floor}栋{building}号", f"{floor}-{building}", f"{floor}号{building}楼"))
    return filed(rng, flat.city, (flat.community, mine), (flat.community, theirs), strangers(rng))


@different("neighbour: building and unit swapped")
def swapped(rng: Random) -> Sides:
    flat = pick_flat(rng, unit=True)
    flat = replace(flat, building=str(other_of(rng, flat.unit, 1, 8)))
    return neighbours(rng, flat, replace(flat, building=str(flat.unit), unit=int(flat.building)))


@different("neighbour: father and son next door")
def father_and_son(rng: Random) -> Sides:
    flat, father = pick_flat(rng), pick_name(rng)
    surname = surname_of(father)
    son = surname + pick_name(rng, besides=father)[-1]
    other = replace(flat, door=other_of(rng, flat.door, 1, 4))
    names = rng.choice(
        ((father, son), (f"{surname}先生", son), (f"{surname}先生", f"{surname}先生"), (father, f"{surname}总"))
    )
    return filed(rng, flat.city, write(flat, rng), write(other, rng), names)


@different("neighbour: same name, same community")
def namesakes(rng: Random) -> Sides:
    flat = pick_flat(rng)
    away = pick_flat(rng, city=flat.city)
    building, name = str(other_of(rng, int(flat.building), 1, 28)), rng.choice(COMMON_NAMES)
    other = replace(away, community=flat.community, district=flat.district, building=building)
    names = write_name(name, rng), write_name(name, rng)
    return filed(rng, flat.city, write(flat, rng), write(other, rng), names)


@different("neighbour: same name, other unit or floor")
def namesakes_in_house(rng: Random) -> Sides:
    flat, name = pick_flat(rng, unit=True), rng.choice(COMMON_NAMES)
    moved = replace(flat, unit=other_of(rng, flat.unit, 1, 4)), replace(flat, floor=other_of(rng, flat.floor, 2, 33))
    names = write_name(name, rng), write_name(name, rng)
    return filed(rng, flat.city, write(flat, rng), write(rng.choice(moved), rng), names)


@different("community: other city")
def community_elsewhere(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine, theirs = neighbours(rng, flat, flat)
    return mine, theirs | {"city": other_city(rng, flat.city)}


@different("community: other district")
def community_in_district(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine, theirs = neighbours(rng, flat, flat)
    fronts = rng.sample(DISTRICTS[flat.city], 2)
    sides = []
    for side, front in zip((mine, theirs), fronts, strict=True):
        whole = rng.choice((front, f"{flat.city}市{front}", front))
        sides.append(side | {"community": whole + side["community"]})
    return sides[0], sides[1]


@different("community: looks alike")
def look_alike(rng: Random) -> Sides:
    flat = pick_flat(rng)
    mine, theirs = rng.choice(LOOK_ALIKES)
    return neighbours(rng, replace(flat, community=mine), replace(flat, community=theirs))


@different("community: one tail for another")
def other_tail(rng: Random) -> Sides:
    flat = pick_flat(rng)
    head = rng.choice(("翠屏", "枫林", "望江", "凤凰", "金湖", "白鹭"))
    mine, theirs = rng.sample(("花园", "苑", "公馆", "新村", "豪庭", "湾", "府", "花城"), 2)
    return neighbours(rng, replace(flat, community=head + mine), replace(flat, community=head + theirs))


@different("community: two of the dictionary")
def two_entries(rng: Random) -> Sides:
    one, other = ALIASES[0][1], ALIASES[1][1]
    flat = pick_flat(rng, city="南宁")
    return neighbours(rng, replace(flat, community=rng.choice(one)), replace(flat, community=rng.choice(other)))


@different("lane: other lane, house, room or road")
def other_lane(rng: Random) -> Sides:
    where = pick_lane_house(rng)
    other = rng.choice(
        (
            replace(where, lane=where.lane + rng.choice((1, 10, 100))),
            replace(where, house=other_of(rng, where.house, 1, 99)),
            replace(where, room=f"{where.room[:-1]}{other_of(rng, int(where.room[-1]), 1, 6)}"),
            replace(where, road="虹梅路"),
        )
    )
    return filed(rng, "上海", write_lane_house(where, rng), write_lane_house(other, rng), strangers(rng))


@different("yard: other yard or building")
def other_yard(rng: Random) -> Sides:
    where = pick_yard_flat(rng)
    turned = replace(where, yard=where.yard + 1)
    if where.yard != where.building and rng.random() < 0.5:
        turned = replace(where, yard=max(where.building, 1), building=where.yard)
    other = rng.choice((turned, replace(where, unit=other_of(rng, where.unit, 1, 6))))
    return filed(rng, "北京", write_yard_flat(where, rng), write_yard_flat(other, rng), strangers(rng))


@different("room: 16A and 16B")
def other_letter_of_room(rng: Random) -> Sides:
    flat = pick_flat(rng)
    floor, (mine, theirs) = rng.randint(3, 30), rng.sample("ABCDE", 2)
    front = rng.choice((f"{flat.building}栋", f"{flat.building}-", f"{flat.building}座"))
    return filed(
        rng,
        flat.city,
        (flat.community, f"{front}{floor}{mine}"),
        (flat.community, f"{front}{floor}{theirs}"),
        strangers(rng),
    )


@different("address: same rooms, other community")
def same_rooms(rng: Random) -> Sides:
    flat = pick_flat(rng)
    inside = write_inside(flat, rng)
    theirs = pick_community(rng, besides=flat.community), rng.choice((inside, write_inside(flat, rng)))
    return filed(rng, flat.city, (flat.community, inside), theirs, strangers(rng))
