"""The names of what the conditions of policies point to, and the policies that point to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Model

from accounts.models import Region, Unit
from core.clock import database_now
from policies.dictionaries import words
from policies.models import OrderType, PolicyVersion, Source
from policies.terms import Terms

POINTED_TO: Mapping[type[Model], tuple[str, str]] = {
    Source: ("sources", "pk"),
    OrderType: ("order_types", "pk"),
    Unit: ("units", "pk"),
    Region: ("regions", "code"),
}
"""By model the condition that names its rows, and the column by which it does."""


def names_in(listed: Iterable[Terms]) -> Mapping[str, Mapping[Any, str]]:
    """By condition, the names of all that these policies mention, in one statement; nothing mentioned, none."""
    whens = [terms.when for terms in listed]
    asked = {
        "sources": Source.objects.filter(pk__in={pk for when in whens for pk in when.sources}),
        "order_types": OrderType.objects.filter(pk__in={pk for when in whens for pk in when.order_types}),
        "units": Unit.objects.filter(pk__in={pk for when in whens for pk in when.units}),
        "regions": Region.objects.filter(code__in={code for when in whens for code in when.regions}),
    }
    mentioned = {name: rows for name, rows in asked.items() if any(getattr(when, name) for when in whens)}
    found = words(**mentioned)
    names: dict[str, dict[Any, str]] = {
        name: {word.pk: word.name for word in found[name]} for name in mentioned if name != "regions"
    }
    names["regions"] = {word.extra.split(",")[1]: word.name for word in found["regions"]}
    return names


def versions_naming(row: Model) -> list[str]:
    """The versions that name a row and judge, are to begin or are drafts."""
    if type(row) not in POINTED_TO:
        return []
    condition, column = POINTED_TO[type(row)]
    now, standing = database_now(), {}
    for version in PolicyVersion.objects.select_related("policy").order_by(F("starts_at").asc(nulls_last=True)):
        begun = version.starts_at is not None and version.starts_at <= now
        standing[version.policy_id, 0 if begun else version.pk] = version
    name = getattr(row, column)
    return [str(each) for each in standing.values() if name in getattr(Terms.from_json(each.body).when, condition)]
