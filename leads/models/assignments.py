"""A lead in a showroom's hands, and what was decided on it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Unit
from leads.addresses import address
from leads.choices import AssignmentProgress, AuditStatus, Result
from leads.models.lead import Lead
from leads.querysets import AssignmentQuerySet
from policies.models import CompanyDesigner, DecorationCompany, OrderType

ACTUAL = (
    "name",
    "mobile",
    "phone",
    "city",
    "community",
    "building_room",
    "order_type",
    "decoration_company",
    "designer",
)
"""The fields a showroom may correct; each has a column `actual_…` on the assignment."""


def person(label: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=label,
    )


class Assignment(models.Model):
    """A lead handed to one showroom for one order type, with the customer's data as the showroom found them."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("lead"))
    store = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("showroom"))
    order_type = models.ForeignKey(OrderType, on_delete=models.PROTECT, related_name="+", verbose_name=_("order type"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = person(_("assigned by"))
    at = models.DateTimeField(_("assigned at"))
    progress = models.CharField(
        _("progress"), max_length=10, choices=AssignmentProgress, default=AssignmentProgress.ASSIGNED
    )
    audit_status = models.CharField(
        _("audit status"), max_length=10, choices=AuditStatus, default=AuditStatus.UNAUDITED
    )
    standing = models.BooleanField(_("standing"), default=True)
    ended_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    ended_by = person(_("taken back by"))
    ended_reason = models.CharField(_("reason"), max_length=500, blank=True)

    actual_name = models.CharField(_("customer name"), max_length=80)
    actual_mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    actual_phone = models.CharField(_("phone"), max_length=30, blank=True)
    actual_city = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("city / county")
    )
    actual_community = models.CharField(_("community"), max_length=80)
    actual_building_room = models.CharField(_("building and room"), max_length=80, blank=True)
    actual_order_type = models.ForeignKey(
        OrderType, on_delete=models.PROTECT, related_name="+", verbose_name=_("order type")
    )
    actual_decoration_company = models.ForeignKey(
        DecorationCompany,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decoration company"),
    )
    actual_designer = models.ForeignKey(
        CompanyDesigner, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("designer")
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    corrected_by = person(_("corrected by"))

    deposit_amount = models.DecimalField(_("deposit"), max_digits=12, decimal_places=2, null=True, blank=True)
    deposit_paid_on = models.DateField(_("paid on"), null=True, blank=True)
    deposit_receipt = models.CharField(_("receipt number"), max_length=60, blank=True)
    receipt_photo = models.FileField(_("photo of the receipt"), upload_to="receipts/%Y/%m/", blank=True)
    deposit_at = models.DateTimeField(_("deposit recorded at"), null=True, blank=True)
    deposit_by = person(_("deposit recorded by"))

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                name="assignment_once_per_order_type",
                fields=["lead", "order_type"],
                condition=Q(standing=True),
            ),
            models.CheckConstraint(
                name="assignment_deposit_is_whole",
                condition=Q(progress="assigned", deposit_amount=None, deposit_at=None)
                | Q(progress="deposit", deposit_amount__gt=0, deposit_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["audit_status", "progress", "id"], name="assignment_audit_queue"),
            models.Index(fields=["store", "-id"], name="assignment_of_store"),
        ]

    def __str__(self) -> str:
        return f"{self.lead.number} → {self.store}"

    def get_absolute_url(self) -> str:
        return reverse("audit:case", args=[self.pk])

    @property
    def actual_address(self) -> str:
        return address(self.actual_city, self.actual_community, self.actual_building_room)

    @property
    def paid_before_filing(self) -> bool:
        """A risk, not a fault: whose customer was it when the deposit was paid? (`policies.md`, Counting time)"""
        return bool(self.deposit_paid_on and self.deposit_paid_on < self.lead.filed_on)


class AuditDecision(models.Model):
    """A decision on an assignment; decisions are added, never overwritten. The newest counts."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="decisions")
    result = models.CharField(_("result"), max_length=10, choices=Result)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("audit decision")
        verbose_name_plural = _("audit decisions")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.result}"
