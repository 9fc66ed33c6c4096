"""What may be asked of the statistics: the query names of `screens.md`, cleaned into a `Question`."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from core.periods import Period
from leads.models import Lead
from reports.queries import COLUMNS

NOT_GIVEN = "none"
BY = {
    "filer": _("By filer"),
    "outlet": _("By outlet"),
    "source": _("By source"),
    "order_type": _("By order type"),
    "region": _("By region"),
}
EXPORTS = {"xlsx": "Excel", "csv": "CSV"}
UNKNOWN_DATE = _("This is no date. Please write it like 2026-07-22.")
UNKNOWN_CHOICE = _("This choice is not known. Please choose one from the list.")


@dataclass(frozen=True, slots=True)
class Question:
    """Which leads are asked for and how they are grouped; `keys` name the line behind which to look."""

    period: Period
    outlet: Unit | None = None
    filer: User | None = None
    by: str = "filer"
    column: str = "total"
    keys: dict[str, int | None] = field(default_factory=dict)

    def narrow(self, leads: QuerySet) -> QuerySet:
        leads = leads.filter(filed_on__range=(self.period.first, self.period.last))
        if self.outlet:
            leads = leads.filter(outlet=self.outlet)
        if self.filer:
            leads = leads.filter(filer=self.filer)
        return leads

    @property
    def parameters(self) -> dict[str, str | int]:
        """The same question as query parameters."""
        asked: dict[str, str | int] = {"from": f"{self.period.first}", "to": f"{self.period.last}", "by": self.by}
        if self.outlet:
            asked["outlet"] = self.outlet.pk
        if self.filer:
            asked["filer"] = self.filer.pk
        return asked


def outlets_in_sight(user: User) -> QuerySet[Unit]:
    """A list of choices shows rows too, so it starts where every list of rows starts."""
    leads = Lead.objects.visible_to(user).filter(outlet=OuterRef("pk"))
    return Unit.objects.filter(Exists(leads)).order_by("path")


def filers_in_sight(user: User) -> QuerySet[User]:
    leads = Lead.objects.visible_to(user).filter(filer=OuterRef("pk"))
    return User.objects.filter(Exists(leads)).order_by("name", "pk")


class DayField(forms.DateField):
    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": UNKNOWN_DATE},
        )


class OptionalChoiceField(forms.ChoiceField):
    """A choice that need not be given: the first one is meant then."""

    def __init__(self, label: Any, choices: dict[str, Any], **rest: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            choices=list(choices.items()),
            error_messages={"invalid_choice": UNKNOWN_CHOICE},
            **rest,
        )


class RecordField(forms.ModelChoiceField):
    """One of the records in sight, or all of them; the form gives the records."""

    def __init__(self, label: Any, empty: Any) -> None:
        super().__init__(
            None,
            label=label,
            required=False,
            empty_label=empty,
            error_messages={"invalid_choice": UNKNOWN_CHOICE},
        )


class StatisticsForm(forms.Form):
    """The filters of the filing statistics; without dates, this month."""

    outlet = RecordField(_("Outlet"), empty=_("Outlet: all"))
    filer = RecordField(_("Filer"), empty=_("Filer: all"))
    by = OptionalChoiceField(_("Grouped"), BY)
    export = OptionalChoiceField(_("Export"), {"": "", **EXPORTS}, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User, today: date) -> None:
        super().__init__({name: data.get(name) for name in data}, auto_id="filter_%s")
        self.today = today
        self.fields["from"] = DayField(_("Filed from"))
        self.fields["to"] = DayField(_("Filed to"))
        self.fields["outlet"].queryset = outlets_in_sight(user)  # type: ignore[attr-defined]
        self.fields["filer"].queryset = filers_in_sight(user)  # type: ignore[attr-defined]
        for asked in self.fields.values():
            asked.widget.attrs["aria-label"] = asked.label
        first, last = self.data.get("from"), self.data.get("to")
        if not first and not last:
            self.data = {**self.data, "from": f"{today.replace(day=1)}", "to": f"{today}"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            last = cleaned["to"] or max(self.today, cleaned["from"])
            first = cleaned["from"] or last.replace(day=1)
            if first > last:
                raise forms.ValidationError(_("The period ends before it begins. Please exchange the two dates."))
            cleaned["period"] = Period(first, last)
        return cleaned

    @property
    def problems(self) -> list[str]:
        """What was asked wrongly, each sentence with the name of its field."""
        return [
            f"{self.fields[name].label}: {sentence}" if name in self.fields else str(sentence)
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def question(self) -> Question:
        """Call it after `is_valid()`."""
        asked = self.cleaned_data
        return Question(asked["period"], asked["outlet"], asked["filer"], asked["by"] or "filer")


class RowsForm(StatisticsForm):
    """The filters, and which figure's rows are asked for."""

    column = OptionalChoiceField(_("Column"), dict.fromkeys(COLUMNS))

    KEY = RegexValidator(r"\A(none|[0-9]{1,18})\Z", UNKNOWN_CHOICE)
    source = forms.CharField(label=_("Source"), required=False, validators=[KEY])
    order_type = forms.CharField(label=_("Order type"), required=False, validators=[KEY])
    region = forms.CharField(label=_("Region"), required=False, validators=[KEY])

    def question(self) -> Question:
        asked = self.cleaned_data
        given = {name: asked[name] for name in ("source", "order_type", "region") if asked[name]}
        keys = {name: None if value == NOT_GIVEN else int(value) for name, value in given.items()}
        column = asked["column"] or "total"
        return Question(asked["period"], asked["outlet"], asked["filer"], asked["by"] or "filer", column, keys)
