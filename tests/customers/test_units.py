"""The roles of numbers: phase, section, building, unit, room and side."""

import pytest

from customers.keys.tokens import prepare, read_tokens
from customers.keys.units import Flat, read_flat
from policies.communities import tidy


def flat_of(text):
    return read_flat(read_tokens(prepare(tidy(text))))


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("3-2-1601", Flat(building="3", unit="2", room="1601")),
        ("3-1601", Flat(building="3", room="1601")),
        ("3-2-5", Flat(building="3", unit="2", room="5")),
        ("3-16-01", Flat(building="3", room="1601")),
        ("3-16-1601", Flat(building="3", room="1601")),
        ("3-2-201", Flat(building="3", unit="2", room="201")),
        ("3-2-2-201", Flat(building="3", unit="2", room="201")),
        ("3-2-16-1", Flat(building="3", unit="2", room="1601")),
        ("1-3-2-1601", Flat(phase="1", building="3", unit="2", room="1601")),
        ("1-3栋1601", Flat(phase="1", building="3", room="1601")),
        ("A-3栋1601", Flat(building="a3", room="1601")),
        ("A1601", Flat(building="a", room="1601")),
        ("B21", Flat(building="b21")),
        ("16", Flat(building="16")),
        ("1601", Flat(room="1601")),
        ("5号1楼", Flat(building="5", room="1")),
        ("1栋5号", Flat(building="1", room="5")),
        ("1单元5号", Flat(unit="1", room="5")),
        ("5号1号1602", Flat(building="5", unit="1", room="1602")),
        ("3楼2单元1601", Flat(building="3", unit="2", room="1601")),
        ("3楼1601", Flat(building="3", room="1601")),
        ("16楼1601", Flat(room="1601")),
        ("3楼301", Flat(room="301")),
        ("3栋16层1502", Flat(building="3", room="16层1502")),
        ("3栋负一楼", Flat(building="3", room="b1")),
        ("3栋东户", Flat(building="3", room="东")),
        ("3栋16楼东户", Flat(building="3", room="16", side="东")),
        ("3栋1601东", Flat(building="3", room="1601", side="东")),
        ("3栋1601/1602", Flat(building="3", room="1601+1602")),
        ("3栋12号商铺", Flat(building="3", room="12铺")),
        ("3栋门面12号", Flat(building="3", room="12铺")),
        ("A区12街5号", Flat(section="a+12街", building="5")),
        ("3排5号", Flat(section="3排", building="5")),
        ("Ⅱ期A区3栋", Flat(phase="2", section="a", building="3")),
        ("II-3-1601", Flat(phase="2", building="3", room="1601")),
        ("东单元1601", Flat(unit="东", room="1601")),
        ("北楼302", Flat(building="北", room="302")),
        ("南4栋602", Flat(building="南4", room="602")),
        ("南4-2-602", Flat(building="南4", unit="2", room="602")),
        ("南十二#602", Flat(building="南12", room="602")),
        ("东塔602", Flat(building="东", room="602")),
        ("六队23号", Flat(section="6队", building="23")),
        ("第六村民小组23号", Flat(section="6组", building="23")),
        ("3社23号", Flat(section="3社", building="23")),
        ("甲5号601", Flat(building="甲5", room="601")),
        ("3栋乙单元601", Flat(building="3", unit="乙", room="601")),
        ("5号之二301", Flat(building="5之2", room="301")),
        ("3栋5栋1601", Flat(building="3+5", room="1601")),
        ("3栋A座1601", Flat(building="3a", room="1601")),
        ("3栋16**", Flat(building="3")),
        ("3-2-16xx", Flat(building="3", unit="2")),
        ("**栋1601", Flat(room="1601")),
        ("0栋0单元0", Flat()),
        ("3栋0单元1601", Flat(building="3", room="1601")),
        ("", Flat()),
        ("毛坯", Flat()),
    ],
)
def test_numbers_get_their_roles(text, flat):
    assert flat_of(text) == flat


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("1803", Flat(room="1803")),
        ("18-03", Flat(room="1803")),
        ("18-03室", Flat(room="1803")),
        ("18楼1803", Flat(room="1803")),
        ("1803号", Flat(room="1803")),
        ("1803、1804", Flat(room="1803+1804")),
        ("3-1803", Flat(building="3", room="1803")),
        ("A-1803", Flat(building="a", room="1803")),
        ("1803号A座", Flat(section="1803号", building="a")),
        ("5号", Flat(building="5")),
        ("", Flat()),
    ],
)
def test_tower_has_rooms_of_its_own(text, flat):
    assert read_flat(read_tokens(prepare(tidy(text))), tower=True) == flat


@pytest.mark.parametrize(
    "text",
    [
        "1601 120㎡",
        "1601 89.55平方米",
        "1601 三房两厅",
        "1601 3室2厅1卫",
        "1601 两梯四户",
        "1601 2019年",
        "1601 5月交房",
        "1601 100万",
        "1601 13800138000",
        "1601 138 0013 8000",
    ],
)
def test_asides_are_no_numbers_of_the_address(text):
    assert flat_of(f"3栋{text}") == Flat(building="3", room="1601")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("阳光100国际", ["text"]),
        ("阳光100", ["text", "bare"]),
        ("五象澜庭", ["text"]),
        ("五象澜庭五栋", ["text", "building"]),
        ("soho现代城", ["text"]),
        ("地铁3号线", ["text"]),
        ("3户型", ["text"]),
        ("3社区", ["text"]),
        ("三塔寺", ["text"]),
        ("100号院3号楼", ["text", "building"]),
        ("1088弄5号601室", ["text", "number", "room"]),
    ],
)
def test_words_and_numbers_are_told_apart(text, kinds):
    assert [token.kind for token in read_tokens(prepare(text))] == kinds
