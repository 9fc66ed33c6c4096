"""Reading of tables that people send in: refused before they can hurt, read as text (guarantees 4).

A workbook is inspected part by part with a streaming parser before the reader proper unfolds it in memory, because the
reader trusts what the file says of its own size. Reading happens in the web process.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from core.text import clean_text
from core.verdicts import Refused
from core.workbook_parts import MAX_ROWS, SheetFacts, inspect

MAX_BYTES = 12 * 1024 * 1024
MAX_COLUMNS = 60
MAX_CELL = 500
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
ZIPPED = b"PK\x03\x04"
TABLES_OF_TEXT = (".csv", ".txt")
SHEET_ERRORS = (KeyboardInterrupt, SystemExit)


@dataclass(frozen=True)
class SheetRow:
    """A row as text. `number` is the spreadsheet program's; `faults` say by column why a cell can't be used."""

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    headers: tuple[str, ...]
    rows: list[SheetRow]


def read_sheet(file: IO[bytes], name: str) -> Sheet:
    """The first sheet of an .xlsx workbook, or a .csv file in UTF-8 or GB18030. Blank rows are left out.

    Raises `Refused` where the file as a whole can't be used; a single bad cell is a fault of its row.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused(_("The file is larger than 12 MB. Please split it."))
    if data.startswith(ZIPPED):
        return _table(*_workbook_rows(data))
    if data.startswith(OLD_WORKBOOK):
        raise Refused(_("This is an old or locked workbook. Please save it as .xlsx without a password."))
    if not name.lower().endswith(TABLES_OF_TEXT):
        raise Refused(_("This is neither an .xlsx workbook nor a .csv file."))
    return _table(_text_rows(data), SheetFacts())


def _workbook_rows(data: bytes) -> tuple[list[Sequence[Any]], SheetFacts]:
    facts = inspect(data)
    if facts.last_row > MAX_ROWS + 1:
        raise Refused(_("The sheet has more than 100,000 rows. Please split it."))
    _refuse_width(facts.last_column)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        return list(sheet.to_python(skip_empty_area=False)), facts
    except BaseException as error:  # a panic of the reader is no `Exception`
        if isinstance(error, SHEET_ERRORS):
            raise
        raise Refused(_("The workbook is damaged. Please save it anew and send it again.")) from error


def _text_rows(data: bytes) -> list[Sequence[Any]]:
    text = _decoded(data)
    head = text.partition("\n")[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    rows: list[Sequence[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            _refuse_width(len(row))
            if len(rows) > MAX_ROWS + 1:
                raise Refused(_("The sheet has more than 100,000 rows. Please split it."))
    except csv.Error as error:
        raise Refused(
            _("From row %(row)s on the .csv file can't be read: a quotation mark may be missing. Save it as .xlsx.")
            % {"row": len(rows) + 1}
        ) from error
    return rows


def _decoded(data: bytes) -> str:
    if b"\0" not in data:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Refused(_("The .csv file is neither in UTF-8 nor in GB18030. Please save it as .xlsx."))


def _refuse_width(columns: int) -> None:
    if columns > MAX_COLUMNS:
        raise Refused(_("The sheet has %(count)s columns; 60 are the most.") % {"count": columns})


def _table(rows: list[Sequence[Any]], facts: SheetFacts) -> Sheet:
    """Headers and rows, all as wide as the headers. Values beside a column without header refuse the file."""
    head = [_plain(value).strip() for value in rows[0]] if rows else []
    if not any(head):
        raise Refused(_("The first row of the sheet must hold the column headers."))
    width = max(column for column, text in enumerate(head) if text) + 1
    found = []
    for number, values in enumerate(rows[1:], start=2):
        row = _row(number, values, facts)
        if any(row.cells) or row.faults:
            _refuse_headless(row, head)
            found.append(SheetRow(number, (row.cells + ("",) * width)[:width], row.faults))
    return Sheet(tuple(head[:width]), found)


def _refuse_headless(row: SheetRow, head: list[str]) -> None:
    for column, text in enumerate(row.cells):
        if text and (column >= len(head) or not head[column]):
            raise Refused(
                _("Row %(row)s has a value in column %(column)s, which has no header.")
                % {"row": row.number, "column": letters(column)}
            )


def _row(number: int, values: Sequence[Any], facts: SheetFacts) -> SheetRow:
    cells, faults = [], {column: _sentence(kind) for column, kind in facts.faults.get(number, {}).items()}
    for column, value in enumerate(values):
        text, fault = _cell(value)
        cells.append(text)
        if fault:
            faults.setdefault(column, fault)
    return SheetRow(number, tuple(cells), faults)


def _sentence(kind: str) -> str:
    if kind == "formula":
        return _("This cell holds a formula. Please put its value in.")
    return _("This cell holds an error of the spreadsheet. Please put a value in.")


def _cell(value: Any) -> tuple[str, str]:
    """A cell's text and what is wrong with it. Faulty text is kept as far as it can be shown."""
    text = _plain(value)
    if len(text) <= MAX_CELL and text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip(), ""  # the common case, without a look at every sign
    if len(text) > MAX_CELL:
        return text[:MAX_CELL], _("More than 500 characters in one cell.")
    try:
        return clean_text(text, lines=True), ""
    except ValidationError as error:
        return "".join(filter(str.isprintable, text)).strip(), " ".join(error.messages)


def _plain(value: Any) -> str:
    """What the reader gives, as the text that people see: 13800138000.0 is a number of eleven digits."""
    match value:
        case None:
            return ""
        case str():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
    return str(value)


def letters(column: int) -> str:
    """The name of a column as spreadsheet programs show it: 0 is A, 26 is AA."""
    return "".join(reversed(list(_letters(column))))


def _letters(column: int) -> Iterator[str]:
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        yield chr(ord("A") + rest)
