from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Filings")

    def ready(self) -> None:
        from jobs import ticking
        from leads import consequences
        from leads.services import approving, reminding, settling

        approving.register_kinds()
        consequences.foresee_decisions()
        ticking.register("protections", settling.settle_all)
        ticking.register("reminders", reminding.remind)
