"""Choice lists for forms and filters, however many, in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import Region, Unit, User
from approvals.calendar import Calendar
from approvals.models import CalendarDay
from policies.choosing import Facts, PolicyInForce, in_order
from policies.kinds import FieldRule, Kinds, Treatment, kinds_of
from policies.matching import DEFAULT_RULES, Rule
from policies.models import (
    EXTRA_FIELDS,
    CommunityName,
    CompanyDesigner,
    CustomerKind,
    DecorationCompany,
    FieldNeed,
    FilingKind,
    FilingSettings,
    Kind,
    MatchRule,
    OrderType,
    PolicyVersion,
    Quota,
    Source,
)
from policies.terms import Terms

TRUE = {"1", "true"}


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of a choice list; `extra` is what else the form knows of it."""

    pk: int
    name: str
    extra: str = ""


@dataclass(frozen=True)
class Words:
    """The lists of one request by kind, each in its own order."""

    lists: Mapping[str, list[Word]] = field(default_factory=dict)

    def __getitem__(self, kind: str) -> list[Word]:
        return self.lists.get(kind, [])

    def named(self, kind: str) -> dict[str, Word]:
        return {word.name: word for word in self[kind]}

    def find(self, kind: str, pk: int | None) -> Word | None:
        """The entry of a list with this id."""
        if kind not in self._by_pk:
            self._by_pk[kind] = {word.pk: word for word in self[kind]}
        return self._by_pk[kind].get(pk or 0)

    @cached_property
    def _by_pk(self) -> dict[str, dict[int, Word]]:
        return {}

    def needs(self, source_id: int | None) -> dict[str, str]:
        """What each extra field is for a source: closed, open or required; all closed without one."""
        found = self.find("source", source_id)
        states = found.extra.split(",") if found else ["closed"] * len(EXTRA_FIELDS)
        return dict(zip(EXTRA_FIELDS, states, strict=True))

    @cached_property
    def settings(self) -> FilingSettings:
        """The settings of filing; the defaults while nobody has saved any."""
        if not self["settings"]:
            return FilingSettings()
        check, phone_only, days, budget, shared, scope = self["settings"][0].extra.split(",")
        return FilingSettings(
            mobile_check=check,
            phone_instead_of_mobile=phone_only in TRUE,
            follow_up_after_days=int(days),
            check_budget=int(budget),
            shared_after=int(shared),
            scope=scope,
        )

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The matching rules in force."""
        found = (Rule(frozenset(word.name.split(",")), word.extra) for word in self["matching"])
        return tuple(found) or DEFAULT_RULES

    @cached_property
    def kinds(self) -> Kinds:
        """What each kind of filing and customer needs."""
        treatments = []
        for word in self["kinds"]:
            active, approval, days = word.extra.split(",")
            treatments.append((word.name, Treatment(active in TRUE, approval in TRUE, int(days))))
        rules = []
        for word in self["fields"]:
            filing_kind, customer_kind, name = word.name.split(",")
            rules.append(FieldRule(filing_kind, customer_kind, name, word.extra))
        return kinds_of(treatments, rules)

    @cached_property
    def policies(self) -> tuple[PolicyInForce, ...]:
        """The policies in force, in order."""
        return self.policies_of("policies")

    def policies_of(self, kind: str) -> tuple[PolicyInForce, ...]:
        """A list of versions as policies; `extra` is policy, position and settings."""
        found = []
        for word in self[kind]:
            policy_id, position, body = word.extra.split(",", 2)
            terms = Terms.from_json(json.loads(body))
            found.append(PolicyInForce(word.pk, int(policy_id), word.name, int(position), terms))
        return in_order(found)

    def facts(self, given: Mapping[str, Any]) -> Facts:
        """What the conditions of policies ask of the cleaned fields of a filing; references are ids."""
        city, outlet = self.find("city", given.get("city")), self.find("outlet", given.get("outlet"))
        _region, outlet_region, path = outlet.extra.split(",") if outlet else ("", "", "")
        return Facts(
            source_id=given.get("source"),
            order_type_id=given.get("order_type"),
            outlet_path=path,
            region_code=city.extra.split(",")[1] if city else outlet_region,
            customer_kind=given.get("customer_kind") or CustomerKind.PERSON.value,
            filing_kind=given.get("filing_kind") or Kind.NORMAL.value,
        )

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar({date.fromisoformat(word.name): word.extra in TRUE for word in self["calendar"]})

    def known_as(self, city_id: int | None, *plain: str) -> tuple[str, ...]:
        """All names of the first community that the dictionary knows under one of these, the one to keep first.

        The lists hold every name of the communities asked for; `extra` is community, city and position.
        """
        rows = [(word.name, *word.extra.split(",")) for word in self["community"]]
        here = {"", str(city_id or "")}
        known = {name: one for name, one, city, _place in rows if city in here}
        mine = next((known[name] for name in plain if name in known), None)
        named = sorted((int(place), name) for name, one, _city, place in rows if one == mine)
        return tuple(name for _place, name in named)


def text(expression: str) -> Cast:
    return Cast(F(expression), CharField())


def joined(*expressions: str) -> Concat:
    """Columns as one text, parted by commas; an empty one leaves its place empty."""
    parts: list[object] = [_given(expressions[0])]
    for expression in expressions[1:]:
        parts += [Value(","), _given(expression)]
    return Concat(*parts, output_field=CharField())


def _given(expression: str) -> Coalesce:
    return Coalesce(text(expression), Value(""))


EXTRAS: dict[type[models.Model], Any] = {
    Source: joined(*EXTRA_FIELDS),
    CompanyDesigner: text("company_id"),
    Unit: joined("region_id", "region__code", "path"),
    User: text("unit_id"),
    FilingSettings: joined(
        "mobile_check",
        "phone_instead_of_mobile",
        "follow_up_after_days",
        "check_budget",
        "shared_after",
        "scope",
    ),
    Region: joined("area_code", "code"),
    MatchRule: text("firmness"),
    FilingKind: joined("active", "needs_approval", "days_ahead"),
    FieldNeed: text("need"),
    CommunityName: joined("community_id", "city_id", "position"),
    PolicyVersion: joined("policy_id", "policy__position", "body"),
    CalendarDay: text("working"),
    Quota: text("cap"),
}
NAMES: dict[type[models.Model], Any] = {
    FilingSettings: Value(""),
    MatchRule: F("evidence"),
    FilingKind: F("kind"),
    FieldNeed: joined("filing_kind", "customer_kind", "field"),
    CommunityName: F("plain"),
    PolicyVersion: F("policy__name"),
    CalendarDay: text("day"),
    Quota: F("scope"),
}
ORDERS: dict[type[models.Model], str] = {OrderType: "position", Source: "position", DecorationCompany: "position"}


def words(**lists: QuerySet) -> Words:
    """Read the given querysets, e.g. `words(city=…, source=…)`, in one UNION; each sorted by position, then id."""
    if not lists:
        return Words()
    first, *others = [_column(kind, rows) for kind, rows in lists.items()]
    found: dict[str, list[Word]] = {kind: [] for kind in lists}
    union = first.union(*others, all=True) if others else first
    for kind, _position, name, pk, extra in sorted(union, key=lambda row: (row[1], row[3])):
        found[kind].append(Word(pk, name, extra or ""))
    return Words(found)


def _column(kind: str, rows: QuerySet) -> QuerySet:
    model: type[models.Model] = rows.model
    position = F(ORDERS[model]) if model in ORDERS else Value(0)
    return (
        rows.order_by()
        .annotate(
            word_kind=Value(kind, CharField()),
            word_position=Cast(position, models.IntegerField()),
            word_name=Cast(NAMES.get(model, F("name")), CharField()),
            word_extra=Cast(EXTRAS.get(model, Value("")), CharField()),
        )
        .values_list("word_kind", "word_position", "word_name", "pk", "word_extra")
    )
