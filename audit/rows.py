"""A case as the screens draw it: two lines of cells, the differing characters marked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.forms import DecisionForm
from core.once import new_key
from core.verdicts import Verdict
from leads.differences import Piece, differences_of
from leads.models import Assignment
from leads.workflow import Action, may

if TYPE_CHECKING:
    from accounts.models import User

LABELS = {
    "name": _("Customer name"),
    "order_type": _("Order type"),
    "mobile": _("Mobile"),
    "phone": _("Phone"),
    "address": _("Address"),
    "designer": _("Designer"),
    "decoration_company": _("Decoration company"),
}
SHORT = {
    "name": pgettext_lazy("short", "Name"),
    "order_type": pgettext_lazy("short", "Type"),
    "designer": pgettext_lazy("short", "Designer"),
    "decoration_company": pgettext_lazy("short", "Company"),
}
"""Labels where the cells stand in a narrow card."""

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    field: str
    label: str
    short: str
    differs: bool
    filed: SafeString
    actual: SafeString


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the queue; `key` is the one-time key of its form, empty where the person may not decide."""

    assignment: Assignment
    cells: list[Cell]
    verdict: Verdict
    key: str
    ticked: bool


def cells_of(assignment: Assignment) -> list[Cell]:
    labels = {field: (str(label), str(SHORT.get(field, label))) for field, label in LABELS.items()}
    return [
        Cell(pair.field, *labels[pair.field], pair.differs, drawn(pair.filed), drawn(pair.actual))
        for pair in differences_of(assignment)
    ]


def drawn(pieces: list[Piece]) -> SafeString:
    if not pieces:
        return SafeString(NOTHING)
    tags = {True: (SafeString("<mark>"), SafeString("</mark>")), False: (SafeString(""), SafeString(""))}
    return format_html_join("", "{}{}{}", ((tags[p.differs][0], p.text, tags[p.differs][1]) for p in pieces))


def rows_of(cases: Iterable[Assignment], user: "User", ticked: Collection[int] = ()) -> list[CaseRow]:
    return [_row(case, user, may(user, Action.DECIDE, case), case.pk in ticked) for case in cases]


def _row(case: Assignment, user: "User", verdict: Verdict, ticked: bool) -> CaseRow:
    key = new_key(user.pk, DecisionForm.purpose) if verdict else ""
    return CaseRow(case, cells_of(case), verdict, key, ticked)
