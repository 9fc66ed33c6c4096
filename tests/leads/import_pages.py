"""Workbooks to send in, and what comes back."""

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

HEADERS = ["客户姓名", "手机", "小区", "客户来源", "报备人"]


def numbered(rows: int, filer: str = "", start: int = 0) -> list[list[str]]:
    return [[f"客户{n}", f"138001380{n:02}", "幸福里", "自然客户", filer] for n in range(start, start + rows)]


def workbook(*rows: list[Any], headers: list[str] = HEADERS) -> SimpleUploadedFile:
    book = Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("leads.xlsx", file.getvalue())


def once_of(response: Any) -> str:
    found = re.search(r'name="once" value="([^"]+)"', response.content.decode())
    assert found
    return found.group(1)


def counts_of(client: Client, page: str) -> tuple[int, ...]:
    html = client.get(page).content.decode()
    found = re.search(
        r'id="import" data-good="(\d+)" data-bad="(\d+)" data-duplicate="(\d+)" data-refused="(\d+)"', html
    )
    assert found
    return tuple(map(int, found.groups()))


def upload(client: Client, file: Any) -> Any:
    once = once_of(client.get("/leads/import/"))
    return client.post("/leads/import/", {"once": once, "file": file})


def decide(client: Client, page: str, decision: str = "import") -> Any:
    return client.post(page, {"once": once_of(client.get(page)), "decision": decision})


def rows_of(response: Any) -> list[tuple[Any, ...]]:
    content = response.getvalue()
    if response.file_to_stream:
        response.file_to_stream.close()
    book = load_workbook(io.BytesIO(content))
    return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
