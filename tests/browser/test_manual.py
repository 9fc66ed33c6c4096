"""The users' manual on the screens: its fifteen rows come in by a workbook and pass through all hands."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TOUCH
from tests.browser.served import Site
from tests.browser.steps import MANUAL, assign, correct, file_lead, import_rows, number_of, take_deposit, upload

# fmt: off
NAMES = [
    "测试", "马超", "马超", "dd", "章鱼小事", "章鱼小生", "章鱼小生",
    "周生生", "阿泰斯特", "测试1", "张先生", "张三", "张苍生", "yu", "小星星",
]
# fmt: on
CABINET = "欧派橱柜"
EAST = "琅东展厅"


@pytest.fixture
def site(fresh_site: Site) -> Site:
    return fresh_site


def counts(section: Locator) -> tuple[str | None, ...]:
    return tuple(section.get_attribute(f"data-{name}") for name in ("good", "bad", "duplicate", "refused"))


def table_of(path: Path) -> list[list[object]]:
    """Headers and rows of a workbook's first sheet."""
    return [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def download(page: Page, link: Locator, to: Path) -> Path:
    with page.expect_download() as found:
        link.click()
    found.value.save_as(to)
    return to


def filled_in(faulty: Path) -> Path:
    """What a person does with the workbook of the refused rows: reads the reason and fills in what is missing."""
    book = load_workbook(faulty)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, headers.index("客户姓名") + 1).value == "阿泰斯特"
    assert sheet.cell(2, headers.index("原因") + 1).value
    sheet.cell(2, headers.index("家装公司") + 1).value = "龙发"
    corrected = faulty.with_name("corrected.xlsx")
    book.save(corrected)
    return corrected


def test_the_manuals_rows_come_in_by_the_import(
    enter: Callable[..., Page], shot: Callable[..., Path], tmp_path: Path
) -> None:
    page = enter("sales1")
    assert counts(upload(page, MANUAL)) == ("14", "1", "0", "0")
    row = page.locator("tr[data-row]").filter(has=page.locator("[data-field=name]", has_text="阿泰斯特"))
    expect(row).to_have_attribute("data-state", "bad")
    expect(row.locator("td[data-problem]")).to_have_attribute("data-problem", "decoration_company")
    warned = page.locator("td[data-field=mobile]:has(.sev[data-is=warn])")
    assert {text[:11] for text in warned.all_inner_texts()} == {"12345611111", "12331111111"}
    shot(page, "import-preview-1440")
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "import-preview-390", whole=False)
    page.set_viewport_size({"width": 1440, "height": 900})

    import_rows(page)
    assert len(set(page.locator("tr[data-row] a[href^='/leads/KH']").all_inner_texts())) == 14
    shot(page, "import-result-1440")
    faulty = download(page, page.locator("a[href$='/faulty/']"), tmp_path / "faulty.xlsx")
    assert counts(upload(page, filled_in(faulty))) == ("1", "0", "0", "0")
    import_rows(page)

    page.goto("/leads/?sort=filed_at")
    listed = page.locator("tr[data-number]")
    assert [row.get_attribute("data-name") for row in listed.all()] == [
        *(name for name in NAMES if name != "阿泰斯特"),
        "阿泰斯特",
    ]
    numbers = [row.get_attribute("data-number") for row in listed.all()]
    assert numbers == sorted(set(numbers))  # type: ignore[type-var]
    shot(page, "list-1440")
    headers, *rows = table_of(download(page, page.locator("a[href*='export=xlsx']"), tmp_path / "leads.xlsx"))
    assert headers[:5] == ["编号", "审核状态", "报备进度", "客户姓名", "手机"]
    heads = [head.strip() for head in page.locator("[data-rows] thead th").all_inner_texts()]
    places = [heads.index(head) for head in ("手机", "电话", "报备网点")]
    shown = [[row.locator("th, td").nth(place).inner_text().strip() for place in places] for row in listed.all()]
    assert [row[0] for row in rows] == numbers
    assert [[row[4], row[5] or "", row[13]] for row in rows] == shown
    phone = enter("sales1", **TOUCH)
    phone.goto("/leads/")
    shot(phone, "list-390", whole=False)


def receipt(folder: Path) -> Path:
    path = folder / "receipt.png"
    Image.new("RGB", (320, 200), "white").save(path)
    return path


def marks(case: Locator, version: str) -> dict[str, list[str]]:
    """The marked characters of every differing cell of one line."""
    cells = case.locator(f"tr[data-version={version}] td.differs")
    return {
        cell.get_attribute("data-field") or "": [mark.strip() for mark in cell.locator("mark").all_text_contents()]
        for cell in cells.all()
    }


def decide(page: Page, number: str, result: str, remark: str) -> None:
    case = page.locator(f"tbody[data-number={number}]")
    case.locator(f"label[data-is={result}]").click()
    case.locator("[name=remark]").fill(remark)
    with page.expect_navigation(url=re.compile(r"/audit/\d+/$")):
        case.locator("[type=submit]").click()


def hand_over(enter: Callable[..., Page], photo: Path, shot: Callable[..., Path]) -> dict[str, str]:
    """The manual's audit tables: four cases with a deposit, two of them corrected; answers with their numbers."""
    sales = enter("sales1")
    upload(sales, MANUAL)
    import_rows(sales)
    numbers = {name: number_of(sales, name) for name in ("周生生", "yu", "小星星", "张苍生", "张三")}
    manager, seller = enter("manager1"), enter("store1")
    for name in ("周生生", "yu", "小星星", "张苍生", "张三"):
        assign(manager, numbers[name], EAST, CABINET)
    correct(seller, numbers["周生生"], city="成都", building_room="1栋5号")
    correct(seller, numbers["小星星"], name="张R", city="南宁", community="大鹏新区海藤湾", building_room="1002002")
    for place, name in enumerate(("周生生", "yu", "小星星", "张苍生")):
        take_deposit(seller, numbers[name], amount=f"{place + 1}000", receipt=f"SJ{place}", photo=photo)
    seller.request.get(seller.locator("a[href$='/receipt/']").get_attribute("href") or "")
    shot(seller, "store-case-1440")
    return numbers


def test_the_manuals_cases_are_corrected_and_decided(
    enter: Callable[..., Page], shot: Callable[..., Path], tmp_path: Path
) -> None:
    numbers = hand_over(enter, receipt(tmp_path), shot)
    auditor = enter("auditor1")
    auditor.goto("/audit/")
    of = {name: auditor.locator(f"tbody[data-number={number}]") for name, number in numbers.items()}
    expect(of["张三"]).to_have_count(0)
    assert marks(of["yu"], "filed") == marks(of["yu"], "actual") == {}
    assert marks(of["周生生"], "filed") == {"address": ["1楼"]}
    assert marks(of["周生生"], "actual") == {"address": ["成都", "1栋"]}
    assert marks(of["小星星"], "filed")["name"] == ["小星星"]
    assert marks(of["小星星"], "actual")["name"] == ["张R"]
    assert set(marks(of["小星星"], "actual")) == {"name", "address"}
    shot(auditor, "audit-1440")
    small = enter("auditor1", **TOUCH)
    small.goto("/audit/")
    shot(small, "audit-390")

    before = credit(enter)
    decide(auditor, numbers["yu"], "success", "完全正确，报备有效")
    expect(auditor.locator(".trail").first).to_contain_text("完全正确，报备有效")
    shot(auditor, "audit-case-1440")
    auditor.goto("/audit/")
    decide(auditor, numbers["小星星"], "failure", "姓名、地址均不符")
    auditor.goto("/audit/")
    for name in ("周生生", "张苍生"):
        of[name].locator("[name=assignment]").check()
    expect(auditor.locator("[data-bulk-count]")).to_have_text("2")
    auditor.locator("#bulk label[data-is=success]").click()
    auditor.locator("#bulk [type=submit]").click()
    with auditor.expect_navigation():
        auditor.locator("#confirm [data-yes]").click()
    for case in of.values():
        expect(case).to_have_count(0)

    sales = enter("sales1")
    sales.goto("/leads/")
    audits = dict.fromkeys(("yu", "周生生", "张苍生"), "success") | {"小星星": "failure", "张三": "unaudited"}
    for name, audit in audits.items():
        expect(sales.locator(f"tr[data-number={numbers[name]}]")).to_have_attribute("data-audit", audit)
    expect(sales.locator(f"tr[data-number={numbers['yu']}] .c-audit")).to_contain_text("成功")
    expect(sales.locator(f"tr[data-number={numbers['小星星']}] .c-audit")).to_contain_text("失败")
    assert credit(enter) == before + 4


def credit(enter: Callable[..., Page]) -> int:
    page = enter("sales1")
    page.goto("/leads/")
    return int(page.locator("#quota").get_attribute("data-credit") or 0)


def test_a_lead_gives_quota_back_once(enter: Callable[..., Page], site: Site) -> None:
    number = file_lead(enter("sales1"), name="梁上燕", mobile="13600001111", building_room="9栋901")
    manager, seller, auditor = enter("manager1"), enter("store1"), enter("auditor1")
    for order_type in (CABINET, "欧派衣柜"):
        assign(manager, number, EAST, order_type)
    auditor.goto("/audit/?deposit_only=0")
    for expected in (1, 1):
        auditor.goto("/audit/?deposit_only=0")
        case = auditor.locator(f"tbody[data-number={number}]").first
        case.locator("label[data-is=success]").click()
        with auditor.expect_navigation():
            case.locator("[type=submit]").click()
        assert credit(enter) == expected
    seller.goto(f"/store/?q={number}")
    expect(seller.locator("tr[data-number]")).to_have_count(2)
