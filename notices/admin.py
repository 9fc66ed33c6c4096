"""What was written to whom, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notices.models import Outbox


@admin.register(Outbox)
class OutboxAdmin(admin.ModelAdmin):
    """Messages are the record of what people were told: nobody writes or changes them here."""

    list_display = ["at", "to", "kind", "sentence", "sent_at"]
    list_filter = ["kind"]
    search_fields = ["sentence", "to__username", "to__name"]
    search_help_text = _("A number in the sentence, or the person told.")
    date_hierarchy = "at"
    list_select_related = ["to"]
    ordering = ["-at", "-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
