"""One customer passes from hand to hand: filed, queued for, released, taken over (PROT-3, -6); desk and phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, TOUCH
from tests.browser.steps import LEAD, file_lead, put, sent

SIZES: dict[str, Any] = {"desk": {"viewport": DESK}, "phone": TOUCH}
COMPANY = {
    "customer_kind": "企业客户",
    "contact_name": "路长亭",
    "industry": "住宿",
    "city": "南宁",
    "source": "自然客户",
}
"""A company that can be waited for, by the demo's policy."""
CODES = {"desk": "91450100QUEUE001X4", "phone": "91450100QUEUE002X5"}


def one(size: str) -> dict[str, str]:
    """The customer of a size: what is filed at one must not be met at the other."""
    mobile = {"desk": "13977180001", "phone": "13977180002"}[size]
    place = {"community": f"青秀区排队大厦{size}", "building_room": "A座801"}
    return COMPANY | place | {"name": f"南宁排队{size}示例酒店", "mobile": mobile, "credit_code": CODES[size]}


def sound(page: Page) -> None:
    """Accessible, and no wider than the screen."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [fault["id"] for fault in found] == []
    width = (page.viewport_size or DESK)["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def hold(page: Page, word: str) -> None:
    expect(page.locator("#protection .hold")).to_have_attribute("data-hold", word)


@pytest.mark.parametrize("size", SIZES)
def test_who_waits_owns_the_customer_once_its_holder_lets_go(
    enter: Callable[..., Page], shot: Callable[..., Path], size: str
) -> None:
    holder, waiter = (enter(who, **SIZES[size]) for who in ("sales1", "sales2"))
    number = file_lead(holder, **one(size))
    hold(holder, "protected")

    waiter.goto("/leads/new/")
    put(waiter.locator("#filing"), **one(size))
    waiter.locator("[name=name]").focus()
    expect(waiter.locator("#verdict")).to_have_attribute("data-verdict", "taken")
    expect(waiter.locator("#id_queue")).to_have_value("1")
    shot(waiter, f"queue-form-{size}")
    sound(waiter)
    sent(waiter.locator("#filing"), LEAD)
    place = LEAD.search(waiter.url)[1]  # type: ignore[index]
    hold(waiter, "queued")
    shot(waiter, f"queue-waiter-{size}")
    sound(waiter)
    assert number not in waiter.locator("main").inner_text()

    holder.goto(f"/leads/{number}/")
    expect(holder.locator("[data-queue]")).to_have_attribute("data-queue", "1")
    assert place not in holder.locator("main").inner_text()
    shot(holder, f"queue-holder-{size}")
    sound(holder)
    holder.locator("main details.menu summary").click()
    holder.locator(f"main details.menu a[href='/leads/{number}/release/']").click()
    holder.wait_for_url("**/release/")
    sound(holder)
    shot(holder, f"release-{size}")
    put(holder.locator("#deed"), reason="客户不再联系")
    sent(holder.locator("#deed"), re.compile(rf"/leads/{number}/$"))
    hold(holder, "released")

    waiter.reload()
    hold(waiter, "protected")
    waiter.goto("/leads/protections/?show=mine")
    expect(waiter.locator(f"tr[data-number={place}]")).to_have_attribute("data-hold", "protected")
    sound(waiter)
    shot(waiter, f"protections-{size}")


def test_main_button_follows_the_customer_typed(enter: Callable[..., Page]) -> None:
    customer = one("desk") | {"mobile": "13977180003", "community": "青秀区改口大厦", "name": "南宁改口示例酒店"}
    customer |= {"credit_code": "91450100QUEUE003X6"}
    file_lead(enter("sales1"), **customer)
    page = enter("sales2")
    page.goto("/leads/new/")
    button = page.locator("#file-it")
    fresh = button.inner_text()

    put(page.locator("#filing"), customer_kind="企业客户", mobile=customer["mobile"])
    page.focus("[name=name]")
    expect(page.locator("#id_queue")).to_have_value("1")
    assert button.inner_text() != fresh
    put(page.locator("#filing"), mobile="13977180004")
    page.focus("[name=name]")
    expect(page.locator("#id_queue")).to_have_value("")
    expect(button).to_have_text(fresh)


def test_menu_of_a_lead_obeys_the_keys(enter: Callable[..., Page]) -> None:
    page = enter("sales1")
    file_lead(page, name="白露生", mobile="13977180005", building_room="18栋1801")
    summary = page.locator("main details.menu summary")
    summary.click()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("main details.menu")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
