"""What the queue can be searched by, and its orders. The query names are those of `screens.md`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Concat
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from core.text import fold
from customers.keys.numbers import asked_number
from leads.choices import AssignmentProgress, AuditStatus
from leads.models import Assignment
from leads.querysets import AssignmentQuerySet
from leads.searching import by_number, by_text
from policies.dictionaries import Word, words
from policies.models import CompanyDesigner, DecorationCompany

if TYPE_CHECKING:
    from accounts.models import User

DEPOSIT_ONLY = (("1", _("with deposit only")), ("0", _("all that are assigned")))
SORTS = (("risk", _("By risk, highest first")), ("date", _("By date, oldest first")), ("amount", _("By amount")))
DEFAULTS: dict[str, list[str]] = {"deposit_only": ["1"], "audit_status": [AuditStatus.UNAUDITED], "sort": ["risk"]}
NUMBERS = ("lead__mobile", "lead__phone", "actual_mobile", "actual_phone")
VERSIONS = (
    ("lead__city__", "lead__community", "lead__building_room"),
    ("actual_city__", "actual_community", "actual_building_room"),
)


def differs(*fields: str) -> Case:
    """1 where the showroom found something else in one of the fields, else 0; two empty ones are the same."""
    same = Q()
    for field in fields:
        filed, actual = f"lead__{field}", f"actual_{field}"
        same &= Q(**{filed: F(actual)}) | Q(**{f"{filed}__isnull": True, f"{actual}__isnull": True})
    return Case(When(same, then=0), default=1, output_field=IntegerField())


RISK = differs("mobile") + differs("phone") + differs("city", "community", "building_room")
"""How many of mobile, phone and address differ: the first form of the risk, until marks of its own are kept."""

HANDED_IN = Coalesce("deposit_at", "at")
"""When a case came to the queue: its deposit, without one its assignment. The longest waiting come first."""

ORDERS: dict[str, tuple[Any, ...]] = {
    "risk": (RISK.desc(), HANDED_IN.asc(), "pk"),
    "date": (HANDED_IN.asc(), "pk"),
    "amount": (F("deposit_amount").desc(nulls_last=True), HANDED_IN.asc(), "pk"),
}


def choices_in_sight(user: "User") -> dict[str, list[tuple[str, str]]]:
    """Outlets that have cases in this person's sight, companies and designers: three lists, one statement."""
    cases = Assignment.objects.visible_to(user).standing().filter(lead__outlet=OuterRef("pk"))
    lists = words(
        outlet=Unit.objects.filter(Exists(cases)),
        decoration_company=DecorationCompany.objects.all(),
        designer=CompanyDesigner.objects.all(),
    )
    company = {str(word.pk): word.name for word in lists["decoration_company"]}
    designers = [Word(word.pk, f"{word.name}（{company.get(word.extra, '')}）") for word in lists["designer"]]
    return {
        "outlet": _options(lists["outlet"]),
        "decoration_company": _options(lists["decoration_company"]),
        "designer": _options(designers),
    }


def _options(entries: Iterable[Word]) -> list[tuple[str, str]]:
    return [(str(entry.pk), entry.name) for entry in entries]


class QueueFilter(forms.Form):
    """The search bar of the queue. Whatever it doesn't know makes it invalid, and an invalid one finds nothing."""

    name = forms.CharField(label=_("Customer name"), required=False, max_length=80, widget=forms.SearchInput)
    mobile = forms.CharField(label=_("Mobile"), required=False, max_length=40, widget=forms.SearchInput)
    address = forms.CharField(label=_("Address"), required=False, max_length=120, widget=forms.SearchInput)
    audit_status = forms.MultipleChoiceField(label=_("Audit status"), choices=AuditStatus)
    outlet = forms.ChoiceField(label=_("Outlet"), required=False)
    decoration_company = forms.ChoiceField(label=_("Decoration company"), required=False)
    designer = forms.ChoiceField(label=_("Designer"), required=False)
    sort = forms.ChoiceField(label=_("Sort order"), choices=SORTS)
    deposit_only = forms.ChoiceField(label=_("Deposit amount"), choices=DEPOSIT_ONLY)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, user: "User") -> None:
        super().__init__(with_defaults(query), auto_id="f_%s", use_required_attribute=False)
        every = {
            "outlet": _("Outlet: all"),
            "decoration_company": _("Decoration company: all"),
            "designer": _("Designer: all"),
        }
        for field, options in choices_in_sight(user).items():
            self.fields[field].choices = [("", every[field]), *options]  # type: ignore[attr-defined]
        for control in self.fields.values():
            control.widget.attrs["aria-label"] = control.label
        for name, size in (("name", 8), ("mobile", 11), ("address", 12)):
            self.fields[name].widget.attrs |= {"placeholder": self.fields[name].label, "size": size}
        for name in ("outlet", "decoration_company", "designer", "sort"):
            self.fields[name].widget.attrs["class"] = "overflow-hidden"

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return (self.cleaned_data["page"] or 1) if self.is_valid() else 1

    def narrow(self, cases: AssignmentQuerySet) -> AssignmentQuerySet:
        """The cases asked for, in the order asked for; none where the question was not understood."""
        if not self.is_valid():
            return cases.none()
        asked = self.cleaned_data
        cases = cases.filter(audit_status__in=asked["audit_status"])
        if asked["deposit_only"] == "1":
            cases = cases.filter(progress=AssignmentProgress.DEPOSIT)
        cases = with_text(cases, asked)
        if asked["outlet"]:
            cases = cases.filter(lead__outlet=asked["outlet"])
        for field in ("decoration_company", "designer"):
            if asked[field]:
                cases = cases.filter(Q(**{f"lead__{field}": asked[field]}) | Q(**{f"actual_{field}": asked[field]}))
        return cases.order_by(*ORDERS[asked["sort"]])


def with_defaults(query: QueryDict) -> QueryDict:
    """The query with the defaults for what it doesn't say. Empty values count as not said."""
    said = query.copy()
    for field, default in DEFAULTS.items():
        if not any(said.getlist(field)):
            said.setlist(field, default)
    said.setlist("audit_status", [value for value in said.getlist("audit_status") if value])
    return said


def with_text(cases: AssignmentQuerySet, asked: dict[str, Any]) -> AssignmentQuerySet:
    """Cases whose filed or actual version has the words of the name, the digits of the number, the address."""
    if name := asked["name"].strip():
        cases = cases.filter(by_text(name, "lead__name", "actual_name"))
    if number := asked["mobile"]:
        digits = asked_number(number)
        cases = cases.filter(by_number(digits, *NUMBERS)) if digits else cases.none()
    return lying_at(cases, asked["address"].split())


def lying_at(cases: AssignmentQuerySet, parts: list[str]) -> AssignmentQuerySet:
    """Cases one of whose addresses holds every part: city, short or full name, community and room in one line."""
    if not parts:
        return cases
    lines = {
        f"line_{at}_{name}": Concat(Coalesce(f"{city}{name}", Value("")), community, room)
        for at, (city, community, room) in enumerate(VERSIONS)
        for name in ("name", "full_name")
    }
    cases = cases.alias(**lines)
    for part in parts:
        cases = cases.filter(by_text(part, *lines) | Q(lead__address_text__contains=fold(part)))
    return cases
