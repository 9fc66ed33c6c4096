"""The filing form: what helps while typing, what the source opens, and that nothing typed is lost or filed twice."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import TOUCH
from tests.browser.steps import LEAD, ORDINARY, file_lead, put, sent

FREE, OWN, TAKEN = "free", "own", "taken"


def new_form(page: Page, **fields: str) -> Page:
    page.goto("/leads/new/")
    put(page.locator("#filing"), **fields)
    page.focus("[name=name]")
    return page


def verdict(page: Page, word: str) -> None:
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", word)


def used(page: Page) -> int:
    return int(page.locator("#quota").get_attribute("data-used") or 0)


def test_copy_takes_the_mobile_for_the_phone(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales1"), mobile="13907710001")
    page.click("[data-copy-from=mobile]")
    expect(page.locator("[name=phone]")).to_have_value("13907710001")


def test_fetch_brings_the_designers_phone(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales1"), source="家装设计师推荐", decoration_company="龙发", designer="胡静华")
    page.click("[data-fetch=designer_phone]")
    expect(page.locator("[name=designer_phone]")).to_have_value("12300002001")


def test_the_company_narrows_the_designers(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales1"), source="家装设计师推荐", decoration_company="青瓦装饰")
    offered = page.locator("[name=designer] option:not([hidden])").all_inner_texts()
    assert {"胡静雅", "石一鸣"} <= set(offered)
    assert "胡静华" not in offered


def test_the_source_opens_its_fields_and_closes_the_others(
    enter: Callable[..., Page], shot: Callable[..., Path]
) -> None:
    page = new_form(enter("sales1"), source="老客户推荐", referrer_name="方秋分")
    needed = page.locator("[data-field=referrer_name] label, [data-field=referrer_mobile] label")
    for label in needed.all():
        expect(label).to_have_class("need")
    shot(page, "form-1440")
    put(page.locator("#filing"), source="自然客户")
    referrer = page.locator("[name=referrer_name]")
    expect(referrer).to_have_js_property("readOnly", True)
    expect(referrer).to_have_value("方秋分")
    expect(page.locator("[data-field=referrer_name] label")).not_to_have_class("need")
    put(page.locator("#filing"), source="老客户推荐")
    expect(referrer).to_have_js_property("readOnly", False)
    expect(referrer).to_have_value("方秋分")


def test_a_closed_field_is_not_stored_and_that_is_said(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales1"), source="老客户推荐", referrer_name="方秋分", referrer_mobile="13907710002")
    put(page.locator("#filing"), **ORDINARY | {"name": "韦一", "mobile": "13907710003", "building_room": "2栋103"})
    sent(page.locator("#filing"), LEAD)
    expect(page.locator(".toast", has_text="推荐客户姓名")).to_be_visible()
    assert "方秋分" not in page.locator("main").inner_text()


def test_the_verdict_follows_what_is_typed(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = new_form(enter("sales1"))
    page.locator("[name=mobile]").press_sequentially("13907710004")
    verdict(page, FREE)
    number = file_lead(page, name="韦秘密", mobile="13907710004", building_room="2栋104")
    new_form(page, mobile="13907710004")
    verdict(page, OWN)
    expect(page.locator("#verdict a")).to_have_text(number)
    other = new_form(enter("sales2"), mobile="13907710004")
    verdict(other, TAKEN)
    said = other.locator("#verdict").inner_text()
    assert not any(secret in said for secret in ("罗小满", "sales1", "韦秘密", number))
    shot(other, "form-taken-1440")


def test_the_complete_address_is_judged_too(enter: Callable[..., Page]) -> None:
    file_lead(enter("sales1"), name="韦址", mobile="13907710005", building_room="2栋105")
    other = new_form(enter("sales2"), city="南宁", community=ORDINARY["community"], building_room="2栋105")
    verdict(other, TAKEN)


def test_what_is_taken_cannot_be_filed_and_stays_typed(enter: Callable[..., Page]) -> None:
    file_lead(enter("sales1"), name="韦先", mobile="13907710006", building_room="2栋106")
    page = new_form(enter("sales2"), **ORDINARY | {"name": "韦后", "mobile": "13907710006", "building_room": "3栋1"})
    before = used(page)
    with page.expect_response(lambda response: response.request.method == "POST" and response.status == 422):
        page.click("#filing [type=submit]")
    expect(page.locator("[data-problem=__all__]")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("韦后")
    expect(page.locator("[name=source] option:checked")).to_have_text("自然客户")
    assert used(page) == before


def test_missing_fields_are_named_and_the_rest_is_kept(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = new_form(enter("sales1", **TOUCH), name="韦缺", source="家装公司推荐", budget_note="三万左右")
    page.click("#filing [type=submit]")
    for name in ("mobile", "community", "decoration_company"):
        expect(page.locator(f"[data-problem={name}]")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("韦缺")
    expect(page.locator("[name=budget_note]")).to_have_value("三万左右")
    shot(page, "form-422-390")


def test_the_meter_counts_a_filing(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales2"))
    before = used(page)
    expect(page.locator("#quota")).to_have_attribute("data-cap", "30")
    file_lead(page, name="韦数", mobile="13907710007", building_room="2栋107")
    page.goto("/leads/new/")
    expect(page.locator("#quota")).to_have_attribute("data-used", str(before + 1))
    expect(page.locator("#quota")).to_have_attribute("data-left", str(30 - before - 1))


def test_a_double_click_on_save_files_once(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales1"), **ORDINARY | {"name": "韦双", "mobile": "13907710008", "building_room": "2栋108"})
    page.dblclick("#filing [type=submit]", no_wait_after=True)
    page.wait_for_url(LEAD)
    page.goto("/leads/?mobile=13907710008")
    expect(page.locator("tr[data-number]")).to_have_count(1)


def test_control_and_enter_save(enter: Callable[..., Page]) -> None:
    page = new_form(enter("sales1"), **ORDINARY | {"name": "韦键", "mobile": "13907710009", "building_room": "2栋109"})
    with page.expect_navigation(url=LEAD):
        page.press("[name=name]", "Control+Enter")


def test_quick_filing_copies_the_data(enter: Callable[..., Page]) -> None:
    page = enter("sales1")
    number = file_lead(page, name="韦抄", mobile="13907710010", building_room="2栋110", member_card="VIP7")
    page.goto(f"/leads/{number}/")
    page.click(f"main a[href='/leads/new/?copy={number}']")
    for name, value in {
        "name": "韦抄",
        "mobile": "13907710010",
        "building_room": "2栋110",
        "member_card": "VIP7",
    }.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    put(page.locator("#filing"), order_type="欧派衣柜")
    sent(page.locator("#filing"), LEAD)
    assert number not in page.url


def test_the_form_is_one_handed_on_a_phone(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = enter("sales1", **TOUCH)
    page.goto("/leads/")
    page.locator(".thumbs a.main").tap()
    page.wait_for_url(re.compile(r"/leads/new/$"))
    expect(page.locator("#filing .acts [type=submit]").first).to_be_in_viewport()
    assert page.locator("[name=mobile]").get_attribute("inputmode") == "tel"
    shot(page, "form-390", whole=False)
