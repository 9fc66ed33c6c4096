"""What people send in as tables: read as text, refused before it can hurt."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from core import workbook_parts
from core.sheets_in import letters, read_sheet
from core.verdicts import Refused


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rewritten(data: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """The same workbook with parts changed or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in added.items():
            new.writestr(name, content)
    return file.getvalue()


def same(_name: str, content: bytes) -> bytes:
    return content


def read(data: bytes, name: str = "leads.xlsx") -> Any:
    return read_sheet(io.BytesIO(data), name)


def refusal(data: bytes, name: str = "leads.xlsx") -> str:
    with pytest.raises(Refused) as caught:
        read(data, name)
    return str(caught.value)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_numbers_dates_and_gaps_become_the_text_people_see() -> None:
    sheet = read(
        workbook(
            ["a", "b", "c", "d"],
            [None, 13800138000, 28000.5, date(2026, 7, 22)],
            [],
            ["  x ", None, None, datetime(2026, 7, 22, 9, 30)],
        )
    )
    assert sheet.headers == ("a", "b", "c", "d")
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ("", "13800138000", "28000.5", "2026-07-22")),
        (4, ("x", "", "", "2026-07-22 09:30:00")),
    ]


def test_columns_do_not_shift_when_the_first_ones_are_empty() -> None:
    book = Workbook()
    book.active["C1"], book.active["C2"] = "c", "value"
    file = io.BytesIO()
    book.save(file)
    sheet = read(file.getvalue())
    assert (sheet.headers, sheet.rows[0].cells) == (("", "", "c"), ("", "", "value"))


def test_formula_and_error_cells_are_faults_of_their_row() -> None:
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append(["=1+1", "fine"])
    book.active.append(["fine", "#N/A"])
    file = io.BytesIO()
    book.save(file)
    rows = read(file.getvalue()).rows
    assert "formula" in rows[0].faults[0]
    assert "error" in rows[1].faults[1]


def test_text_that_looks_like_a_formula_is_text() -> None:
    assert read(b"a\n=1+1\n", "a.csv").rows[0].cells == ("=1+1",)


@pytest.mark.parametrize(
    ("text", "sentence"), [("x" * 501, "500 characters"), ("a\u202eb", "U+202E"), ("a\u200bb", "U+200B")]
)
def test_long_and_invisible_text_is_a_fault(text: str, sentence: str) -> None:
    [row] = read(workbook(["a"], [text])).rows
    assert sentence in row.faults[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_chinese_offices(encoding: str) -> None:
    sheet = read('客户姓名,手机\r\n"韦,半夏",13800138000\r\n\r\n'.encode(encoding), "名单.csv")
    assert sheet.headers == ("客户姓名", "手机")
    assert sheet.rows[0].cells == ("韦,半夏", "13800138000")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.xlsx", "neither an .xlsx"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "neither in UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "old or locked"),
        (b"PK\x03\x04 and nothing more", "a.xlsx", "damaged"),
        (b"", "a.csv", "column headers"),
        (b"a,,c\n1,2,3\n", "a.csv", "column B, which has no header"),
        (b"a\n1,2\n", "a.csv", "column B, which has no header"),
        (",".join(f"h{n}" for n in range(61)).encode(), "a.csv", "61 columns"),
        (b'a\n1\n"' + b"x" * 140_000, "a.csv", "From row 3 on the .csv file can't be read"),
        (b"x" * (12 * 1024 * 1024 + 1), "a.csv", "12 MB"),
    ],
)
def test_files_that_are_no_table(data: bytes, name: str, sentence: str) -> None:
    assert sentence in refusal(data, name)


def test_61_columns_in_a_workbook() -> None:
    assert "61 columns" in refusal(workbook([f"h{n}" for n in range(61)]))


def test_a_cell_far_out_does_not_unfold() -> None:
    book = Workbook()
    book.active["A1"], book.active["A1048576"] = "a", "x"
    file = io.BytesIO()
    book.save(file)
    assert "100,000 rows" in refusal(file.getvalue())


def test_a_document_type_is_refused() -> None:
    def declare(name: str, content: bytes) -> bytes:
        return b'<!DOCTYPE x [<!ENTITY y "z">]>' + content if name == "xl/worksheets/sheet1.xml" else content

    assert "document type" in refusal(rewritten(workbook(["a"], ["b"]), declare))


@pytest.mark.parametrize(
    ("part", "sentence"), [("xl/vbaProject.bin", "macros"), ("xl/externalLinks/externalLink1.xml", "linked")]
)
def test_active_and_linked_workbooks_are_refused(part: str, sentence: str) -> None:
    assert sentence in refusal(rewritten(workbook(["a"]), same, **{part: b"<x/>"}))


def test_too_many_parts() -> None:
    assert "300 parts" in refusal(rewritten(workbook(["a"]), same, **{f"xl/x{n}.bin": b"" for n in range(300)}))


def test_two_parts_that_differ_only_in_case() -> None:
    assert "damaged" in refusal(rewritten(workbook(["a"]), same, **{"xl/WORKBOOK.xml": b"<x/>"}))


def test_a_bomb_is_measured_by_its_stream_not_by_its_header() -> None:
    data = rewritten(workbook(["a"]), same, **{"xl/media/x.bin": b"\0" * (20 * 1024 * 1024)})
    assert "too large when unpacked" in refusal(data)
    start = data.rindex(b"PK\x01\x02")
    lying = data[: start + 24] + (10).to_bytes(4, "little") + data[start + 28 :]
    assert "too large when unpacked" in refusal(lying)


def test_a_header_that_lies_a_little_is_damage() -> None:
    data = rewritten(workbook(["a"]), same, **{"xl/media/x.bin": b"abc" * 1000})
    start = data.rindex(b"PK\x01\x02")
    assert "damaged" in refusal(data[: start + 24] + (10).to_bytes(4, "little") + data[start + 28 :])


def test_one_long_text_used_by_very_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{namespace}"><si><t>{"x" * 400}</t></si></sst>'

    def share(name: str, content: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            return content.replace(b't="inlineStr"><is><t>b</t></is>', b't="s"><v>0</v>')
        return shared.encode() if name == "xl/sharedStrings.xml" else content

    data = rewritten(workbook(["a"], ["b"], ["b"]), share)
    if "xl/sharedStrings.xml" not in zipfile.ZipFile(io.BytesIO(data)).namelist():
        data = rewritten(data, same, **{"xl/sharedStrings.xml": shared.encode()})
    monkeypatch.setattr(workbook_parts, "MAX_TEXT", 500)
    assert "too much text" in refusal(data)


def test_names_of_columns() -> None:
    assert [letters(place) for place in (0, 25, 26, 59, 701, 702)] == ["A", "Z", "AA", "BH", "ZZ", "AAA"]
