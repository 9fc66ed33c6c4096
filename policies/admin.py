"""Dictionaries, quotas, rules and settings, edited by administrators."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.clock import likely_now
from core.deletion import KeptWhileNamed
from core.verdicts import Refused
from policies.communities import plain_name
from policies.forms import CommunityForm, MatchRuleForm
from policies.history import told_versions
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
    Policy,
    PolicyVersion,
    Quota,
    Source,
)
from policies.policy_forms import CONDITIONS, PolicyForm
from policies.sentences import moment_words
from policies.services import save_community
from policies.versions import demand_seen, never_asked, note_change, put_in_force, save_draft, take_back


class EntryAdmin(KeptWhileNamed):
    """What is in use is switched off, not deleted: by rows, as the database sees to, or by a policy."""

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
        (_("Is this the same customer?"), {"fields": ["scope", "shared_after", "check_budget"]}),
        (_("Follow-up"), {"fields": ["follow_up_after_days"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not FilingSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: FilingSettings, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """Policies in the order in which they are asked, each with its draft and all that was ever in force."""

    form = PolicyForm
    change_form_template = "admin/policies/policy/change_form.html"
    list_display = ["name", "position", "active", "version_in_force", "draft"]
    list_editable = ["position", "active"]
    search_fields = ["name"]
    readonly_fields = ["versions_told"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "position", "active"],
                "description": _(
                    "These three count at once, also when a draft is saved. Policies are asked in order; the first"
                    " whose conditions fit judges a filing. What was granted stays as it was granted: a new version"
                    " counts for filings from its start on."
                ),
            },
        ),
        (_("For which filings"), {"fields": [*CONDITIONS], "description": _("Nothing chosen: all of them.")}),
        (
            _("What is needed"),
            {
                "fields": [
                    "required",
                    "contact_within",
                    "signed_within",
                    "minutes_ahead",
                    "days_ahead",
                    "mask_holds",
                ]
            },
        ),
        (
            _("Approval"),
            {"fields": ["needs_approval", "decide_within", "contest", "unclear_waits", "hold_limit"]},
        ),
        (
            _("How long it is held"),
            {
                "fields": [
                    "term",
                    "named_day",
                    "past_holidays",
                    "deposit_term",
                    "visit_term",
                    "deal_term",
                    "remind_days",
                    "tells_from",
                ]
            },
        ),
        (
            _("Longer protection"),
            {
                "fields": [
                    "extensions",
                    "extension_term",
                    "extension_term_waiting",
                    "extension_days_before",
                    "extension_needs_news",
                    "extension_needs_approval",
                ]
            },
        ),
        (_("Waiting in line"), {"fields": ["queue", "promoted_term", "promoted_extensions"]}),
        (_("Early ends"), {"fields": ["contact_every", "remind_idle", "void_ban", "cool_down"]}),
        (_("Draft"), {"fields": ["note", "starts_at", "seen"]}),
        (_("Versions"), {"fields": ["versions_told"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        versions = PolicyVersion.objects.select_related("by").order_by("-number")
        return super().get_queryset(request).prefetch_related(Prefetch("versions", versions))

    @admin.display(description=_("in force"))
    def version_in_force(self, policy: Policy) -> str:
        now = likely_now()
        begun = [(each.starts_at, each.number) for each in policy.versions.all() if each.starts_at]
        judging = max((pair for pair in begun if pair[0] <= now), default=None)
        return f"v{judging[1]}" if judging else "–"

    @admin.display(description=_("draft"), boolean=True)
    def draft(self, policy: Policy) -> bool:
        return any(not each.starts_at for each in policy.versions.all())

    @admin.display(description=_("versions"))
    def versions_told(self, policy: Policy) -> str:
        return render_to_string(
            "admin/policies/policy/versions.html", {"policy": policy, "versions": told_versions(policy, likely_now())}
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has judged filings is switched off, not deleted."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Somebody may have put a version in force since the form was checked: checked again, it says so."""
        try:
            return super().changeform_view(request, *args, **options)
        except Refused:
            return super().changeform_view(request, *args, **options)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.take_back_version))
        return [path("<int:policy_id>/take-back/", view, name="policies_policy_take_back"), *super().get_urls()]

    def take_back_version(self, request: HttpRequest, policy_id: int) -> HttpResponse:
        """The button beside a version that has not begun."""
        policy = get_object_or_404(Policy, pk=policy_id)
        if not self.has_change_permission(request, policy):
            raise PermissionDenied
        named = request.POST.get("version", "")
        try:
            version = take_back(policy, int(named) if named.isdecimal() else 0, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, gettext("Version %d was taken back.") % version.number)
        return redirect("admin:policies_policy_change", policy_id)

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        if change and isinstance(form, PolicyForm):
            demand_seen(obj, form.cleaned_data["seen"])
        super().save_model(request, obj, form, change)
        if change:
            note_change(obj, form, by=request.user)
        if not isinstance(form, PolicyForm):
            return
        by, terms, note = request.user, form.terms, form.cleaned_data["note"]
        if form.draft or not change or terms != form.before or form.begins:
            save_draft(obj, terms, note=note, by=by)
        if form.begins:
            version = put_in_force(obj, form.cleaned_data["starts_at"], by=by)
            said = gettext("Version %(number)d is in force from %(moment)s.")
            messages.success(
                request, said % {"number": version.number, "moment": moment_words(version.starts_at or version.at)}
            )
        passed_over, first = never_asked(likely_now())
        if passed_over and first:
            said = gettext("No filing gets to %(names)s: “%(first)s” before it is for all filings. Check the order.")
            names = gettext(", ").join(policy.name for policy in passed_over)
            messages.warning(request, said % {"names": names, "first": first.name})
