"""What customers are called is shown, never run: a lead whose every text is script or template code."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import assign, correct, file_lead, put, send, take_deposit

CANARY = '"><script>window.hacked=1</script>'
BRACES = "{{7*7}}"
HACKED = "window.hacked"


def look(page: Page, address: str, *texts: str) -> None:
    """The page shows the texts as they are and has run none of them."""
    page.goto(address)
    said = page.locator("main").inner_text()
    for text in texts:
        assert text in said, f"{text} on {address}"
    assert page.evaluate(HACKED) is None, address


def test_hostile_text_stays_text(enter: Callable[..., Page]) -> None:
    sales, manager, seller, auditor, designer = map(enter, ("sales1", "manager1", "store1", "auditor1", "designer1"))
    number = file_lead(
        sales,
        name=CANARY,
        mobile="13677188801",
        community=CANARY,
        building_room=BRACES,
        member_card=CANARY,
        source="老客户推荐",
        referrer_name=CANARY,
        referrer_mobile="13677188802",
        referrer_card=BRACES,
        budget_note=CANARY + BRACES,
    )
    sales.goto(f"/leads/{number}/follow-ups/")
    put(sales.locator("main form"), content=CANARY + BRACES)
    send(sales.locator("main form"))
    expect(sales.locator("main h1")).to_contain_text(CANARY)
    assign(manager, number, "琅东展厅", "欧派橱柜", note=CANARY)
    manager.goto(f"/leads/{number}/measure/")
    put(manager.locator("main form"), designer="贺谷雨", scheduled_at="2031-05-06T09:30", note=CANARY)
    send(manager.locator("main form"))
    manager.wait_for_url(f"**/leads/{number}/")
    correct(seller, number, name=BRACES, community=CANARY + "x")
    take_deposit(seller, number, amount="100", receipt=CANARY)
    case = seller.url.rstrip("/").rsplit("/", 1)[1]

    designer.goto("/measure/")
    designer.click(f"tr[data-number={number}] th a")
    put(designer.locator("main form"), result=CANARY)
    send(designer.locator("main form"))
    look(designer, "/measure/", CANARY)
    look(sales, f"/leads/?q={number}", CANARY, BRACES)
    expect(sales.locator("tr[data-number]")).to_have_attribute("data-name", CANARY)
    look(sales, f"/leads/{number}/", CANARY, BRACES)
    look(sales, f"/leads/{number}/follow-ups/", CANARY)
    look(sales, f"/leads/new/?copy={number}")
    look(manager, f"/leads/{number}/assign/", CANARY)
    look(manager, f"/leads/{number}/measure/", CANARY)
    look(seller, "/store/", BRACES)
    look(seller, f"/store/{case}/", CANARY, BRACES)
    look(auditor, "/audit/?mobile=13677188801", CANARY, BRACES)
    look(auditor, f"/audit/{case}/", CANARY, BRACES)
    put(auditor.locator("#decision"), remark=CANARY)
    auditor.locator("#decision label[data-is=failure]").click()
    send(auditor.locator("#decision"))
    expect(auditor.locator("#decision")).to_have_count(0)
    look(auditor, f"/audit/{case}/", CANARY)
    look(auditor, "/audit/?audit_status=failure&deposit_only=0&mobile=13677188801", CANARY)
    look(sales, "/", CANARY)
    manager.goto("/reports/filing/?by=filer")
    look(manager, manager.locator("tbody [data-column=total] a").first.get_attribute("href") or "/")


def test_hostile_text_stays_text_in_the_menu_and_the_drawer(enter: Callable[..., Page]) -> None:
    page = enter("sales2")
    number = file_lead(page, name=CANARY, mobile="13677188803", community=CANARY, building_room=BRACES * 2)
    page.goto(f"/leads/?q={number}")
    page.locator("tr[data-number] .c-addr").click()
    expect(page.locator("[data-picked]")).to_contain_text(CANARY)
    page.locator("tr[data-number] [data-open]").click()
    expect(page.locator("#drawer h1")).to_have_text(CANARY)
    page.goto(f"/leads/{number}/delete/")
    expect(page.locator("main form")).to_contain_text(CANARY)
    assert page.evaluate(HACKED) is None


def test_hostile_text_in_a_search_stays_text(enter: Callable[..., Page]) -> None:
    page = enter("sales2")
    page.goto("/leads/")
    page.fill("#filters [name=q]", CANARY)
    page.press("#filters [name=q]", "Enter")
    page.wait_for_url(re.compile("q=%22"))
    page.reload()
    expect(page.locator("#filters [name=q]")).to_have_value(CANARY)
    assert page.evaluate(HACKED) is None
