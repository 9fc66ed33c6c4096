"""What a person's groups give them: permissions for pages, scopes for rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import F, Func, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat


@dataclass(frozen=True, slots=True)
class Standing:
    """The permissions that a person's groups give, as `app.codename`. Being superuser adds nothing here."""

    permissions: frozenset[str]

    def has(self, permission: str) -> bool:
        return permission in self.permissions


NOBODY = Standing(frozenset())
FULL_NAME = Concat(F("content_type__app_label"), Value("."), F("codename"))
"""A permission as `app.codename`."""


class JSONList(Func):
    """The values of a column over all rows as one JSON list; no row may give NULL instead of an empty list."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def standing_of(user_id: int | None) -> Standing:
    """One statement, whatever the number of groups."""
    if user_id is None:
        return NOBODY
    by_group, own = (granted.values_list("full_name", flat=True) for granted in _granted(user_id))
    return Standing(frozenset(by_group.union(own)))


def listed(user: OuterRef) -> dict[str, Subquery]:
    """Two columns for a statement that reads a person anyway; `standing_from` takes their values."""
    by_group, own = (Subquery(granted.values(names=JSONList("full_name"))) for granted in _granted(user))
    return {"by_group": by_group, "own": own}


def standing_from(*lists: Iterable[str] | None) -> Standing:
    return Standing(frozenset(name for names in lists for name in names or ()))


def _granted(user: int | OuterRef) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What a person has by groups, and what was given to them directly."""
    permissions = Permission.objects.annotate(full_name=FULL_NAME).order_by()
    return permissions.filter(group__user=user), permissions.filter(user=user)
