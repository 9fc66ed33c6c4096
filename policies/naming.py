"""The names of what the conditions of policies point to."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import Region, Unit
from policies.dictionaries import words
from policies.models import OrderType, Source
from policies.terms import Terms


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
