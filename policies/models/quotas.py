"""How many filings a day."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit


class QuotaScope(models.TextChoices):
    SITE = "site", _("whole site")
    UNIT = "unit", _("outlet")
    ROLE = "role", _("role")
    PERSON = "person", _("person")


class Quota(models.Model):
    """Filings a day: the person's own row, else the highest of the roles', else the outlet's, else the site's."""

    scope = models.CharField(_("applies to"), max_length=10, choices=QuotaScope)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, verbose_name=_("outlet"))
    role = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE, verbose_name=_("role"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, verbose_name=_("person")
    )
    cap = models.PositiveIntegerField(
        _("filings a day"), null=True, blank=True, help_text=_("Empty: unlimited. 0: may not file.")
    )

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(
                name="quota_names_what_its_scope_says",
                condition=Q(scope="site", unit=None, role=None, person=None)
                | Q(scope="unit", unit__isnull=False, role=None, person=None)
                | Q(scope="role", unit=None, role__isnull=False, person=None)
                | Q(scope="person", unit=None, role=None, person__isnull=False),
                violation_error_message=_("Fill in just what the quota applies to."),
            ),
            models.UniqueConstraint(fields=["scope"], condition=Q(scope="site"), name="quota_of_the_site_once"),
            models.UniqueConstraint(fields=["unit"], name="quota_of_a_unit_once"),
            models.UniqueConstraint(fields=["role"], name="quota_of_a_role_once"),
            models.UniqueConstraint(fields=["person"], name="quota_of_a_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.person or self.role or self.unit or ''}".strip()
