"""Projects: name, phase and lot, site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold
from customers.keys.key import Key
from customers.keys.projects import project_evidence, project_key

NANNING = 7
ROAD, CROSSING = "民族大道100号", "民族大道与金湖路交汇处"
TEXTISH = st.text("南宁青秀区青瓦广场二三期标段号楼A1-（）工程项目民族大道与金湖路口 ", max_size=30)

Written = tuple[str, str]


def key_of(written: Written, city_id: int | None = NANNING, city_name: str = "南宁") -> Key:
    key = project_key(city_id, city_name, *written)
    assert key is not None
    return key


def weigh(mine: Written, theirs: Written) -> str:
    one, other = key_of(mine), key_of(theirs)
    assert project_evidence(one, other) == project_evidence(other, one)
    return project_evidence(one, other)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("青瓦广场", ROAD), ("青瓦广场项目", ROAD)),
        (("青瓦广场", ROAD), ("“青瓦 广场”建设工程项目", ROAD)),
        (("青瓦广场", ROAD), ("南宁市青瓦广场工程", ROAD)),
        (("青瓦广场", ROAD), ("青瓦广场", "广西南宁市青秀区民族大道１００号")),
        (("青瓦广场", ROAD), ("青瓦广场", "青秀区南湖街道民族大道一百号")),
        (("青瓦广场", ROAD), ("青瓦广场", "民族大道0100号（青瓦大厦旁）")),
        (("青瓦广场", "宾阳路8号"), ("青瓦广场", "南宁市宾阳县宾阳路8号")),
        (("青瓦广场", "北京西路8号"), ("青瓦广场", "青秀区北京西路八号")),
        (("青瓦广场", ROAD), ("青瓦广场", "南宁江南区民族大道100号")),
        (("青瓦广场二期", ROAD), ("青瓦广场2期", ROAD)),
        (("青瓦广场二期", ROAD), ("青瓦广场Ⅱ期项目", ROAD)),
        (("青瓦广场二期", ROAD), ("青瓦广场项目（第二期）", ROAD)),
        (("青瓦广场三标段", ROAD), ("青瓦广场第3标段", ROAD)),
        (("青瓦广场三标段", ROAD), ("青瓦广场3标", ROAD)),
        (("青瓦广场二期三标段", ROAD), ("青瓦广场（三标段）2期", ROAD)),
        (("青瓦广场A-01地块", ROAD), ("青瓦广场a1号地块", ROAD)),
        (("青瓦广场3#楼", ROAD), ("青瓦广场三号楼", ROAD)),
        (("青瓦广场1-3号楼", ROAD), ("青瓦广场1、2、3#楼", ROAD)),
        (("青瓦广场A座", ROAD), ("青瓦广场a栋", ROAD)),
        (("青瓦广场装饰装修工程", ROAD), ("青瓦广场装修项目", ROAD)),
        (("青瓦广场", CROSSING), ("青瓦广场", "金湖路民族大道交叉口")),
        (("青瓦广场", "道里区友谊路5号"), ("青瓦广场", "道里区友谊路五号")),
        (("青瓦广场", CROSSING), ("青瓦广场", "民族大道和金湖路路口")),
        (("青瓦广场", "和平路与民族大道交界处"), ("青瓦广场", "民族大道、和平路十字路口")),
    ],
)
def test_ways_of_writing_a_project(mine: Written, theirs: Written) -> None:
    assert weigh(mine, theirs) == "project"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("青瓦广场", ROAD), ("青瓦广场", "")),
        (("青瓦广场", ROAD), ("青瓦广场", "待定")),
        (("青瓦广场", ""), ("青瓦广场", "")),
        (("青瓦广场", ROAD), ("青瓦广场", "民族大道")),
        (("青瓦广场", CROSSING), ("青瓦广场", "民族大道")),
        (("青瓦广场", ROAD), ("青瓦广场二期", ROAD)),
        (("青瓦广场二期", ROAD), ("青瓦广场二期三标段", ROAD)),
        (("青瓦广场", ROAD), ("青瓦广场幕墙工程", ROAD)),
    ],
)
def test_what_is_said_on_one_side_only_makes_a_part(mine: Written, theirs: Written) -> None:
    assert weigh(mine, theirs) == "project_part"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("青瓦广场二期", ROAD), ("青瓦广场三期", ROAD)),
        (("青瓦广场Ⅱ期", ROAD), ("青瓦广场Ⅲ期", ROAD)),
        (("青瓦广场一标段", ROAD), ("青瓦广场十一标段", ROAD)),
        (("青瓦广场二期一标段", ROAD), ("青瓦广场一期二标段", ROAD)),
        (("青瓦广场A座", ROAD), ("青瓦广场B座", ROAD)),
        (("青瓦广场装修工程", ROAD), ("青瓦广场幕墙工程", ROAD)),
        (("青瓦广场", ROAD), ("青瓦广场", "民族大道102号")),
        (("青瓦广场", ROAD), ("青瓦广场", "金湖路100号")),
        (("青瓦广场", "青秀区"), ("青瓦广场", "江南区")),
        (("青秀区青瓦广场", ""), ("江南区青瓦广场", "")),
        (("青瓦广场", ROAD), ("红瓦广场", ROAD)),
        (("柳州青瓦广场", ROAD), ("青瓦广场", ROAD)),
    ],
)
def test_projects_that_look_alike_are_different(mine: Written, theirs: Written) -> None:
    assert weigh(mine, theirs) == ""


@pytest.mark.parametrize("city", ["哈尔滨", "哈尔滨市"])
@pytest.mark.parametrize("district", ["哈尔滨市道里区", "道里区", "黑龙江省哈尔滨市道外区", "哈尔滨道外区"])
def test_district_is_no_road_though_it_begins_like_one(city: str, district: str) -> None:
    site, name = (("青瓦广场", f"{district}友谊路5号"), (f"{district}青瓦广场", "友谊路5号"))
    keys = [project_key(NANNING, city, *written) for written in (("青瓦广场", "友谊路5号"), site, name)]

    assert {key and key.value for key in keys} == {"7|青瓦广场|友谊路 5"}


@pytest.mark.parametrize("city", ["大庆", ""])
def test_district_elsewhere_does_not_cut_a_road_in_two(city: str) -> None:
    key = project_key(NANNING, city, "青瓦广场", "哈尔滨市道里区友谊路5号")

    assert key and key.value == "7|青瓦广场|哈尔滨市道里区友谊路 5"


def test_city_tells_apart_and_may_be_unknown() -> None:
    here, there, unknown = (key_of(("青瓦广场", ROAD), *city) for city in ((NANNING, "南宁"), (8, "柳州"), (None, "")))

    assert project_evidence(here, there) == ""
    assert project_evidence(here, unknown) == project_evidence(unknown, here) == "project_part"
    assert project_evidence(unknown, unknown) == "project_part"


@pytest.mark.parametrize("name", ["", " ", "待定", "无", "（）", "二期"])
def test_project_without_a_name_has_no_key(name: str) -> None:
    assert project_key(NANNING, "南宁", name, ROAD) is None


def test_general_word_alone_is_not_exact() -> None:
    assert project_evidence(key_of(("项目", ROAD)), key_of(("项目", ROAD))) == "project_part"


def test_key_says_what_is_known() -> None:
    key = key_of(("青瓦广场二期3#楼装修工程", CROSSING + "东南角"))

    assert key.value == "7|青瓦广场·phase2·building3·work装修|民族大道+金湖路 东南"
    assert key.block == "青瓦广场"
    assert key.detail == "7|民族大道+金湖路||东南|||2|3||装修|"


@given(st.text(max_size=40) | TEXTISH, st.text(max_size=40) | TEXTISH)
def test_key_is_the_same_for_folded_texts(name: str, site: str) -> None:
    assert project_key(NANNING, "南宁", fold(name), fold(site)) == project_key(NANNING, "南宁", name, site)


@given(TEXTISH, TEXTISH, TEXTISH, TEXTISH)
def test_evidence_is_symmetric(name: str, site: str, their_name: str, their_site: str) -> None:
    one, other = project_key(NANNING, "南宁", name, site), project_key(NANNING, "南宁", their_name, their_site)

    if one and other:
        assert project_evidence(one, other) == project_evidence(other, one)


@pytest.mark.parametrize(
    "sign", ["(", "1、", "a-", "1-999999期", "民族大道", "路", "与", "南宁", "工程", "号", "ﷺ", "二"]
)
def test_hostile_text_is_read_at_once(sign: str) -> None:
    key = project_key(NANNING, sign * 100_000, sign * 100_000, sign * 100_000)

    assert key is None or (len(key.value) <= 250 and len(key.block) <= 200 and len(key.detail) <= 120)
