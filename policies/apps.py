from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Dictionaries and rules")

    def ready(self) -> None:
        from core.deletion import register_namers
        from policies.naming import versions_naming

        register_namers(versions_naming)
