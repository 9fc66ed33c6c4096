"""Phase, section, building, unit, floor and room out of the numbers behind a community's name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from customers.keys.tokens import HIDDEN, Token


class Flat(NamedTuple):
    """Where behind a community's name. `side` is 东 of 东户."""

    phase: str = ""
    section: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    side: str = ""


@dataclass
class Reading:
    """Tokens on their way into a flat."""

    phase: list[str] = field(default_factory=list)
    section: list[str] = field(default_factory=list)
    building: list[str] = field(default_factory=list)
    unit: str = ""
    floor: str = ""
    numbers: list[Token] = field(default_factory=list)
    side: str = ""


def read_flat(tokens: Sequence[Token], *, tower: bool = False) -> Flat:
    """The roles of tokens. The first number is the building unless a word says otherwise, the last one the room.

    In a `tower`, which is a building itself, a number that can be a room or a floor is one.
    """
    reading = Reading()
    said = [token for token in tokens if token.number.strip("0")]
    parts = [token for token in said if not _take_surroundings(reading, token)]
    parts = parts if tower and _begins_with_room(parts) else _take_building(reading, parts)
    for token in parts:
        _take_inner(reading, token)
    room = _room(reading)
    side = reading.side
    if side and not room:
        room, side = side, ""
    building = "+".join(dict.fromkeys(reading.building))
    room = room if building or tower else room.partition("+")[0]
    flat = Flat(_joined(reading.phase), _joined(reading.section), building, reading.unit, room, side)
    return Flat(*("" if HIDDEN in part else part for part in flat))


def _joined(numbers: Sequence[str]) -> str:
    return "+".join(dict.fromkeys(number for number in numbers if number))


def _take_surroundings(reading: Reading, token: Token) -> bool:
    """Take what is no part of a building's number; whether it was that."""
    if token.kind == "phase":
        reading.phase.append(token.number)
    elif token.kind == "section":
        reading.section.append(token.number)
    elif token.kind == "row":
        reading.section.append(token.number + token.raw[-1])
    else:
        return token.kind == "text"
    return True


def _take_building(reading: Reading, parts: list[Token]) -> list[Token]:
    """Take the building, explicit or the first number; what is left are unit, floor and room."""
    explicit = next((place for place, token in enumerate(parts) if token.kind == "building"), None)
    if explicit is not None:
        return _take_explicit_building(reading, parts, explicit)
    if not parts:
        return []
    first, *others = parts
    if first.kind == "number" or (first.kind == "storey" and _storey_is_building(first, others)):
        reading.building.append(first.number)
        return others
    if first.kind != "bare":
        return parts
    if not others and (joined := re.fullmatch(r"([a-z])([0-9]{3,4})", first.number)):
        reading.building.append(joined[1])
        return [replace(first, number=joined[2])]
    if not others and _figures(first.number) > 99:
        return parts
    if _has_phase(parts):
        reading.phase.append(first.number)
        first, *others = others
    reading.building.append(first.number)
    return others


def _begins_with_room(parts: Sequence[Token]) -> bool:
    """Whether a room without a building comes first, 1803 or 1803号, or floor and room as in 18-03."""
    if not parts or parts[0].kind not in ("bare", "number") or any(token.kind == "building" for token in parts):
        return False
    first, *others = parts
    padded = bool(others) and others[0].kind in ("bare", "room") and others[0].padded
    return first.number[0].isdigit() and (_figures(first.number) > 99 or (padded and not first.padded))


def _take_explicit_building(reading: Reading, parts: list[Token], place: int) -> list[Token]:
    """Before the building's number, a letter is part of it (A-3栋), a figure the phase (1-3栋), a 号 the street's."""
    letter = ""
    left = []
    for token in parts[:place]:
        if token.kind == "bare" and token.number.isalpha() and parts[place].number.isdigit():
            letter = token.number
        elif token.kind == "bare":
            reading.phase.append(token.number)
        elif token.kind == "number":
            reading.section.append(f"{token.number}号")
        else:
            left.append(token)
    reading.building.append(letter + parts[place].number)
    for token in parts[place + 1 :]:
        if token.kind != "building":
            left.append(token)
        elif token.number.isalpha() and token.number.isascii() and reading.building[0].isdigit():
            reading.building[0] += token.number
        else:
            reading.building.append(token.number)
    return left


def _storey_is_building(first: Token, others: Sequence[Token]) -> bool:
    """3楼2单元1601 and 3楼1601 are in building 3; 16楼1601, 3楼 and 3楼2号 are on a floor."""
    if any(token.kind in ("unit", "floor", "storey") for token in others):
        return True
    room = next((_figures(token.number) for token in others if token.kind in ("room", "bare", "number")), 0)
    return room > 99 and str(room // 100) != first.number


def _has_phase(parts: Sequence[Token]) -> bool:
    """Four numbers of which the last is a whole room: 1-3-2-1601, but not 3-2-16-1601 with the floor said twice."""
    if len(parts) != 4 or any(token.kind != "bare" for token in parts):
        return False
    floor, room = _figures(parts[2].number), _figures(parts[3].number)
    return room > 99 and room // 100 != floor


def _take_inner(reading: Reading, token: Token) -> None:
    if token.kind == "unit" and not reading.unit:
        reading.unit = token.number
    elif token.kind in ("floor", "storey") and not reading.floor:
        reading.floor = token.number
    elif token.kind == "side":
        reading.side = reading.side or token.number
    elif token.kind == "shop":
        reading.numbers.append(replace(token, number=f"{token.number}铺"))
    else:
        reading.numbers.append(token)


def _room(reading: Reading) -> str:
    """The room out of floor and numbers: 16层01室, 16-01 and 1601 are one; behind "+" what is more than one room."""
    numbers = list(reading.numbers)
    if not numbers:
        return reading.floor
    if not (reading.unit or reading.floor) and reading.building and len(numbers) > 1 and _is_unit(numbers):
        reading.unit = numbers.pop(0).number
    if not reading.floor and len(numbers) > 1 and _is_floor(numbers[0], numbers[1], sure=bool(reading.unit)):
        reading.floor = numbers.pop(0).number
    first, *more = numbers
    room = _on_floor(reading.floor, first.number)
    if more and room.isdigit() and len(more[0].number) == 1 and more[0].number.isalpha():
        room += more.pop(0).number
    rooms = [
        token.number for token in more if not (token.kind == "room" and _figures(token.number) < 10 < _figures(room))
    ]
    return "+".join(dict.fromkeys([room, *rooms]))


def _is_unit(numbers: Sequence[Token]) -> bool:
    """Whether the first of several numbers behind a building is a unit rather than a floor or the room."""
    first, second = numbers[:2]
    if _figures(first.number) > 99:
        return False
    return len(numbers) > 2 or not _is_floor(first, second)


def _is_floor(first: Token, second: Token, *, sure: bool = False) -> bool:
    """Whether two numbers are floor and room: a zero before the room's, or too high for a unit, or the room says so."""
    floor, room = _figures(first.number), _figures(second.number)
    if not first.number.isdigit() or not floor or floor > 99:
        return False
    if room > 99:
        return room // 100 == floor and (sure or floor > 9)
    return (
        sure
        or floor > 9
        or (second.number.isalpha() and second.number.isascii())
        or (second.padded and not first.padded)
    )


def _on_floor(floor: str, number: str) -> str:
    figures = _figures(number)
    if not floor or (figures > 99 and str(figures // 100) == floor):
        return number
    if number.isdigit() and floor.isdigit() and figures < 100:
        return f"{floor}{figures:02}"
    return f"{floor}{number}" if number.isalpha() else f"{floor}层{number}"


def _figures(number: str) -> int:
    """The first figures in a number such as 1601a; 0 without any."""
    found = re.search("[0-9]+", number)
    return int(found[0]) if found else 0
