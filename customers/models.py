"""The party itself: one row per real person, found by its identity keys."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """A person or household. `holder` is whoever's filing it belongs to now."""

    name = models.CharField(_("name"), max_length=60)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="held_customers"
    )

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.name


class KeyKind(models.TextChoices):
    MOBILE = "mobile", _("mobile")
    PHONE = "phone", _("phone")
    ADDRESS = "address", _("address")


class IdentityKey(models.Model):
    """A normalised key of a customer. While `held`, no other customer may hold the same key: the guard of ownership."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=10, choices=KeyKind)
    value = models.CharField(max_length=200)
    held = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("identity key")
        verbose_name_plural = _("identity keys")
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], condition=Q(held=True), name="key_held_once"),
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="key_once_per_customer"),
        ]
        indexes = [models.Index(fields=["kind", "value"], name="key_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
