"""Every duty is done with plain HTML: post, redirect, get."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LEAD, assign, correct, file_lead, put, send, sent, take_deposit

Plain = Callable[[str], Page]


@pytest.fixture
def plainly(enter: Callable[..., Page]) -> Plain:
    """Somebody's browser with script switched off."""
    return lambda username: enter(username, java_script_enabled=False)


def test_logging_in_and_out(plain: Page, login: Callable[..., Page]) -> None:
    login(plain, "sales1")
    plain.click("details.menu summary")
    plain.click("details.menu form[action$='/logout/'] [type=submit]")
    plain.wait_for_url(re.compile(r"/accounts/log"))
    if "/logout/" in plain.url:
        send(plain.locator("main form"))
        plain.wait_for_url(re.compile(r"/accounts/login/"))
    plain.goto("/leads/")
    assert "/accounts/login/" in plain.url


def test_filing_searching_editing_deleting(plainly: Plain) -> None:
    page = plainly("sales2")
    number = file_lead(page, name="林素", mobile="13977140001", building_room="4栋401")
    expect(page.locator(".toast")).to_contain_text(number)
    page.goto("/leads/")
    page.fill("#filters [name=q]", "林素")
    page.click("#filters [type=submit]")
    expect(page.locator("tr[data-number]")).to_have_count(1)
    page.click(f"tr[data-number={number}] [data-open]")
    page.click(f"main a[href$='/leads/{number}/edit/']")
    put(page.locator("#filing"), member_card="SK9")
    sent(page.locator("#filing"), LEAD)
    expect(page.locator("main")).to_contain_text("SK9")
    page.click(f"main a[href$='/leads/{number}/delete/']")
    sent(page.locator("main form"), re.compile(r"/leads/$"))
    expect(page.locator(f"tr[data-number={number}]")).to_have_count(0)


def test_a_faulty_filing_keeps_what_was_typed(plainly: Plain) -> None:
    page = plainly("sales2")
    page.goto("/leads/new/")
    put(page.locator("#filing"), name="林缺", budget_note="两万")
    send(page.locator("#filing"))
    expect(page.locator("[data-problem=mobile]")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("林缺")
    expect(page.locator("[name=budget_note]")).to_have_value("两万")


def test_following_up(plainly: Plain) -> None:
    page = plainly("sales2")
    number = file_lead(page, name="林访", mobile="13977140002", building_room="4栋402")
    page.goto(f"/leads/{number}/follow-ups/")
    put(page.locator("main form"), kind="电话", content="约周六看样")
    sent(page.locator("main form"), LEAD)
    expect(page.locator("main")).to_contain_text("约周六看样")


def test_dispatching_and_reporting(plainly: Plain) -> None:
    number = file_lead(plainly("sales2"), name="林量", mobile="13977140003", building_room="4栋403")
    manager, designer = plainly("manager1"), plainly("designer1")
    manager.goto(f"/leads/{number}/measure/")
    put(manager.locator("main form"), designer="贺谷雨", scheduled_at="2031-05-06T09:30", note="带卷尺")
    sent(manager.locator("main form"), LEAD)
    designer.goto("/measure/")
    designer.click(f"tr[data-number={number}] th a")
    put(designer.locator("main form"), result="厨房 3.2 × 2.4 米")
    send(designer.locator("main form"))
    designer.goto("/measure/")
    expect(designer.locator(f"tr[data-number={number}]")).to_have_attribute("data-reported", "1")
    manager.goto(f"/leads/{number}/")
    expect(manager.locator("main")).to_contain_text("厨房 3.2 × 2.4 米")


def test_from_the_assignment_to_the_statistics(plainly: Plain, shot: Callable[..., Path]) -> None:
    number = file_lead(plainly("sales1"), name="林到底", mobile="13977140004", building_room="4栋404")
    manager, seller, auditor = plainly("manager1"), plainly("store2"), plainly("auditor1")
    assign(manager, number, "江南展厅", "欧派橱柜", note="先电话")
    correct(seller, number, building_room="4栋405")
    expect(seller.locator("tr[data-version=actual] td.differs mark")).to_have_text("5")
    take_deposit(seller, number, amount="2000.50", receipt="SJ7")
    auditor.goto("/audit/")
    case = auditor.locator(f"tbody[data-number={number}]")
    case.locator("label[data-is=success]").click()
    case.locator("[name=remark]").fill("只差房号，有效")
    sent(case.locator("form"), re.compile(r"/audit/\d+/$"))
    expect(auditor.locator("main")).to_contain_text("只差房号，有效")
    manager.goto("/reports/filing/?by=outlet")
    manager.locator("tr[data-outlet-name='办公室'] [data-column=success] a").click()
    expect(manager.locator(f"tr[data-number={number}]")).to_have_count(1)
    shot(manager, "statistics-rows-1440")


def test_deciding_on_many(plainly: Plain) -> None:
    sales, manager, auditor = plainly("sales1"), plainly("manager1"), plainly("auditor1")
    numbers = [
        file_lead(sales, name=name, mobile=f"1397714001{place}", building_room=f"5栋50{place}")
        for place, name in enumerate(("林双一", "林双二"))
    ]
    for number in numbers:
        assign(manager, number, "江南展厅", "欧派橱柜")
    auditor.goto("/audit/?deposit_only=0")
    for number in numbers:
        auditor.locator(f"tbody[data-number={number}] [name=assignment]").check()
    auditor.locator("#bulk label[data-is=failure]").click()
    sent(auditor.locator("#bulk"), re.compile(r"/audit/"))
    for number in numbers:
        manager.goto(f"/leads/?q={number}")
        expect(manager.locator(f"tr[data-number={number}]")).to_have_attribute("data-audit", "failure")
