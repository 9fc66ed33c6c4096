"""Downloads: what is shown, as text that no spreadsheet calculates."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from core.models import Event
from core.spreadsheets import csv_response, workbook_response
from tests.reports import builders as make

JULY = {"from": "2026-07-01", "to": "2026-07-31"}
HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+8613800138000",
    "-5",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1+1",
    "\u3000=1",
    "\u00a0=1",
    "\u200b=1",
    "\t=1",
    "\tx",
    "\rx",
]
HARMLESS = ["韦半夏", "3-2-1601", "a=b", "'quoted", "", "–", "#N/A"]


def content(response: Any) -> bytes:
    sent: bytes = response.getvalue()
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()
    return sent


def sheets(response: FileResponse) -> dict[str, list[tuple]]:
    book = load_workbook(BytesIO(content(response)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def lines(response: StreamingHttpResponse) -> list[list[str]]:
    text = content(response).decode()
    assert text[0] == "\ufeff"
    return list(csv.reader(StringIO(text[1:], newline="")))


@pytest.mark.parametrize("text", [*HOSTILE, *HARMLESS])
def test_text_in_a_workbook_stays_text(text: str) -> None:
    book = load_workbook(BytesIO(content(workbook_response("x", ["h"], [[text, "end"]], []))))

    cell = book.worksheets[0]["A2"]

    assert (cell.value or "") == text.replace("\r", "\n")
    assert cell.data_type == ("s" if text else "n")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_gets_an_apostrophe_in_csv(text: str) -> None:
    assert lines(csv_response("x", ["h"], [[text, "end"]])) == [["h"], [f"'{text}", "end"]]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is_in_csv(text: str) -> None:
    assert lines(csv_response("x", ["h"], [[text, "end"]])) == [["h"], [text, "end"]]


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\x7f", "\ud800", "\ufdd0", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_replaced(sign: str) -> None:
    found = sheets(workbook_response("x", [f"h{sign}"], [[f"a{sign}b"]], [(f"k{sign}", f"v{sign}")]))

    assert found["x"] == [("h\ufffd",), ("a\ufffdb",)]
    assert lines(csv_response("x", ["h"], [[f"a{sign}b"]])) == [["h"], ["a\ufffdb"]]


def test_numbers_and_moments_stay_what_they_are() -> None:
    at = datetime(2026, 7, 22, 4, 30, tzinfo=UTC)

    found = sheets(workbook_response("x", ["n", "d", "t", "e"], [[-5, Decimal("12.50"), at, None]], []))

    assert found["x"][1] == (-5, 12.5, datetime(2026, 7, 22, 12, 30), None)
    assert lines(csv_response("x", ["n"], [[-5, Decimal("12.50"), at, None]]))[1] == [
        "-5",
        "12.50",
        "2026-07-22 12:30:00",
        "",
    ]


def test_rows_are_read_once_and_counted() -> None:
    found = sheets(workbook_response("名 [1]/2", ["h"], iter([["a"], ["b"]]), [("who", "me")]))

    first, second = found.values()
    assert first == [("h",), ("a",), ("b",)]
    assert [value for _, value in second] == ["me", 2]


@pytest.fixture
def admin() -> User:
    return make.person("admin", home=make.unit("=办公室"))


@pytest.fixture
def executive(client: Client, admin: User) -> User:
    somebody = make.person("executive", "view_statistics", "export_statistics", "scope_all", name="钟大雪")
    client.force_login(somebody)
    store = make.unit("琅东展厅", "store")
    for progress in ("assigned", "assigned", "assigned", "deposit"):
        make.assignment(make.lead(admin), store, progress=progress)
    return somebody


SHOWN = ("=办公室", "admin", 4, 0, 3, 1, 0, 0, 4, "25 %", "0 %", "0 %")


@pytest.mark.django_db
def test_the_workbook_is_what_the_page_shows(client: Client, executive: User, admin: User) -> None:
    response = client.get("/reports/filing/", {**JULY, "filer": admin.pk, "export": "xlsx"})

    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    table, notes = sheets(response).values()
    assert table[1:] == [SHOWN]
    assert len(table[0]) == len(SHOWN)
    told = [value for _, value in notes]
    assert told[0] == "钟大雪 (executive)"
    assert "2026-07-01 – 2026-07-31" in told[2]
    assert "admin" in told[2]
    assert told[3] == 1


@pytest.mark.django_db
def test_csv_is_what_the_page_shows(client: Client, executive: User) -> None:
    response = client.get("/reports/filing/", {**JULY, "export": "csv"})

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert lines(response)[1:] == [["'=办公室", *map(str, SHOWN[1:])]]


@pytest.mark.django_db
def test_an_export_is_remembered(client: Client, executive: User) -> None:
    content(client.get("/reports/filing/", {**JULY, "export": "csv"}))

    kept = Event.objects.get(action="export")
    assert (kept.by, kept.note) == (executive, "filing_statistics")
    assert kept.changes == {**JULY, "by": "filer", "count": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_export_is_a_right_of_its_own(client: Client, kind: str) -> None:
    client.force_login(make.person("manager1", "view_statistics", "scope_granted"))

    assert client.get("/reports/filing/", {"export": kind}).status_code == 403
    assert not Event.objects.filter(action="export").exists()


@pytest.mark.django_db
def test_a_faulty_question_gives_no_file(client: Client, executive: User) -> None:
    response = client.get("/reports/filing/", {"from": "x", "export": "xlsx"})

    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
