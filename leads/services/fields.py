"""Fields by name: their columns, and their values as people read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.timezone import localtime

from leads.models import Lead


def column_of(name: str) -> str:
    """The column of a field of a lead; an assignment's corrected fields have the same with a prefix."""
    return f"{name}_id" if Lead._meta.get_field(name).is_relation else name


def snapshot(record: models.Model, names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """The values of fields, references by name, choices by their code and moments by the site's clock."""
    return {name: _text(getattr(record, prefix + name)) for name in names}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def changed(before: dict[str, str], after: dict[str, str]) -> dict[str, list[Any]]:
    """What differs between two snapshots, as an event keeps it."""
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}
