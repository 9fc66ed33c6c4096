"""Which past filings a version of a policy is tried on."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import CENTURY, Day
from core.periods import Period
from leads.replaying import DAYS_TRIED


class ReplayForm(forms.Form):
    """The first and the last day of filing. Opened without days it offers the last ones and asks nothing yet."""

    def __init__(self, query: QueryDict, today: date) -> None:
        usual = {"from": today - timedelta(days=DAYS_TRIED), "to": today}
        super().__init__(query if "from" in query or "to" in query else None, initial=usual)
        self.fields["from"], self.fields["to"] = Day(label=_("filed from")), Day(label=_("filed to"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        days = [day for day in (cleaned.get("from"), cleaned.get("to")) if day]
        if any(day.year not in CENTURY for day in days):
            raise ValidationError(_("Please check the year."), code="year")
        if len(days) == len(self.fields) and days[0] > days[1]:
            raise ValidationError(_("The period ends before it begins. Please exchange the two dates."), code="order")
        return cleaned

    @property
    def period(self) -> Period:
        """Call it after `is_valid()`."""
        return Period(self.cleaned_data["from"], self.cleaned_data["to"])
