"""The list of leads with mouse, keyboard and thumb (LEAD-1, LEAD-2, LEAD-5 to LEAD-8)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TOUCH
from tests.browser.steps import LEAD, assign, file_lead, sent

NAMES = ("甲子", "乙丑", "丙寅")
SIX = ["copy", "edit", "delete", "follow", "measure", "assign"]


@pytest.fixture
def rows(enter: Callable[..., Page]) -> dict[str, str]:
    """Three leads of manager1, made once for the file: 甲子 is assigned, the others are merely filed."""
    page = enter("manager1")
    page.goto("/leads/?sort=filed_at&address=七星里")
    if not page.locator("tr[data-number]").count():
        for place, name in enumerate(NAMES):
            file_lead(page, name=name, mobile=f"1397713000{place}", community="七星里", building_room=f"{place}栋")
        page.goto("/leads/?sort=filed_at&address=七星里")
    found = {row.get_attribute("data-name") or "": row.get_attribute("data-number") or "" for row in all_rows(page)}
    if page.locator(f"tr[data-number={found['甲子']}]").get_attribute("data-progress") == "filed":
        assign(page, found["甲子"], "江南展厅", "欧派橱柜")
    return found


def all_rows(page: Page) -> list[Locator]:
    return page.locator("tr[data-number]").all()


def at_list(page: Page, query: str = "?address=七星里&sort=filed_at") -> Page:
    page.goto(f"/leads/{query}")
    return page


def row(page: Page, number: str) -> Locator:
    return page.locator(f"tr[data-number={number}]")


def cell(page: Page, number: str) -> Locator:
    """A place of the row that is no link."""
    return row(page, number).locator(".c-addr")


def names(page: Page) -> list[str | None]:
    return [each.get_attribute("data-name") for each in all_rows(page)]


def test_nothing_is_searched_before_the_button(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("manager1"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/leads/" in request.url else None)
    page.fill("#filters [name=q]", "乙丑")
    page.select_option("#filters [name=audit_status]", "unaudited")
    page.wait_for_timeout(600)
    assert asked == []
    page.click("#filters [type=submit]")
    expect(page.locator("tr[data-number]")).to_have_count(1)
    assert "q=%E4%B9%99%E4%B8%91" in page.url
    page.fill("#filters [name=q]", "丙寅")
    page.press("#filters [name=q]", "Enter")
    expect(row(page, rows["丙寅"])).to_be_visible()


def test_the_status_filters_and_the_address_keeps_it(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("manager1"), "?address=七星里")
    page.select_option("#filters [name=progress]", "assigned")
    page.click("#filters [type=submit]")
    expect(page.locator("tr[data-number]")).to_have_count(1)
    page.reload()
    expect(row(page, rows["甲子"])).to_have_attribute("data-progress", "assigned")
    page.goto("/leads/?audit_status=success&address=七星里")
    expect(page.locator("tr[data-number]")).to_have_count(0)


def test_a_header_sorts_and_back_restores(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("manager1"))
    assert names(page) == list(NAMES)
    header = page.locator("th a[href*='sort=-filed_at'], th a[href*='sort=filed_at']")
    with page.expect_response(re.compile("sort=")):
        header.click()
    expect(page.locator("tr[data-number]").first).to_have_attribute("data-name", "丙寅")
    assert "address=" in page.url
    page.go_back()
    expect(page.locator("tr[data-number]").first).to_have_attribute("data-name", "甲子")


def test_a_right_click_opens_six_actions(
    enter: Callable[..., Page], rows: dict[str, str], shot: Callable[..., Path]
) -> None:
    page = at_list(enter("manager1"))
    cell(page, rows["乙丑"]).click(button="right")
    items = page.locator("#row-menu [role=menuitem]")
    assert [item.get_attribute("data-action") for item in items.all()] == SIX
    assert [text[:1] for text in items.all_inner_texts()] == list("123456")
    expect(items.first).to_be_focused()
    shot(page, "menu-1440", whole=False)
    page.keyboard.press("Escape")
    expect(page.locator("#row-menu")).to_be_hidden()


@pytest.mark.parametrize(
    ("digit", "path"), [("1", "/leads/new/?copy={}"), ("4", "/leads/{}/follow-ups/"), ("6", "/leads/{}/assign/")]
)
def test_digits_choose_in_the_menu(enter: Callable[..., Page], rows: dict[str, str], digit: str, path: str) -> None:
    page = at_list(enter("manager1"))
    cell(page, rows["乙丑"]).click(button="right")
    with page.expect_navigation(url=f"**{path.format(rows['乙丑'])}"):
        page.keyboard.press(digit)


def test_the_menu_says_why_an_action_is_refused(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("manager1"))
    cell(page, rows["甲子"]).click(button="right")
    for action in ("edit", "delete"):
        item = page.locator(f"#row-menu [data-action={action}]")
        expect(item).to_have_attribute("aria-disabled", "true")
        expect(item.locator(".reason")).not_to_be_empty()
    page.keyboard.press("2")
    expect(page.locator("#row-menu")).to_be_visible()
    page.keyboard.press("Escape")
    cell(page, rows["甲子"]).click()
    button = page.locator("[data-row-action=edit]")
    expect(button).to_have_attribute("aria-disabled", "true")
    assert button.get_attribute("title")


def test_a_refused_address_says_why(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = enter("manager1")
    for action in ("edit", "delete"):
        answer = page.goto(f"/leads/{rows['甲子']}/{action}/")
        assert answer and answer.status == 422
        expect(page.locator("[data-problem=__all__]")).to_contain_text("指派")


def test_a_double_click_edits(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("manager1"))
    with page.expect_navigation(url=f"**/leads/{rows['乙丑']}/edit/"):
        cell(page, rows["乙丑"]).dblclick()
    page.fill("[name=member_card]", "KA1")
    sent(page.locator("#filing"), LEAD)
    expect(page.locator("main")).to_contain_text("KA1")


def test_arrows_and_enter_open_a_lead(
    enter: Callable[..., Page], rows: dict[str, str], shot: Callable[..., Path]
) -> None:
    page = at_list(enter("manager1"))
    cell(page, rows["甲子"]).click()
    page.keyboard.press("ArrowDown")
    expect(row(page, rows["乙丑"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_contain_text(rows["乙丑"])
    assert page.url.endswith(f"/leads/{rows['乙丑']}/")
    shot(page, "drawer-1440", whole=False)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#drawer")).to_contain_text(rows["丙寅"])
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_have_count(0)
    expect(page.locator("tr[data-number]")).to_have_count(3)
    page.wait_for_url(re.compile("address="))


def test_a_name_opens_the_drawer_and_back_closes_it(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("manager1"))
    row(page, rows["丙寅"]).locator("[data-open]").click()
    expect(page.locator("#drawer")).to_contain_text("丙寅")
    page.go_back()
    expect(page.locator("#drawer")).to_have_count(0)
    assert names(page) == list(NAMES)


def test_a_slash_goes_to_the_search(enter: Callable[..., Page]) -> None:
    page = at_list(enter("manager1"))
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("甲子")
    with page.expect_navigation(url=re.compile(r"/leads/\?q=")):
        page.keyboard.press("Enter")


def test_deleting_asks_first_and_keeps_the_number(enter: Callable[..., Page]) -> None:
    page = enter("sales2")
    number = file_lead(page, name="丁卯", mobile="13977130009", community="八桂里", building_room="9栋")
    at_list(page, "?q=丁卯")
    cell(page, number).click(button="right")
    with page.expect_navigation(url=f"**/leads/{number}/delete/"):
        page.keyboard.press("3")
    sent(page.locator("main form"), re.compile(r"/leads/$"))
    expect(page.locator(".toast")).to_contain_text(number)
    expect(row(page, number)).to_have_count(0)
    later = file_lead(page, name="戊辰", mobile="13977130009", community="八桂里", building_room="9栋")
    assert later > number


def test_sales_see_only_their_own_rows(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = at_list(enter("sales2"))
    for number in rows.values():
        expect(row(page, number)).to_have_count(0)
        assert page.request.get(f"/leads/{number}/").status == 404


def test_an_unknown_value_is_a_message(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    page = enter("manager1")
    answer = page.goto("/leads/?progress=nonsense")
    assert answer and answer.status == 200
    expect(page.locator("[data-problem]")).to_be_visible()
    expect(page.locator("tr[data-number]")).to_have_count(0)


def test_a_tap_on_the_dots_opens_the_menu(
    enter: Callable[..., Page], rows: dict[str, str], shot: Callable[..., Path]
) -> None:
    phone = at_list(enter("manager1", **TOUCH))
    row(phone, rows["乙丑"]).locator("[data-menu]").tap()
    expect(phone.locator("#row-menu")).to_be_in_viewport(ratio=1)
    shot(phone, "menu-390", whole=False)
    with phone.expect_navigation(url=f"**/leads/{rows['乙丑']}/follow-ups/"):
        phone.locator("#row-menu [data-action=follow]").tap()


def test_a_long_press_opens_the_menu(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    phone = at_list(enter("manager1", **TOUCH))
    box = cell(phone, rows["乙丑"]).bounding_box()
    assert box
    hand = phone.context.new_cdp_session(phone)
    spot = {"x": box["x"] + 20, "y": box["y"] + 5}
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
    expect(phone.locator("#row-menu")).to_be_visible()
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_timeout(300)
    expect(phone.locator("#row-menu")).to_be_visible()


def test_rows_are_cards_to_call_from_on_a_phone(enter: Callable[..., Page], rows: dict[str, str]) -> None:
    phone = at_list(enter("manager1", **TOUCH))
    call = row(phone, rows["乙丑"]).locator("a[href='tel:13977130001']")
    expect(call).to_be_visible()
    expect(phone.locator("thead")).not_to_be_in_viewport()
    expect(phone.locator(".thumbs a[href='/leads/new/']")).to_be_in_viewport(ratio=0.9)
    row(phone, rows["丙寅"]).locator("[data-open]").tap()
    phone.wait_for_url(f"**/leads/{rows['丙寅']}/")
    expect(phone.locator("main h1")).to_contain_text("丙寅")


def test_an_eye_reveals_a_masked_number(enter: Callable[..., Page]) -> None:
    number = file_lead(enter("sales1"), name="己巳", mobile="13977130012", community="八桂里", building_room="12栋")
    page = at_list(enter("manager1"), f"?q={number}")
    assert "13977130012" not in page.content()
    row(page, number).locator(".c-tel button").click()
    expect(row(page, number).locator(".c-tel")).to_contain_text("13977130012")
