"""Keys of addresses, how they agree, and how an address was understood (MATCH-1, MATCH-2)."""

from core.numerals import chinese
from core.text import fold
from customers.keys.dwellings import is_room_of_tower
from customers.keys.key import Key, KeyKind, agree
from customers.keys.names import full_name
from customers.keys.reading import LONGEST_SLOT, Address, sections, understand
from policies.communities import LONGEST

ANY_BUILDING = "*"
"""In a block stands for the building of a tower, named or not."""


def address_keys(
    city_id: int | None,
    city_name: str,
    community: str,
    building_room: str,
    *,
    known_as: str = "",
    names: tuple[str, ...] = (),
    name: str = "",
) -> tuple[Key, ...]:
    """The address key, and for a complete address that of address and person together. None for a community alone.

    `known_as` is the dictionary's name of the community, `names` are all that it has for it.
    """
    address = understand(city_name, community, building_room, known_as, names)
    key = _key(city_id, address)
    if not key:
        return ()
    person = full_name(name) if address.whole else ""
    if not person:
        return (key,)
    return key, Key(KeyKind.ADDRESS_NAME, f"{key.block}|{person}"[:250], detail=key.detail)


def _key(city_id: int | None, address: Address) -> Key | None:
    """The value holds all that tells flats apart except the district, which people leave out, so it is a detail.

    So is the building in a tower, where many say no more than the room.
    """
    flat = address.flat
    if not address.community or not (flat.building or flat.room):
        return None
    city = "" if city_id is None else str(city_id)
    first_room = flat.room.partition("+")[0]
    surroundings = city, address.place.district[:LONGEST_SLOT], flat.phase, flat.section
    details = (*surroundings, flat.unit, flat.side, address.place.zone[:LONGEST_SLOT])
    tower = is_room_of_tower(address.community, flat.room)
    return Key(
        KeyKind.ADDRESS,
        "|".join((city, address.community, *flat[:5])) + (flat.side and f"|{flat.side}"),
        block="|".join((address.community, ANY_BUILDING if tower else flat.building, first_room)),
        detail="|".join((*details, flat.building) if tower else details),
        exact=bool(city_id and address.whole),
    )


def address_evidence(mine: Key, theirs: Key) -> str:
    """What two address keys have in common.

    address: the flat; address_part: building and room, while a detail is unknown on one side; building: one of the two.
    """
    if mine.kind != theirs.kind or not agree(mine.detail, theirs.detail):
        return ""
    if mine.exact and theirs.exact and mine.value == theirs.value:
        return "address"
    if not mine.block or mine.block != theirs.block:
        return ""
    _community, building, room = mine.block.split("|")
    return "address_part" if building and room else "building"


def canonical_address(
    city_id: int | None,
    city_name: str,
    community: str,
    building_room: str,
    known_as: str = "",
    names: tuple[str, ...] = (),
) -> str:
    """The value by which two addresses of one filer are compared; the folded text where nothing is understood."""
    key = _key(city_id, understand(city_name, community, building_room, known_as, names))
    if key:
        return key.value
    texts = fold(community[:LONGEST]), fold(building_room[:LONGEST])
    return "|".join(("" if city_id is None else str(city_id), *texts))[:250] if any(texts) else ""


def communities_of(community: str, city_name: str = "", building_room: str = "") -> tuple[str, ...]:
    """The plain names to ask the dictionary for, with phase or section and without: the first known one counts."""
    address = understand(city_name, community, building_room)
    return tuple(dict.fromkeys(name for name in (address.spelt, address.community) if name))


def address_words(city_name: str, community: str, building_room: str, known_as: str = "") -> str:
    """How an address was understood, in Chinese: 南宁 · 幸福里 · 二期 · 3 栋 2 单元 1601; "" where it was not."""
    address = understand(city_name, community, building_room, known_as)
    flat = address.flat
    if not address.community:
        return ""
    inner = (
        f"{flat.building.replace('+', '、').upper()} 栋" if flat.building else "",
        f"{flat.unit.upper()} 单元" if flat.unit else "",
        flat.room.replace("+", "、").upper(),
        f"{flat.side}户" if flat.side else "",
    )
    parts = (
        city_name.strip(),
        address.place.district or address.place.zone,
        address.community.upper(),
        *(f"{chinese(int(part)) if part.isdigit() else part.upper()}期" for part in flat.phase.split("+") if part),
        *(part.upper() for part in sections(flat.section)),
        " ".join(part for part in inner if part),
    )
    return " · ".join(part for part in parts if part)
