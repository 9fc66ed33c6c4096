"""Tables that go out: the list of leads as it is listed (IMPEX-3), and what the import hands out."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts.models import User
from core.clock import database_now
from core.spreadsheets import XLSX, cells, csv_response, workbook_response
from jobs.models import Job
from leads.choices import AuditStatus, FollowUpStatus, Progress
from leads.columns import CHOICES, EXPORTED, IMPORTED, NUMBERS, REASON
from leads.forms.lists import filing_words
from leads.models import Lead
from leads.services.exporting import note_export
from leads.sight import shown
from policies.models import Kind

FORMATS = ("xlsx", "csv")
CHUNK = 1_000
WIDTH = 16
LISTED_WORDS = ("order_type", "city", "source", "decoration_company", "designer", "outlet")


def lead_export(
    leads: QuerySet[Lead], user: User, fmt: str, query_text: str, *, asked: Iterable[str] = ()
) -> HttpResponseBase:
    """Exactly the rows of `leads` in their order, masked as this person's screen masks them, as `xlsx` or `csv`.

    `query_text` says in words what was asked and goes into the workbook; `asked`, names of filters, into the record.
    """
    leads = leads.with_names()  # type: ignore[attr-defined]
    note_export("leads", {"kind": fmt, "count": leads.count(), "filters": sorted(asked)}, by=user)
    name = _("Leads")
    headers = [header.shown for header in EXPORTED.values()]
    rows = lead_rows(leads, user)
    if fmt == "csv":
        return csv_response(name, headers, rows)
    notes = [
        (_("Exported by"), f"{user} ({user.get_username()})"),
        (_("Exported at"), database_now()),
        (_("Query"), query_text or _("all")),
    ]
    return workbook_response(name, headers, rows, notes)


def lead_rows(leads: QuerySet[Lead], user: User) -> Iterator[list[Any]]:
    """The cells of `EXPORTED`. Choices are put into words now: the file may be sent when the language is gone."""
    audit, progress, follow_up = (
        {value: str(label) for value, label in choices.choices} for choices in (AuditStatus, Progress, FollowUpStatus)
    )

    def rows() -> Iterator[list[Any]]:
        for lead in leads.iterator(chunk_size=CHUNK):
            personal = shown(user, lead)
            yield [
                lead.number,
                audit[lead.audit_status],
                progress[lead.progress],
                lead.name,
                personal.mobile,
                personal.phone,
                lead.order_type,
                lead.city,
                lead.community,
                personal.building_room,
                lead.source,
                lead.decoration_company,
                lead.designer,
                lead.outlet,
                lead.filer,
                lead.filed_at,
                lead.last_followed_up_at,
                follow_up[lead.follow_up_status],
                lead.last_follow_up_content,
            ]

    return rows()


def import_template(user: User) -> FileResponse:
    """An empty workbook with the columns of the import; the second sheet lists the words that it knows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Leads"))
    sheet.freeze_panes = "A2"
    for place, field in enumerate(IMPORTED, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = WIDTH
        if field in NUMBERS:
            column.number_format = "@"
    sheet.append(_bold(sheet, [header.shown for header in IMPORTED.values()]))
    _append_words(book.create_sheet(_("Allowed words")), user)
    file = SpooledTemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    name = _("Import template")
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _bold(sheet: Any, texts: Iterable[str]) -> list[WriteOnlyCell]:
    found = []
    for text in texts:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(bold=True)
        found.append(cell)
    return found


def _append_words(sheet: Any, user: User) -> None:
    words = filing_words(user)
    listed = {field: [word.name for word in words[field]] for field in LISTED_WORDS}
    for field, choices in CHOICES.items():
        listed[field] = [str(label) for label in choices.labels]
    listed["filing_kind"] = [str(kind.label) for kind in Kind if words.kinds.treatment(kind).active]
    columns = list(listed.values())
    for place in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    sheet.append(_bold(sheet, [IMPORTED[field].shown for field in listed]))
    for place in range(max(map(len, columns))):
        sheet.append(cells(sheet, [column[place] if place < len(column) else None for column in columns]))


def faulty_rows(job: Job) -> HttpResponseBase:
    """What was not, or would not be, imported: the file's own columns, so that it can be mended and sent again."""
    result = job.result
    kept = [place for place, field in enumerate(result["fields"]) if field != "reason"]
    headers = [*(result["headers"][place] for place in kept), REASON.shown]
    rows = (
        [*(texts[place] for place in kept), reason_of(problems)]
        for _number, state, texts, problems, _lead in result["rows"]
        if state != "good"
    )
    name = _("Rows to correct")
    return workbook_response(name, headers, rows, [(_("File"), job.file_name)])


def reason_of(problems: Iterable[list[Any]]) -> str:
    """Every blocking sentence, with the column it is about."""
    found = []
    for field, sentence, blocks in problems:
        if blocks:
            found.append(f"{IMPORTED[field].shown}: {sentence}" if field in IMPORTED else sentence)
    return "; ".join(found)
