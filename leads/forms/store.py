"""What a showroom fills in: the search of its list, the customer's real data, the deposit."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from core.clock import likely_today
from core.forms import Choices, Day, OnceForm, Text, WordField
from core.pictures import clean_photo
from core.text import fold
from customers.keys.numbers import asked_number
from leads.choices import AssignmentProgress, AuditStatus
from leads.forms.fields import MobileText, NumberText
from leads.models import Assignment
from leads.models.assignments import ACTUAL
from leads.querysets import AssignmentQuerySet
from leads.searching import by_number, by_text
from policies.dictionaries import Words, words
from policies.models import CompanyDesigner, DecorationCompany, OrderType

MOST = Decimal("9999999999.99")
LEAST = Decimal("0.01")
NUMBERS = ("lead__mobile", "lead__phone", "actual_mobile", "actual_phone")


class StoreFilter(forms.Form):
    """The search bar of the showroom's list. What it does not know makes it invalid, and then it finds nothing."""

    q = Text(label=_("Search"), required=False, max_length=80, widget=forms.SearchInput)
    progress = forms.ChoiceField(
        label=_("progress"), required=False, choices=[("", _("Progress: all")), *AssignmentProgress.choices]
    )
    audit_status = forms.ChoiceField(
        label=_("audit status"), required=False, choices=[("", _("Audit status: all")), *AuditStatus.choices]
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, auto_id="f_%s", use_required_attribute=False)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
        self.fields["q"].widget.attrs["placeholder"] = _("Name, mobile, community, number")

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return (self.cleaned_data["page"] or 1) if self.is_valid() else 1

    def narrow(self, assignments: AssignmentQuerySet) -> AssignmentQuerySet:
        if not self.is_valid():
            return assignments.none()
        for name in ("progress", "audit_status"):
            if asked := self.cleaned_data[name]:
                assignments = assignments.filter(**{name: asked})
        return searched(assignments, self.cleaned_data["q"])


def searched(assignments: AssignmentQuerySet, text: str) -> AssignmentQuerySet:
    """Assignments of which either version has the text: a showroom sees its rows in full, so parts of numbers count."""
    if not text:
        return assignments
    folded = fold(text)
    found = Q(lead__search_text__contains=folded) | Q(lead__address_text__contains=folded)
    found |= by_text(text, "actual_name", "actual_community", "actual_building_room")
    if digits := asked_number(text):
        found |= by_number(digits, *NUMBERS)
    return assignments.filter(found)


def correction_words(assignment: Assignment) -> Words:
    """The dictionaries on offer, and whatever the assignment says already, though it be switched off since."""

    def offered(on_offer: Q, name: str) -> Q:
        return on_offer | Q(pk=getattr(assignment, f"actual_{name}_id"))

    designers = Q(active=True, company__active=True)
    return words(
        city=Region.objects.filter(offered(Q(offered=True), "city")),
        order_type=OrderType.objects.filter(offered(Q(active=True), "order_type")),
        decoration_company=DecorationCompany.objects.filter(offered(Q(active=True), "decoration_company")),
        designer=CompanyDesigner.objects.filter(offered(designers, "designer")),
    )


class CorrectionForm(OnceForm):
    """The customer's data as the showroom found them, under the names of the filing form (ASSIGN-4)."""

    name = Text(label=_("customer name"), max_length=80)
    mobile = MobileText(label=_("mobile"), max_length=20, required=False)
    phone = NumberText(label=_("phone"), max_length=30, required=False)
    order_type = WordField(label=_("order type"))
    city = WordField(label=_("city / county"), required=False, widget=Choices(empty="—"))
    community = Text(label=_("community"), max_length=80)
    building_room = Text(label=_("building and room"), max_length=80, required=False)
    decoration_company = WordField(label=_("decoration company"), required=False, widget=Choices(empty="—"))
    designer = WordField(label=_("designer"), required=False, widget=Choices(empty="—", attribute="data-company"))

    def __init__(self, data: Any = None, *, user: User, assignment: Assignment, **options: Any) -> None:
        super().__init__(data, user=user, initial=actual_values(assignment), **options)
        self.words = correction_words(assignment)
        for name in ("city", "order_type", "decoration_company", "designer"):
            self.fields[name].offer(self.words[name])  # type: ignore[attr-defined]
        self.fields["designer"].widget.extras = {word.pk: word.extra for word in self.words["designer"]}
        for name in ("mobile", "phone"):
            self.fields[name].widget.attrs.update(inputmode="tel", autocomplete="off")

    def clean_mobile(self) -> str:
        mobile: str = self.cleaned_data["mobile"]
        if "mobile" in self.changed_data and mobile and not (len(mobile) == 11 and mobile.startswith("1")):
            raise ValidationError(_("A mobile number has 11 digits and begins with 1."), code="mobile")
        return mobile

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"mobile", "phone"} <= cleaned.keys() and not (cleaned["mobile"] or cleaned["phone"]):
            self.add_error("mobile", ValidationError(_("Please fill in the mobile or the phone."), code="required"))
        if designer := next((word for word in self.words["designer"] if word.pk == cleaned.get("designer")), None):
            company = int(designer.extra)
            cleaned["decoration_company"] = cleaned.get("decoration_company") or company
            if cleaned["decoration_company"] != company:
                self.add_error("designer", _("This designer does not belong to the decoration company chosen."))
        return cleaned

    @property
    def found(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ACTUAL}


def actual_values(assignment: Assignment) -> dict[str, Any]:
    """The corrected data by the names of the form, references as ids."""
    return {name: getattr(assignment, f"actual_{name}_id", getattr(assignment, f"actual_{name}")) for name in ACTUAL}


class DepositForm(OnceForm):
    deposit_amount = forms.DecimalField(
        label=_("deposit"),
        max_digits=12,
        decimal_places=2,
        min_value=LEAST,
        max_value=MOST,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"min_value": _("The deposit must be more than 0.")},
    )
    deposit_paid_on = Day(label=_("paid on"), input_formats=["%Y-%m-%d"])
    deposit_receipt = Text(label=_("receipt number"), max_length=60, required=False)
    receipt_photo = forms.FileField(
        label=_("photo of the receipt"),
        required=False,
        max_length=255,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, user: User, **options: Any) -> None:
        preset: dict[str, date] = {"deposit_paid_on": likely_today()}
        super().__init__(data, files, user=user, initial=preset, auto_id="deposit_%s", **options)
        self.fields["deposit_amount"].unit = _("yuan")  # type: ignore[attr-defined]

    def clean_receipt_photo(self) -> ContentFile | None:
        uploaded = self.cleaned_data["receipt_photo"]
        return clean_photo(uploaded) if uploaded else None
