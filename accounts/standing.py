"""What a person's groups give them: permissions for pages, scopes for rows."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db.models import F, Value
from django.db.models.functions import Concat


@dataclass(frozen=True, slots=True)
class Standing:
    """The permissions that a person's groups give, as `app.codename`. Being superuser adds nothing here."""

    permissions: frozenset[str]

    def has(self, permission: str) -> bool:
        return permission in self.permissions


NOBODY = Standing(frozenset())


def standing_of(user_id: int | None) -> Standing:
    """One statement, whatever the number of groups."""
    if user_id is None:
        return NOBODY
    names = Concat(F("content_type__app_label"), Value("."), F("codename"))
    granted = Permission.objects.annotate(full_name=names).order_by()
    by_group = granted.filter(group__user=user_id).values_list("full_name", flat=True)
    own = granted.filter(user=user_id).values_list("full_name", flat=True)
    return Standing(frozenset(by_group.union(own)))
