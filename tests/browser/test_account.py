"""Logging in, the forced first change, the lock-out, language and theme (ORG-1)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import served
from tests.browser.conftest import PASSWORD
from tests.browser.served import Site

CHOSEN = "Nanning#2031x"


def put_password(page: Page, username: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.click("form:has([name=password]) [type=submit]")


def test_every_page_leads_to_the_log_in_and_back(page: Page) -> None:
    page.goto("/leads/?q=abc")
    assert "/accounts/login/" in page.url
    page.fill("[name=login]", "sales1")
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) [type=submit]")
    page.wait_for_url("**/leads/?q=abc")


def test_a_wrong_password_keeps_the_name_and_tells_nothing(page: Page) -> None:
    put_password(page, "sales1", "wrong-1-wrong")
    known = page.locator("[data-problem]").inner_text()
    expect(page.locator("[name=login]")).to_have_value("sales1")
    put_password(page, "nobody", "wrong-1-wrong")
    assert page.locator("[data-problem]").inner_text() == known


def test_the_eye_shows_the_password(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=password]", "abc")
    page.click("[data-reveal]")
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")


def test_english_and_back(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = enter("sales1")
    page.goto("/leads/?progress=filed")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.click("form.desk button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/leads/?progress=filed")
    shown = page.locator("header, nav, thead, #filters, [role=toolbar]").all_inner_texts()
    strange = re.findall(r"[一-鿿]+", " ".join(shown).replace("中文", ""))
    assert not set(strange) - data_words(page)
    shot(page, "list-en-1440", whole=False)
    page.click("form.desk button[lang=zh-Hans]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("#filters [type=submit]")).to_have_text("检索")


def data_words(page: Page) -> set[str]:
    """Chinese that stays in English: names of people, outlets, sources and the like."""
    options = page.locator("#filters option").all_text_contents()
    return set(re.findall(r"[一-鿿]+", " ".join(options))) | {"罗小满"}


def test_the_dark_theme_survives_a_reload(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = enter("sales1")
    page.goto("/leads/new/")
    page.click("#theme")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    shot(page, "form-dark-1440")
    page.click("#theme")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def force_change(admin: Page, username: str) -> None:
    """As the administrator does it: the tick on the person's page."""
    admin.goto(f"/admin/accounts/user/?q={username}")
    admin.click("#result_list tbody th a")
    admin.check("[name=must_change_password]")
    admin.click("[name=_save]")
    expect(admin.locator(".messagelist .success")).to_be_visible()


def test_a_new_password_is_asked_for_before_anything_else(
    enter: Callable[..., Page], page: Page, shot: Callable[..., Path]
) -> None:
    force_change(enter("admin"), "executive1")
    put_password(page, "executive1", PASSWORD)
    page.wait_for_url("**/accounts/password/change/**")
    page.goto("/leads/")
    assert "/accounts/password/change/" in page.url
    shot(page, "password-1440")
    for weak in ("short1!", "lettersonly", "executive1!A"):
        fill_new(page, weak)
        expect(page.locator("[data-problem]").first).to_be_visible()
    fill_new(page, CHOSEN)
    page.wait_for_url(lambda url: "/password/change/" not in url)
    answer = page.goto("/leads/")
    assert answer and answer.ok and page.url.endswith("/leads/")


def fill_new(page: Page, password: str) -> None:
    page.fill("[name=oldpassword]", PASSWORD)
    page.fill("[name=password1]", password)
    page.fill("[name=password2]", password)
    with page.expect_navigation():
        page.click("main form [type=submit]")


@pytest.fixture
def strict_site(prepared: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site that counts failed log-ins as it ships."""
    monkeypatch.setitem(served.LOOSE, "LOGIN_FAILURES", "60/m/ip,5/5m/key")
    with served.serve(prepared(), tmp_path) as site:
        yield site


def test_a_name_is_locked_after_five_failures(browser: object, strict_site: Site, shot: Callable[..., Path]) -> None:
    context = browser.new_context(base_url=strict_site.address, locale="zh-CN")  # type: ignore[attr-defined]
    page = context.new_page()
    for _failure in range(5):
        put_password(page, "sales1", "wrong-1-wrong")
    put_password(page, "sales1", PASSWORD)
    assert "/accounts/login/" in page.url
    expect(page.locator("[data-problem=__all__], main h1").first).to_be_visible()
    assert "工作台" not in page.locator("body").inner_text()
    shot(page, "locked-1440", whole=False)
    put_password(page, "sales2", PASSWORD)
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    context.close()
