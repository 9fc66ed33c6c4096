"""Filing kinds and kinds of customers on the form: what they ask for is there, the rest is out of sight."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import TOUCH
from tests.browser.steps import LEAD, ORDINARY, put, sent

CODE = "91350100M000100Y43"


def shown(page: Page) -> list[str]:
    """The fields of the kinds' own group that are in sight, from the first to the last."""
    fields = page.locator("[data-kind-group] .field:visible")
    return [str(field.get_attribute("data-field")) for field in fields.all()]


def starred(page: Page) -> set[str]:
    return {str(label.get_attribute("for"))[3:] for label in page.locator("[data-kind-group] label.need:visible").all()}


def choose(page: Page, **kinds: str) -> None:
    for name, value in kinds.items():
        page.select_option(f"[name={name}]", value)


def test_kinds_open_their_fields_and_keep_what_was_typed(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = enter("sales1")
    page.goto("/leads/new/")
    expect(page.locator("[data-kind-group]")).to_be_hidden()
    expect(page.locator("[data-field=gender]")).to_be_visible()
    choose(page, filing_kind="pre_visit")
    assert shown(page) == ["first_contact_on", "visit_planned_at", "visit_purpose", "floor_area", "style"]
    assert starred(page) == {"visit_planned_at", "visit_purpose"}
    put(page.locator("#filing"), visit_purpose="看样")
    choose(page, customer_kind="company")
    expect(page.locator("[data-field=gender]")).to_be_hidden()
    expect(page.locator("[data-field=name] label")).to_contain_text("全称")
    assert shown(page)[:4] == ["contact_name", "contact_post", "credit_code", "industry"]
    shot(page, "form-company-1440")
    choose(page, filing_kind="normal", customer_kind="person")
    expect(page.locator("[data-kind-group]")).to_be_hidden()
    choose(page, filing_kind="pre_visit")
    expect(page.locator("[name=visit_purpose]")).to_have_value("看样")


def test_missing_fields_of_a_kind_are_counted_and_named(enter: Callable[..., Page], shot: Callable[..., Path]) -> None:
    page = enter("sales1", **TOUCH)
    page.goto("/leads/new/")
    choose(page, filing_kind="project")
    put(page.locator("#filing"), **ORDINARY | {"name": "韦工", "mobile": "13907720001"})
    page.locator("#filing .acts .btn-primary").tap()
    for name in ("project_name", "project_site", "contact_name"):
        expect(page.locator(f"[data-problem={name}]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    shot(page, "form-project-422-390")


def test_company_is_filed_without_script(enter: Callable[..., Page]) -> None:
    page = enter("sales1", java_script_enabled=False)
    page.goto("/leads/new/")
    page.click("[data-kind-group] summary")
    choose(page, customer_kind="company")
    company = {"credit_code": CODE, "contact_name": "何处暑", "industry": "装修"}
    said = ORDINARY | {"name": "云水清风置业有限公司", "mobile": "13907720002", "building_room": "12栋1202"} | company
    put(page.locator("#filing"), **said)
    sent(page.locator("#filing"), LEAD)
    expect(page.locator("main")).to_contain_text(CODE)


def test_hidden_digits_wait_for_the_whole_number(enter: Callable[..., Page]) -> None:
    page = enter("sales2")
    page.goto("/leads/new/")
    choose(page, filing_kind="masked", gender="male")
    said = ORDINARY | {"name": "韦隐", "mobile": "139****7203", "building_room": "12栋1203"}
    put(page.locator("#filing"), **said)
    sent(page.locator("#filing"), LEAD)
    expect(page.locator("#protection [data-hold]")).to_have_attribute("data-hold", "pending")
    page.goto(f"{page.url}edit/")
    put(page.locator("#filing"), mobile="13900007203")
    sent(page.locator("#filing"), LEAD)
    expect(page.locator("#protection [data-hold]")).to_have_attribute("data-hold", "protected")
