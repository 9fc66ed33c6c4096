"""Dictionaries, quotas and the settings of filing: what an administrator may change without code."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit


class Entry(models.Model):
    """A word of a dictionary. What is in use is switched off, never deleted."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class OrderType(Entry):
    class Meta(Entry.Meta):
        verbose_name = _("order type")
        verbose_name_plural = _("order types")


class Need(models.TextChoices):
    CLOSED = "closed", _("closed")
    OPEN = "open", _("open")
    REQUIRED = "required", _("required")


def need(label: Any) -> models.CharField:
    return models.CharField(label, max_length=10, choices=Need, default=Need.CLOSED)


class Source(Entry):
    """How a lead came, and what each extra field of the filing form is for it: closed, open or required (LEAD-4)."""

    decoration_company = need(_("decoration company"))
    designer = need(_("designer"))
    designer_phone = need(_("designer's phone"))
    referrer_name = need(_("referring customer"))
    referrer_mobile = need(_("referring customer's mobile"))
    referrer_card = need(_("referring customer's card"))
    referring_employee = need(_("referring employee"))

    class Meta(Entry.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")


EXTRA_FIELDS = (
    "decoration_company",
    "designer",
    "designer_phone",
    "referrer_name",
    "referrer_mobile",
    "referrer_card",
    "referring_employee",
)


class DecorationCompany(Entry):
    class Meta(Entry.Meta):
        verbose_name = _("decoration company")
        verbose_name_plural = _("decoration companies")


class CompanyDesigner(models.Model):
    """A designer of a decoration company, with the phone that the form's fetch button fills in."""

    company = models.ForeignKey(
        DecorationCompany, on_delete=models.PROTECT, related_name="designers", verbose_name=_("decoration company")
    )
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("decoration company's designer")
        verbose_name_plural = _("decoration companies' designers")
        ordering = ["company", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="designer_once_in_a_company")]

    def __str__(self) -> str:
        return self.name


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


class Strictness(models.TextChoices):
    WARN = "warn", _("warn")
    REFUSE = "refuse", _("refuse")


class FilingSettings(models.Model):
    """One row: the settings of filing for the whole site."""

    mobile_check = models.CharField(
        _("mobile number that no operator has given out"), max_length=10, choices=Strictness, default=Strictness.REFUSE
    )
    phone_instead_of_mobile = models.BooleanField(_("a phone number is enough, without mobile"), default=False)
    follow_up_after_days = models.PositiveSmallIntegerField(_("first follow-up preset, days ahead"), default=3)

    class Meta:
        verbose_name = _("settings of filing")
        verbose_name_plural = _("settings of filing")
        constraints = [models.CheckConstraint(name="filing_settings_are_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
