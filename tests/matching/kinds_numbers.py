"""Kinds of pairs that mobile, landline and masked numbers decide."""

from random import Random

from tests.matching.people import gender_of, household, somewhere, strangers, write_anyhow, write_name
from tests.matching.registry import Sides, different, same
from tests.matching.world import (
    AREAS,
    COMMON_NAMES,
    pick_city,
    pick_mobile,
    pick_name,
    pick_subscriber,
    widen,
)

STARS = ("*", "*", "＊", "x", "X", "×", "•")


def grouped(mobile: str, rng: Random) -> str:
    sign = rng.choice((" ", "-", " ", "－", "\u3000", "."))
    return sign.join(rng.choice(((mobile[:3], mobile[3:7], mobile[7:]), (mobile[:4], mobile[4:8], mobile[8:]))))


def write_mobile(mobile: str, rng: Random) -> str:
    shapes = (mobile, mobile, grouped(mobile, rng), f"+86{mobile}", widen(mobile))
    return rng.choice(shapes)


def one_person(rng: Random, mine: dict[str, str], theirs: dict[str, str]) -> Sides:
    """The same person (or a spouse) with the given fields, at two addresses: the number has to decide."""
    names = household(rng)
    first = somewhere(rng, **{"name": names[0]} | mine)
    return first, somewhere(rng, first, **{"name": names[1]} | theirs)


def two_people(rng: Random, mine: dict[str, str], theirs: dict[str, str]) -> Sides:
    names = strangers(rng)
    first = somewhere(rng, **{"name": names[0]} | mine)
    return first, somewhere(rng, first, **{"name": names[1]} | theirs)


@same("mobile: country code")
def country_code(rng: Random) -> Sides:
    mobile = pick_mobile(rng)
    prefix = rng.choice(("+86", "+86 ", "0086", "86", "(+86)", "+86-", "0086-", "（86）", "＋８６"))
    return one_person(rng, {"mobile": mobile}, {"mobile": prefix + rng.choice((mobile, grouped(mobile, rng)))})


@same("mobile: blanks and dashes")
def blanks(rng: Random) -> Sides:
    mobile = pick_mobile(rng)
    return one_person(rng, {"mobile": rng.choice((mobile, grouped(mobile, rng)))}, {"mobile": grouped(mobile, rng)})


@same("mobile: full width")
def full_width(rng: Random) -> Sides:
    mobile = pick_mobile(rng)
    return one_person(rng, {"mobile": write_mobile(mobile, rng)}, {"mobile": widen(grouped(mobile, rng))})


@same("mobile: in the phone field")
def in_phone_field(rng: Random) -> Sides:
    mobile = pick_mobile(rng)
    other = rng.choice(("", pick_mobile(rng, besides=mobile)))
    return one_person(rng, {"mobile": write_mobile(mobile, rng)}, {"mobile": other, "phone": write_mobile(mobile, rng)})


@same("mobile: two in one field")
def two_in_field(rng: Random) -> Sides:
    mobile = pick_mobile(rng)
    both = [write_mobile(mobile, rng), pick_mobile(rng, besides=mobile)]
    rng.shuffle(both)
    sign = rng.choice(("/", "、", "，", ";", " / ", "；", " 或 ", "，老婆"))
    return one_person(rng, {"mobile": sign.join(both)}, {"mobile": mobile})


@same("mobile: with words")
def with_words(rng: Random) -> Sides:
    mobile = pick_mobile(rng)
    shape = rng.choice(("{m}（微信同号）", "{m}微信同号", "手机{m}", "{m} 王姐转", "tel:{m}", "{m}(老公)", "电话：{m}"))
    return one_person(rng, {"mobile": write_mobile(mobile, rng)}, {"mobile": shape.format(m=mobile)})


def write_landline(area: str, number: str, rng: Random) -> str:
    shapes = (
        "{a}-{n}",
        "({a}){n}",
        "（{a}）{n}",
        "{a}{n}",
        "{a} {n}",
        "{a}－{n}",
        "+86 {b} {n}",
        "+86-{b}-{n}",
        "{a}/{n}",
    )
    return rng.choice(shapes).format(a=area, b=area[1:], n=number)


@same("landline: area code")
def area_writing(rng: Random) -> Sides:
    city = pick_city(rng)
    number = pick_subscriber(rng, city)
    mine, theirs = (write_landline(AREAS[city][0], number, rng) for _ in "12")
    return one_person(rng, {"phone": mine}, {"phone": theirs})


@same("landline: area code from the city")
def area_from_city(rng: Random) -> Sides:
    city = pick_city(rng)
    number = pick_subscriber(rng, city)
    local = rng.choice((number, f"{number[:-4]}-{number[-4:]}", widen(number), f"{number[:-4]} {number[-4:]}"))
    whole = rng.choice((write_landline(AREAS[city][0], number, rng), number))
    return one_person(rng, {"phone": local, "city": city}, {"phone": whole, "city": city})


@same("landline: extension")
def extension(rng: Random) -> Sides:
    city = pick_city(rng)
    line, ext = pick_subscriber(rng, city), str(rng.randint(1, 8999))
    shapes = (
        "{n}转{e}",
        "{n}-{e}",
        "{n} ext.{e}",
        "{n}分机{e}",
        "{n} 转 {e}",
        "{n}ext{e}",
        "{n}转分机{e}",
        "{n}（转{e}）",
    )
    mine, theirs = (shape.format(n=f"{AREAS[city][0]}-{line}", e=ext) for shape in rng.sample(shapes, 2))
    return one_person(rng, {"phone": mine}, {"phone": theirs})


@same("landline: area missing, city unknown", firm=False)
def area_unknown(rng: Random) -> Sides:
    city = pick_city(rng)
    number, name = pick_subscriber(rng, city), pick_name(rng)
    mine = {"phone": number, "city": "", "community": "", "building_room": "", "name": write_name(name, rng)}
    theirs = {"phone": write_landline(AREAS[city][0], number, rng), "city": city, "name": write_name(name, rng)}
    return somewhere(rng, **mine), somewhere(rng, **theirs)


@same("landline: extension left out", firm=False)
def extension_left_out(rng: Random) -> Sides:
    city = pick_city(rng)
    line, name = write_landline(AREAS[city][0], pick_subscriber(rng, city), rng), pick_name(rng)
    mine = somewhere(rng, name=write_name(name, rng), phone=line)
    return mine, somewhere(rng, mine, name=write_name(name, rng), phone=f"{line}转{rng.randint(100, 899)}")


def mask34(mobile: str, rng: Random) -> str:
    stars = rng.choice(STARS) * 4
    return rng.choice(("{a}{s}{b}", "{a}{s}{b}", "{a} {s} {b}", "{a}-{s}-{b}")).format(
        a=mobile[:3], s=stars, b=mobile[-4:]
    )


def mask45(mobile: str, rng: Random) -> str:
    stars = rng.choice(STARS) * 2
    return rng.choice(("{a}{s}{b}", "{a}{s}{b}", "{a} {s} {b}")).format(a=mobile[:4], s=stars, b=mobile[-5:])


@same("mask 3+4: full number, same name", firm=False)
def masked34(rng: Random) -> Sides:
    mobile, name = pick_mobile(rng), pick_name(rng)
    mine = somewhere(rng, name=write_name(name, rng), mobile=mask34(mobile, rng))
    return mine, somewhere(rng, mine, name=write_name(name, rng), mobile=write_mobile(mobile, rng))


@same("mask 4+5: full number, same name", firm=False)
def masked45(rng: Random) -> Sides:
    mobile, name = pick_mobile(rng), pick_name(rng)
    gender = gender_of(name)
    mine = somewhere(rng, name=write_name(name, rng), gender=gender, mobile=mask45(mobile, rng))
    theirs = {"name": write_name(name, rng), "gender": gender, "mobile": write_mobile(mobile, rng)}
    return mine, somewhere(rng, mine, **theirs)


@same("mask: two masks, same name", firm=False)
def two_masks(rng: Random) -> Sides:
    mobile, name = pick_mobile(rng), pick_name(rng)
    mine = somewhere(rng, name=write_name(name, rng), mobile=rng.choice((mask34, mask45))(mobile, rng))
    return mine, somewhere(rng, mine, name=write_name(name, rng), mobile=rng.choice((mask34, mask45))(mobile, rng))


@same("mask: completed")
def mask_completed(rng: Random) -> Sides:
    """The full number came later and stands beside the mask."""
    mobile, name = pick_mobile(rng), pick_name(rng)
    masked = rng.choice((mask34, mask45))(mobile, rng)
    completed = rng.choice(
        ({"mobile": masked, "phone": mobile}, {"mobile": f"{masked}（{mobile}）"}, {"mobile": f"{masked} 补全{mobile}"})
    )
    mine = somewhere(rng, **{"name": write_name(name, rng)} | completed)
    return mine, somewhere(rng, mine, name=write_anyhow(name, rng), mobile=write_mobile(mobile, rng))


@different("mobile: one digit off")
def one_digit_off(rng: Random) -> Sides:
    mobile, place = pick_mobile(rng), rng.randrange(3, 11)
    digit = rng.choice([sign for sign in "0123456789" if sign != mobile[place]])
    other = mobile[:place] + digit + mobile[place + 1 :]
    return two_people(rng, {"mobile": write_mobile(mobile, rng)}, {"mobile": write_mobile(other, rng)})


@different("mobile: two digits swapped")
def digits_swapped(rng: Random) -> Sides:
    while True:
        mobile, place = pick_mobile(rng), rng.randrange(3, 10)
        if mobile[place] != mobile[place + 1]:
            break
    other = mobile[:place] + mobile[place + 1] + mobile[place] + mobile[place + 2 :]
    return two_people(rng, {"mobile": write_mobile(mobile, rng)}, {"mobile": write_mobile(other, rng)})


@different("mobile: common name, other number")
def common_name(rng: Random) -> Sides:
    name, mobile = rng.choice(COMMON_NAMES), pick_mobile(rng)
    mine = somewhere(rng, name=write_name(name, rng), mobile=write_mobile(mobile, rng))
    other = write_mobile(pick_mobile(rng, besides=mobile), rng)
    return mine, somewhere(rng, mine, name=write_name(name, rng), mobile=other)


@different("landline: other area")
def other_area(rng: Random) -> Sides:
    city = pick_city(rng)
    elsewhere = pick_city(rng, besides=city, digits=AREAS[city][1])
    number = pick_subscriber(rng, city)
    written = [{"city": there, "phone": write_landline(AREAS[there][0], number, rng)} for there in (city, elsewhere)]
    if rng.random() < 0.4:
        written[rng.randrange(2)]["phone"] = number
    return two_people(rng, *written)


@different("landline: other extension")
def other_extension(rng: Random) -> Sides:
    city = pick_city(rng)
    line = write_landline(AREAS[city][0], pick_subscriber(rng, city), rng)
    mine, theirs = rng.sample(range(100, 900), 2)
    signs = rng.choices(("转", "-", " ext.", "分机"), k=2)
    return two_people(rng, {"phone": f"{line}{signs[0]}{mine}"}, {"phone": f"{line}{signs[1]}{theirs}"})


@different("landline: one digit off")
def landline_off(rng: Random) -> Sides:
    city = pick_city(rng)
    number, place = pick_subscriber(rng, city), rng.randrange(1, AREAS[city][1])
    digit = rng.choice([sign for sign in "0123456789" if sign != number[place]])
    other = number[:place] + digit + number[place + 1 :]
    mine, theirs = (rng.choice((local, write_landline(AREAS[city][0], local, rng))) for local in (number, other))
    return two_people(rng, {"phone": mine, "city": city}, {"phone": theirs, "city": city})


@different("landline: switchboard 400")
def switchboard(rng: Random) -> Sides:
    line = f"400-{rng.randint(100, 999)}-{rng.randint(1000, 9999)}"
    mine, theirs = rng.sample(range(10, 99), 2)
    return two_people(rng, {"phone": f"{line}转{mine}"}, {"phone": f"{line.replace('-', '')}-{theirs}"})


@different("mask: agrees by chance, other name")
def mask_by_chance(rng: Random) -> Sides:
    mobile, write_mask = pick_mobile(rng), rng.choice((mask34, mask45))
    hidden = slice(3, 7) if write_mask is mask34 else slice(4, 6)
    other = mobile[: hidden.start] + f"{rng.randrange(10**4):04}"[: hidden.stop - hidden.start] + mobile[hidden.stop :]
    shown = rng.choice((write_mobile(other, rng), write_mask(other, rng)))
    return two_people(rng, {"mobile": write_mask(mobile, rng)}, {"mobile": shown})


@different("mask: a shown digit disagrees")
def mask_disagrees(rng: Random) -> Sides:
    mobile, name = pick_mobile(rng), rng.choice(COMMON_NAMES)
    other = mobile[:-1] + str((int(mobile[-1]) + rng.randint(1, 9)) % 10)
    mine = somewhere(rng, name=name, mobile=rng.choice((mask34, mask45))(mobile, rng))
    return mine, somewhere(rng, mine, name=name, mobile=write_mobile(other, rng))
