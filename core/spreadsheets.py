"""Tables for download: text stays text, in whatever program it is opened (guarantees 4).

A cell may be None, text (also lazy), a number, a date or an aware moment; everything else is written as its text.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
IN_MEMORY = 4 * 1024 * 1024
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
LEADS_A_FORMULA = ("=", "+", "-", "@", "\N{MINUS SIGN}")
LOOKS_LIKE_MORE = re.compile(r"[=#]")
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}

Note = tuple[Any, Any]


def workbook_response(
    name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]], notes: Sequence[Note]
) -> FileResponse:
    """`name`.xlsx: headers and rows on the first sheet, nothing else; `notes` and the row count on the second.

    `rows` may be an iterator: it is read once and never held as a whole.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_TITLE.sub(" ", name)[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    sheet.append(cells(sheet, headers))
    count = 0
    for row in rows:
        sheet.append(cells(sheet, row))
        count += 1
    about = book.create_sheet(_("About this export"))
    about.column_dimensions["A"].width = 16
    about.column_dimensions["B"].width = 80
    for label, value in (*notes, (_("Rows"), count)):
        about.append(cells(about, (label, value)))
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def csv_response(name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`name`.csv, sent while `rows` is read; with a byte order mark, without which Excel takes it for local code."""
    return StreamingHttpResponse(
        csv_lines(headers, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.csv")},
    )


def cells(sheet: Any, row: Sequence[Any]) -> list[Any]:
    """A row as openpyxl takes it. What openpyxl would take for a formula or an error becomes a cell typed as text."""
    found = []
    for value in map(plain, row):
        if isinstance(value, str) and LOOKS_LIKE_MORE.match(value):
            cell = WriteOnlyCell(sheet, value)
            cell.data_type = "s"
            found.append(cell)
        else:
            found.append(value)
    return found


def csv_lines(headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\N{BYTE ORDER MARK}" + writer.writerow([harmless(plain(header)) for header in headers])
    for row in rows:
        yield writer.writerow([harmless(plain(value)) for value in row])


class Echo:
    """A file that gives back what is written, so that `csv` can make one line at a time."""

    def write(self, line: str) -> str:
        return line


def plain(value: Any) -> Any:
    """What a workbook can hold: moments in the site's zone, text without what XML forbids."""
    if value is None or isinstance(value, (bool, int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(value)[:LONGEST_TEXT]) or None


def harmless(value: Any) -> Any:
    """An apostrophe before text that a spreadsheet would calculate, also in full width or behind blanks."""
    return f"'{value}" if isinstance(value, str) and starts_like_a_formula(value) else value


def starts_like_a_formula(text: str) -> bool:
    if text.startswith(("\t", "\r", "\n")):
        return True
    for sign in text:
        if unicodedata.category(sign) not in INVISIBLE:
            return unicodedata.normalize("NFKC", sign).startswith(LEADS_A_FORMULA)
    return False
