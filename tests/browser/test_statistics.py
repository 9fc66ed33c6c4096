"""The statistics come out as in the manual: four filed, three assigned, one with a deposit, a quarter paid."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import TOUCH
from tests.browser.steps import assign, file_lead, take_deposit

COUNTS = {"total": 4, "filed": 0, "assigned": 3, "deposit": 1, "success": 0, "failure": 0, "unaudited": 4}
RATIOS = {"deposit_ratio": "25", "success_ratio": "0", "failure_ratio": "0"}


@pytest.fixture
def counted(enter: Callable[..., Page]) -> Page:
    """The administrator's own line after the manual's example, as they see it."""
    admin = enter("admin")
    admin.goto("/reports/filing/")
    if not admin.locator("tr[data-filer-name='黎立春']").count():
        play(admin, enter("store1"))
        admin.goto("/reports/filing/")
    return admin


def play(admin: Page, seller: Page) -> None:
    numbers = [
        file_lead(admin, name=name, mobile=f"1390771000{place}", building_room=f"8栋80{place}")
        for place, name in enumerate(("樊一", "樊二", "樊三", "樊四"))
    ]
    for number in numbers:
        assign(admin, number, "琅东展厅", "欧派橱柜")
    take_deposit(seller, numbers[0], amount="3000", receipt="SJ9")


def test_the_manuals_example_comes_out_to_the_figure(counted: Page, shot: Callable[..., Path]) -> None:
    line = counted.locator("tr[data-filer-name='黎立春']")
    expect(line).to_have_attribute("data-outlet-name", "办公室")
    for column, count in COUNTS.items():
        expect(line.locator(f"[data-column={column}]")).to_have_attribute("data-value", str(count))
    for column, share in RATIOS.items():
        value = line.locator(f"[data-column={column}]").get_attribute("data-value") or ""
        assert float(value) == float(share)
        assert line.locator(f"[data-column={column}]").inner_text() in {f"{share}%", f"{share}.0%", f"{share} %"}
    shot(counted, "statistics-1440")


def test_each_figure_leads_to_as_many_rows(counted: Page) -> None:
    address = counted.url
    for column, count in COUNTS.items():
        counted.goto(address)
        link = counted.locator(f"tr[data-filer-name='黎立春'] [data-column={column}] a")
        if count:
            link.click()
            expect(counted.locator("tr[data-number]")).to_have_count(count)
        else:
            expect(link).to_have_count(0)


def test_the_export_carries_the_figures_shown(counted: Page, tmp_path: Path) -> None:
    with counted.expect_download() as found:
        counted.locator("a[href*='export=xlsx']").click()
    found.value.save_as(tmp_path / "statistics.xlsx")
    rows = load_workbook(tmp_path / "statistics.xlsx").worksheets[0].iter_rows(values_only=True)
    line = next(row for row in rows if "黎立春" in row)
    assert list(line[:9]) == ["办公室", "黎立春", *COUNTS.values()]


def test_the_statistics_stand_on_a_phone(enter: Callable[..., Page], counted: Page, shot: Callable[..., Path]) -> None:
    phone = enter("admin", **TOUCH)
    phone.goto(counted.url)
    expect(phone.locator("tr[data-filer-name='黎立春'] [data-column=total]")).to_be_attached()
    shot(phone, "statistics-390")
