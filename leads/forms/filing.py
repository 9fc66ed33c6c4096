"""The filing form (LEAD-3, LEAD-4): shape and cleaning. Its rows come from the screen and from workbooks alike."""

import unicodedata
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.clock import likely_today
from core.forms import Choices, Lines, OnceForm, Text, WordField, widen
from customers.keys import is_number, normalise_number
from leads import rules
from leads.choices import FollowUpStatus
from leads.claims import Claim
from leads.forms.lists import own_outlet
from leads.models import Lead
from leads.services.fields import column_of
from leads.services.filing import CHANGEABLE, FOLLOWED, newest_edit
from policies.dictionaries import Words
from policies.models import EXTRA_FIELDS, Need

WORD_FIELDS = (
    "city",
    "source",
    "order_type",
    "decoration_company",
    "designer",
    "referring_employee",
    "outlet",
    "filer",
)


class NumberText(Text):
    """A telephone number as people write it: full width becomes half, a mobile loses blanks, dashes and +86."""

    def to_python(self, value: Any) -> str:
        number = unicodedata.normalize("NFKC", super().to_python(value))
        if not is_number(number):
            raise ValidationError(_("A telephone number has digits, blanks and dashes only."), code="number")
        digits = normalise_number(number)
        return digits if len(digits) == 11 and digits.startswith("1") else number


class FilingFields(forms.Form):
    """The fields of LEAD-3. `words` are the choice lists of this request; `user` is who types."""

    name = Text(label=_("customer name"), max_length=40)
    mobile = NumberText(label=_("mobile"), max_length=20, required=False)
    phone = NumberText(label=_("phone"), max_length=30, required=False)
    member_card = Text(label=_("member card"), max_length=40, required=False)
    city = WordField(label=_("city / county"), required=False, widget=Choices(empty="—"))
    community = Text(label=_("community"), max_length=80)
    building_room = Text(label=_("building and room"), max_length=80, required=False)
    source = WordField(label=_("source"), widget=Choices(empty=_("choose"), attribute="data-rules"))
    decoration_company = WordField(label=_("decoration company"), required=False)
    designer = WordField(label=_("designer"), required=False, widget=Choices(attribute="data-company"))
    designer_phone = NumberText(label=_("designer's phone"), max_length=30, required=False)
    referrer_name = Text(label=_("referring customer"), max_length=40, required=False)
    referrer_mobile = NumberText(label=_("referring customer's mobile"), max_length=20, required=False)
    referrer_card = Text(label=_("referring customer's card"), max_length=40, required=False)
    referring_employee = WordField(label=_("referring employee"), required=False)
    order_type = WordField(label=_("order type"), required=False)
    estimated_amount = forms.DecimalField(
        label=_("estimated amount"), required=False, max_digits=12, decimal_places=2, min_value=Decimal(0)
    )
    follow_up_status = forms.ChoiceField(label=_("follow-up status"), choices=FollowUpStatus, required=False)
    next_follow_up_on = forms.DateField(
        label=_("next follow-up"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    budget_note = Lines(label=_("budget description"), max_length=500, required=False)
    outlet = WordField(label=_("outlet"))
    filer = WordField(label=_("filer"), required=False)

    def __init__(self, data: Any = None, *, words: Words, user: User, **options: Any) -> None:
        self.words, self.person = words, user
        self.filer_id: int | None = None
        if isinstance(self, OnceForm):
            options["user"] = user
        super().__init__(data, **options)
        fields: dict[str, Any] = self.fields
        for name in WORD_FIELDS:
            fields[name].offer(words[name])
        self.fields["source"].widget.extras = {word.pk: self._rules_of(word.pk) for word in words["source"]}
        self.fields["designer"].widget.extras = {word.pk: word.extra for word in words["designer"]}
        fields["estimated_amount"].unit = _("yuan")
        for name in ("mobile", "phone", "designer_phone", "referrer_mobile"):
            self.fields[name].widget.attrs.update(inputmode="tel", autocomplete="off")
        self.fields["estimated_amount"].widget = forms.TextInput({"inputmode": "decimal"})

    def _rules_of(self, source_id: int) -> str:
        pairs = (f'"{name}":"{state}"' for name, state in self.words.needs(source_id).items())
        return "{" + ",".join(pairs) + "}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        designer = next((word for word in self.words["designer"] if word.pk == cleaned.get("designer")), None)
        if designer:
            company = int(designer.extra)
            if not cleaned.get("decoration_company"):
                cleaned["decoration_company"] = company
            elif cleaned["decoration_company"] != company:
                self.add_error("designer", _("This designer does not belong to the decoration company chosen."))
        cleaned["follow_up_status"] = cleaned.get("follow_up_status") or FollowUpStatus.WAITING
        return cleaned

    @property
    def needs(self) -> dict[str, str]:
        return self.words.needs(self.cleaned_data.get("source"))

    @property
    def ignored(self) -> list[str]:
        """Labels of what was typed into fields that the source closes: said to the person, and not stored."""
        needs = self.needs
        typed = [name for name in EXTRA_FIELDS if needs[name] == Need.CLOSED and self.data.get(name)]
        return [str(self.fields[name].label) for name in typed]

    def claim(self, row: int = 0) -> Claim:
        """What is to be filed. Fields that the source closes are left out."""
        needs = self.needs
        fields = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"once", "filer", "seen"} and needs.get(name) != Need.CLOSED
        }
        city = next((word.name for word in self.words["city"] if word.pk == fields.get("city")), "")
        return Claim(
            row=row,
            filer_id=self.filer_id or self.cleaned_data.get("filer") or self.person.pk,
            city_name=city,
            fields=fields,
            needs=needs,
            settings=self.words.settings,
        )

    def complain(self) -> None:
        """Name also what the rules find missing, when the shape alone has failed: all at once, not bit by bit."""
        for problem in rules.information(self.claim()):
            if problem.blocks and problem.field not in self.errors:
                self.add_error(problem.field, ValidationError(problem.sentence, code=problem.code))


def preset(user: User, words: Words) -> dict[str, Any]:
    """What a new form is filled with: outlet and its city, follow-up three days ahead (LEAD-3)."""
    outlet = own_outlet(user, words)
    days = words.settings.follow_up_after_days
    return {
        "outlet": outlet.pk if outlet else None,
        "city": int(outlet.extra) if outlet and outlet.extra else None,
        "filer": user.pk,
        "follow_up_status": FollowUpStatus.WAITING,
        "next_follow_up_on": likely_today() + timedelta(days=days),
    }


class FilingForm(FilingFields, OnceForm):
    """The form on the screen. What a script leaves out is preset like on the screen; what is sent empty is empty."""

    def __init__(self, data: Any = None, *, words: Words, user: User, **options: Any) -> None:
        presets = preset(user, words) | options.pop("initial", {})
        if data is not None:
            data = data.copy()
            for name in ("outlet", "follow_up_status", "next_follow_up_on"):
                if name not in data and presets.get(name) is not None:
                    data[name] = presets[name]
        super().__init__(data, words=words, user=user, initial=presets, **options)
        if len(words["filer"]) < 2:
            del self.fields["filer"]
        fields: dict[str, Any] = self.fields
        fields["phone"].addon = "leads/_copy_mobile.html"
        fields["designer_phone"].addon = "leads/_fetch_phone.html"
        for name, width in {"source": "w2", "designer_phone": "w2", "budget_note": "w2"}.items():
            widen(self, name, width)
        self.fields["mobile"].required = not words.settings.phone_instead_of_mobile


class EditForm(FilingForm):
    """The same form for a lead that is there. Once it was followed up, its status and next day are left to that."""

    purpose = FilingForm.purpose
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lead: Lead, **options: Any) -> None:
        values = {name: getattr(lead, column_of(name)) for name in CHANGEABLE}
        super().__init__(data, initial=values | {"seen": newest_edit(lead)}, **options)
        self.filer_id = lead.filer_id
        self.fields.pop("filer", None)
        if lead.last_followed_up_at:
            for name in FOLLOWED:
                del self.fields[name]


class DeleteForm(OnceForm):
    """Nothing to fill in: only the question whether it is meant."""


class CheckForm(FilingFields):
    """The same fields while somebody is still typing: nothing is required yet."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = False
