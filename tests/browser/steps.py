"""What people do on the screens, in the words of the screens: the same with script and without."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.served import ROOT

MANUAL = ROOT / "data" / "manual-leads.xlsx"
LEAD = re.compile(r"/leads/(KH\d+)/$")
ORDINARY = {
    "city": "南宁",
    "community": "青秀区凤岭雅苑",
    "building_room": "1栋101",
    "source": "自然客户",
    "order_type": "欧派橱柜",
}
"""A lead that only lacks name and mobile; every test has room numbers of its own where addresses matter."""


def put(form: Locator, **fields: str) -> None:
    for name, value in fields.items():
        control = form.locator(f"[name={name}]")
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)


def send(form: Locator) -> None:
    form.locator("[type=submit]").first.click()


def sent(form: Locator, path: str | re.Pattern[str]) -> None:
    """Sends a form and waits for the page it leads to."""
    page = form.page
    with page.expect_navigation(url=path if isinstance(path, re.Pattern) else f"**{path}"):
        send(form)


def file_lead(page: Page, **fields: str) -> str:
    """Files a lead through the form; answers with its number."""
    page.goto("/leads/new/")
    form = page.locator("#filing")
    put(form, **ORDINARY | fields)
    sent(form, LEAD)
    return LEAD.search(page.url)[1]  # type: ignore[index]


def upload(page: Page, workbook: Path) -> Locator:
    """Sends a workbook to the import; answers with the counts of its preview."""
    page.goto("/leads/import/")
    page.set_input_files("#upload [name=file]", workbook)
    sent(page.locator("#upload"), re.compile(r"/leads/import/\d+/$"))
    return page.locator("#import")


def import_rows(page: Page) -> Locator:
    """Says yes to a preview; answers with the counts of the result."""
    sent(page.locator("#decide-import"), re.compile(r"/leads/import/\d+/$"))
    return page.locator("#import[data-state=done]")


def assign(page: Page, number: str, store: str, order_type: str, **more: str) -> None:
    page.goto(f"/leads/{number}/assign/")
    form = page.locator("form:has([name=store])")
    put(form, store=store, order_type=order_type, **more)
    sent(form, LEAD)


def open_case(page: Page, number: str) -> None:
    """From the showroom's list to the case of a lead."""
    page.goto(f"/store/?q={number}")
    page.goto(page.locator(f"tr[data-number={number}] th a").get_attribute("href") or "")


def correct(page: Page, number: str, **fields: str) -> None:
    open_case(page, number)
    form = page.locator("#correction")
    put(form, **fields)
    sent(form, re.compile(r"/store/\d+/$"))


def take_deposit(page: Page, number: str, *, amount: str, receipt: str, photo: Path | None = None) -> None:
    open_case(page, number)
    form = page.locator("#deposit")
    put(form, deposit_amount=amount, deposit_receipt=receipt)
    if photo:
        form.locator("[name=receipt_photo]").set_input_files(photo)
    sent(form, re.compile(r"/store/\d+/$"))
    expect(page.locator("[data-deposit]")).to_be_visible()


def number_of(page: Page, name: str, **search: str) -> str:
    """The number of the only row of that name in the list."""
    page.goto(f"/leads/?name={name}" + "".join(f"&{key}={value}" for key, value in search.items()))
    return page.locator(f"tr[data-name='{name}']").get_attribute("data-number") or ""
