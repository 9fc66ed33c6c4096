"""Half a form put aside, found again, deleted and brought back, finished and filed (LEAD-9)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TOUCH
from tests.browser.steps import LEAD, ORDINARY, put, sent

SIZES = {"desk": {"viewport": DESK}, "phone": TOUCH}
NUMBERS = {"desk": "13977170001", "phone": "13977170002"}


@pytest.mark.parametrize("size", SIZES)
def test_half_a_form_becomes_a_draft_and_then_a_lead(
    enter: Callable[..., Page], shot: Callable[..., Path], size: str
) -> None:
    page = enter("sales1", **SIZES[size])
    page.goto("/leads/new/")
    used = page.locator("#quota").get_attribute("data-used")
    put(page.locator("#filing"), name=f"半份{size}", community=ORDINARY["community"], mobile="139", source="自然客户")
    save(page)
    row = page.locator("tr[data-draft]", has_text=f"半份{size}")
    expect(row).to_have_count(1)
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator("#quota")).to_have_attribute("data-used", used or "")
    assert page.evaluate("document.documentElement.scrollWidth") <= (page.viewport_size or PHONE)["width"]
    shot(page, f"drafts-{size}")

    row.locator("button[type=submit]").click()
    expect(row).to_have_count(0)
    page.locator(".toast button[form=undo]").click()
    expect(row).to_have_count(1)

    row.locator("th a").click()
    for name, value in {"name": f"半份{size}", "mobile": "139", "community": ORDINARY["community"]}.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    expect(page.locator("[name=source] option:checked")).to_have_text("自然客户")
    expect(page.locator("[data-problem]")).to_have_count(0)
    room = {"mobile": NUMBERS[size], "building_room": f"{len(size)}栋{NUMBERS[size][-3:]}"}
    put(page.locator("#filing"), **ORDINARY | room)
    sent(page.locator("#filing"), LEAD)
    page.goto("/leads/drafts/")
    expect(row).to_have_count(0)


def save(page: Page) -> None:
    with page.expect_navigation(url="**/leads/drafts/"):
        page.click("#filing button[formaction]")
