"""Dictionaries, quotas and settings, edited by administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from policies.models import (
    EXTRA_FIELDS,
    CompanyDesigner,
    DecorationCompany,
    FilingSettings,
    OrderType,
    Quota,
    Source,
)


class EntryAdmin(admin.ModelAdmin):
    """What is in use is switched off, not deleted: a deletion that would leave a hole is refused by the database."""

    list_display = ["name", "active", "position"]
    list_editable = ["active", "position"]
    search_fields = ["name"]


admin.site.register(OrderType, EntryAdmin)


@admin.register(Source)
class SourceAdmin(EntryAdmin):
    list_display = ["name", "active", "position", *EXTRA_FIELDS]


class DesignerInline(admin.TabularInline):
    model = CompanyDesigner
    extra = 1


@admin.register(DecorationCompany)
class DecorationCompanyAdmin(EntryAdmin):
    inlines = [DesignerInline]


@admin.register(CompanyDesigner)
class CompanyDesignerAdmin(admin.ModelAdmin):
    list_display = ["name", "company", "phone", "active"]
    list_filter = ["company", "active"]
    search_fields = ["name", "phone"]
    list_select_related = ["company"]


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):
    list_display = ["scope", "unit", "role", "person", "cap"]
    list_filter = ["scope"]
    autocomplete_fields = ["unit", "person"]
    list_select_related = ["unit", "role", "person"]


@admin.register(FilingSettings)
class FilingSettingsAdmin(admin.ModelAdmin):
    """One row at most; without it the defaults hold."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not FilingSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: FilingSettings, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
