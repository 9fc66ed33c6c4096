"""The list goes out exactly as it is listed (IMPEX-3), masked as the screen masks it, and somebody knows."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from core.models import Event
from leads.columns import EXPORTED
from leads.exports import lead_export
from leads.models import Lead
from tests.factories import MORNING, LeadFactory


@pytest.fixture
def two(agent: User, colleague: User) -> list[Lead]:
    return [
        LeadFactory(filer=agent, name="=1+1", mobile="13800138001", building_room="3-2-1601", filed_at=MORNING),
        LeadFactory(filer=colleague, name="田小暑", mobile="13800138002", filed_at=MORNING + timedelta(hours=1)),
    ]


def listed() -> Any:
    return Lead.objects.order_by("-filed_at")


def book_of(response: Any) -> Any:
    content = response.getvalue()
    if response.file_to_stream:
        response.file_to_stream.close()
    return load_workbook(io.BytesIO(content))


def lines_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_workbook_holds_header_and_rows_and_says_what_it_is(two: list[Lead], agent: User) -> None:
    with translation.override("zh-hans"):
        rows, about = book_of(lead_export(listed(), agent, "xlsx", "小区 幸福里")).worksheets
    found = list(rows.values)
    assert found[0] == tuple(header.chinese for header in EXPORTED.values())
    assert [row[0] for row in found[1:]] == [two[1].number, two[0].number]
    notes = [value for row in about.values for value in row]
    assert {f"{agent} (agent)", "小区 幸福里", 2} <= set(notes)


def test_text_stays_text(two: list[Lead], agent: User) -> None:
    sheet = book_of(lead_export(listed(), agent, "xlsx", "")).worksheets[0]
    assert (sheet["D3"].value, sheet["D3"].data_type) == ("=1+1", "s")
    assert sheet["E3"].data_type == "s"
    assert lines_of(lead_export(listed(), agent, "csv", ""))[2][3] == "'=1+1"


def test_numbers_are_masked_as_on_the_screen(two: list[Lead], agent: User, manager: User) -> None:
    columns = list(EXPORTED)
    place = columns.index("mobile")
    assert [line[place] for line in lines_of(lead_export(listed(), agent, "csv", ""))[1:]] == [
        "138****8002",
        "13800138001",
    ]
    mine = lines_of(lead_export(listed(), manager, "csv", ""))[1:]
    assert [line[place] for line in mine] == ["138****8002", "138****8001"]
    assert mine[1][columns.index("building_room")] == "*-*-****"


def test_the_export_is_noted_without_what_was_looked_for(two: list[Lead], agent: User) -> None:
    lead_export(listed(), agent, "csv", "手机 13800138001", asked=["q"])
    event = Event.objects.get(action="export")
    assert event.by == agent
    assert event.changes == {"kind": "csv", "count": 2, "filters": ["q"]}


@pytest.mark.parametrize("count", [1, 12])
def test_statements_do_not_grow_with_the_rows(agent: User, count: int, django_assert_max_num_queries: Any) -> None:
    LeadFactory.create_batch(count, filer=agent)
    agent.standing  # noqa: B018  (read once a request)
    with django_assert_max_num_queries(6):
        assert len(lines_of(lead_export(listed(), agent, "csv", ""))) == count + 1


def test_headers_follow_the_language(two: list[Lead], agent: User) -> None:
    with translation.override("en"):
        assert lines_of(lead_export(listed(), agent, "csv", ""))[0] == [each.english for each in EXPORTED.values()]
