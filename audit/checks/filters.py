"""What the page of checks can be searched by: a person in sight and days, by default the last week."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.periods import Period
from policies.dictionaries import Word

DAYS_SHOWN = 7
MOST_DAYS = 92
SANE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


def day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "aria-label": label}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget, validators=SANE)


class CheckFilter(forms.Form):
    """The search bar. One that is not understood finds nothing."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, people: Iterable[Word], today: date) -> None:
        said = query.copy()
        if not said.get("from") and not said.get("to"):
            said["from"], said["to"] = f"{today - timedelta(days=DAYS_SHOWN - 1)}", f"{today}"
        super().__init__(said, auto_id="f_%s", use_required_attribute=False)
        self.today = today
        self.fields["from"], self.fields["to"] = day_field(_("from")), day_field(_("to"))
        named = sorted((person.name, str(person.pk)) for person in people)
        choices = [("", _("Person: all")), *((pk, name) for name, pk in named)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]
        self.fields["person"].widget.attrs |= {"aria-label": self.fields["person"].label, "class": "w-auto"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        last = cleaned["to"] or max(self.today, cleaned["from"])
        first = cleaned["from"] or last - timedelta(days=DAYS_SHOWN - 1)
        if first > last:
            raise ValidationError(_("The period ends before it begins. Please exchange the two dates."))
        if (last - first).days >= MOST_DAYS:
            raise ValidationError(_("At most %(most)d days can be listed at once."), params={"most": MOST_DAYS})
        cleaned["period"] = Period(first, last)
        return cleaned

    @property
    def period(self) -> Period:
        """Call it after `is_valid()`."""
        period: Period = self.cleaned_data["period"]
        return period

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return (self.cleaned_data["page"] or 1) if self.is_valid() else 1
