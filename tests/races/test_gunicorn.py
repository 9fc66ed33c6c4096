"""The race for an owner once more, as people run it: logged in, through HTTP, against the served site."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.models import Unit, User
from core.once import new_key
from leads.models import FilingAttempt, Lead
from tests.browser.served import ROOT, Site, environment, serve
from tests.factories import PASSWORD
from tests.races.harness import PROCESSES, sizes, unlike
from tests.races.owners import Fields, doubles, staff, strays, with_three_keys

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PATIENCE = 60


class Desk:
    """A browser of one person, without a screen."""

    def __init__(self, site: Site, person: User) -> None:
        self.place = urlsplit(site.address).netloc
        self.person = person
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, **sent: str) -> tuple[int, str]:
        """The status and the page; a redirection is not followed."""
        connection = HTTPConnection(self.place, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode({**sent, "csrfmiddlewaretoken": self.token}) if method == "POST" else None
        connection.request(method, path, body, FORM | {"Cookie": cookies})
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        self.remember(response, page)
        return response.status, page

    def remember(self, response: HTTPResponse, page: str) -> None:
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        if found := TOKEN.search(page):
            self.token = found[1]

    def log_in(self) -> None:
        self.ask("GET", "/accounts/login/")
        status, page = self.ask("POST", "/accounts/login/", login=self.person.username, password=PASSWORD)
        assert status == 302, page
        status, _page = self.ask("GET", "/leads/new/")
        assert status == 200

    def file(self, fields: Fields) -> tuple[int, str]:
        said = {"once": new_key(self.person.pk, "FilingForm"), "outlet": self.person.unit_id, **fields}
        return self.ask("POST", "/leads/new/", **{name: str(value) for name, value in said.items()})


@pytest.fixture
def site(database_address: str, tmp_path: Path) -> Iterator[Site]:
    """The site on the test database, in four processes of four threads."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment(database_address, tmp_path), check=True)
    with serve(database_address, tmp_path, WEB_CONCURRENCY="4") as served:
        yield served


def desks(site: Site, outlet: Unit) -> list[Desk]:
    """Sixteen people who have logged in with their password, as it is kept by the site."""
    kept = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    people = staff(PROCESSES, outlet)
    User.objects.filter(pk__in=[one.pk for one in people]).update(password=kept)
    opened = [Desk(site, one) for one in people]
    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(Desk.log_in, opened))
    return opened


@sizes("number", small=5, full=200)
def test_customer_filed_at_sixteen_desks_gets_one_owner(
    number: int, site: Site, shipped_roles: None, outlet: Unit
) -> None:
    wanted, gate = with_three_keys(number), Barrier(PROCESSES, timeout=PATIENCE)

    def file_all(desk: Desk) -> list[tuple[int, str]]:
        answers = []
        for fields in wanted:
            gate.wait()
            answers.append(desk.file(fields))
        return answers

    with ThreadPoolExecutor(PROCESSES) as pool:
        told = list(pool.map(file_all, desks(site, outlet)))

    by_customer = [Counter(status for status, _page in answers) for answers in zip(*told, strict=True)]
    refused = [page for answers in told for status, page in answers if status == 422]
    print(f"{len(wanted) * PROCESSES} posts: {dict(sum(by_customer, Counter()))}")
    found = unlike("answers", [each for each in by_customer if each != {302: 1, 422: PROCESSES - 1}], [])
    found += unlike("without a reason", [page for page in refused if 'data-problem="__all__"' not in page], [])
    found += unlike("leads", Lead.objects.count(), number)
    found += unlike("tries", Counter(FilingAttempt.objects.values_list("verdict", "accepted")), tries(number))
    assert found + strays() + doubles() == []


def tries(number: int) -> dict[tuple[str, bool], int]:
    return {("free", True): number, ("taken", False): number * (PROCESSES - 1)}
