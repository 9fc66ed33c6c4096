"""Makes the pictures of the verdicts in docs/matching.md: `python docs/guides/take_verdicts.py http://127.0.0.1:8000`.

Takes the address of a demo that was just loaded. Each answer of the check is taken as a salesperson sees it, who may
not know whose a customer is, and as the filing office does; the last pictures with the day's checks used up.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import take_screenshots
from playwright.sync_api import Page, sync_playwright
from take_screenshots import DESK, PHONE, Tour

take_screenshots.IMAGES = Path(__file__).resolve().parents[1] / "images"
HEIGHT = 420

ASKED = {
    "free": {"name": "秦立冬", "mobile": "12300321668"},
    "own": {"name": "秦立冬", "mobile": "12300321777"},
    "taken": {
        "name": "覃太太",
        "mobile": "12300999001",
        "city": "南宁",
        "community": "云上江南",
        "building_room": "三栋二单元1601室",
    },
    "unclear": {
        "name": "谢先生",
        "mobile": "12300999002",
        "city": "南宁",
        "community": "五象澜庭",
        "building_room": "8-2-502",
    },
    "masked": {"name": "覃谷雨", "mobile": "123****2251", "filing_kind": "masked", "gender": "male"},
    "shared": {"name": "秦立冬", "mobile": "12300321888", "phone": "12300008888"},
}


def ask(tour: Tour, page: Page, fields: dict[str, str]) -> None:
    tour.open(page, "/leads/new/")
    for name, value in fields.items():
        control = page.locator(f"[name={name}]")
        if name == "city":
            control.select_option(label=value)
        elif control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    with page.expect_response("**/leads/check/"):
        page.locator("[name=community]").press("Tab")
    page.wait_for_selector("#verdict[data-verdict]:not(.visually-hidden)")


def file(tour: Tour, page: Page, fields: dict[str, str]) -> None:
    tour.open(page, "/leads/new/")
    for name, value in {**fields, "community": "凤岭佳园"}.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=source]", label="自然客户")
    if not page.input_value("[name=outlet]"):
        page.select_option("[name=outlet]", index=1)
    page.click("#filing button.btn-primary")
    page.wait_for_url("**/leads/KH*/")


def main(base: str) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tour = Tour(browser, base)
        for login, who in (("sales1", "sales"), ("office1", "office")):
            with tour.as_person(login) as page:
                file(tour, page, {**ASKED["own"], "mobile": "12300321777" if who == "sales" else "12300321778"})
                for word, fields in ASKED.items():
                    own = {"mobile": "12300321778"} if (word, who) == ("own", "office") else {}
                    ask(tour, page, fields | own)
                    take_screenshots.keep(page, f"verdict-{word}-{who}", HEIGHT)
        with tour.as_person("admin") as page:
            tour.open(page, "/admin/policies/filingsettings/1/change/")
            page.fill("[name=check_budget]", "2")
            page.click("[name=_save]")
            page.wait_for_load_state("networkidle")
        for size, where in ((DESK, "desk"), (PHONE, "phone")):
            with tour.as_person("sales2", size) as page:
                for serial in range(3) if size is DESK else [7]:
                    ask(tour, page, {"name": "试探", "mobile": f"1230088800{serial}"})
                take_screenshots.keep(page, f"verdict-silent-{where}", HEIGHT if size is DESK else 844)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
