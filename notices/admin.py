"""What was written to whom, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notices.models import Outbox

KINDS = {
    "request_granted": _("Request granted"),
    "request_refused": _("Request refused"),
    "request_returned": _("Request returned"),
    "request_lapsed": _("Request lapsed"),
    "request_overdue": _("Decision overdue"),
    "took_over": _("Turn in the queue"),
    "queue_cancelled": _("Queue cancelled"),
    "queue_overtaken": _("Taken by another while waiting"),
    "returned": _("Filing to correct"),
    "voided": _("Protection ended"),
    "granted_to_another": _("Granted to another"),
    "cross_region": _("Cross-region filing"),
    "ends_soon": _("Protection ends soon"),
    "idle": _("No follow-up"),
    "calendar_missing": _("Calendar missing"),
}
"""The kinds that the apps write, in words."""


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KINDS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Outbox)
class OutboxAdmin(admin.ModelAdmin):
    """Messages are the record of what people were told: nobody writes or changes them here."""

    list_display = ["at", "to", "kind_words", "sentence", "sent_at"]
    list_filter = [KindFilter]
    fields = ["at", "to", "kind_words", "sentence", "path", "sent_at"]
    search_fields = ["sentence", "to__username", "to__name"]
    search_help_text = _("A number in the sentence, or the person told.")
    date_hierarchy = "at"
    list_select_related = ["to"]
    ordering = ["-at", "-pk"]

    @admin.display(description=_("kind"), ordering="kind")
    def kind_words(self, message: Outbox) -> Any:
        return KINDS.get(message.kind, message.kind)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
