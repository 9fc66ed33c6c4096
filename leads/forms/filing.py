"""The filing form on the screen (LEAD-3, -4, -11, -12): new, edited, and still being typed."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField

from accounts.models import User
from core.clock import likely_today
from core.forms import OnceForm, widen
from leads.choices import FollowUpStatus
from leads.forms.fields import FilingFields, needs_of
from leads.forms.kinds import KIND_NAMES, NAME_LABELS
from leads.forms.lists import own_outlet
from leads.models import Lead
from leads.services.fields import column_of
from leads.services.filing import CHANGEABLE, FOLLOWED, newest_edit
from policies.choosing import Facts, PolicyInForce, choose
from policies.dictionaries import Words
from policies.fields import BASIC_FIELDS
from policies.kinds import Treatment
from policies.models import EXTRA_FIELDS, CustomerKind, Kind, Need

WIDE = (
    "source",
    "designer_phone",
    "budget_note",
    "credit_code",
    "visit_planned_at",
    "visit_purpose",
    "signed_elsewhere",
    "help_wanted",
    "contact_feedback",
    "special_reason",
    "cross_region_case",
    "project_name",
    "project_site",
    "contract_name",
    "registered_address",
    "project_scale",
    "project_progress",
    "product",
)
DIGITS = 19
"""More than an id has."""
CHOSEN_BY = ("source", "order_type", "outlet", "city", "filing_kind", "customer_kind")
"""The fields that policies are chosen by."""


def preset(user: User, words: Words) -> dict[str, Any]:
    """What a new form is filled with: outlet and its city, follow-up three days ahead (LEAD-3)."""
    outlet = own_outlet(user, words)
    region = outlet.extra.split(",")[0] if outlet else ""
    days = words.settings.follow_up_after_days
    return {
        "outlet": outlet.pk if outlet else None,
        "city": int(region) if region else None,
        "filer": user.pk,
        "follow_up_status": FollowUpStatus.WAITING,
        "next_follow_up_on": likely_today() + timedelta(days=days),
    }


class FilingForm(FilingFields, OnceForm):
    """The form on the screen. What a script leaves out is preset like on the screen; what is sent empty is empty."""

    draft = forms.CharField(widget=forms.HiddenInput, required=False)
    queue = forms.BooleanField(widget=forms.HiddenInput, required=False)

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
        for name in WIDE:
            widen(self, name, "w2")
        self.fields["mobile"].required = not words.settings.phone_instead_of_mobile
        self._suit_kinds()

    def clean_draft(self) -> int | None:
        """The draft that this filing ends; what is no draft of the person's ends none."""
        typed = self.cleaned_data["draft"]
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None

    @property
    def kind_shown(self) -> str:
        return str(self["filing_kind"].value() or Kind.NORMAL)

    @property
    def kinds_offered(self) -> list[str]:
        """The kinds in use, and the one chosen."""
        kinds = self.words.kinds
        return [kind for kind in Kind.values if kinds.treatment(kind).active or kind == self.kind_shown]

    @cached_property
    def facts_shown(self) -> Facts:
        """What the policy is chosen by, as far as the page shows it already."""
        given = {name: self[name].value() for name in CHOSEN_BY if name in self.fields}
        numbers = {name: int(pk) for name, pk in given.items() if str(pk).isdecimal() and len(str(pk)) < DIGITS}
        kinds = {"filing_kind": self.kind_shown, "customer_kind": given["customer_kind"]}
        return self.words.facts(numbers | kinds)

    def policy_for(self, facts: Facts) -> PolicyInForce | None:
        """The policy that would judge a filing with these choices."""
        return choose(self.words.policies, facts)

    def _needs(self, **chosen: Any) -> dict[str, str]:
        facts = replace(self.facts_shown, **chosen)
        return needs_of(self.words, facts, self.policy_for(facts))

    def _suit_kinds(self) -> None:
        """Draw the form for the choices made so far; a script goes on from there."""
        fields: dict[str, Any] = self.fields
        facts = self.facts_shown
        policy = self.policy_for(facts)
        self.kind_needs = needs_of(self.words, facts, policy)
        asked = set(policy.terms.asks if policy else ()) & BASIC_FIELDS.keys()
        for name in (*KIND_NAMES, *asked):
            fields[name].needed = name in asked or self.kind_needs[name] == Need.REQUIRED
        fields["source"].widget.extras = {word.pk: self._source_rules(word.pk) for word in self.words["source"]}
        fields["name"].label = NAME_LABELS.get(facts.customer_kind, fields["name"].label)
        if "filing_kind" in fields:
            offered = self.kinds_offered
            fields["filing_kind"].widget.choices = [choice for choice in Kind.choices if choice[0] in offered]

    def _source_rules(self, source_id: int) -> str:
        """For the script: what the extra fields are if this source is chosen."""
        needs = self._needs(source_id=source_id)
        return json.dumps({name: needs[name] for name in EXTRA_FIELDS}, separators=(",", ":"))

    def _kind_fields(self, *, closed: bool) -> list[BoundField]:
        """Those of the group of their own: all but the gender, which stands beside the kinds."""
        names = (name for name in KIND_NAMES if name != "gender")
        return [self[name] for name in names if (self.kind_needs[name] == Need.CLOSED) == closed]

    def kind_fields(self) -> list[BoundField]:
        return self._kind_fields(closed=False)

    def closed_kind_fields(self) -> list[BoundField]:
        return self._kind_fields(closed=True)

    def kind_rules(self) -> str:
        """For the script: by "filing kind|kind of customer" the fields that are not closed, and what they are."""
        rules = {}
        for kind in self.kinds_offered:
            for customer_kind in CustomerKind.values:
                needs = self._needs(filing_kind=kind, customer_kind=customer_kind)
                shown = {name: needs[name] for name in KIND_NAMES if needs[name] != Need.CLOSED}
                rules[f"{kind}|{customer_kind}"] = shown
        return json.dumps(rules, separators=(",", ":"))

    def kind_names(self) -> str:
        return " ".join(KIND_NAMES)

    def name_labels(self) -> str:
        return json.dumps({str(kind): str(label) for kind, label in NAME_LABELS.items()}, ensure_ascii=False)


class EditForm(FilingForm):
    """The same form for a lead that is there, whose filing kind stays what it is, switched off by now or not.

    Once the lead was followed up, its status and next day are left to that.
    """

    purpose = FilingForm.purpose
    draft = None  # type: ignore[assignment]
    queue = None  # type: ignore[assignment]
    filing_kind = None  # type: ignore[assignment]
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lead: Lead, **options: Any) -> None:
        self.lead = lead
        values = {name: getattr(lead, column_of(name)) for name in CHANGEABLE}
        super().__init__(data, initial=values | {"seen": newest_edit(lead)}, **options)
        self.filer_id = lead.filer_id
        self.fields.pop("filer", None)
        if lead.last_followed_up_at:
            for name in FOLLOWED:
                del self.fields[name]

    @property
    def kind(self) -> str:
        return self.lead.filing_kind

    @property
    def kind_shown(self) -> str:
        return self.lead.filing_kind

    @property
    def kinds_offered(self) -> list[str]:
        return [self.lead.filing_kind]

    @property
    def policy(self) -> PolicyInForce | None:
        """The one that judged the filing: a change of the policy since then asks for nothing new."""
        return next(iter(self.words.policies_of("own_policy")), None)

    def policy_for(self, facts: Facts) -> PolicyInForce | None:
        return self.policy

    @property
    def treatment(self) -> Treatment:
        return super().treatment._replace(active=True)


class DeleteForm(OnceForm):
    """Nothing to fill in: only the question whether it is meant."""


class CheckForm(FilingFields):
    """The same fields while somebody is still typing: nothing is required yet."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = False
