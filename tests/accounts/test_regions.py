import json
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.management.commands.sync_regions import AREA_CODES, SOURCE
from accounts.models import Region


def shipped() -> list[list[str]]:
    return json.loads(SOURCE.read_text("utf-8"))


def sync() -> list[str]:
    out = StringIO()
    call_command("sync_regions", stdout=out)
    return out.getvalue().splitlines()


def test_shipped_regions_form_a_tree_of_three_levels() -> None:
    rows = shipped()
    above = {"province": "", "city": "province", "county": "city"}
    levels = {code: level for code, _, _, level, _ in rows} | {"": ""}

    assert len(levels) == len(rows) + 1
    assert all(levels[parent] == above[level] for _, _, _, level, parent in rows)


def test_no_two_cities_share_the_word_people_type() -> None:
    words = Counter(name for _, name, _, level, _ in shipped() if level == "city")

    assert words.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("name", "full_name"),
    [
        ("南宁", "南宁市"),
        ("上海", "上海市"),
        ("重庆", "重庆市"),
        ("仙桃", "仙桃市"),
        ("恩施", "恩施土家族苗族自治州"),
        ("海南州", "海南藏族自治州"),
    ],
)
def test_cities_go_by_their_short_word(name: str, full_name: str) -> None:
    assert [row[2] for row in shipped() if row[1] == name and row[3] == "city"] == [full_name]


@pytest.mark.django_db
def test_sync_adds_what_is_missing_and_offers_the_cities() -> None:
    Region.objects.all().delete()

    assert sync()[0] == f"regions: {len(shipped())} added, 0 left as they were"

    nanning = Region.objects.select_related("parent").get(code="450100")
    assert (nanning.name, nanning.level, nanning.parent.name, nanning.offered) == ("南宁", "city", "广西", True)
    assert Region.objects.get(code="450103").parent == nanning
    assert set(Region.objects.filter(offered=True).values_list("level", flat=True)) == {"city"}


@pytest.mark.django_db
def test_a_second_sync_leaves_the_administrators_rows_alone() -> None:
    sync()
    Region.objects.filter(code="450100").update(name="邕城", offered=False)
    shenzhen = Region.objects.get(code="440300")
    Region.objects.create(
        code="440399", name="大鹏新区", full_name="大鹏新区", level="county", parent=shenzhen, offered=True
    )

    assert sync()[0] == f"regions: 0 added, {len(shipped())} left as they were"

    assert Region.objects.filter(code="450100", name="邕城", offered=False).exists()
    assert Region.objects.filter(code="440399", name="大鹏新区", offered=True, parent=shenzhen).exists()


def test_area_codes_are_those_of_shipped_regions() -> None:
    codes = json.loads(AREA_CODES.read_text("utf-8"))

    assert set(codes) <= {row[0] for row in shipped()}
    assert {code for code in codes.values() if not re.fullmatch("0[1-9][0-9]{1,2}", code)} == set()


@pytest.mark.django_db
def test_regions_have_their_area_codes_and_counties_those_of_their_city() -> None:
    sync()

    found = dict(Region.objects.values_list("code", "area_code"))

    assert [found[code] for code in ("450100", "450103", "450500", "310100", "310101", "450000")] == [
        "0771", "0771", "0779", "021", "021", ""
    ]  # fmt: skip


@pytest.mark.django_db
def test_area_codes_are_filled_in_where_they_are_empty() -> None:
    sync()
    Region.objects.filter(code__startswith="4501").update(area_code="")
    Region.objects.filter(code="450102").update(area_code="0770")
    beihai = Region.objects.get(code="450500")
    Region.objects.create(code="450599", name="涠洲岛", full_name="涠洲岛", level="county", parent=beihai)
    empty = Region.objects.filter(code__startswith="4501", area_code="").count()

    said = sync()

    found = dict(Region.objects.values_list("code", "area_code"))
    assert said[1] == f"area codes: {empty + 1} filled in"
    assert [found[code] for code in ("450100", "450102", "450103", "450599")] == ["0771", "0770", "0771", "0779"]
