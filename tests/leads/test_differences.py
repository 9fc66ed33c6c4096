"""Filed against actual, character by character (AUDIT-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Region
from leads.addresses import address
from leads.differences import FIELDS, FieldPair, Piece, pairs
from leads.models import Assignment, Lead
from leads.rows import address_of


def pair_of(field: str, filed: str, actual: str) -> FieldPair:
    return next(pair for pair in pairs({field: filed}, {field: actual}) if pair.field == field)


def drawn(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


def both(field: str, filed: str, actual: str) -> tuple[str, str]:
    pair = pair_of(field, filed, actual)
    return drawn(pair.filed), drawn(pair.actual)


def test_fields_come_in_the_order_of_the_columns():
    names = [pair.field for pair in pairs({}, {})]

    assert names == ["name", "order_type", "mobile", "phone", "address", "designer", "decoration_company"]


def test_identical_case_of_the_manual_has_no_difference():
    yu = {
        "name": "yu",
        "order_type": "欧派橱柜",
        "mobile": "12331111111",
        "phone": "12331111111",
        "address": "南宁 星里 3-2-1601",
        "designer": "胡静华",
        "decoration_company": "龙发",
    }

    result = pairs(yu, dict(yu))

    assert [pair.field for pair in result if pair.differs] == []
    assert drawn(result[0].filed) == drawn(result[0].actual) == "yu"


def test_little_star_of_the_manual_differs_in_name_and_address():
    star = {"name": "小星星", "mobile": "18600360843", "address": "上海 大鹏新区小星星小星星"}
    zhang = {"name": "张R", "mobile": "18600360843", "address": "南宁 大鹏新区海藤湾1002002"}

    result = {pair.field: pair for pair in pairs(star, zhang)}

    assert [field for field in FIELDS if result[field].differs] == ["name", "address"]
    assert drawn(result["name"].filed) == "[小星星]"
    assert drawn(result["name"].actual) == "[张R]"


def test_building_of_the_manual_marks_what_was_written_otherwise():
    filed, actual = both("address", "大鹏新区呼啸山庄 5号1楼", "成都 大鹏新区呼啸山庄 1栋5号")

    assert filed == "大鹏新区呼啸山庄 5号[1楼]"
    assert actual == "[成都 ]大鹏新区呼啸山庄 [1栋]5号"


@pytest.mark.parametrize(
    ("field", "filed", "actual", "drawn_filed", "drawn_actual"),
    [
        ("address", "南宁 星里 3-2-1601", "南宁 星里 3-2-1602", "南宁 星里 3-2-160[1]", "南宁 星里 3-2-160[2]"),
        ("mobile", "13600002251", "13600007764", "1360000[2251]", "1360000[7764]"),
        ("mobile", "13600012345", "13600092395", "136000[1]23[4]5", "136000[9]23[9]5"),
        ("mobile", "13612345678", "13692945678", "136[123]45678", "136[929]45678"),
        ("name", "方时雨", "方时雨（夫）", "方时雨", "方时雨[（夫）]"),
        ("address", "南宁 星里 1-1-803", "南宁 邕江左岸 9-2-1104", "南宁 [星里 1-1-803]", "南宁 [邕江左岸 9-2-1104]"),
        ("phone", "", "0771-3301764", "", "[0771-3301764]"),
        ("designer", "刘明川", "", "[刘明川]", ""),
    ],
)
def test_only_what_differs_is_marked(field, filed, actual, drawn_filed, drawn_actual):
    assert both(field, filed, actual) == (drawn_filed, drawn_actual)


def test_outer_blanks_and_composition_are_no_difference():
    pair = pair_of("name", " e\u0301lan ", "\u00e9lan")

    assert not pair.differs


def test_full_width_is_a_difference():
    assert pair_of("address", "3-2-1601", "3-2-160１").differs


def test_address_leaves_blanks_out():
    assert address("南宁", "星里", "") == "南宁 星里"


TEXT = st.text(alphabet="12-栋号A ", max_size=12).map(str.strip)


@given(filed=TEXT, actual=TEXT, field=st.sampled_from(FIELDS))
def test_pieces_join_to_the_text_and_unmarked_ones_are_the_same_on_both_sides(filed, actual, field):
    pair = pair_of(field, filed, actual)

    assert "".join(piece.text for piece in pair.filed) == filed
    assert "".join(piece.text for piece in pair.actual) == actual
    assert pair.differs == (filed != actual)
    same = ["".join(p.text for p in pieces if not p.differs) for pieces in (pair.filed, pair.actual)]
    assert same[0] == same[1]
    assert pair.differs == any(piece.differs for piece in pair.filed + pair.actual)


def test_both_versions_have_their_address_in_one_line():
    city = Region(name="南宁")
    lead = Lead(city=city, community="星里", building_room="3-2-1601")
    assignment = Assignment(lead=lead, actual_community="星里")

    assert lead.address == f"{city} 星里 3-2-1601"
    assert assignment.actual_address == "星里"
    assert address_of(lead, "") == f"{city} 星里"
