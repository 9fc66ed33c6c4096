"""Communities in which less than building and room is a whole address: a tower by itself, a village with its teams."""

import re

from customers.keys.units import Flat
from policies.communities import is_name, says_nothing

CENTRES = "国际|商务|商贸|金融|财富|世贸|贸易|环球|企业|总部|科技|创业|创新|信息|传媒|会展"
TOWER = re.compile(
    rf"(?:大厦|商厦|大楼|主楼|(?:写字|商务|办公|综合|宿舍|家属|商住)楼|公寓|(?:{CENTRES})中心|酒店|宾馆|饭店|旅馆"
    r"|(?<!双)(?<!双子)塔)$"
)
SORTS = re.compile(
    "(?:单身|酒店式?|商住|商务|员工|职工|学生|教师|人才|白领|青年|老年|出租|快捷|城市|精品|高层|小区|写字)+"
)
"""Before 公寓 and the like these say what sort of house it is, not which."""
WHOLE_ROOM = re.compile(r"[0-9]{3}|^[0-9]{1,2}[a-z]$")
"""Tells the floor too: 1803, 18层1502, 18a."""
VILLAGE = re.compile("(?<!山)(?<!度假)[村屯庄寨坡垌]$")
TEAM = re.compile(r"[组队社](?:\+|$)")


def is_tower(name: str) -> bool:
    """Whether a plain name is that of one building: 绿地大厦, t3公寓."""
    found = TOWER.search(name)
    front = name[: found.start()] if found else ""
    return len(front) > 1 and is_name(name) and not SORTS.fullmatch(front) and not says_nothing(name)


def is_room_of_tower(name: str, room: str) -> bool:
    """Whether the room is one of a tower, wherever in it: 1803 of 绿地大厦."""
    return bool(WHOLE_ROOM.search(room)) and is_tower(name)


def is_whole(name: str, flat: Flat) -> bool:
    """Whether a flat is known down to the room, or to the house in a village: 石埠村6队23号."""
    if flat.building:
        return bool(flat.room) or bool(TEAM.search(flat.section) and VILLAGE.search(name))
    return is_room_of_tower(name, flat.room)
