"""Fields by name: their columns, and their values as people read them."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from leads.models import Lead


def column_of(name: str) -> str:
    """The column of a field of a lead; an assignment's corrected fields have the same with a prefix."""
    return f"{name}_id" if Lead._meta.get_field(name).is_relation else name


def snapshot(record: models.Model, names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The values of fields, references by name and choices by their code."""
    values = {name: getattr(record, prefix + name) for name in names}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def changed(before: dict[str, str], after: dict[str, str]) -> dict[str, list[Any]]:
    """What differs between two snapshots, as an event keeps it."""
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}
