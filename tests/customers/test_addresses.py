"""Which writings are one flat, which could be, and which are not."""

from itertools import combinations

import pytest

from customers.keys.addresses import address_evidence, address_keys, address_words, canonical_address
from customers.keys.key import Key
from tests.customers.writings import (
    NANNING,
    NO_COMMUNITIES,
    ONE_COMMUNITY,
    ONE_FLAT,
    ONE_HOME,
    OTHER_COMMUNITIES,
    OTHER_FLATS,
    OTHER_HOMES,
    homes_of,
    key_of,
    weigh,
    writings_of,
)


@pytest.mark.parametrize("table", ONE_FLAT)
def test_ways_of_writing_building_and_room_are_one_flat(table):
    writings = writings_of(table)
    keys = {writing: key_of("幸福里", writing) for writing in writings}

    assert {writing: key and key.value for writing, key in keys.items()} == dict.fromkeys(
        writings, keys[writings[0]].value
    )


@pytest.mark.parametrize("table", OTHER_FLATS)
def test_other_numbers_are_other_flats(table):
    writings = writings_of(table)

    found = {(one, other): weigh(("幸福里", one), ("幸福里", other)) for one, other in combinations(writings, 2)}

    assert {pair: word for pair, word in found.items() if word == "address"} == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5号1楼", "1栋5号"),
        ("3-1-1601", "3-2-1601"),
        ("32-1601", "3-2-1601"),
        ("A座1601", "B座1601"),
        ("3栋2单元16楼东户", "3栋2单元16楼西户"),
        ("一期3栋601", "二期3栋601"),
        ("东区3栋601", "西区3栋601"),
        ("3栋1601", "3栋1602"),
        ("五栋", "六栋"),
        ("3栋", "3栋1601"),
        ("桂花苑3栋601", "荷花苑3栋601"),
        ("B21", "B2"),
        ("100200", "100201"),
    ],
)
def test_neighbours_have_nothing_in_common(one, other):
    assert weigh(("幸福里", one), ("幸福里", other)) == ""


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("3-1601", "3-2-1601", "address_part"),
        ("3栋1601", "二期3栋1601", "address_part"),
        ("3栋1601", "A区3栋1601", "address_part"),
        ("二期3栋1601", "东区3栋1601", "address_part"),
        ("二期3栋1601", "二期3栋2单元1601", "address_part"),
        ("3栋1601", "3栋1601、1602", "address_part"),
        ("3栋1601", "3栋1601东户", "address_part"),
        ("3栋16楼", "3栋16楼东户", "address_part"),
        ("桂花苑3栋601", "3栋601", "address_part"),
        ("五栋", "5号", "building"),
        ("10#", "十号楼", "building"),
        ("B21", "b21栋", "building"),
        ("1601", "1601室", "building"),
        ("2单元1601", "1601房", "building"),
        ("22", "22", "building"),
        ("333333", "333333", "building"),
    ],
)
def test_unknown_parts_leave_a_doubt(one, other, word):
    assert weigh(("幸福里", one), ("幸福里", other)) == word


@pytest.mark.parametrize("table", ONE_COMMUNITY)
def test_ways_of_writing_a_community_are_one(table):
    writings = writings_of(table)
    first = key_of(writings[0], "3栋2单元1601")

    found = {writing: weigh((writing, "3栋2单元1601"), (writings[0], "3-2-1601")) for writing in writings}

    assert first.exact
    assert found == dict.fromkeys(writings, "address")


@pytest.mark.parametrize("table", OTHER_COMMUNITIES)
def test_alike_communities_are_apart(table):
    pairs = list(combinations(writings_of(table), 2))

    found = {pair: weigh(*((writing, "3栋2单元1601") for writing in pair)) for pair in pairs}

    assert {pair: word for pair, word in found.items() if word == "address"} == {}


@pytest.mark.parametrize("table", ONE_HOME)
def test_ways_of_writing_towers_villages_alleys_and_groups_are_one(table):
    homes = homes_of(table)
    keys = {home: key_of(*home) for home in homes}
    values = {home: (key and key.value, key and key.exact) for home, key in keys.items()}

    assert values == dict.fromkeys(homes, (keys[homes[0]].value, True))


@pytest.mark.parametrize("table", OTHER_HOMES)
def test_other_towers_villages_alleys_and_groups_are_apart(table):
    found = {(one, other): weigh(one, other) for one, other in combinations(homes_of(table), 2)}

    assert {pair: word for pair, word in found.items() if word == "address"} == {}


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        (("绿地大厦", "1803"), ("绿地大厦", "A座1803"), "address_part"),
        (("绿地大厦", "18楼1803"), ("绿地大厦1栋", "1803"), "address_part"),
        (("绿地大厦", "1803"), ("绿地大厦", "1803、1804"), "address_part"),
        (("绿地大厦", "A座1803"), ("绿地大厦", "B座1803"), ""),
        (("绿地大厦", "A座"), ("绿地大厦", "A座1803"), ""),
        (("绿地大厦", "1803"), ("绿地大厦", "1804"), ""),
        (("石埠村", "六队23号"), ("石埠村", "23号"), "building"),
        (("石埠村", "六队23号"), ("石埠村", "七队23号"), ""),
        (("中兴街一巷", "3号501"), ("中兴街二巷", "3号501"), ""),
        (("幸福里", "南4栋602"), ("幸福里", "北4栋602"), ""),
        (("幸福里", "南4栋602"), ("幸福里", "4栋602"), ""),
        (("幸福里桂园组团", "3-301"), ("幸福里", "3-301"), "address_part"),
        (("幸福里桂园组团", "3-301"), ("幸福里", "兰园组团3-301"), ""),
    ],
)
def test_homes_without_a_building_or_a_room_are_compared_too(one, other, word):
    assert weigh(one, other) == word


@pytest.mark.parametrize("community", writings_of(NO_COMMUNITIES))
def test_sort_of_house_is_no_community(community):
    assert [key.exact for key in address_keys(*NANNING, community, "A座1803")] in ([], [False])


def test_block_of_a_tower_leaves_the_building_to_the_detail():
    key = key_of("绿地大厦", "A座1803")

    assert (key.value, key.block, key.detail) == ("1|绿地大厦|||a||1803", "绿地大厦|*|1803", "1|||||||a")


def test_dictionary_may_know_a_group_by_a_name_of_its_own():
    names = ("桂园雅居", "幸福里桂园组团")

    assert key_of("幸福里桂园组团", "3-301", known_as=names[0], names=names) == key_of("桂园雅居", "3-301")


def test_another_district_is_another_place_and_a_missing_one_is_not():
    with_room = [(f"{district}幸福里", "3-1601") for district in ("青秀区", "江南区", "")]

    assert weigh(with_room[0], with_room[1]) == ""
    assert weigh(with_room[0], with_room[2]) == "address"


def test_city_tells_apart_and_an_unknown_one_leaves_a_doubt():
    flat = ("幸福里", "3-2-1601")
    here, there, nowhere = key_of(*flat), key_of(*flat, (2, "柳州")), key_of(*flat, (None, ""))

    assert address_evidence(here, there) == ""
    assert address_evidence(here, nowhere) == "address_part"
    assert address_evidence(nowhere, key_of(*flat, (None, ""))) == "address_part"
    assert len({here.value, there.value, nowhere.value}) == 3


def test_seed_without_city_is_found_by_its_parts():
    here = key_of("大鹏新区呼啸山庄", "5号1楼", (3, "上海"))
    nowhere = key_of("上海大鹏新区呼啸山庄5号1楼", "", (None, ""))

    assert address_evidence(here, nowhere) == "address_part"


@pytest.mark.parametrize(
    ("building_room", "exact"),
    [("3-2-1601", True), ("5号1楼", True), ("五栋", False), ("1601室", False), ("2单元1601", False), ("22", False)],
)
def test_only_building_and_room_together_are_complete(building_room, exact):
    assert key_of("幸福里", building_room).exact is exact


def test_key_says_value_block_and_detail():
    key = key_of("南宁市青秀区幸福里小区二期", "A区3栋2单元1601室")

    assert key == Key("address", "1|幸福里|2|a|3|2|1601")
    assert (key.block, key.detail, key.exact) == ("幸福里|3|1601", "1|青秀区|2|a|2||", True)


def test_district_is_not_in_the_value():
    assert key_of("青秀区幸福里", "3-1601").value == key_of("江南区幸福里", "3-1601").value


def test_complete_address_and_full_name_are_a_key_together():
    keys = address_keys(*NANNING, "幸福里", "3-2-1601", name="覃谷雨女士")

    assert [(key.kind, key.value, key.detail) for key in keys] == [
        ("address", "1|幸福里|||3|2|1601", "1||||2||"),
        ("address_name", "幸福里|3|1601|覃谷雨", "1||||2||"),
    ]


@pytest.mark.parametrize(("building_room", "name"), [("3-2-1601", "覃女士"), ("3-2-1601", ""), ("3栋", "覃谷雨")])
def test_surname_or_incomplete_address_make_no_key_together(building_room, name):
    assert [key.kind for key in address_keys(*NANNING, "幸福里", building_room, name=name)] == ["address"]


def test_known_name_replaces_what_was_typed():
    known = key_of("金桂园", "3-2-1601", known_as="幸福里小区")

    assert known == key_of("幸福里", "3-2-1601")
    assert key_of("金桂园二期", "3-2-1601", known_as="幸福里") == key_of("幸福里二期", "3-2-1601")
    assert key_of("民族大道100号", "3-1601", known_as="幸福里") == key_of("幸福里", "3-1601")


@pytest.mark.parametrize(
    ("community", "building_room", "words"),
    [
        ("幸福里二期", "3-2-1601", "南宁 · 幸福里 · 二期 · 3 栋 2 单元 1601"),
        ("幸福里", "五号一层", "南宁 · 幸福里 · 5 栋 1"),
        ("青秀区幸福里小区", "a座1601a", "南宁 · 青秀区 · 幸福里 · A 栋 1601A"),
        ("幸福里东区", "10#", "南宁 · 幸福里 · 东区 · 10 栋"),
        ("幸福里a区十二期", "3栋2单元16楼东户", "南宁 · 幸福里 · 十二期 · A区 · 3 栋 2 单元 16 东户"),
        ("幸福里", "3栋1601/1602", "南宁 · 幸福里 · 3 栋 1601、1602"),
        ("幸福里", "", "南宁 · 幸福里"),
        ("", "3-2-1601", ""),
        ("", "", ""),
    ],
)
def test_address_is_shown_as_understood(community, building_room, words):
    assert address_words("南宁", community, building_room) == words


@pytest.mark.parametrize(
    ("community", "building_room", "canonical"),
    [
        ("幸福里小区", "三栋1601", "1|幸福里|||3||1601"),
        ("幸福里", "五栋", "1|幸福里|||5||"),
        ("幸 福里", "", "1|幸福里|"),
        ("", "3-2-1601", "1||3-2-1601"),
        ("", "", ""),
    ],
)
def test_canonical_address_falls_back_to_the_text(community, building_room, canonical):
    assert canonical_address(1, "南宁", community, building_room) == canonical
