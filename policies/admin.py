"""Dictionaries, quotas, rules and settings, edited by administrators."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.verdicts import Refused
from policies.communities import plain_name
from policies.forms import CommunityForm, MatchRuleForm
from policies.models import (
    EXTRA_FIELDS,
    Community,
    CommunityName,
    CompanyDesigner,
    DecorationCompany,
    FieldNeed,
    FilingKind,
    FilingSettings,
    MatchRule,
    OrderType,
    Quota,
    Source,
)
from policies.services import save_community


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


@admin.register(Community)
class CommunityAdmin(admin.ModelAdmin):
    """The dictionary of communities: found by any of their names, however it is written."""

    form = CommunityForm
    list_display = ["name", "city", "names_count"]
    list_filter = [("city", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "aliases"]
    search_help_text = _("Any of its names.")
    autocomplete_fields = ["city"]
    list_select_related = ["city"]

    @admin.display(description=_("names"), ordering="names_count")
    def names_count(self, community: Any) -> int:
        return int(community.names_count)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Community]:
        return super().get_queryset(request).annotate(names_count=Count("names"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Community], search_term: str
    ) -> tuple[QuerySet[Community], bool]:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if plain := plain_name(search_term):
            named = CommunityName.objects.filter(plain__contains=plain)
            found |= queryset.filter(pk__in=named.values("community"))
        return found, doubled

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Somebody may have taken one of the names since the form was checked: checked again, it says so."""
        try:
            return super().changeform_view(request, *args, **options)
        except Refused:
            return super().changeform_view(request, *args, **options)

    def save_model(self, request: HttpRequest, obj: Community, form: Any, change: bool) -> None:
        save_community(obj)


@admin.register(MatchRule)
class MatchRuleAdmin(admin.ModelAdmin):
    """Which evidence makes two customers one. A firm rule has to be one that can be guarded, so each has its form."""

    form = MatchRuleForm
    list_display = ["__str__", "firmness"]
    list_filter = ["firmness"]
    fieldsets = [
        (
            None,
            {
                "fields": ["evidence", "firmness"],
                "description": _(
                    "Rules count from the next check or filing; filings that stand are not judged anew. Without any"
                    " rule those hold that the system came with; manage.py sync_policies writes them down here."
                ),
            },
        )
    ]


@admin.register(FilingKind)
class FilingKindAdmin(admin.ModelAdmin):
    """A kind without a row is treated as the system came."""

    list_display = ["kind", "active", "needs_approval", "days_ahead"]
    list_editable = ["active", "needs_approval", "days_ahead"]


@admin.register(FieldNeed)
class FieldNeedAdmin(admin.ModelAdmin):
    """The fields that kinds open or require; what no row names stays closed."""

    list_display = ["field", "filing_kind", "customer_kind", "need"]
    list_editable = ["need"]
    list_filter = ["filing_kind", "customer_kind", "need"]
    empty_value_display = _("all")
    list_per_page = 200


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):
    list_display = ["scope", "unit", "role", "person", "cap"]
    list_filter = ["scope"]
    autocomplete_fields = ["unit", "person"]
    list_select_related = ["unit", "role", "person"]


@admin.register(FilingSettings)
class FilingSettingsAdmin(admin.ModelAdmin):
    """One row at most; without it the defaults hold."""

    fieldsets = [
        (_("Numbers"), {"fields": ["mobile_check", "phone_instead_of_mobile"]}),
        (_("Is this the same customer?"), {"fields": ["shared_after", "unclear_waits", "check_budget"]}),
        (_("Follow-up"), {"fields": ["follow_up_after_days"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not FilingSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: FilingSettings, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
