"""The settings of filing for the whole site."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Strictness(models.TextChoices):
    WARN = "warn", _("warn")
    REFUSE = "refuse", _("refuse")


class Scope(models.TextChoices):
    """For what a customer is held (`domain.md`, Scope)."""

    CUSTOMER = "customer", _("the whole customer")
    ORDER_TYPE = "order_type", _("the customer for one order type")


class FilingSettings(models.Model):
    """One row: the settings of filing for the whole site."""

    mobile_check = models.CharField(
        _("mobile number that no operator has given out"), max_length=10, choices=Strictness, default=Strictness.REFUSE
    )
    phone_instead_of_mobile = models.BooleanField(_("a phone number is enough, without mobile"), default=False)
    check_budget = models.PositiveIntegerField(
        _("checks a day"),
        default=20,
        help_text=_("Customers a person may ask about in a day without filing them within 30 minutes."),
    )
    shared_after = models.PositiveSmallIntegerField(
        _("customers that make a key a shared one"),
        default=5,
        help_text=_(
            "A number of so many unrelated customers, such as a shop's own, no longer says who somebody is. 0: never."
        ),
    )
    scope = models.CharField(_("a filing holds"), max_length=12, choices=Scope, default=Scope.CUSTOMER)
    follow_up_after_days = models.PositiveSmallIntegerField(_("first follow-up preset, days ahead"), default=3)

    class Meta:
        verbose_name = _("settings of filing")
        verbose_name_plural = _("settings of filing")
        constraints = [models.CheckConstraint(name="filing_settings_are_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
