"""The calendar of working days, corrected by administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.models import CalendarDay


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """The days that are not like their weekday. What is saved here stays when the official days are loaded again."""

    list_display = ["day", "working", "name", "by_hand"]
    list_filter = ["working", "by_hand"]
    search_fields = ["name"]
    date_hierarchy = "day"
    fieldsets = [
        (
            None,
            {
                "fields": ["day", "working", "name"],
                "description": _(
                    "A day that is off although it is a weekday, or worked although it is none. Each November the State"
                    " Council announces the make-up days of the next year: enter them here, or let manage.py"
                    " load_calendar bring them with a newer version of the package “holidays”. An official day that"
                    " is wrong is changed rather than deleted: deleted, it comes back."
                ),
            },
        )
    ]

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        obj.by_hand = True
        super().save_model(request, obj, form, change)
