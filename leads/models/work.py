"""Contacts with the customer and measurements of the site."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.choices import FollowUpKind, FollowUpStatus
from leads.models.lead import Lead
from leads.querysets import FollowUpQuerySet, MeasurementQuerySet


class FollowUp(models.Model):
    """One contact with the customer, recorded at the server's time."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=10, choices=FollowUpKind, default=FollowUpKind.CALL)
    status = models.CharField(
        _("follow-up status"), max_length=10, choices=FollowUpStatus, default=FollowUpStatus.CONTINUE
    )
    next_on = models.DateField(_("next follow-up"), null=True, blank=True)
    phone = models.CharField(_("customer's phone"), max_length=30, blank=True)
    content = models.CharField(_("content"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.at:%Y-%m-%d}"


class Measurement(models.Model):
    """A designer dispatched to measure a site, and what came of it."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="measurements")
    designer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="measurements", verbose_name=_("designer")
    )
    scheduled_at = models.DateTimeField(_("scheduled at"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("dispatched by")
    )
    at = models.DateTimeField(_("time"))
    result = models.CharField(_("result"), max_length=1000, blank=True)
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["-scheduled_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.designer_id}"
