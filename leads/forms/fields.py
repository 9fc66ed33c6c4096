"""The fields of a filing (LEAD-3, -4, -11, -12) and the claim they make, from screens and workbooks alike."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.clock import likely_now
from core.forms import Choices, Day, Lines, OnceForm, Text, WordField
from customers.keys.addresses import communities_of
from customers.keys.numbers import is_number, normalise_number, read_mask
from leads import rules
from leads.choices import FollowUpStatus
from leads.claims import Claim
from leads.forms.kinds import NOT_STORED, KindFields
from policies.choosing import Facts, PolicyInForce, choose
from policies.dictionaries import Words
from policies.kinds import Treatment
from policies.models import CustomerKind, Kind, Need

WORD_FIELDS = {
    "city",
    "target_city",
    "source",
    "order_type",
    "decoration_company",
    "designer",
    "referring_employee",
    "outlet",
    "filer",
}
LISTS = {"target_city": "city"}
"""The lists of fields that are not called like them."""
NO_DATA = {"once", "filer", "seen", "draft", "queue"}


class NumberText(Text):
    """A telephone number as people write it: full width becomes half, a mobile loses blanks, dashes and +86."""

    def to_python(self, value: Any) -> str:
        number = unicodedata.normalize("NFKC", super().to_python(value))
        if not is_number(number):
            raise ValidationError(_("A telephone number has digits, blanks and dashes only."), code="number")
        if read_mask(number):
            return self.masked(read_mask(number))
        digits = normalise_number(number)
        return digits if len(digits) == 11 and digits.startswith("1") else number

    def masked(self, pattern: str) -> str:
        sentence = _("Only the customer's mobile can have hidden digits. Please fill in the whole number.")
        raise ValidationError(sentence, code="masked")


class MobileText(NumberText):
    """A mobile, of which some digits may be hidden (MATCH-3): kept as its 11 signs, 138****5678."""

    def masked(self, pattern: str) -> str:
        return pattern


def needs_of(words: Words, facts: Facts, policy: PolicyInForce | None) -> dict[str, str]:
    """What each field that is not always there is for such a filing: closed, open or required."""
    needs = words.needs(facts.source_id) | words.kinds.needs(facts.filing_kind, facts.customer_kind)
    asked = policy.terms.asks if policy else ()
    return needs | {name: Need.REQUIRED.value for name in asked if name in needs}


class FilingFields(KindFields):
    """The fields of LEAD-3. `words` are the choice lists of this request; `user` is who types."""

    name = Text(label=_("customer name"), max_length=80)
    mobile = MobileText(label=_("mobile"), max_length=20, required=False)
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
    next_follow_up_on = Day(label=_("next follow-up"), required=False)
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
        for name in WORD_FIELDS & fields.keys():
            fields[name].offer(words[LISTS.get(name, name)])
        self.fields["designer"].widget.extras = {word.pk: word.extra for word in words["designer"]}
        fields["estimated_amount"].unit = _("yuan")
        for name in ("mobile", "phone", "designer_phone", "referrer_mobile"):
            self.fields[name].widget.attrs.update(inputmode="tel", autocomplete="off")
        self.fields["estimated_amount"].widget = forms.TextInput({"inputmode": "decimal"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._match_designer(cleaned)
        cleaned["follow_up_status"] = cleaned.get("follow_up_status") or FollowUpStatus.WAITING
        for name, preset in (("filing_kind", Kind.NORMAL), ("customer_kind", CustomerKind.PERSON)):
            if name in self.fields and name not in self.errors:
                cleaned[name] = cleaned[name] or preset.value
        for name in self.closed:
            self.errors.pop(name, None)
        return cleaned

    def _match_designer(self, cleaned: dict[str, Any]) -> None:
        if designer := self.words.find("designer", cleaned.get("designer")):
            company = int(designer.extra)
            if not cleaned.get("decoration_company"):
                cleaned["decoration_company"] = company
            elif cleaned["decoration_company"] != company:
                self.add_error("designer", _("This designer does not belong to the decoration company chosen."))

    @property
    def kind(self) -> str:
        """The filing kind chosen, the normal one where none can be read."""
        return self.cleaned_data.get("filing_kind") or Kind.NORMAL.value

    @property
    def treatment(self) -> Treatment:
        return self.words.kinds.treatment(self.kind)

    @property
    def facts(self) -> Facts:
        return self.words.facts({**self.cleaned_data, "filing_kind": self.kind})

    @property
    def policy(self) -> PolicyInForce | None:
        """The policy that judges the filing."""
        return choose(self.words.policies, self.facts)

    @property
    def needs(self) -> dict[str, str]:
        return needs_of(self.words, self.facts, self.policy)

    @property
    def closed(self) -> set[str]:
        """The fields that source and kinds close: not stored, whatever is in them, and never faulty."""
        return {name for name, need in self.needs.items() if need == Need.CLOSED}

    @property
    def ignored(self) -> list[str]:
        """What was typed into closed fields and is not stored, a sentence for each reason."""
        typed = {name for name in self.closed if name in self.fields and self.data.get(name)}
        labels = ([str(self.fields[name].label) for name in names if name in typed] for _reason, names in NOT_STORED)
        reasons = (reason for reason, _names in NOT_STORED)
        return [str(reason) % ", ".join(found) for reason, found in zip(reasons, labels, strict=True) if found]

    def claim(self, row: int = 0) -> Claim:
        """What is to be filed. Fields that source and kinds close are left out."""
        needs = self.needs
        left_out = NO_DATA | {name for name, need in needs.items() if need == Need.CLOSED}
        fields = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        city = self.words.find("city", fields.get("city"))
        city_name = city.name if city else ""
        plain = communities_of(fields.get("community") or "", city_name, fields.get("building_room") or "")
        return Claim(
            row=row,
            filer_id=self.filer_id or self.cleaned_data.get("filer") or self.person.pk,
            city_name=city_name,
            area_code=city.extra.split(",")[0] if city else "",
            known_as=self.words.known_as(fields.get("city"), *plain),
            fields=fields | {"filing_kind": self.kind},
            needs=needs,
            settings=self.words.settings,
            treatment=self.treatment,
            rules=self.words.rules,
            policy=self.policy,
            queue=bool(self.cleaned_data.get("queue")),
            order_types=tuple(word.pk for word in self.words["order_type"]),
            calendar=self.words.calendar,
        )

    def complain(self) -> None:
        """Name also what the rules find missing, when the shape alone has failed: all at once, not bit by bit."""
        for problem in rules.information(self.claim(), likely_now()):
            field = problem.field if problem.field in self.fields else None
            if problem.blocks and field not in self.errors:
                self.add_error(field, ValidationError(problem.sentence, code=problem.code))
