"""People, units, roles and grants, edited by administrators."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Grant, Region, Unit, User
from accounts.services import give_role
from core.deletion import KeptWhileNamed

admin.site.site_header = gettext_lazy("Customer filing: administration")
admin.site.site_title = gettext_lazy("Customer filing")
admin.site.index_title = gettext_lazy("People, dictionaries, rules")
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)

# The admin's own log-in page knows no limit of attempts: everybody comes in by the one door that does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

OUR_APPS = ("accounts", "approvals", "auth", "customers", "leads", "notices", "policies")
SUPERUSERS_ONLY = ("is_superuser", "user_permissions")


class RoleForm(forms.Form):
    role = forms.ModelChoiceField(label=gettext_lazy("role"), queryset=Group.objects.order_by("name"))


class GrantInline(admin.TabularInline):
    model = Grant
    fk_name = "manager"
    extra = 0
    autocomplete_fields = ["person", "unit"]
    verbose_name_plural = gettext_lazy("may see and decide on the filings of")


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "name", "unit", "post", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups", "unit"]
    search_fields = ["username", "name", "mobile", "email"]
    ordering = ["username"]
    autocomplete_fields = ["unit"]
    filter_horizontal = ["groups"]
    inlines = [GrantInline]
    actions = ["add_role"]
    add_form = AdminUserCreationForm
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        (gettext_lazy("Person"), {"fields": ["name", "unit", "post", "mobile", "email", "gender", "photo"]}),
        (gettext_lazy("Rights"), {"fields": ["is_active", "groups", "is_staff", "is_superuser", "user_permissions"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (gettext_lazy("Person"), {"fields": ["name", "unit", "post", "mobile", "email", "groups"]}),
    ]

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        return "、".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a superuser makes superusers; an administrator gives roles."""
        found = super().get_readonly_fields(request, obj)
        return found if request.user.is_superuser else (*found, *SUPERUSERS_ONLY)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or obj is None or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (request.user.is_superuser or (obj is not None and not obj.is_superuser))

    @admin.action(description=gettext_lazy("Give a role to the people chosen"), permissions=["change"])
    def add_role(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        """Batch authorisation (ORG-3): asks for the role, then gives it to all."""
        form = RoleForm(request.POST if "role" in request.POST else None)
        if form.is_valid():
            role = form.cleaned_data["role"]
            by: Any = request.user
            count = give_role(people, role, by=by)
            messages.success(request, _("%(role)s was given to %(count)s people.") % {"role": role, "count": count})
            return None
        context = {**self.admin_site.each_context(request), "form": form, "people": people, "title": _("Give a role")}
        return TemplateResponse(request, "admin/give_role.html", context)


def in_words(permission: Permission) -> str:
    """A permission as the administrator reads it: the database keeps the English name."""
    return f"{permission.content_type.name} · {_(permission.name)}"


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles: what a group's people may do, and whose rows they see."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **options: Any) -> Any:
        field: Any = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "permissions":
            field.label_from_instance = in_words
            field.queryset = field.queryset.filter(content_type__app_label__in=OUR_APPS)
        return field


@admin.register(Unit)
class UnitAdmin(KeptWhileNamed):
    list_display = ["name", "kind", "parent", "region", "active"]
    list_filter = ["kind", "active"]
    search_fields = ["name"]
    autocomplete_fields = ["parent", "region"]
    list_select_related = ["parent", "region"]


@admin.register(Region)
class RegionAdmin(KeptWhileNamed):
    list_display = ["code", "name", "full_name", "level", "parent", "area_code", "offered"]
    list_editable = ["offered"]
    list_filter = ["level", "offered"]
    search_fields = ["code", "name", "full_name"]
    autocomplete_fields = ["parent"]
    list_select_related = ["parent"]


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    list_display = ["manager", "person", "unit"]
    autocomplete_fields = ["manager", "person", "unit"]
    list_select_related = ["manager", "person", "unit"]
