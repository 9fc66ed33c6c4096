"""How the two fields of an address are read, whatever stands in them."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from customers.keys.addresses import (
    address_evidence,
    address_keys,
    address_words,
    canonical_address,
    communities_of,
)
from customers.keys.reading import understand, written
from policies.communities import plain_name
from tests.customers.writings import NANNING, key_of, weigh

PIECES = (
    "幸 福 里 小区 花园 苑 江南 江南区 青秀区 南宁 南宁市 广西 新区 民族大道 路 弄 院 一 二 十 百 零 三 0 1 2 3 "
    "16 01 1601 a b i v x 甲 东 西 南 新 栋 幢 座 号 楼 # 单元 门 梯 单 层 室 房 户 期 区 组团 排 铺 之 第 - / * · ( ) "
    "（ ） 近 原 负 平 月 商铺 房号 住 的"
)
TEXTS = st.one_of(
    st.lists(st.sampled_from([*PIECES.split(), " "]), max_size=14).map("".join),
    st.text(max_size=40),
)
HOSTILE = {
    "dashes": "-" * 10_000,
    "figures": "1" * 10_000,
    "figures and dashes": "3-" * 5_000,
    "a name": "幸福里" * 3_000,
    "open brackets": "(" * 10_000,
    "nested brackets": "(近" * 3_000 + ")" * 3_000,
    "emoji": "😀" * 10_000,
    "controls": "\x00\u202e\ud800" * 3_000,
    "numerals": "一" * 10_000,
    "buildings": "栋" * 10_000,
    "regions": "南宁市" * 3_000,
    "roads": "路1号" * 3_000,
    "phases": "二期" * 5_000,
    "letters": "a" * 10_000,
    "masks": "*x?" * 3_000,
    "characters that grow": "ﷺ" * 10_000,
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("幸福里3栋", "2单元1601"), ("幸福里", "3-2-1601")),
        (("幸福里3栋2单元", "1601"), ("幸福里", "3-2-1601")),
        (("幸福里3栋2单元1601", ""), ("幸福里", "3-2-1601")),
        (("幸福里3-2-1601", ""), ("幸福里", "3-2-1601")),
        (("", "幸福里3-2-1601"), ("幸福里", "3-2-1601")),
        (("", "南宁市青秀区民族大道100号幸福里小区3栋2单元1601室（毛坯）"), ("幸福里", "3-2-1601")),
        (("青秀区", "幸福里3-2-1601"), ("幸福里", "3-2-1601")),
        (("南宁市青秀区", "民族大道100号幸福里3栋2单元1601"), ("幸福里", "3-2-1601")),
        (("幸福里3栋", "3栋2单元1601"), ("幸福里", "3-2-1601")),
        (("幸福里二期", "3-2-1601"), ("幸福里", "二期3-2-1601")),
        (("幸福里二期", "二期3-2-1601"), ("幸福里", "幸福里(二期)3-2-1601")),
        (("幸福里二期A区", "3-601"), ("幸福里", "2期a区3栋601")),
        (("幸福里A区", "3-601"), ("幸福里", "A区3栋601室")),
        (("呼啸山庄5号", "1楼"), ("呼啸山庄", "5-1")),
        (("大鹏新区呼啸山庄5号1楼", ""), ("呼啸山庄", "5号1楼")),
        (("时代广场A座", "1601"), ("时代广场", "A-1601")),
        (("阳光100国际新城", "3-601"), ("阳光100国际新城3栋", "601")),
        (("江南一号", "3-601"), ("江南1号3栋601", "")),
        (("幸福里", "桂花苑3栋601"), ("幸福里小区", "桂花苑3-601")),
        (("民族大道100号", "3-1601"), ("民族大道100号3栋1601", "")),
        (("民族大道100号", "1601"), ("民族大道", "100号1601")),
        (("朝阳路100号院", "3号楼2单元301"), ("朝阳路", "100号院3-2-301")),
        (("幸福里3栋2单元1601室 已交房", ""), ("幸福里", "3-2-1601")),
        (("幸福里(北苑)", "3-601"), ("幸福里北苑", "3栋601")),
        (("月湾府12#", "4-1504"), ("月湾府", "12栋4单元1504")),
        (("桂雨花园12号", "4-1504"), ("桂雨花园", "12栋4单元1504")),
        (("竹影城25#", "14楼05号房"), ("竹影城", "25-1405")),
        (("望河西里 12 号院9号楼", "2-301"), ("望河西里十二号院", "九号楼2单元301")),
        (("幸福里北苑", "北苑3-601"), ("幸福里北苑", "3-601")),
        (("凤岭北路", "幸福里3-601"), ("幸福里", "3-601")),
        (("南宁市青秀区凤岭北路12号", "幸福里3-601"), ("幸福里", "3-601")),
        (("武鸣县幸福里", "3-601"), ("武鸣区幸福里", "3-601")),
        (("石埠村3组", "12号1楼"), ("石埠村", "3组12-1")),
    ],
)
def test_both_fields_are_read_as_one_text(one, other):
    assert weigh(one, other) == "address"


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        (("愚园路1088弄", "5号601室"), ("长宁区愚园路1088弄5号601室", ""), "address"),
        (("愚园路1088弄", "5号601"), ("愚园路1088弄", "5-601"), "address"),
        (("愚园路", "1088弄5号601室"), ("上海市长宁区愚园路1088弄", "5号6楼601"), "address"),
        (("愚园路1088弄", "5号601"), ("愚园路1086弄", "5号601"), ""),
        (("愚园路1088弄幸福里", "5号601"), ("幸福里", "5号601室"), "address"),
        (("幸福里（愚园路1088弄）", "5号601"), ("幸福里", "5号601室"), "address"),
    ],
)
def test_lanes_of_shanghai(one, other, word):
    assert weigh(one, other, (2, "上海")) == word


@pytest.mark.parametrize(
    "parts", [("", ""), ("幸福里", ""), ("", "3-2-1601"), ("幸福里", "毛坯"), ("幸福里二期", ""), ("-", "-")]
)
def test_community_alone_and_building_alone_are_no_key(parts):
    assert address_keys(*NANNING, *parts) == ()


@pytest.mark.parametrize(
    ("community", "building_room"),
    [
        ("无", "3-2-1601"),
        ("不详", "3-2-1601"),
        ("待定小区", "3-2-1601"),
        ("江南区", "3-2-1601"),
        ("大鹏新区", "3-2-1601"),
        ("幸福里", "3栋**室"),
        ("幸福里", "3栋xx室"),
        ("幸福里", "3-2-16**"),
        ("幸福里", "3栋160x"),
        ("幸福里", "**栋1601"),
        ("幸福里", "0-0"),
        ("幸福里", "3栋0"),
        ("幸福里", "3栋待定"),
        ("幸" * 61, "3-1601"),
    ],
)
def test_what_is_hidden_or_unknown_is_not_complete(community, building_room):
    assert [key.exact for key in address_keys(*NANNING, community, building_room)] in ([], [False])


def test_hidden_characters_do_not_part_and_foreign_letters_do_not_hide():
    assert weigh(("幸\u200b福\u202e里", "3栋16\u200b01"), ("幸福里", "3-1601")) == "address"
    assert weigh(("幸福里", "\u0410座1601"), ("幸福里", "A-1601")) == "address"
    assert weigh(("幸福里", "3\ufe0f\u20e3栋1601"), ("幸福里", "3-1601")) == "address"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("南宁市青秀区民族大道100号幸福里小区二期3栋", "幸福里"),
        ("幸福里(二期)", "幸福里"),
        ("幸福小区", "幸福"),
        ("花园小区", "花园小区"),
        ("东区", "东区"),
        ("A区", "a区"),
        ("江南里", "江南里"),
        ("江南区", "江南区"),
        ("大鹏新区", "大鹏新区"),
        ("江南一号", "江南1号"),
        ("民族大道100号", "民族大道100号"),
        ("愚园路1088弄", "愚园路1088弄"),
        ("幸福里5号", "幸福里"),
        ("阳光100", "阳光100"),
        ("MOMA 万国城 3栋", "moma万国城"),
        ("一品江南", "一品江南"),
        ("五象澜庭", "五象澜庭"),
        ("三塘雅居", "三塘雅居"),
        ("1912街区", "1912街区"),
        ("7克拉", "7克拉"),
        ("1号公馆", "1号公馆"),
        ("青秀区1号公馆", "1号公馆"),
        ("南宁花园", "南宁花园"),
        ("广西大学", "广西大学"),
        ("古镇花园", "古镇花园"),
        ("江南小镇", "江南小镇"),
        ("", ""),
        ("！！！", ""),
    ],
)
def test_name_that_the_dictionary_is_asked_for(typed, name):
    assert communities_of(typed, "南宁")[-1:] == ((name,) if name else ())


def test_city_may_be_called_by_its_full_name():
    assert communities_of("南宁幸福里", "南宁市") == ("幸福里",)
    assert communities_of("南宁市青秀区幸福里", "南宁市") == ("幸福里",)


def test_name_may_stand_in_the_other_field():
    assert communities_of("", "南宁", "南宁市幸福里3栋1601")[-1] == "幸福里"


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
@example("", "")
def test_canonical_parts_give_the_same_key(community, building_room):
    address = understand("南宁", community, building_room)
    keys = address_keys(1, "南宁", community, building_room)

    assert all(len(key.value) <= 250 and len(key.block) <= 200 and len(key.detail) <= 120 for key in keys)
    if keys and address.sure:
        assert address_keys(1, "南宁", address.community, written(address.flat)) == keys


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_evidence_is_symmetric_and_a_key_agrees_with_itself(community, building_room, their_community, their_room):
    for one in address_keys(1, "南宁", community, building_room):
        for other in address_keys(None, "", their_community, their_room):
            assert address_evidence(one, other) == address_evidence(other, one)
        assert address_evidence(one, one) != ""


@given(TEXTS)
def test_plain_name_is_idempotent(text):
    assert plain_name(plain_name(text)) == plain_name(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_answered_at_once(text):
    started = time.process_time()

    for parts in ((text, text), (text, "3-2-1601"), ("幸福里", text)):
        address_keys(1, "南宁", *parts, name="覃谷雨")
        address_words("南宁", *parts)
        canonical_address(None, "", *parts)

    assert time.process_time() - started < 1


def test_name_with_phase_or_section_is_asked_for_first():
    assert communities_of("漓江人家二组团", "桂林") == ("漓江人家2组团", "漓江人家")
    assert communities_of("幸福里", "南宁") == ("幸福里",)
    assert communities_of("", "南宁") == ()


def test_known_name_may_stand_for_a_section_too():
    names = ("漓水人家", "漓江人家2组团")
    known = key_of("漓江人家二组团", "7号楼806", known_as=names[0], names=names)

    assert known == key_of("漓水人家", "7-806")
    assert known != key_of("漓江人家二组团", "7-806", known_as=names[0])
