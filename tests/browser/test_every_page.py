"""Every page that every role can reach by links: it answers, it fits a phone, and nothing is asked of strangers.

The console, foreign hosts and crashes are watched by the fixtures; here the pages are found and measured.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import TOUCH
from tests.browser.steps import assign, file_lead, take_deposit

ACCOUNTS = ["admin", "sales1", "manager1", "manager2", "store1", "designer1", "auditor1", "office1", "executive1"]
MOST = 60
FILES = re.compile(r"export=|/template/|/faulty/|/receipt/|/healthz|/readyz")
WIDTH = "document.documentElement.scrollWidth"
LINKS = "Array.from(document.querySelectorAll('a[href]'), link => link.getAttribute('href'))"

MAIN = {
    "sales1": ["/", "/leads/", "/leads/new/", "/leads/import/"],
    "manager1": ["/reports/filing/", "/reports/"],
    "store1": ["/store/"],
    "auditor1": ["/audit/"],
    "designer1": ["/measure/"],
}


@pytest.fixture
def life(enter: Callable[..., Page]) -> None:
    """Something for every role to look at: a lead with a deposit, a case with a measurement."""
    manager = enter("manager1")
    manager.goto("/leads/?q=万事")
    if manager.locator("tr[data-number]").count():
        return
    number = file_lead(manager, name="万事通", mobile="13977160001", building_room="6栋601")
    assign(manager, number, "琅东展厅", "欧派橱柜")
    assign(manager, number, "江南展厅", "欧派衣柜")
    manager.goto(f"/leads/{number}/measure/")
    manager.locator("[name=designer]").select_option(label="贺谷雨")
    manager.fill("[name=scheduled_at]", "2031-05-06T09:30")
    manager.click("main form [type=submit]")
    manager.wait_for_url(f"**/leads/{number}/")
    file_lead(enter("sales1"), name="万事兴", mobile="13977160002", building_room="6栋602")
    take_deposit(enter("store1"), number, amount="3000", receipt="SJ1")


def kind_of(address: str) -> str:
    """Addresses of one kind differ in numbers and in the values of their query only."""
    parts = urlsplit(address)
    names = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    return re.sub(r"\d+", "#", parts.path) + "?" + "&".join(names)


def crawl(page: Page, home: str) -> Iterator[str]:
    """The addresses of this site reachable from the start page, one of each kind."""
    waiting, known, kinds = ["/"], {"/"}, set[str]()
    for _place in range(MOST):
        if not waiting:
            return
        address = waiting.pop(0)
        yield address
        if FILES.search(address):
            continue
        for href in page.evaluate(LINKS):
            link = urlsplit(urljoin(page.url, href))._replace(fragment="").geturl()
            own = link.startswith(home) and not link.startswith(f"{home}/static/")
            if not own or link in known or kind_of(link) in kinds:
                continue
            known.add(link)
            kinds.add(kind_of(link))
            waiting.append(link)


@pytest.mark.parametrize("username", ACCOUNTS)
def test_all_pages_answer_and_fit_a_phone(enter: Callable[..., Page], life: None, site: object, username: str) -> None:
    page = enter(username, **TOUCH)
    home = page.context.request.get("/").url.rstrip("/")
    seen, wrong = 0, []
    for address in crawl(page, home):
        seen += 1
        if FILES.search(address):
            status = page.request.get(address).status
            if status != 200:
                wrong.append(f"{status} {address}")
            continue
        answer = page.goto(address)
        if answer and answer.status >= 400 and answer.status != 422:
            wrong.append(f"{answer.status} {address}")
        if "/admin/" not in address and (width := page.evaluate(WIDTH)) > 390:
            wrong.append(f"{width} px wide: {address}")
    assert not wrong
    assert seen > 2


def violations(page: Page) -> list[str]:
    """What axe finds serious, each with one place."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']} {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("options", [{}, TOUCH], ids=["1440", "390"])
def test_the_main_pages_are_accessible(
    enter: Callable[..., Page], life: None, shot: Callable[..., Path], options: dict[str, object]
) -> None:
    wrong = []
    for username, addresses in MAIN.items():
        page = enter(username, **options)
        for address in [*addresses, *first_rows(page, addresses)]:
            page.goto(address)
            wrong += [f"{address} {fault}" for fault in violations(page)]
    assert not wrong


def first_rows(page: Page, addresses: list[str]) -> list[str]:
    """One record behind each list."""
    found = []
    for address in addresses:
        page.goto(address)
        link = page.locator("main tr[data-number] th a, main tbody[data-assignment] td a").first
        if address in {"/leads/", "/store/", "/audit/", "/measure/"} and link.count():
            found.append(link.get_attribute("href") or "/")
    return found


@pytest.mark.parametrize("which", ["page", "phone"])
def test_the_login_is_accessible(request: pytest.FixtureRequest, which: str, shot: Callable[..., Path]) -> None:
    page: Page = request.getfixturevalue(which)
    page.goto("/accounts/login/")
    assert not violations(page)
    shot(page, f"login-{which}")


def test_dark_is_accessible_too(enter: Callable[..., Page], life: None) -> None:
    page = enter("sales1")
    wrong = []
    for address in ("/", "/leads/", "/leads/new/"):
        page.goto(address)
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        wrong += [f"{address} {fault}" for fault in violations(page)]
    assert not wrong


@pytest.mark.parametrize(
    ("username", "name", "address"),
    [
        ("sales1", "workbench", "/"),
        ("manager1", "workbench-manager", "/"),
        ("store1", "store", "/store/"),
        ("designer1", "measure", "/measure/"),
        ("auditor1", "workbench-auditor", "/"),
        ("sales1", "import", "/leads/import/"),
    ],
)
def test_pictures(
    enter: Callable[..., Page], life: None, shot: Callable[..., Path], username: str, name: str, address: str
) -> None:
    for width, options in (("1440", {}), ("390", TOUCH)):
        page = enter(username, **options)
        answer = page.goto(address)
        assert answer and answer.ok
        shot(page, f"{name}-{width}", whole=False)
