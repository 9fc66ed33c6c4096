"""What the lead list can be searched by; the names are those of `screens.md`."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.text import fold
from customers.keys import KeyKind
from customers.keys.numbers import asked_number
from customers.models import IdentityKey
from leads.choices import AuditStatus, Hold, Progress
from leads.models import Lead
from policies.dictionaries import Words

SORTS = ("name", "filed_at", "last_followed_up_at", "audit_status", "progress")
DEFAULT_SORT = "-filed_at"
LONGEST = 80


def text_filter(label: Any) -> filters.CharFilter:
    return filters.CharFilter(label=label, method="search", max_length=LONGEST)


def word_filter(label: Any) -> filters.ChoiceFilter:
    """One entry of a list that the view reads beforehand."""
    return filters.ChoiceFilter(label=label, choices=(), empty_label=None)


def said(query: QueryDict) -> QueryDict:
    """The query without what was left empty: a form sends every field, also those that ask for nothing."""
    kept = query.copy()
    for name, values in query.lists():
        if filled := [value for value in values if value]:
            kept.setlist(name, filled)
        else:
            del kept[name]
    return kept


class LeadFilter(filters.FilterSet):
    q = text_filter(_("Name, mobile, community, number"))
    audit_status = filters.MultipleChoiceFilter(label=_("audit status"), choices=AuditStatus)
    progress = filters.MultipleChoiceFilter(label=_("progress"), choices=Progress)
    hold = filters.MultipleChoiceFilter(label=_("hold"), choices=Hold)
    name = text_filter(_("customer name"))
    address = text_filter(_("address"))
    mobile = text_filter(_("mobile"))
    outlet = word_filter(_("outlet"))
    filer = word_filter(_("filer"))
    source = word_filter(_("source"))
    order_type = word_filter(_("order type"))
    decoration_company = word_filter(_("decoration company"))
    designer = word_filter(_("designer"))
    filed_from = filters.DateFilter(label=_("filed from"), field_name="filed_on", lookup_expr="gte")
    filed_to = filters.DateFilter(label=_("filed to"), field_name="filed_on", lookup_expr="lte")
    due = filters.BooleanFilter(label=_("follow-up due"), method="due_by")
    sort = filters.ChoiceFilter(
        label=_("order"),
        choices=[(way + name, name) for name in SORTS for way in ("", "-")],
        method="as_it_is",
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Lead
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet, *, user: User, words: Words, today: Any) -> None:
        self.user, self.today = user, today
        super().__init__(said(data), queryset)
        for name in ("outlet", "filer", "source", "order_type", "decoration_company", "designer"):
            field = self.form.fields[name]
            every = str(_("{label}: all")).format(label=self.filters[name].label)
            field.choices = [("", every)] + [(word.pk, word.name) for word in words[name]]
        for name in ("filed_from", "filed_to"):
            self.form.fields[name].widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")

    def as_it_is(self, leads: QuerySet, name: str, value: str) -> QuerySet:
        """The order is made by the paging."""
        return leads

    def due_by(self, leads: QuerySet, name: str, value: bool) -> QuerySet:
        return leads.due_on(self.today) if value else leads  # type: ignore[attr-defined]

    @property
    def order(self) -> str:
        """The sort asked for, else the newest filings first."""
        return str(self.form.cleaned_data.get("sort") or DEFAULT_SORT) if not self.errors else DEFAULT_SORT

    def asked(self) -> list[tuple[str, str, str]]:
        """Name, label and value in words of each filter in use."""
        found = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []) or name == "sort":
                continue
            words = {str(key): str(word) for key, word in getattr(self.form.fields[name], "choices", [])}
            shown = [words.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])]
            found.append((name, str(self.filters[name].label), "、".join(shown)))
        return found

    def search(self, leads: QuerySet, name: str, text: str) -> QuerySet:
        return leads.filter(getattr(self, f"_by_{name}")(text))

    def _by_q(self, text: str) -> Q:
        return Q(search_text__contains=fold(text)) | self._by_mobile(text) | self._by_address(text)

    def _by_name(self, text: str) -> Q:
        return Q(name__contains=text)

    def _by_address(self, text: str) -> Q:
        """Any part where the row is seen in full; elsewhere city and community, not the room that is masked."""
        folded = fold(text)
        return Q(search_text__contains=folded) | (self._in_full() & Q(address_text__contains=folded))

    def _by_mobile(self, text: str) -> Q:
        """A full number finds its rows, a part of one only rows seen in full (ORG-6)."""
        digits = asked_number(text)
        if not digits:
            return Q(pk__in=())
        known = IdentityKey.objects.filter(kind__in=(KeyKind.MOBILE, KeyKind.PHONE), value=digits)
        whole = Q(mobile=digits) | Q(phone=text) | Q(customer__in=known.values("customer"))
        return whole | (self._in_full() & (Q(mobile__contains=digits) | Q(phone__contains=digits)))

    def _in_full(self) -> Q:
        return Q(filer=self.user) | Q(filed_by=self.user)
