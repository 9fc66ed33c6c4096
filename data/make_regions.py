"""Rebuilds `accounts/data/regions.json` from the npm package @vant/area-data (MIT).

    python data/make_regions.py            fetches the pinned version with `npm pack`
    python data/make_regions.py <folder>   reads an unpacked package

Each row is [code, name, full name, level, code of the parent]; `name` is the short word people type.
Rows that only group others in the source ("省直辖县" and the like) are left out: what stands under them
moves up, so that 仙桃市 is a city of its province and 城口县 a county of 重庆.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

PACKAGE = "@vant/area-data@2.1.0"
TARGET = Path(__file__).resolve().parent.parent / "accounts" / "data"

PROVINCE, CITY, COUNTY = "province", "city", "county"
GROUPING = {"省直辖县", "自治区直辖县级行政区划"}
COUNTIES_OF_A_MUNICIPALITY = "县"
NAMELESS = {"其它区", "其他区"}

PEOPLES = (
    "各|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|"
    "土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|鄂伦春|保安|裕固|独龙"
)
AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{PEOPLES})族?)*族?自治[州县旗]$")
PROVINCE_WORD = re.compile(r"^(内蒙古|广西|西藏|宁夏|新疆|.{2,}?)(?:省|市|特别行政区|.*自治区)$")
CITY_WORD = re.compile(r"^(.{2,}?)(?:市|县|地区)$|^(.{3,})盟$")
COUNTY_WORD = re.compile(r"^(.{2,}?)[市县]$")


class Region(NamedTuple):
    code: str
    name: str
    full_name: str
    level: str
    parent: str


def run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - constants only


def fetch(folder: Path) -> Path:
    run("npm", "pack", PACKAGE, "--silent", folder=folder)
    [archive] = folder.glob("*.tgz")
    run("tar", "-xzf", archive.name, folder=folder)
    return folder / "package"


def read_list(text: str, key: str) -> dict[str, str]:
    block = re.search(key + r": \{(.*?)\}", text, re.DOTALL)
    if block is None:
        raise SystemExit(f"{key} is not in the package")
    return {code: json.loads(name) for code, name in re.findall(r'(\d{6}): ("[^"]*")', block[1])}


def rows(text: str) -> list[Region]:
    """Provinces, cities, counties in the order of their codes, still under their full names."""
    provinces = read_list(text, "province_list")
    cities = read_list(text, "city_list")
    found = [Region(code, name, name, PROVINCE, "") for code, name in provinces.items()]
    for code, name in cities.items():
        if name not in GROUPING and name != COUNTIES_OF_A_MUNICIPALITY:
            found.append(Region(code, name, name, CITY, code[:2] + "0000"))
    for code, name in read_list(text, "county_list").items():
        if name not in NAMELESS:
            found.append(county(code, name, cities[code[:4] + "00"]))
    return sorted(found, key=lambda region: region.code)


def county(code: str, name: str, group: str) -> Region:
    if group in GROUPING:
        return Region(code, name, name, CITY, code[:2] + "0000")
    if group == COUNTIES_OF_A_MUNICIPALITY:
        return Region(code, name, name, COUNTY, code[:2] + "0100")
    return Region(code, name, name, COUNTY, code[:4] + "00")


def short_word(region: Region) -> str:
    pattern = {PROVINCE: PROVINCE_WORD, CITY: CITY_WORD, COUNTY: COUNTY_WORD}[region.level]
    match = AUTONOMOUS.match(region.full_name) if region.level != PROVINCE else None
    match = match or pattern.match(region.full_name)
    return next(filter(None, match.groups())) if match else region.full_name


def with_short_words(regions: list[Region]) -> list[Region]:
    """Where two rows of a level would share their word, both keep the full name: 新竹市, 新竹县."""
    words = {region.code: short_word(region) for region in regions}
    used = Counter((region.level, words[region.code]) for region in regions)
    provinces = {words[region.code] for region in regions if region.level == PROVINCE}
    named = []
    for region in regions:
        word = words[region.code]
        if region.full_name.endswith("自治州") and word in provinces:
            word += "州"
        if used[region.level, word] > 1:
            word = region.full_name
        named.append(region._replace(name=word))
    return named


def write(package: Path) -> int:
    regions = with_short_words(rows((package / "dist" / "index.js").read_text("utf-8")))
    lines = ",\n".join(json.dumps(region, ensure_ascii=False, separators=(",", ":")) for region in regions)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "regions.json").write_text(f"[\n{lines}\n]\n", "utf-8")
    licence = (package / "LICENSE").read_text("utf-8").strip()
    (TARGET / "regions.LICENSE").write_text(
        f"regions.json is made from {PACKAGE} by data/make_regions.py.\n\n{licence}\n", "utf-8"
    )
    return len(regions)


def main(arguments: list[str]) -> None:
    if arguments:
        count = write(Path(arguments[0]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            count = write(fetch(Path(folder)))
    print(f"{count} regions")


if __name__ == "__main__":
    main(sys.argv[1:])
