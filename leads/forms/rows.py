"""From the rows of a file to claims, through the form of the page (IMPEX-1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Region, User
from core.sheets_in import Sheet, SheetRow
from core.text import fold
from core.verdicts import Problem
from leads.claims import Claim
from leads.columns import IMPORTED, choices_by_word
from leads.forms.fields import LISTS, FilingFields, needs_of
from leads.forms.kinds import KIND_NAMES, NOT_STORED
from leads.forms.lists import filing_words, own_outlet
from policies.choosing import choose
from policies.dictionaries import Word
from policies.models import CustomerKind, Kind, Need

REFUSALS = {"taken", "quota", "filer", "refused"}
AFTER_SHAPE = REFUSALS - {"filer"} | {"own", "shared"}
LOOKED_UP = (
    "city",
    "source",
    "order_type",
    "decoration_company",
    "designer",
    "referring_employee",
    "outlet",
    "target_city",
)
CHOSEN_BY = ("source", "order_type", "city", "outlet")
"""Those of them by which policies are chosen; no choice closes them."""


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


class Desk:
    """Turns rows into claims for one person. Everything it looks up is read once, whatever the number of rows."""

    def __init__(self, sheet: Sheet, fields: Sequence[str], by: User) -> None:
        self.by, self.fields = by, list(fields)
        self.words = filing_words(by, communities=self._typed(sheet, "community"))
        named = self._column(sheet, "filer")
        fileable = User.objects.fileable_by(by).select_related("unit") if named else User.objects.none()
        self.fileable = [person for person in fileable if {fold(person.username), fold(person.name)} & named]
        self.people = {person.pk: person for person in (by, *self.fileable)}
        self.outlets = {pk: own_outlet(person, self.words) for pk, person in self.people.items()}
        self.names = {name: self._by_name(self.words[name]) for name in LOOKED_UP if name not in LISTS}
        self.names |= {name: self.names[kind] for name, kind in LISTS.items()}
        self.choices = choices_by_word()
        self.form_class = self._form_class()
        self._add_city_names()
        if wanted := self._column(sheet, "referring_employee"):
            self._add_logins(wanted)

    def _form_class(self) -> Any:
        """The form without fields that the file has no columns for: each row's form copies all that it has."""
        absent = [name for name in KIND_NAMES if name not in self.fields]
        return type("RowFields", (FilingFields,), dict.fromkeys(absent))

    def _typed(self, sheet: Sheet, name: str) -> set[str]:
        """The different texts of a column."""
        if name not in self.fields:
            return set()
        place = self.fields.index(name)
        return {row.cells[place] for row in sheet.rows} - {""}

    def _column(self, sheet: Sheet, name: str) -> set[str]:
        return {fold(text) for text in self._typed(sheet, name)} - {""}

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

    def line(self, row: SheetRow) -> Line:
        typed = dict(zip(self.fields, row.cells, strict=True))
        line = Line(row, [Problem(text, self.fields[column], "cell") for column, text in row.faults.items()])
        data: dict[str, Any] = {name: text for name, text in typed.items() if name not in LOOKED_UP}
        data["filer"] = self._filer(typed.get("filer", ""), line)
        self._look_up(typed, data, line)
        form = self.form_class(data, words=self.words, user=self.by)
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
        """Put ids for names and codes for words. What is closed is not looked up: it is not stored either."""
        data |= {name: self._id(name, typed, line) for name in CHOSEN_BY}
        if not typed.get("outlet") and (own := self.outlets[data["filer"]]):
            data["outlet"] = own.pk
        for name, codes in self.choices.items():
            if text := typed.get(name):
                data[name] = codes.get(fold(text), text)
        self._close(typed, data, line)
        for name in LOOKED_UP:
            if name == "designer":
                data[name] = self._designer(typed, data, line)
            elif name not in CHOSEN_BY:
                data[name] = self._id(name, typed, line)

    def _close(self, typed: dict[str, str], data: dict[str, Any], line: Line) -> None:
        """Take out what the source and the kinds close. Where one of them can't be read, it closes nothing."""
        kinds = data.get("filing_kind") or Kind.NORMAL, data.get("customer_kind") or CustomerKind.PERSON
        codes = self.choices["filing_kind"].values(), self.choices["customer_kind"].values()
        known = bool(data["source"]), kinds[0] in codes[0] and kinds[1] in codes[1]
        facts = self.words.facts(data)
        needs = needs_of(self.words, facts, choose(self.words.policies, facts))
        for (sentence, names), reads in zip(NOT_STORED, known, strict=True):
            closed = [name for name in names if reads and needs[name] == Need.CLOSED and typed.pop(name, "")]
            for name in closed:
                data.pop(name, None)
            if closed:
                listed = ", ".join(IMPORTED[name].shown for name in closed)
                line.problems.append(Problem(sentence % listed, code="ignored", blocks=False))

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
