"""A real browser against a really served demo. A test fails by itself on what no page may do: see `Watch`."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.browser import served
from tests.browser.served import ROOT, Site

PASSWORD = "Filing-2026!"
SCREENS = ROOT / "build" / "screens"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
# As patient as the contexts: a machine that does other things besides is no failure.
expect.set_options(timeout=PATIENCE)
ASSETS = {"stylesheet", "script", "image", "font"}
# The browser and htmx report every 4xx, and htmx what a navigation cuts short; a refusal is a good answer, and
# `Watch.response` looks for the bad ones.
REFUSALS = re.compile(r"status of 4\d\d|Response Status Error Code 4\d\d|htmx:(sendAbort|afterRequest)\b")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no chromium on the path"))


class Watch:
    """Collects console errors (violations of the CSP are among them), foreign hosts, lost assets and crashes."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.home = urlsplit(site.address).netloc
        self.faults: list[str] = []
        context.on("console", self.console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self.request)
        context.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSALS.search(message.text):
            self.faults.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.home:
            self.faults.append(f"foreign host: {request.url}")

    def response(self, response: Response) -> None:
        lost = response.status >= 400 and response.request.resource_type in ASSETS
        if response.status >= 500 or lost:
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Prepares the demo once; each call gives the DATABASE_URL of a fresh copy."""
    folder = tmp_path_factory.mktemp("demo")
    copies = served.copies(folder)
    served.prepare(copies.prepared_url, folder / "media")
    yield copies.copy
    copies.drop()


@pytest.fixture(scope="module")
def site(prepared: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served demo for the tests of a file, which therefore see each other's rows."""
    with served.serve(prepared(), tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def fresh_site(prepared: Callable[[], str], tmp_path: Path) -> Iterator[Site]:
    """A served demo of this test's own: override `site` with it where rows are counted."""
    with served.serve(prepared(), tmp_path) as site:
        yield site


@pytest.fixture
def new_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Opens any number of people's browsers; `faults` of each are the test's failures."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_context(**options: object) -> BrowserContext:
        settings = {"viewport": DESK, "base_url": site.address, "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(locale="zh-CN", **settings)
        context.set_default_timeout(PATIENCE)
        opened.append((context, Watch(context, site)))
        return context

    yield open_context

    faults = [fault for _, watch in opened for fault in watch.faults]
    for context, _ in opened:
        context.close()
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(**TOUCH).new_page()


@pytest.fixture
def plain(new_context: Callable[..., BrowserContext]) -> Page:
    """A page without script."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def login() -> Callable[..., Page]:
    def log_in(page: Page, username: str, password: str = PASSWORD) -> Page:
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", password)
        page.click("form:has([name=password]) [type=submit]")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return log_in


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], list[Any]]:
    """The session cookie of everybody who has logged in at a site: hashing a password costs more than most tests."""
    return {}


@pytest.fixture
def enter(
    new_context: Callable[..., BrowserContext],
    login: Callable[..., Page],
    site: Site,
    sessions: dict[tuple[str, str], list[Any]],
) -> Callable[..., Page]:
    """Opens a browser of its own for a person who is logged in; `options` are the context's, such as `**TOUCH`."""

    def open_as(username: str, **options: object) -> Page:
        context = new_context(**options)
        page = context.new_page()
        key = (site.address, username)
        if key not in sessions:
            login(page, username)
            sessions[key] = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
        context.add_cookies(sessions[key])
        return page

    return open_as


@pytest.fixture
def shot() -> Callable[..., Path]:
    """Saves what the page looks like to build/screens/<name>.png."""

    def take(page: Page, name: str, *, whole: bool = True) -> Path:
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        page.screenshot(path=path, full_page=whole)
        return path

    return take
