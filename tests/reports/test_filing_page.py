"""The statistics page, the rows behind its figures, and who sees what of both."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from accounts.models import Grant, Unit, User
from leads.models import Lead
from reports.queries import COLUMNS, GROUPINGS
from tests.reports import builders as make
from tests.reports.pages import Marks

pytestmark = pytest.mark.django_db
URL = "/reports/filing/"
JULY = {"from": "2026-07-01", "to": "2026-07-31"}


@pytest.fixture
def office() -> Unit:
    return make.unit("办公室")


@pytest.fixture
def admin(office: Unit) -> User:
    return make.person("admin", home=office)


@pytest.fixture
def store() -> Unit:
    return make.unit("琅东展厅", "store")


@pytest.fixture
def executive(client: Client) -> User:
    somebody = make.person("executive", "view_statistics", "export_statistics", "scope_all")
    client.force_login(somebody)
    return somebody


@pytest.fixture
def example(admin: User, store: Unit) -> User:
    """The four rows of the text, one of them a lead in two showrooms."""
    twice = make.lead(admin)
    make.assignment(twice, store, "欧派橱柜")
    make.assignment(twice, make.unit("江南展厅", "store"), "欧派衣柜")
    make.assignment(make.lead(admin), store)
    make.assignment(make.lead(admin), store, progress="deposit")
    return admin


def key(filer: User) -> str:
    return f"{filer.unit_id}-{filer.pk}"


def ask(client: Client, **query: Any) -> Marks:
    response = client.get(URL, query)
    assert response.status_code == 200
    return Marks(response.content.decode())


def test_the_example_of_the_text(client: Client, executive: User, example: User) -> None:
    page = ask(client, **JULY)

    figures = {
        "total": "4",
        "filed": "0",
        "assigned": "3",
        "deposit": "1",
        "success": "0",
        "failure": "0",
        "unaudited": "4",
        "deposit_ratio": "25",
        "success_ratio": "0",
        "failure_ratio": "0",
    }
    assert page.lines == {key(example): figures}
    assert page.total == figures
    mark = f'<tr data-key="{key(example)}" data-outlet="{example.unit_id}" data-filer="{example.pk}"'
    assert mark in client.get(URL, JULY).content.decode()


@pytest.mark.parametrize("by", GROUPINGS)
def test_each_figure_leads_to_as_many_rows(client: Client, executive: User, example: User, by: str) -> None:
    make.decision(make.assignment(make.lead(example), make.unit("城北展厅", "store")), "success", executive)
    make.lead(example)

    page = ask(client, **JULY, by=by)

    for line_key, line in page.lines.items():
        for column in COLUMNS:
            behind = page.links[line_key].get(column)
            listed = Marks(client.get(behind).content.decode()).numbers if behind else []
            assert len(listed) == int(line[column])
    assert sum(int(line["total"]) for line in page.lines.values()) == int(page.total["total"]) == 6


def test_both_ends_of_the_period_count(client: Client, executive: User, admin: User) -> None:
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)):
        make.lead(admin, filed_on=day)

    assert ask(client, **JULY).total["total"] == "2"


@travel("2026-07-22 12:00+08:00", tick=False)
def test_without_dates_this_month_counts(client: Client, executive: User, admin: User) -> None:
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 22)):
        make.lead(admin, filed_on=day)

    assert ask(client).total["total"] == "2"
    assert ask(client, **{"from": "", "to": ""}).total["total"] == "2"
    assert ask(client, to="2026-06-30").total["total"] == "1"
    assert ask(client, **{"from": "2026-06-30"}).total["total"] == "3"


def test_outlet_and_filer_narrow(client: Client, executive: User, admin: User) -> None:
    other = make.person("sales1", home=make.unit("渠道一部"))
    colleague = make.person("sales2", home=admin.unit)
    for filer in (admin, other, colleague):
        make.lead(filer)

    assert set(ask(client, **JULY, outlet=admin.unit_id).lines) == {
        key(admin),
        key(colleague),
    }
    assert set(ask(client, **JULY, filer=other.pk).lines) == {key(other)}


def test_no_rows_have_no_ratio(client: Client, executive: User) -> None:
    response = client.get(URL, JULY)

    page = Marks(response.content.decode())
    assert page.lines == {}
    assert page.total["deposit_ratio"] == ""
    assert 'data-column="deposit_ratio" data-value="">–</td>' in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-30"},
        {"to": "gestern"},
        {"from": "2026-07-31", "to": "2026-07-01"},
        {"from": "2026-07-01\x00"},
        {"from": "99999-01-01"},
        {"from": "２０２６-07-0１x"},
        {"outlet": "0"},
        {"outlet": "办公室x"},
        {"outlet": "9" * 40},
        {"outlet": "\x00"},
        {"filer": "-1"},
        {"filer": "1 OR 1=1"},
        {"by": "password"},
        {"by": "\ud83d\ude00"},
        {"export": "pdf"},
    ],
)
@pytest.mark.parametrize("path", [URL, "/reports/filing/rows/"])
def test_unknown_values_are_named_and_list_nothing(
    client: Client, executive: User, example: User, query: dict[str, str], path: str
) -> None:
    query = {name: value.encode("utf-16", "surrogatepass").decode("utf-16") for name, value in query.items()}

    response = client.get(path, {**JULY, **query})

    assert response.status_code == 200
    page = Marks(response.content.decode())
    assert (page.lines, page.numbers) == ({}, [])
    assert page.problems == 1


@pytest.mark.parametrize(
    "query",
    [{"column": "deposit_ratio"}, {"source": "x"}, {"order_type": "1;2"}, {"region": "9" * 19}, {"region": "１"}],
)
def test_unknown_figures_list_nothing(client: Client, executive: User, example: User, query: dict[str, str]) -> None:
    response = client.get("/reports/filing/rows/", {**JULY, **query})

    assert response.status_code == 200
    assert Marks(response.content.decode()).numbers == []


def test_a_page_of_rows_that_is_not_there_is_the_nearest(client: Client, executive: User, example: User) -> None:
    for page in ("0", "999", "x", "-1"):
        response = client.get("/reports/filing/rows/", {**JULY, "page": page})

        assert len(Marks(response.content.decode()).numbers) == 4


@pytest.mark.parametrize("path", ["/reports/filing/", "/reports/filing/rows/"])
def test_without_the_right_there_are_no_statistics(client: Client, path: str) -> None:
    client.force_login(make.person("sales1", "view_lead"))

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/", "/reports/", "/reports/filing/", "/reports/filing/rows/"])
def test_closed_to_a_passer_by(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_reports_lists_what_one_may_open(client: Client, executive: User) -> None:
    assert 'href="/reports/filing/"' in client.get("/reports/").content.decode()

    client.force_login(make.person("designer1", "report_measurement"))
    assert client.get("/reports/").status_code == 403


def test_a_manager_counts_only_the_people_granted(client: Client, office: Unit) -> None:
    manager = make.person("manager1", "view_statistics", "scope_granted", home=office)
    granted, other = make.person("sales1", home=office), make.person("sales2", home=office)
    for filer in (granted, other):
        make.lead(filer)
    client.force_login(manager)

    assert ask(client, **JULY).lines == {}

    Grant.objects.create(manager=manager, person=granted)
    assert set(ask(client, **JULY).lines) == {key(granted)}
    assert f'value="{other.pk}"' not in client.get(URL, JULY).content.decode()
    assert ask(client, **JULY, filer=other.pk).problems == 1
    rows = Marks(client.get("/reports/filing/rows/", JULY).content.decode()).numbers
    assert rows == [Lead.objects.get(filer=granted).number]


def test_an_auditor_counts_what_was_assigned_in_their_unit(client: Client, office: Unit, store: Unit) -> None:
    inside = make.person("sales1", home=make.unit("渠道一部", parent=office))
    outside = make.person("sales2", home=make.unit("渠道二部"))
    for filer in (inside, outside):
        make.assignment(make.lead(filer), store)
        make.lead(filer)
    client.force_login(make.person("auditor1", "view_statistics", "scope_audit", home=office))

    assert ask(client, **JULY).total["total"] == "1"
    assert set(ask(client, **JULY).lines) == {key(inside)}


def test_a_showroom_counts_its_own_assignments(client: Client, example: User, store: Unit) -> None:
    client.force_login(make.person("store1", "view_statistics", "scope_store", home=store))

    page = ask(client, **JULY)

    assert page.total["total"] == "3"
    behind = page.links[key(example)]["total"]
    assert len(Marks(client.get(behind).content.decode()).numbers) == 3


@pytest.mark.parametrize("path", [URL, "/reports/filing/rows/"])
def test_a_page_costs_the_same_however_many_rows(client: Client, executive: User, store: Unit, path: str) -> None:
    counted = []
    for name in ("first", "second", "third"):
        make.assignment(make.lead(make.person(name, home=make.unit(name))), store)
        with CaptureQueriesContext(connection) as statements:
            client.get(path, JULY)
        counted.append(len(statements))

    assert counted[0] == counted[2] <= 6
