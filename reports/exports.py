"""The statistics as a download: exactly what the page shows, with the same words."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from core.spreadsheets import csv_response, workbook_response
from reports.forms import BY, Question
from reports.tables import HEADERS, NAME_HEADERS, Line


def statistics_file(
    kind: str, lines: list[Line], question: Question, *, by: Any, at: datetime
) -> FileResponse | StreamingHttpResponse:
    name = _("Filing statistics {first} to {last}").format(first=question.period.first, last=question.period.last)
    headers = [*NAME_HEADERS[question.by], *HEADERS.values()]
    rows = [line.shown for line in lines]
    if kind == "csv":
        return csv_response(name, headers, rows)
    notes = [
        (_("Exported by"), f"{by} ({by.get_username()})"),
        (_("Exported at"), at),
        (_("Query"), in_words(question)),
    ]
    return workbook_response(name, headers, rows, notes)


def in_words(question: Question) -> str:
    parts = [f"{question.period.first} – {question.period.last}", str(BY[question.by])]
    parts += [f"{_('Outlet')}: {question.outlet}"] if question.outlet else []
    parts += [f"{_('Filer')}: {question.filer}"] if question.filer else []
    return "; ".join(parts)
