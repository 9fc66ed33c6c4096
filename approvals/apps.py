from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = _("Approvals and calendar")

    def ready(self) -> None:
        from approvals import reminders
        from jobs import ticking

        ticking.register("calendar", reminders.keep_calendar)
        ticking.register("overdue requests", reminders.remind_of_overdue)
