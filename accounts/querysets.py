"""Which people and units a person may know of."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from accounts.standing import FULL_NAME

if TYPE_CHECKING:
    from accounts.models import User


class UnitQuerySet(models.QuerySet):
    def below(self, user: "User") -> Self:
        """The person's unit and everything below it; nothing for somebody without a unit."""
        return self.filter(path__startswith=user.unit.path) if user.unit else self.none()


class PeopleQuerySet(models.QuerySet):
    def granted_to(self, manager: "User") -> Self:
        """The people granted to a manager, one by one or by their unit."""
        grants = manager.grants.model.objects.filter(manager=manager)
        path = ExpressionWrapper(OuterRef("unit__path"), output_field=models.CharField())
        of_units = grants.filter(unit__isnull=False).alias(outer=path)
        above = of_units.filter(outer__startswith=F("unit__path"))
        return self.filter(Q(pk__in=grants.filter(person__isnull=False).values("person")) | Exists(above))

    def permitted(self, permissions: Iterable[str]) -> Self:
        """Active people who were given any of these permissions; being superuser alone gives none."""
        rights = Permission.objects.alias(full_name=FULL_NAME).filter(full_name__in=set(permissions)).order_by()
        given = Q(groups__permissions__in=rights) | Q(user_permissions__in=rights)
        return self.filter(pk__in=get_user_model().objects.filter(given).values("pk"), is_active=True)

    def fileable_by(self, user: "User") -> Self:
        """The people somebody may file for: themselves and, with the right "file for others", those they answer for."""
        allowed = Q(pk=user.pk)
        if user.has_perm("leads.file_for_others"):
            if user.standing.has("leads.scope_granted"):
                allowed |= Q(pk__in=get_user_model().objects.granted_to(user).values("pk"))
            if user.standing.has("leads.scope_unit") and user.unit:
                allowed |= Q(unit__path__startswith=user.unit.path)
        return self.filter(allowed, is_active=True)
