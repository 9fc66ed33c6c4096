"""Makes the pictures of the guides anew: `python docs/guides/take_screenshots.py http://127.0.0.1:8000`.

Takes the address of a demo that was just loaded (`make demo` with an empty database), since it imports
`data/manual-leads.xlsx`, files, queues, assigns, corrects, takes a deposit, prolongs, withdraws and drafts a policy on
its way; a second run on the same data fails.
Needs the tools of `make check` and chromium (`CHROMIUM`, else the one on the path).
"""

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
IMAGES = HERE / "images"
WORKBOOK = HERE.parents[1] / "data" / "manual-leads.xlsx"
PASSWORD = "Filing-2026!"  # noqa: S105 - published
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
COLOURS = 128
CUSTOMER = {"name": "秦立冬", "mobile": "12300321668", "community": "青秀区凤岭佳园", "building_room": "8-2-1203"}
COMPANY = {
    "name": "南宁秋声示例餐饮有限公司",
    "mobile": "12300321730",
    "contact_name": "宋秋声",
    "contact_post": "店长",
    "credit_code": "91450100DEM0DEM2XP",
    "industry": "住宿和餐饮业",
    "community": "青秀区知春大厦",
    "building_room": "C座101",
}
HIDDEN = {"name": "苏小寒", "mobile": "1230***6777", "community": "青秀区凤岭佳园"}
SAME_HOME = {"name": "覃谷雨", "mobile": "12300321888", "community": "江南云庄", "building_room": "三栋1601室"}
"""Filed already by somebody else, under another name of the community and with its unit."""
COULD_BE = SAME_HOME | {"name": "白小满"}
FISHED = ["2251", "6049", "1234", "3333", "9848", "2818", "6289", "0843", "5561", "4492", "3107"]
TURNED_AWAY = "谢女士"


class Tour:
    """One browser against one demo."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base.rstrip("/")

    @contextmanager
    def as_person(self, login: str, size: dict[str, int] = DESK) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=size is PHONE
        )
        page = context.new_page()
        page.goto(f"{self.base}/accounts/login/")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{self.base}/")
        yield page
        context.close()

    def open(self, page: Page, path: str) -> None:
        answer = page.goto(self.base + path)
        if not (answer and answer.ok):
            raise SystemExit(f"{path} answers {answer and answer.status}")
        page.wait_for_load_state("networkidle")


def keep(page: Page, name: str, height: int = 0) -> None:
    """Save the visible part of a page, or its upper `height` pixels, with few colours."""
    page.wait_for_timeout(300)
    size = page.viewport_size or DESK
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]})
    picture = (
        Image.open(io.BytesIO(shot))
        .convert("RGB")
        .quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )
    picture.save(IMAGES / f"{name}.png", optimize=True)


def keep_part(page: Page, name: str, selector: str) -> None:
    """Save one element of a page."""
    page.wait_for_timeout(600)
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def keep_verdict(page: Page, name: str, customer: dict[str, str], answer: str) -> None:
    """Type a customer into the open form and save what the check says of it."""
    for field, text in customer.items():
        page.fill(f"[name={field}]", text)
    page.keyboard.press("Tab")
    page.wait_for_selector(f"#verdict[data-verdict={answer}]")
    keep_part(page, name, "#verdict")


def choose(page: Page, **labels: str) -> None:
    for field, label in labels.items():
        page.select_option(f"[name={field}]", label=label)


def save(page: Page, form: str, leads_to: str) -> None:
    page.click(f"{form} button.btn-primary[type=submit]")
    page.wait_for_url(leads_to)


def import_leads(tour: Tour) -> None:
    with tour.as_person("sales1") as page:
        tour.open(page, "/leads/import/")
        page.set_input_files("[name=file]", WORKBOOK)
        page.click("main form:has([name=file]) button.btn-primary")
        page.wait_for_url("**/leads/import/*/")
        page.wait_for_load_state("networkidle")
        keep(page, "import")
        save(page, "#decide-import", "**/leads/import/*/")


def file_lead(tour: Tour) -> str:
    """The filing form and the number of what was filed."""
    with tour.as_person("sales1") as page:
        tour.open(page, "/leads/new/")
        choose(page, city="南宁", source="自然客户", order_type="欧派橱柜")
        for name, text in CUSTOMER.items():
            page.fill(f"[name={name}]", text)
        page.press("[name=building_room]", "Tab")
        page.wait_for_selector("#verdict[data-verdict=free]")
        page.evaluate("window.scrollTo(0, 0)")
        keep(page, "filing-form")
        save(page, "#filing", "**/leads/KH*/")
        return page.url.rstrip("/").rpartition("/")[2]


def show_answers(tour: Tour) -> None:
    """The answers of the check that the filing form did not show, and what the filing office reads of the same."""
    with tour.as_person("sales1") as page:
        for name, customer, answer in (
            ("verdict-taken", SAME_HOME, "taken"),
            ("verdict-unclear", COULD_BE, "unclear"),
            ("verdict-own", {"name": "秦立冬", "mobile": CUSTOMER["mobile"]}, "own"),
        ):
            tour.open(page, "/leads/new/")
            choose(page, city="南宁")
            keep_verdict(page, name, customer, answer)
    with tour.as_person("office1") as page:
        tour.open(page, "/leads/new/")
        choose(page, city="南宁")
        keep_verdict(page, "verdict-office", SAME_HOME, "taken")


def file_kinds(tour: Tour) -> str:
    """A company with its papers, a number with hidden digits on a phone, and a draft; the number of the company."""
    with tour.as_person("sales1") as page:
        tour.open(page, "/leads/new/")
        choose(page, customer_kind="企业客户", city="南宁", source="业务员", order_type="欧派橱柜")
        for name, text in COMPANY.items():
            page.fill(f"[name={name}]", text)
        page.press("[name=building_room]", "Tab")
        page.wait_for_selector("#verdict[data-verdict=free]")
        page.evaluate("window.scrollTo(0, 0)")
        keep(page, "filing-company", 720)
        save(page, "#filing", "**/leads/KH*/")
        company = page.url.rstrip("/").rpartition("/")[2]
        tour.open(page, f"/leads/{company}/papers/")
        keep(page, "papers", 640)
        tour.open(page, "/leads/new/")
        page.fill("[name=name]", "梁处暑")
        page.fill("[name=community]", "凤岭雅苑")
        page.click("#filing [formnovalidate]")
        page.wait_for_url("**/leads/drafts/")
        keep(page, "drafts", 280)
    with tour.as_person("sales1", PHONE) as page:
        tour.open(page, "/leads/new/")
        choose(page, filing_kind="隐号报备", gender="女", city="南宁")
        for name, text in HIDDEN.items():
            page.fill(f"[name={name}]", text)
        page.press("[name=community]", "Tab")
        page.wait_for_selector("#verdict[data-verdict=free]")
        page.evaluate("window.scrollTo(0, 0)")
        keep(page, "filing-hidden-phone")
    return company


def queue_for(tour: Tour) -> None:
    """Somebody else waits for the company."""
    with tour.as_person("sales2") as page:
        tour.open(page, "/leads/new/")
        choose(page, customer_kind="企业客户", city="南宁", source="业务员", order_type="欧派衣柜")
        keep_verdict(page, "verdict-queue", COMPANY | {"mobile": "12300321731"}, "taken")
        save(page, "#filing", "**/leads/KH*/")


def prolong(tour: Tour, number: str) -> None:
    """The filer asks for longer protection while somebody waits, the manager grants it."""
    with tour.as_person("sales1") as page:
        tour.open(page, f"/leads/{number}/extend/")
        page.fill("[name=reason]", "客户本周开工，正在签合同")
        keep(page, "extend", 400)
        save(page, "#deed", f"**/leads/{number}/")
    with tour.as_person("manager1") as page:
        tour.open(page, f"/leads/{number}/")
        keep_part(page, "protection-manager", "#protection")
        tour.open(page, "/todo/")
        page.click("tr[data-request] th a")
        page.wait_for_selector("#decision")
        page.click("#decision label[data-is=success]")
        page.fill("#decision [name=answer]", "已核实，同意延期")
        keep(page, "todo-request", 560)
        save(page, "#decision", "**/todo/")


def hold(tour: Tour, number: str) -> None:
    """What a filer sees of what they hold, and of the policies."""
    with tour.as_person("sales1") as page:
        tour.open(page, f"/leads/{number}/")
        keep_part(page, "protection", "#protection")
        tour.open(page, "/policies/")
        keep_part(page, "policies", "[data-policy='1']")
    with tour.as_person("sales3") as page:
        tour.open(page, "/leads/protections/")
        keep(page, "protections", 480)
    with tour.as_person("sales3", PHONE) as page:
        tour.open(page, "/leads/protections/")
        keep(page, "protections-phone")


def decide_requests(tour: Tour) -> None:
    with tour.as_person("office1") as page:
        tour.open(page, "/todo/")
        keep(page, "todo", 280)


def draft_policy(tour: Tour) -> None:
    """A draft of a policy, and what it would have made of past filings."""
    with tour.as_person("admin") as page:
        tour.open(page, "/admin/policies/policy/")
        page.click("#result_list th a:has-text('家居零售报备')")
        page.wait_for_selector("#policy_form")
        page.fill("[name=term_0]", "15")
        page.fill("[name=note]", "到店客户改为 15 天")
        page.click("[name=_continue]")
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelector('[name=note]').closest('fieldset').scrollIntoView()")
        keep(page, "admin-policy", 560)
        page.click(".field-versions_told a >> nth=0")
        page.wait_for_selector("main form [name=from]")
        page.click("main form button.btn-primary[type=submit]")
        page.wait_for_selector("[data-count]")
        keep(page, "admin-replay", 640)


def fish(tour: Tour) -> None:
    """Somebody asks about one customer of others after the other and files none."""
    with tour.as_person("sales2") as page:
        for end in FISHED:
            tour.open(page, "/leads/new/")
            page.fill("[name=mobile]", f"1230010{end}")
            page.keyboard.press("Tab")
            page.wait_for_selector("#verdict[data-verdict=taken]")


def watch(tour: Tour) -> None:
    """What the filing office sees of two filings that met, one of which is withdrawn, and of those who fish."""
    with tour.as_person("office1") as page:
        tour.open(page, "/audit/collisions/")
        keep(page, "collisions", 400)
        page.click(f"tr:has-text('{TURNED_AWAY}') td:first-child a")
        page.wait_for_url("**/audit/collisions/*/")
        case = page.url.removeprefix(tour.base)
        number = page.locator("table.duo thead a").nth(1).inner_text()
    with tour.as_person("sales3") as page:
        tour.open(page, f"/leads/{number}/delete/")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/leads/")
    with tour.as_person("office1") as page:
        tour.open(page, case)
        keep(page, "collision", 690)
        tour.open(page, "/audit/checks/")
        keep(page, "checks", 320)
    with tour.as_person("office1", PHONE) as page:
        tour.open(page, case)
        keep(page, "collision-phone")


def salesperson(tour: Tour) -> None:
    with tour.as_person("sales3") as page:
        tour.open(page, "/")
        keep(page, "workbench", 680)
    with tour.as_person("sales1") as page:
        tour.open(page, "/leads/")
        page.click("tr[data-number] >> nth=2", button="right")
        page.wait_for_selector("#row-menu:not([hidden])")
        keep(page, "lead-list", 720)
    with tour.as_person("sales1", PHONE) as page:
        tour.open(page, "/leads/")
        keep(page, "lead-list-phone")


def assign(tour: Tour, number: str) -> None:
    with tour.as_person("manager1") as page:
        tour.open(page, f"/leads/{number}/assign/")
        page.select_option("[name=store]", label="琅东展厅")
        page.select_option("[name=order_type]", label="欧派橱柜")
        page.fill("[name=note]", "客户周六到店")
        keep(page, "assign", 400)
        save(page, "main form:has([name=store])", f"**/leads/{number}/")


def work_case(tour: Tour) -> None:
    """The showroom corrects one figure of the room and takes the deposit."""
    with tour.as_person("store1", PHONE) as page:
        tour.open(page, "/store/")
        keep(page, "showroom-phone")
    with tour.as_person("store1") as page:
        tour.open(page, "/store/")
        page.click(f"main table a:has-text('{CUSTOMER['name']}')")
        page.wait_for_selector("#correction")
        page.fill("#correction [name=building_room]", "8-2-1303")
        save(page, "#correction", "**/store/*/")
        page.fill("#deposit [name=deposit_amount]", "5000")
        page.fill("#deposit [name=deposit_paid_on]", f"{date.today():%Y-%m-%d}")
        page.fill("#deposit [name=deposit_receipt]", "SJ00321")
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        keep(page, "showroom-case", 760)
        save(page, "#deposit", "**/store/*/")


def decide_and_count(tour: Tour) -> None:
    with tour.as_person("auditor1") as page:
        tour.open(page, "/audit/")
        keep(page, "audit-queue", 720)
    with tour.as_person("manager1") as page:
        tour.open(page, "/reports/filing/")
        keep(page, "statistics", 480)


def administer(tour: Tour) -> None:
    with tour.as_person("admin") as page:
        tour.open(page, "/admin/")
        keep(page, "admin")
        tour.open(page, "/admin/policies/quota/")
        keep(page, "admin-quota", 480)
        tour.open(page, "/admin/policies/matchrule/")
        keep(page, "admin-matching", 760)
        tour.open(page, "/admin/policies/community/")
        page.click("#result_list th a:has-text('云上江南')")
        page.wait_for_load_state("networkidle")
        keep(page, "admin-community", 560)
        tour.open(page, "/admin/policies/filingsettings/1/change/")
        keep(page, "admin-settings", 800)


def main(base: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tour = Tour(browser, base)
        import_leads(tour)
        number = file_lead(tour)
        show_answers(tour)
        company = file_kinds(tour)
        queue_for(tour)
        prolong(tour, company)
        salesperson(tour)
        assign(tour, number)
        work_case(tour)
        hold(tour, company)
        decide_and_count(tour)
        fish(tour)
        watch(tour)
        decide_requests(tour)
        administer(tour)
        draft_policy(tour)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else sys.exit(__doc__))
