"""Import of leads from a workbook (IMPEX-1): rows through the page's own form, claims through filing's own rules.

The preview asks the rules that the import obeys, within the budget of checks, and files nothing; the import judges
everything anew under its locks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.clock import likely_today
from core.sheets_in import letters, read_sheet
from core.verdicts import Problem, Refused
from jobs.models import Job
from leads import quotas
from leads.claims import Claim, Outcome
from leads.columns import IMPORTED, NEEDED, field_of
from leads.forms.rows import Desk, Line
from leads.services.checking import preview_outcomes
from leads.services.importing import file_in_chunks, start_import

MOST_ROWS = 5_000
STATES = ("good", "bad", "duplicate", "refused")


@dataclass
class Import:
    """A file as read for one person: its columns by field, its lines, and the people its rows are filed for."""

    headers: Sequence[str]
    fields: Sequence[str]
    lines: list[Line]
    people: dict[int, User]
    filing: bool = False

    @property
    def claims(self) -> list[Claim]:
        return [line.claim for line in self.lines if line.claim]

    def hear(self, outcomes: Iterable[Outcome]) -> None:
        """Take over what became of claims; saying the same twice changes nothing."""
        by_row = {line.row.number: line for line in self.lines}
        for outcome in outcomes:
            line = by_row[outcome.claim.row]
            own = [problem for problem in line.problems if problem.code == "ignored"]
            line.problems = own + outcome.problems
            line.number = outcome.lead.number if outcome.lead else ""

    def state_of(self, line: Line) -> str:
        """Once filing has begun a row is good when it has its number."""
        return "waiting" if self.filing and line.state == "good" and not line.number else line.state

    def result(self) -> dict[str, Any]:
        """What the job keeps: everything its page and the workbook of faulty rows show."""
        rows = [
            [line.row.number, self.state_of(line), list(line.row.cells), line.told(), line.number]
            for line in self.lines
        ]
        counts = {state: sum(row[1] == state for row in rows) for state in STATES}
        return {"headers": list(self.headers), "fields": list(self.fields), "rows": rows, "counts": counts}


def preview(file: IO[bytes], name: str, *, by: User) -> dict[str, Any]:
    """What an import of the file would do, as a job's result. Raises `Refused` where the file can't be used."""
    found = read_import(file, name, by=by)
    beyond_quota = by.has_perm("leads.beyond_quota")
    states = quotas.quotas_of(found.people.values(), likely_today())
    left = {pk: None if beyond_quota else state.left for pk, state in states.items()}
    found.hear(preview_outcomes(found.claims, left, by=by))
    return found.result()


def import_rows(job: Job, *, location: str, by: User, secret: str = "") -> dict[str, Any]:
    """File the good rows of a job that stands at its preview; the job's final result. At most once for a job."""
    with job.file.open("rb") as file:
        found = read_import(file.file, job.file_name, by=by)
    found.filing = True
    start_import(job, found.result(), location=location, by=by, secret=secret)

    def keep(outcomes: Sequence[Outcome]) -> dict[str, Any]:
        found.hear(outcomes)
        return found.result()

    file_in_chunks(job, found.claims, by=by, people=found.people, keep=keep)
    return found.result()


def read_import(file: IO[bytes], name: str, *, by: User) -> Import:
    sheet = read_sheet(file, name)
    fields = fields_of(sheet.headers)
    if not sheet.rows:
        raise Refused(_("The file has no rows below its headers."))
    if len(sheet.rows) > MOST_ROWS:
        sentence = _("The file has %(count)s rows; %(most)s are the most in one import. Please split it.")
        raise Refused(sentence % {"count": len(sheet.rows), "most": MOST_ROWS})
    desk = Desk(sheet, fields, by)
    lines = [desk.line(row) for row in sheet.rows]
    return Import(sheet.headers, fields, lines, desk.people)


def fields_of(headers: Sequence[str]) -> list[str]:
    """The field of each column. Unknown, doubled and missing columns refuse the file by name."""
    fields = [field_of(header) for header in headers]
    unknown = [header or letters(place) for place, header in enumerate(headers) if not fields[place]]
    doubled = [header for place, header in enumerate(headers) if fields[place] and fields[place] in fields[:place]]
    missing = [IMPORTED[name].shown for name in NEEDED if name not in fields]
    sentences = (
        (_("Columns that the import does not know: %s. Please rename or remove them."), unknown),
        (_("Columns that stand twice: %s. Please remove one of each."), doubled),
        (_("Columns that are missing: %s. The template has them all."), missing),
    )
    problems = [Problem(sentence % ", ".join(names), code="columns") for sentence, names in sentences if names]
    if problems:
        raise Refused(problems)
    return fields


def tally(result: dict[str, Any]) -> str:
    count = result["counts"]["good"]
    return ngettext("%(count)d row imported.", "%(count)d rows imported.", count) % {"count": count}
