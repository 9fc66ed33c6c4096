"""Choice lists for forms and filters, however many, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Unit, User
from policies.models import EXTRA_FIELDS, CompanyDesigner, DecorationCompany, FilingSettings, OrderType, Source


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

    def needs(self, source_id: int | None) -> dict[str, str]:
        """What each extra field is for a source: closed, open or required; all closed without one."""
        found = next((word for word in self["source"] if word.pk == source_id), None)
        states = found.extra.split(",") if found else ["closed"] * len(EXTRA_FIELDS)
        return dict(zip(EXTRA_FIELDS, states, strict=True))

    @property
    def settings(self) -> FilingSettings:
        """The settings of filing; the defaults while nobody has saved any."""
        if not self["settings"]:
            return FilingSettings()
        check, phone_only, days = self["settings"][0].extra.split(",")
        return FilingSettings(
            mobile_check=check, phone_instead_of_mobile=phone_only in {"1", "true"}, follow_up_after_days=int(days)
        )


def text(expression: str) -> Cast:
    return Cast(F(expression), CharField())


def joined(*expressions: str) -> Concat:
    parts: list[object] = [text(expressions[0])]
    for expression in expressions[1:]:
        parts += [Value(","), text(expression)]
    return Concat(*parts, output_field=CharField())


EXTRAS: dict[type[models.Model], Any] = {
    Source: joined(*EXTRA_FIELDS),
    CompanyDesigner: text("company_id"),
    Unit: text("region_id"),
    User: text("unit_id"),
    FilingSettings: joined("mobile_check", "phone_instead_of_mobile", "follow_up_after_days"),
}
NAMES: dict[type[models.Model], Any] = {FilingSettings: Value("")}
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
