"""The statistics as they are shown: the page and the download draw the same lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leads.choices import AuditStatus, Progress
from reports.forms import NOT_GIVEN, Question
from reports.queries import COLUMNS, Counts, StatRow

NAME_HEADERS = {
    "filer": (_("Outlet"), _("Filer")),
    "outlet": (_("Outlet"),),
    "source": (_("Source"),),
    "order_type": (_("Order type"),),
    "region": (_("Region"),),
}
HEADERS = {
    "total": _("Total filings"),
    "filed": _("Filed"),
    "assigned": _("Assigned"),
    "deposit": _("Deposit paid"),
    "success": _("Success"),
    "failure": _("Failure"),
    "unaudited": _("Unaudited"),
    "deposit_ratio": _("Deposit ratio"),
    "success_ratio": _("Success ratio"),
    "failure_ratio": _("Failure ratio"),
}
STARTS_A_GROUP = {"filed", "success", "deposit_ratio"}
NO_ROWS = "–"
BARS = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is the plain number, `text` what people read; `url` leads to the rows behind it."""

    column: str
    value: str
    text: str
    url: str = ""

    @property
    def css(self) -> str:
        return "text-end gs" if self.column in STARTS_A_GROUP else "text-end"


@dataclass(frozen=True, slots=True)
class Line:
    keys: dict[str, int | None]
    names: tuple[Any, ...]
    cells: list[Cell]

    @property
    def outlet_name(self) -> Any:
        return self.names[0] if self.keys.get("outlet") else ""

    @property
    def filer_name(self) -> Any:
        return self.names[1] if self.keys.get("filer") else ""

    @property
    def key(self) -> str:
        return "-".join(str(key or NOT_GIVEN) for key in self.keys.values())

    @property
    def shown(self) -> list[Any]:
        """For a download: words and ratios as on the page, counts as numbers."""
        return [*self.names, *(int(cell.value) if cell.column in COLUMNS else cell.text for cell in self.cells)]


def per_cent(ratio: Decimal | None) -> str:
    """33.3 or 25: at most one decimal, no trailing zero; nothing where there is no ratio."""
    return "" if ratio is None else f"{ratio:f}".removesuffix(".0")


def lines_of(rows: Iterable[StatRow], question: Question) -> list[Line]:
    return [
        Line(row.keys, tuple(name or _("not given") for name in row.names), cells_of(row.counts, question, row.keys))
        for row in rows
    ]


def total_line(counts: Counts, question: Question) -> Line:
    rest = len(NAME_HEADERS[question.by]) - 1
    return Line({}, (_("Sum"), *[""] * rest), cells_of(counts, question, {}))


def cells_of(counts: Counts, question: Question, keys: dict[str, int | None]) -> list[Cell]:
    return [
        count_cell(column, getattr(counts, column), question, keys)
        if column in COLUMNS
        else ratio_cell(column, getattr(counts, column))
        for column in HEADERS
    ]


def count_cell(column: str, count: int, question: Question, keys: dict[str, int | None]) -> Cell:
    given = {name: NOT_GIVEN if key is None else key for name, key in keys.items()}
    query = urlencode({**question.parameters, **given, "column": column})
    return Cell(column, str(count), str(count), f"{reverse('filing_statistics_rows')}?{query}" if count else "")


def ratio_cell(column: str, ratio: Decimal | None) -> Cell:
    number = per_cent(ratio)
    return Cell(column, number, f"{number} %" if number else NO_ROWS)


@dataclass(frozen=True, slots=True)
class FilingLine:
    """A row behind a figure, with its states in words."""

    row: dict[str, Any]

    @property
    def stage(self) -> str:
        return str(Progress(self.row["stage"]).label)

    @property
    def audit(self) -> str:
        return str(AuditStatus(self.row["audit"]).label)


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the chart beside the table."""

    name: str
    part: int
    total: int
    text: str


def bars_of(rows: Iterable[StatRow]) -> list[Bar]:
    """The groups with the highest deposit ratio, highest first."""
    ranked = sorted(rows, key=lambda row: (row.counts.deposit_ratio or 0, row.counts.total), reverse=True)
    return [
        Bar(
            str(row.names[-1] or _("not given")),
            row.counts.deposit,
            row.counts.total,
            f"{per_cent(row.counts.deposit_ratio)} %",
        )
        for row in ranked[:BARS]
    ]
