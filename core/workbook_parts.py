"""Inspection of an .xlsx file before anything unfolds it: its unpacked size, its parts, the shape of its first sheet.

Sizes are counted from the unpacked streams; what the archive says of itself is not believed. The cost is one pass of a
streaming parser over every XML part, a few seconds for the largest file allowed.
"""

import io
import posixpath
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.verdicts import Refused

MAX_PARTS = 300
MAX_UNPACKED = 120 * 1024 * 1024
MAX_RATIO = 150
MAX_ROWS = 100_000
MAX_TEXT = 512 * 1024 * 1024
CHUNK = 64 * 1024
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)
XML_NAMES = (".xml", ".rels", ".vml")
WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml"

Start = Callable[[str, dict[str, str]], None]


@dataclass
class SheetFacts:
    """What was found in a sheet: its last used cell, and the cells with a formula or an error, by row and column."""

    last_row: int = 0
    last_column: int = 0
    shared: int = 0
    faults: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))


def inspect(data: bytes) -> SheetFacts:
    """The facts of the first sheet. Raises `Refused` where the workbook is too large, active, or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive)
            _unpack(archive, parts, len(data))
            facts = SheetFacts()
            _parse(archive, parts[_first_sheet(archive, parts)], _SheetReader(facts))
            if STRINGS in parts and facts.shared * _longest(archive, parts[STRINGS]) > MAX_TEXT:
                raise Refused(_("The workbook unfolds to too much text. Please split it."))
            return facts
    except (*DAMAGED, expat.ExpatError) as error:
        raise Refused(_("The workbook is damaged. Please save it anew and send it again.")) from error


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by folded name. Two names that only differ in writing would be read differently by two readers."""
    listed = archive.infolist()
    if len(listed) > MAX_PARTS:
        raise Refused(_("The workbook has more than 300 parts. Please copy the rows into a new one."))
    parts = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in listed}
    if len(parts) != len(listed) or any(info.flag_bits & 1 for info in listed):
        raise zipfile.BadZipFile
    for name in parts:
        if "vbaproject" in name or "/macrosheets/" in name:
            raise Refused(_("The workbook holds macros. Please save it as .xlsx without them."))
        if "/externallinks/" in name:
            raise Refused(_("The workbook is linked to other files. Please put the values in and remove the links."))
    return parts


def _unpack(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], packed: int) -> None:
    """Count every part as it really unpacks, and refuse document types."""
    unpacked = 0
    most = min(MAX_UNPACKED, MAX_RATIO * packed)
    for name, info in parts.items():
        declared = info.file_size
        size = 0
        parser = expat.ParserCreate() if name.endswith(XML_NAMES) else None
        if parser:
            parser.StartDoctypeDeclHandler = _refuse_doctype
        for chunk in _stream(archive, info):
            size += len(chunk)
            if unpacked + size > most:
                raise Refused(_("The workbook is too large when unpacked. Please copy the rows into a new one."))
            if parser:
                parser.Parse(chunk, False)
        if size != declared:
            raise zipfile.BadZipFile
        if parser and size:
            parser.Parse(b"", True)
        unpacked += size


def _stream(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part to the end of its stream: the size that the archive declares would cut it short."""
    info.file_size = MAX_UNPACKED + CHUNK
    with archive.open(info) as part:
        while chunk := part.read(CHUNK):
            yield chunk


def _refuse_doctype(*_declared: Any) -> None:
    raise Refused(_("The workbook declares a document type, which none needs. Please copy the rows into a new one."))


def _parse(archive: zipfile.ZipFile, info: zipfile.ZipInfo, reader: Any) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = getattr(reader, "end", None)
    parser.CharacterDataHandler = getattr(reader, "text", None)
    for chunk in _stream(archive, info):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _first_sheet(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> str:
    """The name of the part that holds the workbook's first sheet."""
    sheets = _attributes(archive, parts[WORKBOOK], "sheet")
    wanted = next(value for name, value in sheets[0].items() if local(name) == "id") if sheets else ""
    for relation in _attributes(archive, parts[RELATIONS], "Relationship"):
        if relation.get("Id") == wanted:
            target = relation["Target"].replace("\\", "/")
            path = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            return posixpath.normpath(path).lower()
    raise zipfile.BadZipFile


def _attributes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, element: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    class Reader:
        def start(self, name: str, attributes: dict[str, str]) -> None:
            if local(name) == element:
                found.append(attributes)

    _parse(archive, info, Reader())
    return found


def local(name: str) -> str:
    return name.rpartition(":")[2]


class _SheetReader:
    """Follows rows and cells; only cells that hold something count."""

    def __init__(self, facts: SheetFacts) -> None:
        self.facts = facts
        self.row = self.column = -1
        self.row_number = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "row":
                self.row_number = int(attributes["r"]) if "r" in attributes else self.row_number + 1
                self.column = -1
            case "c":
                self.place(attributes.get("r", ""))
                if attributes.get("t") == "e":
                    self.facts.faults[self.row_number][self.column] = "error"
                self.facts.shared += attributes.get("t") == "s"
            case "f":
                self.facts.faults[self.row_number][self.column] = "formula"
            case "v" | "is":
                self.facts.last_row = max(self.facts.last_row, self.row_number)
                self.facts.last_column = max(self.facts.last_column, self.column + 1)

    def place(self, reference: str) -> None:
        """Take row and column from a reference such as B7; without one the cell follows the last."""
        if not reference:
            self.column += 1
            return
        head = reference.rstrip("0123456789")
        column = 0
        for letter in head.upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        self.column, self.row_number = column - 1, int(reference[len(head) :])


def _longest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """The length of the longest shared text; each cell that uses one gets a copy of its own."""
    reader = _StringReader()
    _parse(archive, info, reader)
    return reader.longest


class _StringReader:
    longest = length = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if local(name) == "si":
            self.length = 0

    def text(self, data: str) -> None:
        self.length += len(data)
        self.longest = max(self.longest, self.length)
