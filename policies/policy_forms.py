"""The form in which an administrator settles what a policy says: its draft, and from when it judges (RULE-1)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Level, Region, Unit
from core.clock import likely_now
from core.forms import CENTURY, Day, Lines, Moment, Text
from policies.fields import ASKABLE
from policies.models import PAPERS, CustomerKind, Kind, OrderType, Policy, Source
from policies.terms import TERM_FIELDS, Conditions, Contest, Term, Terms
from policies.terms import Unit as TimeUnit
from policies.versions import CHANGED_MEANWHILE, last_position, mark_of, why_not_from

LONGEST = 3650
"""More of any unit is a slip of the pen."""
HOURS_A_DAY, SHORTEST_MONTH = 24, 28
WHOLE_DAYS = {"contact_within", "signed_within"}
"""The limits that count from a day, so that hours say nothing."""
CONDITIONS = tuple(each.name for each in dataclass_fields(Conditions))
SETTINGS = tuple(each.name for each in dataclass_fields(Terms) if each.name != "when")


class TermWidget(forms.MultiWidget):
    """A number and its unit, side by side."""

    def __init__(self, units: list[tuple[str, Any]]) -> None:
        number = forms.NumberInput({"min": 1, "max": LONGEST, "class": "vIntegerField"})
        super().__init__([number, forms.Select(choices=units)])

    def decompress(self, value: Any) -> list[Any]:
        return [*value] if value else [None, TimeUnit.DAY.value]


class TermField(forms.MultiValueField):
    """Cleans to a `Term`, or None where no number is given."""

    def __init__(self, label: Any, help_text: Any = "", *, hours: bool = True) -> None:
        units = [choice for choice in TimeUnit.choices if hours or choice[0] != TimeUnit.HOUR]
        parts = (forms.IntegerField(min_value=1, max_value=LONGEST, required=False), forms.ChoiceField(choices=units))
        super().__init__(
            parts, label=label, help_text=help_text, required=False, require_all_fields=False, widget=TermWidget(units)
        )

    def clean(self, value: Any) -> Term | None:
        """The unit alone, which a select always has, is no term."""
        given = value if isinstance(value, list | tuple) else []
        return super().clean(value) if given and given[0] not in self.empty_values else None

    def compress(self, data_list: list[Any]) -> Term | None:
        count, unit = data_list
        return Term(count, unit)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or None))
        except ValidationError:
            return True


def _number(label: Any, help_text: Any = "", most: int = 1000) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most, required=False)


def _flag(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def _several(label: Any, choices: Any = (), *, ticked: bool = False) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple() if ticked else forms.SelectMultiple({"size": 8})
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget)


class ConditionFields(forms.Form):
    """Which filings the policy is for. Nothing chosen: all of them."""

    sources = _several(_("sources"))
    order_types = _several(_("order types"))
    units = _several(_("outlets and units above them"))
    regions = _several(_("regions"))
    customer_kinds = _several(_("kinds of customers"), CustomerKind.choices, ticked=True)
    filing_kinds = _several(_("filing kinds"), Kind.choices, ticked=True)


class SettingFields(forms.Form):
    """One field for each setting of `Terms`, under its name."""

    required = _several(_("fields that have to be filled in"), list(ASKABLE.items()), ticked=True)
    contact_within = TermField(_("longest time from first contact to filing"), hours=False)
    signed_within = TermField(_("longest time from signing to filing"), hours=False)
    minutes_ahead = _number(_("minutes between filing and visit, at least"), most=10_000)
    days_ahead = _number(_("days between filing and visit, at least"), _("1: the day before; the same day is refused."))
    mask_holds = _flag(_("hidden digits, name and gender hold the customer"))

    needs_approval = _flag(_("waits for approval"))
    decide_within = TermField(_("to be decided within"))
    contest = forms.ChoiceField(label=_("while it waits"), choices=Contest.choices, required=False)
    unclear_waits = _flag(_("what could be a customer filed already waits for a person"))
    hold_limit = _number(_("customers a person holds at most"), _("Empty: no limit."), most=100_000)

    term = TermField(_("held for"), _("Empty: without an end."))
    named_day = Day(
        label=_("held through a day named"),
        required=False,
        help_text=_("What begins by that day is held through it; what begins later has the time above."),
    )
    past_holidays = _flag(_("an end on a day off moves to the next working day"))
    deposit_term = TermField(_("from the day a deposit is recorded"))
    visit_term = TermField(_("from the confirmed visit"))
    deal_term = TermField(_("from the deal"), _("Empty: a deal has no end."))
    remind_days = _number(_("reminder before the end, days"), most=365)
    tells_from = _flag(_("others are told from when they may file"))

    extensions = _number(_("how often it is extended"), _("0: never."), most=100)
    extension_term = TermField(_("extended by"))
    extension_term_waiting = TermField(_("extended by, while somebody waits"))
    extension_days_before = _number(_("asked for so many days before the end"), most=365)
    extension_needs_news = _flag(_("says what is new"))
    extension_needs_approval = _flag(_("extension waits for approval"))

    queue = _number(_("how many others may wait"), _("0: nobody."), most=100)
    promoted_term = TermField(_("whoever takes over holds it for"), _("Empty: as long as anybody else."))
    promoted_extensions = _number(_("how often that is extended"), most=100)

    contact_every = TermField(_("ends without a follow-up for"))
    remind_idle = TermField(_("reminder without a follow-up for"))
    void_ban = TermField(_("after a false filing its filer is kept out for"))
    cool_down = TermField(_("whoever lets go is kept out for"))


def region_choices(kept: Collection[str] = ()) -> list[tuple[str, str]]:
    """Provinces and cities, and what else the filing form offers or is kept."""
    wanted = ~Q(level=Level.COUNTY) | Q(offered=True) | Q(code__in=kept)
    return list(Region.objects.filter(wanted).order_by("code").values_list("code", "full_name"))


def unit_choices() -> list[tuple[int, str]]:
    """All units, those below others set in."""
    units = Unit.objects.order_by("path")
    return [(unit.pk, "　" * (unit.path.count("/") - 2) + unit.name) for unit in units]


def with_unknown(choices: list[tuple[Any, Any]], kept: Iterable[Any]) -> list[tuple[Any, Any]]:
    """The choices and what was chosen and is there no more, shown as such: unseen it would be lost with a save."""
    gone = [each for each in kept if each not in dict(choices)]
    return choices + [(each, _("no longer there (%s)") % each) for each in gone]


class PolicyForm(ConditionFields, SettingFields, forms.ModelForm):
    """A policy with its draft. `draft` are the settings to begin with, `seen` is how its editor has seen the policy."""

    name = Text(label=_("name"), max_length=60)
    note = Lines(label=_("what changed and why"), max_length=300, required=False)
    starts_at = Moment(
        label=_("in force from"), required=False, help_text=_("Empty: at once. It can't lie in the past.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Policy
        fields = ("name", "position", "active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        policy: Policy = self.instance
        self.mark = mark_of(policy) if policy.pk else ""
        if not policy.pk:
            self.initial.setdefault("position", last_position() + 1)
        self.initial["seen"] = self.mark
        versions = list(policy.versions.order_by("-number")) if policy.pk else []
        self.draft = next((version for version in versions if not version.starts_at), None)
        newest = self.draft or next(iter(versions), None)
        self.before = Terms.from_json(newest.body) if newest else Terms()
        offered = {
            "sources": Source.objects.values_list("pk", "name"),
            "order_types": OrderType.objects.values_list("pk", "name"),
            "units": unit_choices(),
            "regions": region_choices(self.before.when.regions),
        }
        fields: dict[str, Any] = self.fields
        for name, choices in offered.items():
            fields[name].choices = with_unknown(list(choices), getattr(self.before.when, name))
        given = {name: getattr(self.before, name) for name in SETTINGS}
        given |= {name: getattr(self.before.when, name) for name in CONDITIONS}
        for name, value in given.items():
            self.initial.setdefault(name, value)
        if self.draft:
            self.initial.setdefault("note", self.draft.note)

    @property
    def begins(self) -> bool:
        """Whether the draft is to be put in force, not only saved."""
        return "_begin" in self.data

    @property
    def terms(self) -> Terms:
        """What was settled; a number left empty is what a policy has that says nothing."""
        usual, cleaned = Terms(), self.cleaned_data
        given = {name: cleaned[name] for name in SETTINGS}
        empty = {name: getattr(usual, name) for name, value in given.items() if value is None and name not in OPTIONAL}
        when = {name: tuple(cleaned[name]) for name in CONDITIONS}
        when |= {name: tuple(map(int, when[name])) for name in ("sources", "order_types", "units")}
        return Terms(when=Conditions(**when), **given | empty | {"required": tuple(cleaned["required"])})

    def clean_named_day(self) -> date | None:
        day: date | None = self.cleaned_data["named_day"]
        if day and day.year not in CENTURY:
            raise ValidationError(_("Please check the year."), code="year")
        return day

    def clean_contest(self) -> str:
        return self.cleaned_data["contest"] or Contest.FIRST.value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned["seen"] != self.mark:
            self.add_error(None, ValidationError(CHANGED_MEANWHILE, code="seen"))
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["seen"] = self.mark
            self.data = data
        if not self.errors:
            for name, sentence in contradictions(self.terms).items():
                self.add_error(name, ValidationError(sentence, code="contradiction"))
            if self.begins:
                self._check_start(cleaned.get("starts_at"))
        return cleaned

    def _check_start(self, starts_at: datetime | None) -> None:
        now = likely_now()
        last = self.instance.versions.aggregate(last=Max("starts_at"))["last"] if self.instance.pk else None
        if problem := why_not_from(starts_at or now, now, last):
            self.add_error("starts_at", ValidationError(problem.sentence, code=problem.code))


OPTIONAL = {*TERM_FIELDS, "hold_limit", "named_day"}
"""The settings for which nothing is an answer."""


def shortest_days(term: Term) -> int:
    """How many days a term has at the least."""
    days_of = {TimeUnit.HOUR.value: 1 / HOURS_A_DAY, TimeUnit.MONTH.value: SHORTEST_MONTH}
    return int(term.count * days_of.get(term.unit, 1))


def contradictions(terms: Terms) -> Mapping[str, Any]:
    """By setting, what it lacks or what makes it pointless."""
    ends = terms.term or terms.named_day
    waits = _("Only while something waits for approval: tick “waits for approval”, or leave this empty.")
    line = _("Only where others may wait: say how many, or leave this empty.")
    endless = _("What has no end can't end later: say how long it is held, or leave this empty.")
    by_how_much = _("Say by how much it is extended.")
    found = {
        "required": _("Papers are looked at with the approval: tick “waits for approval”, or leave them out.")
        if set(PAPERS) & {*terms.required} and not terms.needs_approval
        else "",
        "decide_within": waits if terms.decide_within and not terms.needs_approval else "",
        "contest": waits if terms.contest == Contest.EVIDENCE and not terms.needs_approval else "",
        "deposit_term": endless if terms.deposit_term and not ends else "",
        "visit_term": endless if terms.visit_term and not ends else "",
        "deal_term": endless if terms.deal_term and not ends else "",
        "extension_term": by_how_much if terms.extensions and not terms.extension_term else "",
        "extension_days_before": _("It has to be fewer days than it is held for, or nobody could ask in time.")
        if terms.extensions and terms.term and 0 < terms.extension_days_before >= shortest_days(terms.term)
        else "",
        "extensions": _("Say how often, or leave empty by how much.")
        if terms.extension_term and not terms.extensions
        else _("What has no end is not extended.")
        if terms.extensions and not ends
        else "",
        "extension_term_waiting": line if terms.extension_term_waiting and not terms.queue else "",
        "promoted_term": line if terms.promoted_term and not terms.queue else "",
        "promoted_extensions": ""
        if not terms.promoted_extensions
        else line
        if not terms.queue
        else by_how_much
        if not terms.extension_term
        else "",
    }
    return {name: sentence for name, sentence in found.items() if sentence}
