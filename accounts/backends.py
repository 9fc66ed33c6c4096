"""Log-in and permissions in as few statements as possible."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.sessions import person_brought


class StandingBackend(AuthenticationBackend):
    """allauth's log-in by name or e-mail; permissions come from `User.standing`, all for a superuser."""

    def get_user(self, user_id: Any) -> User | None:
        user = person_brought(user_id) or User.objects.select_related("unit").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            found = Permission.objects.values_list("content_type__app_label", "codename").order_by()
            return {f"{app}.{codename}" for app, codename in found}
        return set(user_obj.standing.permissions)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return user_obj.is_active and obj is None and user_obj.standing.has(perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return user_obj.is_active and any(
            name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj)
        )
