"""What is cut off in front of a community's name, and what is not."""

import pytest

from customers.keys.places import Place, cut_district_behind, cut_regions, cut_road


@pytest.mark.parametrize(
    ("text", "city", "place", "rest"),
    [
        ("南宁市青秀区幸福里", "南宁", Place("青秀区"), "幸福里"),
        ("广西壮族自治区南宁市幸福里", "南宁", Place(), "幸福里"),
        ("广西南宁青秀区幸福里", "南宁", Place("青秀区"), "幸福里"),
        ("中国广西南宁市幸福里", "南宁", Place(), "幸福里"),
        ("南宁 青秀 幸福里", "南宁", Place("青秀区"), "幸福里"),
        ("青岛市北区幸福里", "青岛", Place("市北区"), "幸福里"),
        ("青岛市市北区幸福里", "青岛", Place("市北区"), "幸福里"),
        ("武鸣县幸福里", "南宁", Place("武鸣区"), "幸福里"),
        ("义乌市幸福里", "金华", Place("义乌市"), "幸福里"),
        ("金华市义乌市幸福里", "义乌市", Place(), "幸福里"),
        ("大鹏新区呼啸山庄", "上海", Place(zone="大鹏新区"), "呼啸山庄"),
        ("良庆区五象新区云上江南", "南宁", Place("良庆区", "五象新区"), "云上江南"),
        ("高新区幸福里", "南宁", Place(zone="高新区"), "幸福里"),
        ("青秀区南湖街道幸福里", "南宁", Place("青秀区"), "幸福里"),
        ("荔湾区幸福里", "上海", Place("荔湾区"), "幸福里"),
        ("上海大鹏新区呼啸山庄", "", Place(zone="大鹏新区"), "呼啸山庄"),
        ("江南区江南里", "南宁", Place("江南区"), "江南里"),
        ("青秀区1号公馆", "南宁", Place("青秀区"), "1号公馆"),
    ],
)
def test_regions_in_front_go_off(text, city, place, rest):
    assert cut_regions(text, city) == (place, rest)


@pytest.mark.parametrize(
    "text",
    [
        "幸福小区",
        "东区",
        "江南区",
        "江南里",
        "大鹏新区",
        "南宁花园",
        "海口国际花园",
        "柳州市幸福里",
        "广西大学",
        "江南小镇",
        "古镇花园",
        "江南区3栋1601",
        "南宁市",
    ],
)
def test_names_are_not_cut_to_pieces(text):
    assert cut_regions(text, "南宁") == (Place(), text)


def test_all_of_a_region_goes_where_the_name_stands_elsewhere():
    assert cut_regions("南宁市青秀区", "南宁", behind=True) == (Place("青秀区"), "")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("民族大道100号幸福里", "幸福里"),
        ("民族大道 100 号幸福里", "幸福里"),
        ("民族大道一百号幸福里", "幸福里"),
        ("民族大道100号之二幸福里", "幸福里"),
        ("民族大道100 1号幸福里", "幸福里"),
        ("愚园路1088弄幸福里", "幸福里"),
        ("金湖路与民族大道交汇处幸福里", "幸福里"),
        ("中山北路五象一号", "五象一号"),
        ("愚园路1088弄5号601室", "愚园路1088弄5号601室"),
        ("民族大道100号3栋", "民族大道100号3栋"),
        ("建设路供电局宿舍", "建设路供电局宿舍"),
        ("铁路新村", "铁路新村"),
        ("望园路十里春风", "十里春风"),
        ("丝路花城", "丝路花城"),
        ("明秀东路二里", "明秀东路二里"),
        ("天街88号", "天街88号"),
        ("步行街花园", "步行街花园"),
        ("中山路花城", "中山路花城"),
    ],
)
def test_road_goes_off_only_in_front_of_a_name(text, rest):
    assert cut_road(text) == rest


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("幸福里 青秀区", Place("青秀区"), "幸福里"),
        ("幸福里 东区", Place(), "幸福里 东区"),
        ("花园 青秀区", Place(), "花园 青秀区"),
        ("", Place(), ""),
    ],
)
def test_district_may_stand_behind(text, place, rest):
    assert cut_district_behind(text, "南宁") == (place, rest)
