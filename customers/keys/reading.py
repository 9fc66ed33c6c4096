"""From the two fields of an address to what they mean: place, community, and the flat in it.

Community and building are read as one text, since either may hold what belongs into the other. Nothing is compared by
likeness: what is not understood stays as it was typed and tells apart.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from core.numerals import NUMERALS
from customers.keys.dwellings import is_tower, is_whole
from customers.keys.places import ROAD_END, ROAD_ONLY, Place, cut_district_behind, cut_regions, cut_road
from customers.keys.tokens import Token, prepare, read_tokens
from customers.keys.units import Flat, read_flat
from policies.communities import LONGEST, is_name, plain_name, says_nothing, tidy

LONGEST_NAME = 60
LONGEST_SLOT = 16
HIGHEST_BUILDING = 60
"""A higher number right behind a name, with a whole flat behind it, is part of the name: 阳光100 3-1601."""
STRONG = {"building", "unit", "room", "shop"}
SURROUNDINGS = {"phase", "section", "row"}
WEAK = {"number", "bare", "storey", "floor", "side"}
FILLERS = re.compile(
    "(?:复式|跃层|跃式|洋房|小?高层|别墅|叠墅|联排|商铺|门面|住宅|公寓|院|楼|号|栋|单元|室|房|层|内|的|在|之| )+"
)
REMARKS = re.compile(
    "(?:地址|住址|家住|住在?|位于|在|客户|业主|收货|送货到?|送到|本?小区内?|楼盘|新房|旧房|老房|毛坯|精装|现房|期房|电梯房?"
    "|复式|跃层|自住|我?家里?|的|是|为|楼栋|号码| )+"
)
NAME_IN_BRACKETS = re.compile("([路街道巷]\\s?[0-9０-９]{1,5}[号弄])[(（【]([^()（）【】]{2,20})[)）】]\\s*$")
YARD = re.compile(r"[0-9]{1,5}(?:号大?院|弄)")
NAME_END = re.compile("(?:小区|花园|家园|公寓|新村|山庄|雅居|苑|弄|院)$")
ALLEY = re.compile(rf"第?[0-9{NUMERALS}]{{1,4}}(?:巷|里|胡同|支路)")
GROUP_END = re.compile(r"(?:组团|(?<![小社])区)$")
BEFORE_GROUP = set("里苑园城府庭湾郡居轩邸村庄院区庐墅坊")
SMALL_NUMERALS = set("一二三四五六七八九十")


class Address(NamedTuple):
    """An address as understood; what is not known is empty.

    `spelt` is the community with phase and section as they were typed, in its plain form: a dictionary may know it as a
    name of its own. `sure` is False where equal addresses need not be one: the community is 无 or a district alone, or
    something was too long to be kept whole.
    """

    place: Place
    community: str
    flat: Flat
    spelt: str = ""
    sure: bool = True

    @property
    def whole(self) -> bool:
        """Down to the room or the only house, so that equal ones in one city are one home."""
        return self.sure and is_whole(self.community, self.flat)


def understand(
    city_name: str, community: str, building_room: str, known_as: str = "", names: tuple[str, ...] = ()
) -> Address:
    """What people meant; the same for what they meant, written out again.

    `known_as` is the dictionary's name of the community, `names` are all that it has: where one of them says the phase
    or section that was typed, the dictionary's name stands for that too.
    """
    address = _read(city_name, community, building_room, known_as, names)
    for _again in range(3):
        read_again = _read(city_name, address.community, written(address.flat), known_as, names)
        if (read_again.community, read_again.flat) == (address.community, address.flat):
            return address
        address = read_again._replace(place=address.place, spelt=address.spelt, sure=address.sure and read_again.sure)
    return address._replace(community="")


def sections(section: str) -> list[str]:
    """The sections of a flat as they are written: A区, 东区, 桂花苑."""
    return [f"{part}区" if len(part) == 1 or part.isdigit() else part for part in section.split("+") if part]


def written(flat: Flat) -> str:
    """A flat as one would type it to be understood so again."""
    room = flat.room.replace("+", " ")
    room_word = "" if not room or room.endswith("铺") else "户" if room in "东西南北中左右" else "室"
    parts = [
        *(f"{part}期" for part in flat.phase.split("+") if part),
        *sections(flat.section),
        flat.building and flat.building.replace("+", "栋") + "栋",
        flat.unit and f"{flat.unit}单元",
        room + room_word,
        flat.side and f"{flat.side}户",
    ]
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=2048)
def _read(city_name: str, community: str, building_room: str, known_as: str, names: tuple[str, ...]) -> Address:
    city = re.sub(r"(?<=\w\w)市$", "", tidy(city_name).replace(" ", ""))
    typed = prepare(tidy(NAME_IN_BRACKETS.sub(r"\1 \2", community[:LONGEST])))
    behind = prepare(tidy(building_room))
    if YARD.match(behind) or _lacks_name(typed, behind, city):
        typed, behind = f"{typed} {behind}".strip(), ""
    place, rest = cut_regions(typed, city)
    place_behind, rest = cut_district_behind(rest, city)
    front_place, front, back = _read_back(behind, city)
    name, tail = _head_and_tail(read_tokens(cut_road(rest)), back)
    if [token.kind for token in back[:2]] == ["number", "building"] and ROAD_END.search(name):
        name, back = name + back[0].raw, back[1:]
    if ALLEY.fullmatch(front) and not (known_as or tail):
        name, front = name + front, ""
    spelt = plain_name(name + "".join(token.raw for token in tail if token.kind in SURROUNDINGS))
    group = ""
    if spelt in names:
        tail = [token for token in tail if token.kind not in SURROUNDINGS]
    else:
        name, group = _part_group(name)
    plain = plain_name(known_as) or plain_name(name)
    plain = "" if plain.isdigit() else plain
    flat = read_flat([*tail, *back], tower=is_tower(plain))
    parts = (*flat.section.split("+"), _group_name(group), _section(front, plain, plain_name(name)))
    flat = flat._replace(section="+".join(dict.fromkeys(part for part in parts if part)))
    kept = Flat(*(part[:LONGEST_SLOT] for part in flat))
    is_place = not cut_regions(plain, city, behind=True)[1]
    return Address(
        place=place.around(place_behind).around(front_place),
        community=plain[:LONGEST_NAME],
        flat=kept,
        spelt=spelt[:LONGEST_NAME],
        sure=kept == flat and len(plain) <= LONGEST_NAME and not is_place and not says_nothing(plain),
    )


def _lacks_name(typed: str, behind: str, city: str) -> bool:
    """Whether the community's field says no more than a region, or a road where the other field has a name."""
    rest = cut_regions(typed, city, behind=True)[1]
    return not rest or (bool(ROAD_ONLY.fullmatch(rest)) and is_name(_read_back(behind, city)[1]))


def _read_back(behind: str, city: str) -> tuple[Place, str, list[Token]]:
    """The field of building and room: a place that is told there too, words before the numbers, and the numbers."""
    place, rest = cut_regions(behind, city)
    front, back = _parted(read_tokens(cut_road(rest)))
    front_place, front = cut_regions(front, city, behind=True)
    return place.around(front_place), front, back


def _parted(tokens: Sequence[Token]) -> tuple[str, list[Token]]:
    """Words in front of the first number, and the numbers up to the first words that are a remark."""
    front: list[str] = []
    back: list[Token] = []
    for token in tokens:
        inside = any(kept.kind not in SURROUNDINGS for kept in back)
        if token.kind != "text":
            back.append(token)
        elif not inside:
            front.append(token.raw)
        elif not FILLERS.fullmatch(token.raw):
            break
    return "".join(front).strip(), back


def _section(front: str, plain: str, name: str) -> str:
    """Words between community and building: the community again, a remark, or a part of the community."""
    words = _group_name(front)
    for known in (plain, name):
        if known and words.startswith(known):
            words = words[len(known) :]
    return "" if len(words) < 2 or name.endswith(words) or REMARKS.fullmatch(words) else words


def _part_group(name: str) -> tuple[str, str]:
    """A community and its named group: 幸福里桂园组团 is 幸福里 and 桂园. A group has two signs, rarely three."""
    words = name.removesuffix("组团")
    if words == name:
        return name, ""
    apart = words.rfind(" ")
    ends = (apart, len(words) - 2, len(words) - 3, len(words) - 2)
    for place, end in enumerate(ends):
        front, group = words[: max(end, 0)].rstrip(), words[max(end, 0) :].strip()
        likely = place in (0, len(ends) - 1) or front[-1:] in BEFORE_GROUP
        if likely and len(group) > 1 and is_name(front):
            return front, group
    return name, ""


def _group_name(words: str) -> str:
    """Words for a part of a community in their plain form: 桂园组团 and 桂园区 are 桂园."""
    plain = plain_name(words)
    shorter = GROUP_END.sub("", plain)
    return shorter if len(shorter) > 1 else plain


def _head_and_tail(tokens: Sequence[Token], back: Sequence[Token]) -> tuple[str, list[Token]]:
    """The community's name as typed, and the numbers behind it. Phases go out wherever they stand."""
    split = _split(tokens, back)
    head = tokens[:split]
    phases = [token for token in head if token.kind == "phase"]
    _front, tail = _parted(tokens[split:])
    return (_words(head), [*phases, *tail]) if _words(head) else ("".join(token.raw for token in tokens), [])


def _words(tokens: Sequence[Token]) -> str:
    return "".join(token.raw for token in tokens if token.kind != "phase")


def _split(tokens: Sequence[Token], back: Sequence[Token]) -> int:
    """Where the name ends: before the first word such as 栋, before several numbers, or before one at the end."""
    explicit = any(token.kind == "building" for token in back)
    starts = (
        at
        for at, token in enumerate(tokens)
        if (_is_strong(token) or (not explicit and _begins_run(tokens, at))) and is_name(_words(tokens[:at]))
    )
    start = next(starts, len(tokens))
    kinds = SURROUNDINGS
    if start == len(tokens) or tokens[start].kind in ("unit", "room", "shop"):
        kinds = SURROUNDINGS | WEAK
    split = _walk_back(tokens, start, kinds)
    first = next((at for at in range(split, len(tokens)) if tokens[at].kind not in SURROUNDINGS), len(tokens))
    number, rest = tokens[first : first + 1], tokens[first + 1 :]
    if not number or number[0].kind not in WEAK or _is_strong(number[0]):
        return split
    return split if _is_building(number[0], _words(tokens[:first]), rest, back) else first + 1


def _walk_back(tokens: Sequence[Token], end: int, kinds: set[str]) -> int:
    while end and tokens[end - 1].kind in kinds and is_name(_words(tokens[: end - 1])):
        end -= 1
    return end


def _is_strong(token: Token) -> bool:
    """No name ends so: with a word such as 栋, or 25#, which unlike 25号 is no name."""
    return token.kind in STRONG or (token.kind == "number" and "#" in token.raw)


def _begins_run(tokens: Sequence[Token], at: int) -> bool:
    """Whether two numbers stand here of which the second is no building."""
    following = tokens[at + 1 : at + 2]
    return tokens[at].kind in WEAK and bool(following) and following[0].kind in {*WEAK, "unit", "room"}


def _is_building(only: Token, name: str, rest: Sequence[Token], back: Sequence[Token]) -> bool:
    """Whether a number without a word such as 栋, right behind a name, is the building.

    Not where the building stands behind it (江南8号, 3栋), unless the name is complete without (桂雨花园12号, 2-301).
    """
    inner = [*rest, *back]
    if any(token.kind == "building" for token in inner):
        return False
    complete = bool(read_flat(inner).building)
    if only.kind == "number":
        numeral = only.raw[0] in SMALL_NUMERALS or only.number == "1"
        if complete:
            return bool(NAME_END.search(name)) and not numeral
        return bool(inner) or not (numeral or ROAD_END.search(name))
    if only.kind == "bare" and only.glued and len(only.number) > 2 and is_tower(plain_name(name)):
        return True
    if only.kind == "bare" and only.glued:
        return bool(rest) and (not complete or (only.number.isdigit() and int(only.number) <= HIGHEST_BUILDING))
    return bool(rest) or not complete
