"""Places in front of names, and the data behind them."""

import json

import pytest

from customers.keys.regions import DATA, area_codes, read_place, related


@pytest.mark.parametrize(
    ("text", "codes", "rest"),
    [
        ("南宁青瓦", ("450100",), "青瓦"),
        ("广西南宁青瓦", ("450100",), "青瓦"),
        ("广西壮族自治区南宁市青秀区青瓦", ("450103",), "青瓦"),
        ("广西青瓦", ("450000",), "青瓦"),
        ("宾阳县青瓦", ("450126",), "青瓦"),
        ("北京市朝阳区青瓦", ("110105",), "青瓦"),
        ("北京青瓦", ("110100",), "青瓦"),
        ("吉林市青瓦", ("220200",), "青瓦"),
        ("海口市政", ("460100",), "市政"),
        ("南宁高新区青瓦", ("450100",), "高新区青瓦"),
        ("哈尔滨道里区青瓦", ("230102",), "青瓦"),
        ("北京西路8号", (), "北京西路8号"),
        ("高新区青瓦", (), "高新区青瓦"),
        ("青瓦", (), "青瓦"),
        ("", (), ""),
    ],
)
def test_place_is_read_down_to_its_finest_region(text: str, codes: tuple[str, ...], rest: str) -> None:
    place, behind = read_place(text)

    assert (place.codes, behind) == (codes, rest)


def test_district_that_several_cities_have_is_that_of_the_city_around_it() -> None:
    nanjing, _ = read_place("南京")

    assert len(read_place("鼓楼区青瓦")[0].codes) == 4
    assert read_place("鼓楼区青瓦", nanjing)[0].codes == ("320106",)


def test_short_county_can_be_left_in_the_text() -> None:
    assert read_place("南宁宾阳中学", short_counties=False)[1] == "宾阳中学"
    assert read_place("南宁宾阳县中学", short_counties=False)[1] == "中学"


def test_places_are_related_if_one_lies_in_the_other() -> None:
    assert related(("450000",), ("450103",))
    assert related(("450103",), ("450100",))
    assert not related(("450100",), ("450200",))


@pytest.mark.parametrize(
    ("city", "area"),
    [
        ("北京", "010"), ("上海", "021"), ("天津", "022"), ("重庆", "023"), ("广州", "020"), ("成都", "028"),
        ("西安", "029"), ("咸阳", "029"), ("抚顺", "024"), ("南宁", "0771"), ("崇左", "0771"), ("柳州", "0772"),
        ("来宾", "0772"), ("桂林", "0773"), ("海口", "0898"), ("三亚", "0898"), ("哈尔滨", "0451"), ("贵阳", "0851"),
        ("遵义", "0851"), ("深圳", "0755"), ("苏州", "0512"), ("秦皇岛", "0335"), ("舟山", "0580"), ("鹰潭", "0701"),
        ("开封", "0371"), ("吕梁", "0358"), ("喀什", "0998"), ("拉萨", "0891"), ("仙桃", "0728"), ("亳州", "0558"),
    ],
)  # fmt: skip
def test_area_code_of_a_city(city: str, area: str) -> None:
    regions = json.loads((DATA / "regions.json").read_text("utf-8"))
    areas = json.loads((DATA / "area_codes.json").read_text("utf-8"))

    assert {areas[code] for code, name, _, level, _ in regions if level == "city" and name == city} == {area}


def test_every_city_of_the_mainland_has_an_area_code() -> None:
    regions = json.loads((DATA / "regions.json").read_text("utf-8"))
    areas = json.loads((DATA / "area_codes.json").read_text("utf-8"))
    mainland = {code for code, _, _, level, _ in regions if level == "city" and code[0] not in "78"}

    assert areas.keys() == mainland
    assert {len(area) for area in area_codes()} == {3, 4}
