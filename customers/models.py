"""The party itself: one row per real person or company, found by its identity keys."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.keys.key import KeyKind
from policies.models import CustomerKind


class Customer(models.Model):
    """A person or company. `holder` is whoever's filing it belongs to now.

    A customer that was merged points to the one it was found to be (`merged_into`), and with all below it to the last
    of the chain (`root`); leads and keys stay with the customer they were filed for, so that nothing is lost and every
    merge can be undone. The holder stands at the root. Whatever changes who owns the customer or waits for it counts
    `stamp` up there: whoever read another stamp was overtaken.
    """

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind of customer"), max_length=10, choices=CustomerKind, default=CustomerKind.PERSON)
    gender = models.CharField(_("gender"), max_length=10, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="held_customers"
    )
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="members")
    stamp = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [("merge_customer", _("Can say that two customers are one, and take it back"))]
        constraints = [
            models.CheckConstraint(
                name="customer_root_and_merge_go_together",
                condition=Q(merged_into=None, root=None) | Q(merged_into__isnull=False, root__isnull=False),
            ),
            models.CheckConstraint(
                name="customer_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party_id(self) -> Any:
        """The id of the customer that this one is now."""
        return self.root_id or self.pk


class IdentityKey(models.Model):
    """A normalised key of a customer. While `held`, no other customer may hold the same key in the same scope.

    The held rows are the HeldKey of `domain.md`: the guard of ownership. `scope` is an order type where the site lets
    several people hold a customer for different ones, else "".
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=14, choices=KeyKind)
    value = models.CharField(max_length=250)
    block = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=120, blank=True)
    exact = models.BooleanField(default=True)
    held = models.BooleanField(default=True)
    scope = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("identity key")
        verbose_name_plural = _("identity keys")
        constraints = [
            models.UniqueConstraint(fields=["kind", "value", "scope"], condition=Q(held=True), name="key_held_once"),
            models.UniqueConstraint(fields=["customer", "kind", "value", "scope"], name="key_once_per_customer"),
            models.CheckConstraint(name="key_held_is_exact", condition=Q(held=False) | Q(exact=True)),
        ]
        indexes = [
            models.Index(fields=["kind", "value"], name="key_by_value"),
            models.Index(fields=["kind", "block", "exact"], condition=~Q(block=""), name="key_by_block"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class SharedKey(models.Model):
    """A key that many unrelated customers share, such as a shop's own number: no evidence, and held by nobody."""

    kind = models.CharField(_("kind"), max_length=14, choices=KeyKind)
    value = models.CharField(_("value"), max_length=250)
    active = models.BooleanField(_("does not count"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: found by the system."),
    )
    at = models.DateTimeField(_("time"), null=True, editable=False)

    class Meta:
        verbose_name = _("shared number or address")
        verbose_name_plural = _("shared numbers and addresses")
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="shared_key_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class Merge(models.Model):
    """That two customers were found to be one, who said so and why; `undone_at` when it was taken back."""

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="customer_merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
