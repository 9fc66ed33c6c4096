"""Import of leads from a workbook (IMPEX-1): rows through the page's own form, claims through filing's own rules.

The preview asks the rules that the import obeys and writes nothing; the import judges everything anew under its locks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Region, User
from core.clock import likely_today
from core.sheets_in import Sheet, SheetRow, letters, read_sheet
from core.text import fold
from core.verdicts import Problem, Refused
from jobs.models import Job
from leads import quotas
from leads.choices import FollowUpStatus
from leads.claims import Claim, Outcome
from leads.columns import IMPORTED, NEEDED, field_of
from leads.forms.filing import FilingFields
from leads.forms.lists import filing_words, own_outlet
from leads.services.filing import judge_batch
from leads.services.importing import file_in_chunks, start_import
from policies.dictionaries import Word
from policies.models import EXTRA_FIELDS, Need

MOST_ROWS = 5_000
STATES = ("good", "bad", "duplicate", "refused")
REFUSALS = {"taken", "quota", "filer", "refused"}
AFTER_SHAPE = REFUSALS - {"filer"} | {"own"}
LOOKED_UP = ("city", "source", "order_type", "decoration_company", "designer", "referring_employee", "outlet")


@dataclass
class Line:
    """A row of the file on its way: what it says, what is wrong with it, and the claim where its shape allows one."""

    row: SheetRow
    problems: list[Problem] = field(default_factory=list)
    claim: Claim | None = None
    number: str = ""

    @property
    def state(self) -> str:
        codes = {problem.code for problem in self.problems if problem.blocks}
        if codes - REFUSALS - {"own"}:
            return "bad"
        if "own" in codes:
            return "duplicate"
        return "refused" if codes else "good"

    def told(self) -> list[list[Any]]:
        """Its problems for the job's record. A faulty row can't be filed, and learns nothing of its customer."""
        hidden = AFTER_SHAPE if self.state == "bad" else set()
        return [[each.field, str(each.sentence), each.blocks] for each in self.problems if each.code not in hidden]


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
    found.hear(judge_batch(found.claims, left).outcomes)
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


class Desk:
    """Turns rows into claims for one person. Everything it looks up is read once, whatever the number of rows."""

    def __init__(self, sheet: Sheet, fields: Sequence[str], by: User) -> None:
        self.by, self.fields = by, list(fields)
        self.words = filing_words(by)
        named = self._column(sheet, "filer")
        fileable = User.objects.fileable_by(by).select_related("unit") if named else User.objects.none()
        self.fileable = [person for person in fileable if {fold(person.username), fold(person.name)} & named]
        self.people = {person.pk: person for person in (by, *self.fileable)}
        self.outlets = {pk: own_outlet(person, self.words) for pk, person in self.people.items()}
        self.names = {kind: self._by_name(self.words[kind]) for kind in LOOKED_UP}
        self._add_city_names()
        if wanted := self._column(sheet, "referring_employee"):
            self._add_logins(wanted)

    def _column(self, sheet: Sheet, name: str) -> set[str]:
        if name not in self.fields:
            return set()
        place = self.fields.index(name)
        return {fold(row.cells[place]) for row in sheet.rows} - {""}

    def _by_name(self, words: Iterable[Word]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for word in words:
            found.setdefault(fold(word.name), set()).add(word.pk)
        return found

    def _add_city_names(self) -> None:
        for pk, full_name in Region.objects.filter(offered=True).values_list("pk", "full_name"):
            self.names["city"].setdefault(fold(full_name), set()).add(pk)

    def _add_logins(self, wanted: set[str]) -> None:
        for pk, username in User.objects.filter(is_active=True).values_list("pk", "username"):
            if fold(username) in wanted:
                self.names["referring_employee"][fold(username)] = {pk}

    @cached_property
    def statuses(self) -> dict[str, str]:
        return {fold(text): value for value, label in FollowUpStatus.choices for text in (value, str(label))}

    def line(self, row: SheetRow) -> Line:
        typed = dict(zip(self.fields, row.cells, strict=True))
        line = Line(row, [Problem(text, self.fields[column], "cell") for column, text in row.faults.items()])
        data: dict[str, Any] = {name: text for name, text in typed.items() if name not in LOOKED_UP}
        data["filer"] = self._filer(typed.get("filer", ""), line)
        self._look_up(typed, data, line)
        form = FilingFields(data, words=self.words, user=self.by)
        if not form.is_valid():
            form.complain()
        self._take_problems(form, line)
        if not any(problem.blocks for problem in line.problems):
            line.claim = form.claim(row.number)
        return line

    def _take_problems(self, form: FilingFields, line: Line) -> None:
        known = {problem.field for problem in line.problems}
        for name, errors in form.errors.as_data().items():
            if name not in known:
                sentence = " ".join(str(message) for error in errors for message in error.messages)
                line.problems.append(Problem(sentence, name, "form"))

    def _filer(self, text: str, line: Line) -> int:
        """A login name, or the display name of just one person; the importer where it is empty."""
        wanted = fold(text)
        if not wanted or wanted == fold(self.by.username):
            return self.by.pk
        found = [person for person in self.fileable if fold(person.username) == wanted]
        found = found or [person for person in self.people.values() if fold(person.name) == wanted]
        if len(found) == 1:
            return found[0].pk
        sentence = _("Several people have this name. Please put the log-in name.") if found else _not_for()
        line.problems.append(Problem(sentence, "filer", "word" if found else "filer"))
        return self.by.pk

    def _look_up(self, typed: dict[str, str], data: dict[str, Any], line: Line) -> None:
        """Put ids for names. What the source closes is not looked up: it is not stored either."""
        data["source"] = self._id("source", typed, line)
        if data["source"]:
            self._close(typed, data, line)
        for name in LOOKED_UP:
            if name == "designer":
                data[name] = self._designer(typed, data, line)
            elif name != "source":
                data[name] = self._id(name, typed, line)
        if not typed.get("outlet") and (own := self.outlets[data["filer"]]):
            data["outlet"] = own.pk
        if status := typed.get("follow_up_status"):
            data["follow_up_status"] = self.statuses.get(fold(status), status)

    def _close(self, typed: dict[str, str], data: dict[str, Any], line: Line) -> None:
        needs = self.words.needs(data["source"])
        closed = [name for name in EXTRA_FIELDS if needs[name] == Need.CLOSED and typed.pop(name, "")]
        for name in closed:
            data.pop(name, None)
        if closed:
            names = ", ".join(IMPORTED[name].shown for name in closed)
            sentence = _("Not stored, since the source does not need it: %s") % names
            line.problems.append(Problem(sentence, code="ignored", blocks=False))

    def _id(self, name: str, typed: dict[str, str], line: Line) -> int | None:
        text = typed.get(name, "")
        return self._only(name, text, self.names[name].get(fold(text), set()), line) if text else None

    def _only(self, name: str, text: str, found: set[int], line: Line) -> int | None:
        if len(found) == 1:
            return next(iter(found))
        if found:
            sentence = _("“%s” stands for several entries. Please say which one.")
        else:
            sentence = _("“%s” is not in the dictionary.")
        line.problems.append(Problem(sentence % text, name, "word"))
        return None

    def _designer(self, typed: dict[str, str], data: dict[str, Any], line: Line) -> int | None:
        """Within the company where one is given, else unique among all."""
        text, company = typed.get("designer", ""), data["decoration_company"]
        if not text:
            return None
        found = self.names["designer"].get(fold(text), set())
        if company:
            found = {word.pk for word in self.words["designer"] if word.pk in found and word.extra == str(company)}
        return self._only("designer", text, found, line)


def _not_for() -> str:
    return _("You may not file for this person. Ask the filing office, or leave the cell empty to file it yourself.")


def tally(result: dict[str, Any]) -> str:
    count = result["counts"]["good"]
    return ngettext("%(count)d row imported.", "%(count)d rows imported.", count) % {"count": count}
