"""The fields that only some kinds of filings and customers have (LEAD-11, LEAD-12)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.clock import likely_today
from core.forms import Choices, Day, Lines, Moment, Text, WordField
from customers.keys.codes import normalise_credit_code
from leads.choices import CrossRegionCase, CustomerCategory, Gender
from policies.models import EXTRA_FIELDS, KIND_FIELDS, PAPERS, CustomerKind, Kind

KIND_NAMES = tuple(name for name in KIND_FIELDS if name not in PAPERS)
NAME_LABELS: Mapping[str, Any] = {
    CustomerKind.PERSON: _("customer name"),
    CustomerKind.COMPANY: _("company's full name, as on its licence"),
}
NOT_STORED = (
    (_("Not stored, since the source does not need it: %s"), EXTRA_FIELDS),
    (_("Not stored, since this kind of filing or customer does not need it: %s"), KIND_NAMES),
)
"""What is said of typed text by the fields that a choice closes."""


class CodeText(Text):
    """A credit code in its one way of writing. What is none stays as typed: the rules say what is wrong with it."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return normalise_credit_code(typed) or typed


def _choice(name: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=KIND_FIELDS[name], choices=[("", "—"), *choices.choices], required=False)


def _text(name: str, length: int) -> Text:
    return Text(label=KIND_FIELDS[name], max_length=length, required=False)


def _lines(name: str) -> Lines:
    return Lines(label=KIND_FIELDS[name], max_length=500, required=False)


def _decimal(name: str, digits: int, unit: Any) -> forms.DecimalField:
    field: Any = forms.DecimalField(
        label=KIND_FIELDS[name],
        required=False,
        max_digits=digits,
        decimal_places=2,
        min_value=Decimal(0),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    field.unit = unit
    return field


class KindFields(forms.Form):
    """Both kinds, and their fields in the order in which they are shown."""

    filing_kind = forms.ChoiceField(label=_("filing kind"), choices=Kind.choices, required=False)
    customer_kind = forms.ChoiceField(label=_("kind of customer"), choices=CustomerKind.choices, required=False)
    gender = _choice("gender", Gender)
    contact_name = _text("contact_name", 40)
    contact_post = _text("contact_post", 40)
    credit_code = CodeText(label=KIND_FIELDS["credit_code"], required=False)
    industry = _text("industry", 40)
    customer_category = _choice("customer_category", CustomerCategory)
    first_contact_on = Day(label=KIND_FIELDS["first_contact_on"], required=False)
    visit_planned_at = Moment(label=KIND_FIELDS["visit_planned_at"], required=False)
    visit_purpose = _text("visit_purpose", 200)
    floor_area = _decimal("floor_area", 9, "㎡")
    style = _text("style", 40)
    signed_elsewhere = _text("signed_elsewhere", 200)
    help_wanted = _text("help_wanted", 200)
    expected_unit_price = _decimal("expected_unit_price", 12, _("yuan"))
    expected_signing_on = Day(label=KIND_FIELDS["expected_signing_on"], required=False)
    contact_feedback = _lines("contact_feedback")
    special_reason = _lines("special_reason")
    cross_region_case = _choice("cross_region_case", CrossRegionCase)
    target_city = WordField(label=KIND_FIELDS["target_city"], required=False, widget=Choices(empty="—"))
    project_name = _text("project_name", 100)
    project_site = _text("project_site", 200)
    contract_name = _text("contract_name", 100)
    contract_signed_on = Day(label=KIND_FIELDS["contract_signed_on"], required=False)
    contract_term = _text("contract_term", 100)
    legal_representative = _text("legal_representative", 40)
    registered_address = _text("registered_address", 200)
    project_scale = _text("project_scale", 200)
    project_progress = _text("project_progress", 200)
    product = _text("product", 200)
    quantity = _text("quantity", 60)

    def clean_first_contact_on(self) -> date | None:
        day: date | None = self.cleaned_data["first_contact_on"]
        if day and day > likely_today():
            raise ValidationError(_("The first contact can't lie in the future. Please check the date."), code="future")
        return day

    def clean_contract_signed_on(self) -> date | None:
        day: date | None = self.cleaned_data["contract_signed_on"]
        if day and day > likely_today():
            raise ValidationError(
                _("The contract can't be signed in the future. Please check the date."), code="future"
            )
        return day
