"""What the page of an import shows of its job: counts, and rows with the reason beside each cell."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jobs.models import Job, JobState

ROWS_SHOWN = 200
STAYING = ("name", "mobile", "community")
LABELS = {
    "bad": _("faulty"),
    "duplicate": _("filed already"),
    "refused": _("refused"),
    "waiting": _("not imported yet"),
    "good": _("good"),
}
TONES = {
    "good": ("ok", "ok"),
    "bad": ("danger", "stop"),
    "duplicate": ("warn", "copy"),
    "refused": ("queued", "gavel"),
    "waiting": ("info", "clock"),
}


@dataclass(frozen=True)
class Cell:
    """A cell and what is said about it; warnings are said, too, but stop nothing."""

    field: str
    header: str
    text: str
    faults: list[str]
    warnings: list[str]

    @property
    def stays(self) -> bool:
        """Whether a phone shows it, too."""
        return bool(self.field in STAYING or self.faults or self.warnings)


@dataclass(frozen=True)
class Row:
    number: int
    state: str
    cells: list[Cell]
    rest: Cell
    lead: str

    @property
    def label(self) -> Any:
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state][0]

    @property
    def icon(self) -> str:
        return TONES[self.state][1]


@dataclass(frozen=True)
class Preview:
    job: Job
    show: str

    @cached_property
    def counts(self) -> dict[str, int]:
        counts = dict(self.job.result["counts"])
        waiting = len(self.job.result["rows"]) - sum(counts.values())
        return counts | ({"waiting": waiting} if waiting else {})

    @property
    def total(self) -> int:
        return len(self.job.result["rows"])

    @property
    def open(self) -> bool:
        return bool(self.job.state == JobState.PREVIEWED)

    @property
    def done(self) -> bool:
        return bool(self.job.state == JobState.DONE)

    @property
    def faulty(self) -> int:
        return self.total - self.counts["good"] if self.job.state != JobState.CANCELLED else 0

    @property
    def tabs(self) -> list[dict[str, Any]]:
        labels = LABELS | ({"good": _("imported")} if self.done else {})
        tabs = [
            {"key": key, "label": label, "count": self.counts[key], "active": self.show == key}
            for key, label in labels.items()
            if self.counts.get(key)
        ]
        everything = {"key": "", "label": _("all"), "count": self.total, "active": self.show not in self.counts}
        return [everything, *tabs]

    @cached_property
    def headers(self) -> list[str]:
        return [self.job.result["headers"][place] for place in self._places]

    @property
    def _places(self) -> list[int]:
        """The columns shown; the reasons of an earlier import are not."""
        return [place for place, field in enumerate(self.job.result["fields"]) if field != "reason"]

    @cached_property
    def listed(self) -> list[list[Any]]:
        rows: list[list[Any]] = self.job.result["rows"]
        return [row for row in rows if row[1] == self.show] if self.show in self.counts else rows

    @property
    def rows(self) -> list[Row]:
        return [self._row(*row) for row in self.listed[:ROWS_SHOWN]]

    @property
    def unseen(self) -> int:
        return max(len(self.listed) - ROWS_SHOWN, 0)

    def _row(self, number: int, state: str, texts: list[str], problems: list[list[Any]], lead: str) -> Row:
        fields, headers = self.job.result["fields"], self.job.result["headers"]
        cells = [_cell(fields[place], headers[place], texts[place], problems) for place in self._places]
        columns = {cell.field for cell in cells}
        others = [["", sentence, blocks] for field, sentence, blocks in problems if field not in columns]
        return Row(number, state, cells, _cell("", "", "", others), lead)


def _cell(field: str, header: str, text: str, problems: list[list[Any]]) -> Cell:
    mine = [(sentence, blocks) for name, sentence, blocks in problems if name == field]
    return Cell(
        field,
        header,
        text,
        [sentence for sentence, blocks in mine if blocks],
        [sentence for sentence, blocks in mine if not blocks],
    )
